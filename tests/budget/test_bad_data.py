"""What is wrong with weekly data is said at the door: in the file that is imported, or when the history is read."""

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from marketbook.budget.data import LIFT_TESTS, MEDIA_WEEKS, SALES_WEEKS, read_history
from marketbook.budget.response.model import fit_response
from marketbook.kit.errors import DataError
from marketbook.kit.facts import Dataset, Facts, import_file

WEEKS = pd.date_range("2024-01-01", periods=80, freq="7D")
MEDIA = {"week": "2025-01-06", "channel": "搜索", "spend_minor": "100", "impressions": "1", "clicks": "0"}
SALES = {"week": "2025-01-06", "revenue_minor": "100", "orders": "1", "price_index": "1", "holiday": ""}
TEST = {
    "test_id": "T1", "channel": "搜索", "started_on": "2025-02-03", "ended_on": "2025-03-02", "spend_minor": "100",
    "added_spend_minor": "50", "lift_minor": "700", "lift_se_minor": "90",
}  # fmt: skip


def write(path: Path, *rows: dict[str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    return Facts(tmp_path / "facts")


@pytest.mark.parametrize(
    ("dataset", "row", "column", "value", "reason"),
    [
        (MEDIA_WEEKS, MEDIA, "spend_minor", "-5", "must be at least 0"),
        (MEDIA_WEEKS, MEDIA, "spend_minor", "1O0", "must be a whole number"),
        (MEDIA_WEEKS, MEDIA, "spend_minor", "", "must not be empty"),
        (MEDIA_WEEKS, MEDIA, "spend_minor", "12.5", "must be whole fen"),
        (MEDIA_WEEKS, MEDIA, "spend_minor", "¥1,200", "is in yuan, the column in fen"),
        (MEDIA_WEEKS, MEDIA, "spend_minor", "$1,200", "is in another currency; convert it to yuan first"),
        (MEDIA_WEEKS, MEDIA, "spend_minor", "1200 USD", "is in another currency"),
        (MEDIA_WEEKS, MEDIA, "spend_minor", "1200港元", "is in another currency"),
        (MEDIA_WEEKS, MEDIA, "week", "06.01.2025", "must be a day like 2026-11-23"),
        (MEDIA_WEEKS, MEDIA, "week", "2025-W02", "must be a day like"),
        (MEDIA_WEEKS, MEDIA, "week", "第1周", "must be a day like"),
        (MEDIA_WEEKS, MEDIA, "channel", "", "must not be empty"),
        (SALES_WEEKS, SALES, "revenue_minor", "-1", "must be at least 0"),
        (SALES_WEEKS, SALES, "revenue_minor", "€99", "is in another currency"),
        (SALES_WEEKS, SALES, "orders", "many", "must be a whole number"),
        (SALES_WEEKS, SALES, "price_index", "0", "must be greater than 0"),
        (LIFT_TESTS, TEST, "lift_se_minor", "0", "must be greater than 0"),
        (LIFT_TESTS, TEST, "ended_on", "March", "must be a day like"),
    ],
)
def test_a_bad_cell_is_rejected_with_line_column_and_reason(
    facts: Facts, tmp_path: Path, dataset: Dataset, row: dict[str, str], column: str, value: str, reason: str
) -> None:
    good = row | ({"test_id": "T0"} if dataset is LIFT_TESTS else {"week": "2025-01-13"})
    report = import_file(facts, dataset, write(tmp_path / "weekly.csv", good, row | {column: value}))
    assert (report.added, report.rejected) == (1, 1)
    assert report.rejects_file is not None
    rejected = next(csv.DictReader(report.rejects_file.read_text("utf-8-sig").splitlines()))
    assert (rejected["Line"], rejected["Column"], rejected["Value"]) == ("3", column, value)
    assert reason in rejected["Reason"]


@pytest.mark.parametrize("week", ["2025/1/6", "20250106", "2025年1月6日", "2025-01-06 00:00:00"])
def test_days_written_in_other_clear_ways_are_read(facts: Facts, tmp_path: Path, week: str) -> None:
    assert import_file(facts, MEDIA_WEEKS, write(tmp_path / "weekly.csv", MEDIA | {"week": week})).added == 1
    assert facts.read("media_weeks")["week"].tolist() == [date(2025, 1, 6)]


def test_a_week_that_stands_twice_is_rejected_where_it_differs(facts: Facts, tmp_path: Path) -> None:
    report = import_file(facts, MEDIA_WEEKS, write(tmp_path / "weekly.csv", MEDIA, MEDIA, MEDIA | {"clicks": "1"}))
    assert (report.added, report.unchanged, report.rejected) == (1, 1, 1)
    assert report.rejects_file is not None
    assert "line 2 has the same key (week, channel) and other values" in report.rejects_file.read_text("utf-8")


def test_unknown_and_missing_headings_are_named(facts: Facts, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"unknown headings: currency. Dataset media_weeks takes: week \(Week\)"):
        import_file(facts, MEDIA_WEEKS, write(tmp_path / "a.csv", MEDIA | {"currency": "USD"}))
    without = {name: value for name, value in MEDIA.items() if name != "spend_minor"}
    with pytest.raises(DataError, match=r"missing headings: spend_minor \(Spend \(fen\)\). Found: week, channel"):
        import_file(facts, MEDIA_WEEKS, write(tmp_path / "b.csv", without))


def keep(facts: Facts, weeks: pd.DatetimeIndex, paid: pd.DatetimeIndex | None = None) -> None:
    """Keep sales of some weeks, and media of the same or of others."""
    rng = np.random.default_rng(1)
    sales = pd.DataFrame({"week": weeks, "revenue_minor": rng.integers(400_000, 600_000, len(weeks)), "orders": 9})
    facts.write(SALES_WEEKS, sales.assign(price_index=1.0 + rng.normal(0, 0.02, len(weeks)), holiday=None))
    paid = weeks if paid is None else paid
    media = pd.concat([pd.DataFrame({"week": paid, "channel": name}) for name in ("搜索", "电视")])
    spend = rng.integers(1_000, 90_000, len(media))
    facts.write(MEDIA_WEEKS, media.assign(spend_minor=spend, impressions=1, clicks=0))
    facts.write(LIFT_TESTS, pd.DataFrame(columns=LIFT_TESTS.columns))


def test_sound_weeks_are_fitted(facts: Facts) -> None:
    keep(facts, WEEKS)
    assert fit_response(read_history(facts), draws=50).k_hat < 0.7


def test_missing_weeks_of_sales_are_named(facts: Facts) -> None:
    keep(facts, WEEKS.delete([10, 11]), WEEKS)
    with pytest.raises(DataError, match="Weeks missing between 2024-01-01 and 2025-07-07: 2024-03-11, 2024-03-18"):
        fit_response(read_history(facts))


def test_missing_weeks_of_media_are_named(facts: Facts) -> None:
    keep(facts, WEEKS, WEEKS.delete(20))
    with pytest.raises(DataError, match=r"2024-05-20\. Give every week; no spend is 0"):
        fit_response(read_history(facts))


def test_media_that_end_before_sales_are_named(facts: Facts) -> None:
    keep(facts, WEEKS, WEEKS[:-3])
    with pytest.raises(DataError, match="Spend and revenue do not cover the same weeks"):
        fit_response(read_history(facts))


def test_a_single_week_is_not_enough(facts: Facts) -> None:
    keep(facts, WEEKS[:1])
    with pytest.raises(DataError, match=r"History: 1 week\(s\); a response model needs many more"):
        fit_response(read_history(facts))


def test_weeks_named_by_another_day_are_told(facts: Facts) -> None:
    keep(facts, WEEKS, WEEKS.map(lambda week: week - pd.Timedelta(days=1) if week == WEEKS[5] else week))
    told = "media_weeks: 2 of 160 rows name a week by a day that is no Monday, the first 2024-02-04; give its Monday"
    with pytest.raises(DataError, match=told):
        read_history(facts)


def test_channels_that_were_never_used_are_named(facts: Facts) -> None:
    keep(facts, WEEKS)
    media = facts.read("media_weeks")
    facts.write(MEDIA_WEEKS, media.assign(spend_minor=media["spend_minor"].where(media["channel"] == "电视", 0)))
    with pytest.raises(DataError, match="Channels without any spend: 搜索; leave them out"):
        fit_response(read_history(facts))
