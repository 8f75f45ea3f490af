"""The audit log: every change of a kept row, in a chain of sha256 hashes that shows what was altered afterwards.

Triggers write it, so that raw SQL is logged like a service. Each hash covers the row's stored text and the hash before
it; `seq` continues the chain's head. A log that was cut short at its end is whole in itself: only a head that was
noted elsewhere, in a report, says that something is missing.
"""

import hashlib
from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Connection, Index, Integer, String, Text, column, select, table, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketbook.kit.language import format_integer
from marketbook.kit.language import gettext as _
from marketbook.kit.store.base import Base
from marketbook.kit.store.triggers import Event, Trigger, append_only, columns, followed, refuse

AT_ONCE = 5_000
_DELETED = text("op = 'DELETE'")
FIELDS = ("seq", "at", "actor", "table_name", "row_key", "op", "old", "new", "prev_hash")


class AuditLog(Base):
    """A change of a kept row."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_row", "table_name", "row_key", "seq"),
        Index("ix_audit_log_actor", "actor", "seq"),
        Index("ix_audit_log_table", "table_name", "seq"),
        Index("ix_audit_log_deleted", "table_name", sqlite_where=_DELETED, postgresql_where=_DELETED),
    )

    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[str] = mapped_column(String(24))
    actor: Mapped[str] = mapped_column(String(50))
    table_name: Mapped[str] = mapped_column(String(50))
    row_key: Mapped[str] = mapped_column(String(200))
    op: Mapped[str] = mapped_column(String(6))
    old: Mapped[str | None] = mapped_column(Text)
    new: Mapped[str | None] = mapped_column(Text)
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True)
class Head:
    """The chain's last row at some moment: enough to say later that nothing up to there was rewritten."""

    seq: int
    hash: str


@dataclass(frozen=True)
class Verified:
    """What became of checking the chain.

    Attributes:
        rows: How many rows were found whole.
        broken: The `seq` of the first broken row; None where all are whole.
        text: What was found, in the reader's language.
    """

    rows: int
    broken: int | None
    text: str

    def __bool__(self) -> bool:
        return self.broken is None


class _Entry(NamedTuple):
    seq: int
    prev_hash: str
    hash: str
    fields: tuple[Any, ...]


def head(session: Session) -> Head:
    """Return the chain's head; 0 and no hash before the first row."""
    found = session.execute(select(AuditLog.seq, AuditLog.hash).order_by(AuditLog.seq.desc()).limit(1)).first()
    return Head(*found) if found else Head(0, "")


def noted(session: Session) -> list[Head]:
    """Return the heads that runs of reports noted when they began, the first one first."""
    run = table("notebook_run", column("id"), column("audit_seq"), column("audit_hash")).c  # the app's own table
    query = select(run.audit_seq, run.audit_hash).where(run.audit_seq > 0).distinct().order_by(run.audit_seq)
    return [Head(*row) for row in session.execute(query)]


def verify(session: Session, *, witnesses: Iterable[Head] = ()) -> Verified:
    """Check the whole chain, row by row.

    Args:
        session: A session of either kind.
        witnesses: Heads that were noted earlier, outside the store.

    Returns:
        What was found; false where a row is broken.
    """
    known = {witness.seq: witness.hash for witness in witnesses if witness.seq}
    last = Head(0, "")
    with closing(_rows(session)) as rows:
        for row in rows:
            if fault := _fault(row, last) or _contradicted(row, known):
                return Verified(last.seq, row.seq, fault)
            last = Head(row.seq, row.hash)
    if missing := [seq for seq in known if seq > last.seq]:
        text = _("Row {seq} is missing: the log ends at {last}, and an earlier report saw it go on.")
        return Verified(last.seq, min(missing), text.format(seq=last.seq + 1, last=last.seq))
    return Verified(last.seq, None, _("The audit log is whole: {rows} rows.").format(rows=format_integer(last.seq)))


def hashed(fields: Iterable[object]) -> str:
    """Return the hash of an audit row from its fields, in the order of `FIELDS`.

    Example:
        >>> hashed((1, "2026-01-01T00:00:00.000Z", "7", "record", "1", "INSERT", None, "{}", ""))[:8]
        'bcdc396f'
    """
    return hashlib.sha256("\n".join("" if f is None else str(f) for f in fields).encode()).hexdigest()


def of_log() -> list[Trigger]:
    """Return the triggers that guard the log itself."""
    last_seq = "coalesce((SELECT max(last.seq) FROM audit_log AS last), 0)"
    last_hash = "coalesce((SELECT last.hash FROM audit_log AS last ORDER BY last.seq DESC LIMIT 1), '')"
    own = ", ".join(f"NEW.{name}" for name in FIELDS)
    chained = (
        f"NEW.seq <> {last_seq} + 1 OR NEW.prev_hash <> {last_hash} OR NEW.hash <> sha256_hex({_joined(own)}) "
        "OR NEW.hash IS NULL"
    )
    known = (
        "CASE WHEN NEW.actor IS NULL OR acting() IS NULL OR NEW.actor <> acting() THEN 1 = 1 "
        "WHEN NEW.actor = 'system' OR substr(NEW.actor, 1, 7) = 'system:' THEN 1 = 0 ELSE NOT EXISTS ("
        "SELECT 1 FROM party WHERE party.id = CAST(NEW.actor AS INTEGER) AND party.kind = 'employee') END"
    )
    return [
        refuse("audit_log", "actor", "INSERT", when=known, saying="nobody known is acting"),
        refuse("audit_log", "chain", "INSERT", when=chained, saying="only triggers write it, at its end"),
        *append_only("audit_log"),
    ]


