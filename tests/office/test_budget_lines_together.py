"""A year's lines written at once: one version, exactly what is wanted, and who comes second sees what is different."""

import pytest
from sqlalchemy.orm import Session
from tests.office import planning
from tests.office.company import YEAR, House, figures, plan, step

from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.records import Record
from marketbook.kit.records.stale import Difference, StaleError
from marketbook.office import budget_line
from marketbook.office.budget_line import Key

JUNE, JULY = Key("advertising", f"{YEAR}-06", "展会"), Key("advertising", f"{YEAR}-07", "展会")
GIFTS = Key("promotion", f"{YEAR}-06", "赠品")

WRONG = {
    "a category": ({JUNE._replace(category="fun"): 1}, "category: 'fun' is not known; allowed are research, adv"),
    "a month": ({JUNE._replace(month=f"{YEAR}-13"): 1}, "month: .* is none of the plan's year; written as 2026-03"),
    "another year": ({JUNE._replace(month=f"{YEAR + 1}-06"): 1}, "is none of the plan's year"),
    "no item": ({JUNE._replace(item=""): 1}, "item: ''; must have 1 to 100 printable characters"),
    "an item with spaces around": ({JUNE._replace(item=" 展会"): 1}, "must have 1 to 100 printable"),
    "a long item": ({JUNE._replace(item="x" * 101): 1}, "must have 1 to 100 printable"),
    "less than nothing": ({JUNE: -1}, f"{YEAR}-06 Advertising / 展会: .*0.01; must be from 0 to"),
    "more than there is": ({JUNE: 10**13 + 1}, "must be from 0 to"),
    "too many": (
        {JUNE._replace(item=f"item {n}"): 1 for n in range(501)},
        "There are 502 items; a year's budget has 500 at most",
    ),
}


@pytest.fixture
def draft(house: House) -> int:
    with house.store.writing() as session:
        made = planning.complete(session, actor=house.people.manager)
        budget_line.set_lines(session, made, {JUNE: 500, JULY: 700}, actor=house.people.manager, version=1)
        return made.id


def wanted(house: House, number: int, lines: dict[Key, int], *, version: int = 2, actor: int = 0) -> int:
    with house.store.writing() as session:
        made = session.get_one(Record, number)
        return budget_line.set_lines(session, made, lines, actor=actor or house.people.manager, version=version)


def kept(session: Session, number: int) -> dict[Key, tuple[int, int]]:
    lines = budget_line.of_plan(session, plan_id=number)
    return {line.key: (line.original, line.allocated) for line in lines}


def test_lines_are_added_changed_and_removed_as_one_version(house: House, draft: int) -> None:
    assert wanted(house, draft, {JULY: 900, GIFTS: 0}) == 3
    with house.store.reading() as session:
        assert kept(session, draft) == {JULY: (900, 900), GIFTS: (0, 0)}
        assert session.get_one(Record, draft).version == 3


def test_what_is_as_it_was_is_no_new_version(house: House, draft: int) -> None:
    assert wanted(house, draft, {JULY: 700, JUNE: 500}) == 0
    with house.store.reading() as session:
        assert session.get_one(Record, draft).version == 2


def test_a_year_of_five_hundred_items_sums_to_the_fen(house: House, draft: int) -> None:
    months = [f"{YEAR}-{month:02}" for month in range(1, 13)]
    year = {Key("other", month, f"项目 {n}"): 7 * n + place for n in range(500) for place, month in enumerate(months)}
    assert wanted(house, draft, year) == 6_002
    with house.store.reading() as session:
        found = budget_line.of_plan(session, plan_id=draft)
        assert sum(line.allocated for line in found) == sum(year.values()) == 12 * 7 * 499 * 250 + 500 * 66


@pytest.mark.parametrize("name", WRONG)
def test_lines_that_no_plan_has_are_refused_and_leave_no_trace(house: House, draft: int, name: str) -> None:
    lines, match = WRONG[name]
    with pytest.raises(RecordError, match=match):
        wanted(house, draft, {GIFTS: 5, **lines})
    with house.store.reading() as session:
        assert kept(session, draft) == {JUNE: (500, 500), JULY: (700, 700)}
        assert session.get_one(Record, draft).version == 2


def test_who_comes_second_sees_the_difference_line_by_line(house: House, draft: int) -> None:
    wanted(house, draft, {JUNE: 800, GIFTS: 5})
    with pytest.raises(StaleError, match=r"was changed by manager since you opened it: .*5\.00 → .*8\.00") as told:
        wanted(house, draft, {JUNE: 501, JULY: 700})
    assert told.value.difference == [
        Difference(JUNE.called, "CN¥5.00", "CN¥8.00"),
        Difference(JULY.called, "CN¥7.00", None),
        Difference(GIFTS.called, None, "CN¥0.05"),
    ]
    with house.store.reading() as session:
        assert kept(session, draft) == {JUNE: (800, 800), GIFTS: (5, 5)}


def test_a_long_difference_is_told_shortly(house: House, draft: int) -> None:
    wanted(house, draft, {JUNE._replace(item=f"item {n}"): n for n in range(50)})
    with pytest.raises(StaleError, match="and 42 more") as told:
        wanted(house, draft, {})
    assert len(told.value.difference) == 52


def test_a_version_of_the_lines_is_found_again(house: House, draft: int) -> None:
    wanted(house, draft, {JUNE: 800, GIFTS: 5})
    wanted(house, draft, {JUNE: 900}, version=3)
    with house.store.reading() as session:
        made = session.get_one(Record, draft)
        versions = [budget_line.lines_at(session, made, version) for version in (1, 2, 3, 4)]
    assert versions == [{}, {JUNE: 500, JULY: 700}, {JUNE: 800, GIFTS: 5}, {JUNE: 900}]


def test_only_its_owner_sets_the_lines_of_a_plan(house: House, draft: int) -> None:
    with pytest.raises(AccessError, match="is manager's; nobody else edits it"):
        wanted(house, draft, {JUNE: 1}, actor=house.people.director)


def test_the_lines_of_a_plan_that_was_handed_in_stay(house: House) -> None:
    line = plan(house, {"item": "展会", "original": 500, "month": JUNE.month})[0]
    with house.store.writing() as session:
        made = session.get_one(Record, session.get_one(budget_line.BudgetLine, line).plan_id)
        with pytest.raises(RecordError, match="it can be edited only before it is handed in"):
            budget_line.set_lines(session, made, {JUNE: 1}, actor=house.people.manager, version=made.version)
    assert figures(house, line) == (500, 0, 0)


def test_a_plan_that_came_back_takes_lines_again(house: House, draft: int) -> None:
    with house.store.writing() as session:
        made = session.get_one(Record, draft)
        step(session, made, "submitted", house.people.manager)
        step(session, made, "draft", house.people.director, "太多")
        assert budget_line.set_lines(session, made, {JUNE: 1}, actor=house.people.manager, version=4) == 2
