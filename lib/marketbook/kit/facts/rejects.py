"""The rejects file: rows that were refused, each with where, what and why, ready to be corrected and imported again.

It is written beside the file that was imported, in UTF-8 with its mark so that Excel and WPS open it. A cell that a
spreadsheet would take for a formula gets an apostrophe in front, which importing takes off again.
"""

import csv
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from marketbook.kit.errors import DataError
from marketbook.kit.facts.checking import Fault
from marketbook.kit.facts.headings import REJECTS
from marketbook.kit.facts.spreadsheet import shield
from marketbook.kit.language import gettext as _

_BETWEEN = " | "

FIRST = 200
"""Rejected rows that are kept to be shown."""


@dataclass(frozen=True)
class Refused:
    """One rejected row: where it stands, and of each fault the heading, the value and the reason."""

    line: int
    faults: tuple[tuple[str, str, str], ...]


class Rejects:
    """A rejects file while it is written: beside its place until `publish`, and gone when an import is broken off."""

    def __init__(self, file: Path) -> None:
        """Name the file that is imported; nothing is written before its first rejected row."""
        self.file = file.with_name(f"{file.name}.rejects.csv")
        self.count = 0
        self.first: list[Refused] = []
        self._fresh = file.with_name(f".{file.name}.rejects.{os.getpid()}-{id(self):x}")
        self._stream: TextIO | None = None

    def add(
        self, headings: Sequence[str], line: int, cells: Sequence[Any], faults: Sequence[tuple[Fault, str, Any]]
    ) -> None:
        """Put down one row.

        Args:
            headings: Of the file, for the first row.
            line: Where the row stands.
            cells: All its cells as they were read.
            faults: Each with the heading and the value it is about.
        """
        if self._stream is None:
            self._stream = self._open()
            self._writer = csv.writer(self._stream)
            self._row([*(_(heading) for heading in REJECTS), *headings])
        reasons = [f"{heading}: {f.reason}" if heading and len(faults) > 1 else f.reason for f, heading, _v in faults]
        columns = _BETWEEN.join(heading for _f, heading, _v in faults)
        values = _BETWEEN.join(written(value) for _f, _h, value in faults)
        self._row([str(line), columns, values, _BETWEEN.join(reasons), *map(written, cells)])
        self.count += 1
        if len(self.first) < FIRST:
            self.first.append(Refused(line, tuple((h, written(value), fault.reason) for fault, h, value in faults)))

    def finish(self) -> None:
        """See that what was put down is on the disk, before anything else is changed."""
        if self._stream:
            self._stream.flush()
            os.fsync(self._stream.fileno())
            self._stream.close()
            self._stream = None

    def publish(self) -> Path | None:
        """Put the file in its place; where nothing was rejected, take away one that an earlier import left."""
        self.finish()
        if self.count:
            self._fresh.replace(self.file)
            return self.file
        self.file.unlink(missing_ok=True)
        return None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream:
            self._stream.close()
        self._fresh.unlink(missing_ok=True)

    def _open(self) -> TextIO:
        try:
            return self._fresh.open("w", encoding="utf-8-sig", newline="")
        except OSError as error:
            raise DataError(
                _("{file}: the rejected rows cannot be written ({reason}). Nothing was imported.").format(
                    file=self.file, reason=error.strerror
                )
            ) from None

    def _row(self, cells: Sequence[str]) -> None:
        self._writer.writerow(map(shield, cells))


def written(cell: Any) -> str:  # noqa: ANN401  # any cell
    """Write a cell as a person would type it.

    Example:
        >>> written(12.0), written(None), written(date(2025, 1, 5))
        ('12', '', '2025-01-05')
    """
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)
