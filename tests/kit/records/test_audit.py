"""The audit log: whatever was altered afterwards is found, and the first broken row is named."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session
from tests.kit.records.claims import Claim
from tests.kit.records.conftest import House, open_account
from tests.kit.records.moves import paid

from marketbook.kit.records import Party, comments
from marketbook.kit.store import audit, triggers
from marketbook.kit.store.audit import FIELDS, AuditLog, Head, hashed


@contextmanager
def unguarded(house: House) -> Iterator[Session]:
    """A session of someone who owns the database file, and takes the triggers away; all is taken back at the end."""
    with house.store.writing() as session:
        triggers.remove(session.connection(), audit.of_log())
        yield session
        session.rollback()


def forged(session: Session, seq: int, **about: str) -> None:
    """Rewrite a row with a hash that fits it."""
    row = session.get_one(AuditLog, seq)
    for name, value in about.items():
        setattr(row, name, value)
    row.hash = hashed(getattr(row, name) for name in FIELDS)
    session.flush()


def test_a_whole_chain_says_so(house: House) -> None:
    paid(house)
    with house.store.reading() as session:
        found, head = audit.verify(session), audit.head(session)
    assert (bool(found), found.rows, found.broken) == (True, head.seq, None)
    assert found.text == f"The audit log is whole: {head.seq:,} rows."


@pytest.mark.parametrize("column", ["at", "actor", "table_name", "row_key", "op", "new"])
def test_an_altered_row_is_named(house: House, column: str) -> None:
    with unguarded(house) as session:
        session.execute(update(AuditLog).where(AuditLog.seq == 9).values({column: "x"}))
        found = audit.verify(session)
    assert (found.broken, found.rows, found.text[:20]) == (9, 8, "Row 9 was altered: i")


def test_an_altered_row_with_a_fitting_hash_breaks_the_next_one(house: House) -> None:
    with unguarded(house) as session:
        forged(session, 9, actor="1")
        found = audit.verify(session)
    assert (found.broken, "does not follow" in found.text) == (10, True)


@pytest.mark.parametrize(
    ("seq", "says"), [(1, "Row 1 is missing: 2 follows 0."), (9, "Row 9 is missing: 10 follows 8.")]
)
def test_a_removed_row_is_named(house: House, seq: int, says: str) -> None:
    with unguarded(house) as session:
        session.execute(delete(AuditLog).where(AuditLog.seq == seq))
        found = audit.verify(session)
    assert (found.broken, found.text) == (seq + 1, says)


def test_an_inserted_row_is_named(house: House) -> None:
    with unguarded(house) as session:
        last = audit.head(session)
        row = {name: getattr(session.get_one(AuditLog, 3), name) for name in FIELDS}
        session.execute(insert(AuditLog).values({**row, "seq": last.seq + 1, "hash": "0" * 64}))
        found = audit.verify(session)
    assert found.broken == last.seq + 1


def test_a_log_that_was_cut_short_contradicts_an_earlier_head(house: House) -> None:
    with unguarded(house) as session:
        head = audit.head(session)
        session.execute(delete(AuditLog).where(AuditLog.seq > 9))
        found = audit.verify(session, witnesses=[head])
        assert audit.verify(session)
    assert (found.broken, "the log ends at 9" in found.text) == (head.seq, True)


def test_a_log_that_was_rewritten_contradicts_an_earlier_head(house: House) -> None:
    with unguarded(house) as session:
        head = audit.head(session)
        forged(session, head.seq, actor="1")
        found = audit.verify(session, witnesses=[Head(0, ""), head])
        assert audit.verify(session)
    assert (found.broken, "the log was rewritten" in found.text) == (head.seq, True)


def test_every_change_is_logged_with_who_made_it(house: House) -> None:
    number = paid(house)
    with house.store.reading() as session:
        query = select(AuditLog.actor, AuditLog.op, AuditLog.new).where(
            AuditLog.table_name == "record", AuditLog.row_key == str(number)
        )
        rows = [
            (actor, op, json.loads(new)["status"]) for actor, op, new in session.execute(query.order_by(AuditLog.seq))
        ]
    people = house.people
    assert rows == [
        (str(people.sales), "INSERT", "draft"), (str(people.sales), "UPDATE", "submitted"),
        (str(people.manager), "UPDATE", "manager_approved"), (str(people.finance), "UPDATE", "reviewed"),
        (str(people.payer), "UPDATE", "paid"),
    ]  # fmt: skip


def test_the_log_holds_no_secret_and_nothing_that_a_person_may_have_erased(house: House) -> None:
    number = paid(house)
    made = open_account(house.store, "Secret.Login").account
    with house.store.writing() as session:
        comments.comment(session, session.get_one(Claim, number), "说了些什么", actor=house.people.sales)
    with house.store.reading() as session:
        logged = " ".join(str(row) for row in session.execute(select(AuditLog.old, AuditLog.new)))
        names = session.scalars(select(Party.name)).all()
    hidden = ["说了些什么", made.password_hash, "Secret.Login", *(f'"{name}"' for name in names if len(name) > 9)]
    assert [one for one in hidden if one in logged] == []
