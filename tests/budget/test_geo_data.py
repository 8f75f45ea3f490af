from pathlib import Path

import pandas as pd
import pytest

from marketbook.budget.data import GEO_MEDIA_WEEKS, GEO_SALES_WEEKS
from marketbook.budget.geo_data import histories_of, read_geos
from marketbook.kit.errors import DataError
from marketbook.kit.facts import Facts

WEEKS = pd.date_range("2025-01-06", periods=4, freq="7D")
GEOS = ("华东", "西南")


def sales() -> pd.DataFrame:
    rows = [(week, geo, 100.0 * (place + 1)) for place, geo in enumerate(GEOS) for week in WEEKS]
    return pd.DataFrame(rows, columns=["week", "geo", "revenue"])


def media() -> pd.DataFrame:
    rows = [(week, geo, "搜索", 10.0 + place) for place, geo in enumerate(GEOS) for week in WEEKS]
    return pd.DataFrame([*rows, (WEEKS[1], "西南", "社交", 5.0)], columns=["week", "geo", "channel", "spend"])


def test_each_geo_has_its_own_sales_and_media() -> None:
    found = histories_of(sales(), media())
    assert list(found) == list(GEOS)
    assert found["西南"].revenue.tolist() == [200.0] * 4
    assert found["西南"].spend["社交"].tolist() == [0.0, 5.0, 0.0, 0.0]


def test_a_channel_that_a_geo_does_not_use_spent_nothing_there() -> None:
    found = histories_of(sales(), media())
    assert found["华东"].channels == found["西南"].channels == ["搜索", "社交"]
    assert found["华东"].spend["社交"].tolist() == [0.0] * 4


def test_prices_and_holidays_are_read_where_they_are_known() -> None:
    known = sales().assign(price_index=[1.0, 1.1] * 4, holiday=["", "春节", "", ""] * 2)
    found = histories_of(known, media())["华东"]
    assert found.controls["price"].tolist() == pytest.approx([0.0, 0.1] * 2)
    assert found.events["春节"].tolist() == [0.0, 1.0, 0.0, 0.0]
    assert histories_of(sales(), media())["华东"].controls.empty


def test_rows_that_appear_twice_are_named() -> None:
    with pytest.raises(DataError, match=r"media: 1 row\(s\) appear twice, the first of 华东, 2025-01-06, 搜索"):
        histories_of(sales(), pd.concat([media(), media().head(1)]))


def test_a_geo_without_media_is_named() -> None:
    with pytest.raises(DataError, match="Geos in sales or media only: 西南; give both"):
        histories_of(sales(), media()[media()["geo"] == "华东"])


def test_a_missing_column_is_named() -> None:
    with pytest.raises(DataError, match="sales: columns geo are missing"):
        histories_of(sales().drop(columns=["geo"]), media())


def test_datasets_are_read_in_yuan(tmp_path: Path) -> None:
    facts = Facts(tmp_path)
    spent = media().assign(spend_minor=(media()["spend"] * 100).astype(int))
    sold = sales().assign(revenue_minor=(sales()["revenue"] * 100).astype(int), price_index=1.0, holiday="")
    facts.write(GEO_MEDIA_WEEKS, spent.drop(columns=["spend"]))
    facts.write(GEO_SALES_WEEKS, sold.drop(columns=["revenue"]))
    found = read_geos(facts)
    assert found["华东"].revenue.tolist() == [100.0] * 4
    assert found["西南"].spend.to_numpy()[1].tolist() == [11.0, 5.0]


def test_without_data_by_geo_there_are_no_geos(tmp_path: Path) -> None:
    assert read_geos(Facts(tmp_path)) == {}


def test_of_the_last_weeks_those_before_are_carried_in(tmp_path: Path) -> None:
    facts = Facts(tmp_path)
    spent = media().assign(spend_minor=(media()["spend"] * 100).astype(int))
    sold = sales().assign(revenue_minor=(sales()["revenue"] * 100).astype(int), price_index=1.0, holiday="")
    facts.write(GEO_MEDIA_WEEKS, spent.drop(columns=["spend"]))
    facts.write(GEO_SALES_WEEKS, sold.drop(columns=["revenue"]))
    found = read_geos(facts, weeks=3)["西南"]
    assert (len(found.weeks), len(found.carry_in)) == (3, 1)
    assert found.controls.index.equals(found.weeks)
