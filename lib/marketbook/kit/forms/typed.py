"""What is typed, as people write it: 1,234.56, ¥1,234, １２, 12.3%, 2026/3/1, 2026年3月1日; and a record as typed text.

A form keeps what is typed as text, field by field, so that nothing half-typed is lost. A table of lines is
`{"columns": [names], "rows": [[texts]]}`; an attachment is what `Attached` says of it; everything else is one text, or
a list of them where several are chosen.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from marketbook.kit.facts.cells import Column, Unread, read_cell, read_column
from marketbook.kit.forms import address
from marketbook.kit.forms.fields import LISTS, UNSET, FormField
from marketbook.kit.language import gettext as _

_KINDS: Mapping[str, type] = {
    "whole": int, "money": int, "number": float, "share": float, "date": date, "flag": bool,
    "reference": int,
}  # fmt: skip

_UNITS = {"万": 4, "萬": 4, "亿": 8, "億": 8}
_IN_UNITS = re.compile(r"([+-]?¥? ?)((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+) ?([万萬亿億])元?")
_DASHES = {"-", "–", "—", "−", "¥-", "¥ -"}

Typed = Mapping[str, Any]
Finder = Callable[[str], int | None]
"""Returns the id of what a label names; None where it names nothing."""


@dataclass(frozen=True)
class Read:
    """What was read.

    Attributes:
        values: By field, for the model to check; what could not be read is missing.
        refusals: Why something could not be read, by its path: a field, or `lines/ROW/COLUMN`.
        rows: Of each table, which of its rows were read: empty ones are left out.
    """

    values: dict[str, Any] = field(default_factory=dict)
    refusals: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[int]] = field(default_factory=dict)


def read(described: Sequence[FormField], typed: Typed, finders: Mapping[str, Finder] | None = None) -> Read:
    """Read what was typed into a form.

    Args:
        described: The form's fields.
        typed: By field; a field that is missing keeps its default.
        finders: For references in tables, by `FIELD.COLUMN`: who knows the labels.
    """
    found = Read()
    for one in described:
        if one.name not in typed:
            continue
        if one.kind == "lines":
            _read_lines(one, typed[one.name], found, finders or {})
        else:
            _keep(found, one.name, found.values, one.name, read_one(one, typed[one.name]))
    return found


def read_one(one: FormField, typed: Any) -> Any:  # noqa: ANN401  # from a browser
    """Read one field; an `Unread` says why it cannot be, and anything else that is wrong is the model's to refuse."""
    if one.kind == "attachment":
        return typed or None
    if one.kind in LISTS:
        return _several(one, typed)
    if not isinstance(typed, str):
        return Unread(_("must be one value"))
    if one.kind == "long":
        return _long(one, typed)
    if one.kind == "choice":
        return choose(one, typed)
    return read_cell(column(one), in_full(typed) if one.kind == "money" else typed)


def column(one: FormField) -> Column:
    """Return how a field's text is read."""
    kind = _KINDS.get(one.kind, str)
    blank = None if one.optional else ""
    name = "share" if one.kind == "share" else one.name
    return Column(name, kind, blank, unit="yuan" if one.kind == "money" else "day" if one.kind == "date" else "")


def in_full(text: str) -> str:
    """Return an amount without its 万 or 亿; a lone dash, which stands for nothing in a table of amounts, as 0.

    Example:
        >>> in_full("１２．５万"), in_full("¥3亿元"), in_full("-"), in_full("many")
        ('125000', '¥300000000', '0', 'many')
    """
    plain_text = unicodedata.normalize("NFKC", text).strip()
    if plain_text in _DASHES:
        return "0"
    found = _IN_UNITS.fullmatch(plain_text)
    if not found:
        return text
    sign, number, unit = found.groups()
    return f"{sign}{Decimal(number.replace(',', '')).scaleb(_UNITS[unit]):f}"


def choose(one: FormField, text: str) -> Any:  # noqa: ANN401  # a choice of any kind
    """Return the choice that a text names, by its value or its label; the text itself where it names none."""
    wanted = plain(text)
    if not wanted:
        return None if one.optional else ""
    found = (choice.value for choice in one.choices if wanted in (plain(choice.text), plain(choice.label)))
    return next(found, text.strip())


