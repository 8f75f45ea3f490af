"""The workbook, opened again: typed cells, number formats, no formulas, native charts."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.kit.report.reading import stray_english, tofu, xlsx_texts

from marketbook.kit.language import speaking
from marketbook.kit.report.document import Document, Shown
from marketbook.kit.report.export import write
from marketbook.kit.report.export.xlsx import RISKY, sheet_names

Invented = Callable[[str], Document]


@pytest.fixture(scope="module")
def book(exported: Callable[[str], Path]) -> Any:
    return openpyxl.load_workbook(exported("zh_Hans") / "tables.xlsx")


def test_there_is_an_overview_a_sheet_for_each_finding_and_notes(book: Any, invented_document: Invented) -> None:
    headings = [finding.heading for finding in invented_document("zh_Hans").findings]
    assert book.sheetnames == ["概览", *headings, "图表数据", "附注"]


def test_cells_are_typed_and_formatted_by_kind(book: Any) -> None:
    row = book["知名度"][5]
    assert [cell.value for cell in row[:6]] == ["抖音", 0.42, 0.38, 0.46, 840, 1_234_567.0]
    assert [cell.number_format for cell in row[1:6]] == ["0.0%", "0.0%", "0.0%", "#,##0", '"¥"#,##0.00']


def test_days_are_real_days(book: Any) -> None:
    cell = book["营收"]["A5"]
    assert (cell.value, cell.is_date) == (datetime(2025, 1, 6), True)  # noqa: DTZ001  # Excel knows no zones


def test_fen_are_written_as_yuan_with_two_decimals(book: Any) -> None:
    assert [book["知名度"].cell(row, 6).value for row in (7, 8, 9)] == [0, 0.99, -50.0]


def test_the_overview_holds_the_headline_numbers_with_their_intervals(book: Any) -> None:
    assert [cell.value for cell in book["概览"][6]][1:5] == ["知名度", 0.512, 0.478, 0.546]
    assert [cell.value for cell in book["概览"][8]][1:3] == ["花费", 1_234_567.89]
    assert book["概览"]["A6"].hyperlink.location == "'知名度'!A1"


@pytest.mark.parametrize("start", RISKY)
def test_text_that_looks_like_a_formula_stays_text(invented_document: Invented, tmp_path: Path, start: str) -> None:
    document = invented_document("zh_Hans")
    text = f"{start}HYPERLINK(1)"
    shown = document.shown[0].finding
    table = shown.table.model_copy(update={"rows": ((text, 0.1, 0.1, 0.1, 1, 1),)})
    evil = shown.model_copy(update={"heading": text, "text": text, "caveats": (text,), "table": table})
    write(replace(document, title=text, question=text, blocks=(Shown(evil),)), tmp_path, ["xlsx"])
    with zipfile.ZipFile(tmp_path / "tables.xlsx") as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/")]
        assert "quotePrefix" in parts.read("xl/styles.xml").decode()
    assert not any("<f>" in sheet for sheet in sheets)


def test_no_report_holds_a_formula_at_all(book: Any) -> None:
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_tables_keep_their_heading_in_sight_and_can_be_filtered(book: Any) -> None:
    for name in ("知名度", "营收", "提升"):
        assert book[name].freeze_panes == "A5"
        assert book[name].auto_filter.ref.startswith("A4:")


def test_columns_are_wide_enough_for_chinese(book: Any) -> None:
    longest = "朋友推荐或者家人介绍给我听说的其他渠道"
    assert book["知名度"].column_dimensions["A"].width >= 2 * len(longest)


def test_charts_are_native_and_hold_the_numbers(book: Any) -> None:
    charts = [chart for name in book.sheetnames for chart in book[name]._charts]
    assert len(charts) == 5
    assert [type(chart).__name__ for chart in charts] == [
        "BarChart",
        "LineChart",
        "BarChart",
        "ScatterChart",
        "ScatterChart",
    ]
    data = book["图表数据"]
    assert [data.cell(row, 2).value for row in range(3, 8)] == [0.42, 0.31, 0.28, 0.12, 0.09]
    assert data.cell(3, 3).value == pytest.approx(0.04)


def test_the_notes_name_parameters_run_and_versions(book: Any) -> None:
    lines = [tuple(cell.value for cell in row) for row in book["附注"].iter_rows(min_row=5)]
    assert ("参数", "置信水平", "0.9") in lines
    assert ("运行情况", "笔记本", "survey/invented-report") in lines
    assert ("运行情况", "运行时间", "2026年1月5日 15:00 Asia/Shanghai") in lines
    assert ("软件版本", "marketbook", "0.1.0") in lines


@pytest.mark.parametrize("spoken", ["zh_Hans", "zh_Hant"])
def test_a_chinese_workbook_has_no_tofu_and_no_stray_english(exported: Callable[[str], Path], spoken: str) -> None:
    texts = xlsx_texts(exported(spoken) / "tables.xlsx")
    assert stray_english(texts) == []
    assert tofu(texts) == []


def test_sheet_names_are_legal_and_unique() -> None:
    with speaking("zh_Hans"):
        names = sheet_names(["[]:*?/\\", "长" * 40, "长" * 40, "history", "A", "a", "'引'", "😀" * 20])
    assert len({name.casefold() for name in names}) == len(names)
    assert all(0 < len(name.encode("utf-16-le")) // 2 <= 31 for name in names)
    assert not any(set(name) & set("[]:*?/\\") or name.startswith("'") for name in names)
    assert "history" not in names
