"""Reading and writing datasets: one Parquet file each, replaced by rename, read as an Ibis table on DuckDB."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import ibis
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from marketbook.kit import language
from marketbook.kit.errors import DataError
from marketbook.kit.facts.schema import Dataset

_sources: dict[str, str] = {}


def sources_read() -> dict[str, str]:
    """Return the datasets that this process has read so far, each with its fingerprint."""
    return dict(_sources)


def note_source(name: str, fingerprint: str) -> None:
    """Note that this process has read a dataset or a view, and what it was like."""
    _sources[name] = fingerprint


def _threads() -> int:
    """Return how many threads a query may use: as many as linear algebra, so one where kernels run side by side."""
    given = os.environ.get("OMP_NUM_THREADS", "")
    return int(given) if given.isdigit() and given != "0" else os.cpu_count() or 1


class Facts:
    """The datasets in one folder. DuckDB is connected at the first read, so that a kernel may be forked before."""

    def __init__(self, path: Path) -> None:
        """Name the folder; nothing is opened yet."""
        self.path = path

    @cached_property
    def _connection(self) -> ibis.BaseBackend:
        connection = ibis.duckdb.connect(threads=_threads())
        connection.raw_sql("SET enable_progress_bar = false")  # it draws a widget into the report
        return connection

    def file(self, name: str) -> Path:
        """Return where a dataset is kept."""
        return self.path / f"{name}.parquet"

    def exists(self, name: str) -> bool:
        """Tell whether a dataset has been made or imported."""
        return self.file(name).exists()

    def count(self, name: str) -> int:
        """Return how many rows a dataset has; none where it is not there."""
        return int(pq.read_metadata(self.file(name)).num_rows) if self.exists(name) else 0

    def fingerprint(self, name: str) -> str:
        """Return the sha256 of a dataset's content, 16 hexadecimal digits."""
        with self.file(self._there(name)).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:16]

    def table(self, name: str) -> ibis.Table:
        """Open a dataset as an Ibis table; aggregate here, execute what is left.

        Raises:
            DataError: The dataset is not there; the message names the commands that make it.
        """
        _sources[self._there(name)] = self.fingerprint(name)
        return self._connection.read_parquet(self.file(name), table_name=name)

    def read_out(self, table: ibis.Table) -> pa.Table:
        """Compute an Ibis table that was made from datasets."""
        found: pa.Table = self._connection.to_pyarrow(table)
        return found

    def read(self, name: str) -> pd.DataFrame:
        """Read a whole dataset as a frame.

        Raises:
            DataError: The dataset is not there; the message names the commands that make it.
        """
        _sources[self._there(name)] = self.fingerprint(name)
        frame: pd.DataFrame = pq.read_table(self.file(name)).to_pandas()
        return frame

    def rows(self, dataset: Dataset) -> pa.Table:
        """Return a dataset's rows in its declared columns and types; none where it is not there yet.

        Raises:
            DataError: The file was written with other columns.
        """
        if not self.exists(dataset.name):
            return dataset.schema.empty_table()
        table = pq.read_table(self.file(dataset.name))
        if set(table.column_names) != set(dataset.columns):
            raise DataError(
                language.gettext("Dataset {name} ({file}) has columns {found}; it is declared with {declared}.").format(
                    name=dataset.name,
                    file=self.file(dataset.name),
                    found=", ".join(table.column_names),
                    declared=", ".join(dataset.columns),
                )
            )
        return table.select(dataset.columns).cast(dataset.schema).replace_schema_metadata(None)

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Keep others from changing a dataset between reading and writing it; they wait.

        What a writer that was killed left half written is swept away.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / f".{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for half in self.path.glob(f".{name}.[0-9]*.parquet"):
                half.unlink()
            yield

    def write(self, dataset: Dataset, rows: pd.DataFrame | pa.Table) -> None:
        """Keep rows as the dataset's whole content; the file is replaced at once or not at all.

        Args:
            dataset: Its declaration; columns are put in its order and types.
            rows: Rows that satisfy the dataset's model; checking them is the importer's work.
        """
        table = rows if isinstance(rows, pa.Table) else pa.Table.from_pandas(rows, preserve_index=False)
        table = table.select(dataset.columns).cast(dataset.schema).replace_schema_metadata(None)
        self.path.mkdir(parents=True, exist_ok=True)
        fresh = self.path / f".{dataset.name}.{os.getpid()}.parquet"
        try:
            pq.write_table(table, fresh, compression="zstd")
            fresh.replace(self.file(dataset.name))
        finally:
            fresh.unlink(missing_ok=True)

    def use_labels(self) -> None:
        """Give the language catalogue the company's words for its data values."""
        if self.exists("labels"):
            words = pq.read_table(self.file("labels"))
            language.use_labels(dict(zip(words["value"].to_pylist(), words["english"].to_pylist(), strict=True)))

    def _there(self, name: str) -> str:
        if not self.exists(name):
            raise DataError(
                language.gettext(
                    "Dataset {name} is not there ({file}). 'marketbook demo' makes the demo company's; "
                    "'marketbook import {name} FILE' brings in yours."
                ).format(name=name, file=self.file(name))
            )
        return name
