"""The lists of claims: everybody's own, a manager's people's, what waits at finance, and all."""

from itertools import product

import pytest
from tests.kit.forms.explaining import faults
from tests.office.company import House, approved, budget, claim, submitted

from marketbook.expense import lists
from marketbook.kit.forms import reading, rows
from marketbook.kit.forms.rows import Order, Row, Rows
from marketbook.kit.records import roles
from marketbook.kit.records.search import folded


def ids(house: House, rows: Rows, search: str = "") -> list[int]:
    with house.store.reading() as session:
        return [row["id"] for row in rows.page(session, Order(search=search), size=1000).rows]


def test_each_list_holds_whose_it_is(house: House) -> None:
    line, people = budget(house), house.people
    mine, another = claim(house, line), claim(house, line, owner=people.manager)
    top = claim(house, line, owner=people.director)
    assert ids(house, lists.own(people.sales))[0] == mine
    assert another not in ids(house, lists.own(people.sales))
    below = ids(house, lists.of_line(people.manager))
    assert mine in below
    assert not {another, top} & set(below)
    assert {mine, another} <= set(ids(house, lists.of_line(people.director)))
    assert ids(house, lists.everything())[:3] == [top, another, mine]


def test_what_waits_at_finance_is_what_finance_decides_next(house: House) -> None:
    line = budget(house)
    waiting, before = approved(house, line, 10_000), submitted(house, line, 10_000)
    found = ids(house, lists.at_finance())
    assert waiting in found
    assert before not in found


def test_a_row_says_what_it_is_about(house: House) -> None:
    number = claim(house, budget(house), kind="vendor_payment", vendor_id=house.vendor, title="一月投放")
    with house.store.reading() as session:
        row = lists.everything().page(session, Order(search="一月投放")).rows[0]
    assert (row["id"], row["vendor"], row["amount_minor"], row["status"]) == (number, "巨量引擎", 100_000, "draft")
    assert row["entered_on"] == roles.today()


TEXTS = ("", "差旅", "费", "abc", "%", "_", "ex-", "sales", "巨量", "没有", "“a”", "00000")


@pytest.fixture(scope="module")
def many(house: House) -> House:
    line, people = budget(house, 10_000_000), house.people
    for place, title in enumerate(("北京 100%", "差旅费", "ＡＢＣ_1", "差旅费", "abc", "展会“A”")):
        owner = people.manager if place % 2 else people.sales
        kind = {"kind": "vendor_payment", "vendor_id": house.vendor} if place % 3 == 0 else {}
        claim(house, line, 10_000 + place % 3, owner=owner, title=title, invoiced=False, **kind)
    approved(house, line, 10_000)
    approved(house, line, 20_000)
    return house


def views(house: House) -> dict[str, Rows]:
    people = house.people
    return {"own": lists.own(people.sales), "line": lists.of_line(people.director), "finance": lists.at_finance(),
            "everything": lists.everything()}  # fmt: skip


def pages(house: House, found: Rows, order: Order, size: int) -> list[Row]:
    read: list[Row] = []
    after = None
    while True:
        with house.store.reading() as session:
            page = found.page(session, order, after=after, size=size)
        read += page.rows
        if (after := page.after) is None:
            return read


@pytest.mark.parametrize("few", [5_000, -1])
@pytest.mark.parametrize("view", ["own", "line", "finance", "everything"])
def test_every_page_of_every_order_and_search_has_what_it_should(
    many: House, monkeypatch: pytest.MonkeyPatch, view: str, few: int
) -> None:
    found = views(many)[view]
    everything = pages(many, found, Order(), 1_000)
    monkeypatch.setattr(rows, "FEW", few)
    monkeypatch.setattr(reading, "AT_ONCE", 4)
    asked = [*product(TEXTS, ("",), (False, True)), *product(("", "费"), found.columns, (False, True))]
    for text, sort, descending in asked:
        order = Order(search=text, sort=sort, descending=descending)
        read = pages(many, found, order, 5)
        assert sorted(row["id"] for row in read) == sorted(row["id"] for row in everything if has(row, text)), order
        values = [row[sort or "id"] for row in read]
        assert sort in ("title", "status") or values == sorted(values, reverse=descending or not sort), order


def has(row: Row, text: str) -> bool:
    return any(folded(text) in folded(row[name] or "") for name in ("number", "title", "owner", "vendor"))


def test_an_index_answers_every_order_of_a_long_list(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "FEW", -1)
    for view, found in views(house).items():
        for sort, descending in product(("", *sorted(found.columns)), (False, True)):
            if view != "own":  # what one person has is sorted
                assert faults(house.store, found, Order(sort=sort, descending=descending)) == [], (view, sort)
