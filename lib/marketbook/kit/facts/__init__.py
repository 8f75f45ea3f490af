"""Facts: declared datasets kept as Parquet, read as Ibis tables on DuckDB, each with a fingerprint; files imported."""

from marketbook.kit.facts.connection import Facts, sources_read
from marketbook.kit.facts.importer import ChangedError, ImportReport, Incoming, Preview, import_file, incoming
from marketbook.kit.facts.labels import LABELS
from marketbook.kit.facts.rows import Rows
from marketbook.kit.facts.schema import Dataset, Mark, Row
from marketbook.kit.facts.sources import Source, find_source, save_source, source_names

__all__ = [
    "LABELS",
    "ChangedError",
    "Dataset",
    "Facts",
    "ImportReport",
    "Incoming",
    "Mark",
    "Preview",
    "Row",
    "Rows",
    "Source",
    "find_source",
    "import_file",
    "incoming",
    "save_source",
    "source_names",
    "sources_read",
]
