"""Budget lines: what a plan has for one item in one month, and how much of it is promised and spent.

The three figures are what transfers and claims add up to: triggers write them, and refuse every other value.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketbook.kit.config import settings
from marketbook.kit.errors import RecordError
from marketbook.kit.language import format_integer, format_money, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Record, documents, stale
from marketbook.kit.records.stale import Difference, StaleError
from marketbook.kit.store import Base, Minor, acting
from marketbook.kit.store.audit import AuditLog
from marketbook.kit.store.money import whole

CATEGORIES = {
    "research": mark("Market research"),
    "advertising": mark("Advertising"),
    "promotion": mark("Sales promotion"),
    "channel": mark("Channel building"),
    "staff": mark("Staff pay"),
    "other": mark("Other costs"),
}
"""What money is budgeted for."""

SPENDING = ("approved", "active")
"""The statuses of a plan whose money may be spent."""

MOST_ITEMS = 500
"""How many items a year's budget may have."""

LONGEST_ITEM = 100
LARGEST = 10**13
"""Fen of a line: a hundred billion yuan."""

_NAMES = ", ".join(f"'{name}'" for name in CATEGORIES)
_MONTH = "month LIKE '____-__' AND ltrim(month, '0123456789-') = '' AND substr(month, 6, 2) BETWEEN '01' AND '12'"
_FIGURES = ("original", "allocated", "committed", "spent")


class Key(NamedTuple):
    """What a plan's line is known by."""

    category: str
    month: str
    item: str

    @property
    def called(self) -> str:
        """What people call it, in the current language."""
        return f"{self.month} {_(CATEGORIES.get(self.category, self.category))} / {self.item}"


