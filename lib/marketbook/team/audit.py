"""The audit log in words: whether it is whole, who changed what, and everything that happened to one record."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketbook.kit import language
from marketbook.kit.config import settings
from marketbook.kit.errors import RecordError
from marketbook.kit.forms.rows import Row, Rows
from marketbook.kit.forms.search import Found, Search
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import Comment, Party, Record, listing, types
from marketbook.kit.records.person import ROLES
from marketbook.kit.store import Base, audit
from marketbook.kit.store.audit import AuditLog, Head, Verified
from marketbook.team.audit_params import TABLES, Asked

OPS = {"INSERT": mark("entered"), "UPDATE": mark("changed"), "DELETE": mark("taken away")}

COLUMNS = {
    "status": mark("State"),
    "title": mark("Title"),
    "category": mark("Category"),
    "amount_minor": mark("Amount"),
    "amount": mark("Amount"),
    "owner_id": mark("Owner"),
    "subject_id": mark("Whom it is about"),
    "reason": mark("Reason"),
    "actor_id": mark("Who did it"),
    "on_behalf_of_id": mark("In the name of"),
    "role": mark("Role"),
    "acted_as": mark("Acted as"),
    "from_status": mark("Status before"),
    "to_status": mark("Status after"),
    "name": mark("Name"),
    "valid_from": mark("First day"),
    "valid_to": mark("Day after the last"),
    "manager_id": mark("Superior"),
    "purpose": mark("Purpose"),
    "description": mark("Description"),
    "number": mark("Number of a record"),
    "allocated": mark("Allocated"),
    "committed": mark("Committed"),
    "spent": mark("Spent"),
    "original": mark("Planned"),
    "value": mark("Value"),
    "source": mark("Why it should change"),
    "amount_from": mark("From amount"),
    "amount_below": mark("Below amount"),
    "paid_on": mark("Paid on"),
    "total": mark("Total"),
    "month": mark("Month"),
    "item": mark("Item"),
    "kind": mark("Kind"),
    "removed_by_id": mark("Taken away by"),
    "party_id": mark("Of whom"),
    "language": mark("Language"),
    "disabled_at": mark("Shut at"),
    "in_force": mark("In force"),
    "four_eyes": mark("Second pair of eyes"),
    "needs_reason": mark("With a reason"),
}
"""What people call columns; one that is not here goes by its own name."""

MONEY = frozenset({"amount_minor", "amount", "allocated", "committed", "spent", "original", "amount_from",
                   "amount_below"})  # fmt: skip
PEOPLE = frozenset({"owner_id", "subject_id", "actor_id", "on_behalf_of_id", "manager_id", "party_id",
                    "removed_by_id", "entered_by_id", "attached_by_id", "author_id"})  # fmt: skip
ROLE = frozenset({"role", "acted_as"})
STATUS = frozenset({"status", "from_status", "to_status"})
UNSAID = frozenset(
    {
        "version",
        "id",
        "record_id",
        "type",
        "round",
        "sha256",
        "bytes",
        "granted_at",
        "entered_at",
        "at",
        "attached_at",
        "removed_at",
        "change_id",
        "entered_by_id",
        "attached_by_id",
        "claim_id",
        "created_at",
        "must_change",
        "linked_at",
        "password_until",
    }
)
"""What a reader learns nothing from: keys, and what stands in the row already."""

MOST = 5_000
"""How many rows of one record's story are shown."""


@dataclass(frozen=True)
class Change:
    """A column of a row that was changed: its name, what stood there, what stands there now; in words."""

    column: str
    old: str
    new: str

    @property
    def told(self) -> str:
        """What changed, in a line."""
        if not self.old:
            return _("{column}: {new}").format(column=self.column, new=self.new)
        return _("{column}: {old} → {new}").format(column=self.column, old=self.old, new=self.new or _("empty"))


@dataclass(frozen=True)
class Told:
    """A row of the log, in words."""

    seq: int
    at: str
    actor: str
    table: str
    op: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Checked:
    """What came of checking the log.

    Attributes:
        verified: The chain itself, and whether it agrees with the heads that reports noted.
        head: Its last row.
        noted: The heads that runs of reports noted.
    """

    verified: Verified
    head: Head
    noted: list[Head]


def check(session: Session) -> Checked:
    """Check the whole log, and hold it against what earlier reports saw."""
    noted = audit.noted(session)
    return Checked(audit.verify(session, witnesses=noted), audit.head(session), noted)


