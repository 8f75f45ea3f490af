"""Budget transfers: the only way past a budget. From a line to a line; one of them may be missing: an increase, a cut.

From month to month within one item a manager decides alone, up to a share of the item's money in a quarter; everything
else is the director's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketbook.kit.config import settings
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import Record, RecordType, StatusChange, advance, documents, line, parameters, roles, types
from marketbook.kit.records.line import Matter
from marketbook.kit.records.person import ROLES, Party
from marketbook.kit.records.record import Standing
from marketbook.office import budget_line
from marketbook.office.budget_line import BudgetLine, money

WITHIN_ITEM = "within_item"
"""The category of transfers that a manager decides alone."""

SHARE = parameters.declare(
    parameters.Declared(
        name="budget.manager_moves_bp",
        title=mark("How much of an item's money a manager moves between its months alone in a quarter, in 1/10,000"),
        kind=int,
        default=1_000,
        source=mark("10 %, until the company decides otherwise"),
    )
)


class BudgetTransfer(Record):
    """Money that goes from one budget line to another; its amount is the record's.

    Attributes:
        from_line_id: Whose money is cut; none where the budget is increased.
        to_line_id: Whose money grows; none where the budget is cut.
        purpose: What for.
    """

    __tablename__ = "budget_transfer"
    __table_args__ = (
        CheckConstraint("from_line_id IS NOT NULL OR to_line_id IS NOT NULL", name="somewhere"),
        CheckConstraint("from_line_id <> to_line_id", name="elsewhere"),
        Index("ix_budget_transfer_from_line", "from_line_id"),
        Index("ix_budget_transfer_to_line", "to_line_id"),
    )
    __mapper_args__ = {"polymorphic_identity": "budget_transfer"}  # noqa: RUF012  # as SQLAlchemy reads it

    id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    from_line_id: Mapped[int | None] = mapped_column(ForeignKey("budget_line.id"))
    to_line_id: Mapped[int | None] = mapped_column(ForeignKey("budget_line.id"))
    purpose: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True)
class Deciders:
    """Who would decide on a transfer.

    Attributes:
        category: `WITHIN_ITEM` where a manager does alone, else empty.
        role: As what they would, in the current language.
        names: Who could today, deputies apart.
    """

    category: str
    role: str
    names: tuple[str, ...]


def enter(
    session: Session, *, title: str, amount: int, from_line: int | None, to_line: int | None, purpose: str, actor: int,
    owner: int | None = None,
) -> BudgetTransfer:  # fmt: skip
    """Enter a transfer as a draft.

    Args:
        session: A writing session.
        title: What people will call it.
        amount: In fen.
        from_line: Whose money is cut; None to increase the budget.
        to_line: Whose money grows; None to cut the budget.
        purpose: What for.
        actor: Who asks for it.
        owner: Whose it is; the actor's where none is given.

    Raises:
        RecordError: There is no such line.
        AccessError: The actor is no employee at work.
    """
    made = BudgetTransfer(
        title=title, amount_minor=amount, from_line_id=from_line, to_line_id=to_line, purpose=purpose.strip(),
        owner_id=owner,
    )  # fmt: skip
    made.category = category(session, from_line=from_line, to_line=to_line, amount=amount)
    return documents.enter(session, made, actor=actor)


def submit(session: Session, transfer: BudgetTransfer, *, actor: int, version: int) -> StatusChange:
    """Hand a transfer in: to the manager where it is within an item and its quarter's share, else to the director.

    Raises:
        StaleError: Someone changed it since the actor saw it.
        RecordError: It is incomplete, or its line has not the money.
        AccessError: It is another's.
    """
    return advance(session, transfer, "submitted", actor=actor, version=version)


def category(session: Session, *, from_line: int | None, to_line: int | None, amount: int) -> str:
    """Return `WITHIN_ITEM` where a manager alone decides on a transfer, else nothing.

    Args:
        session: A session of either kind.
        from_line: Whose money is cut.
        to_line: Whose money grows.
        amount: In fen.

    Raises:
        RecordError: There is no such line.
    """
    lines = [budget_line.named(session, one) for one in (from_line, to_line) if one is not None]
    if len({(one.plan_id, one.category, one.item) for one in lines}) != 1 or len(lines) != 2:
        return ""
    return WITHIN_ITEM if amount <= left_to_managers(session, lines[0]) else ""


def deciders(session: Session, *, from_line: int | None, to_line: int | None, amount: int, actor: int) -> Deciders:
    """Say beforehand who would decide on a transfer that somebody means to ask for.

    Raises:
        RecordError: There is no such line.
    """
    found = category(session, from_line=from_line, to_line=to_line, amount=amount)
    asked = Standing(0, TRANSFER.name, "submitted", found, actor, None, amount)
    steps = types.steps(session, asked, to="approved")
    company = line.read(session, on=roles.today(), owner=actor)
    seats = [seat for step in steps for seat in line.seats(company, step, Matter(actor))]
    names = tuple(session.get_one(Party, seat.party).name for seat in seats)
    return Deciders(found, _(ROLES[seats[0].role if seats else steps[0].role]), names)


def moved(session: Session, of: BudgetLine, *, on: date) -> int:
    """Return how much managers alone have moved between the months of a line's item in the quarter of a day, in fen."""
    query = (
        select(func.coalesce(func.sum(BudgetTransfer.amount_minor), 0))
        .join(BudgetLine, BudgetLine.id == BudgetTransfer.from_line_id)
        .join(StatusChange, (StatusChange.record_id == BudgetTransfer.id) & (StatusChange.to_status == "approved"))
        .where(BudgetTransfer.category == WITHIN_ITEM, StatusChange.at >= _quarter(on), *_same_item(of))
    )
    return int(session.scalar(query) or 0)


