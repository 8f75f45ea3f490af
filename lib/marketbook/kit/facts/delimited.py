"""Text files: comma, semicolon or tab, with quoted cells that may hold line breaks."""

import csv
import io
from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from marketbook.kit.errors import DataError
from marketbook.kit.facts.decoding import encoding_of, ends_whole
from marketbook.kit.facts.grid import CHUNK, Chunk, Grid
from marketbook.kit.facts.headings import plain
from marketbook.kit.language import gettext as _

if TYPE_CHECKING:
    import _csv

_SAMPLE = 1 << 16
_SAMPLE_ROWS = 60


def open_delimited(file: Path, known: Collection[str], encoding: str | None) -> Grid:
    """Open a text file.

    Args:
        file: Where it is.
        known: Plain headings that may be in it; they tell which separator it uses.
        encoding: What the user says; None finds out.

    Raises:
        DataError: It cannot be decoded. Reading it raises where a quote is not closed or the last row is cut.
    """
    found = encoding_of(file, encoding)
    with file.open(encoding=found, newline="") as stream:
        delimiter = _delimiter(stream.read(_SAMPLE), known)
    return Grid(lambda: _chunks(file, found, delimiter))


def _delimiter(sample: str, known: Collection[str]) -> str:
    """The separator by which most headings are found; in doubt the one that gives most cells."""

    def score(delimiter: str) -> tuple[int, int]:
        rows = islice(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), _SAMPLE_ROWS)
        return max(((sum(plain(cell) in known for cell in row), len(row)) for row in rows), default=(0, 0))

    return max(",;\t", key=score)


def _chunks(file: Path, encoding: str, delimiter: str) -> Iterator[Chunk]:
    width, last_line, last_cells = 0, 0, 0
    with file.open(encoding=encoding, newline="") as stream:
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        start = 1
        while True:
            chunk, start = _chunk(file, reader, start)
            if not chunk.rows:
                break
            width = width or max(map(len, chunk.rows))
            last_line, last_cells = chunk.lines[-1], len(chunk.rows[-1])
            yield chunk
    if last_cells < width and not ends_whole(file):
        raise _broken(file, last_line, _("the last row is cut short"))


def _chunk(file: Path, reader: "_csv.Reader", start: int) -> tuple[Chunk, int]:
    lines: list[int] = []
    rows: list[list[str]] = []
    try:
        for row in islice(reader, CHUNK):
            lines.append(start)
            rows.append(row)
            start = reader.line_num + 1
    except csv.Error:
        raise _broken(file, start, _("a quotation mark is not closed, or one inside a cell is not doubled")) from None
    return Chunk(lines, rows), start


def _broken(file: Path, line: int, why: str) -> DataError:
    return DataError(
        _("{file}: broken off or damaged at line {line}: {why}. Nothing was imported.").format(
            file=file, line=line, why=why
        )
    )
