"""The rows behind a number as a file: CSV as the import takes it back, a workbook to read and reckon with."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import xlsxwriter

from marketbook.kit import language
from marketbook.kit.config import settings
from marketbook.kit.facts import Dataset
from marketbook.kit.language import gettext as _
from marketbook.kit.report.export.numbers import number_format
from marketbook.kit.report.export.xlsx import RISKY
from marketbook.kit.report.rows import Heading, headings
from marketbook.kit.report.theme import OFFICE_FONTS

_KEPT_AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_csv(file: Path, dataset: Dataset, batches: Iterable[pa.RecordBatch]) -> None:
    """Write rows as CSV that spreadsheets open in Chinese: values as they are kept, headings as the import knows them.

    Text that a spreadsheet might take for a formula gets an apostrophe in front.
    """
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([dataset.title_of(name) for name in dataset.open_columns])
        for batch in batches:
            writer.writerows([_plain(value) for value in row] for row in _rows(batch))


def write_xlsx(
    file: Path, dataset: Dataset, batches: Iterable[pa.RecordBatch], notes: Sequence[tuple[str, str]]
) -> None:
    """Write rows as a workbook: typed cells, amounts in major units, and a sheet that says which rows these are.

    Args:
        file: Where it goes.
        dataset: The rows' declaration.
        batches: The rows.
        notes: What the second sheet says: about what, and what.
    """
    columns = headings(dataset)
    with xlsxwriter.Workbook(str(file), _KEPT_AS_TEXT | {"constant_memory": True}) as book:
        styles = [_style(book, column) for column in columns]
        head = book.add_format({"bold": True, "bottom": 1, "font_name": OFFICE_FONTS[language.current()]})
        sheet, about = book.add_worksheet(_(dataset.title)[:31]), book.add_worksheet(_("Notes"))
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(columns) - 1, 18)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.title, head)
        rows = (row for batch in batches for row in _rows(batch))
        for number, row in enumerate(rows, start=1):
            for place, (value, column, style) in enumerate(zip(row, columns, styles, strict=True)):
                _cell(sheet, number, place, value, column, style)
        about.set_column(0, 1, 40)
        for number, (what, text) in enumerate(notes):
            about.write_string(number, 0, what, head)
            about.write_string(number, 1, text)


def _cell(sheet: Any, row: int, place: int, value: Any, column: Heading, style: Any) -> None:  # noqa: ANN401
    if value is None:
        return
    if isinstance(value, date):
        sheet.write_datetime(row, place, value, style)
    elif isinstance(value, bool):
        sheet.write_string(row, place, _("yes") if value else _("no"), style)
    elif isinstance(value, str):
        sheet.write_string(row, place, column.spoken(value), style)
    else:
        sheet.write_number(row, place, value / 100 if column.kind == "minor" else value, style)


def _style(book: Any, column: Heading) -> Any:  # noqa: ANN401  # xlsxwriter is untyped
    formats = {"number": "General", "count": "0"}
    written = formats.get(column.kind) or number_format(column.kind, currency=settings().currency)
    if column.moment:
        written = "yyyy-mm-dd hh:mm"
    return book.add_format({"num_format": written, "font_name": OFFICE_FONTS[language.current()]})


def _rows(batch: pa.RecordBatch) -> Iterable[tuple[Any, ...]]:
    return zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _plain(value: Any) -> Any:  # noqa: ANN401  # any cell of a dataset
    if isinstance(value, str) and value.startswith(RISKY):
        return f"'{value}"
    return value.isoformat(" ", "seconds") if isinstance(value, datetime) else value
