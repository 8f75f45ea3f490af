"""A preview says what an import would do, and leaves the dataset as it is."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.kit.facts.given import HEADINGS, ORDERS, bring, rows_of, stored, text_file, workbook

from marketbook.kit.errors import DataError
from marketbook.kit.facts import ChangedError, Facts, Preview, incoming

GOOD = "A1,2025-01-05,,天猫,100,,,,"
BAD = "A2,2025-13-05,,天猫,-1,,,,"


def preview(folder: Path, file: Path, *, update: bool = False, tell: Callable[[int], None] | None = None) -> Preview:
    with incoming(Facts(folder / "facts"), ORDERS, file, tell=tell) as batch:
        return batch.preview(update=update)


def test_a_preview_counts_what_the_import_then_does(tmp_path: Path) -> None:
    bring(tmp_path, text_file(tmp_path, f"{HEADINGS}\n{GOOD}\nB1,2025-01-05,,天猫,5,,,,\n", "before.csv"))
    content = f"{HEADINGS}\n{GOOD}\n{BAD}\nB1,2025-01-05,,天猫,6,,,,\nC1,2025-01-05,,门店,1,,,,\n"
    file = text_file(tmp_path, content)
    for update in (False, True):
        told = preview(tmp_path, file, update=update).report
        assert (told.added, told.unchanged, told.updated, told.rejected) == (1, 1, int(update), 2 - update)
        assert told.differing == (not update)
    assert bring(tmp_path, file, update=True) == told


def test_a_preview_writes_nothing_but_the_rejects(tmp_path: Path) -> None:
    found = preview(tmp_path, text_file(tmp_path, f"{HEADINGS}\n{GOOD}\n{BAD}\n"))
    assert stored(tmp_path) == []
    assert not list((tmp_path / "facts").glob("*.parquet"))
    assert len(rows_of(found.report.rejects_file)) == 2
    assert [row["order_id"] for row in found.rows.to_pylist()] == ["A1"]


def test_it_names_row_column_value_and_reason_of_what_is_refused(tmp_path: Path) -> None:
    (refused,) = preview(tmp_path, text_file(tmp_path, f"{HEADINGS}\n{GOOD}\n{BAD}\n")).refused
    assert refused.line == 3
    assert refused.faults[1] == ("amount_minor", "-1", "must be at least 0")


def test_it_lands_only_on_what_it_was_compared_with(tmp_path: Path) -> None:
    file, facts = text_file(tmp_path, f"{HEADINGS}\n{GOOD}\n"), Facts(tmp_path / "facts")
    basis = preview(tmp_path, file).basis
    bring(tmp_path, text_file(tmp_path, f"{HEADINGS}\nB1,2025-01-05,,天猫,5,,,,\n", "other.csv"))
    with incoming(facts, ORDERS, file) as batch, pytest.raises(ChangedError, match="changed meanwhile"):
        batch.land(basis=basis)
    with incoming(facts, ORDERS, file) as batch:
        assert batch.land(basis=batch.preview().basis).added == 1


def test_who_watches_is_told_the_rows_and_may_break_off(tmp_path: Path) -> None:
    rows = "".join(f"A{n},2025-01-05,,天猫,100,,,,\n" for n in range(45_000))
    told: list[int] = []
    file = text_file(tmp_path, f"{HEADINGS}\n{rows}")
    preview(tmp_path, file, tell=told.append)
    assert told == [19_999, 39_999, 45_000]

    def stop(_count: int) -> None:
        raise DataError("enough")

    with pytest.raises(DataError, match="enough"):
        preview(tmp_path, file, tell=stop)
    assert [f.name for f in tmp_path.iterdir() if f.name != "facts"] == ["orders.csv"]


def test_rejects_saved_as_a_workbook_come_in_again(tmp_path: Path) -> None:
    headings, row = rows_of(preview(tmp_path, text_file(tmp_path, f"{HEADINGS}\n{BAD}\n")).report.rejects_file)
    row[headings.index("day")], row[headings.index("amount_minor")] = "2025-01-05", 12.0  # type: ignore[call-overload]
    assert bring(tmp_path, workbook(tmp_path, [headings, row])).added == 1
