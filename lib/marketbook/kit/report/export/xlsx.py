"""The workbook: an overview, a sheet for each finding with typed cells and a native chart, the charts' data, notes."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from marketbook.kit import language
from marketbook.kit.language import gettext as _
from marketbook.kit.report.document import Document
from marketbook.kit.report.export.numbers import number_format
from marketbook.kit.report.export.plain import plain_text, run_notes
from marketbook.kit.report.export.xlsx_chart import ChartData
from marketbook.kit.report.finding import Cell, Column, Finding
from marketbook.kit.report.format import Kind, decimals_of
from marketbook.kit.report.format import write as written
from marketbook.kit.report.measure import width_of
from marketbook.kit.report.theme import ACCENT, INK, LINE, MUTED, OFFICE_FONTS

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How text begins that a spreadsheet might take for a formula."""

_WIDEST, _NARROWEST = 60.0, 9.0


def write(document: Document, file: Path) -> None:
    """Write a report's tables as a workbook, in the current language."""
    kept_as_text = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(file), {**kept_as_text, "default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties({"title": document.title, "company": document.company, "created": _naive(document)})
        _Book(book, document).write()


class _Book:
    """One workbook on its way to the disk: its formats and the names of its sheets."""

    def __init__(self, book: Any, document: Document) -> None:  # noqa: ANN401  # xlsxwriter is untyped
        self.book, self.document = book, document
        self.font = OFFICE_FONTS[document.language]
        self.styles: dict[tuple[tuple[str, Any], ...], Any] = {}
        last = [_("Chart data"), _("Notes")]
        names = sheet_names([_("Overview"), *(finding.heading for finding in document.findings), *last])
        self.names = names

    def write(self) -> None:
        overview, *sheets = (self.book.add_worksheet(name) for name in self.names)
        *tables, drawn, notes = sheets
        self._overview(overview)
        charts = ChartData(self.book, drawn, self.font, self.style)
        for sheet, finding in zip(tables, self.document.findings, strict=True):
            self._finding(sheet, finding, charts)
        self._notes(notes)

    def style(self, **properties: Any) -> Any:  # noqa: ANN401  # a format's properties
        """Return a cell format, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self.styles:
            base = {"font_name": self.font, "font_size": 10.5, "font_color": INK, "valign": "vcenter"}
            self.styles[key] = self.book.add_format(base | properties)
        return self.styles[key]

    def text(self, sheet: Any, row: int, column: int, text: str, **properties: Any) -> None:  # noqa: ANN401  # sheet
        """Write text that stays text, whatever it begins with."""
        quoted = {"quote_prefix": True} if text.startswith(RISKY) else {}
        sheet.write_string(row, column, text, self.style(**properties, **quoted))

    def cell(self, sheet: Any, row: int, column: int, value: Cell, kind: Kind, *, decimals: int, currency: str) -> None:  # noqa: ANN401
        """Write one typed cell."""
        style = self.style(num_format=number_format(kind, currency=currency, decimals=decimals), bottom=4,
                           bottom_color=LINE)  # fmt: skip
        day = _day(value, kind)
        if value is None:
            sheet.write_blank(row, column, None, style)
        elif day is not None:
            sheet.write_datetime(row, column, day, style)
        elif isinstance(value, bool | str):
            self.text(sheet, row, column, written(value, "text"), bottom=4, bottom_color=LINE, indent=1)
        else:
            sheet.write_number(row, column, value / 100 if kind == "minor" else value, style)

    def head(self, sheet: Any, row: int, titles: Sequence[str], *, kinds: Sequence[Kind] = ()) -> None:  # noqa: ANN401
        """Write a table's heading."""
        for column, title in enumerate(titles):
            right = column < len(kinds) and kinds[column] != "text"
            self.text(sheet, row, column, title, bold=True, font_color="#ffffff", bg_color=ACCENT, text_wrap=True,
                      align="right" if right else "left", indent=0 if right else 1)  # fmt: skip

    def _opening(self, sheet: Any, title: str, text: str) -> None:  # noqa: ANN401  # sheet
        sheet.hide_gridlines(2)
        sheet.set_default_row(18)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_row(0, 28)
        self.text(sheet, 0, 0, title, bold=True, font_size=16, font_color=ACCENT)
        self.text(sheet, 1, 0, text, font_size=11.5)

    def _overview(self, sheet: Any) -> None:  # noqa: ANN401  # sheet
        self._opening(sheet, self.document.title, plain_text(self.document.question))
        said = " · ".join(filter(None, (self.document.company, language.format_datetime(self.document.moment))))
        self.text(sheet, 2, 0, said, font_color=MUTED)
        titles = [_("Finding"), _("Figure"), _("Value"), _("Lower end"), _("Upper end"), _("In one sentence")]
        self.head(sheet, 4, titles, kinds=("text", "text", "number", "number", "number", "text"))
        row = 5
        for name, finding in zip(self.names[1:], self.document.findings, strict=False):
            row = self._headline(sheet, row, finding, name)
        sheet.freeze_panes(5, 1)
        sheet.autofilter(4, 0, max(row - 1, 5), len(titles) - 1)
        for column, width in enumerate((28, 28, 18, 18, 18, 100)):
            sheet.set_column(column, column, width)

    def _headline(self, sheet: Any, row: int, finding: Finding, name: str) -> int:  # noqa: ANN401  # sheet
        for number in finding.numbers or (None,):
            quoted = {"quote_prefix": True} if finding.heading.startswith(RISKY) else {}
            link = self.style(font_color=ACCENT, underline=1, bottom=4, bottom_color=LINE, **quoted)
            sheet.write_url(row, 0, f"internal:'{name.replace(chr(39), chr(39) * 2)}'!A1", link, finding.heading)
            if number is not None:
                self.text(sheet, row, 1, number.title, bottom=4, bottom_color=LINE)
                ends = (number.value, number.low, number.high)
                for column, value in enumerate(ends, start=2):
                    self.cell(sheet, row, column, value, number.kind, decimals=decimals_of(ends),
                              currency=finding.currency)  # fmt: skip
            self.text(sheet, row, 5, finding.text, bottom=4, bottom_color=LINE)
            row += 1
        return row

    def _finding(self, sheet: Any, finding: Finding, charts: ChartData) -> None:  # noqa: ANN401  # sheet
        self._opening(sheet, finding.heading, finding.text)
        columns, rows = finding.table.columns, finding.table.rows
        self.head(sheet, 3, [column.title for column in columns], kinds=[column.kind for column in columns])
        for place, column in enumerate(columns):
            cells = finding.table.values(column.name)
            for row, value in enumerate(cells, start=4):
                self.cell(sheet, row, place, value, column.kind, decimals=decimals_of(cells), currency=finding.currency)
            sheet.set_column(place, place, _fitted(column, cells, finding.currency))
        sheet.freeze_panes(4, 0)
        if rows:
            sheet.autofilter(3, 0, 3 + len(rows), len(columns) - 1)
        for row, caveat in enumerate(finding.caveats, start=5 + len(rows)):
            self.text(sheet, row, 0, caveat, font_color=MUTED, italic=self.document.language == "en")
        chart = charts.add(finding)
        if chart is not None:
            sheet.insert_chart(3, len(columns) + 1, chart)

    def _notes(self, sheet: Any) -> None:  # noqa: ANN401  # sheet
        self._opening(sheet, _("Notes"), "")
        self.head(sheet, 3, [_("What"), _("Name"), _("Value")])
        for row, line in enumerate(run_notes(self.document), start=4):
            for column, text in enumerate(line):
                self.text(sheet, row, column, text, bottom=4, bottom_color=LINE)
        sheet.freeze_panes(4, 0)
        for column, width in enumerate((18, 30, 60)):
            sheet.set_column(column, column, width)


def sheet_names(wanted: Sequence[str]) -> list[str]:
    r"""Return sheet names that Excel takes: 31 characters, none of []:*?/\, no two alike.

    Example:
        >>> sheet_names(["A/B: lift?", "a b lift", "'"])
        ['A B lift', 'a b lift 2', 'Sheet']
    """
    names: list[str] = []
    for text in wanted:
        clean = " ".join(re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", text).split()).strip("'") or "Sheet"
        name, count = _cut(clean, 31), 1
        while name.casefold() in {taken.casefold() for taken in (*names, "History")}:
            count += 1
            name = f"{_cut(clean, 31 - len(str(count)) - 1)} {count}"
        names.append(name)
    return names


def _cut(text: str, units: int) -> str:
    """Excel counts UTF-16 units."""
    while len(text.encode("utf-16-le")) // 2 > units:
        text = text[:-1]
    return text.strip(" '") or "Sheet"


def _fitted(column: Column, cells: Sequence[Cell], currency: str) -> float:
    decimals = decimals_of(cells)
    texts = [written(cell, column.kind, currency=currency, decimals=decimals) for cell in cells[:2000]]
    cents = 3 if column.kind in ("minor", "money") else 0
    widest = max([width_of(column.title) + 2, *(width_of(text) for text in texts)])
    return min(_WIDEST, max(_NARROWEST, widest * 2.1 + 2 + cents))


def _day(value: Cell, kind: Kind) -> datetime | date | None:
    if not isinstance(value, str) or kind not in ("date", "month"):
        return None
    try:
        day = datetime.fromisoformat(value).replace(tzinfo=None)
    except ValueError:
        return None
    return day if day.year >= 1900 else None


def _naive(document: Document) -> datetime:
    return document.moment.replace(tzinfo=None)
