"""A record that someone changed while another had it open: what is different now, so that nothing typed is lost."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.kit.config import settings
from marketbook.kit.errors import RecordError
from marketbook.kit.language import format_money, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.records import types
from marketbook.kit.records.person import Party
from marketbook.kit.records.record import Record
from marketbook.kit.store.audit import AuditLog

MOST_TOLD = 10
"""How many differences the error's text holds; it carries all of them."""

_UNSAID = frozenset({"version"})

COLUMNS = {
    "title": mark("title"),
    "status": mark("status"),
    "amount_minor": mark("amount"),
    "purpose": mark("purpose"),
    "owner_id": mark("owner"),
    "category": mark("category"),
    "invoice_due_on": mark("invoice due on"),
    "vendor_id": mark("vendor"),
    "request_id": mark("request"),
}
"""What people call the columns that change most often; others go by their names."""


@dataclass(frozen=True)
class Difference:
    """A column that has another value by now."""

    column: str
    seen: Any
    now: Any


class StaleError(RecordError):
    """Someone changed the record since it was seen.

    Attributes:
        difference: What is different, by column.
        by: The names of who changed it.
    """

    def __init__(
        self, number: str, difference: list[Difference], by: list[str], *, kind: types.RecordType | None = None
    ) -> None:
        """Say what is different, with what the type of the record calls its statuses."""
        parts = [_part(one, kind) for one in difference]
        more = [_("and {count} more").format(count=len(parts) - MOST_TOLD)] if len(parts) > MOST_TOLD else []
        told = _("; ").join([*parts[:MOST_TOLD], *more])
        super().__init__(
            _("{number} was changed by {by} since you opened it: {told}. Nothing of yours was written.").format(
                number=number, by=_(", ").join(by), told=told or _("its lines")
            )
        )
        self.difference, self.by = difference, by


def check(session: Session, record: Record, version: int) -> None:
    """Refuse to go on where a record is not as it was seen.

    Raises:
        StaleError: It was changed since; the error carries the difference.
        RecordError: It never had this version.
    """
    if version == record.version:
        return
    if not 1 <= version < record.version:
        raise RecordError(
            _("{number} has no version {version}; it is at {now}.").format(
                number=record.number, version=version, now=record.version
            )
        )
    raise StaleError(record.number, *_since(session, record, version), kind=types.named(record.type))


def _since(session: Session, record: Record, version: int) -> tuple[list[Difference], list[str]]:
    first = first_since(session, record, version)
    tables = ("record", *types.named(record.type).tables)
    query = (
        select(AuditLog.table_name, AuditLog.old, AuditLog.new, AuditLog.actor)
        .where(AuditLog.table_name.in_(tables), AuditLog.row_key == str(record.id), AuditLog.seq >= first)
        .where(AuditLog.op == "UPDATE")
        .order_by(AuditLog.seq)
    )
    before: dict[str, Any] = {}
    last: dict[str, Any] = {}
    actors: list[str] = []
    for _table, old, new, actor in session.execute(query):
        before = json.loads(old or "{}") | before
        last |= json.loads(new or "{}")
        actors += [actor] if actor not in actors else []
    changed = [Difference(c, before.get(c), last[c]) for c in last if before.get(c) != last[c] and c not in _UNSAID]
    return changed, [_name(session, actor) for actor in actors]


def first_since(session: Session, record: Record, version: int) -> int:
    """Return where in the audit log the change stands that ended a version of a record; 0 where it is not logged."""
    query = select(AuditLog.seq, AuditLog.new).where(
        AuditLog.table_name == "record", AuditLog.row_key == str(record.id)
    )
    for seq, new in session.execute(query.order_by(AuditLog.seq)):
        if json.loads(new or "{}").get("version") == version + 1:
            return seq
    return 0


def _name(session: Session, actor: str) -> str:
    party = session.get(Party, int(actor)) if actor.isdecimal() else None
    return party.name if party else _("the system")


def _part(one: Difference, kind: types.RecordType | None) -> str:
    called = _(COLUMNS.get(one.column, one.column))
    return _("{column}: {seen} → {now}").format(
        column=called, seen=_shown(one.column, one.seen, kind), now=_shown(one.column, one.now, kind)
    )


def _shown(column: str, value: object, kind: types.RecordType | None) -> str:
    if value in (None, ""):
        return _("empty")
    if column.endswith("_minor") and isinstance(value, int):
        return format_money(value / 100, settings().currency, decimals=2)
    return kind.called(str(value)) if column == "status" and kind is not None else str(value)