def entries(session: Session, asked: Asked) -> Rows:
    """Return the rows of the log that are asked for, the newest first.

    Raises:
        RecordError: There is no record of this number.
    """
    log = AuditLog.__table__.c
    query: Any = select(
        log.seq.label("id"), log.seq.label("seq"), log.at.label("at_utc"), log.actor.label("actor_key"),
        log.table_name.label("table_key"), log.row_key.label("row_key"), log.op.label("op_key"),
        log.old.label("old"), log.new.label("new"),
    )  # fmt: skip
    if asked.number.strip():
        query = query.where(_of_record(session, _number(session, asked.number.strip())))
    if asked.actor_id is not None:
        query = query.where(log.actor == str(asked.actor_id))
    if asked.table is not None:
        query = query.where(log.table_name == asked.table)
    if asked.first is not None:
        query = query.where(log.seq >= _first_of(session, asked.first))
    if asked.last is not None:
        query = query.where(log.seq < _first_of(session, asked.last + timedelta(days=1)))
    return Rows(query, complete=_in_words, newest_first=True, texts=(), sorts=("seq",))


def record_of(session: Session, seq: int) -> int | None:
    """Return which record a row of the log belongs to; None where to none."""
    row = session.get_one(AuditLog, seq)
    return _record_id(row.table_name, row.row_key, row.old, row.new)


def story(session: Session, record_id: int) -> list[Told]:
    """Return what the log knows of a record, its lines, steps, files and comments, the first change first."""
    query = select(AuditLog).where(_of_record(session, record_id)).order_by(AuditLog.seq).limit(MOST)
    rows = list(session.scalars(query))
    words = _Words.read(session, [(row.actor, row.old, row.new) for row in rows])
    kind = session.scalar(select(Record.type).where(Record.id == record_id)) or ""
    return [
        Told(
            row.seq, _moment(row.at), words.actor(row.actor), table(row.table_name),
            op(row.op), tuple(words.changes(session, row.table_name, row.row_key, row.old, row.new, kind)),
        )
        for row in rows
    ]  # fmt: skip


def table(name: str) -> str:
    """Return what people call a table, in the current language."""
    return _(TABLES[name]) if name in TABLES else language.label(name)


def op(name: str) -> str:
    """Return what people call a kind of change, in the current language."""
    return _(OPS[name])


def people() -> Search:
    """Return how employees are found, those who have left among them."""
    return Search(find=_find, get=_get)


def _find(session: Session, text: str) -> list[Found]:
    query = select(Party.id, Party.name).where(Party.kind == "employee")
    if text:
        query = query.where(Party.name.icontains(text, autoescape=True))
    return [Found(number, name) for number, name in session.execute(query.order_by(Party.name).limit(20))]


def _get(session: Session, number: int) -> Found | None:
    found = session.get(Party, number)
    return Found(found.id, found.name) if found else None


def _first_of(session: Session, day: date) -> int:
    """Return the first row that was written on a day or later; rows are numbered in the order they were written."""
    moment, low, high = _utc(day), 1, audit.head(session).seq + 1
    while low < high:
        middle = (low + high) // 2
        at = session.scalar(select(AuditLog.at).where(AuditLog.seq == middle)) or ""
        low, high = (low, middle) if at >= moment else (middle + 1, high)
    return low


def _number(session: Session, number: str) -> int:
    found = listing.find(session, number=number.upper())
    if found is None:
        raise RecordError(_("There is no record {number}.").format(number=number[:30]))
    return found.id


def _of_record(session: Session, record_id: int) -> Any:  # noqa: ANN401  # a condition
    """A record's own rows, and those of what hangs on it; what was taken away since is known by its old content."""
    kind = session.scalar(select(Record.type).where(Record.id == record_id))
    own = ("record", *(types.named(kind).tables if kind else ()))
    log = AuditLog
    parts = [log.table_name.in_(own) & (log.row_key == str(record_id))]
    for name, column in _hanging(own):
        parts.append((log.table_name == name) & log.row_key.in_(_keys(session, name, column, record_id)))
    return or_(*parts)


def _keys(session: Session, name: str, column: str, record_id: int) -> set[str]:
    """Return the keys of the rows of a table that name a record, or have named it."""
    table = Base.metadata.tables[name]
    there = session.execute(select(*table.primary_key).where(table.c[column] == record_id))
    ends = [f'%"{column}"{colon}{record_id}{end}%' for colon in (":", " : ") for end in (",", "}")]
    gone = select(AuditLog.row_key).where(AuditLog.table_name == name, AuditLog.op == "DELETE")
    was = session.scalars(gone.where(or_(*(AuditLog.old.like(end) for end in ends))))
    return {"/".join(map(str, key)) for key in there} | set(was)


