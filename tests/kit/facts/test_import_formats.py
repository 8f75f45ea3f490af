"""Each format and encoding lands the same rows."""

from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
from tests.kit.facts.given import RANGES, bring, counts, moment, rows_of, stored, text_file, workbook

from marketbook.budget import data as budget
from marketbook.campaign import data as campaign
from marketbook.kit import language
from marketbook.kit.facts import LABELS, Dataset
from marketbook.kit.facts.headings import plain
from marketbook.segmentation import data as segmentation
from marketbook.segmentation.data import TRANSACTIONS
from marketbook.survey import data as survey

TEXT = "order_id,day,amount_minor,note\nA1,2025-01-05,1250,晨跑\nA2,2025-01-06,0,\n"
DATASETS = (LABELS, *survey.DATASETS, *segmentation.DATASETS, *budget.DATASETS, *campaign.DATASETS)
ROWS = [("A1", date(2025, 1, 5), 1250, "晨跑"), ("A2", date(2025, 1, 6), 0, None)]


def landed(folder: Path) -> list[tuple[object, ...]]:
    return [(row["order_id"], row["day"], row["amount_minor"], row["note"]) for row in stored(folder)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le-bom", "utf-16-be-bom"])
def test_text_lands_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    mark = "\ufeff" if encoding.endswith("-bom") else ""
    file = text_file(tmp_path, mark + TEXT, encoding=encoding.removesuffix("-bom"))
    assert counts(bring(tmp_path, file)) == (2, 0, 0, 0)
    assert landed(tmp_path) == ROWS


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_text_lands_with_every_separator_and_line_end(tmp_path: Path, delimiter: str, line_end: str) -> None:
    bring(tmp_path, text_file(tmp_path, TEXT.replace(",", delimiter).replace("\n", line_end)))
    assert landed(tmp_path) == ROWS


def test_a_last_row_that_is_whole_needs_no_line_end(tmp_path: Path) -> None:
    bring(tmp_path, text_file(tmp_path, TEXT.rstrip("\n")))
    assert landed(tmp_path) == ROWS


def test_the_encoding_can_be_said(tmp_path: Path) -> None:
    bring(tmp_path, text_file(tmp_path, TEXT, encoding="utf-16-le"), encoding="utf-16-le")
    assert landed(tmp_path) == ROWS


def test_a_quoted_cell_may_hold_line_breaks_and_separators(tmp_path: Path) -> None:
    bring(tmp_path, text_file(tmp_path, 'order_id,day,amount_minor,note\nA1,2025-01-05,1,"一,\r\n""二"""\n'))
    assert stored(tmp_path)[0]["note"] == '一,\n"二"'


def test_blank_lines_are_no_rows(tmp_path: Path) -> None:
    assert bring(tmp_path, text_file(tmp_path, f"\n{TEXT}\n,,,\n\n")).read == 2


def test_a_workbook_lands(tmp_path: Path) -> None:
    rows = [("order_id", "day", "amount_minor", "note", "at", "paid", "share"),
            ("A1", moment("2025-01-05"), 1250.0, "=1+1", moment("2025-01-05 13:05"), True, 0.5),
            (2024001, 45662, "1,300", 7.5, 45662.5, "否", "12.5%")]  # fmt: skip
    bring(tmp_path, workbook(tmp_path, rows))
    first, second = stored(tmp_path)
    assert (first["note"], first["at"], first["paid"]) == ("=1+1", moment("2025-01-05 13:05"), True)
    assert (second["order_id"], second["day"], second["amount_minor"]) == ("2024001", date(2025, 1, 5), 1300)
    assert (second["note"], second["at"], second["share"]) == ("7.5", moment("2025-01-05 12:00"), 0.125)


def test_a_sheet_can_be_chosen(tmp_path: Path) -> None:
    file = workbook(tmp_path, [("order_id", "day", "amount_minor"), ("A1", "2025-01-05", 1)], sheet="一月")
    assert bring(tmp_path, file, sheet="一月").added == 1


def test_an_spss_file_lands_with_labels_where_words_are_wanted(tmp_path: Path) -> None:
    frame = pd.DataFrame({"order_id": ["A1", "A2"], "q1": [date(2025, 1, 5), date(2025, 1, 6)], "shop": [1.0, 2.0],
                          "amount_minor": [1250.0, 0.0], "share": [0.5, float("nan")]})  # fmt: skip
    labels = {"shop": {1: "天猫", 2: "门店"}, "amount_minor": {0: "无"}}
    file = tmp_path / "orders.sav"
    pyreadstat.write_sav(frame, file, column_labels=["", "Day", "", "", ""], variable_value_labels=labels)
    bring(tmp_path, file)
    first, second = stored(tmp_path)
    assert (first["day"], first["shop"], first["share"]) == (date(2025, 1, 5), "天猫", 0.5)
    assert (second["shop"], second["amount_minor"], second["share"]) == ("门店", 0, None)


def test_an_spss_moment_lands(tmp_path: Path) -> None:
    frame = pd.DataFrame({"order_id": ["A1"], "day": ["2025-01-05"], "at": [moment("2025-01-05 13:05")],
                          "amount_minor": [1]})  # fmt: skip
    pyreadstat.write_sav(frame, tmp_path / "orders.sav")
    bring(tmp_path, tmp_path / "orders.sav")
    assert stored(tmp_path)[0]["at"] == moment("2025-01-05 13:05")


def test_parquet_lands(tmp_path: Path) -> None:
    abroad = pd.Timestamp("2025-01-05 05:05", tz="UTC")
    table = pa.table({"order_id": ["A1"], "day": [date(2025, 1, 5)], "at": [abroad], "amount_minor": [1250],
                      "shop": pa.array(["门店"]).dictionary_encode(), "paid": [None]})  # fmt: skip
    pq.write_table(table, tmp_path / "orders.parquet")
    bring(tmp_path, tmp_path / "orders.parquet")
    row = stored(tmp_path)[0]
    assert (row["at"], row["shop"], row["paid"]) == (moment("2025-01-05 13:05"), "门店", None)


def test_headings_are_taken_by_name_or_title_in_any_language(tmp_path: Path) -> None:
    with language.speaking("zh_Hans"):
        titles = [language.gettext(TRANSACTIONS.row.model_fields[name].title or "") for name in TRANSACTIONS.columns]
    headings = [titles[0], "CUSTOMER_ID ", "Ordered at", *titles[3:]]
    file = text_file(tmp_path, f"{','.join(headings)}\nT1,C1,2025/1/5 9:30,护肤,天猫,1,990\n")
    assert bring(tmp_path, file, TRANSACTIONS).added == 1


def test_the_report_speaks_the_readers_language(tmp_path: Path) -> None:
    report = bring(tmp_path, text_file(tmp_path, TEXT))
    assert report.text == "orders.csv: 2 rows read for orders: 2 added, 0 unchanged, 0 updated, 0 rejected."
    with language.speaking("zh_Hans"):
        assert "新增 2 行" in report.text


def test_a_text_named_xls_is_read_for_what_it_is(tmp_path: Path) -> None:
    bring(tmp_path, text_file(tmp_path, TEXT.replace(",", "\t"), name="orders.xls", encoding="gb18030"))
    assert landed(tmp_path) == ROWS


def test_columns_left_out_take_their_defaults(tmp_path: Path) -> None:
    bring(tmp_path, text_file(tmp_path, TEXT))
    assert {row["shop"] for row in stored(tmp_path)} == {"天猫"}


def test_the_separator_may_be_named_first(tmp_path: Path) -> None:
    bring(tmp_path, text_file(tmp_path, "sep=;\r\n" + TEXT.replace(",", ";")))
    assert landed(tmp_path) == ROWS


def test_a_model_that_speaks_of_whole_rows_is_heard(tmp_path: Path) -> None:
    file = text_file(tmp_path, "name,low,high\nA, 1,2\nB,3,2\nC,x,\n")
    report = bring(tmp_path, file, RANGES)
    assert counts(report) == (1, 0, 0, 2)
    assert [row[:4] for row in rows_of(report.rejects_file)[1:]] == [
        ["3", "", "", "low is above high"],
        ["4", "low | high", "x | ", "low: must be a whole number | high: must not be empty"],
    ]


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_no_two_columns_of_a_dataset_share_a_heading(dataset: Dataset) -> None:
    headings = [plain(heading) for name in dataset.columns for heading in {plain(h) for h in dataset.headings(name)}]
    assert len(headings) == len(set(headings))
