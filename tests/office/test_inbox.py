"""The inbox as a screen: what waits, the oldest first, as oneself and as a deputy; opened, and decided together."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.office import deciding as tools
from tests.office.company import House, budget, status, submitted, transfer, walk
from tests.office.deciding import Visit, buttons, send, told

from marketbook.kit.records import types
from marketbook.office import briefs, inbox


@pytest.fixture
def visit(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    types.load()  # what registers briefs, so that nothing is registered in the empty table only
    monkeypatch.setattr(briefs, "_known", {})
    with tools.visiting(house, monkeypatch) as come:
        yield come


@pytest.fixture
def own(house: House) -> list[int]:
    """Three claims, handed in one after the other."""
    line = budget(house)
    return [submitted(house, line, amount) for amount in (400_000, 8_000, 9_000)]


def rows(listing: Any, numbers: list[int]) -> list[dict[str, Any]]:
    return [row for row in listing.waiting["rows"] if row["id"] in numbers]


def ask(listing: Any, monkeypatch: pytest.MonkeyPatch, **said: Any) -> dict[str, Any]:
    heard: list[dict[str, Any]] = []
    monkeypatch.setattr(listing, "send", lambda content, buffers=None: heard.append(content))  # noqa: ARG005
    listing._heard(listing, {"id": 1, **said}, [])
    return heard[-1]


def test_the_oldest_comes_first_with_what_is_asked_at_a_glance(house: House, visit: Visit, own: list[int]) -> None:
    listing = inbox._Inbox(visit(house.people.manager).record).listing
    found = rows(listing, own)
    assert [row["id"] for row in found] == own
    assert (found[0]["kind"], found[0]["owner"], found[0]["amount"][-8:]) == ("Claim", "sales", "4,000.00")
    assert [bool(row["group"]) for row in found] == [False, True, True]


def test_a_deputy_sees_whom_it_is_decided_for(house: House, visit: Visit) -> None:
    number = transfer(house, 200_000, budget(house), None)
    listing = inbox._Inbox(visit(house.deputy).record).listing
    assert [row["note"] for row in rows(listing, [number])] == ["for director"]


def test_what_was_sent_back_says_so_and_is_not_decided_together(house: House, visit: Visit, own: list[int]) -> None:
    walk(house, own[1], ("draft", house.people.manager))
    listing = inbox._Inbox(visit(house.people.sales).record).listing
    (row,) = rows(listing, own)
    assert (row["note"], row["group"], row["late"]) == ("sent back to you", "", False)


def test_a_row_opens_beside_the_list_and_leaves_it_when_it_is_decided(
    house: House, visit: Visit, own: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    visit(house.people.manager)
    made = inbox._Inbox(None)
    ask(made.listing, monkeypatch, do="open", row=own[0])
    assert made.listing.waiting["open"] == own[0]
    assert buttons(made.panel)[0] == "Approve"
    send(made.panel, "office/decide", monkeypatch, pressed="", reason="")
    assert (status(house, own[0]), rows(made.listing, [own[0]])) == ("manager_approved", [])


def test_the_record_that_the_address_names_is_open_at_once(house: House, visit: Visit, own: list[int]) -> None:
    made = inbox._Inbox(visit(house.people.manager, record=own[2]).record)
    assert "¥90.00" in told(made.panel)
    assert made.listing.waiting["open"] == own[2]


def test_another_mans_record_is_not_opened_whatever_the_address_says(
    house: House, visit: Visit, own: list[int]
) -> None:
    made = inbox._Inbox(visit(house.people.admin, record=own[0]).record)
    assert "or it is not for you to read" in told(made.panel)


def test_several_are_decided_at_once_and_what_is_refused_is_told(
    house: House, visit: Visit, own: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    visit(house.people.manager)
    listing = inbox._Inbox(None).listing
    key = rows(listing, own)[1]["group"]
    answer = ask(listing, monkeypatch, do="together", group=key, rows=own)
    assert answer["text"] == "2 records were decided."
    assert [reason for _number, reason in answer["refused"]] == [
        "This one is to be looked at by itself; please open it."
    ]
    assert [status(house, number) for number in own] == ["submitted", "manager_approved", "manager_approved"]
    assert [row["id"] for row in rows(listing, own)] == own[:1]
