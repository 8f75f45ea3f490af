"""What is sent to the database itself is refused there, on both engines, and leaves no trace."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.kit.records.claims import claim
from tests.kit.records.conftest import House
from tests.kit.records.moves import check_refused, submitted

from marketbook.kit.store import SYSTEM, Store, audit


def raw(store: Store, statement: str, actor: int | str = SYSTEM) -> None:
    with store.writing(actor=actor) as session:
        session.execute(text(statement))


def unsigned(store: Store, statement: str) -> None:
    """Write as someone would who opens the database without the library's doors."""
    with store.engine.execution_options(writing=True).begin() as connection:
        connection.exec_driver_sql(statement)


STATUS_CHANGE = (
    "INSERT INTO status_change (record_id, version, from_status, to_status, actor_id, role, acted_as, reason, round, "
    "at) VALUES ({n}, {version}, 'submitted', '{to}', {actor}, '{role}', 'manager', '', 1, '2026-01-01 00:00:00')"
)
RECORD = (
    "INSERT INTO record (id, type, number, title, status, category, owner_id, version, entered_by_id, entered_at) "
    "VALUES ({id}, 'test_claim', '{number}', 't', '{status}', '', {owner}, {version}, 1, '2026-01-01 00:00:00')"
)
COPY = "id, type, number, title, status, category, owner_id, version, entered_by_id, entered_at"

