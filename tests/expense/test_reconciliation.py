"""The three-way match: each kind of difference is found, and the kinds sum to the difference to the fen."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.office.company import MONTH, YEAR, House, budget, paid, submitted

from marketbook.budget.data import AD_DAYS
from marketbook.expense.reconciliation import SUMMING, Statements, differences, read_statements, reconcile
from marketbook.kit.errors import DataError
from marketbook.kit.facts import Facts
from marketbook.kit.language import speaking

Line = tuple[str, str, int, str, str | None]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with speaking("en"):
        yield


def statements(spend: dict[str, int], lines: list[Line], vendor: str = "甲") -> Statements:
    """Statements of one vendor: spend by month; lines as (claim, month, amount, counts as, invoice)."""
    columns = ["claim", "month", "amount_minor", "counts_as", "invoice"]
    reported = pd.DataFrame([(vendor, vendor, m, a) for m, a in spend.items()],
                            columns=["vendor", "platform", "month", "amount_minor"])  # fmt: skip
    return Statements("2026-06", reported, pd.DataFrame(lines, columns=columns).assign(vendor=vendor))


def kinds(made: Statements) -> dict[str, int]:
    rows = differences(made).rows
    return dict(zip(rows["kind"], rows["amount_minor"], strict=True))


JUNE = {"2026-06": 1_000}


@pytest.mark.parametrize(
    ("spend", "lines", "found"),
    [
        (JUNE, [("A", "2026-06", 1_000, "spent", "1")], {}),
        (JUNE, [], {"not_claimed": -1_000}),
        (JUNE, [("A", "2026-06", 1_000, "committed", "1")], {"not_paid": -1_000}),
        (JUNE, [("A", "2026-06", 1_000, "spent", None)], {"not_invoiced": 1_000}),
        (JUNE, [("A", "2026-06", 1_001, "spent", "1")], {"amount": 1}),
        (JUNE, [("A", "2026-06", 1_000, "spent", "1"), ("B", "2026-06", 1_000, "spent", "2")],
         {"invoiced_twice": 1_000}),
        (JUNE | {"2026-07": 500}, [("A", "2026-06", 1_200, "spent", "1"), ("B", "2026-07", 300, "spent", "2")],
         {"timing": 200}),
        (JUNE | {"2026-05": 500}, [("A", "2026-06", 900, "spent", "1"), ("B", "2026-05", 560, "spent", "2")],
         {"timing": -60, "amount": -40}),
        ({"2026-07": 1}, [], {}),
    ],
)  # fmt: skip
def test_each_kind_of_difference_is_found(spend: dict[str, int], lines: list[Line], found: dict[str, int]) -> None:
    assert kinds(statements(spend, lines)) == found


drawn_lines = st.lists(
    st.tuples(
        st.sampled_from("ABCDE"), st.sampled_from(["2026-05", "2026-06", "2026-07"]), st.integers(1, 10**12),
        st.sampled_from(["spent", "committed"]), st.sampled_from([None, "1", "2"]),
    ),
    max_size=12,
)  # fmt: skip
drawn_spend = st.dictionaries(st.sampled_from(["2026-05", "2026-06", "2026-07"]), st.integers(0, 10**12))


@settings(deadline=None, max_examples=60)
@given(drawn_spend, drawn_lines)
def test_the_kinds_sum_to_the_difference_to_the_fen(spend: dict[str, int], lines: list[Line]) -> None:
    made = statements(spend, lines)
    found = kinds(made)
    assert (
        sum(amount for kind, amount in found.items() if kind in SUMMING)
        == reconcile(made).numbers()["difference_minor"]
    )


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    made = Facts(tmp_path)
    day = {"account": "", "campaign": "上新", "unit": "", "impressions": 1, "clicks": 1, "conversions": 0}
    rows = [{"day": date(YEAR, 6, n), "platform": "抖音", "spend_minor": n * 1_000, **day} for n in range(1, 31)]
    rows.append({"day": date(YEAR, 6, 1), "platform": "B站", "spend_minor": 7, **day})
    made.write(AD_DAYS, pd.DataFrame(rows))
    return made


def test_records_and_platforms_are_matched_by_vendor(house: House, facts: Facts) -> None:
    line = budget(house, 2_000_000)
    about = {"kind": "vendor_payment", "vendor_id": house.vendor}
    paid(house, line, 300_000, **about)
    submitted(house, line, 165_000, **about)
    made = read_statements(house.store, facts, month=MONTH, vendors=["抖音=巨量引擎"])
    rows = reconcile(made).rows.set_index("vendor")
    assert rows.loc["巨量引擎"].tolist() == [465_000, 465_000, 300_000, -165_000]
    assert rows.loc["B站"].tolist() == [7, 0, 0, -7]
    assert rows.loc[""].tolist() == [465_007, 465_000, 300_000, -165_007]
    assert differences(made).rows[["vendor", "kind", "amount_minor"]].to_numpy().tolist() == [
        ["B站", "not_claimed", -7], ["巨量引擎", "not_paid", -165_000],
    ]  # fmt: skip
    assert "0 of 2 vendors agree to the fen" in reconcile(made).text


def test_a_month_that_no_platform_reports_is_said(house: House, facts: Facts) -> None:
    with pytest.raises(DataError, match=f"month: no platform reports for 2020-01; the data go from {MONTH} to {MONTH}"):
        read_statements(house.store, facts, month="2020-01")


def test_what_agrees_is_said(house: House) -> None:
    made = statements(JUNE, [("A", "2026-06", 1_000, "spent", "1")])
    assert differences(made).text == "Nothing differs in Jun 2026: platforms, invoices and payments agree to the fen."
    assert house
