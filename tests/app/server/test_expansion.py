"""Files that would fill the memory are refused before anything of them is unpacked; real ones are not."""

import struct
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
from tests.app.server.sending import bomb, workbook

from marketbook.app.server.data import expansion
from marketbook.kit.errors import DataError


def test_a_real_workbook_parquet_and_text_pass(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook(a=[["x", 1]] * 5000))
    (tmp_path / "a.csv").write_text("x\n" * 1000)
    pq.write_table(pa.table({"x": ["same"] * 100_000}), tmp_path / "a.parquet")
    for name in ("a.xlsx", "a.csv", "a.parquet"):
        expansion.check(tmp_path / name)


def test_a_real_statistics_file_passes(tmp_path: Path) -> None:
    import pandas as pd

    pyreadstat.write_sav(pd.DataFrame({"x": [1.0, 2.0]}), str(tmp_path / "a.sav"))
    expansion.check(tmp_path / "a.sav")


def test_a_zip_that_grows_too_much_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(bomb(300))
    with pytest.raises(DataError, match="would become 300 MB"):
        expansion.check(tmp_path / "a.xlsx")


def test_parts_that_overlap_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(workbook(a=[["x"]]))
    entry = zipfile.ZipInfo("x")
    entry.compress_size = 10_000_000
    monkeypatch.setattr(zipfile.ZipFile, "infolist", lambda _self: [entry])
    with pytest.raises(DataError, match="its parts overlap"):
        expansion.check(file)


def test_a_statistics_file_that_says_it_is_huge_is_refused(tmp_path: Path) -> None:
    head = b"$FL2" + bytes(60) + struct.pack("<i", 2) + struct.pack("<i", 1000) + bytes(8) + struct.pack("<i", 2**30)
    (tmp_path / "a.sav").write_bytes(head + bytes(100))
    with pytest.raises(DataError, match="MB when it is opened"):
        expansion.check(tmp_path / "a.sav")


def test_a_parquet_file_with_too_many_rows_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"x": pa.nulls(expansion.MOST_ROWS + 1, pa.int8())}), tmp_path / "a.parquet")
    with pytest.raises(DataError, match="more than 3,000,000 rows"):
        expansion.check(tmp_path / "a.parquet")
