from collections.abc import Callable
from datetime import date
from pathlib import Path

import ibis
import pandas as pd
import pyarrow as pa
import pytest
from tests.reference.segmentation import (
    CDNOW_CUSTOMERS,
    CDNOW_FIRST,
    CDNOW_SUMS,
    RETAIL_CUSTOMERS,
    RETAIL_INVOICES,
    RETAIL_REVENUE,
    RETAIL_ROWS,
)

from marketbook.segmentation.history import purchase_history, purchase_style


def table(frame: pd.DataFrame) -> ibis.Table:
    return ibis.duckdb.connect().create_table("transactions", pa.Table.from_pandas(frame, preserve_index=False))


def lines(*rows: tuple[str, str, int, str]) -> ibis.Table:
    frame = pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount_minor", "category"])
    return table(frame.assign(ordered_at=pd.to_datetime(frame.ordered_at, format="mixed")))


def test_it_gives_the_published_sums_of_cdnow(reference_data: Callable[[str], Path]) -> None:
    frame = pd.read_csv(reference_data("segmentation/cdnowElog.csv"), dtype={"date": str})
    frame = frame.rename(columns={"sampleid": "customer_id", "date": "ordered_at", "sales": "amount_minor"})
    frame["ordered_at"] = pd.to_datetime(frame.ordered_at)
    kept = frame[["customer_id", "ordered_at", "amount_minor"]]
    found = purchase_history(table(kept), as_of=date(1997, 9, 30)).to_pyarrow().to_pandas().set_index("customer_id")
    assert len(found) == CDNOW_CUSTOMERS
    assert found[list(CDNOW_SUMS)].sum().to_dict() == pytest.approx(CDNOW_SUMS, abs=1e-4)
    assert found.loc[1, list(CDNOW_FIRST)].to_dict() == pytest.approx(CDNOW_FIRST)


def test_it_gives_the_published_size_of_online_retail(reference_data: Callable[[str], Path]) -> None:
    frame = pd.read_parquet(reference_data("segmentation/onlineretail.parquet"))
    clean = frame[
        frame.CustomerID.notna()
        & ~frame.InvoiceNo.astype(str).str.startswith("C")
        & (frame.Quantity > 0)
        & (frame.UnitPrice > 0)
    ]
    assert (len(clean), clean.InvoiceNo.nunique()) == (RETAIL_ROWS, RETAIL_INVOICES)
    shaped = pd.DataFrame(
        {
            "customer_id": clean.CustomerID.astype("int64"),
            "ordered_at": pd.to_datetime(clean.InvoiceDate),
            "amount_minor": clean.Quantity * clean.UnitPrice,
        }
    )
    found = purchase_history(table(shaped), as_of=date(2011, 12, 9)).to_pyarrow().to_pandas()
    assert len(found) == RETAIL_CUSTOMERS
    assert found.revenue_minor.sum() == pytest.approx(RETAIL_REVENUE)


def test_two_orders_on_one_day_are_one_purchase() -> None:
    found = (
        purchase_history(
            lines(("a", "2025-01-01 09:00", 100, "x"), ("a", "2025-01-01 21:00", 50, "y")), as_of=date(2025, 1, 8)
        )
        .to_pyarrow()
        .to_pandas()
    )
    assert found.loc[0, ["n_purchases", "x", "m", "recency_days"]].tolist() == [1, 0, 0.0, 7]


def test_a_refund_lowers_revenue_and_is_no_purchase() -> None:
    found = (
        purchase_history(
            lines(("a", "2025-01-01", 100, "x"), ("a", "2025-02-01", -300, "x"), ("b", "2025-02-01", -5, "x")),
            as_of=date(2025, 3, 1),
        )
        .to_pyarrow()
        .to_pandas()
    )
    assert found.customer_id.tolist() == ["a"]
    assert found.loc[0, ["n_purchases", "revenue_minor", "spend_minor", "recency_days"]].tolist() == [1, -200, 100, 59]


def test_the_window_holds_its_first_and_its_last_day() -> None:
    table = lines(*(("a", f"2025-01-0{day} 23:59", 1, "x") for day in range(1, 6)))
    found = purchase_history(table, as_of=date(2025, 1, 4), since=date(2025, 1, 2)).to_pyarrow().to_pandas()
    assert found.loc[0, "n_purchases"] == 3


def test_style_counts_categories_and_the_great_sales() -> None:
    found = (
        purchase_style(
            lines(
                ("a", "2025-06-18", 300, "x"),
                ("a", "2025-11-11 23:00", 100, "y"),
                ("a", "2025-11-12", 400, "y"),
                ("a", "2025-06-18", -300, "z"),
            ),
            as_of=date(2025, 12, 31),
        )
        .to_pyarrow()
        .to_pandas()
    )
    assert found.loc[0, ["n_categories", "share_sale_season"]].tolist() == [2, 0.5]


def test_a_customer_who_buys_outside_the_great_sales_has_a_share_of_nought() -> None:
    found = purchase_style(lines(("a", "2025-05-31", 10, "x")), as_of=date(2025, 12, 31)).to_pyarrow().to_pandas()
    assert found.loc[0, "share_sale_season"] == 0


def test_a_customer_who_got_everything_free_has_no_sale_season() -> None:
    found = purchase_style(lines(("a", "2025-06-18", 0, "x")), as_of=date(2025, 12, 31)).to_pyarrow().to_pandas()
    assert found.loc[0, "share_sale_season"] == 0
