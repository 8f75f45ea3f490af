"""Numbers that were planted are found on no way out: no view, no log, no list, no workbook, no message."""

import io
import json
import logging
import re
import traceback
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from pydantic import ValidationError
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from tests.customer.shop import Shop, changed, entered, entry, furnish, merged, said
from tests.engines import Tables

import marketbook.office.opportunity_rules  # noqa: F401  # sales are known
from marketbook.customer import duplicate_list, lists
from marketbook.customer.complaint import service
from marketbook.customer.complaint.params import ComplaintEntry
from marketbook.customer.complaint.tables import ComplaintWarning
from marketbook.customer.lists import CustomerRow, PairRow
from marketbook.kit.errors import RecordError
from marketbook.kit.facts import view
from marketbook.kit.forms import sheet
from marketbook.kit.forms.fields import fields
from marketbook.kit.forms.rows import Order
from marketbook.kit.records import roles
from marketbook.kit.store import now
from marketbook.kit.store.audit import AuditLog
from marketbook.office import opportunity
from marketbook.office.opportunity_params import OpportunityEntry
from marketbook.office.params import ActivityEntry

MOBILE, OTHER, MAIL, WECHAT = "13877665544", "13877665545", "planted.zhang@example.com", "planted_zhang66"
NEEDS = "planted-needs-7d1f"
PLANTED = (MOBILE, OTHER, "138 7766 5544", "138-7766-5544", MAIL, WECHAT, "7766554", "planted", NEEDS)
FILLED = {
    "customer_cards", "consents", "complaints", "complaint_actions", "complaint_warnings", "opportunities",
}  # fmt: skip
"""The views into whose rows something is planted."""


@dataclass(frozen=True)
class Planted:
    shop: Shop
    customer: int
    other: int


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def planted(
    request: pytest.FixtureRequest, tables: Tables, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Planted]:
    """Customers with planted numbers, who were changed, merged, and looked for."""
    store = tables(request.param, tmp_path_factory.mktemp("planted"), "planted")
    shop = furnish(store)
    contacts = [{"value": MOBILE}, {"kind": "email", "value": MAIL}, {"kind": "wechat", "value": WECHAT}]
    made = entered(shop, "张三", needs=NEEDS, contacts=contacts)
    other = entered(shop, "张三", OTHER, birthday="03-05")
    third = entered(shop, "张散", "13700000077")
    changed(shop, third, entry("张散", "13700000078", needs=NEEDS))
    said(shop, made, given=True)
    merged(shop, made, third, take=("needs",))
    complained(shop, made)
    offered(shop, made)
    with store.writing() as session:
        duplicate_list.refresh(session)
    yield Planted(shop, made, other)
    store.close()


def complained(shop: Shop, customer: int) -> None:
    """Plant into the words of a complaint about which somebody was warned."""
    actor = shop.people["manager"]
    with shop.store.writing(actor=actor) as session:
        entry = ComplaintEntry(party_id=customer, content="杯子裂了，请回电 138-7766-5544")
        one = service.enter(session, entry, actor=actor)
        action = ActivityEntry(kind="corrective_action", title="加强出库检查", due_on=roles.today())
        service.follow_up(session, one, action, actor=actor)
        session.add(ComplaintWarning(complaint_id=one.id, goal="respond", level="soon", due_at=now(), at=now()))


def offered(shop: Shop, customer: int) -> None:
    """Plant into what a customer who may buy said."""
    step = {"kind": "call", "title": "报价", "due_on": roles.today() + timedelta(days=3)}
    about = {"party_id": customer, "product": "礼盒", "needs": NEEDS, "said": f"请打 {MOBILE}", "next_step": step}
    with shop.store.writing() as session:
        opportunity.enter(session, OpportunityEntry.model_validate(about), actor=shop.people["sales"])


def clean(written: str) -> None:
    found = [one for one in PLANTED if one in written]
    assert not found


def test_what_is_planted_is_there(planted: Planted) -> None:
    with planted.shop.store.reading() as session:
        kept = set(session.execute(text("SELECT value FROM contact_point")).scalars())
    assert {f"+86{MOBILE}", f"+86{OTHER}", MAIL, WECHAT} <= kept


