"""The lists of claims: everybody's own, a manager's people's, what waits at finance, and all."""

from tests.office.company import House, approved, budget, claim, submitted

from marketbook.expense import lists
from marketbook.kit.forms.rows import Order, Rows
from marketbook.kit.records import roles


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
