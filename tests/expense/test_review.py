"""The budget review: its figures are those reckoned by hand, and its splits sum to the fen."""

from collections.abc import Iterator
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.expense.money import DECEMBER, JULY, year
from tests.office.company import MONTH, YEAR, House

from marketbook.expense import budget_year, carry_over, figures, position, refusals, variance
from marketbook.expense.budget_year import BudgetYear
from marketbook.expense.position import AMOUNTS
from marketbook.kit.errors import DataError
from marketbook.kit.language import speaking
from marketbook.kit.records import Record


@pytest.fixture(scope="module")
def number(house: House) -> str:
    return year(house)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.fixture
def budget(house: House, number: str) -> BudgetYear:
    return budget_year.read_budget(house.store, month=MONTH, plan=number)


def amounts(frame: pd.DataFrame, **where: str) -> list[int]:
    for name, value in where.items():
        frame = frame[frame[name] == value]
    return [int(frame[f"{name}_minor"].iloc[0]) for name in AMOUNTS]


def test_the_position_is_what_was_reckoned_by_hand(budget: BudgetYear) -> None:
    rows = position.position(budget).rows
    assert amounts(rows, category="promotion") == [150_000, 0, 150_000, 0, 99_000, 51_000]
    assert amounts(rows, category="advertising") == [2_500_000, 0, 2_500_000, 279_999, 620_001, 1_600_000]
    assert amounts(rows, category="") == [2_650_000, 0, 2_650_000, 279_999, 719_001, 1_651_000]


def test_the_position_says_so(budget: BudgetYear) -> None:
    found = position.position(budget)
    assert found.text.startswith(f"Of the CN¥26.5K allocated for {YEAR}, CN¥7,190 (27.1%) is spent")
    assert found.numbers()["available_minor"] == 1_651_000


def test_its_sums_are_the_ledger_to_the_fen(budget: BudgetYear) -> None:
    counted = budget.claims.groupby("counts_as")["amount_minor"].sum()
    lines = budget.lines[["committed", "spent"]].sum()
    assert dict(counted) == {"committed": lines["committed"], "spent": lines["spent"]}


def test_the_variance_splits_in_three(budget: BudgetYear) -> None:
    rows = variance.variance(budget, by="item").rows.set_index("item")
    names = ["variance_minor", "timing_minor", "amount_minor", "unplanned_minor"]
    assert rows.loc["展会", names].tolist() == [-599_999, -99_999, -500_000, 0]
    assert rows.loc["热点", names].tolist() == [100_000, 0, 0, 100_000]
    assert rows.loc["物料", names].tolist() == [-51_000, 0, -51_000, 0]
    assert rows.loc["", names].tolist() == [-550_999, -99_999, -551_000, 100_000]


def test_every_split_of_the_variance_has_the_same_sum(budget: BudgetYear) -> None:
    found = [variance.variance(budget, by=by).numbers() for by in ("category", "item", "month")]
    assert found[0] == found[1] == found[2]
    assert "-CN¥5,510 off the approved budget: -CN¥1,000 by timing" in variance.variance(budget).text