def audited(
    connection: Connection, table: str, *, key: tuple[str, ...] = ("id",), without: Iterable[str] = (),
    digested: Iterable[str] = (),
) -> list[Trigger]:  # fmt: skip
    """Return the triggers that log every change of a table's rows.

    Args:
        connection: Where the table is, with the columns that it has by now.
        table: Its name.
        key: Its primary key.
        without: Columns that the log must not hold: secrets, and what a person may have erased.
        digested: Columns of which the log holds the hash.
    """
    names = [name for name in columns(connection, table) if name not in set(without)]
    return [_audit(table, event, key, names, frozenset(digested)) for event in ("INSERT", "UPDATE", "DELETE")]


def functions(connection: Connection) -> None:
    """Make the functions that the triggers call; on SQLite the store registers them."""
    if connection.dialect.name == "sqlite":
        return
    for statement in _POSTGRESQL:
        connection.exec_driver_sql(statement)


def _audit(table: str, event: Event, key: tuple[str, ...], names: list[str], digested: frozenset[str]) -> Trigger:
    row = "OLD" if event == "DELETE" else "NEW"
    row_key = " || '/' || ".join(f"CAST({row}.{column} AS TEXT)" for column in key)

    def json(of: str, build: str) -> str:
        pairs = (f"'{n}', " + (f"sha256_hex({of}.{n})" if n in digested else f"{of}.{n}") for n in names)
        return f"{build}({', '.join(pairs)})"

    def arguments(build: str, cast: str) -> tuple[str, str]:
        old = "NULL" if event == "INSERT" else json("OLD", build) + cast
        return old, "NULL" if event == "DELETE" else json("NEW", build) + cast

    old, new = arguments("json_object", "")
    sqlite = _SQLITE.format(table=table, row_key=row_key, op=event, old=old, new=new, joined=_joined(", ".join(FIELDS)))
    old, new = arguments("json_build_object", "::text")
    postgresql = f"PERFORM audit_append('{table}', {row_key}, '{event}', {old}, {new})"
    return followed(table, f"audit_{event.lower()}", event, sqlite=sqlite, postgresql=postgresql)


def _joined(fields: str) -> str:
    """Return SQL for the text that is hashed; a JSON text holds no line end, so nothing can be shifted."""
    parts = [f"coalesce(CAST({field} AS TEXT), '')" for field in fields.split(", ")]
    return " || '\n' || ".join(parts)


_SQLITE = """
INSERT INTO audit_log (seq, at, actor, table_name, row_key, op, old, new, prev_hash, hash)
SELECT seq, at, actor, table_name, row_key, op, old, new, prev_hash, sha256_hex({joined}) FROM (
    SELECT coalesce((SELECT max(seq) FROM audit_log), 0) + 1 AS seq, strftime('%Y-%m-%dT%H:%M:%fZ', 'now') AS at,
    acting() AS actor, '{table}' AS table_name, {row_key} AS row_key, '{op}' AS op, {old} AS old, {new} AS new,
    coalesce((SELECT hash FROM audit_log ORDER BY seq DESC LIMIT 1), '') AS prev_hash)
"""

_POSTGRESQL = (
    """
    CREATE OR REPLACE FUNCTION acting() RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT nullif(current_setting('marketbook.actor', true), '') $$
    """,
    """
    CREATE OR REPLACE FUNCTION sha256_hex(text) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT encode(sha256(convert_to($1, 'UTF8')), 'hex') $$
    """,
    """
    CREATE OR REPLACE FUNCTION audit_append(table_name text, row_key text, op text, old text, new text)
    RETURNS void LANGUAGE plpgsql AS $$
    DECLARE seq bigint := 0; prev_hash text := ''; at text; actor text := acting();
    BEGIN
        SELECT last.seq, last.hash INTO seq, prev_hash FROM audit_log AS last ORDER BY last.seq DESC LIMIT 1;
        seq := coalesce(seq, 0) + 1; prev_hash := coalesce(prev_hash, '');
        at := to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
        INSERT INTO audit_log VALUES (seq, at, actor, table_name, row_key, op, old, new, prev_hash, sha256_hex("""
    + _joined(", ".join(FIELDS))
    + """));
    END $$
    """,
)


def _rows(session: Session) -> Generator[_Entry]:
    table = AuditLog.__table__.c
    query = select(*(table[name] for name in FIELDS), table.hash).order_by(table.seq)
    with session.execute(query.execution_options(yield_per=AT_ONCE)) as found:
        for row in found:
            yield _Entry(row[0], row[8], row[9], row[:9])


def _fault(row: _Entry, last: Head) -> str:
    if row.seq != last.seq + 1:
        return _("Row {missing} is missing: {seq} follows {last}.").format(
            missing=last.seq + 1, seq=row.seq, last=last.seq
        )
    if row.prev_hash != last.hash:
        return _("Row {seq} does not follow the row before it: one of them was replaced.").format(seq=row.seq)
    if row.hash != hashed(row.fields):
        return _("Row {seq} was altered: its content does not match its hash.").format(seq=row.seq)
    return ""


def _contradicted(row: _Entry, known: dict[int, str]) -> str:
    if known.get(row.seq, row.hash) == row.hash:
        return ""
    return _("Row {seq} is not the one that an earlier report saw: the log was rewritten.").format(seq=row.seq)
