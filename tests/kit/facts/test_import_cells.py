"""What people write in cells."""

from datetime import date, datetime

import pytest
from tests.kit.facts.given import moment

from marketbook.kit.facts.cells import Column, Unread, read_cell, read_column

WRITTEN: list[tuple[Column, object, object]] = [
    (Column("n", int), "1,234,567", 1234567),
    (Column("n", int), "１，２３４", 1234),
    (Column("n", int), " -12 ", -12),
    (Column("n", int), "−12", -12),
    (Column("n", int), "12.0", 12),
    (Column("n", int), "1.2e3", 1200),
    (Column("n", int), 12.0, 12),
    (Column("spend_minor", int, unit="yuan"), "¥1,234.56", 123456),
    (Column("spend_minor", int, unit="yuan"), "￥ 12元", 1200),
    (Column("spend_minor", int, unit="yuan"), 0.1 + 0.2, Unread("has a fraction of a fen")),
    (Column("spend_minor", int, unit="yuan"), 1234.56, 123456),
    (Column("x", float), "1,234.56", 1234.56),
    (Column("x", float), "1e-3", 0.001),
    (Column("share_aware", float), "12.3%", 0.123),
    (Column("share_aware", float), "１２．３％", 0.123),
    (Column("day", date), "2025/1/5", date(2025, 1, 5)),
    (Column("day", date), "2025年1月5日", date(2025, 1, 5)),
    (Column("day", date), "2025.01.05", date(2025, 1, 5)),
    (Column("day", date), "20250105", date(2025, 1, 5)),
    (Column("day", date), "2025-01-05 00:00:00", date(2025, 1, 5)),
    (Column("day", date), "45662", date(2025, 1, 5)),
    (Column("day", date), 45662.0, date(2025, 1, 5)),
    (Column("day", date), moment("2025-01-05"), date(2025, 1, 5)),
    (Column("day", date, unit="day"), "2025-01-05 13:05", date(2025, 1, 5)),
    (Column("day", date, format="%d/%m/%Y"), "5/1/2025", date(2025, 1, 5)),
    (Column("at", datetime), "2025-01-05", moment("2025-01-05")),
    (Column("at", datetime), "2025/1/5 9:05", moment("2025-01-05 09:05")),
    (Column("at", datetime), "2025年1月5日9时05分30秒", moment("2025-01-05 09:05:30")),
    (Column("at", datetime), "20250105 090530", moment("2025-01-05 09:05:30")),
    (Column("at", datetime), "2025-01-05T01:05:00Z", moment("2025-01-05 09:05")),
    (Column("at", datetime), "2025-01-05T09:05:00.250+08:00", moment("2025-01-05 09:05:00.250000")),
    (Column("at", datetime), "45662.5", moment("2025-01-05 12:00")),
    (Column("paid", bool), "是", True),
    (Column("paid", bool), "否", False),
    (Column("paid", bool), "TRUE", True),
    (Column("paid", bool), 0.0, False),
    (Column("note", str), "　晨跑\u200b ", "晨跑"),
    (Column("note", str), "=1+1", "=1+1"),
    (Column("order_id", str, identifies=True), '="0012"', "0012"),
    (Column("order_id", str, identifies=True), 12.0, "12"),
    (Column("note", str), date(2025, 1, 5), "2025-01-05"),
    (Column("note", str, blank=None), " ", None),
    (Column("n", int, blank=0, missing=frozenset({"--"})), "--", 0),
]


@pytest.mark.parametrize(("column", "cell", "value"), WRITTEN)
def test_it_reads_what_is_written(column: Column, cell: object, value: object) -> None:
    found = read_column(column, [cell])[0]
    assert found == value
    assert type(found) is type(value)


def test_one_odd_cell_does_not_change_how_the_others_are_read() -> None:
    assert read_column(Column("n", int), ["1", "1,000", "x", "1"]) == [1, 1000, "x", 1]


def test_a_truth_is_not_the_number_one() -> None:
    assert read_column(Column("n", int), [1, True, 1.0]) == [1, True, 1]
    assert read_column(Column("n", int), [1, True, 1.0])[1] is True


def test_a_list_is_no_cell() -> None:
    assert read_column(Column("note", str), [["a"]]) == [Unread("must be one value")]


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        (Column("n", int), ["1,234", "12", "-1,000", "999,999,999,999,999,999"]),
        (Column("spend_minor", int, unit="yuan"), ["¥1,234.5", "12", "-0.05", "+3.10", "999999999999999.99"]),
        (Column("at", datetime), ["2025/1/5 9:05", "2025年1月5日 9:05:30", "20250105 09:05:30"]),
        (Column("at", datetime), ["2025/1/5 9:05", "2025/1/5"]),
        (Column("at", datetime), ["2025/1/5 9:05", "45662.5", "x"]),
        (Column("x", float), ["1", "1.5", "-2e3"]),
        (Column("note", str, missing=frozenset({"-"})), ["a", " - ", "-b"]),
    ],
)
def test_the_short_way_reads_as_the_long_way(column: Column, cells: list[str]) -> None:
    assert read_column(column, cells) == [read_cell(column, cell) for cell in cells]
