"""The slides: a title, one finding a slide with a native chart, the notes last; East Asian fonts set throughout."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Inches, Pt

from marketbook.kit import language
from marketbook.kit.language import gettext as _
from marketbook.kit.report.document import Document
from marketbook.kit.report.export import slides_chart
from marketbook.kit.report.export.plain import plain_text, run_notes
from marketbook.kit.report.export.plot import plot_of
from marketbook.kit.report.export.slides_theme import WIDTH, bar, blank, say, text_box
from marketbook.kit.report.finding import Finding, Number
from marketbook.kit.report.format import decimals_of
from marketbook.kit.report.format import write as written
from marketbook.kit.report.measure import width_of
from marketbook.kit.report.theme import ACCENT, INK, MUTED, OFFICE_FONTS, TAGS

_TITLE_ONLY = 5
_LEFT, _INSIDE = 0.65, 12.03
_MOST_NUMBERS, _MOST_ROWS, _MOST_COLUMNS, _MOST_NOTES, _MOST_SOURCES = 4, 9, 6, 20, 2
_TILE_EMS = 18
"""Ems of a number's title that fit on one line."""

_SIZES = ((42, 28), (76, 24), (116, 20), (175, 17))
"""Ems of a title that fit on at most three lines, and the size that makes them fit."""


def write(document: Document, file: Path) -> None:
    """Write a report's findings as slides, in the current language."""
    deck = _Deck(document)
    deck.title()
    for finding in document.findings:
        deck.finding(finding)
    deck.notes()
    deck.deck.core_properties.title = document.title
    deck.deck.core_properties.author = document.company
    deck.deck.core_properties.language = deck.tag
    deck.deck.save(str(file))


def size_for(text: str) -> float:
    """Return the size in points at which a title fits its place.

    Example:
        >>> size_for("知名度过半"), size_for("知名度" * 30)
        (28, 20)
    """
    return next((size for ems, size in _SIZES if width_of(text) <= ems), 14)


