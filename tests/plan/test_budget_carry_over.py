"""Carrying over from the budget's screen: what is left is shown first, then handed in; refusals are told."""

from collections.abc import Iterator
from datetime import date

import pytest
from tests.office import deciding as tools
from tests.office.company import YEAR, House, paid, plan
from tests.office.deciding import Visit, form, send, told

from marketbook.kit import visitor
from marketbook.kit.forms.listing import Listing
from marketbook.kit.forms.rows import Order
from marketbook.kit.forms.screen import Panel
from marketbook.kit.records import roles
from marketbook.office import carry_over
from marketbook.office.budget_line import BudgetLine
from marketbook.plan.budget_carry_over import CarryOver
from marketbook.plan.budget_moves import PROPOSING


@pytest.fixture
def visit(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    with tools.visiting(house, monkeypatch) as come:
        yield come


@pytest.fixture
def lines(house: House) -> list[int]:
    """An item with two months, and one with a month alone."""
    months = [{"item": "展会", "original": 100_000, "month": f"{YEAR}-{month}"} for month in ("05", "06")]
    return plan(house, *months, {"item": "物料", "original": 50_000, "month": f"{YEAR}-05"})


def opened(
    house: House, visit: Visit, lines: list[int], monkeypatch: pytest.MonkeyPatch, *, month: int = 6
) -> Panel:  # fmt: skip
    """Open what is left, on a day of a month."""
    panel = Panel()
    with house.store.reading() as session:
        plan_id = session.get_one(BudgetLine, lines[0]).plan_id
    who = visit(house.people.manager)
    monkeypatch.setattr(carry_over, "last_over", _last_over(month))
    CarryOver(plan_id, who, panel, roles=PROPOSING, done=lambda: None).open()
    return panel


def _last_over(month: int) -> object:
    known = carry_over.last_over

    def last_over(year: int) -> str:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(roles, "today", lambda: date(YEAR, month, 10))
            return known(year)

    return last_over


def listed(house: House, panel: Panel) -> list[tuple[str, str, int]]:
    (listing,) = [one for one in panel.children if isinstance(one, Listing)]
    with house.store.reading() as session:
        rows = listing.rows.page(session, Order()).rows
    return [(row["to"], row["decides"], row["amount_minor"]) for row in rows]


def waiting(house: House, lines: list[int]) -> list[bool]:
    with house.store.reading() as session:
        plan_id = session.get_one(BudgetLine, lines[0]).plan_id
        return [one.waits for one in carry_over.moves(session, plan_id=plan_id, month=f"{YEAR}-05")]


def test_what_is_left_is_shown_by_line_and_handed_in(
    house: House, visit: Visit, lines: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = opened(house, visit, lines, monkeypatch)
    assert "CN¥1,000.00 of CN¥1,500.00 can be carried over" in told(panel)
    assert listed(house, panel) == [
        (f"Jun {YEAR}", "Marketing director", 100_000), ("no later month", "–", 50_000),
    ]  # fmt: skip
    send(panel, "plan/carry-over", monkeypatch)
    assert "1 transfer was handed in." in told(panel)
    assert listed(house, panel)[0] == ("is asked for already", "–", 100_000)
    assert (form(panel, "plan/carry-over"), waiting(house, lines)) == (None, [True, False])


def test_who_was_shown_something_else_looks_again(
    house: House, visit: Visit, lines: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = opened(house, visit, lines, monkeypatch)
    monkeypatch.setattr(visitor, "_served", None)
    paid(house, lines[0], 30_000)
    visit(house.people.manager)
    send(panel, "plan/carry-over", monkeypatch)
    assert "What is left has changed since you opened it" in told(panel)
    assert "CN¥700.00 of CN¥1,200.00" in told(panel)
    assert waiting(house, lines) == [False, False]


def test_a_month_that_is_not_over_is_refused(
    house: House, visit: Visit, lines: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = opened(house, visit, lines, monkeypatch)
    answer = send(panel, "plan/carry-over-month", monkeypatch, month="06")
    assert answer["failed"] == f"Jun {YEAR} is not over: what is left of it may still be spent."
    send(panel, "plan/carry-over-month", monkeypatch, month="04")
    assert "Nothing is left." in told(panel)


def test_in_january_it_is_told_that_no_month_is_over(
    house: House, visit: Visit, lines: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert f"No month of {YEAR} is over yet." in told(opened(house, visit, lines, monkeypatch, month=1))
