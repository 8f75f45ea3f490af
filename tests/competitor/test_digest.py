"""The digest of a small log that was worked out by hand: moves, news, prices by quarter, the index, channels, age."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
import pytest

from marketbook.competitor import channels, moved, moves, prices, watching
from marketbook.competitor.data import CompetitorEntryRow
from marketbook.competitor.log import Log, beginning
from marketbook.competitor.tables import BASES
from marketbook.kit.report import Result

DAY = date(2026, 8, 14)
OWN = {("杯", "2026Q2"): 10_000, ("杯", "2026Q3"): 12_000}

LOOKS: tuple[tuple[Any, ...], ...] = (
    # entry, competitor, product, own, channel, action, price, size, unit, kind, source, seen on, screenshot
    ("CW-1", "甲", "甲杯", "杯", "tmall", "price", 10_000, 1, "piece", "list", "shop", "2026-02-03", True),
    ("CW-2", "甲", "甲杯", "杯", "tmall", "price", 9_000, 1, "piece", "list", "shop", "2026-05-04", False),
    ("CW-3", "乙", "乙杯", "杯", "jd", "price", 11_000, 1, "piece", "list", "press", "2026-06-30", True),
    ("CW-4", "甲", "甲皂", "", "tmall", "price", 2_000, 400, "g", "list", "shop", "2026-07-01", True),
    ("CW-5", "甲", "甲杯", "杯", "tmall", "price", 9_600, 1, "piece", "list", "shop", "2026-08-03", True),
    ("CW-6", "甲", "甲杯", "杯", "tmall", "price", 7_200, 1, "piece", "promotion", "social", "2026-08-11", True),
    ("CW-7", "甲", "甲皂", "", "tmall", "price", 2_700, 500, "g", "list", "shop", "2026-08-12", False),
    ("CW-8", "甲", "甲伞", "", "douyin", "price", 5_000, 1, "piece", "list", "shop", "2026-08-13", True),
    ("CW-9", "甲", "", "", "other", "pr", None, 1, "piece", "list", "press", "2026-08-13", True),
)
NAMES = ("entry", "competitor", "product", "own_product", "channel", "action", "price_minor", "size", "unit",
         "price_kind", "source", "seen_on", "screenshot")  # fmt: skip


def log_of(*looks: tuple[Any, ...], span: str = "week", **more: Any) -> Log:
    frame = pd.DataFrame(looks, columns=list(NAMES))
    frame = frame.assign(currency="CNY", seen="见截图", noted_by="林", entered_at=pd.Timestamp(DAY))
    price = frame["price_minor"].astype("float64")
    frame = frame.assign(
        seen_on=pd.to_datetime(frame["seen_on"]), per_unit=price * frame["unit"].map(BASES) / frame["size"]
    )
    assert set(CompetitorEntryRow.model_fields) <= set(frame)
    quarters = ["2026Q1", "2026Q2", "2026Q3"]
    about = {"own": OWN, "drop_share": 0.1, "stale_days": 14, **more}
    return Log(as_of=DAY, since=beginning(DAY, span), looks=frame, quarters=quarters, **about)


@pytest.fixture(scope="module")
def log() -> Log:
    return log_of(*LOOKS)


def test_since_monday_a_price_fell_and_one_rose_for_the_same_amount(log: Log) -> None:
    found = moves.price_moves(log)
    assert found[["product", "entry_before", "entry_after"]].to_numpy().tolist() == [
        ["甲杯", "CW-5", "CW-6"], ["甲皂", "CW-4", "CW-7"],
    ]  # fmt: skip
    assert found["change_share"].tolist() == pytest.approx([-0.25, 0.08])
    assert "2 prices have moved since 10 Aug 2026, 1 of them down" in moved.prices(log).text
    assert "甲's 甲杯 (Tmall), -25.0%, from CN¥96 to CN¥72." in moved.prices(log).text


def test_in_a_month_it_is_compared_with_the_last_look_before_it() -> None:
    found = moves.price_moves(log_of(*LOOKS, span="month"))
    assert found["entry_before"].tolist() == ["CW-2", "CW-4"]
    assert found["change_share"].tolist() == pytest.approx([-0.2, 0.08])


def test_a_price_that_is_the_same_has_not_moved() -> None:
    same = [(*one[:6], 8_000, *one[7:]) for one in LOOKS if one[2] == "甲杯"]
    found = moved.prices(log_of(*same))
    assert (found.rows.empty, found.chart()) == (True, None)
    assert found.text == "No price that is watched has moved since 10 Aug 2026."
    assert found.behind().table == []


def test_news_tell_what_was_called_so_and_what_was_seen_for_the_first_time(log: Log) -> None:
    found = moved.news(log)
    kinds = found.rows[["action", "entry"]].to_numpy().tolist()
    assert kinds == [["new_channel", "CW-8"], ["new_channel", "CW-9"], ["new_product", "CW-8"], ["pr", "CW-9"],
                     ["promotion", "CW-6"]]  # fmt: skip
    assert found.text == "Since 10 Aug 2026: Promotion 1, New product 1, New channel 2, Public relations 1."


def test_a_competitor_who_was_never_seen_before_has_no_new_channels() -> None:
    assert moves.news(log_of(LOOKS[7])).empty


def test_prices_of_this_quarter_stand_beside_the_one_before_and_ours(log: Log) -> None:
    found = prices.by_quarter(log)
    cup = found.rows[found.rows["product"] == "甲杯"].iloc[0]
    assert (cup["before_minor"], cup["now_minor"], cup["own_minor"], cup["n"]) == (9_000, 7_200, 12_000, 4)
    assert (cup["low_minor"], cup["high_minor"]) == (7_200, 10_000)
    assert (cup["change_share"], cup["index_share"]) == pytest.approx((-0.2, 0.6))
    other = found.rows[found.rows["product"] == "乙杯"].iloc[0]
    assert pd.isna(other["now_minor"]), "nobody looked in this quarter"
    assert found.numbers() == {"count_prices": 3, "count_below": 1}


def test_the_index_is_the_mean_of_last_prices_over_our_list_price_of_that_quarter(log: Log) -> None:
    found = prices.index(log)
    assert found.rows["quarter"].tolist() == ["2026Q2", "2026Q3"], "we had no list price before"
    assert found.rows["index_share"].tolist() == pytest.approx([(9_000 + 11_000) / 2 / 10_000, 0.6])
    assert found.rows["n"].tolist() == [2, 1]
    assert found.numbers()["mean_share_ci"] == pytest.approx((0.6, 0.6))
    assert found.text.startswith("In 2026 Q3 competitors ask 60% of our list prices on average")
    assert found.text.endswith("In the quarter before it was 100%.")


def test_without_list_prices_of_ours_there_is_no_index() -> None:
    found = prices.index(log_of(*LOOKS, own={}))
    assert (found.rows.empty, found.chart()) == (True, None)
    assert "stands beside a list price of ours" in found.text


def test_prices_in_another_currency_are_left_out_and_told() -> None:
    log = log_of(*LOOKS[:2])
    log.looks.loc[1, "currency"] = "USD"
    assert (len(log.home), log.foreign) == (1, 1)
    assert "1 look at a price in another currency is left out." in prices.by_quarter(log).caveats
    assert moved.prices(log).rows.empty


def test_channels_are_told_with_their_sources_and_what_is_new(log: Log) -> None:
    found = channels.by_channel(log)
    rows = found.rows.set_index(["competitor", "channel"])
    assert rows.loc[("甲", "douyin"), "change"] == "new"
    assert rows.loc[("乙", "jd"), "change"] == "gone"
    assert rows.loc[("甲", "tmall"), ["count_before", "count_now", "count_products"]].tolist() == [1, 4, 2]
    assert rows.loc[("甲", "tmall"), "sources"] == ["shop", "social"]
    assert rows.loc[("甲", "tmall"), "promotion_share"] == pytest.approx(0.2)
    assert "New: 甲 (Douyin), 甲 (Another channel)." in found.text


def test_who_was_not_looked_at_is_named(log: Log) -> None:
    found = watching.watching(log)
    assert found.rows[["competitor", "days", "old"]].to_numpy().tolist() == [["乙", 45, True], ["甲", 1, False]]
    assert found.numbers() == {"count_old": 1, "pictured_share": pytest.approx(6 / 7)}
    assert "1 competitor was not looked at for more than 14 days: 乙 (45)." in found.text


MADE: tuple[Callable[[Log], Result], ...] = (
    moved.prices, moved.news, prices.by_quarter, prices.index, channels.by_channel, watching.watching,
)  # fmt: skip


@pytest.mark.parametrize("made", MADE)
def test_each_row_of_a_table_has_its_entries_behind_it(log: Log, made: Callable[[Log], Result]) -> None:
    found = made(log)
    behind = found.behind()
    assert behind is not None
    assert len(behind.table) == len(found.table) > 0
    assert set(found.table.columns) <= set(found.titles)
    assert set(found.numbers()) - {"mean_share_ci"} <= set(found.titles)
    for rows in behind.table:
        assert 0 < len(_chosen(log, rows)) < len(log.looks)


def _chosen(log: Log, rows: Any) -> pd.DataFrame:
    """Return the looks that rows name, as the view would."""
    found = log.looks
    for one in rows.where:
        column, values = found[one.path], list(one.values)
        if one.path == "seen_on":
            values = [pd.Timestamp(value) for value in values]
        kept = {"is": column.isin(values), "in": column.isin(values), "null": column.notna()}.get(one.operator)
        if kept is None:
            kept = column >= values[0] if one.operator == "ge" else column <= values[0]
        found = found[kept]
    return found
