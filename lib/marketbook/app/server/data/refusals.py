"""Refused rows as a workbook: the same table as the rejects file, every cell a text, so that numbers stay whole."""

import csv
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import xlsxwriter

from marketbook.kit.facts.headings import REJECTS

MOST_ROWS = 50_000
"""Rows of a workbook; where more are refused there is only the text file."""

LONGEST_CELL = 32_767
"""Characters that a spreadsheet takes."""

WIDEST = 16_384
"""Columns that a spreadsheet takes."""

_WIDTHS = (8, 20, 24, 48)
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def write_workbook(rejects: Path, place: Path) -> bool:
    """Write it, where it loses nothing.

    Args:
        rejects: The rejects file.
        place: Where the workbook goes.

    Returns:
        Whether it was written: not where there are too many rows or too long ones.
    """
    csv.field_size_limit(1 << 24)
    with rejects.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(islice(csv.reader(stream), MOST_ROWS + 2))
    if len(rows) > MOST_ROWS + 1 or not all(map(_fits, rows)):
        return False
    with xlsxwriter.Workbook(place, _OPTIONS) as book:
        _write(book, rows)
    return True


def _fits(row: Sequence[str]) -> bool:
    return len(row) <= WIDEST and max(map(len, row)) <= LONGEST_CELL


def _write(book: xlsxwriter.Workbook, rows: Sequence[Sequence[str]]) -> None:
    page = book.add_worksheet()
    heading, why, text = (
        book.add_format(kind)
        for kind in ({"bold": True, "bottom": 1}, {"font_color": "#A3262A", "num_format": "@"}, {"num_format": "@"})
    )
    page.freeze_panes(1, len(REJECTS))
    for at, width in enumerate(_WIDTHS):
        page.set_column(at, at, width)
    page.set_column(len(_WIDTHS), max(map(len, rows)), 16)
    for number, row in enumerate(rows):
        for at, cell in enumerate(row):
            page.write_string(number, at, cell, heading if number == 0 else why if at < len(REJECTS) else text)
