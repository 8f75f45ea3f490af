"""Facts: declared datasets kept as Parquet, read as Ibis tables on DuckDB, each with a fingerprint."""

from marketbook.kit.facts.connection import Facts, sources_read
from marketbook.kit.facts.labels import LABELS
from marketbook.kit.facts.schema import Dataset, Row

__all__ = ["LABELS", "Dataset", "Facts", "Row", "sources_read"]
