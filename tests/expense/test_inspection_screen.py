"""The screen of findings: a month's findings are looked at, and an auditor closes one with what came of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.office import deciding as tools
from tests.office.company import House, budget, paid
from tests.office.deciding import Visit, form, send, told

from marketbook.expense import audit_pack, inspection
from marketbook.expense.inspection_screen import _Findings
from marketbook.kit.forms.rows import Order
from marketbook.kit.records import roles

NOW = f"{roles.today():%Y-%m}"
AMOUNTS = (100_000, 12_345, 12_345)
"""A round sum, and two that are alike."""


@pytest.fixture
def visit(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    with tools.visiting(house, monkeypatch) as come:
        yield come


@pytest.fixture(scope="module")
def claims(house: House) -> list[int]:
    line = budget(house, 5_000_000)
    return [paid(house, line, amount) for amount in AMOUNTS]


def shown(house: House, screen: _Findings) -> list[dict[str, Any]]:
    with house.store.reading() as session:
        return screen.listing.rows.page(session, Order()).rows


def opened(house: House, visit: Visit, party: int, monkeypatch: pytest.MonkeyPatch, test: str) -> _Findings:
    """Open this month's first finding of a test, for somebody."""
    screen = _Findings(visit(party))
    send(screen.widget, "expense/findings-of", monkeypatch, month=NOW)
    screen.open(next(row["id"] for row in shown(house, screen) if row["test"] == test))
    return screen


def closing(screen: _Findings) -> str:
    """The name of the form that closes what is open; empty where there is none."""
    found = (getattr(one, "name", "") for one in screen.panel.children)
    return next((name for name in found if str(name).startswith("expense/close-")), "")


def test_a_months_findings_are_listed_as_its_audit_pack_has_them(
    house: House, visit: Visit, claims: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = opened(house, visit, house.people.auditor, monkeypatch, "Paid twice")
    rows = shown(house, screen)
    pack = audit_pack.findings(inspection.read_inspection(house.store, month=NOW))
    assert [(row["said"], row["amount_minor"]) for row in rows] == list(
        zip(pack.table["said"], pack.table["amount_minor"], strict=True)
    )
    assert f"{len(rows)} findings, {len(rows)} of them open." in told(screen.widget)
    (listing,) = [one for one in screen.panel.children if hasattr(one, "rows")]
    with house.store.reading() as session:
        assert {row["id"] for row in listing.rows.page(session, Order()).rows} == set(claims[1:])


def test_an_auditor_closes_one_and_the_pack_says_so(
    house: House, visit: Visit, claims: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert claims
    screen = opened(house, visit, house.people.auditor, monkeypatch, "Round sum")
    assert "must not be empty" in str(send(screen.panel, closing(screen), monkeypatch, decision=" ")["refusals"])
    send(screen.panel, closing(screen), monkeypatch, decision="已核对票据，属实")
    text = told(screen.widget)
    for said in ("The finding is closed", "已核对票据，属实", "auditor"):
        assert said in text
    assert closing(screen) == ""
    assert [row["state"] for row in shown(house, screen) if row["test"] == "Round sum"] == ["closed"]
    pack = audit_pack.findings(inspection.read_inspection(house.store, month=NOW))
    assert "已核对票据，属实" in set(pack.table["decision"])


def test_who_comes_second_is_refused_and_the_first_decision_stays(
    house: House, visit: Visit, claims: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert claims
    screen = opened(house, visit, house.people.auditor, monkeypatch, "Paid twice")
    other = opened(house, visit, house.people.auditor, monkeypatch, "Paid twice")
    send(screen.panel, closing(screen), monkeypatch, decision="两次不同的展会")
    answer = send(other.panel, closing(other), monkeypatch, decision="重复付款")
    assert answer["failed"] == "This finding was closed before; its decision stays."


def test_finance_looks_and_does_not_close(
    house: House, visit: Visit, claims: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = opened(house, visit, house.people.finance, monkeypatch, "Paid twice")
    assert closing(screen) == ""
    screen._show_claim(claims[1])
    assert form(screen.claim, "office/comment") is not None


def test_a_month_to_come_is_refused_and_one_without_findings_says_so(
    house: House, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = _Findings(visit(house.people.auditor))
    answer = send(screen.widget, "expense/findings-of", monkeypatch, month="2099-01")
    assert "is still to come" in str(answer["failed"])
    assert "month" in send(screen.widget, "expense/findings-of", monkeypatch, month="2026-13")["refusals"]
    send(screen.widget, "expense/findings-of", monkeypatch, month="2020-02")
    assert "The tests found nothing." in told(screen.widget)
    assert shown(house, screen) == []
