"""A list is read page by page from the last row seen, in any order, on both engines alike."""

from datetime import date
from typing import Any

import pytest
from tests.kit.forms.vendors import ROWS, Vendor, fill

from marketbook.kit.forms.fields import fields
from marketbook.kit.forms.rows import Order, Rows, version
from marketbook.kit.records import Party
from marketbook.kit.store import Store

ASKED = fields(Vendor, record=True)


def read(store: Store, order: Order, size: int = 2) -> list[Any]:
    found: list[Any] = []
    after = None
    while True:
        with store.reading() as session:
            page = ROWS.page(session, order, after=after, size=size)
        found += page.rows
        after = page.after
        if after is None:
            return found


@pytest.fixture
def filled(store: Store) -> Store:
    fill(store, "b", "a", "c", "a")
    fill(store, "d", "e", segment="x", checked_on=date(2026, 3, 1))
    fill(store, "f", segment="100%", checked_on=date(2025, 3, 1))
    return store


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", ["", "name", "segment", "checked_on", "id", "nonsense; drop"])
def test_every_row_comes_once_in_order_and_empty_ones_last(filled: Store, sort: str, descending: bool) -> None:
    found = read(filled, Order(sort=sort, descending=descending))
    assert len({row["id"] for row in found}) == len(found) == 7
    if sort in ("name", "segment", "checked_on"):
        values = [row[sort] for row in found]
        given = [value for value in values if value is not None]
        assert given == sorted(given, reverse=descending)
        assert values[len(given) :] == [None] * (7 - len(given))


def test_rows_that_come_meanwhile_neither_repeat_nor_hide_others(filled: Store) -> None:
    with filled.reading() as session:
        first = ROWS.page(session, Order(sort="name"), size=3)
    fill(filled, "aa", "z")
    with filled.reading() as session:
        rest = ROWS.page(session, Order(sort="name"), after=first.after, size=50)
    assert [row["name"] for row in [*first.rows, *rest.rows]] == ["a", "a", "b", "c", "d", "e", "f", "z"]


@pytest.mark.parametrize(("text", "found"), [("0%", ["f"]), ("%", ["f"]), ("_", []), ("X", ["d", "e"]), (" ", 7)])
def test_a_search_takes_texts_as_they_are(filled: Store, text: str, found: Any) -> None:
    names = [row["name"] for row in read(filled, Order(search=text, sort="name"))]
    assert names == found or len(names) == found


def test_a_version_changes_with_any_value_and_with_nothing_else(store: Store) -> None:
    (number,) = fill(store, "a", segment="x")

    def now() -> str:
        with store.reading() as session:
            return version(ASKED, ROWS.some(session, [number])[number])

    before = now()
    assert before == now()
    with store.writing() as session:
        session.get_one(Party, number).checked_on = date(2026, 3, 1)
    assert now() != before


def test_the_newest_come_first_where_nothing_else_is_asked_for(filled: Store) -> None:
    newest = Rows(ROWS.query, newest_first=True)
    with filled.reading() as session:
        first = newest.page(session, Order(), size=4)
        second = newest.page(session, Order(), after=first.after, size=4)
        by_name = newest.page(session, Order(sort="name"), size=9).rows
    ids = [row["id"] for row in [*first.rows, *second.rows]]
    assert ids == sorted(ids, reverse=True)
    assert (len(ids), by_name[0]["name"]) == (7, "a")


def test_a_list_sorts_by_what_it_says_and_by_nothing_else(filled: Store) -> None:
    made = Rows(ROWS.query, sorts=("name", "status"), as_entered=("status",))
    assert made.columns == {"id", "name", "status"}
    with filled.reading() as session:
        found = {sort: made.page(session, Order(sort=sort), size=3) for sort in ("", "segment", "status", "name")}
    ids = [[row["id"] for row in found[sort].rows] for sort in ("", "segment", "status")]
    assert ids[0] == ids[1] == ids[2] == sorted(ids[0])
    assert found["status"].after == (ids[0][-1], ids[0][-1])
    assert [row["name"] for row in found["name"].rows] == ["a", "a", "b"]
