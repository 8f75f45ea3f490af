"""The page: one file without requests, small, escaped, in one language."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright
from tests.kit.report import invented
from tests.kit.report.reading import html_texts, stray_english, tofu

from marketbook.kit.report.document import Document, Output, Parameter, Prose, Shown
from marketbook.kit.report.export import html
from marketbook.kit.report.page import as_html

LANGUAGES = ("zh_Hans", "en", "zh_Hant")
EVIL = "<script>alert('x')</script><img src=x onerror=alert(1)>"

Invented = Callable[[str], Document]


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_the_page_is_one_small_file_that_asks_nothing_of_other_hosts(
    exported: Callable[[str], Path], spoken: str
) -> None:
    file = exported(spoken) / "report.html"
    page = file.read_text("utf-8")
    assert file.stat().st_size < 3_000_000
    assert not re.search(r"https?://", page)
    assert not re.search(r"""<(?:script|link|iframe|object|embed|base)\b|@import|url\(|\ssrc=["'](?!data:)""", page)


@pytest.mark.parametrize(("spoken", "tag"), [("zh_Hans", "zh-CN"), ("en", "en-US"), ("zh_Hant", "zh-TW")])
def test_the_page_says_its_language(exported: Callable[[str], Path], spoken: str, tag: str) -> None:
    assert f'<html lang="{tag}">' in (exported(spoken) / "report.html").read_text("utf-8")


@pytest.mark.parametrize("spoken", ["zh_Hans", "zh_Hant"])
def test_a_chinese_page_has_no_tofu_and_no_stray_english(exported: Callable[[str], Path], spoken: str) -> None:
    texts = html_texts((exported(spoken) / "report.html").read_text("utf-8"))
    assert len(texts) > 100
    assert stray_english(texts) == []
    assert tofu(texts) == []


def test_the_headline_comes_first_and_once(invented_document: Invented) -> None:
    document = invented_document("zh_Hans")
    page = html.page(document)
    first = document.findings[0]
    assert page.index(document.title) < page.index("谁知道这个品牌") < page.index(first.text) < page.index("<main")
    assert page.count(f">{first.text}<") == 1


def test_every_finding_shows_sentence_picture_table_and_caveat(invented_document: Invented) -> None:
    document = invented_document("zh_Hans")
    texts = html_texts(html.page(document))
    for finding in document.findings:
        assert {finding.text, finding.picture and finding.picture.title, *finding.caveats} <= set(texts)
        assert {column.title for column in finding.table.columns} <= set(texts)


def test_cells_are_written_by_kind(invented_document: Invented) -> None:
    texts = html_texts(html.page(invented_document("zh_Hans")))
    assert {"42.0%", "¥1,234,567", "¥0.99", "840", "2025年1月6日", "¥123.46万"} <= set(texts)


def test_the_notes_hold_parameters_fingerprints_and_versions(invented_document: Invented) -> None:
    document = replace(invented_document("zh_Hans"), sources={"survey_answers": "5534f4d19718f3f2"})
    page = html.page(document)
    for text in ("置信水平", "0.9", "survey_answers", "5534f4d19718f3f2", "survey/invented-report", "python 3.11.7"):
        assert text in page


def test_nothing_in_a_report_becomes_markup(invented_document: Invented) -> None:
    document = invented_document("en")
    finding = document.findings[0]
    table = finding.table.model_copy(update={"rows": ((EVIL, 0.1, 0.1, 0.1, 1, 1),)})
    number = finding.numbers[0].model_copy(update={"title": EVIL, "written": EVIL})
    evil = {"heading": EVIL, "text": EVIL, "caveats": (EVIL,), "table": table, "numbers": (number,)}
    dressed = finding.model_copy(update=evil | {"picture": finding.picture.model_copy(update={"title": EVIL})})
    blocks = (Shown(dressed), Prose(f"## {EVIL}\n\n{EVIL}"), Output(EVIL), Shown(dressed))
    page = html.page(
        replace(document, title=EVIL, question=EVIL, company=EVIL, notebook=EVIL, blocks=blocks, method=(Prose(EVIL),),
                parameters=[Parameter(EVIL, EVIL, EVIL)], sources={EVIL: EVIL}, versions={EVIL: EVIL})
    )  # fmt: skip
    assert "<script" not in page
    assert "<img" not in page


def test_a_remote_picture_in_markdown_stays_text(invented_document: Invented) -> None:
    document = replace(invented_document("en"), blocks=(Prose("![logo](https://example.com/a.png)"),))
    assert "example.com" not in html.page(document)


def test_formulas_in_markdown_stay_readable(invented_document: Invented) -> None:
    document = replace(invented_document("en"), blocks=(Prose("The share $p = k / n$."),))
    assert '<span class="math" translate="no">p = k / n</span>' in html.page(document)


def test_a_report_without_findings_is_still_a_page(invented_document: Invented) -> None:
    page = html.page(replace(invented_document("en"), blocks=(Prose("Nothing yet."),)))
    assert "Nothing yet." in page
    assert 'mb-heading"' not in page.split("<body>")[1]


def test_a_piece_for_a_notebook_styles_only_itself(invented_document: Invented) -> None:
    piece = as_html(invented_document("en").findings[0])
    style = re.sub(r"@(?:container|media)[^{]*\{", "", re.search(r"<style>(.*?)</style>", piece, re.DOTALL)[1])  # type: ignore[index]
    selectors = [one for group in re.findall(r"([^{}]+)\{", style) for one in group.split(",") if one.strip()]
    assert all(one.strip().startswith(".mb-finding") for one in selectors)
    assert "http" not in piece


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A real Chromium."""
    found = shutil.which("chromium")
    if found is None:
        missing = "Chromium is not installed"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_fits_narrow_and_wide_windows(exported: Callable[[str], Path], browser: Any, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((exported("zh_Hans") / "report.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert len(asked) == 1
    page.close()


def test_the_invented_notebook_is_what_papermill_leaves() -> None:
    cells = invented.notebook("en").cells
    assert cells[2].metadata["tags"] == ["injected-parameters"]
