"""The rejects file: nothing is lost, and it can be corrected and imported."""

from pathlib import Path

import pytest
from tests.kit.facts.given import bring, counts, moment, rows_of, stored, text_file, workbook

from marketbook.kit import language
from marketbook.kit.errors import DataError
from marketbook.kit.facts import LABELS
from marketbook.kit.facts.spreadsheet import shield, unshield

HEAD = "order_id,day,amount_minor,note\n"
BAD = HEAD + 'A1,2025-01-05,1,晨跑\nA2,bad,2,"一,\n二"\nA3,2025-01-05,=x,=cmd|calc\n'


def test_it_opens_in_a_spreadsheet_and_holds_every_cell(tmp_path: Path) -> None:
    report = bring(tmp_path, text_file(tmp_path, BAD))
    assert report.rejects_file == tmp_path / "orders.csv.rejects.csv"
    assert report.rejects_file.read_bytes().startswith(b"\xef\xbb\xbf")
    heading, first, second = rows_of(report.rejects_file)
    assert heading == ["Line", "Column", "Value", "Reason", "order_id", "day", "amount_minor", "note"]
    assert first[:3] + first[4:] == ["3", "day", "bad", "A2", "bad", "2", "一,\n二"]
    assert second[4:] == ["A3", "2025-01-05", "'=x", "'=cmd|calc"]


@pytest.mark.parametrize("tongue", ["en", "zh_Hans", "zh_Hant"])
def test_corrected_it_is_imported_whatever_language_it_speaks(tmp_path: Path, tongue: str) -> None:
    with language.speaking(tongue):
        rejects = bring(tmp_path, text_file(tmp_path, BAD)).rejects_file
    assert rejects is not None
    rejects.write_bytes(rejects.read_bytes().replace(b"A2,bad", b"A2,2025-01-06").replace(b"'=x", b"3"))
    report = bring(tmp_path, rejects)
    assert (counts(report), report.rejects_file) == ((2, 0, 0, 0), None)
    assert [(row["order_id"], row["note"]) for row in stored(tmp_path)][1:] == [("A2", "一,\n二"), ("A3", "=cmd|calc")]


def test_not_corrected_it_is_rejected_again_with_all_it_has(tmp_path: Path) -> None:
    first = bring(tmp_path, text_file(tmp_path, BAD)).rejects_file
    assert first is not None
    again = bring(tmp_path, first)
    assert counts(again) == (0, 0, 0, 2)
    assert [row[4:] for row in rows_of(again.rejects_file)] == [row[4:] for row in rows_of(first)]


def test_one_of_an_earlier_import_goes_when_all_is_good(tmp_path: Path) -> None:
    bring(tmp_path, text_file(tmp_path, BAD))
    report = bring(tmp_path, text_file(tmp_path, HEAD + "A1,2025-01-05,1,晨跑\n"))
    assert report.rejects_file is None
    assert not (tmp_path / "orders.csv.rejects.csv").exists()


def test_one_of_an_earlier_import_stays_when_the_file_is_refused(tmp_path: Path) -> None:
    bring(tmp_path, text_file(tmp_path, BAD))
    with pytest.raises(DataError, match="cut short"):
        bring(tmp_path, text_file(tmp_path, BAD + "A9"))
    assert len(rows_of(tmp_path / "orders.csv.rejects.csv")) == 3


def test_a_dataset_with_a_column_named_value_is_not_mistaken(tmp_path: Path) -> None:
    assert bring(tmp_path, text_file(tmp_path, "value,english\n抖音,Douyin\n"), LABELS).added == 1


def test_cells_of_a_workbook_are_written_as_a_person_would(tmp_path: Path) -> None:
    row = ("A1", moment("2025-01-05"), 12.5, 3.0)
    report = bring(tmp_path, workbook(tmp_path, [("order_id", "day", "amount_minor", "note"), row]))
    assert rows_of(report.rejects_file)[1][4:] == ["A1", "2025-01-05", "12.5", "3"]


@pytest.mark.parametrize("text", ["=1", "'=1", "''+x", "-5", "--", "@a", "晨跑", "", "'a", "-x"])
def test_shielding_loses_nothing(text: str) -> None:
    assert unshield(shield(text)) == text


def test_good_and_rejected_are_all_that_was_read(tmp_path: Path) -> None:
    rows = [f"A{n},{'bad' if n % 7 == 0 else '2025-01-05'},{n if n % 11 else 'x'},n\n" for n in range(50_001)]
    report = bring(tmp_path, text_file(tmp_path, HEAD + "".join(rows)))
    bad = sum(n % 7 == 0 or n % 11 == 0 for n in range(50_001))
    assert counts(report) == (50_001 - bad, 0, 0, bad)
    lines = [int(row[0]) for row in rows_of(report.rejects_file)[1:]]
    assert lines == [n + 2 for n in range(50_001) if n % 7 == 0 or n % 11 == 0]
