"""Reading what a report shows: all visible text of page, slides and workbook, stray English in it, and tofu.

    from reading import html_texts, pptx_texts, stray_english, tofu
    assert not stray_english(html_texts(page)) and not tofu(html_texts(page))

Text that is meant for machines is left out: code, and what is marked `translate="no"`.
"""

import os
import re
from collections.abc import Iterable
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from unicodedata import category

import openpyxl
import pptx
import pytest
from fontTools.ttLib import TTCollection, TTFont
from pptx.oxml.ns import qn

_TRADE = """
NPS CUPED ROAS ROI RFM CSV AOV CPA CPC CPM CTR CVR GMV SKU KOL KOC GEO SMD LTV CLV CAC MMM MaxDiff AB WTP IQR AIC BIC
SRM CI VIF MAPE Bootstrap Shapley Markov Hill adstock Kish Holm Student APP App
Jaccard Pareto hat CRPS Hennig Benjamini Hochberg logistic hill
tanh michaelis menten root geometric delayed weibull cdf pdf
"""
_NOTES = "python marketbook pandas numpy scipy statsmodels scikit learn ibis framework duckdb Python"
TERMS = frozenset(_TRADE.split()) | frozenset(_NOTES.split())
"""Latin words that may stand on a Chinese page."""

LOST = "\ufffd\u25a1"
"""What is drawn in place of a character that was lost."""

_SILENT = {"style", "script", "pre", "code", "head"}
_VOID = {"meta", "link", "img", "br", "hr", "input"}
_INLINE = {"a", "b", "em", "i", "span", "strong", "sub", "sup", "u", "del", "time", "tspan"}
_CHUNK = re.compile(r"[A-Za-z0-9_./:@-]+")
_WORD = re.compile(r"[A-Za-z]{2,}")
_CITED = re.compile(r"[(（](?:1[89]|20)\d\d[)）]")
_FONTS = Path("/usr/share/fonts")


def html_texts(html: str) -> list[str]:
    """Return the visible texts of a page, block by block, with what a screen reader says."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.texts


def pptx_texts(file: Path) -> list[str]:
    """Return all texts of the slides: paragraphs, tables, and what charts write (names, categories, titles)."""
    found = []
    for slide in pptx.Presentation(str(file)).slides:
        found += ["".join(run.text or "" for run in p.iter(qn("a:t"))) for p in slide.element.iter(qn("a:p"))]
        for shape in slide.shapes:
            if shape.has_chart:
                space = shape.chart._chartSpace
                found += [text.text or "" for text in space.iter(qn("a:t"))]
                found += [v.text or "" for cache in space.iter(qn("c:strCache")) for v in cache.iter(qn("c:v"))]
    return [text for text in found if text.strip()]


def xlsx_texts(file: Path) -> list[str]:
    """Return all texts of a workbook: sheet names and text cells."""
    book = openpyxl.load_workbook(file)
    cells = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    return [*book.sheetnames, *(value for value in cells if isinstance(value, str))]


def stray_english(texts: Iterable[str], *, allowed: Iterable[str] = ()) -> list[str]:
    """Return the Latin words that do not belong on a Chinese page.

    Args:
        texts: Visible texts. Those that cite a publication ("Kish (1965). ...") are left alone, and so are
            identifiers and fingerprints: chunks with `_`, `/`, `@` or digits in them.
        allowed: Further words: names of products, of people.
    """
    known = TERMS | set(allowed)
    strays: set[str] = set()
    for text in texts:
        if not _CITED.search(text):
            strays |= {word for chunk in _CHUNK.findall(text) if not _is_code(chunk) for word in _WORD.findall(chunk)}
    return sorted(strays - known)


def tofu(texts: Iterable[str]) -> list[str]:
    """Return the characters that no installed font of ours can draw, and those that stand for lost ones."""
    shown = {c for text in texts for c in text if not c.isspace() and category(c) not in ("Cc", "Cf", "Mn")}
    return sorted(c for c in shown if ord(c) not in _covered() or category(c) in ("Co", "Cn") or c in LOST)


def _is_code(chunk: str) -> bool:
    return any(mark in chunk for mark in "_/@") or any(character.isdigit() for character in chunk)


@lru_cache(maxsize=1)
def _covered() -> frozenset[int]:
    files = sorted(_FONTS.rglob("NotoSansCJK-Regular.ttc"))
    if not files:
        missing = "Noto Sans CJK is not installed (Debian: fonts-noto-cjk)"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    points: set[int] = set()
    for file in files:
        with TTCollection(file, lazy=True) as fonts:
            points |= set(fonts.fonts[0].getBestCmap())
    for file in (*_FONTS.rglob("DejaVuSans.ttf"), *_FONTS.rglob("NotoSans-Regular.ttf")):
        with TTFont(file, lazy=True) as font:
            points |= set(font.getBestCmap())
    return frozenset(points)


class _Reader(HTMLParser):
    """Collects text by block; keeps a stack of what is open to know whether it is silent."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.open: list[tuple[str, bool]] = []
        self.gathered = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        silent = self.silent or tag in _SILENT or given.get("translate") == "no"
        if tag not in _INLINE:
            self.flush()
        if not silent:
            self.texts += [text for name in ("alt", "aria-label", "title") if (text := given.get(name))]
        if tag not in _VOID:
            self.open.append((tag, silent))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if tag not in _INLINE:
            self.flush()
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        title = any(tag == "title" for tag, _silent in self.open)
        if title or not self.silent:
            self.gathered += data

    def close(self) -> None:
        super().close()
        self.flush()

    def flush(self) -> None:
        if self.gathered.strip():
            self.texts.append(" ".join(self.gathered.split()))
        self.gathered = ""

    @property
    def silent(self) -> bool:
        return bool(self.open) and self.open[-1][1]