lines = st.lists(
    st.tuples(
        st.sampled_from(["advertising", "research"]), st.sampled_from("甲乙"), st.integers(1, 12),
        st.integers(0, 10**12), st.integers(0, 10**12), st.integers(0, 10**12),
    ),
    min_size=1, max_size=30,
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(lines, st.integers(1, 12))
def test_any_lines_sum_to_the_fen(drawn: list[tuple[str, str, int, int, int, int]], month: int) -> None:
    columns = ["category", "item", "n", "original", "committed", "spent"]
    frame = pd.DataFrame(drawn, columns=columns)
    frame = frame.assign(month=[f"2026-{n:02d}" for n in frame.pop("n")], transferred=7, plan="P")
    frame["allocated"] = frame["original"] + 7
    frame["available"] = frame["allocated"] - frame["committed"] - frame["spent"]
    split = figures._split(frame, frame["month"] <= f"2026-{month:02d}")
    made = BudgetYear(f"2026-{month:02d}", ("P",), split, frame, frame)
    whole = position.position(made).rows
    assert [sum(whole[f"{name}_minor"][:-1]) for name in AMOUNTS] == amounts(whole, category="")
    for by in ("category", "item", "month"):
        rows = variance.variance(made, by=by).rows  # type: ignore[arg-type]
        parts = rows["timing_minor"] + rows["amount_minor"] + rows["unplanned_minor"]
        assert (parts == rows["variance_minor"]).all()
        assert (rows["spent_minor"] - rows["original_minor"] == rows["variance_minor"]).all()


def test_items_that_run_short_are_warned_of(budget: BudgetYear) -> None:
    found = position.warnings(budget)
    assert found.rows.empty
    assert found.text == "None of the 3 items has used 80% of its year's budget."
    low = BudgetYear(budget.month, budget.plans, budget.lines, budget.claims, budget.steps, warn_at=(0.3, 0.66))
    rows = position.warnings(low).rows
    assert rows[["item", "level"]].to_numpy().tolist() == [["物料", 0.66], ["展会", 0.3], ["热点", 0.3]]
    assert "1" in position.warnings(low).text


def test_refusals_name_claimant_and_reason(budget: BudgetYear) -> None:
    now = BudgetYear(DECEMBER, budget.plans, budget.lines, budget.claims, budget.steps)
    found = refusals.refusals(now)
    assert found.numbers() == {"count_rejected": 1, "count_returned": 1}
    assert set(found.table["outcome"]) == {"rejected", "sent back"}
    assert set(found.table["reason"]) == {"因为"}
    assert refusals.refusals(BudgetYear(f"{YEAR - 1}-01", (), budget.lines, budget.claims, budget.steps)).steps.empty


def test_what_is_left_of_past_months_can_be_carried_over(budget: BudgetYear) -> None:
    found = carry_over.carry_over(budget)
    assert found.rows[["item", "month", "to_month", "amount_minor"]].to_numpy().tolist() == [
        ["展会", MONTH, JULY, 500_000],
        ["热点", MONTH, "", 200_000],
        ["物料", f"{YEAR}-05", "", 1_000],
        ["物料", MONTH, "", 50_000],
    ]
    assert found.numbers() == {"carried_minor": 500_000, "left_minor": 251_000}


@pytest.mark.parametrize(
    ("month", "plan", "said"),
    [
        ("1999-01", "", "There is no plan in force for 1999, so there is no budget to review; years in force: "),
        (MONTH, "PL-1999-000001", f"plan: PL-1999-000001 has no budget in force for {YEAR}; its years in force: –"),
    ],
)
def test_a_year_without_a_plan_is_said(house: House, number: str, month: str, plan: str, said: str) -> None:
    assert number
    with pytest.raises(DataError, match=said):
        budget_year.read_budget(house.store, month=month, plan=plan)


def test_a_plan_of_another_year_is_said(house: House, number: str) -> None:
    with pytest.raises(DataError, match=f"plan: {number} has no budget in force for {YEAR - 1}; .*: {YEAR}"):
        budget_year.read_budget(house.store, month=f"{YEAR - 1}-03", plan=number)


def test_a_month_without_claims_and_lines_is_no_error(house: House, number: str) -> None:
    january = budget_year.read_budget(house.store, month=f"{YEAR}-01", plan=number)
    assert "spending is CN¥0 off the approved budget" in variance.variance(january).text
    assert variance.variance(january, by="month").chart() is None
    assert carry_over.carry_over(january).text == f"Nothing is left of the months up to Jan {YEAR}."


def test_without_a_month_it_is_the_last_that_is_over() -> None:
    assert budget_year.last_over(date(2026, 3, 1)) == "2026-02"
    assert budget_year.last_over(date(2026, 1, 31)) == "2025-12"


def test_a_draft_is_no_budget(house: House, number: str) -> None:
    with house.store.reading() as session:
        assert session.query(Record).filter_by(number=number).one().status == "approved"
