"""The same rows again, changed rows, two at once, and imports that are broken off."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kit.facts.given import bring, counts, stored, text_file

from marketbook.kit.facts import Facts
from marketbook.kit.facts.merging import merge

HEAD = "order_id,day,amount_minor\n"
ROWS = HEAD + "A1,2025-01-05,1\nA2,2025-01-06,2\n"


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    file, facts = text_file(tmp_path, ROWS), Facts(tmp_path / "facts")
    bring(tmp_path, file)
    before = (facts.file("orders").read_bytes(), facts.file("orders").stat().st_mtime_ns, facts.fingerprint("orders"))
    report = bring(tmp_path, file)
    after = (facts.file("orders").read_bytes(), facts.file("orders").stat().st_mtime_ns, facts.fingerprint("orders"))
    assert (counts(report), after) == ((0, 2, 0, 0), before)
    assert "The dataset was not changed." in report.text


def test_the_same_rows_in_another_format_change_nothing(tmp_path: Path) -> None:
    bring(tmp_path, text_file(tmp_path, ROWS))
    again = text_file(tmp_path, ROWS.replace(",", ";").replace("2025-01-05", "2025年1月5日"), encoding="gb18030")
    assert counts(bring(tmp_path, again)) == (0, 2, 0, 0)


def test_new_rows_are_added_behind_those_there(tmp_path: Path) -> None:
    bring(tmp_path, text_file(tmp_path, ROWS))
    assert counts(bring(tmp_path, text_file(tmp_path, ROWS + "A0,2025-01-07,3\n"))) == (1, 2, 0, 0)
    assert [row["order_id"] for row in stored(tmp_path)] == ["A1", "A2", "A0"]


def test_a_changed_row_is_rejected(tmp_path: Path) -> None:
    bring(tmp_path, text_file(tmp_path, ROWS))
    report = bring(tmp_path, text_file(tmp_path, ROWS.replace("06,2", "06,9")))
    assert counts(report) == (0, 1, 0, 1)
    assert stored(tmp_path)[1]["amount_minor"] == 2
    assert report.rejects_file is not None
    assert "3,order_id,A2,a row with this key (order_id) is there" in report.rejects_file.read_text("utf-8-sig")


def test_update_puts_a_changed_row_in_place(tmp_path: Path) -> None:
    bring(tmp_path, text_file(tmp_path, ROWS))
    report = bring(tmp_path, text_file(tmp_path, ROWS.replace("05,1", "05,9")), update=True)
    assert counts(report) == (0, 1, 1, 0)
    assert [(row["order_id"], row["amount_minor"]) for row in stored(tmp_path)] == [("A1", 9), ("A2", 2)]


def test_a_cell_emptied_is_a_change(tmp_path: Path) -> None:
    head = "order_id,day,amount_minor,note\n"
    bring(tmp_path, text_file(tmp_path, f"{head}A1,2025-01-05,1,晨跑\n"))
    assert counts(bring(tmp_path, text_file(tmp_path, f"{head}A1,2025-01-05,1,\n"))) == (0, 0, 0, 1)


@pytest.mark.parametrize("update", [False, True])
def test_rows_of_one_file_with_one_key(tmp_path: Path, update: bool) -> None:
    again = "A1,2025-01-05,1\nA1,2025-01-05,7\nA1,2025-01-05,1\n"
    report = bring(tmp_path, text_file(tmp_path, ROWS + again), update=update)
    assert counts(report) == (2, 2, 0, 1)
    assert report.rejects_file is not None
    assert "line 2 has the same key (order_id) and other values" in report.rejects_file.read_text("utf-8-sig")


KEYED = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([None, 1, 2])), max_size=8)


@settings(max_examples=150, deadline=None)
@given(there=KEYED, new=KEYED, update=st.booleans())
def test_merging_is_one_row_after_the_other(there: list[Any], new: list[Any], update: bool) -> None:
    present = dict(reversed(there))
    expected, seen, clashes, added, updated = dict(present), {}, [], 0, 0
    for at, (key, value) in enumerate(new):
        beside = seen.get(key, expected.get(key)) if update else expected.get(key)
        if key not in expected:
            expected[key], added = value, added + 1
        elif beside != value and update and key not in seen:
            expected[key], updated = value, updated + 1
        elif beside != value:
            clashes.append(at)
        seen.setdefault(key, value)
    schema = pa.schema([("key", pa.string()), ("value", pa.int64())])
    merged = merge(_table(list(present.items()), schema), _table(new, schema), ["key"], update=update)
    assert dict(zip(*merged.table.to_pydict().values(), strict=True)) == expected
    assert (merged.added, merged.updated, sorted(merged.conflicts)) == (added, updated, clashes)
    assert merged.unchanged == len(new) - added - updated - len(clashes)


def _table(rows: list[Any], schema: pa.Schema) -> pa.Table:
    return pa.table([pa.array([row[at] for row in rows], kind.type) for at, kind in enumerate(schema)], schema=schema)


def test_imports_at_once_lose_no_row(tmp_path: Path) -> None:
    files = [text_file(tmp_path, f"{HEAD}A{n},2025-01-05,{n}\nB,2025-01-05,1\n", name=f"{n}.csv") for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        reports = list(pool.map(lambda file: bring(tmp_path, file), files))
    assert sum(report.added for report in reports) == 9
    assert {row["order_id"] for row in stored(tmp_path)} == {"B", *(f"A{n}" for n in range(8))}


def test_processes_wait_for_each_other(tmp_path: Path) -> None:
    bring(tmp_path, text_file(tmp_path, ROWS))
    file = text_file(tmp_path, HEAD + "Z,2025-01-05,1")
    script = f"""