class _Deck:
    """The presentation on its way to the disk."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.font, self.tag = OFFICE_FONTS[document.language], TAGS[document.language]
        self.deck: Any = blank(self.font)
        self.moment = language.format_datetime(document.moment)

    def title(self) -> None:
        title = self.document.title
        slide = self._slide(title, (_LEFT, 1.9, _INSIDE, 1.6), 40 if width_of(title) <= 24 else size_for(title) + 6)
        slide.shapes.title.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
        bar(slide, (0, 0, WIDTH.inches, 0.16))
        self._write(slide, (_LEFT, 3.7, 10.8, 1.4), [plain_text(self.document.question)], 20, INK)
        said = " · ".join(filter(None, (self.document.company, self.moment)))
        self._write(slide, (_LEFT, 6.5, _INSIDE, 0.4), [said], 14, MUTED)

    def finding(self, finding: Finding) -> None:
        slide = self._slide(finding.text, (_LEFT, 0.75, _INSIDE, 1.25), size_for(finding.text))
        bar(slide, (0, 0, WIDTH.inches, 0.09))
        self._write(slide, (_LEFT, 0.38, _INSIDE, 0.32), [finding.heading], 13, ACCENT, bold=True)
        numbers = finding.numbers[:_MOST_NUMBERS]
        width = 8.75 if numbers else _INSIDE
        self._picture(slide, finding, width)
        for place, number in enumerate(numbers):
            self._number(slide, number, 2.25 + 1.02 * place)
        self._write(slide, (_LEFT, 6.42, _INSIDE, 0.5), [" ".join(finding.caveats)], 11, MUTED)
        self._footer(slide, self.document.titled(finding.sources))

    def notes(self) -> None:
        slide = self._slide(_("Notes"), (_LEFT, 0.5, _INSIDE, 0.7), 28)
        bar(slide, (0, 0, WIDTH.inches, 0.09))
        lines = [f"{name}: {value}" for _about, name, value in run_notes(self.document)][:_MOST_NOTES]
        half = -(-len(lines) // 2)
        for left, part in ((_LEFT, lines[:half]), (_LEFT + 6.2, lines[half:])):
            self._write(slide, (left, 1.5, 5.8, 5), part, 13, INK, space=6)
        self._footer(slide, {})

    def _slide(self, title: str, box: tuple[float, float, float, float], size: float) -> Any:  # noqa: ANN401  # pptx
        slide = self.deck.slides.add_slide(self.deck.slide_layouts[_TITLE_ONLY])
        shape = slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = (Inches(side) for side in box)
        frame = shape.text_frame
        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        self._fill(frame, [title], size, INK, bold=True)
        return slide

    def _picture(self, slide: Any, finding: Finding, width: float) -> None:  # noqa: ANN401  # pptx
        plot = plot_of(finding)
        if plot is None:
            self._table(slide, finding, width)
            return
        self._write(slide, (_LEFT, 2.1, width, 0.3), [plot.title], 13, INK, bold=True)
        height = 3.75 if plot.notes else 3.95
        slides_chart.add(slide, plot, (_LEFT - 0.1, 2.4, width, height), currency=finding.currency, font=self.font,
                         tag=self.tag)  # fmt: skip
        self._write(slide, (_LEFT, 6.17, width, 0.25), [" ".join(plot.notes)], 10, MUTED)

    def _table(self, slide: Any, finding: Finding, width: float) -> None:  # noqa: ANN401  # pptx
        columns, rows = finding.table.columns[:_MOST_COLUMNS], finding.table.rows[:_MOST_ROWS]
        if not rows:
            return
        place = [Inches(side) for side in (_LEFT, 2.25, width, 0.4 * (len(rows) + 1))]
        table = slide.shapes.add_table(len(rows) + 1, len(columns), *place).table
        for index, column in enumerate(columns):
            decimals = decimals_of(finding.table.values(column.name))
            head = table.cell(0, index).text_frame
            self._fill(head, [column.title], 12, "#ffffff", bold=True, right=column.kind != "text")
            for row, cells in enumerate(rows, start=1):
                text = written(cells[index], column.kind, currency=finding.currency, decimals=decimals)
                self._fill(table.cell(row, index).text_frame, [text], 12, INK, right=column.kind != "text")

    def _number(self, slide: Any, number: Number, top: float) -> None:  # noqa: ANN401  # pptx
        left, width = 9.75, 2.95
        size, lift = (11, 0) if width_of(number.title) <= _TILE_EMS else (9, 0.06)
        self._write(slide, (left, top - lift, width, 0.25), [number.title], size, MUTED)
        self._write(slide, (left, top + 0.23, width, 0.42), [number.written], 24, ACCENT, bold=True)
        self._write(slide, (left, top + 0.66, width, 0.22), [number.written_ci], 11, MUTED)

    def _footer(self, slide: Any, sources: dict[str, str]) -> None:  # noqa: ANN401  # pptx
        marks = ", ".join(f"{name} {mark[:8]}" for name, mark in list(sources.items())[:_MOST_SOURCES])
        marks += ", …" if len(sources) > _MOST_SOURCES else ""
        source = _("Source: {sources}").format(sources=marks) if marks else ""
        said = " · ".join(filter(None, (self.document.company, self.document.title, self.moment, source)))
        self._write(slide, (_LEFT, 7.03, 11.2, 0.25), [said], 9, MUTED)
        self._write(slide, (12.3, 7.03, 0.5, 0.25), [str(len(self.deck.slides))], 9, MUTED)

    def _write(
        self,
        slide: Any,  # noqa: ANN401  # pptx is untyped
        box: tuple[float, float, float, float],
        lines: Sequence[str],
        size: float,
        color: str,
        *,
        bold: bool = False,
        space: float = 0,
    ) -> None:
        if any(lines):
            self._fill(text_box(slide, box), lines, size, color, bold=bold, space=space)

    def _fill(
        self,
        frame: Any,  # noqa: ANN401  # pptx is untyped
        lines: Sequence[str],
        size: float,
        color: str,
        *,
        bold: bool = False,
        space: float = 0,
        right: bool = False,
    ) -> None:
        for index, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
            run = paragraph.add_run()
            run.text = line
            say(run, size=size, font=self.font, tag=self.tag, color=color, bold=bold)
            paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
            paragraph.space_after = Pt(space)
