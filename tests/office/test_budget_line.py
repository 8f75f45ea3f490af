"""A budget line's figures follow from transfers and claims; whatever else is sent to them is refused."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.office import planning
from tests.office.company import MONTH, PLANNED, YEAR, House, budget, figures, plan, step, submitted, transfer, walk

from marketbook.kit.errors import RecordError
from marketbook.office import budget_line

COPY = "plan_id, category, month, item, original, allocated, committed, spent"

RAW = {
    "allocated": ("UPDATE budget_line SET allocated = allocated + 1 WHERE id = {n}", "what its plan and its transf"),
    "committed": ("UPDATE budget_line SET committed = 0 WHERE id = {n}", "follows from claims"),
    "committed away": ("UPDATE budget_line SET committed = committed - 1 WHERE id = {n}", "follows from claims"),
    "spent": ("UPDATE budget_line SET spent = 5 WHERE id = {n}", "follows from claims"),
    "from promised to spent": (
        "UPDATE budget_line SET committed = committed - 5, spent = spent + 5 WHERE id = {n}",
        "follows from claims",
    ),
    "original": ("UPDATE budget_line SET original = 5 WHERE id = {n}", "is not edited|what its plan"),
    "original and allocated": ("UPDATE budget_line SET original = 5, allocated = 5 WHERE id = {n}", "is not edited"),
    "month": (f"UPDATE budget_line SET month = '{YEAR}-01' WHERE id = {{n}}", "never change"),
    "deleted": ("DELETE FROM budget_line WHERE id = {n}", "is not edited"),
    "replaced": (
        (
            f"INSERT INTO budget_line ({COPY}) SELECT plan_id, category, month, item, 0, 0, 0, 0 FROM budget_line "
            "WHERE id = {n}"
        ),
        "never replaced",
    ),
    "more money in an approved plan": (
        (
            f"INSERT INTO budget_line ({COPY}) SELECT plan_id, category, month, 'new', 9, 9, 0, 0 FROM budget_line "
            "WHERE id = {n}"
        ),
        "only a transfer does",
    ),
    "money out of nothing": (
        (
            f"INSERT INTO budget_line ({COPY}) SELECT plan_id, category, month, 'new', 0, 9, 0, 0 FROM budget_line "
            "WHERE id = {n}"
        ),
        "starts with what its plan gives",
    ),
    "a month of another year": (
        (
            f"INSERT INTO budget_line ({COPY}) SELECT plan_id, category, '1999-01', 'new', 0, 0, 0, 0 "
            "FROM budget_line WHERE id = {n}"
        ),
        "not in its year",
    ),
    "a transfer of its own": (
        "UPDATE record SET status = 'approved', version = version + 1 WHERE type = 'budget_transfer'",
        "only a status change",
    ),
    "a bigger claim": ("UPDATE expense_line SET amount = amount + 1 WHERE budget_line_id = {n}", "is not edited"),
    "a claim's line away": ("DELETE FROM expense_line WHERE budget_line_id = {n}", "is not edited"),
    "a claim on another line": (
        "UPDATE expense_line SET budget_line_id = (SELECT min(id) FROM budget_line) WHERE budget_line_id = {n}",
        "is not edited",
    ),
}


@pytest.fixture(scope="module")
def line(house: House) -> int:
    """A line of whose 1,000,000 fen 100,000 are promised, and a transfer that waits."""
    plan(house, {"item": "first", "original": 5})
    made = budget(house)
    submitted(house, made)
    transfer(house, 5, made, None)
    return made


@pytest.mark.parametrize("name", RAW)
def test_raw_sql_is_refused(house: House, line: int, name: str) -> None:
    statement, match = RAW[name]
    with pytest.raises(DBAPIError, match=match), house.store.writing(actor="system:test") as session:
        session.execute(text(statement.format(n=line)))
    assert figures(house, line) == (1_000_000, 100_000, 0)


def test_an_item_has_one_line_a_month(house: House) -> None:
    with pytest.raises(RecordError, match=f"has a line {MONTH} Advertising / 展会 already"):
        plan(house, {"item": "展会", "original": 1}, {"item": " 展会 ", "original": 2})


@pytest.mark.parametrize(
    ("about", "match"),
    [
        ({"category": "fun"}, "category: 'fun' is not known; allowed are research, adv"),
        ({"month": f"{YEAR}-13"}, "ck_budget_line_month"),
        ({"month": f"{YEAR + 1}-01"}, "not in its year"),
        ({"item": " "}, "ck_budget_line_item"),
        ({"original": -1}, "ck_budget_line_figures"),
    ],
)
def test_a_line_is_of_a_category_a_month_and_an_item(house: House, about: dict[str, object], match: str) -> None:
    with pytest.raises((RecordError, DBAPIError), match=match):
        plan(house, {**PLANNED, "item": "x", "original": 1, **about})


def test_lines_change_while_their_plan_is_a_draft(house: House) -> None:
    people = house.people
    with house.store.writing() as session:
        made = planning.complete(session, actor=people.manager)
        about = {**PLANNED, "original": 5, "actor": people.manager}
        kept, gone = (
            budget_line.add(session, made, item=item, version=made.version, **about)  # type: ignore[arg-type]
            for item in ("展会", "物料")
        )
        budget_line.change(session, made, kept, original=7, actor=people.manager, version=made.version)
        budget_line.remove(session, made, gone, actor=people.manager, version=made.version)
        found = budget_line.of_plan(session, plan_id=made.id)
        assert [(line.item, line.original, line.available) for line in found] == [("展会", 7, 7)]
        assert made.version == 5
        step(session, made, "submitted", people.manager)
        with pytest.raises(RecordError, match="only before it is handed in"):
            budget_line.change(session, made, kept, original=9, actor=people.manager, version=made.version)
        with pytest.raises(RecordError, match="only before it is handed in"):
            budget_line.remove(session, made, kept, actor=people.manager, version=made.version)


def test_a_line_that_is_not_there_is_named(house: House) -> None:
    with house.store.reading() as session, pytest.raises(RecordError, match="no budget line 999999; money is spent"):
        budget_line.named(session, 999_999)


def test_a_plan_of_many_lines_sums_to_what_it_gave(house: House) -> None:
    lines = plan(house, *({"item": f"item {n}", "original": 10 * n} for n in range(1, 5)))
    walk(house, transfer(house, 3, lines[0], lines[3], owner=house.people.sales), ("approved", house.people.director))
    assert [figures(house, line)[0] for line in lines] == [7, 20, 30, 43]