def _hanging(own: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Return the kept tables that name a record of a type, and by which column."""
    for name, table in Base.metadata.tables.items():
        if name not in TABLES or name in own:
            continue
        for column in table.c:
            parents = {key.column.table.name for key in column.foreign_keys}
            if column.name in ("record_id", "claim_id", "plan_id") and parents & set(own):
                yield name, column.name


def _record_id(table: str, row_key: str, old: str | None, new: str | None) -> int | None:
    if table == "record" or table in types.tables():
        return int(row_key)
    content = _content(new or old)
    found = next((content[name] for name in ("record_id", "claim_id", "plan_id") if content.get(name)), None)
    return found if isinstance(found, int) else None


def _utc(day: date) -> str:
    moment = datetime.combine(day, time(), settings().zone).astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}"


def _moment(at: str) -> str:
    return language.format_datetime(datetime.fromisoformat(at).astimezone(settings().zone))


def _in_words(session: Session, rows: list[Row]) -> None:
    words = _Words.read(session, [(row["actor_key"], row["old"], row["new"]) for row in rows])
    numbers = {
        row["id"]: _record_id(row["table_key"], row["row_key"], row["old"], row["new"]) for row in rows
    }  # fmt: skip
    query = select(Record.id, Record.number, Record.type).where(Record.id.in_({n for n in numbers.values() if n}))
    records = {one.id: one for one in session.execute(query)}
    for row in rows:
        record = records.get(numbers[row["id"]] or 0)
        row["at"], row["actor"] = _moment(row["at_utc"]), words.actor(row["actor_key"])
        row["op"] = op(row["op_key"])
        row["table"] = _("{table}, {op}").format(table=table(row["table_key"]), op=row["op"])
        row["number"] = record.number if record else ""
        changes = words.changes(
            session, row["table_key"], row["row_key"], row["old"], row["new"], record.type if record else ""
        )
        row["told"] = _("; ").join(one.told for one in changes)


@dataclass(frozen=True)
class _Words:
    """The names of whom some rows of the log are about, so that they can be told in words."""

    names: Mapping[int, str]

    @classmethod
    def read(cls, session: Session, rows: list[tuple[str, str | None, str | None]]) -> "_Words":
        wanted = {int(actor) for actor, _old, _new in rows if actor.isdecimal()}
        for _actor, *contents in rows:
            for content in map(_content, contents):
                wanted |= {content[name] for name in PEOPLE & content.keys() if isinstance(content[name], int)}
        found = session.execute(select(Party.id, Party.name).where(Party.id.in_(wanted)))
        return cls({one.id: one.name for one in found})

    def actor(self, actor: str) -> str:
        """Return who acted: a person, or the system."""
        return self.names.get(int(actor), actor) if actor.isdecimal() else _("the system")

    def changes(
        self, session: Session, table: str, row_key: str, old: str | None, new: str | None, kind: str
    ) -> Iterator[Change]:
        """Return what is different, column by column."""
        before, after = _content(old), _content(new)
        for name in [*after, *(name for name in before if name not in after)]:
            if name in UNSAID or before.get(name) == after.get(name):
                continue
            if table == "comment" and name == "text":
                found = session.get(Comment, int(row_key))
                yield Change(_("Comment"), "", found.text if found else "")
                continue
            shown = [self._shown(name, content.get(name), kind) for content in (before, after)]
            if any(shown):
                yield Change(_(COLUMNS[name]) if name in COLUMNS else language.label(name), *shown)

    def _shown(self, name: str, value: object, kind: str) -> str:
        if value is None or value == "":
            return ""
        if name in MONEY and isinstance(value, int):
            return language.format_money(value / 100, settings().currency, decimals=2)
        if name in PEOPLE and isinstance(value, int):
            return self.names.get(value, str(value))
        if name in ROLE:
            return _(ROLES[str(value)]) if str(value) in ROLES else _("the owner")
        if name in STATUS and kind:
            return types.named(kind).called(str(value))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _content(text: str | None) -> dict[str, Any]:
    found = json.loads(text or "{}")
    return found if isinstance(found, dict) else {}