def plain(text: str) -> str:
    """Return the form in which labels are the same."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def write(described: Sequence[FormField], values: Mapping[str, Any] | BaseModel) -> dict[str, Any]:
    """Write a record as it would be typed; fields that are missing show their default, or nothing.

    Args:
        described: The form's fields.
        values: By field.
    """
    given = dict(values)
    return {one.name: write_one(one, given.get(one.name, one.default)) for one in described}


def write_one(one: FormField, value: Any) -> Any:  # noqa: ANN401  # of any kind
    """Write one value as it would be typed."""
    if one.kind == "lines":
        rows = [] if value is UNSET else [[cell(c, dict(row).get(c.name)) for c in one.columns] for row in value]
        return {"columns": [c.name for c in one.columns], "rows": rows}
    if one.kind == "attachment":
        return None if value in (UNSET, None) else dict(value)
    if one.kind == "choices":
        return [] if value is UNSET else [text for text in address.write(one, value) if text]
    if value is UNSET or value is None:
        return ""
    if one.kind in ("long", "reference", "hidden"):
        return str(value)
    return "\n".join(address.write(one, value))


def cell(one: FormField, value: Any) -> str:  # noqa: ANN401  # of any kind
    """Write a table's cell: choices by their label."""
    if one.kind == "flag" and isinstance(value, bool):
        return _("yes") if value else _("no")
    labels = {choice.value: choice.label for choice in one.choices}
    return "" if value is None else str(labels.get(value) or write_one(one, value))


def _several(one: FormField, typed: Any) -> Any:  # noqa: ANN401
    texts = typed.splitlines() if isinstance(typed, str) else typed
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        return Unread(_("must be a list"))
    left = [text.strip() for text in texts if text.strip()]
    if not left:
        return None if one.optional else []
    if one.kind == "choices":
        return [choose(one, text) for text in left]
    if one.kind == "texts":
        return left
    return read_column(Column(one.name, int if one.whole else float), [w for text in left for w in text.split()])


def _long(one: FormField, typed: str) -> Any:  # noqa: ANN401
    text = typed.replace("\r\n", "\n").strip()
    if any(unicodedata.category(letter) == "Cc" and letter not in "\n\t" for letter in text):
        return Unread(_("holds characters that cannot be kept"))
    return text or (None if one.optional else "")


def _read_lines(one: FormField, typed: Any, found: Read, finders: Mapping[str, Finder]) -> None:  # noqa: ANN401
    cells = table(one, typed)
    if cells is None:
        found.refusals[one.name] = _("must be a table")
        return
    left = [row for row, line in enumerate(cells) if any(text.strip() for text in line)]
    read_by_column = [
        _read_column(c, [cells[row][place] for row in left], finders.get(f"{one.name}.{c.name}"))
        for place, c in enumerate(one.columns)
    ]
    lines: list[dict[str, Any]] = []
    for at, row in enumerate(left):
        line: dict[str, Any] = {}
        for place, c in enumerate(one.columns):
            if c.default is not UNSET and not cells[row][place].strip():
                continue
            _keep(found, f"{one.name}/{row}/{c.name}", line, c.name, read_by_column[place][at])
        lines.append(line)
    found.values[one.name], found.rows[one.name] = lines, left


def _read_column(one: FormField, texts: list[str], finder: Finder | None) -> list[Any]:
    if one.kind == "choice":
        return [choose(one, text) for text in texts]
    if one.kind == "long":
        return [_long(one, text) for text in texts]
    if one.kind == "reference" and finder:
        known = {text: finder(text.strip()) if text.strip() else None for text in set(texts)}
        return [_referred(one, text, known[text]) for text in texts]
    return read_column(column(one), [in_full(text) for text in texts] if one.kind == "money" else texts)


def _referred(one: FormField, text: str, found: int | None) -> Any:  # noqa: ANN401
    if text.strip():
        return Unread(_("is not known")) if found is None else found
    return None if one.optional else ""


def table(one: FormField, typed: Any) -> list[list[str]] | None:  # noqa: ANN401  # from a browser or an old draft
    """Return a table's cells in the order of its columns, whatever their order was; None if it is no table."""
    if not isinstance(typed, Mapping) or not isinstance(typed.get("rows"), list):
        return None
    names, rows = typed.get("columns"), typed["rows"]
    if not isinstance(names, list) or not all(isinstance(row, list) for row in rows):
        return None
    places = [names.index(c.name) if c.name in names else -1 for c in one.columns]
    return [list(_in_order(row, places)) for row in rows]


def _in_order(row: list[Any], places: list[int]) -> Iterator[str]:
    for place in places:
        text = row[place] if 0 <= place < len(row) else ""
        yield text if isinstance(text, str) else ""


def _keep(found: Read, path: str, into: dict[str, Any], name: str, value: Any) -> None:  # noqa: ANN401
    unread = [one for one in value if isinstance(one, Unread)] if isinstance(value, list) else [value]
    if unread and isinstance(unread[0], Unread):
        found.refusals[path] = unread[0].reason
    else:
        into[name] = value
