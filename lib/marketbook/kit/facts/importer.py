"""Import: a file's good rows land in a dataset, the others in a rejects file; good and rejected are all that was read.

A file that breaks off changes nothing, and the same file twice changes nothing: the dataset keeps its bytes and its
fingerprint. Rows are read, checked and put away in chunks; the dataset is replaced by rename under a lock. What a file
would do is told by `Incoming.preview`, which takes the same way but for the last step.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from marketbook.kit import language
from marketbook.kit.errors import DataError
from marketbook.kit.facts.cells import Column, read_column
from marketbook.kit.facts.checking import Fault, check, columns_of
from marketbook.kit.facts.connection import Facts
from marketbook.kit.facts.grid import Chunk, Grid
from marketbook.kit.facts.headings import Match, known_headings, match
from marketbook.kit.facts.merging import Merged, merge
from marketbook.kit.facts.readers import open_file
from marketbook.kit.facts.rejects import Refused, Rejects, written
from marketbook.kit.facts.schema import Dataset
from marketbook.kit.facts.sources import Source, checked, find_source
from marketbook.kit.facts.spreadsheet import unshield
from marketbook.kit.language import gettext as _

ROWS_SHOWN = 20
"""Good rows that a preview holds."""


class ChangedError(DataError):
    """The dataset is not what it was when the file was previewed."""


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would do; added, unchanged, updated and rejected are together what was read.

    Attributes:
        dataset: The dataset's name.
        file: What was imported.
        read: Rows of data in the file.
        added: Rows with a new key.
        unchanged: Rows that the dataset, or the file further up, has already.
        updated: Rows that took the place of one with their key.
        rejected: Rows that were refused.
        skipped: Rows of totals, which are no data.
        rejects_file: Where the rejected rows are, each with its reasons.
        differing: How many of the rejected are good but differ from a row that the dataset has under their key.
    """

    dataset: str
    file: Path
    read: int
    added: int
    unchanged: int
    updated: int
    rejected: int
    skipped: int = 0
    rejects_file: Path | None = None
    differing: int = 0

    @property
    def text(self) -> str:
        """What was done, in the reader's language."""
        parts = [
            _(
                "{file}: {read} rows read for {dataset}: {added} added, {unchanged} unchanged, {updated} updated, "
                "{rejected} rejected."
            )
        ]
        if self.skipped:
            parts.append(_("{skipped} rows of totals were left out."))
        if not self.added and not self.updated:
            parts.append(_("The dataset was not changed."))
        if self.rejects_file:
            parts.append(
                _("The rejected rows and the reasons are in {rejects}; correct them there and import that file.")
            )
        counts = ("read", "added", "unchanged", "updated", "rejected", "skipped")
        numbers = {name: language.format_integer(getattr(self, name)) for name in counts}
        gap = "" if language.current() != "en" else " "
        return gap.join(parts).format(file=self.file.name, dataset=self.dataset, rejects=self.rejects_file, **numbers)


@dataclass(frozen=True)
class Preview:
    """What importing a file would do. Nothing was written but its rejects file.

    Attributes:
        report: The counts.
        rows: The first good rows.
        refused: The first rejected rows, each with its reasons.
        basis: The fingerprint of the dataset that it was compared with; empty where there is none yet.
    """

    report: ImportReport
    rows: pa.Table
    refused: Sequence[Refused]
    basis: str


def import_file(
    facts: Facts,
    dataset: Dataset,
    file: Path,
    *,
    source: Source | str | None = None,
    update: bool = False,
    sheet: str | None = None,
    encoding: str | None = None,
) -> ImportReport:
    """Import a file's rows into a dataset.

    Args:
        facts: Where the dataset is kept.
        dataset: Its declaration: the model that rows must satisfy and the key that no two share.
        file: CSV, XLSX, SAV or Parquet.
        source: How the file names and writes the columns, itself or by name; None for a file with the dataset's own.
        update: Put a row that differs from one with its key in its place; else it is rejected.
        sheet: Which sheet of a workbook; its first by default.
        encoding: Of a text file; found out by default.

    Returns:
        The counts, and where the rejected rows are (`<file>.rejects.csv`).

    Raises:
        DataError: The file cannot be read to its end, or its headings do not fit. Nothing was changed.
    """
    with incoming(facts, dataset, file, source=source, sheet=sheet, encoding=encoding) as batch:
        return batch.land(update=update)


