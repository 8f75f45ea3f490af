"""Pictures: small, self-contained, in the reader's language, every label whole."""

import re
from dataclasses import replace

import pandas as pd
import pytest
from tests.kit.report import invented

from marketbook.kit.language import speaking
from marketbook.kit.report import Chart
from marketbook.kit.report.draw import NARROW, WIDE, spec, svg
from marketbook.kit.report.finding import Finding, Picture, _picture
from marketbook.kit.report.theme import SERIES
from marketbook.kit.report.thin import COUNT, MOST_BARS, MOST_POINTS, sampled, thin


def _drawn(picture: Picture, spoken: str = "zh_Hans", width: int = WIDE) -> str:
    with speaking(spoken):
        return svg(picture, width=width)


def _picture_of(make: object, spoken: str = "zh_Hans") -> Picture:
    with speaking(spoken):
        picture = Finding.of(make()).picture  # type: ignore[operator]
    assert picture is not None
    return picture


@pytest.mark.parametrize("make", invented.RESULTS)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_picture_is_an_svg_without_fonts_scripts_or_references(make: object, width: int) -> None:
    drawn = _drawn(thin(_picture_of(make))[0], width=width)
    assert drawn.startswith("<svg")
    assert not re.search(r"<script|<style|font-family|href|https?:|xmlns", drawn)
    assert len(drawn) < 150_000


def test_a_long_label_is_broken_and_never_cut() -> None:
    texts = re.findall(r">([^<>]+)<", _drawn(_picture_of(invented.awareness), width=NARROW))
    assert "朋友推荐或者家人介绍给我听说的其他渠道" in "".join(texts)
    assert "…" not in "".join(texts)


def test_bars_stand_in_the_order_given() -> None:
    drawn = _drawn(_picture_of(invented.awareness))
    places = [drawn.index(f">{name}<") for name in ("抖音", "微信公众号与视频号", "@电视")]
    assert places == sorted(places)


def test_ticks_speak_the_language() -> None:
    picture = _picture_of(invented.revenue)
    assert ">¥1,200万<" in _drawn(picture)
    assert ">¥1,200萬<" in _drawn(picture, "zh_Hant")
    assert ">CN¥12M<" in _drawn(picture, "en")
    assert ">3月<" in _drawn(picture)
    assert ">Mar<" in _drawn(picture, "en")


def test_amounts_in_fen_are_drawn_in_yuan_on_both_axes() -> None:
    frame = pd.DataFrame({"spend_minor": [0, 500_000_00], "revenue_minor": [0, 9_000_000_00]})
    chart = Chart("line", frame, "spend_minor", "revenue_minor", "", {})
    with speaking("zh_Hans"):
        assert spec(_picture(chart))["data"]["values"][1] == {"a": 500_000, "v": 9_000_000}


def test_short_labels_stand_below_and_long_ones_beside() -> None:
    titles = {"wave": "", "share": ""}
    short = Chart("bar", pd.DataFrame({"wave": ["一", "二"], "share": [0.4, 0.5]}), "wave", "share", "", titles)
    long = replace(
        short, data=short.data.assign(wave=[f"{n}在网上看到朋友转发的直播间广告后下单购买的人" * 2 for n in "甲乙"])
    )
    with speaking("zh_Hans"):
        encodings = [spec(_picture(chart), width=NARROW)["layer"][0]["encoding"] for chart in (short, long)]
    assert [encoding["x"]["type"] for encoding in encodings] == ["nominal", "quantitative"]


def test_months_of_one_year_go_without_it() -> None:
    months = pd.DataFrame({"month": pd.date_range("2025-01-01", periods=3, freq="MS"), "n": [1, 2, 3]})
    chart = Chart("bar", months, "month", "n", "", {})
    assert ">2月<" in _drawn(_picture(chart))
    assert ">Feb<" in _drawn(_picture(chart), "en")


def test_a_long_line_keeps_its_ends_and_extremes() -> None:
    heights = [float(i % 97) for i in range(20_000)]
    heights[7_777] = 1000.0
    chart = Chart("line", pd.DataFrame({"t": range(20_000), "y": heights}), "t", "y", "", {})
    rows = thin(_picture(chart))[0].data.rows
    assert len(rows) <= MOST_POINTS
    assert (7_777, 1000.0) in rows
    assert (rows[0][0], rows[-1][0]) == (0, 19_999)


def test_a_crowd_is_binned_without_losing_a_case() -> None:
    picture = _picture_of(invented.crowd)
    binned, note = thin(picture)
    assert len(binned.data.rows) <= MOST_POINTS
    assert 0.95 * len(picture.data.rows) <= sum(binned.data.values(COUNT)) <= len(picture.data.rows)  # type: ignore[arg-type]
    assert "larger" in note


def test_a_native_chart_gets_every_nth_point_of_a_crowd() -> None:
    chosen, note = sampled(_picture_of(invented.crowd))
    assert len(chosen.data.rows) == 1000
    assert note == "One point in 5 is drawn."


def test_endless_bars_are_cut_with_a_note() -> None:
    frame = pd.DataFrame({"share": [0.1] * 100, "name": [f"城市{n}" for n in range(100)]})
    cut, note = thin(_picture(Chart("bar", frame, "share", "name", "", {})))
    assert len(cut.data.rows) == MOST_BARS
    assert note == "The first 40 of 100 are drawn; the table holds all."


def test_the_colours_of_four_series_stay_apart_without_red_and_green() -> None:
    """Distances in linear RGB as a deuteranope sees it (Machado, Oliveira and Fernandes 2009, table 1, severity 1)."""
    matrix = [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    colours = [[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in SERIES[:4]]
    linear = [[v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in c] for c in colours]
    seen = [[sum(m * v for m, v in zip(row, c, strict=True)) for row in matrix] for c in linear]
    pairs = [(a, b) for i, a in enumerate(seen) for b in seen[i + 1 :]]
    assert min(sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5 for a, b in pairs) > 0.1
