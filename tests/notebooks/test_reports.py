"""The published reports, opened as their readers open them: whole, offline, in the reader's language."""

import json
import re

import openpyxl
import pptx
import pytest
from tests.kit.report.reading import html_texts, pptx_texts, stray_english, tofu, xlsx_texts
from tests.notebooks.conftest import LANGUAGES, REPORTS, Ran, made_in

NAMES = ("template",)
"""A notebook's own name stands in the notes; those with a folder are known by their slash."""

every_report = pytest.mark.parametrize("report", REPORTS)
every_page = pytest.mark.parametrize(("report", "language"), made_in(*LANGUAGES))
every_chinese_page = pytest.mark.parametrize(("report", "language"), made_in("zh_Hans", "zh_Hant"))


def test_the_main_job_regenerates_every_report(published: Ran) -> None:
    assert published.code == 0, published.said


@every_page
def test_a_run_is_whole(published: Ran, report: str, language: str) -> None:
    folder = published.folder(report, language)
    wanted = {"report.html", "report.ipynb", "run.json", "slides.pptx", "tables.xlsx"}
    assert {file.name for file in folder.iterdir()} == wanted
    account = json.loads((folder / "run.json").read_text("utf-8"))
    assert (account["status"], account["language"]) == ("succeeded", language)
    assert account["data"]
    assert account["numbers"]


@every_page
def test_the_page_is_small_and_asks_nothing_of_the_network(published: Ran, report: str, language: str) -> None:
    page = published.folder(report, language) / "report.html"
    html = page.read_text("utf-8")
    assert page.stat().st_size < 3_000_000
    assert not re.findall(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[\"']?(?:https?:)?//", html)
    assert not re.findall(r"url\(\s*[\"']?(?:https?:)?//", html)
    assert "Progress(" not in html
    assert "Traceback" not in html


@every_chinese_page
def test_chinese_pages_show_no_tofu_and_no_stray_english(published: Ran, report: str, language: str) -> None:
    texts = html_texts((published.folder(report, language) / "report.html").read_text("utf-8"))
    assert stray_english(texts) == []
    assert tofu(texts) == []


@every_chinese_page
def test_chinese_slides_show_no_tofu_and_no_stray_english(published: Ran, report: str, language: str) -> None:
    texts = pptx_texts(published.folder(report, language) / "slides.pptx")
    assert stray_english(texts, allowed=NAMES) == []
    assert tofu(texts) == []


@every_chinese_page
def test_chinese_workbooks_hold_no_stray_english(published: Ran, report: str, language: str) -> None:
    texts = xlsx_texts(published.folder(report, language) / "tables.xlsx")
    assert stray_english(texts, allowed=NAMES) == []


@every_report
def test_english_reports_hold_chinese_only_where_the_data_has_no_english_word(published: Ran, report: str) -> None:
    texts = html_texts((published.folder(report, "en") / "report.html").read_text("utf-8"))
    chinese = [text for text in texts if re.search(r"[\u4e00-\u9fff]", text)]
    assert chinese == []


@every_report
def test_the_workbook_has_typed_cells_and_no_formula(published: Ran, report: str) -> None:
    book = openpyxl.load_workbook(published.folder(report, "zh_Hans") / "tables.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert sum(cell.data_type == "n" and cell.number_format != "General" for cell in cells) > 10


@every_report
def test_the_slides_have_native_charts(published: Ran, report: str) -> None:
    deck = pptx.Presentation(str(published.folder(report, "zh_Hans") / "slides.pptx"))
    assert [shape for slide in deck.slides for shape in slide.shapes if shape.has_chart]


@every_report
def test_it_runs_with_changed_parameters(changed: Ran, published: Ran, report: str) -> None:
    assert changed.code == 0, changed.said
    before, after = (
        json.loads((ran.folder(report, "zh_Hans") / "run.json").read_text("utf-8")) for ran in (published, changed)
    )
    assert before["parameters"] != after["parameters"]
    assert before["numbers"] != after["numbers"]