@contextmanager
def incoming(
    facts: Facts,
    dataset: Dataset,
    file: Path,
    *,
    source: Source | str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    tell: Callable[[int], None] | None = None,
) -> Iterator["Incoming"]:
    """Read and check a file, as for `import_file`, and leave open what becomes of it: `preview` or `land`.

    Args:
        facts: Where the dataset is kept.
        dataset: Its declaration.
        file: CSV, XLSX, SAV or Parquet.
        source: How the file names and writes the columns.
        sheet: Which sheet of a workbook.
        encoding: Of a text file.
        tell: Told now and then how many rows have been read; what it raises breaks the import off.

    Raises:
        DataError: The file cannot be read to its end, or its headings do not fit.
    """
    mapping = find_source(source, dataset) if isinstance(source, str) else source and checked(source, dataset)
    grid = open_file(file, known_headings(dataset, mapping), sheet=sheet, encoding=encoding)
    with Rejects(file) as rejects:
        batch = Incoming(facts, dataset, mapping, grid, rejects, file)
        with _collector_at_rest():
            batch.read(tell or (lambda _read: None))
        yield batch


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Rows make no cycles, but millions of them keep the collector searching for some: half of the time went there."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


@dataclass
class Incoming:
    """One file on its way in: good rows are gathered with their lines, the others put down as rejects.

    Attributes:
        facts, dataset: Where it goes, and what its rows must be.
        source: How it names and writes the columns, or None.
        grid, file: Its rows, and where they come from.
        rejects: Where the rejected rows are put down.
    """

    facts: Facts
    dataset: Dataset
    source: Source | None
    grid: Grid
    rejects: Rejects
    file: Path
    skipped: int = 0
    tables: list[pa.Table] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    @property
    def table(self) -> pa.Table:
        """The good rows in order."""
        return pa.concat_tables(self.tables) if self.tables else self.dataset.schema.empty_table()

    def read(self, tell: Callable[[int], None]) -> None:
        """Read and check the file from its beginning to its end."""
        columns, count = columns_of(self.dataset, self.source), 0
        for chunk in self._data():
            count += len(chunk.rows)
            tell(count)
            cells = list(zip(*chunk.rows, strict=True))
            values = {
                name: read_column(columns[name], self._words(name, cells[place], columns[name]))
                for name, place in self.match.positions.items()
            }
            values |= {name: [value] * len(chunk.rows) for name, value in self._fixed(columns).items()}
            found = check(self.dataset, values)
            for at, faults in sorted(found.faults.items()):
                self._refuse(chunk.lines[at], chunk.rows[at], faults)
            self.tables.append(found.table)
            self.lines.extend(chunk.lines[at] for at in found.good)

    def preview(self, *, update: bool = False) -> Preview:
        """Say what importing it would do; the dataset stays as it is."""
        with self.facts.locked(self.dataset.name):
            basis = self._basis()
            merged = self._merge(update=update)
        self._reject(merged)
        return Preview(self._report(merged), self.table.slice(0, ROWS_SHOWN), self.rejects.first, basis)

    def land(self, *, update: bool = False, basis: str | None = None) -> ImportReport:
        """Import it.

        Args:
            update: Put a row that differs from one with its key in its place; else it is rejected.
            basis: What the dataset's fingerprint must be; None where that does not matter.

        Raises:
            ChangedError: The dataset has another fingerprint. Nothing was changed.
        """
        with self.facts.locked(self.dataset.name):
            if basis is not None and basis != self._basis():
                raise ChangedError(_("Dataset {name} has been changed meanwhile.").format(name=self.dataset.name))
            merged = self._merge(update=update)
            self._reject(merged)
            self.rejects.finish()
            if merged.added or merged.updated:
                self.facts.write(self.dataset, merged.table)
        return self._report(merged)

    def _basis(self) -> str:
        name = self.dataset.name
        return self.facts.fingerprint(name) if self.facts.exists(name) else ""

    def _merge(self, *, update: bool) -> Merged:
        return merge(self.facts.rows(self.dataset), self.table, self.dataset.key, update=update)

    def _report(self, merged: Merged) -> ImportReport:
        place, rejected = self.rejects.publish(), self.rejects.count
        return ImportReport(
            self.dataset.name,
            self.file,
            read=merged.added + merged.unchanged + merged.updated + rejected,
            added=merged.added,
            unchanged=merged.unchanged,
            updated=merged.updated,
            rejected=rejected,
            skipped=self.skipped,
            rejects_file=place,
            differing=sum(first < 0 for first in merged.conflicts.values()),
        )

    def _reject(self, merged: Merged) -> None:
        """Put down the rows whose key is there with other values; the file is read again up to the last of them."""
        other = {self.lines[at]: self.lines[first] if first >= 0 else None for at, first in merged.conflicts.items()}
        if not other:
            return
        for chunk in self._data(again=True):
            for line, row in zip(chunk.lines, chunk.rows, strict=True):
                if line in other:
                    self._refuse(line, row, [_conflict(self.dataset, other.pop(line))])
            if not other:
                return

    def _data(self, *, again: bool = False) -> Iterator[Chunk]:
        """Rows of data in their proper width; on the first reading the headings are matched and misfits refused."""
        chunks = self.grid.chunks()
        first = next(chunks, Chunk([], []))
        if not again:
            self.match: Match = match(self.dataset, self.source, first.rows, self.grid.aliases, where=str(self.file))
        start = self.match.row + 1
        yield from self._proper(Chunk(first.lines[start:], first.rows[start:]), again=again)
        for chunk in chunks:
            yield from self._proper(chunk, again=again)

    def _proper(self, chunk: Chunk, *, again: bool) -> Iterator[Chunk]:
        if not self.source and not self.match.skipped and _is_even(chunk, len(self.match.headings)):
            yield chunk
            return
        lines: list[int] = []
        rows: list[list[Any]] = []
        skipped, width = self.match.skipped, len(self.match.headings)
        for line, cells in zip(chunk.lines, chunk.rows, strict=True):
            row = [unshield(cell) for cell in cells[skipped:]] if skipped else cells
            if len(row) > width and not any(written(cell).strip() for cell in row[width:]):
                row = row[:width]
            if not any(row) and not any(written(cell).strip() for cell in row):
                continue
            if self.source and _is_total(row, self.source.totals):
                self.skipped += not again
            elif len(row) == width:
                lines.append(line)
                rows.append(row)
            elif not again:
                self._refuse(line, row, [Fault("", _width(len(row), width))])
        if rows:
            yield Chunk(lines, rows)

    def _words(self, name: str, cells: Sequence[Any], column: Column) -> Sequence[Any]:
        """Codes of a statistics file as the words they stand for, where the column takes words."""
        labels = self.grid.labels.get(self.match.headings[self.match.positions[name]])
        if not labels or column.kind not in (str, bool):
            return cells
        return [labels.get(cell, cell) for cell in cells]

    def _fixed(self, columns: dict[str, Column]) -> dict[str, Any]:
        """What the source says where the file has no heading for a column."""
        given = self.source.columns if self.source else {}
        return {
            name: read_column(columns[name], [column.value])[0]
            for name, column in given.items()
            if column.value is not None and name not in self.match.positions
        }

    def _refuse(self, line: int, row: Sequence[Any], faults: Sequence[Fault]) -> None:
        named = [(fault, *self._place(row, fault)) for fault in faults]
        self.rejects.add(self.match.headings, line, row, named)

    def _place(self, row: Sequence[Any], fault: Fault) -> tuple[str, Any]:
        """The heading and the value that a fault is about."""
        if fault.column not in self.match.positions:
            return fault.column, ""
        place = self.match.positions[fault.column]
        return self.match.headings[place], row[place]


def _is_even(chunk: Chunk, width: int) -> bool:
    """Whether no row of a chunk is empty, too short or too long: the usual case, told in one pass."""
    return bool(chunk.rows) and set(map(len, chunk.rows)) == {width} and all(map(any, chunk.rows))


def _is_total(row: Sequence[Any], totals: Sequence[str]) -> bool:
    if isinstance(row[0], str) and row[0][:1].strip() and not row[0].startswith(tuple(totals)):
        return False
    first = next((text for cell in row if (text := written(cell).strip())), "")
    return first.startswith(tuple(totals)) and (first in totals or not first[len(_word(first, totals))].isalnum())


def _word(text: str, totals: Sequence[str]) -> str:
    return max((word for word in totals if text.startswith(word)), key=len)


def _width(found: int, expected: int) -> str:
    return _("the row has {found} cells, the headings {expected}").format(found=found, expected=expected)


def _conflict(dataset: Dataset, line: int | None) -> Fault:
    key = ", ".join(dataset.key)
    if line is None:
        reason = _("a row with this key ({key}) is there with other values; updating (--update) replaces it")
        return Fault(dataset.key[0], reason.format(key=key))
    return Fault(dataset.key[0], _("line {line} has the same key ({key}) and other values").format(line=line, key=key))
