"""The lists of complaints: what is due first comes first, page by page, and each is found by its customer too."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from tests.customer.complaint.desk import Desk, ask, entered, read, solve, take
from tests.customer.complaint.test_service import at
from tests.kit.forms import explaining

from marketbook.customer import cards
from marketbook.customer.complaint import lists, today
from marketbook.customer.entries import ContactEntry, CustomerEntry
from marketbook.kit.forms import rows as rows_module
from marketbook.kit.forms.rows import Order, Rows
from marketbook.kit.store import at as moment_is

DUE = (("low", 0), ("critical", 0), ("high", 0), ("critical", -30), ("normal", 0))
"""How bad each is, and how many minutes later than the others it came."""


@pytest.fixture(scope="module")
def numbers(desk: Desk) -> list[int]:
    """Complaints of a customer who has a card, the first one taken by nobody."""
    with moment_is(at("03-02 11:00")), desk.store.writing() as session:
        entry = CustomerEntry(name="欧阳静怡", contacts=[ContactEntry(value="13900139000")])
        customer = cards.enter(session, entry, actor=desk.people["lin"]).id
    made = []
    for severity, minutes in DUE:
        came = at("03-02 10:00") + timedelta(minutes=minutes)
        with moment_is(at("03-02 11:00")):
            made.append(entered(desk, severity=severity, received_at=came, party_id=customer))
    return made


def listed(desk: Desk, rows: Rows, **asked: Any) -> list[dict[str, Any]]:
    """Read a list page by page, two rows each."""
    found: list[dict[str, Any]] = []
    after = None
    with moment_is(at("03-02 11:15")), desk.store.reading() as session:
        while True:
            page = rows.page(session, Order(**asked), after=after, size=2)
            found += page.rows
            if (after := page.after) is None:
                return found


def test_the_queue_is_in_the_order_of_the_working_time_that_is_left(desk: Desk, numbers: list[int]) -> None:
    low, critical, high, sooner, normal = numbers
    found = listed(desk, lists.queue())
    assert [row["id"] for row in found] == [sooner, critical, high, normal, low]
    assert [row["left"] for row in found] == ["1 h 15 min late", "45 min late", "45 min", "2 h 45 min", "6 h 45 min"]


@pytest.mark.parametrize("search", ["欧阳", "oyjy", "ouyang", "13900139000", "裂纹"])
def test_it_is_found_by_its_customer_and_its_words(desk: Desk, numbers: list[int], search: str) -> None:
    for rows in (lists.queue(), lists.everything()):
        assert sorted(row["id"] for row in listed(desk, rows, search=search)) == sorted(numbers)


def test_it_is_found_by_its_number(desk: Desk, numbers: list[int]) -> None:
    number = read(desk, numbers[0]).number
    assert [row["id"] for row in listed(desk, lists.everything(), search=number)] == [numbers[0]]


def test_what_stands_is_in_no_queue(desk: Desk, numbers: list[int]) -> None:
    asked, solved = numbers[0], numbers[4]
    with moment_is(at("03-02 11:15")):
        for number in (asked, solved):
            take(desk, number, "chen")
        ask(desk, asked, "chen")
        solve(desk, solved, "chen")
    assert {row["id"] for row in listed(desk, lists.queue())} == set(numbers) - {asked, solved}
    mine = listed(desk, lists.mine(desk.people["chen"]))
    assert {row["id"] for row in mine} == {asked, solved}
    assert {row["left"] for row in mine} == {""}
    with desk.store.reading():
        titles = [view.title for view in lists.views(desk.people["lin"])]
    assert titles == ["Queue", "Mine", "Waiting for the customer", "Solved, to be closed", "All complaints"]


def test_mine_are_first_those_that_run_then_those_that_stand_page_by_page(desk: Desk, numbers: list[int]) -> None:
    with moment_is(at("03-02 11:15")):
        for number in numbers[1:4]:
            take(desk, number, "chen")
    everything = [row["id"] for row in listed(desk, lists.mine(desk.people["chen"]))]
    assert everything == [numbers[3], numbers[1], numbers[2], numbers[0], numbers[4]]
    for size in range(1, 6):
        pages, after = [], None
        with moment_is(at("03-02 11:15")), desk.store.reading() as session:
            while after is not None or not pages:
                page = lists.mine(desk.people["chen"]).page(session, Order(), after=after, size=size)
                pages.append([row["id"] for row in page.rows])
                after = page.after
        assert [number for page in pages for number in page] == everything
        assert all(len(page) == size for page in pages[:-1])
        assert pages[-1]


@pytest.mark.usefixtures("numbers")
def test_an_index_answers_every_order_of_all(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_module, "FEW", -1)
    monkeypatch.setattr(explaining, "LONG", (*explaining.LONG, "complaint"))
    for sort, descending in product(("", "number", "title", "status"), (False, True)):
        assert explaining.faults(desk.store, lists.everything(), Order(sort=sort, descending=descending)) == [], sort
    with explaining.crowded(desk.store):
        for descending in (False, True):
            assert explaining.faults(desk.store, lists.everything(), Order(descending=descending)) == []


@pytest.mark.usefixtures("numbers")
def test_the_queue_reads_the_hands_of_the_clocks_and_nothing_whole(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explaining, "LONG", (*explaining.LONG, "complaint", "party"))
    for rows in (lists.queue(), lists.mine(desk.people["lin"])):
        with desk.store.reading() as session, explaining.plans(session) as steps:
            rows.page(session, Order())
        whole = [step for step in steps if explaining.is_read_whole(step)]
        assert [
            step for step in whole if "complaint_clock" not in step
        ] == []  # hands of clocks that run, which are few


def test_the_home_of_service_reads_the_hands_of_the_clocks_and_nothing_whole(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explaining, "LONG", (*explaining.LONG, "complaint", "party"))
    for piece in (today.own, today.everybodys):
        with desk.store.reading() as session, explaining.plans(session) as steps:
            piece(session, desk.people["lin"])
        whole = [step for step in steps if explaining.is_read_whole(step)]
        assert [
            step for step in whole if "complaint_clock" not in step
        ] == []  # hands of clocks that run, which are few
