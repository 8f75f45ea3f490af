"""Rows as a person reads them, and as files."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from pydantic import Field

from marketbook.kit.facts import Dataset, Facts, Mark, Row, Rows
from marketbook.kit.facts.behind import Page, all_behind, behind
from marketbook.kit.language import speaking, use_labels
from marketbook.kit.report import rows as told
from marketbook.kit.report.export.rows import write_csv, write_xlsx


class Shop(Row):
    shop: str = Field(title="Shop code")
    name: str = Field(title="Name")
    city: str = Field(title="City")


class Sale(Row):
    sale: str = Field(title="Sale number")
    shop: str = Field(title="Shop")
    kind: str = Field(title="Kind")
    sold_at: datetime = Field(title="Sold at")
    day: date = Field(title="Day")
    amount_minor: int = Field(title="Amount (fen)")
    weight: float | None = Field(default=None, title="Weight")
    gift: bool = Field(title="Gift")


SHOPS = Dataset("shops", Shop, ("shop",), "Shops", "One shop.")
SALES = Dataset(
    "sales",
    Sale,
    ("sale",),
    "Sales",
    "One sale.",
    words={"shop": "shops.name"},
    codes={"kind": {"web": "On the web"}},
    marks={"best": Mark("Best sales", lambda _facts, _words: pa.table({"sale": ["=1"]}), lambda words: f"top {words}")},
)
DECLARED = {"shops": SHOPS, "sales": SALES}
ALL = Rows("sales")


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    facts = Facts(tmp_path)
    facts.write(SHOPS, pd.DataFrame({"shop": ["a"], "name": ["西湖店"], "city": ["杭州"]}))
    sale = {
        "sale": ["=1", "b"],
        "shop": ["a", "b"],
        "kind": ["web", "其他"],
        "sold_at": [datetime.fromisoformat("2025-01-06T09:30")] * 2,
        "day": [date(2025, 1, 6)] * 2,
        "amount_minor": [123456, -50],
        "weight": [1.5, None],
        "gift": [True, False],
    }
    facts.write(SALES, pd.DataFrame(sale))
    return facts


@pytest.fixture
def page(facts: Facts) -> Page:
    return behind(facts, DECLARED, ALL)


@pytest.fixture
def _english_words() -> Iterator[None]:
    use_labels({"西湖店": "West Lake", "其他": "Other"})
    yield
    use_labels({})


@pytest.mark.usefixtures("_english_words")
def test_cells_are_written_as_a_person_reads_them(page: Page) -> None:
    assert told.cells(page) == [
        ["=1", "a West Lake", "On the web", "6 Jan 2025 09:30", "6 Jan 2025", "CN¥1,235", "1.50", "yes"],
        ["b", "b", "Other", "6 Jan 2025 09:30", "6 Jan 2025", "-CN¥0.50", "–", "no"],
    ]


def test_headings_leave_the_unit_of_amounts_to_the_cells(page: Page) -> None:
    headings = told.headings(page.dataset)
    assert [heading.title for heading in headings][5:7] == ["Amount", "Weight"]
    assert [heading.name for heading in headings if heading.numeric] == ["amount_minor", "weight"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (ALL, []),
        (ALL.being(shop="a"), [("Shop", "a 西湖店")]),
        (ALL.being(kind="web", gift=True), [("Kind", "On the web"), ("Gift", "yes")]),
        (ALL.between("day", date(2025, 1, 1), date(2025, 1, 31)), [("Day", "1 Jan 2025 to 31 Jan 2025")]),
        (ALL.between("sold_at", date(2025, 1, 1)), [("Sold at", "from 1 Jan 2025")]),
        (ALL.between("sold_at", None, date(2025, 1, 1)), [("Sold at", "up to 1 Jan 2025")]),
        (ALL.between("amount_minor", 0), [("Amount", "CN¥0 or more")]),
        (ALL.between("amount_minor", None, 100), [("Amount", "CN¥1 or less")]),
        (ALL.within("amount_minor", (0, 100), (200, 300)), [("Amount", "CN¥0 to CN¥1 or CN¥2 to CN¥3")]),
        (ALL.among("sale", ["1", "2"]), [("Sale number", "1, 2")]),
        (ALL.among("sale", []), [("Sale number", "none")]),
        (ALL.but("sale", [str(n) for n in range(14)]),
         [("Sale number", "all but 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more")]),
        (ALL.present("weight"), [("Weight", "given")]),
        (ALL.linked(Rows("shops").being(city="杭州")), [("Shops · City", "杭州")]),
        (ALL.being(best="3"), [("Best sales", "top 3")]),
    ],
)  # fmt: skip
def test_conditions_are_said_in_plain_words(page: Page, rows: Rows, said: list[tuple[str, str]]) -> None:
    assert told.said(rows, DECLARED, page.wordings) == said


def test_conditions_are_said_in_chinese(page: Page) -> None:
    rows = ALL.between("day", date(2025, 1, 1), date(2025, 1, 31)).but("shop", ["b"])
    with speaking("zh_Hans"):
        assert told.said(rows, DECLARED, page.wordings) == [("日期", "2025年1月1日至2025年1月31日"), ("Shop", "除b外")]


def test_csv_holds_values_as_the_import_takes_them_and_no_formula(facts: Facts, tmp_path: Path) -> None:
    write_csv(tmp_path / "rows.csv", SALES, all_behind(facts, DECLARED, ALL))
    with (tmp_path / "rows.csv").open(encoding="utf-8-sig", newline="") as stream:
        head, first, second = csv.reader(stream)
    assert head[5] == "Amount (fen)"
    assert first == ["'=1", "a", "web", "2025-01-06 09:30:00", "2025-01-06", "123456", "1.5", "True"]
    assert second[5:7] == ["-50", ""]


def test_the_workbook_holds_typed_cells_in_yuan_and_says_which_rows_these_are(facts: Facts, tmp_path: Path) -> None:
    write_xlsx(tmp_path / "rows.xlsx", SALES, all_behind(facts, DECLARED, ALL), [("Day", "6 Jan 2025")])
    sheet, notes = openpyxl.load_workbook(tmp_path / "rows.xlsx").worksheets
    cells = [cell.value for cell in sheet[2]]
    assert cells[:3] == ["=1", "a", "On the web"]
    assert cells[3:6] == [datetime.fromisoformat("2025-01-06T09:30"), datetime.fromisoformat("2025-01-06"), 1234.56]
    assert {cell.data_type for row in sheet for cell in row} <= {"s", "n", "d"}
    assert [cell.value for cell in notes[1]] == ["Day", "6 Jan 2025"]
