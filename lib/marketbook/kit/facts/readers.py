"""Opening a file by what it is: text, a workbook, SPSS or Parquet. Contents decide, not names."""

import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from marketbook.kit.errors import DataError
from marketbook.kit.facts.delimited import open_delimited
from marketbook.kit.facts.grid import CHUNK, Chunk, Grid
from marketbook.kit.facts.sheet_errors import error_cells
from marketbook.kit.language import gettext as _

_MAGIC = {
    b"PK\x03\x04": "workbook",
    b"\xd0\xcf\x11\xe0": "workbook",
    b"PAR1": "parquet",
    b"$FL2": "spss",
    b"$FL3": "spss",
}
_TEXT_SUFFIXES = (".csv", ".txt", ".tsv")
_PROMISED = {".xlsx": "workbook", ".xlsm": "workbook", ".parquet": "parquet", ".sav": "spss", ".zsav": "spss"}
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml")


def open_file(file: Path, known: Collection[str], *, sheet: str | None = None, encoding: str | None = None) -> Grid:
    """Open a file for reading in chunks.

    Args:
        file: CSV, XLSX, SAV or Parquet.
        known: Plain headings that may be in it.
        sheet: Which sheet of a workbook; its first by default.
        encoding: Of a text file; None finds out.

    Raises:
        DataError: It is not there, is of no kind that can be read, is broken off, or does not have the sheet.
    """
    kind = _kind(file)
    if kind == "text":
        return open_delimited(file, known, encoding)
    if kind == "workbook":
        return _open_workbook(file, sheet)
    return _open_spss(file) if kind == "spss" else _open_parquet(file)


def sheet_names(file: Path) -> tuple[str, ...]:
    """Return the names of a workbook's sheets; none where a file is no workbook.

    Raises:
        DataError: It is not there, is of no kind that can be read, or is damaged.
    """
    if _kind(file) != "workbook":
        return ()
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(file) as book:
            return tuple(book.sheet_names)
    except (CalamineError, OSError) as error:
        raise _damaged(file, str(error)) from None


def _kind(file: Path) -> str:
    if not file.is_file():
        raise DataError(_("{file}: there is no such file.").format(file=file))
    with file.open("rb") as stream:
        start = stream.read(256)
    suffix = file.suffix.lower()
    if not start:
        raise DataError(_("{file}: is empty; its first row must hold headings.").format(file=file))
    kind = _MAGIC.get(start[:4], "text")
    if start.lstrip().lower().startswith(_MARKUP):
        raise DataError(_("{file}: is a web page, not a table; save it as XLSX or CSV.").format(file=file))
    if kind != _PROMISED.get(suffix, kind):
        raise _damaged(file, _("its content is not what {suffix} stands for").format(suffix=suffix))
    if kind == "text" and suffix not in (*_TEXT_SUFFIXES, ".xls"):
        raise DataError(
            _("{file}: {suffix} cannot be imported; allowed are .csv, .xlsx, .sav and .parquet.").format(
                file=file, suffix=suffix or "–"
            )
        )
    return kind


def _open_workbook(file: Path, sheet: str | None) -> Grid:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(file) as book:
            names = list(book.sheet_names)
            if sheet is not None and sheet not in names:
                raise DataError(
                    _("{file}: no sheet {sheet}; it has {names}.").format(
                        file=file, sheet=sheet, names=", ".join(names)
                    )
                )
        errors = error_cells(file, names.index(sheet or names[0]))
    except (CalamineError, zipfile.BadZipFile, zlib.error, OSError) as error:
        raise _damaged(file, str(error)) from None
    return Grid(lambda: _sheet_chunks(file, sheet or names[0], errors))


def _sheet_chunks(file: Path, sheet: str, errors: Mapping[int, Mapping[int, str]]) -> Iterator[Chunk]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(file) as book:
            page = book.get_sheet_by_name(sheet)
            rows, first, left = iter(page.iter_rows()), 1, (page.start or (0, 0))[1]
            while found := list(islice(rows, CHUNK)):
                for row in errors.keys() & set(range(first, first + len(found))):
                    for column, shown in errors[row].items():
                        found[row - first][column - left] = shown
                yield Chunk(list(range(first, first + len(found))), found)
                first += len(found)
    except (CalamineError, zipfile.BadZipFile, zlib.error, OSError) as error:
        raise _damaged(file, str(error)) from None


def _open_spss(file: Path) -> Grid:
    from pyreadstat import ReadstatError, read_sav

    def read(**options: Any) -> Any:  # noqa: ANN401  # a pair of columns and their description
        try:
            return read_sav(file, output_format="dict", **options)
        except ReadstatError as error:
            raise _damaged(file, str(error)) from None

    _none, about = read(metadataonly=True)
    aliases = {name: label for name, label in about.column_names_to_labels.items() if label}
    return Grid(lambda: _cases(read), aliases, about.variable_value_labels)


def _cases(read: Callable[..., Any]) -> Iterator[Chunk]:
    """A statistics file is read whole (readstat checks its count of cases only at the end) and given out in chunks."""
    columns, about = read()
    names = list(about.column_names)
    yield Chunk([0], [names])
    lists = [[_present(value) for value in columns[name]] for name in names]
    yield from _pieces(lists, 1)


def _present(value: Any) -> Any:  # noqa: ANN401  # a statistics file's missing number is NaN
    return None if isinstance(value, float) and value != value else value


def _open_parquet(file: Path) -> Grid:
    def read() -> Iterator[Chunk]:
        try:
            with pq.ParquetFile(file) as parquet:
                yield Chunk([0], [list(parquet.schema_arrow.names)])
                first = 1
                for batch in parquet.iter_batches(batch_size=CHUNK):
                    yield from _pieces([column.to_pylist() for column in batch.columns], first)
                    first += batch.num_rows
        except (pa.ArrowException, OSError) as error:
            raise _damaged(file, str(error).splitlines()[0]) from None

    return Grid(read)


def _pieces(columns: list[list[Any]], first: int) -> Iterator[Chunk]:
    count = len(columns[0]) if columns else 0
    for start in range(0, count, CHUNK):
        rows = [list(row) for row in zip(*(column[start : start + CHUNK] for column in columns), strict=True)]
        yield Chunk(list(range(first + start, first + start + len(rows))), rows)


def _damaged(file: Path, why: str) -> DataError:
    return DataError(
        _("{file}: broken off or damaged: {why}. Nothing was imported.").format(file=file, why=why.rstrip("."))
    )
