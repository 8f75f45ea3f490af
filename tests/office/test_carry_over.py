"""What is left of past months is carried over once, as one batch of drafts that nobody else is asked for yet."""

from datetime import date

import pytest
from tests.office.company import MONTH, YEAR, House, paid, plan, step

from marketbook.kit.errors import RecordError
from marketbook.kit.language import speaking
from marketbook.kit.records import Record, roles
from marketbook.office import budget_line, carry_over
from marketbook.office.budget_line import BudgetLine
from marketbook.office.budget_transfer import WITHIN_ITEM

MAY, JULY, AUGUST = f"{YEAR}-05", f"{YEAR}-07", f"{YEAR}-08"


@pytest.fixture
def lines(house: House) -> list[int]:
    """An item with two months over, one of them partly spent, and two to come; an item without a later month."""
    made = plan(
        house,
        {"item": "展会", "original": 100_000, "month": MAY},
        {"item": "展会", "original": 200_000},
        {"item": "展会", "original": 300_000, "month": AUGUST},
        {"item": "展会", "original": 300_000, "month": JULY},
        {"item": "物料", "original": 50_000},
        {"item": "用完", "original": 70_000},
        {"item": "用完", "original": 70_000, "month": JULY},
    )
    paid(house, made[1], 150_001)
    paid(house, made[5], 70_000)
    return made


def test_what_is_left_goes_to_the_item_s_next_month_once(house: House, lines: list[int]) -> None:
    with house.store.writing() as session:
        about = {"plan_id": session.get_one(BudgetLine, lines[0]).plan_id, "month": MONTH}
        found = carry_over.moves(session, **about)  # type: ignore[arg-type]
        assert [(one.line.id, one.to and one.to.id, one.amount) for one in found] == [
            (lines[0], lines[3], 100_000), (lines[1], lines[3], 49_999), (lines[4], None, 50_000),
        ]  # fmt: skip
        made = carry_over.propose(session, **about, actor=house.people.sales)  # type: ignore[arg-type]
        assert [(one.from_line_id, one.to_line_id, one.amount_minor) for one in made] == [
            (lines[0], lines[3], 100_000), (lines[1], lines[3], 49_999),
        ]  # fmt: skip
        assert {(one.status, one.owner_id) for one in made} == {("draft", house.people.sales)}
        with speaking("en"), pytest.raises(RecordError, match=f"Nothing of the months up to Jun {YEAR} can be carried"):
            carry_over.propose(session, **about, actor=house.people.sales)  # type: ignore[arg-type]


def test_all_of_it_is_handed_in_as_it_was_shown(house: House, lines: list[int]) -> None:
    with house.store.writing() as session:
        plan_id = session.get_one(BudgetLine, lines[0]).plan_id
        about = {"plan_id": plan_id, "month": MONTH}
        found = carry_over.moves(session, **about)  # type: ignore[arg-type]
        seen = [one.seen for one in found if one.goes]
        made = carry_over.hand_in(session, **about, seen=seen, actor=house.people.sales)  # type: ignore[arg-type]
        assert [(one.status, one.amount_minor) for one in made] == [("submitted", 100_000), ("submitted", 49_999)]
        assert [one.waits for one in carry_over.moves(session, **about)] == [True, True, False]  # type: ignore[arg-type]


def test_where_something_else_is_left_by_now_nothing_is_handed_in(house: House, lines: list[int]) -> None:
    with house.store.reading() as session:
        plan_id = session.get_one(BudgetLine, lines[0]).plan_id
        seen = [one.seen for one in carry_over.moves(session, plan_id=plan_id, month=MONTH) if one.goes]
    paid(house, lines[0], 1)
    with pytest.raises(RecordError, match="What is left has changed since"), house.store.writing() as session:
        carry_over.hand_in(session, plan_id=plan_id, month=MONTH, seen=seen, actor=house.people.sales)
    with house.store.reading() as session:
        assert not any(one.waits for one in carry_over.moves(session, plan_id=plan_id, month=MONTH))


@pytest.mark.parametrize(("today", "expected"), [("2026-02-28", "2026-01"), ("2027-01-01", "2026-12")])
def test_the_last_month_that_is_over(monkeypatch: pytest.MonkeyPatch, today: str, expected: str) -> None:
    monkeypatch.setattr(roles, "today", lambda: date.fromisoformat(today))
    assert carry_over.last_over(2026) == expected


@pytest.mark.parametrize("today", ["2026-01-31", "2025-12-31"])
def test_no_month_is_over_in_january(monkeypatch: pytest.MonkeyPatch, today: str) -> None:
    monkeypatch.setattr(roles, "today", lambda: date.fromisoformat(today))
    with pytest.raises(RecordError, match=r"No month of 2026 is over yet\."):
        carry_over.last_over(2026)


def test_once_they_are_approved_the_money_has_moved(house: House, lines: list[int]) -> None:
    with house.store.writing() as session:
        plan_id = session.get_one(BudgetLine, lines[0]).plan_id
        for one in carry_over.propose(session, plan_id=plan_id, month=MONTH, actor=house.people.sales):
            record = session.get_one(Record, one.id)
            step(session, record, "submitted", house.people.sales)
            alone = record.category == WITHIN_ITEM
            step(session, record, "approved", house.people.manager if alone else house.people.director)
    with house.store.reading() as session:
        assert [budget_line.named(session, line).available for line in lines[:4]] == [0, 0, 300_000, 449_999]
        assert [one.to for one in carry_over.moves(session, plan_id=plan_id, month=MONTH)] == [None]
