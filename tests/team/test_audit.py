"""The log in words, on both engines: what was altered is named, and one record's story has everything."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session
from tests.kit.forms.explaining import faults
from tests.kit.records import claims
from tests.kit.records.claims import People, claim, walk

from marketbook.app import history
from marketbook.app.history import Identity
from marketbook.expense.tables import ExpenseClaim
from marketbook.kit.errors import RecordError
from marketbook.kit.forms.rows import Order, Row
from marketbook.kit.records import Record, comments, documents, external, files, roles, types
from marketbook.kit.store import Store, triggers
from marketbook.kit.store import audit as chain
from marketbook.kit.store.audit import FIELDS, AuditLog
from marketbook.team import audit
from marketbook.team.audit_params import Asked


@pytest.fixture
def company(store: Store) -> People:
    claims.install(store)
    return claims.hire(store)


@pytest.fixture
def told(store: Store, company: People, workspace: object) -> int:
    """A claim that was entered, edited, handed in and approved, with a file and a comment."""
    assert workspace
    number = claim(store, company.sales, 120_000)
    with store.writing() as session:
        record = session.get_one(Record, number)
        documents.edit(session, record, {"amount_minor": 130_000}, actor=company.sales, version=1)
        files.attach(session, record, b"hello\n", name="note.txt", kind="other", actor=company.sales)
        comments.comment(session, record, "请 @manager 看一下", actor=company.sales)
    walk(store, number, ("submitted", company.sales), ("manager_approved", company.manager))
    return number


def look(store: Store, **asked: object) -> list[Row]:
    with store.reading() as session:
        return audit.entries(session, Asked.model_validate(asked)).page(session, Order(), size=500).rows


@contextmanager
def unguarded(store: Store) -> Iterator[Session]:
    with store.writing() as session:
        triggers.remove(session.connection(), chain.of_log())
        yield session
        session.rollback()


def test_a_whole_log_agrees_with_what_reports_noted(store: Store, told: int) -> None:
    assert told
    with store.writing() as session:
        history.start(session, Identity("trial/count", "", "en", {}), versions={})
    with store.reading() as session:
        found = audit.check(session)
    assert (bool(found.verified), found.verified.rows, found.noted) == (True, found.head.seq, [found.head])


@pytest.mark.parametrize("wrong", ["altered", "removed", "inserted"])
def test_a_row_that_was_altered_removed_or_inserted_is_named(store: Store, told: int, wrong: str) -> None:
    assert told
    with unguarded(store) as session:
        head = chain.head(session)
        if wrong == "altered":
            session.execute(update(AuditLog).where(AuditLog.seq == 5).values(new="{}"))
        elif wrong == "removed":
            session.execute(delete(AuditLog).where(AuditLog.seq == 5))
        else:
            row = {name: getattr(session.get_one(AuditLog, 3), name) for name in FIELDS}
            session.execute(insert(AuditLog).values({**row, "seq": head.seq + 1, "hash": "0" * 64}))
        found = audit.check(session).verified
    named = {"altered": (5, "Row 5 was altered"), "removed": (6, "Row 5 is missing")}
    broken, text = named.get(wrong, (head.seq + 1, f"Row {head.seq + 1} does not follow"))
    assert (found.broken, found.text.startswith(text)) == (broken, True)


def test_one_record_s_story_tells_every_change_in_words(store: Store, told: int) -> None:
    with store.reading() as session:
        rows = audit.story(session, told)
    said = [(row.actor, row.table, row.op, [change.told for change in row.changes]) for row in rows]
    assert said[0][:3] == ("sales", "records", "entered")
    flat = [line for one in said for line in one[3]]
    assert "Amount: CN¥1,200.00 → CN¥1,300.00" in flat
    assert "State: draft → submitted" in flat
    assert "Name: note.txt" in flat
    assert "Comment: 请 @manager 看一下" in flat
    assert ("manager", "records", "changed", ["State: submitted → manager approved"]) in said
    assert [row.seq for row in rows] == sorted(row.seq for row in rows)


def test_a_line_that_was_taken_away_is_still_in_the_story(store: Store, company: People) -> None:
    types.load()
    with store.writing() as session:
        made = ExpenseClaim(title="差旅", kind="reimbursement", purpose="出差去北京见客户")
        number = documents.enter(session, made, actor=company.sales).id
        external.link(session, system="crm", id="A-1", record_id=number)
        external.unlink(session, system="crm", id="A-1")
    with store.reading() as session:
        rows = audit.story(session, number)
    assert [(row.table, row.op) for row in rows if row.table == "ids of other systems"] == [
        *(("ids of other systems", "entered"), ("ids of other systems", "taken away"))
    ]


def test_it_finds_by_number_person_table_and_day(store: Store, company: People, told: int) -> None:
    with store.reading() as session:
        number = session.get_one(Record, told).number
        whole = len(audit.story(session, told))
    rows = look(store, number=number.lower())
    assert (len(rows), {row["number"] for row in rows}) == (whole, {number})
    assert rows[0]["seq"] > rows[-1]["seq"]
    mine = look(store, number=number, actor_id=company.manager)
    assert sorted((row["table"], row["actor"]) for row in mine) == [
        *(("records, changed", "manager"), ("steps and decisions, entered", "manager"))
    ]
    assert {row["table"] for row in look(store, table="role_grant")} == {"roles and deputies, entered"}
    tomorrow = roles.today() + timedelta(days=1)
    assert look(store, first=tomorrow) == []
    assert len(look(store, number=number, first=roles.today(), last=tomorrow)) == whole
    with pytest.raises(RecordError, match="There is no record CL-1"):
        look(store, number="CL-1")


def test_a_row_leads_to_its_record(store: Store, told: int) -> None:
    with store.reading() as session:
        seqs = [row.seq for row in audit.story(session, told)]
        assert {audit.record_of(session, seq) for seq in seqs} == {told}
        first = look(store, table="party")[0]["seq"]
        assert audit.record_of(session, first) is None


def test_an_index_answers_whatever_is_asked_of_a_long_log(store: Store, company: People) -> None:
    days = {"first": roles.today(), "last": roles.today()}
    for asked in ({}, {"actor_id": company.sales}, {"table": "record"}, days):
        with store.reading() as session:
            found = audit.entries(session, Asked.model_validate(asked))
        for sort, descending in product(("", "seq"), (False, True)):
            assert faults(store, found, Order(sort=sort, descending=descending)) == [], (asked, sort)
    assert not found.searches
