"""The lists of the log: found and sorted from indexes, taken out as a workbook and brought back with new rows."""

from itertools import product

import pytest
from tests.competitor.watch import Watch, ago, noted, withdrawn
from tests.kit.forms import explaining

from marketbook.competitor import forms, lists
from marketbook.competitor.lists import EntryRow
from marketbook.kit.forms import comparison, returned, rows, sheet
from marketbook.kit.forms.comparison import Comparison
from marketbook.kit.forms.fields import fields
from marketbook.kit.forms.rows import Order, Row, Rows

TEXTS = ("云栖", "毛巾", "CW-", "棉")


@pytest.fixture(scope="module")
def many(watch: Watch) -> list[int]:
    """Entries of several kinds, what was seen last among them."""
    made = [
        noted(watch, product="浴巾 纯棉", seen_on=ago(3), price_minor=5_000),
        noted(watch, product="毛巾", seen_on=ago(9), price_minor=1_900, who="chen"),
        noted(watch, product="", action="pr", channel="other", price_minor=None, seen="发布会：棉花产地溯源"),
        noted(watch, product="毛巾", seen_on=ago(4), price_minor=1_700, price_kind="promotion"),
    ]
    wrong = noted(watch, product="毛巾", seen_on=ago(4), price_minor=1_600)
    withdrawn(watch, wrong)
    return [*made, wrong]


def listed(watch: Watch, found: Rows, order: Order, size: int = 50) -> list[Row]:
    with watch.store.reading() as session:
        return found.page(session, order, size=size).rows


def ids(watch: Watch, found: Rows, **asked: object) -> list[int]:
    return [row["id"] for row in listed(watch, found, Order(**asked))]  # type: ignore[arg-type]


def test_each_list_holds_what_it_says(watch: Watch, many: list[int]) -> None:
    bath, first, news, second, wrong = many
    assert ids(watch, lists.everything()) == [second, news, first, bath]
    assert ids(watch, lists.prices()) == [second, first, bath]
    assert ids(watch, lists.actions()) == [news]
    assert ids(watch, lists.own(watch.people["chen"])) == [first]
    assert ids(watch, lists.gone()) == [wrong]
    assert ids(watch, lists.everything(), sort="seen_on") == [first, second, bath, news]


def test_it_is_found_by_product_competitor_and_words(watch: Watch, many: list[int]) -> None:
    bath, first, news, second, _wrong = many
    found = [sorted(ids(watch, lists.everything(), search=text)) for text in TEXTS]
    everything = sorted(many[:-1])
    assert found == [everything, [first, second], everything, [bath, news]]


def test_an_index_answers_every_order_of_the_log(
    watch: Watch, many: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert many
    monkeypatch.setattr(rows, "FEW", -1)
    monkeypatch.setattr(explaining, "LONG", (*explaining.LONG, "competitor_entry"))
    for found in (lists.everything(), lists.prices(), lists.actions()):
        for sort, descending in product(("", "number", "title", "seen_on"), (False, True)):
            assert explaining.faults(watch.store, found, Order(sort=sort, descending=descending)) == [], sort


def taken_out(watch: Watch, *new: Row) -> bytes:
    """Return the log as a workbook, with more rows below."""
    kept = listed(watch, lists.everything(), Order())
    blank = dict.fromkeys(EntryRow.model_fields) | {"id": 0}
    return sheet.write(fields(EntryRow, record=True), [*kept, *({**blank, **row} for row in new)], title="log")


def compared(watch: Watch, content: bytes, who: str = "lin") -> Comparison[EntryRow]:
    lines = returned.read(EntryRow, "log.xlsx", content)
    lines = [returned.Line(one.row, one.id or None, one.version if one.id else "", one.cells) for one in lines]
    asked, services = fields(EntryRow, record=True), lists.services(watch.people[who])
    with watch.store.reading() as session:
        found = comparison.compare(session, EntryRow, asked, lines, rows=lists.everything(), services=services)
    return comparison.rehearse(watch.store, found, services)


def test_it_comes_back_as_it_left(watch: Watch, many: list[int]) -> None:
    found = compared(watch, taken_out(watch))
    assert (found.unchanged, found.new, found.changed, found.refused) == (len(many) - 1, [], [], [])


USUAL: Row = {
    "competitor": "云栖家居", "product": "毛巾", "channel": "tmall", "price_minor": 1_850, "size": 1, "unit": "piece",
    "price_kind": "list", "action": "price", "source": "shop", "currency": "CNY",
}  # fmt: skip


def test_new_rows_are_noted_and_bad_ones_are_told(watch: Watch, many: list[int]) -> None:
    usual = {**USUAL, "seen_on": ago(1)}
    twice = {"seen_on": ago(4), "price_minor": 1_700, "price_kind": "promotion"}
    others = (twice, {"price_minor": None}, {"competitor": "新来者", "price_minor": 2_000})
    found = compared(watch, taken_out(watch, usual, *({**usual, **one} for one in others)))
    assert [one.record.price_minor for one in found.new] == [1_850, 2_000]
    reasons = [one.reason for one in found.refused]
    assert "noted for that day already" in reasons[0]
    assert "enter the price that was seen" in reasons[1]
    asked, services = fields(EntryRow, record=True), lists.services(watch.people["lin"])
    with watch.store.writing() as session:
        assert comparison.apply(session, asked, found, rows=lists.everything(), services=services) == 2
    assert len(listed(watch, lists.everything(), Order())) == len(many) + 1


def test_what_was_noted_is_not_edited_in_a_workbook(watch: Watch, many: list[int]) -> None:
    kept = listed(watch, lists.everything(), Order())[0]
    asked = fields(EntryRow, record=True)
    line = returned.Line(2, kept["id"], rows.version(asked, kept), {"price_minor": "1.00"})
    services = lists.services(watch.people["lin"])
    with watch.store.reading() as session:
        found = comparison.compare(session, EntryRow, asked, [line], rows=lists.everything(), services=services)
    refused = comparison.rehearse(watch.store, found, services).refused
    assert many
    assert "is never changed; open it" in refused[0].reason


def test_the_last_look_at_each_price_is_offered(watch: Watch) -> None:
    noted(watch, product="浴帘", channel="jd", seen_on=ago(5), price_minor=9_900)
    last = noted(watch, product="浴帘", channel="jd", seen_on=ago(2), price_minor=8_800)
    noted(watch, product="浴帘", channel="jd", seen_on=ago(9), price_minor=7_700)
    other = noted(watch, product="浴帘", channel="tmall", seen_on=ago(3), price_minor=8_900, unit="g", size=900)
    search = forms.watched()
    with watch.store.reading() as session:
        found = search.find(session, "浴帘")
        assert [(one.id, one.label) for one in found] == [
            (last, "云栖家居 · 浴帘 · JD"), (other, "云栖家居 · 浴帘 · Tmall · g"),
        ]  # fmt: skip
        assert search.find(session, "家居 · 浴帘 · jd")[0].id == last
        assert search.get(session, last) == found[0]
        assert [one.label for one in forms.competitors().find(session, "云")] == ["云栖家居"]


def test_known_products_are_offered_each_with_whose_it_is(watch: Watch, many: list[int]) -> None:
    assert many
    noted(watch, product="面巾", own_product="洁面巾")
    with watch.store.reading() as session:
        found = forms.products(session, " 巾 ")
        assert (found["浴巾 纯棉"], found["面巾"]) == ("云栖家居", "云栖家居")
        assert found["毛巾"].startswith("云栖家居")
        assert forms.products(session, "%") == {}
        assert forms.own_products(session, "") == {"洁面巾": ""}