def left_to_managers(session: Session, of: BudgetLine) -> int:
    """Return how much more managers alone may move between the months of a line's item this quarter, in fen."""
    total = session.scalar(select(func.sum(BudgetLine.allocated)).where(*_same_item(of)))
    on = roles.today()
    share = int(parameters.value(session, SHARE.name, on=on))
    return max(0, int(total or 0) * share // 10_000 - moved(session, of, on=on))


def _category(session: Session, transfer: BudgetTransfer) -> str:
    lines = {"from_line": transfer.from_line_id, "to_line": transfer.to_line_id}
    return category(session, **lines, amount=transfer.amount_minor or 0)


def _same_item(of: BudgetLine) -> tuple[ColumnElement[bool], ...]:
    return tuple(getattr(BudgetLine, name) == getattr(of, name) for name in ("plan_id", "category", "item"))


def _quarter(day: date) -> datetime:
    return datetime(day.year, (day.month - 1) // 3 * 3 + 1, 1, tzinfo=settings().zone)


def _missing(session: Session, record: Record, to: str) -> Iterable[str]:
    if not isinstance(record, BudgetTransfer) or to not in ("submitted", "approved"):
        return
    amount = record.amount_minor or 0
    if amount == 0:
        yield _("Its amount is missing.")
    if not record.purpose:
        yield _("It does not say what for.")
    for number in (record.from_line_id, record.to_line_id):
        if number is not None:
            yield from _wrong_line(
                session, budget_line.named(session, number), amount, cut=number == record.from_line_id
            )
    if to == "approved" and record.category == WITHIN_ITEM and _category(session, record) != WITHIN_ITEM:
        yield _("The share of the quarter that managers move alone is used up; hand it in anew for the director.")


def _wrong_line(session: Session, of: BudgetLine, amount: int, *, cut: bool) -> Iterable[str]:
    if budget_line.plan_status(session, of) not in budget_line.SPENDING:
        yield _("{line}: its plan is not in force.").format(line=of.called)
    if cut and of.available < amount:
        yield _("{line}: {left} is left, {asked} is asked for.").format(
            line=of.called, left=money(of.available), asked=money(amount)
        )


def _prepare(session: Session, record: Record, to: str) -> dict[str, object]:
    """Who decides follows from what managers have moved by the day on which it is handed in."""
    return {"category": _category(session, record)} if isinstance(record, BudgetTransfer) and to == "submitted" else {}


TRANSFER = types.register(
    RecordType(
        name="budget_transfer",
        title=mark("Budget transfer"),
        prefix="BT",
        first="draft",
        statuses={
            "draft": mark("draft"),
            "submitted": mark("submitted"),
            "approved": mark("approved"),
            "rejected": mark("rejected"),
        },
        missing=_missing,
        tables=("budget_transfer",),
        readers=frozenset({"finance"}),
        prepare=_prepare,
    )
)
