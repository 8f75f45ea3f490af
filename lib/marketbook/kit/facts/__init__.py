"""Facts: declared datasets kept as Parquet, read as Ibis tables on DuckDB, each with a fingerprint; files imported."""

from marketbook.kit.facts.connection import Facts, sources_read
from marketbook.kit.facts.importer import ImportReport, import_file
from marketbook.kit.facts.labels import LABELS
from marketbook.kit.facts.rows import Rows
from marketbook.kit.facts.schema import Dataset, Mark, Row
from marketbook.kit.facts.sources import Source, find_source, save_source, source_names

__all__ = [
    "LABELS",
    "Dataset",
    "Facts",
    "ImportReport",
    "Mark",
    "Row",
    "Rows",
    "Source",
    "find_source",
    "import_file",
    "save_source",
    "source_names",
    "sources_read",
]