class BudgetLine(Base):
    """What a plan has for an item in a month, in fen.

    Attributes:
        original: As the plan was approved; 0 for an item that it did not have.
        allocated: With what approved transfers brought and took.
        committed: Promised to claims that were handed in and to requests that are open.
        spent: Paid.
    """

    __tablename__ = "budget_line"
    __table_args__ = (
        CheckConstraint(f"category IN ({_NAMES})", name="category"),
        CheckConstraint(_MONTH, name="month"),
        CheckConstraint("item <> ''", name="item"),
        CheckConstraint(" AND ".join(f"{name} >= 0 AND {whole(name)}" for name in _FIGURES), name="figures"),
        CheckConstraint("committed + spent <= allocated", name="within"),
        Index("uq_budget_line_plan_id_category_month_item", "plan_id", "category", "month", "item", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    category: Mapped[str] = mapped_column(String(30))
    month: Mapped[str] = mapped_column(String(7))
    item: Mapped[str] = mapped_column(String(100))
    original: Mapped[int] = mapped_column(Minor)
    allocated: Mapped[int] = mapped_column(Minor)
    committed: Mapped[int] = mapped_column(Minor, default=0)
    spent: Mapped[int] = mapped_column(Minor, default=0)

    @property
    def available(self) -> int:
        """What is neither promised nor spent, in fen."""
        return self.allocated - self.committed - self.spent

    @property
    def key(self) -> Key:
        """What it is known by in its plan."""
        return Key(self.category, self.month, self.item)

    @property
    def called(self) -> str:
        """What people call it, in the current language."""
        return self.key.called


def add(
    session: Session, plan: Record, *, category: str, month: str, item: str, original: int, actor: int, version: int
) -> BudgetLine:
    """Give a plan that is a draft a line.

    Args:
        session: A writing session.
        plan: Which one.
        category: One of `CATEGORIES`.
        month: Of the plan's year: `2026-03`.
        item: What the money is for.
        original: How much, in fen.
        actor: The plan's owner.
        version: Which version of the plan the actor saw.

    Raises:
        RecordError: There is such a line, the category is unknown, or the plan was handed in.
        AccessError: The plan is another's.
    """
    made = _made(session, plan.id, category, month, item, original)
    with documents.editing(session, plan, actor=actor, version=version):
        session.add(made)
    return made


def change(session: Session, plan: Record, line: BudgetLine, *, original: int, actor: int, version: int) -> BudgetLine:
    """Give a line of a plan that is a draft another amount, in fen.

    Raises:
        RecordError: The plan was handed in.
        AccessError: The plan is another's.
    """
    with documents.editing(session, plan, actor=actor, version=version):
        line.original, line.allocated = original, original
    return line


def remove(session: Session, plan: Record, line: BudgetLine, *, actor: int, version: int) -> None:
    """Take a line out of a plan that is a draft.

    Raises:
        RecordError: The plan was handed in.
        AccessError: The plan is another's.
    """
    with documents.editing(session, plan, actor=actor, version=version):
        session.delete(line)


def set_lines(session: Session, plan: Record, wanted: Mapping[Key, int], *, actor: int, version: int) -> int:
    """Give a plan that is a draft exactly these lines: what is not among them goes. It is one new version of the plan.

    Args:
        session: A writing session.
        plan: Which one.
        wanted: How much each line has, in fen.
        actor: The plan's owner.
        version: Which version of the plan the actor saw.

    Returns:
        How many lines were added, changed or removed; where there are none, the plan keeps its version.

    Raises:
        StaleError: Someone changed the plan or its lines since; it carries the difference, line by line.
        RecordError: The plan was handed in, or lines cannot be as they are wanted.
        AccessError: The plan is another's.
    """
    check_seen(session, plan, version)
    _check_wanted(plan, wanted)
    kept = {line.key: line for line in of_plan(session, plan_id=plan.id)}
    if {key: line.original for key, line in kept.items()} == dict(wanted):
        return 0
    with documents.editing(session, plan, actor=actor, version=version):
        for key in kept.keys() - wanted.keys():
            session.delete(kept[key])
        changed = [key for key in kept.keys() & wanted.keys() if kept[key].original != wanted[key]]
        for key in changed:
            kept[key].original = kept[key].allocated = wanted[key]
        session.add_all(_fresh(plan.id, key, amount) for key, amount in wanted.items() if key not in kept)
    return len(changed) + len(kept.keys() ^ wanted.keys())


def check_seen(session: Session, plan: Record, version: int) -> None:
    """Refuse to go on where a plan or its lines are not as they were seen.

    Raises:
        StaleError: They were changed since; the error carries the difference, line by line.
        RecordError: The plan never had this version.
    """
    try:
        stale.check(session, plan, version)
    except StaleError as error:
        seen, now = lines_at(session, plan, version), lines_at(session, plan, plan.version)
        changed = sorted(key for key in seen.keys() | now.keys() if seen.get(key) != now.get(key))
        lines = [Difference(key.called, _amount(seen.get(key)), _amount(now.get(key))) for key in changed]
        raise StaleError(plan.number, [*error.difference, *lines], error.by) from None


def lines_at(session: Session, plan: Record, version: int) -> dict[Key, int]:
    """Return how much each line had in a version of its plan, in fen: the lines as they are, and the log undone."""
    found = {line.key: line.original for line in of_plan(session, plan_id=plan.id)}
    if version >= plan.version:
        return found
    for old, new in _changes(session, plan, stale.first_since(session, plan, version)):
        if new:
            found.pop(_key(new), None)
        if old:
            found[_key(old)] = int(old["original"])
    return found


def open_unplanned(session: Session, *, plan_id: int, category: str, month: str, item: str, actor: int) -> BudgetLine:
    """Open a line for what an approved plan did not foresee: it has no money until a transfer brings some.

    Raises:
        RecordError: There is such a line, or the category is unknown.
        AccessError: The actor is no employee at work.
    """
    made = _made(session, plan_id, category, month, item, 0)
    with acting(session, documents.at_work(session, actor).id):
        session.add(made)
    return made


def of_plan(session: Session, *, plan_id: int) -> list[BudgetLine]:
    """Return a plan's lines as they are in the store, by category, item and month."""
    query = select(BudgetLine).where(BudgetLine.plan_id == plan_id)
    order = (BudgetLine.category, BudgetLine.item, BudgetLine.month)
    return list(session.scalars(query.order_by(*order).execution_options(populate_existing=True)))


def named(session: Session, line_id: int) -> BudgetLine:
    """Return a line with its figures as they are in the store.

    Raises:
        RecordError: There is none.
    """
    found = session.get(BudgetLine, line_id, populate_existing=True)
    if found is None:
        raise RecordError(_("There is no budget line {number}; money is spent only from one.").format(number=line_id))
    return found


def plan_status(session: Session, line: BudgetLine) -> str:
    """Return the status of the plan that a line belongs to."""
    return session.scalars(select(Record.status).where(Record.id == line.plan_id)).one()


def money(amount: int) -> str:
    """Write an amount in fen of the base currency."""
    return format_money(amount / 100, settings().currency, decimals=2)


def _changes(session: Session, plan: Record, first: int) -> Iterator[tuple[dict[str, Any], ...]]:
    """Return what the log holds of a plan's lines from a row on, the last change first: how each was, and became."""
    query = select(AuditLog.old, AuditLog.new).where(AuditLog.table_name == "budget_line", AuditLog.seq >= first)
    for texts in session.execute(query.order_by(AuditLog.seq.desc())):
        rows = tuple(json.loads(text or "{}") for text in texts)
        if any(row.get("plan_id") == plan.id for row in rows):
            yield rows


def _key(row: Mapping[str, Any]) -> Key:
    return Key(*(str(row[name]) for name in Key._fields))


def _amount(amount: int | None) -> str | None:
    return None if amount is None else money(amount)


def _fresh(plan_id: int, key: Key, amount: int) -> BudgetLine:
    return BudgetLine(plan_id=plan_id, **key._asdict(), original=amount, allocated=amount, committed=0, spent=0)


def _check_wanted(plan: Record, wanted: Mapping[Key, int]) -> None:
    """Refuse lines that no plan can have, before the database does: a person is told which, and what is allowed."""
    items = len({(key.category, key.item) for key in wanted})
    if items > MOST_ITEMS:
        told = _("There are {found} items; a year's budget has {most} at most.")
        raise RecordError(told.format(found=format_integer(items), most=MOST_ITEMS))
    year = getattr(plan, "fiscal_year", None)  # whatever has lines of a year, as a plan has
    months = re.compile(rf"{year or '[0-9]{4}'}-(0[1-9]|1[0-2])")
    for key, amount in wanted.items():
        if fault := _fault(key, amount, months):
            raise RecordError(f"{key.called}: {fault}")


def _fault(key: Key, amount: int, months: re.Pattern[str]) -> str:
    if key.category not in CATEGORIES:
        known = ", ".join(CATEGORIES)
        return _("category: {found!r} is not known; allowed are {allowed}.").format(found=key.category, allowed=known)
    if not months.fullmatch(key.month):
        return _("month: {found!r} is none of the plan's year; written as 2026-03.").format(found=key.month)
    if not 1 <= len(key.item) <= LONGEST_ITEM or key.item != " ".join(key.item.split()) or not key.item.isprintable():
        return _("item: {found!r}; must have 1 to {most} printable characters.").format(
            found=key.item[:120], most=LONGEST_ITEM
        )
    if not 0 <= amount <= LARGEST:
        return _("{found}; must be from 0 to {most}.").format(found=money(amount), most=money(LARGEST))
    return ""


def _made(session: Session, plan_id: int, category: str, month: str, item: str, original: int) -> BudgetLine:
    name = " ".join(item.split())
    if category not in CATEGORIES:
        raise RecordError(
            _("category: {found!r} is not known; allowed are {allowed}.").format(
                found=category, allowed=", ".join(CATEGORIES)
            )
        )
    made = BudgetLine(
        plan_id=plan_id, category=category, month=month, item=name, original=original, allocated=original,
        committed=0, spent=0,
    )  # fmt: skip
    key = {"plan_id": plan_id, "category": category, "month": month, "item": name}
    if session.scalar(select(BudgetLine.id).filter_by(**key)):
        raise RecordError(_("The plan has a line {line} already.").format(line=made.called))
    return made
