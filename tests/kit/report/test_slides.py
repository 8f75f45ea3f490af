"""The slides, opened again: one finding a slide, native charts with their numbers, fonts for Chinese in every run."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pptx
import pytest
from pptx.enum.chart import XL_CHART_TYPE
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from tests.kit.report.reading import pptx_texts, stray_english, tofu

from marketbook.kit.report.document import Document, Shown
from marketbook.kit.report.export import write
from marketbook.kit.report.export.slides import size_for

Invented = Callable[[str], Document]
TAGS = {
    "zh_Hans": ("Microsoft YaHei", "zh-CN"),
    "zh_Hant": ("Microsoft JhengHei", "zh-TW"),
    "en": ("Microsoft YaHei", "en-US"),
}


@pytest.fixture(scope="module")
def deck(exported: Callable[[str], Path]) -> Any:
    return pptx.Presentation(str(exported("zh_Hans") / "slides.pptx"))


def _charts(deck: Any) -> list[Any]:
    return [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]


def test_there_is_a_title_a_slide_for_each_finding_and_notes(deck: Any, invented_document: Invented) -> None:
    document = invented_document("zh_Hans")
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert titles == [document.title, *(finding.text for finding in document.findings), "附注"]
    assert (deck.slide_width / deck.slide_height) == pytest.approx(16 / 9, rel=1e-3)


@pytest.mark.parametrize("spoken", list(TAGS))
def test_every_run_has_an_east_asian_font_and_a_language(exported: Callable[[str], Path], spoken: str) -> None:
    deck = pptx.Presentation(str(exported(spoken) / "slides.pptx"))
    elements = [slide.element for slide in deck.slides] + [chart._chartSpace for chart in _charts(deck)]
    runs = [run for element in elements for run in element.iter(qn("a:rPr"), qn("a:defRPr"))]
    texts = [run for element in elements for run in element.iter(qn("a:r"))]
    assert all(run.find(qn("a:rPr")) is not None for run in texts)
    for run in runs:
        fonts = {run.find(qn(name)).get("typeface") for name in ("a:latin", "a:ea", "a:cs")}
        assert (fonts, run.get("lang")) == ({TAGS[spoken][0]}, TAGS[spoken][1])


def test_the_theme_has_our_fonts_too(deck: Any) -> None:
    theme = deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob.decode()
    assert theme.count('<a:ea typeface="Microsoft YaHei"/>') == 2


def test_charts_are_native_and_hold_the_numbers(deck: Any, invented_document: Invented) -> None:
    charts = _charts(deck)
    assert [chart.chart_type for chart in charts] == [
        XL_CHART_TYPE.BAR_CLUSTERED,
        XL_CHART_TYPE.LINE,
        XL_CHART_TYPE.BAR_CLUSTERED,
        XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS,
        XL_CHART_TYPE.XY_SCATTER,
    ]
    assert list(charts[0].plots[0].series[0].values) == [0.42, 0.31, 0.28, 0.12, 0.09]
    weekly = invented_document("zh_Hans").findings[1].table.values("revenue")
    assert list(charts[1].plots[0].series[0].values) == pytest.approx(weekly)
    assert all(chart.part.chart_workbook.xlsx_part is not None for chart in charts)


def test_intervals_of_bars_are_error_bars_and_of_lines_two_lines(deck: Any) -> None:
    bars, line, *_others = _charts(deck)
    plus = bars._chartSpace.find(f".//{qn('c:errBars')}/{qn('c:plus')}")
    assert [float(v.text) for v in plus.iter(qn("c:v"))] == pytest.approx([0.04, 0.04, 0.03, 0.02, 0.03])
    assert [series.name for series in line.plots[0].series] == ["营收", "营收：上限", "营收：下限"]


def test_a_finding_without_a_picture_shows_its_table(invented_document: Invented, tmp_path: Path) -> None:
    document = invented_document("zh_Hans")
    bare = document.findings[0].model_copy(update={"picture": None})
    write(replace(document, blocks=(Shown(bare),)), tmp_path, ["pptx"])
    slide = pptx.Presentation(str(tmp_path / "slides.pptx")).slides[1]
    (table,) = (shape.table for shape in slide.shapes if shape.has_table)
    assert [cell.text for cell in table.rows[1].cells] == ["抖音", "42.0%", "38.0%", "46.0%", "840", "¥1,234,567"]


def test_headline_numbers_caveat_and_source_stand_on_the_slide(invented_document: Invented, tmp_path: Path) -> None:
    document = invented_document("zh_Hans")
    finding = document.findings[0].model_copy(update={"sources": {"survey_answers": "5534f4d19718f3f2"}})
    write(replace(document, blocks=(Shown(finding),)), tmp_path, ["pptx"])
    slide = pptx.Presentation(str(tmp_path / "slides.pptx")).slides[1]
    texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    assert {"51.2%", "[47.8%, 54.6%]", "2,000", "¥123.46万", *finding.caveats} <= set(texts)
    assert any(text.endswith("数据来源：survey_answers 5534f4d1") for text in texts)


def test_nothing_stands_outside_the_slide(deck: Any) -> None:
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height


def test_a_longer_title_is_smaller() -> None:
    sizes = [size_for("知" * ems) for ems in (20, 60, 100, 150, 400)]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 5


@pytest.mark.parametrize("spoken", ["zh_Hans", "zh_Hant"])
def test_chinese_slides_have_no_tofu_and_no_stray_english(exported: Callable[[str], Path], spoken: str) -> None:
    texts = pptx_texts(exported(spoken) / "slides.pptx")
    assert len(texts) > 40
    assert stray_english(texts) == []
    assert tofu(texts) == []
