"""Hashes of what a demo company says, not of the Parquet bytes that say it; `content.py FOLDER SIZE` makes one."""

import hashlib
import sys
from pathlib import Path

import pyarrow.parquet as pq

from marketbook.demo import make
from marketbook.demo.build import DATASETS
from marketbook.demo.truth import FILE
from marketbook.kit.facts import Facts


def hashes(facts: Facts) -> dict[str, str]:
    """Return eight hexadecimal digits for each dataset and for the truth."""
    found = {dataset.name: _hash(facts.file(dataset.name)) for dataset in DATASETS}
    truth = (facts.path / FILE).read_bytes()
    return {**found, "truth": hashlib.sha256(truth).hexdigest()[:8]}


def _hash(file: Path) -> str:
    table = pq.read_table(file)
    digest = hashlib.sha256(repr(table.column_names).encode())
    for column in table.columns:
        digest.update(repr(column.to_pylist()).encode())
    return digest.hexdigest()[:8]


if __name__ == "__main__":
    folder = Facts(Path(sys.argv[1]))
    make(folder, size=float(sys.argv[2]))
    print(hashes(folder))  # noqa: T201
