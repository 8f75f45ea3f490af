"""The frames of money sum to the fen, line by line and month by month, to what the claims and transfers say."""

import pandas as pd
import pytest
from tests.office.company import (
    MONTH,
    YEAR,
    House,
    paid,
    plan,
    request,
    submitted,
    transfer,
    walk,
)

from marketbook.expense import figures
from marketbook.office import budget_line
from marketbook.office.budget_line import BudgetLine

JULY = f"{YEAR}-07"


@pytest.fixture(scope="module")
def plan_id(house: House) -> int:
    """A plan of which some is spent, promised, requested, moved and not foreseen."""
    june, july, _other = plan(
        house,
        {"item": "展会", "original": 1_000_000},
        {"item": "展会", "original": 1_000_000, "month": JULY},
        {"item": "物料", "original": 50_000},
    )
    with house.store.writing() as session:
        number = session.get_one(BudgetLine, june).plan_id
        about = {"category": "advertising", "month": MONTH, "item": "热点"}
        fresh = budget_line.open_unplanned(session, plan_id=number, **about, actor=house.people.sales).id
    walk(house, transfer(house, 300_000, july, fresh), ("approved", house.people.director))
    paid(house, june, 400_001)
    submitted(house, june, 99_999)
    paid(house, fresh, 100_000)
    asked = request(house, july, 300_000)
    paid(house, july, 120_000, request_id=asked)
    submitted(house, july, 30_000, request_id=asked)
    return number


@pytest.fixture
def lines(house: House, plan_id: int) -> pd.DataFrame:
    with house.store.reading() as session:
        return figures.by_line(session, plan_id=plan_id, through=MONTH)


def row(lines: pd.DataFrame, item: str, month: str) -> dict[str, int]:
    found = lines[(lines["item"] == item) & (lines["month"] == month)]
    return {str(name): value for name, value in found.iloc[0].items() if name not in ("item", "month", "category")}


def test_each_line_tells_what_became_of_it(lines: pd.DataFrame) -> None:
    june = row(lines, "展会", MONTH)
    assert (june["spent"], june["committed"], june["available"]) == (400_001, 99_999, 500_000)
    assert (june["variance"], june["timing"], june["amount"]) == (-599_999, -99_999, -500_000)
    fresh = row(lines, "热点", MONTH)
    assert (fresh["original"], fresh["transferred"], fresh["variance"], fresh["unplanned"]) == (
        0,
        300_000,
        100_000,
        100_000,
    )
    july = row(lines, "展会", JULY)
    assert (july["committed"], july["spent"], july["variance"]) == (180_000, 120_000, 0)


def test_lines_and_months_add_up(lines: pd.DataFrame) -> None:
    assert (lines["original"] + lines["transferred"] == lines["allocated"]).all()
    assert (lines["committed"] + lines["spent"] + lines["available"] == lines["allocated"]).all()
    assert (lines["timing"] + lines["unplanned"] + lines["amount"] == lines["variance"]).all()
    months = figures.by_month(lines)
    assert list(months["month"]) == [MONTH, JULY]
    assert int(months["allocated"].sum()) == 2_050_000 == int(lines["allocated"].sum())


def test_the_ledger_sums_to_the_lines(house: House, plan_id: int, lines: pd.DataFrame) -> None:
    with house.store.reading() as session:
        ledger = figures.ledger(session, plan_id=plan_id)
    for counts_as in ("committed", "spent"):
        found = ledger[ledger["counts_as"] == counts_as].groupby(["item", "month"])["amount"].sum()
        assert {key: value for key, value in found.items() if value} == {
            (line.item, line.month): getattr(line, counts_as)
            for line in lines.itertuples() if getattr(line, counts_as)
        }  # fmt: skip


def test_a_plan_that_is_not_there_has_no_lines(house: House) -> None:
    with house.store.reading() as session:
        assert figures.by_line(session, plan_id=999_999).empty
        assert figures.ledger(session, plan_id=999_999).empty
