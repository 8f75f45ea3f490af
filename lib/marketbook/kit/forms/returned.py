"""A list that comes back as a workbook: opened with care, columns known by their headings, cells as typed text."""

import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from marketbook.kit import language
from marketbook.kit.errors import DataError, RecordError
from marketbook.kit.facts.readers import open_file
from marketbook.kit.forms.fields import FormField, fields
from marketbook.kit.forms.rows import MOST
from marketbook.kit.forms.sheet import ID, VERSION
from marketbook.kit.forms.typed import plain
from marketbook.kit.language import format_integer
from marketbook.kit.language import gettext as _
from marketbook.kit.language.current import LANGUAGES

LARGEST = 10_000_000
"""Bytes of a file."""

UNPACKED = 100_000_000
"""Bytes of what is packed in it."""

_PARTS = 2_000
_BLOCK = 1 << 20
_BETWEEN = re.compile(r"[,，、;；\n]")


@dataclass(frozen=True)
class Line:
    """A row of the file.

    Attributes:
        row: Its number, as the spreadsheet shows it.
        id, version: Of the record it is about; None and empty for a new one.
        cells: What stands in it, as typed text by field; fields without a column are missing.
    """

    row: int
    id: int | None
    version: str
    cells: Mapping[str, Any]


def read(model: type[BaseModel], name: str, content: bytes) -> list[Line]:
    """Read a workbook.

    Args:
        model: The list's model.
        name: The file's name, for what is said of it.
        content: Its bytes.

    Raises:
        RecordError: It is too large, is no workbook, is damaged, or has headings that are not known.
    """
    check(name, content)
    with tempfile.TemporaryDirectory(prefix="marketbook-") as folder:
        file = Path(folder) / "list.xlsx"
        file.write_bytes(content)
        try:
            rows = [
                pair for chunk in open_file(file, ()).chunks() for pair in zip(chunk.lines, chunk.rows, strict=True)
            ]
        except DataError as error:
            raise RecordError(str(error).replace(str(file), name)) from None
    filled = [(line, row) for line, row in rows if any(cell not in (None, "") for cell in row)]
    if len(filled) > MOST + 1:
        raise RecordError(
            _("{file}: has {count} rows; at most {most} are taken at once.").format(
                file=name, count=format_integer(len(filled) - 1), most=format_integer(MOST)
            )
        )
    if not filled:
        raise RecordError(_("{file}: is empty; its first row must hold headings.").format(file=name))
    return list(_lines(model, name, filled))


def check(name: str, content: bytes) -> None:
    """Refuse a file that is too large, packed or not, or is no workbook, before anything opens it.

    What the parts say of their size is held against what they hold: each is unpacked once, no further than it says.

    Raises:
        RecordError: It is.
    """
    if len(content) > LARGEST:
        raise RecordError(_too_large(name, LARGEST))
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > _PARTS or sum(part.file_size for part in parts) > UNPACKED:
                raise RecordError(_too_large(name, UNPACKED))
            for part in parts:
                with archive.open(part) as stream:
                    while stream.read(_BLOCK):
                        pass
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError, EOFError):
        raise RecordError(_("{file}: is no XLSX workbook, or is damaged.").format(file=name)) from None


def _too_large(name: str, largest: int) -> str:
    return _("{file}: is too large; at most {largest} MB are taken.").format(file=name, largest=largest // 1_000_000)


def _lines(model: type[BaseModel], name: str, rows: Sequence[tuple[int, list[Any]]]) -> Iterator[Line]:
    spoken = _in_all_languages(model)
    names = _columns(name, [str(cell or "").strip() for cell in rows[0][1]], spoken)
    labels = {one.name: _labels(one.name, spoken) for one in spoken[0]}
    kinds = {one.name: one.kind for one in spoken[0]}
    for line, row in islice(rows, 1, None):
        found = {column: cell for column, cell in zip(names, row, strict=False) if column}
        number = _text(found.pop(ID, None))
        yield Line(
            row=line,
            id=int(number) if number.isdecimal() and len(number) < 15 else None if not number else -1,
            version=_text(found.pop(VERSION, None)),
            cells={column: _typed(kinds[column], cell, labels[column]) for column, cell in found.items()},
        )


def _in_all_languages(model: type[BaseModel]) -> list[list[FormField]]:
    described = []
    for each in LANGUAGES:
        with language.speaking(each):
            described.append(fields(model, record=True))
    return described


def _columns(name: str, headings: Sequence[str], spoken: Sequence[Sequence[FormField]]) -> list[str]:
    """Return what each column is; empty for one without a heading."""
    known: dict[str, str] = {one.name: one.name for one in spoken[0]} | {"id": ID, "version": VERSION}
    for each, described in zip(LANGUAGES, spoken, strict=True):
        with language.speaking(each):
            known |= {plain(_(ID)): ID, plain(_(VERSION)): VERSION}
        known |= {plain(one.title): one.name for one in described}
    found = [known.get(plain(heading)) if heading else "" for heading in headings]
    strangers = [heading for heading, column in zip(headings, found, strict=True) if column is None]
    if strangers:
        raise RecordError(
            _("{file}: the columns {found} are not known; allowed are {allowed}.").format(
                file=name, found=_(", ").join(strangers), allowed=_(", ").join([_(ID), *_titles(spoken)])
            )
        )
    given = [column for column in found if column]
    twice = sorted({heading for heading, column in zip(headings, found, strict=True) if given.count(column or "") > 1})
    if twice:
        raise RecordError(_("{file}: stands twice: {found}.").format(file=name, found=_(", ").join(twice)))
    return [column or "" for column in found]


def _titles(spoken: Sequence[Sequence[FormField]]) -> list[str]:
    return [one.title for one in spoken[LANGUAGES.index(language.current())]]


def _labels(name: str, spoken: Sequence[Sequence[FormField]]) -> dict[str, str]:
    """Return the choices of a field by what they are called in any language."""
    found = [one for described in spoken for one in described if one.name == name]
    return {plain(word): choice.text for one in found for choice in one.choices for word in (choice.label, choice.text)}


def _typed(kind: str, cell: Any, labels: Mapping[str, str]) -> Any:  # noqa: ANN401  # any cell
    text = _text(cell)
    if kind == "choices":
        return [labels.get(plain(part), part.strip()) for part in _BETWEEN.split(text) if part.strip()]
    return labels.get(plain(text), text) if labels else text


def _text(cell: Any) -> str:  # noqa: ANN401  # any cell
    """Write a cell as somebody would type it; numbers with the 15 digits that a spreadsheet knows."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return format(cell, ".15g")
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()
