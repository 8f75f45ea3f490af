"""A claim as its form asks for it: what is typed becomes a claim, and comes back as it was typed."""

from typing import Any

import pytest
from tests.expense.searching import label
from tests.office.company import House, budget, claim, invoice, request, submitted

from marketbook.expense import amounts, claim_form, finding, rules, service
from marketbook.expense.claim_form import FORMS
from marketbook.expense.tables import ExpenseClaim
from marketbook.kit.errors import RecordError
from marketbook.kit.forms.checking import check
from marketbook.kit.forms.fields import fields
from marketbook.kit.forms.typed import write
from marketbook.office import budget_line

COLUMNS = ["budget_line_id", "description", "amount_minor", "invoice_id", "currency", "foreign_amount", "rate"]


def typed(house: House, *rows: list[str], kind: str = "reimbursement", **more: Any) -> Any:
    """Check what is typed into a form, as the screen does."""
    me = house.people.sales
    searches = {
        "lines.budget_line_id": finding.budget_lines(me),
        "lines.invoice_id": finding.own_invoices(me),
    }
    model = FORMS[kind]
    values = {"title": "展会", "purpose": "", "lines": {"columns": COLUMNS, "rows": list(rows)}, **more}
    with house.store.reading() as session:
        finders = {name: lambda text, one=one: one.named(session, text) for name, one in searches.items()}
        return check(model, fields(model, record=True), values, finders=finders)


def test_what_is_typed_becomes_a_claim_and_comes_back(house: House) -> None:
    line = budget(house, item="秋季糖酒会")
    called = label(house, line)
    given = typed(
        house, [called, "搭建", "1,234.50", "", "", "", ""], [called, "广告", "", "", "USD", "1,00.5", "7.12"]
    )
    assert given.refusals == {}
    with house.store.writing() as session:
        made = service.enter(session, claim_form.entry("reimbursement", given.record), actor=house.people.sales)
        assert made.amount_minor == 123_450 + 71_556
        shown = write(fields(FORMS["reimbursement"], record=True), claim_form.typed(session, made))
    assert shown["lines"]["rows"] == [
        [called, "搭建", "1234.50", "", "", "", ""],
        [called, "广告", "", "", "USD", "100.50", "7.12"],
    ]
    assert shown["version"] == "1"


@pytest.mark.parametrize(
    ("cells", "path"),
    [
        (["不存在", "搭建", "1", "", "", "", ""], "lines/0/budget_line_id"),
        (["", "搭建", "0", "", "", "", ""], "lines/0/amount_minor"),
        (["", "搭建", "", "", "USD", "many", "7"], "lines/0/foreign_amount"),
        (["", "搭建", "", "", "USD", "10", "7.1234567"], "lines/0/rate"),
        (["", "搭建", "", "", "XXX", "10", "7"], "lines/0/currency"),
        (["", "搭建", "1", "12345", "", "", ""], "lines/0/invoice_id"),
    ],
)
def test_what_cannot_be_is_told_at_its_cell(house: House, cells: list[str], path: str) -> None:
    called = label(house, budget(house, item="巡展"))
    given = typed(house, [cells[0] or called, *cells[1:]])
    assert path in given.refusals
    assert given.record is None


def test_money_abroad_is_said_whole(house: House) -> None:
    called = label(house, budget(house, item="海外"))
    given = typed(house, [called, "广告", "", "", "USD", "10", ""])
    with pytest.raises(RecordError, match="needs its currency, its amount and its rate"):
        claim_form.entry("reimbursement", given.record)
    yen = typed(house, [called, "广告", "", "", "JPY", "10.5", "0.05"])
    with pytest.raises(RecordError, match=r"10\.5: JPY has 0 decimals"):
        claim_form.entry("reimbursement", yen.record)


def test_an_invoice_is_named_in_a_line_by_its_number(house: House) -> None:
    line = budget(house, item="印刷")
    with house.store.writing() as session:
        made = session.get_one(ExpenseClaim, claim(house, line, invoiced=False, session=session))
        found = invoice(session, made, 100_000, house.vendor)
        called = finding.invoice_label(session, found)
    given = typed(house, [label(house, line), "搭建", "1000", called, "", "", ""])
    assert [one.invoice_id for one in given.record.lines] == [found.id]


def test_a_payment_begins_with_what_is_left_of_its_request(house: House) -> None:
    line = budget(house)
    asked = request(house, line, 300_000)
    submitted(house, line, 100_000, request_id=asked)
    with house.store.reading() as session:
        found = claim_form.on_request(session, session.get_one(ExpenseClaim, asked))
        assert rules.rest(session, request_id=asked) == {line: 200_000}
    assert (found["request_id"], [one["amount_minor"] for one in found["lines"]]) == (asked, [200_000])


def test_amounts_are_shown_in_their_currency() -> None:
    assert (amounts.shown(1250, "USD"), amounts.shown(1200, "JPY")) == ("$12.50", "¥1,200")


def test_a_label_names_one_line_where_two_plans_have_the_same(house: House) -> None:
    first, second = budget(house, item="同名项目"), budget(house, item="同名项目")
    with house.store.reading() as session:
        labels = [finding.line_label(session, budget_line.named(session, one)) for one in (first, second)]
        search = finding.budget_lines(house.people.sales)
        assert [search.named(session, one) for one in labels] == [first, second]
    assert labels[0] != labels[1]