RAW = {
    "status": ("UPDATE record SET status = 'paid', version = version + 1 WHERE id = {n}", "only a status change"),
    "status of all": ("UPDATE record SET status = 'withdrawn'", "counts one|only a status change|handed in"),
    "no such step": (
        STATUS_CHANGE.format(n="{n}", version=2, to="paid", actor="{manager}", role="manager"),
        "no such step",
    ),
    "a step for another role": (
        STATUS_CHANGE.format(n="{n}", version=2, to="manager_approved", actor="{manager}", role="finance"),
        "no such step",
    ),
    "a step at another version": (
        STATUS_CHANGE.format(n="{n}", version=7, to="manager_approved", actor="{manager}", role="manager"),
        "no such step",
    ),
    "a step on one's own": (
        STATUS_CHANGE.format(n="{n}", version=2, to="manager_approved", actor="{sales}", role="manager"),
        "no such step|only who acts can sign",
    ),
    "a step without the reason": (
        STATUS_CHANGE.format(n="{n}", version=2, to="rejected", actor="{manager}", role="manager"),
        "no such step",
    ),
    "a step signed for another": (
        STATUS_CHANGE.format(n="{n}", version=2, to="manager_approved", actor="{director}", role="manager"),
        "only who acts can sign",
    ),
    "a version taken twice": (
        STATUS_CHANGE.format(n="{n}", version=1, to="manager_approved", actor="{manager}", role="manager"),
        "never replaced|no such step",
    ),
    "history altered": ("UPDATE status_change SET reason = 'nicer'", "never changed"),
    "history deleted": ("DELETE FROM status_change WHERE record_id = {n}", "never deleted"),
    "record deleted": ("DELETE FROM record WHERE id = {n}", "never deleted"),
    "content deleted": ("DELETE FROM test_claim WHERE id = {n}", "never deleted"),
    "record entered as paid": (
        RECORD.format(id=90_001, number="X-1", status="paid", owner="{sales}", version=1),
        "starts in an editable state",
    ),
    "record entered at a version": (
        RECORD.format(id=90_001, number="X-1", status="draft", owner="{sales}", version=3),
        "starts in an editable state",
    ),
    "unknown status": (
        RECORD.format(id=90_001, number="X-1", status="blessed", owner="{sales}", version=1),
        "starts in an editable state",
    ),
    "unknown owner": (
        RECORD.format(id=90_001, number="X-1", status="draft", owner=999_999, version=1),
        "FOREIGN KEY|foreign key",
    ),
    "record of the same id": (
        RECORD.format(id="{n}", number="X-1", status="draft", owner="{sales}", version=1),
        "never replaced",
    ),
    "record of the same number": (
        (
            f"INSERT INTO record ({COPY}) SELECT 90001, type, number, title, 'draft', category, owner_id, 1, "
            "entered_by_id, entered_at FROM record WHERE id = {n}"
        ),
        "never replaced",
    ),
    "upsert": (
        RECORD.format(id="{n}", number="X-1", status="draft", owner="{sales}", version=1)
        + " ON CONFLICT (id) DO UPDATE SET title = 'mine'",
        "never replaced",
    ),
    "title after it was handed in": (
        "UPDATE record SET title = 'b', version = version + 1 WHERE id = {n}",
        "handed in is not edited",
    ),
    "amount after it was handed in": (
        "UPDATE record SET amount_minor = 1, version = version + 1 WHERE id = {n}",
        "handed in is not edited",
    ),
    "content after it was handed in": ("UPDATE test_claim SET purpose = 'b' WHERE id = {n}", "handed in is not edited"),
    "line after it was handed in": (
        "INSERT INTO test_claim_line (claim_id, amount_minor) VALUES ({n}, 5)",
        "handed in is not edited",
    ),
    "content of another type": ("INSERT INTO rule_change VALUES ({n}, 'state', '1', '1', NULL, '')", "rule_change"),
    "another owner": (
        "UPDATE record SET owner_id = {manager}, version = version + 1 WHERE id = {n}",
        "until he has left",
    ),
    "another number": ("UPDATE record SET number = 'X', version = version + 1 WHERE id = {n}", "never change"),
    "another type": (
        "UPDATE record SET type = 'rule_change', version = version + 1 WHERE id = {n}",
        "never change|step",
    ),
    "an uncounted change": ("UPDATE record SET category = 'x' WHERE id = {n}", "counts one|handed in"),
    "a version taken back": ("UPDATE record SET version = version - 1 WHERE id = {n}", "counts one"),
    "audit row altered": ("UPDATE audit_log SET actor = '1' WHERE seq = 1", "never changed"),
    "audit row removed": ("DELETE FROM audit_log WHERE seq = 1", "never deleted"),
    "audit row inserted": (
        (
            "INSERT INTO audit_log SELECT 9000000, at, actor, table_name, row_key, op, old, new, prev_hash, hash "
            "FROM audit_log WHERE seq = 1"
        ),
        "only triggers write it|nobody known",
    ),
    "audit row put at the end": (
        (
            "INSERT INTO audit_log SELECT (SELECT max(seq) + 1 FROM audit_log), at, acting(), table_name, row_key, op, "
            "old, new, prev_hash, hash FROM audit_log WHERE seq = 1"
        ),
        "only triggers write it",
    ),
    "a parameter by one": (
        "INSERT INTO parameter (name, valid_from, value, source) VALUES ('p', '2026-01-01', '1', '')",
        "two people made",
    ),
    "a step made by one": ("UPDATE transition SET four_eyes = (1 = 0) WHERE type = 'test_claim'", "two people made"),
    "a step taken away by one": ("DELETE FROM transition WHERE type = 'test_claim'", "never deleted"),
    "a new step by one": (
        (
            "INSERT INTO transition (type, from_status, to_status, role, category, amount_from, four_eyes, in_line, "
            "needs_reason, in_force) SELECT type, 'draft', 'paid', role, category, amount_from, four_eyes, in_line, "
            "needs_reason, in_force FROM transition WHERE type = 'test_claim' AND to_status = 'withdrawn' "
            "AND from_status = 'draft'"
        ),
        "two people made",
    ),
    "a state made editable by one": (
        "UPDATE state SET editable = (1 = 1) WHERE status = 'submitted'",
        "two people made",
    ),
    "a role taken out of history": ("DELETE FROM role_grant", "never deleted"),
    "a party deleted": ("DELETE FROM party WHERE id = {sales}", "never deleted"),
}