def test_no_view_that_reports_and_the_lab_read_has_it(planted: Planted) -> None:
    every = view.everything()
    assert set(every) >= FILLED
    with planted.shop.store.reading() as session:
        for name, one in every.items():
            frame = view.read(session, one)
            assert len(frame) or name not in FILLED, name
            clean(frame.to_csv())


def test_no_view_of_any_chapter_reads_how_somebody_is_reached() -> None:
    hidden = ("contact_point.value", "party.birthday", "customer.needs", "customer.preferences", "customer.reading")
    for one in view.everything().values():
        chosen = str(one.query).split("FROM")[0]
        told = [column for column in hidden if re.search(rf"{re.escape(column)}(,|\s*$| AS)", chosen)]
        assert not told, one.name


def test_the_audit_log_holds_which_fields_were_changed_and_not_what_they_hold(planted: Planted) -> None:
    with planted.shop.store.reading() as session:
        rows = session.execute(select(AuditLog.table_name, AuditLog.old, AuditLog.new)).all()
    clean("\n".join(f"{old}{new}" for _table, old, new in rows))
    tables = {table for table, _old, _new in rows}
    assert {"customer", "contact_point", "consent", "customer_merge"} <= tables
    assert "duplicate_pair" not in tables
    changes = [json.loads(new)["changed"] for table, old, new in rows if table == "customer" and old and new]
    assert "needs, contacts" in changes


@pytest.mark.parametrize("search", ["", MOBILE, MAIL, "张"])
def test_a_list_shows_masks_and_leaves_as_a_workbook_without_numbers(planted: Planted, search: str) -> None:
    with planted.shop.store.reading() as session:
        rows = lists.everybody().page(session, Order(search), size=100).rows
    shown = [row["contact"] for row in rows if row["id"] == planted.customer]
    assert shown == ["138****5544, p***@example.com, p***6, 137****0078"]
    clean(workbook(CustomerRow, rows))


def test_the_list_of_duplicates_has_masks_too(planted: Planted) -> None:
    with planted.shop.store.reading() as session:
        rows = lists.pairs().page(session, Order(), size=100).rows
    found = [row for row in rows if row["first"] == f"张三 ({planted.customer})"]
    assert [row["second_contact"] for row in found] == ["138****5545"]
    clean(workbook(PairRow, rows))


def test_a_refusal_and_what_is_logged_beside_it_have_no_number(
    planted: Planted, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(RecordError) as refused:
        entered(planted.shop, "李四", MOBILE)
    clean(str(refused.value))
    clean(caplog.text)


def workbook(model: type[CustomerRow] | type[PairRow], rows: list[dict[str, object]]) -> str:
    content = sheet.write(fields(model, record=True), rows, title="x")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        written = "\n".join(book.read(name).decode() for name in book.namelist())
    assert "****" in written
    return written


REFUSED = {
    "a row that breaks a rule": "INSERT INTO contact_point (customer_id, kind, value, shared, added_by_id, added_at) "
    "VALUES (:n, 'fax', :value, (1 = 0), :by, '2026-01-01 00:00:00')",
    "a number of another's": "INSERT INTO contact_point (customer_id, kind, value, shared, added_by_id, added_at) "
    "VALUES (:n, 'mobile', :value, (1 = 0), :by, '2026-01-01 00:00:00')",
    "no statement": "INSERT INTO contact_point_ VALUES (:n, :value, :by)",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_database_refuses_is_logged_without_the_number(planted: Planted, name: str) -> None:
    given = {"n": planted.other, "value": f"+86{MOBILE}", "by": planted.shop.people["sales"]}
    with pytest.raises(DBAPIError) as refused, planted.shop.store.writing(actor=given["by"]) as session:
        session.execute(text(REFUSED[name]), given)
    assert MOBILE not in "".join(traceback.format_exception(refused.value))


def test_a_model_that_refuses_a_number_does_not_tell_it() -> None:
    with pytest.raises(ValidationError) as refused:
        entry("张三", MOBILE * 40)
    clean(str(refused.value))
