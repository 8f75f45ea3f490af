"""Bad files: those refused whole change nothing, those with bad rows lose none."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
import xlsxwriter
from tests.kit.facts.given import ORDERS, bring, counts, rows_of, stored, text_file, workbook

from marketbook.kit.errors import DataError
from marketbook.kit.facts import Facts
from marketbook.kit.facts.grid import CHUNK

HEAD = "order_id,day,amount_minor\n"
GOOD = "A1,2025-01-05,1250\n"
WHOLE = HEAD + GOOD

REFUSED_TEXTS: list[tuple[str, str | bytes, str]] = [
    ("an empty file", b"", "is empty; its first row must hold headings"),
    ("nothing but blank lines", "\n \n,,\n", "is empty; its first row must hold headings"),
    ("a UTF-8 mark and nothing else", b"\xef\xbb\xbf", "is empty"),
    ("no headings", GOOD, "unknown headings: A1, 2025-01-05, 1250. Dataset orders takes: order_id .Order number."),
    ("an unknown heading", "order_id,day,amount_minor,colour\nA1,2025-01-05,1,red\n", "unknown headings: colour"),
    ("amounts that are not said to be fen", "order_id,day,amount\nA1,2025-01-05,1\n", "unknown headings: amount"),
    ("a missing heading", "order_id,amount_minor\nA1,1\n", "missing headings: day .Day.. Found: order_id, am"),
    ("a heading twice", "order_id,day,day,amount_minor\nA1,,,1\n", "same column: day, day"),
    ("a heading and its title", "order_id,day,Day,amount_minor\nA1,,,1\n", "same column: day, Day"),
    ("an empty heading between others", "order_id,,day,amount_minor\nA1,,,1\n", "headings: column 2 .empty."),
    ("a preamble without a source", f"report of May\n{WHOLE}", "unknown headings: report of May"),
    ("an unclosed quote at the end", f'{WHOLE}"A2,2025-01-06,1\n', "damaged at line 3: a quotation mark is not closed"),
    ("an unclosed quote early", f'{HEAD}"A1,2025-01-05,1\n' + "A2,2025-01-06,1\n" * 9, "damaged at line 2"),
    ("an unclosed quote in a huge file", f'{HEAD}"A1,' + "x" * 200_000, "damaged at line 2"),
    ("a quote inside a cell", f'{HEAD}"A"1,2025-01-05,1\n', "damaged at line 2: .*inside a cell is not doubled"),
    ("an unclosed quote in the headings", '"order_id,day,amount_minor\nA1,2025-01-05,1\n', "damaged at line 1"),
    ("a last row cut short", f"{WHOLE}A2,2025", "damaged at line 3: the last row is cut short"),
    ("headings cut short", "order_id,da", "unknown headings: da"),
    ("a last row cut short after line breaks in quotes", f'{HEAD}"A\n1",2025-01-05,1\nA2', "damaged at line 4"),
    ("UTF-8 cut in the middle of a character", f"{HEAD}订单,2025-01-05,1\n订单".encode()[:-1], "line 3 .byte 50."),
    ("UTF-8 with a damaged byte", f"{HEAD}订单,".encode() + b"\xff\xfe,1\n", "line 2 .byte 34."),
    ("GB18030 cut in the middle of a character", f"{HEAD}订单,2025-01-05,1\n订单".encode("gb18030")[:-1], "line 3"),
    ("bytes of no encoding", HEAD.encode() + b"\x80\x81\xff\xff,2025-01-05,1\n", "cannot be read as GB18030"),
    ("UTF-16 without its mark", WHOLE.encode("utf-16-le"), "UTF-16 without its mark; say which with --encoding"),
    ("UTF-16 cut in half a character", WHOLE.encode("utf-16")[:-1], "cannot be read as UTF-16"),
    ("a web page", "<html><table><tr><td>order_id</td></tr></table></html>", "is a web page, not a table"),
    ("bytes that are no text", bytes(range(256)) * 8, "not a text file"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "reason"), [case[1:] for case in REFUSED_TEXTS], ids=[c[0] for c in REFUSED_TEXTS])
def test_it_refuses_a_text_that_has(tmp_path: Path, content: str | bytes, reason: str) -> None:
    with pytest.raises(DataError, match=reason):
        bring(tmp_path, text_file(tmp_path, content))
    assert not Facts(tmp_path / "facts").exists("orders")
    assert [file.name for file in tmp_path.iterdir()] == ["orders.csv"]


def _xlsx(folder: Path) -> bytes:
    return workbook(folder, [("order_id", "day", "amount_minor"), *[("A1", "2025-01-05", 1)] * 500]).read_bytes()


def _parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"order_id": ["A1"], "day": [date(2025, 1, 5)], "amount_minor": [1]}), out)
    return out.getvalue()


def _sav(folder: Path) -> bytes:
    file = folder / "whole.sav"
    pyreadstat.write_sav(pd.DataFrame({"order_id": ["A1"] * 99, "day": ["2025-01-05"] * 99, "amount_minor": 1.0}), file)
    return file.read_bytes()


def _half_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("hello.txt", "no workbook")
    return out.getvalue()


REFUSED_FILES: list[tuple[str, str, Callable[[Path], bytes], str]] = [
    ("a workbook cut in half", "a.xlsx", lambda f: _xlsx(f)[:3000], "broken off or damaged"),
    ("a workbook without its last byte", "a.xlsx", lambda f: _xlsx(f)[:-30], "broken off or damaged"),
    ("an archive that is no workbook", "a.xlsx", lambda _f: _half_zip(), "broken off or damaged"),
    ("a text named as a workbook", "a.xlsx", lambda _f: WHOLE.encode(), "its content is not what .xlsx stands for"),
    ("Parquet cut in half", "a.parquet", lambda _f: _parquet()[:300], "broken off or damaged"),
    ("Parquet without its last byte", "a.parquet", lambda _f: _parquet()[:-1], "broken off or damaged"),
    ("a text named as Parquet", "a.parquet", lambda _f: WHOLE.encode(), "its content is not what .parquet stands for"),
    ("an SPSS file cut in half", "a.sav", lambda f: _sav(f)[:-200], "broken off or damaged"),
    ("an SPSS file cut in its description", "a.sav", lambda f: _sav(f)[:100], "broken off or damaged"),
    ("a text named as SPSS", "a.sav", lambda _f: WHOLE.encode(), "its content is not what .sav stands for"),
    ("a kind that is not read", "a.pdf", lambda _f: b"%PDF-1.7 hello", ".pdf cannot be imported; allowed are .csv"),
    ("no kind at all", "orders", lambda _f: WHOLE.encode(), "cannot be imported"),
]


@pytest.mark.parametrize(
    ("name", "make", "reason"), [case[1:] for case in REFUSED_FILES], ids=[case[0] for case in REFUSED_FILES]
)
def test_it_refuses(tmp_path: Path, name: str, make: Callable[[Path], bytes], reason: str) -> None:
    with pytest.raises(DataError, match=reason):
        bring(tmp_path, text_file(tmp_path, make(tmp_path), name=name))
    assert not Facts(tmp_path / "facts").exists("orders")


def test_it_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no such file"):
        bring(tmp_path, tmp_path / "none.csv")


def test_it_refuses_a_folder(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no such file"):
        bring(tmp_path, tmp_path)


def test_it_refuses_a_sheet_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no sheet 二月; it has 订单"):
        bring(tmp_path, workbook(tmp_path, [("order_id",)]), sheet="二月")


def test_it_refuses_an_unknown_encoding(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="klingon: not an encoding"):
        bring(tmp_path, text_file(tmp_path, WHOLE), encoding="klingon")


def test_it_refuses_a_wrong_encoding_that_was_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read as ASCII"):
        bring(tmp_path, text_file(tmp_path, HEAD + "订单,2025-01-05,1\n"), encoding="ascii")


def test_it_sees_a_cut_at_the_very_end_of_a_chunk(tmp_path: Path) -> None:
    rows = "".join(f"A{n},2025-01-05,1\n" for n in range(CHUNK - 2))
    with pytest.raises(DataError, match=f"at line {CHUNK}: the last row is cut short"):
        bring(tmp_path, text_file(tmp_path, HEAD + rows + "A9,2025"))


# Rows: the columns that are there, the row, what the reason says. Each stands between two good rows.
REJECTED: list[tuple[str, str, str, str]] = [
    ("a decimal in whole fen", "", "B,2025-01-05,12.5", "must be whole fen; an export in yuan is imported"),
    ("yuan in fen", "", "B,2025-01-05,¥12", "is in yuan, the column in fen"),
    ("yuan in words", "", "B,2025-01-05,12元", "is in yuan, the column in fen"),
    ("full-width yuan", "", "B,2025-01-05,￥１２", "is in yuan, the column in fen"),
    ("no number", "", "B,2025-01-05,many", "must be a whole number"),
    ("a number of ten thousands", "", "B,2025-01-05,1.2万", "must be a whole number"),
    ("nothing where something is due", "", "B,2025-01-05,", "must not be empty"),
    ("spaces where something is due", "", "B,2025-01-05,　 ", "must not be empty"),
    ("not a number", "", "B,2025-01-05,NaN", "must be a finite number"),
    ("infinity", "", "B,2025-01-05,inf", "must be a finite number"),
    ("an overflow", "", "B,2025-01-05,9223372036854775808", "is too large a whole number"),
    ("an overflow by exponent", "", "B,2025-01-05,1e300", "is too large a whole number"),
    ("a huge exponent", "", "B,2025-01-05,1e999999999", "must be a whole number"),
    ("thousands set wrongly", "", 'B,2025-01-05,"12,34"', "must be a whole number"),
    ("a number with underscores", "", "B,2025-01-05,1_000", "must be a whole number"),
    ("a negative amount", "", "B,2025-01-05,-1", "must be at least 0"),
    ("two numbers", "", "B,2025-01-05,1 2", "must be a whole number"),
    ("a percentage of fen", "", "B,2025-01-05,5%", "is a percentage; this column takes plain numbers"),
    ("a formula", "", "B,2025-01-05,=SUM(A1)", "must be a whole number"),
    ("an error of a spreadsheet", "note", "B,2025-01-05,1,#N/A", "is an error of the spreadsheet"),
    ("hexadecimal", "", "B,2025-01-05,0x1F", "must be a whole number"),
    ("a day that does not exist", "", "B,2025-02-29,1", "must be a day like 2026-11-23"),
    ("a month that does not exist", "", "B,2025-13-01,1", "must be a day"),
    ("a day before its month", "", "B,5/1/2025,1", "must be a day"),
    ("a year of two digits", "", "B,25-01-05,1", "must be a day"),
    ("a year only", "", "B,2025,1", "must be a day"),
    ("a timestamp", "", "B,1736035200,1", "must be a day"),
    ("a time in a day", "", "B,2025-01-05 13:05,1", "must be a day without a time"),
    ("no day", "", "B,昨天,1", "must be a day"),
    ("an empty key", "", ",2025-01-05,1", "must not be empty"),
    ("a key that a spreadsheet shortened", "", "2.02501E+17,2025-01-05,1", "was shortened by a spreadsheet"),
    ("a letter that was lost", "", "B\ufffd,2025-01-05,1", "holds characters that cannot be read"),
    ("a control character", "", "B\x01,2025-01-05,1", "holds characters that cannot be read"),
    ("too few cells", "", "B,2025-01-05", "the row has 2 cells, the headings 3"),
    ("too many cells", "", "B,2025-01-05,1,2", "the row has 4 cells, the headings 3"),
    ("a moment that does not exist", "at", "B,2025-01-05,1,2025-01-05 25:00", "must be a day and time"),
    ("a moment that is no moment", "at", "B,2025-01-05,1,noon", "must be a day and time"),
    ("a word that is not allowed", "shop", "B,2025-01-05,1,京东", "must be one of '天猫', '门店'"),
    ("a share over one", "share", "B,2025-01-05,1,1.2", "must be at most 1"),
    ("a share in hundreds of per cent", "share", "B,2025-01-05,1,120%", "must be at most 1"),
    ("a share that is infinite", "share", "B,2025-01-05,1,Infinity", "must be a finite number"),
    ("a share that is not finite once read", "share", "B,2025-01-05,1,1e400", "must be a finite number"),
    ("a percentage of no share", "price_index", "B,2025-01-05,1,102%", "is a percentage"),
    ("neither yes nor no", "paid", "B,2025-01-05,1,也许", "must be yes or no"),
    ("a number that is no truth", "paid", "B,2025-01-05,1,2", "must be yes or no"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("column", "row", "reason"), [case[1:] for case in REJECTED], ids=[case[0] for case in REJECTED]
)
def test_it_rejects_a_row_with(tmp_path: Path, column: str, row: str, reason: str) -> None:
    extra, blank = (f",{column}", ",") if column else ("", "")
    content = f"order_id,day,amount_minor{extra}\nA1,2025-01-05,1{blank}\n{row}\nA2,2025-01-05,1{blank}\n"
    report = bring(tmp_path, text_file(tmp_path, content))
    assert counts(report) == (2, 0, 0, 1)
    assert [found["order_id"] for found in stored(tmp_path)] == ["A1", "A2"]
    rejects = rows_of(report.rejects_file)
    assert (rejects[1][0], reason in rejects[1][3]) == ("3", True), rejects[1][3]


WORKBOOK_CELLS: list[tuple[str, tuple[object, ...], str]] = [
    ("a truth for an amount", ("B", "2025-01-05", True), "must be a whole number"),
    ("a fraction for whole fen", ("B", "2025-01-05", 12.5), "must be whole fen"),
    ("a number too long for a spreadsheet", (2025010512345678901, "2025-01-05", 1), "more than 15 digits"),
    ("a small number for a day", ("B", 7, 1), "must be a day"),
]


@pytest.mark.parametrize(("row", "reason"), [c[1:] for c in WORKBOOK_CELLS], ids=[c[0] for c in WORKBOOK_CELLS])
def test_it_rejects_a_row_of_a_workbook_with(tmp_path: Path, row: tuple[object, ...], reason: str) -> None:
    file = workbook(tmp_path, [("order_id", "day", "amount_minor"), ("A1", "2025-01-05", 1), (), row])
    report = bring(tmp_path, file)
    assert counts(report) == (1, 0, 0, 1)
    rejects = rows_of(report.rejects_file)
    assert (rejects[1][0], reason in rejects[1][3]) == ("4", True), rejects[1][3]


@pytest.mark.parametrize(
    ("value", "reason"), [(float("nan"), "finite"), (float("inf"), "finite"), (1.5, "must be whole fen")]
)
def test_it_rejects_numbers_of_parquet_that_are_none(tmp_path: Path, value: float, reason: str) -> None:
    table = pa.table({"order_id": ["A1", "B"], "day": [date(2025, 1, 5)] * 2, "amount_minor": [1.0, value]})
    pq.write_table(table, tmp_path / "a.parquet")
    report = bring(tmp_path, tmp_path / "a.parquet")
    assert counts(report) == (1, 0, 0, 1)
    rejects = rows_of(report.rejects_file)
    assert (rejects[1][0], reason in rejects[1][3]) == ("2", True), rejects[1][3]


def test_it_rejects_an_error_in_a_workbook(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(file)
    page = book.add_worksheet("first")
    page = book.add_worksheet("订单")
    for number, row in enumerate(
        [("order_id", "day", "amount_minor", "note"), ("A1", "2025-01-05", 1), ("B", "2025-01-05", 1)]
    ):
        page.write_row(number + 1, 1, row)
    page.write_formula(3, 4, "=1/0", None, "#DIV/0!")
    book.close()
    report = bring(tmp_path, file, sheet="订单")
    assert counts(report) == (1, 0, 0, 1)
    assert rows_of(report.rejects_file)[1][:4] == ["4", "note", "#DIV/0!", "is an error of the spreadsheet"]


def test_all_faults_of_a_row_are_told_at_once(tmp_path: Path) -> None:
    report = bring(tmp_path, text_file(tmp_path, f"{HEAD},32 May,x\n"))
    _line, column, value, found, *_cells = rows_of(report.rejects_file)[1]
    assert (column, value) == ("order_id | day | amount_minor", " | 32 May | x")
    assert found.count(" | ") == 2


def test_lines_are_those_of_the_file_where_quotes_hold_line_breaks(tmp_path: Path) -> None:
    content = 'order_id,day,amount_minor,note\nA1,2025-01-05,1,"一\n二\n三"\n\nB,bad,1,\nC,2025-01-05,bad,"四\n五"\n'
    report = bring(tmp_path, text_file(tmp_path, content))
    assert [row[0] for row in rows_of(report.rejects_file)[1:]] == ["6", "7"]


def test_a_file_of_bad_rows_only_makes_no_dataset(tmp_path: Path) -> None:
    report = bring(tmp_path, text_file(tmp_path, f"{HEAD}A,x,1\nB,y,2\n"))
    assert counts(report) == (0, 0, 0, 2)
    assert not Facts(tmp_path / "facts").exists(ORDERS.name)
