"""Rows said in an address: written, read back, checked, and found."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from marketbook.kit.errors import ParamsError
from marketbook.kit.facts import Dataset, Facts, Mark, Row, Rows
from marketbook.kit.facts.behind import all_behind, behind


class Shop(Row):
    shop: str
    city: str
    opened_on: date
    keeper: str = Field(json_schema_extra={"personal": True})


class Sale(Row):
    sale: int
    shop: str
    at: datetime
    amount_minor: int
    weight: float | None = None
    gift: bool = False


def _large(facts: Facts, least: str) -> pa.Table:
    frame = facts.read("sales")
    return pa.table({"sale": frame.loc[frame["amount_minor"] >= int(least), "sale"].to_numpy()})


SHOPS = Dataset("shops", Shop, ("shop",), "Shops", "One shop.")
SALES = Dataset("sales", Sale, ("sale",), "Sales", "One sale.", marks={"large": Mark("Large sales", _large, str)})
DECLARED = {"shops": SHOPS, "sales": SALES}


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    facts = Facts(tmp_path)
    opened = [date(2020, 1, 1), date(2021, 5, 1), date(2022, 9, 1)]
    shops = {"shop": ["a", "b", "c"], "city": ["杭州", "上海", "杭州"], "opened_on": opened, "keeper": ["x", "y", "z"]}
    facts.write(SHOPS, pd.DataFrame(shops))
    count = range(12)
    sales = {
        "sale": [11 - n for n in count],
        "shop": ["abc"[n % 3] for n in count],
        "at": [datetime.fromisoformat(f"2025-01-{n + 1:02}T23:30") for n in count],
        "amount_minor": [100 * n for n in count],
        "weight": [None if n % 4 == 0 else n / 2 for n in count],
        "gift": [n % 2 == 0 for n in count],
    }
    facts.write(SALES, pd.DataFrame(sales))
    return facts


def found(facts: Facts, rows: Rows, **options: Any) -> list[int]:
    return behind(facts, DECLARED, rows, **options).table["sale"].to_pylist()


ALL = Rows("sales")


@pytest.mark.parametrize(
    ("rows", "address", "sales"),
    [
        (ALL, "sales", list(range(12))),
        (ALL.being(shop="a", gift=True), "sales?shop=a&gift=true", [5, 11]),
        (ALL.among("sale", [3, 1]), "sales?sale.in=3,1", [1, 3]),
        (ALL.among("sale", []), "sales?sale.in=", []),
        (ALL.but("shop", ["a", "b"]), "sales?shop.out=a,b", [0, 3, 6, 9]),
        (ALL.but("shop", []), "sales", list(range(12))),
        (ALL.between("amount_minor", 200, 400), "sales?amount_minor.ge=200&amount_minor.le=400", [7, 8, 9]),
        (ALL.within("sale", (0, 1), (10, 20)), "sales?sale.within=0,1,10,20", [0, 1, 10, 11]),
        (ALL.present("weight").between("sale", 8), "sales?weight.null=false&sale.ge=8", [8, 9, 10]),
        (ALL.between("weight", None, 1.5), "sales?weight.le=1.5", [8, 9, 10]),
        (ALL.linked(Rows("shops").being(city="上海")), "sales?shops.city=上海", [1, 4, 7, 10]),
        (ALL.being(large="1000"), "sales?large=1000", [0, 1]),
    ],
)
def test_rows_are_written_read_back_and_found(facts: Facts, rows: Rows, address: str, sales: list[int]) -> None:
    assert rows.encode() == address
    assert Rows.decode(address, DECLARED) == rows
    assert found(facts, rows) == sales


def test_a_day_of_a_moment_stands_for_all_its_hours(facts: Facts) -> None:
    assert found(facts, ALL.between("at", date(2025, 1, 2), date(2025, 1, 3))) == [9, 10]
    assert found(facts, Rows.decode("sales?at=2025-01-12", DECLARED)) == [0]


@given(st.lists(st.text(min_size=1), min_size=2, max_size=3))
def test_any_text_comes_back_as_it_was(texts: list[str]) -> None:
    rows = Rows("sales").being(shop=texts[0]).among("shop", texts).but("shop", texts)
    assert Rows.decode(rows.encode(seen="5534f4d19718f3f2"), DECLARED) == rows


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("shop?city=x", r"Dataset 'shop' is not known. Did you mean 'shops'\?"),
        ("sales?shops=a", r"sales: unknown column 'shops'. Did you mean 'shop'\?"),
        ("sales?a.b.c=1", "sales: unknown column 'a.b.c'"),
        ("shops?sales.gift=true", "shops: no link to 'sales'. There is none"),
        ("sales?sale=many", "sales.sale: found 'many'; must be a whole number"),
        ("sales?weight.ge=heavy", "sales.weight: found 'heavy'; must be a number"),
        ("sales?at.le=yesterday", "sales.at: found 'yesterday'; must be a day like"),
        ("sales?gift=perhaps", "sales.gift: found 'perhaps'; must be yes or no"),
        ("sales?weight.null=2", "sales.weight: found '2'; must be yes or no"),
        ("sales?sale.within=1,2,3", "sale.within: found '1,2,3'; must be pairs of first and last"),
        ("shops?keeper=x", "shops: unknown column 'keeper'"),
        ("sales?shops.keeper=x", "shops: unknown column 'keeper'"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_plain_words(address: str, message: str) -> None:
    with pytest.raises(ParamsError, match=message):
        Rows.decode(address, DECLARED)


def test_pages_follow_the_key_and_count_and_add_up_all(facts: Facts) -> None:
    first, last = (behind(facts, DECLARED, ALL.being(gift=True), limit=4, page=page) for page in (1, 99))
    assert first.table["sale"].to_pylist() == [1, 3, 5, 7]
    assert last.table["sale"].to_pylist() == [9, 11]
    assert (first.count, last.number, last.pages, last.first) == (6, 2, 2, 5)
    assert first.sums == last.sums == {"amount_minor": 3000}


def test_nothing_found_is_one_empty_page(facts: Facts) -> None:
    page = behind(facts, DECLARED, ALL.being(shop="nowhere"))
    assert (page.count, page.pages, page.table.num_rows, page.sums) == (0, 1, 0, {"amount_minor": 0})


def test_what_is_personal_is_never_read(facts: Facts) -> None:
    assert behind(facts, DECLARED, Rows("shops")).table.column_names == ["shop", "city", "opened_on"]


def test_all_rows_come_in_chunks_up_to_a_limit(facts: Facts) -> None:
    batches = list(all_behind(facts, DECLARED, ALL, most=5))
    assert pa.Table.from_batches(batches)["sale"].to_pylist() == [0, 1, 2, 3, 4]
