"""A list as a workbook that comes back: typed cells, headings in the reader's language, each row's id and version.

A column is known by its heading, in whichever language it was written, so columns may be moved or taken away.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from marketbook.kit import language
from marketbook.kit.forms import typed
from marketbook.kit.forms.fields import FormField
from marketbook.kit.forms.rows import Row, version
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.report.export.numbers import number_format
from marketbook.kit.report.export.xlsx import RISKY, sheet_names
from marketbook.kit.report.theme import ACCENT, INK, MUTED, OFFICE_FONTS

ID, VERSION = mark("Record number"), mark("Version")
"""The headings of what a row is known by; the version's column is hidden."""

_FORMATS = {"money": "minor", "share": "share", "whole": "count", "date": "date"}
_WIDTHS = {"text": 24, "long": 40, "choices": 30, "date": 16, "money": 16}


def write(asked: Sequence[FormField], rows: Sequence[Row], *, title: str, fixed: Collection[str] = ()) -> bytes:
    """Write a workbook in the current language.

    Args:
        asked: The list's fields, described in that language.
        rows: With `id` and a value for each field.
        title: The sheet's name.
        fixed: Fields that cannot be changed by sending the file back; they are grey.
    """
    out = BytesIO()
    kept_as_text = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, {**kept_as_text, "in_memory": True}) as book:
        sheet = book.add_worksheet(sheet_names([title])[0])
        _head(book, sheet, asked)
        for place, one in enumerate(asked, start=2):
            _column(book, sheet, one, place, rows, grey=one.name in fixed)
        _identity(book, sheet, asked, rows)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(len(rows), 1), len(asked) + 1)
    return out.getvalue()


def separator() -> str:
    """Return what stands between several values in one cell."""
    return _(", ")


def _head(book: Any, sheet: Any, asked: Sequence[FormField]) -> None:  # noqa: ANN401  # xlsxwriter is untyped
    style = _style(book, bold=True, font_color="#ffffff", bg_color=ACCENT, text_wrap=True)
    for place, title in enumerate([_(ID), _(VERSION), *(one.title for one in asked)]):
        sheet.write_string(0, place, title, style)
    for place, one in enumerate(asked, start=2):
        if one.help:
            sheet.write_comment(0, place, one.help)


def _identity(book: Any, sheet: Any, asked: Sequence[FormField], rows: Sequence[Row]) -> None:  # noqa: ANN401
    grey, text = _style(book, font_color=MUTED), _style(book, num_format="@")
    for line, row in enumerate(rows, start=1):
        sheet.write_number(line, 0, row["id"], grey)
        sheet.write_string(line, 1, version(asked, row), text)
    sheet.set_column(0, 0, 14, grey)
    sheet.set_column(1, 1, 14, text, {"hidden": True})


def _column(
    book: Any, sheet: Any, one: FormField, place: int, rows: Sequence[Row], *, grey: bool  # noqa: ANN401
) -> None:  # fmt: skip
    number = number_format(_FORMATS.get(one.kind, "number"))  # type: ignore[arg-type]
    numeric = one.kind in ("money", "share", "whole", "number", "date")
    shade = {"font_color": MUTED} if grey else {}
    style = _style(book, num_format=number if numeric else "@", **shade)
    risky = _style(book, num_format="@", quote_prefix=True, **shade)
    sheet.set_column(place, place, max(_WIDTHS.get(one.kind, 14), 2 * len(one.title)), style)
    for line, row in enumerate(rows, start=1):
        _cell(sheet, line, place, one, row.get(one.name), style, risky)
    labels = [choice.label for choice in one.choices] if one.kind == "choice" else []
    labels = [_("yes"), _("no")] if one.kind == "flag" else labels
    if labels and not grey and len(",".join(labels)) <= 255:
        told = {"validate": "list", "source": labels, "error_type": "warning"}
        sheet.data_validation(1, place, max(len(rows), 1) + 500, place, told)


def _cell(sheet: Any, line: int, place: int, one: FormField, value: Any, style: Any, risky: Any) -> None:  # noqa: ANN401
    if value is None or value == "":
        sheet.write_blank(line, place, None, style)
    elif isinstance(value, date) and value.year >= 1900:
        sheet.write_datetime(line, place, datetime(value.year, value.month, value.day), style)  # noqa: DTZ001
    elif one.kind == "money":
        sheet.write_number(line, place, value / 100, style)
    elif one.kind in ("share", "whole", "number"):
        sheet.write_number(line, place, value, style)
    else:
        text = shown(one, value)
        sheet.write_string(line, place, text, risky if text.startswith(RISKY) else style)


def shown(one: FormField, value: Any, labels: Mapping[str, str] | None = None) -> str:  # noqa: ANN401  # of any kind
    """Write a value as a reader sees it.

    Args:
        one: Its field.
        value: As the model holds it.
        labels: Of references, by `FIELD:ID`.
    """
    if value is None or value == "":
        return ""
    if one.kind == "money":
        return language.format_money(value / 100, "CNY", decimals=2)
    if one.kind == "share":
        return language.format_percent(value)
    if one.kind == "date":
        return language.format_date(value)
    if one.kind == "choices":
        known = {choice.value: choice.label for choice in one.choices}
        return separator().join(str(known.get(each, each)) for each in value)
    if one.kind == "reference" and labels:
        return labels.get(f"{one.name}:{value}", str(value))
    return typed.cell(one, value)


def _style(book: Any, **more: Any) -> Any:  # noqa: ANN401  # xlsxwriter is untyped
    base = {"font_name": OFFICE_FONTS[language.current()], "font_size": 10.5, "font_color": INK, "valign": "vcenter"}
    return book.add_format(base | more)