@pytest.mark.parametrize("name", RAW)
def test_the_database_itself_refuses_a_wrong_statement(house: House, name: str) -> None:
    statement, match = RAW[name]
    number = submitted(house)
    filled = statement.format(n=number, **vars(house.people))
    check_refused(house, number, lambda h, _n: raw(h.store, filled, actor=h.people.manager), DBAPIError, match)


UNSIGNED = {
    "a new title": "UPDATE record SET title = 'b', version = version + 1 WHERE id = {n}",
    "a new party": "INSERT INTO party (kind, status, name, profile) VALUES ('employee', 'active', 'x', '{{}}')",
    "a role for oneself": (
        "INSERT INTO role_grant (party_id, role, valid_from, granted_at) "
        "VALUES ({sales}, 'director', '2020-01-01', '2020-01-01 00:00:00')"
    ),
    "a comment": (
        "INSERT INTO comment (record_id, author_id, text, at) VALUES ({n}, {sales}, 'x', '2026-01-01 00:00:00')"
    ),
}


@pytest.mark.parametrize("name", UNSIGNED)
def test_nothing_is_written_where_nobody_acts(house: House, name: str) -> None:
    number = claim(house.store, house.people.sales)
    filled = UNSIGNED[name].format(n=number, **vars(house.people))
    check_refused(house, number, lambda h, _n: unsigned(h.store, filled), DBAPIError, "nobody known is acting")
    actor = 999_999
    check_refused(house, number, lambda h, _n: raw(h.store, filled, actor), DBAPIError, "nobody known is acting")


REPLACING = {
    "record": ("INSERT OR REPLACE INTO record SELECT * FROM record WHERE id = {n}", "never replaced|editable state"),
    "content": (
        "INSERT OR REPLACE INTO test_claim SELECT id, 'mine', NULL FROM test_claim WHERE id = {n}",
        "never rep",
    ),
    "history": (
        "INSERT OR REPLACE INTO status_change SELECT * FROM status_change WHERE record_id = {n}",
        "never replaced|sign|no such step",
    ),
    "audit": ("INSERT OR REPLACE INTO audit_log SELECT * FROM audit_log WHERE seq = 2", "only triggers|nobody known"),
    "number of another": (
        "UPDATE OR REPLACE record SET number = (SELECT min(number) FROM record), version = version + 1 WHERE id = {n}",
        "never change",
    ),
    "role": ("INSERT OR REPLACE INTO role_grant SELECT * FROM role_grant", "never replaced"),
    "party": ("REPLACE INTO party SELECT * FROM party WHERE id = {sales}", "never replaced"),
    "step": ("REPLACE INTO transition SELECT * FROM transition", "never replaced|two people"),
    "half a fen": (
        "UPDATE record SET amount_minor = 10.5, version = version + 1 WHERE id = {draft}",
        "ck_record_amount",
    ),
}


@pytest.mark.parametrize("name", REPLACING)
def test_sqlite_replaces_nothing(house: House, name: str) -> None:
    if house.store.file is None:
        pytest.skip("PostgreSQL has no REPLACE, and rounds before anyone is asked")
    statement, match = REPLACING[name]
    number, draft = submitted(house), claim(house.store, house.people.sales)
    filled = statement.format(n=number, draft=draft, **vars(house.people))
    check_refused(house, number, lambda h, _n: raw(h.store, filled, actor=h.people.manager), DBAPIError, match)


@pytest.mark.parametrize("table", ["record", "status_change", "audit_log", "parameter", "role_grant", "comment"])
def test_postgresql_truncates_nothing(house: House, table: str) -> None:
    if house.store.file is not None:
        pytest.skip("SQLite has no TRUNCATE")
    check_refused(house, 0, lambda h, _n: raw(h.store, f"TRUNCATE {table} CASCADE"), DBAPIError, "never deleted")


def test_after_all_of_this_the_chain_is_whole(house: House) -> None:
    with house.store.reading() as session:
        assert audit.verify(session)