from pathlib import Path
from marketbook.kit.facts import import_file, Facts
from tests.kit.facts.given import ORDERS
print(import_file(Facts(Path({str(tmp_path / "facts")!r})), ORDERS, Path({str(file)!r})).added)
"""
    with Facts(tmp_path / "facts").locked("orders"):
        root = Path(__file__).parents[3]
        child = subprocess.Popen([sys.executable, "-c", script], cwd=root, stdout=subprocess.PIPE, text=True)
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(timeout=2.5)
        assert len(stored(tmp_path)) == 2
    out, _error = child.communicate(timeout=30)
    assert (out.strip(), len(stored(tmp_path))) == ("1", 3)


def test_a_failed_write_leaves_everything_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(tmp_path, text_file(tmp_path, ROWS))
    before = Facts(tmp_path / "facts").file("orders").read_bytes()

    def fail(*_args: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pyarrow.parquet.write_table", fail)
    with pytest.raises(OSError, match="No space"):
        bring(tmp_path, text_file(tmp_path, HEAD + "A3,2025-01-05,1\nB,bad,1\n"))
    monkeypatch.undo()
    assert Facts(tmp_path / "facts").file("orders").read_bytes() == before
    assert sorted(file.name for file in tmp_path.iterdir()) == ["facts", "orders.csv"]


def test_a_killed_import_leaves_everything_as_it_was(tmp_path: Path) -> None:
    bring(tmp_path, text_file(tmp_path, ROWS))
    before = Facts(tmp_path / "facts").file("orders").read_bytes()
    file = text_file(tmp_path, HEAD + "A3,2025-01-05,1")
    script = f"""
import time
from pathlib import Path
import pyarrow.parquet as pq
whole = pq.write_table
def slowly(table, file, **options):
    Path(file).write_bytes(b"PAR1 half"); print("writing", flush=True); time.sleep(60)
pq.write_table = slowly
from marketbook.kit.facts import import_file, Facts
from tests.kit.facts.given import ORDERS
import_file(Facts(Path({str(tmp_path / "facts")!r})), ORDERS, Path({str(file)!r}))
"""
    root = Path(__file__).parents[3]
    with subprocess.Popen([sys.executable, "-c", script], cwd=root, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "writing\n"
        os.kill(child.pid, signal.SIGKILL)
    assert Facts(tmp_path / "facts").file("orders").read_bytes() == before
    started = time.monotonic()
    assert bring(tmp_path, tmp_path / "orders.csv").added == 1
    assert time.monotonic() - started < 10
    assert [file.name for file in (tmp_path / "facts").glob("*.parquet")] == ["orders.parquet"]
