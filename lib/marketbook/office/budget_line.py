"""Budget lines: what a plan has for one item in one month, and how much of it is promised and spent.

The three figures are what transfers and claims add up to: triggers write them, and refuse every other value.
"""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketbook.kit.config import settings
from marketbook.kit.errors import RecordError
from marketbook.kit.language import format_money, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Record, documents
from marketbook.kit.store import Base, Minor, acting
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

_NAMES = ", ".join(f"'{name}'" for name in CATEGORIES)
_MONTH = "month LIKE '____-__' AND ltrim(month, '0123456789-') = '' AND substr(month, 6, 2) BETWEEN '01' AND '12'"
_FIGURES = ("original", "allocated", "committed", "spent")


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
    def called(self) -> str:
        """What people call it, in the current language."""
        return f"{self.month} {_(CATEGORIES[self.category])} / {self.item}"


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
