"""What a person or a platform writes in a cell, read as its column's kind: 1,234.56, ¥, 12.3%, 2025年1月5日, 是.

A column of a chunk is read at once. The usual case is one pass in C; only a chunk that holds something unusual is read
cell by cell, each different cell once. What cannot be read stays as it is (the row's model then refuses it) or becomes
an `Unread` that says why. Nothing is guessed: an amount in yuan is fen only where a source says `unit: yuan`.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from math import isfinite
from typing import Any

from marketbook.kit.facts import moments
from marketbook.kit.faults import allowed
from marketbook.kit.language import gettext as _

_LARGEST = 2**63 - 1
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?(e[+-]?\d{1,3})?", re.IGNORECASE)
_NOT_FINITE = {"nan", "inf", "+inf", "-inf", "infinity", "-infinity"}
_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"}
_FOREIGN_SIGN = r"(?:(?!CNY|RMB)[A-Z]{3}|(?:US|HK|NT)?\$|[€£₩]|美元|港元|港币|欧元|英镑|日元)"
_FOREIGN = re.compile(rf"{_FOREIGN_SIGN}\s*-?[\d,.]+|-?[\d,.]+\s*{_FOREIGN_SIGN}")
_YUAN = re.compile(r"([+-]?)¥?(\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?:\.(\d{1,2}))?")
_GROUPED = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3}){1,5}|\d{1,18})()")
_GUARDED = re.compile(r'="([^"]*)"')
_SHORTENED = re.compile(r"\d(\.\d+)?[eE]\+\d+")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200e\u200f\ufeff\u2060"))
_YES, _NO = {"是", "真", "true", "yes", "y", "1", "√"}, {"否", "假", "false", "no", "n", "0", "×"}
_MIDNIGHT = time()
_DIGITS_KEPT = 10**15


@dataclass(frozen=True)
class Unread:
    """A cell that could not be read, and why; no model admits it."""

    reason: str


@dataclass(frozen=True)
class Column:
    """How one column's cells are read.

    Attributes:
        name: The column's name.
        kind: `str`, `bool`, `int`, `float`, `date` or `datetime`.
        blank: What an empty cell means: the default, nothing, or empty text.
        identifies: Whether its text is a number of something (an order, a customer), which spreadsheets like to spoil.
        unit: `yuan` for amounts to be kept in fen, `day` for moments of which the day is kept.
        format: How its days or moments are written, where that is not evident (`%d/%m/%Y`).
        missing: Texts that stand for an empty cell.
    """

    name: str
    kind: type
    blank: Any = None
    identifies: bool = False
    unit: str = ""
    format: str = ""
    missing: frozenset[str] = frozenset()

    @property
    def is_share(self) -> bool:
        """Whether 12.3% means 0.123 here."""
        parts = self.name.split("_")
        return "share" in (parts[0], parts[-1]) or "rate" in (parts[0], parts[-1])


def read_column(column: Column, cells: Sequence[Any]) -> list[Any]:
    """Read one column of a chunk.

    Args:
        column: What it should hold.
        cells: Text as it stands in a text file, or the values of a workbook or a statistics file.

    Returns:
        A value for each cell: of the column's kind, or what is meant by an empty cell, or the cell itself or an
        `Unread` where it is neither.

    Example:
        >>> read_column(Column("orders", int), ["1,200", "１２", "many"])
        [1200, 12, 'many']
        >>> read_column(Column("spend_minor", int, unit="yuan"), ["¥1,234.56"])
        [123456]
    """
    quick = _quickly(column, cells)
    if quick is not None:
        return quick
    known: dict[tuple[type, Any], Any] = {}
    return [_remembered(known, column, cell) for cell in cells]


def _remembered(known: dict[tuple[type, Any], Any], column: Column, cell: Any) -> Any:  # noqa: ANN401  # any cell
    """1, 1.0 and True are one key of a dictionary, so their type is part of it."""
    try:
        place = (cell.__class__, cell)
        if place not in known:
            known[place] = read_cell(column, cell)
        return known[place]
    except TypeError:  # a list or a mapping from a nested Parquet column
        return Unread(_("must be one value"))


def read_cell(column: Column, cell: Any) -> Any:  # noqa: ANN401  # any cell
    """Read one cell, with everything that people and platforms write."""
    if isinstance(cell, str):
        cell = cell.translate(_INVISIBLE).strip()
        if cell == "" or cell in column.missing:
            return column.blank
        if cell in _ERRORS:
            return Unread(_("is an error of the spreadsheet"))
    if cell is None:
        return column.blank
    return _READ[column.kind](column, cell)


def _quickly(column: Column, cells: Sequence[Any]) -> list[Any] | None:
    """Read a whole column of text by the short way, or say that it needs a closer look."""
    quick = _QUICK.get(column.kind)
    try:
        if quick is None or column.format or not column.missing.isdisjoint(cells):
            return None
        return quick(column, cells, "".join(cells))
    except (TypeError, ValueError, OverflowError):
        return None


def _quick_texts(column: Column, cells: Sequence[str], joined: str) -> list[Any] | None:
    odd = not joined.isprintable() or '="' in joined or "#" in joined or "\ufffd" in joined
    if odd or (column.identifies and ("E+" in joined or "e+" in joined)):
        return None
    texts = [cell.strip() for cell in cells]
    if not column.missing.isdisjoint(texts):
        return None
    return texts if column.blank == "" else [text or column.blank for text in texts]


def _quick_whole(column: Column, cells: Sequence[str], joined: str) -> list[Any] | None:
    if column.unit == "yuan" or "," in joined:
        return _quick_amounts(column, cells)
    numbers = list(map(int, cells))
    return numbers if "_" not in joined and min(numbers) >= -_LARGEST and max(numbers) <= _LARGEST else None


def _quick_amounts(column: Column, cells: Sequence[str]) -> list[Any] | None:
    """Amounts like ¥1,234.50 in yuan, and numbers like 1,234."""
    pattern = _YUAN if column.unit == "yuan" else _GROUPED
    found = [pattern.fullmatch(cell) for cell in cells]
    if None in found:
        return None
    parts = [match.groups("") for match in found if match]
    return [
        int(sign + whole.replace(",", "") + fen.ljust(2 * (column.unit == "yuan"), "0")) for sign, whole, fen in parts
    ]


def _quick_numbers(column: Column, cells: Sequence[str], joined: str) -> list[Any] | None:  # noqa: ARG001
    numbers = list(map(float, cells))
    return numbers if "_" not in joined and all(map(isfinite, numbers)) else None


def _quick_moments(column: Column, cells: Sequence[str], joined: str) -> list[Any] | None:  # noqa: ARG001
    if "+" in joined or "Z" in joined:
        return None
    try:
        return list(map(datetime.fromisoformat, cells))
    except ValueError:
        return _parted_moments(cells)


def _parted_moments(cells: Sequence[str]) -> list[Any] | None:
    """Moments like 2025/1/5 9:30: there are few different days and few different times."""
    parts = [cell.partition(" ") for cell in cells]
    days = {text: moments.written(text) for text in {part[0] for part in parts}}
    if any(day is None or day.time() != _MIDNIGHT for day in days.values()):
        return None
    found = [(days[day], _clock(text)) for day, _space, text in parts]
    return [datetime.combine(day, clock) for day, clock in found if day]


@lru_cache(maxsize=100_000)
def _clock(text: str) -> time:
    """The time of day, of which there are not more than seconds in a day; none raises ValueError."""
    moment = moments.written(f"2000-01-01 {text}")
    if moment is None:
        raise ValueError(text)
    return moment.time()


def _text(column: Column, cell: Any) -> Any:  # noqa: ANN401  # any cell
    if isinstance(cell, str):
        return _written_text(column, cell)
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        if not isfinite(cell):
            return Unread(allowed({"type": "finite_number", "msg": ""}))
        if column.identifies and abs(cell) >= _DIGITS_KEPT:
            return Unread(_("is a number of more than 15 digits, which the spreadsheet has cut; keep it there as text"))
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return str(cell)


def _written_text(column: Column, cell: str) -> Any:  # noqa: ANN401
    guarded = _GUARDED.fullmatch(cell)
    text = guarded[1] if guarded else cell.replace("\r\n", "\n").replace("\r", "\n")
    if column.identifies and _SHORTENED.fullmatch(text):
        return Unread(_("was shortened by a spreadsheet, its digits are lost; export the file again"))
    if "\ufffd" in text or any(unicodedata.category(letter) == "Cc" and letter not in "\n\t" for letter in text):
        return Unread(_("holds characters that cannot be read; the file was damaged or decoded wrongly"))
    return text


def _truth(column: Column, cell: Any) -> Any:  # noqa: ANN401, ARG001
    if isinstance(cell, int | float) and cell in (0, 1):
        return bool(cell)
    word = unicodedata.normalize("NFKC", str(cell)).lower()
    return True if word in _YES else False if word in _NO else cell


def _whole(column: Column, cell: Any) -> Any:  # noqa: ANN401
    number = _number(column, cell)
    if not isinstance(number, Decimal):
        return number
    number = number * 100 if column.unit == "yuan" else number
    if number != number.to_integral_value():
        return Unread(_decimals(column))
    if not -_LARGEST <= number <= _LARGEST:
        return Unread(allowed({"type": "int_parsing_size", "msg": ""}))
    return int(number)


def _decimals(column: Column) -> str:
    if column.unit == "yuan":
        return _("has a fraction of a fen")
    if column.name.endswith("_minor"):
        return _("must be whole fen; an export in yuan is imported with a source that says 'unit: yuan'")
    return allowed({"type": "int_type", "msg": ""})


def _fraction(column: Column, cell: Any) -> Any:  # noqa: ANN401
    number = _number(column, cell)
    if not isinstance(number, Decimal):
        return number
    fraction = float(number)
    return fraction if isfinite(fraction) else Unread(allowed({"type": "finite_number", "msg": ""}))


def _number(column: Column, cell: Any) -> Any:  # noqa: ANN401
    """Return a Decimal, or the cell or an `Unread` where it is no number."""
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal | str):
        return cell
    text = _plain(cell) if isinstance(cell, str) else repr(cell) if isinstance(cell, float) else str(cell)
    if text.lower() in _NOT_FINITE:
        return Unread(allowed({"type": "finite_number", "msg": ""}))
    digits = text.replace("¥", "", 1).removesuffix("元").removesuffix("%")
    if not _NUMBER.fullmatch(digits):
        return Unread(_("is in another currency; convert it to yuan first")) if _is_foreign(column, text) else cell
    if len(text) - len(digits) and (refused := _refused_sign(column, text)):
        return Unread(refused)
    try:
        number = Decimal(digits.replace(",", ""))
    except InvalidOperation:
        return cell
    return number / 100 if text.endswith("%") else number


def _plain(cell: str) -> str:
    """Full-width digits, signs and commas as the keyboard of a spreadsheet writes them."""
    return unicodedata.normalize("NFKC", cell).replace("−", "-").replace("¥ ", "¥").strip()


def _is_foreign(column: Column, text: str) -> bool:
    return column.name.endswith("_minor") and bool(_FOREIGN.fullmatch(text))


def _refused_sign(column: Column, text: str) -> str:
    """Say why a sign of yuan or per cent may not stand in this column."""
    if text.endswith("%"):
        return "" if column.is_share else _("is a percentage; this column takes plain numbers")
    if column.name.endswith("_minor") and column.unit != "yuan":
        return _("is in yuan, the column in fen; import it with a source that says 'unit: yuan'")
    return ""


def _day(column: Column, cell: Any) -> Any:  # noqa: ANN401
    moment = _moment(column, cell)
    if not isinstance(moment, datetime):
        return moment
    if (moment.hour or moment.minute or moment.second) and column.unit != "day":
        return Unread(allowed({"type": "date_from_datetime_inexact", "msg": ""}))
    return moment.date()


def _moment(column: Column, cell: Any) -> Any:  # noqa: ANN401
    if isinstance(cell, datetime):
        return moments.local(cell)
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001  # moments are local to the company
    if isinstance(cell, str):
        return moments.written(_plain(cell), column.format) or cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return moments.serial(cell) or cell
    return cell


_QUICK: dict[type, Callable[[Column, Sequence[Any], str], list[Any] | None]] = {
    str: _quick_texts,
    int: _quick_whole,
    float: _quick_numbers,
    datetime: _quick_moments,
}
_READ: dict[type, Callable[[Column, Any], Any]] = {
    str: _text,
    bool: _truth,
    int: _whole,
    float: _fraction,
    date: _day,
    datetime: _moment,
}
