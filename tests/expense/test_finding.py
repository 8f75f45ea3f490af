"""What the forms of claims find: budget lines with what is available, invoices, vendors, open requests."""

from tests.expense.searching import label
from tests.office.company import MONTH, House, budget, claim, invoice, paid, request, submitted

from marketbook.expense import finding
from marketbook.expense.tables import ExpenseClaim
from marketbook.kit.language import speaking
from marketbook.kit.records import person


def test_a_budget_line_is_found_by_month_category_and_item(house: House) -> None:
    line = budget(house, item="高铁广告")
    submitted(house, line, 100_000)
    search = finding.budget_lines(house.people.sales)
    with house.store.reading() as session, speaking("zh_Hans"):
        for text in ("高铁", f"{MONTH} 高铁", "广告 高铁广告", label(house, line)):
            assert [one.id for one in search.find(session, text)] == [line]
        assert search.find(session, "高铁")[0].about == "可用 ¥9,000.00"
        assert search.find(session, "高铁 促销") == []


def test_what_is_left_of_one_s_own_request_is_told(house: House) -> None:
    line = budget(house, 300_000, item="快闪店")
    number = request(house, line, 300_000)
    mine, other = finding.budget_lines(house.people.sales), finding.budget_lines(house.people.manager)
    with house.store.reading() as session:
        called = session.get_one(ExpenseClaim, number).number
        assert f"CN¥3,000.00 left of {called}" in mine.find(session, "快闪店")[0].about
        assert called not in other.find(session, "快闪店")[0].about
        assert [one.id for one in finding.requests(house.people.sales).find(session, called)] == [number]
        assert finding.requests(house.people.manager).find(session, called) == []


def test_others_invoices_are_found_by_their_whole_number_only(house: House) -> None:
    line = budget(house)
    with house.store.writing() as session:
        made = session.get_one(ExpenseClaim, claim(house, line, invoiced=False, session=session))
        found = invoice(session, made, 100_000, house.vendor)
    own, other = finding.own_invoices(house.people.sales), finding.own_invoices(house.people.manager)
    finance = finding.own_invoices(house.people.finance)
    with house.store.reading() as session:
        part = found.number[-4:]
        assert found.id in {one.id for one in own.find(session, part)}
        assert found.id in {one.id for one in finance.find(session, part)}
        assert found.id not in {one.id for one in other.find(session, part)}
        assert [one.id for one in other.find(session, found.number)] == [found.id]
        assert "CN¥1,000.00 left" in own.find(session, found.number)[0].about


def test_who_is_suspended_or_ended_is_not_offered(house: House) -> None:
    with house.store.writing() as session:
        fresh = [person.add(session, kind="vendor", name=name) for name in ("好物广告", "好物会展")]
        fresh[1].status = "ended"
        session.flush()
        assert [one.label for one in finding.vendors().find(session, "好物")] == ["好物广告"]


def test_a_claim_that_is_paid_is_no_open_request(house: House) -> None:
    number = paid(house, budget(house))
    with house.store.reading() as session:
        assert finding.requests(house.people.sales).get(session, number) is None
