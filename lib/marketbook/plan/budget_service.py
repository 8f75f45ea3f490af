"""A year's budget as its screen reads and writes it. Functions flush; their caller commits."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Select, case, cast, func, or_, select
from sqlalchemy.orm import Session

from marketbook.kit.errors import RecordError
from marketbook.kit.forms.comparison import Services, Wanted
from marketbook.kit.forms.rows import Row, Rows
from marketbook.kit.language import gettext as _
from marketbook.kit.records.person import Party
from marketbook.kit.records.stale import StaleError
from marketbook.office import budget_line
from marketbook.office.budget_line import SPENDING, BudgetLine, Key
from marketbook.office.budget_transfer import TRANSFER, BudgetTransfer
from marketbook.plan.budget_entry import MONTHS, BudgetItem, YearBudget, rows
from marketbook.plan.rules import PLAN
from marketbook.plan.tables import Plan


def plans() -> Rows:
    """Return the plans that have a budget or are the year's, with what they have and have left."""
    lines = select(BudgetLine.id).where(BudgetLine.plan_id == Plan.id).correlate(Plan)
    query: Any = (
        select(Plan.id, Plan.title, Plan.fiscal_year, Plan.status, Party.name.label("owner"), Plan.number)
        .join(Party, Party.id == Plan.owner_id)
        .where(or_(Plan.kind == "marketing", lines.exists()))
    )
    return Rows(query, complete=_plan_called, newest_first=True)


def named(session: Session, plan_id: int) -> Plan:
    """Return a plan.

    Raises:
        RecordError: There is none.
    """
    found = session.get(Plan, plan_id)
    if found is None:
        raise RecordError(_("There is no plan {number}.").format(number=plan_id))
    return found


def year(session: Session, plan_id: int) -> dict[str, Any]:
    """Return a plan's budget as its form has it, with the plan's version."""
    plan = named(session, plan_id)
    lines = {line.key: line.original for line in budget_line.of_plan(session, plan_id=plan_id)}
    return {"version": str(plan.version), "lines": rows(lines)}


def save(session: Session, plan_id: int, record: YearBudget, *, actor: int, seen: int = 0) -> int:
    """Write a year's budget as it was entered: one new version of the plan.

    Args:
        session: A writing session.
        plan_id: Of which plan.
        record: What was entered, with the version that the actor saw.
        actor: The plan's owner.
        seen: The version whose difference the actor has been shown since; cells that he has not changed then are as
            they are in it, those that he has are as he wants them.

    Returns:
        How many lines were written.

    Raises:
        StaleError: Somebody changed the plan since; it carries the difference.
        RecordError: The plan was handed in, or a line cannot be.
        AccessError: The plan is another's.
    """
    plan, version = named(session, plan_id), int(record.version or 0)
    wanted = record.wanted(plan.fiscal_year)
    if seen == plan.version and version != plan.version:
        now = budget_line.lines_at(session, plan, plan.version)
        wanted, version = merged(budget_line.lines_at(session, plan, version), wanted, now), plan.version
    return budget_line.set_lines(session, plan, wanted, actor=actor, version=version)


def merged(before: Mapping[Key, int], own: Mapping[Key, int], others: Mapping[Key, int]) -> dict[Key, int]:
    """Return lines that two people have changed: as the one wants them where he changed them, else as the other did.

    Example:
        >>> june, july = Key("other", "2026-06", "x"), Key("other", "2026-07", "x")
        >>> list(merged({june: 1, july: 1}, {june: 2, july: 1}, {june: 3, july: 4}).values())
        [2, 4]
    """
    found = {}
    for key in [*others, *(key for key in own if key not in others)]:
        amount = own.get(key) if own.get(key) != before.get(key) else others.get(key)
        if amount is not None:
            found[key] = amount
    return found


def items(plan_id: int) -> Rows:
    """Return a plan's items with their months, as they were planned."""
    months = [
        _sum(case((func.substr(BudgetLine.month, 6, 2) == month, BudgetLine.original), else_=0)).label(
            f"m{month}_minor"
        )
        for month in MONTHS
    ]
    query = select(func.min(BudgetLine.id).label("id"), BudgetLine.category, BudgetLine.item, *months)
    return Rows(query.where(BudgetLine.plan_id == plan_id).group_by(BudgetLine.category, BudgetLine.item))


def returning(plan_id: int, *, actor: int) -> Services[BudgetItem]:
    """Return how items that come back in a workbook are written: all at once, as one new version of the plan."""

    def together(session: Session, wanted: Sequence[Wanted[BudgetItem]]) -> Mapping[int, str]:
        return _write_items(session, plan_id, wanted, actor)

    return Services(fixed=("category", "item"), together=together)


def lines(plan_id: int) -> Rows:
    """Return a plan's lines with their figures."""
    figures: list[Any] = [
        *(getattr(BudgetLine, name) for name in ("id", "category", "item", "month")),
        *(getattr(BudgetLine, name).label(f"{name}_minor") for name in ("original", "allocated", "committed", "spent")),
        _AVAILABLE.label("available_minor"),
    ]
    return Rows(select(*figures).where(BudgetLine.plan_id == plan_id))


def transfers(plan_id: int) -> Rows:
    """Return the transfers from and to a plan's lines."""
    return Rows(_transfers(plan_id), complete=_transfers_called, newest_first=True)


def plan_of_transfer(session: Session, transfer_id: int) -> int | None:
    """Return the plan that a transfer is about; None where it is no transfer."""
    found = session.get(BudgetTransfer, transfer_id)
    line = found and (found.to_line_id or found.from_line_id)
    return budget_line.named(session, line).plan_id if line else None


def is_open(plan: Plan) -> bool:
    """Tell whether a plan's money may be spent and moved."""
    return plan.status in SPENDING


def told(error: StaleError) -> str:
    """Say what somebody else has changed, and how to go on without losing anything."""
    return _("{difference} Look at it, then save again: the cells that you changed stay as you want them, all others "
             "become as they are now.").format(difference=error)  # fmt: skip


_AVAILABLE = BudgetLine.allocated - BudgetLine.committed - BudgetLine.spent


def _sum(column: Any) -> Any:  # noqa: ANN401  # a column; PostgreSQL sums integers to a decimal
    return cast(func.sum(column), BigInteger)


def _plan_called(session: Session, found: list[Row]) -> None:
    of = BudgetLine.plan_id
    query = select(of, _sum(BudgetLine.allocated), _sum(_AVAILABLE)).group_by(of)
    sums = {plan: figures for plan, *figures in session.execute(query.where(of.in_([row["id"] for row in found])))}
    for row in found:
        row["status"] = PLAN.called(row["status"])
        row["allocated_minor"], row["available_minor"] = sums.get(row["id"], (None, None))


def _write_items(
    session: Session, plan_id: int, wanted: Sequence[Wanted[BudgetItem]], actor: int
) -> dict[int, str]:  # fmt: skip
    plan = named(session, plan_id)
    kept = rows({line.key: line.original for line in budget_line.of_plan(session, plan_id=plan_id)})
    given = {(one.record.category, one.record.item): one.record for one in wanted}
    others = [one for one in map(BudgetItem.model_validate, kept) if (one.category, one.item) not in given]
    there = {(row["category"], row["item"]) for row in kept}
    taken = [one for one in wanted if one.line.id is None and (one.record.category, one.record.item) in there]
    if refused := {one.line.row: _("There is such an item already.") for one in taken} | _twice(wanted):
        return refused
    year_of = YearBudget(version=str(plan.version), lines=[*others, *given.values()])
    save(session, plan_id, year_of, actor=actor)
    return {}


def _twice(wanted: Sequence[Wanted[BudgetItem]]) -> dict[int, str]:
    counts = Counter((one.record.category, one.record.item) for one in wanted)
    twice = [one for one in wanted if counts[one.record.category, one.record.item] > 1]
    return {one.line.row: _("It stands in the file twice.") for one in twice}


def _transfers(plan_id: int) -> Select[Any]:
    own = select(BudgetLine.id).where(BudgetLine.plan_id == plan_id)
    names = ("id", "number", "from_line_id", "to_line_id", "amount_minor", "status", "purpose")
    columns: list[Any] = [*(getattr(BudgetTransfer, name) for name in names), Party.name.label("owner")]
    return (
        select(*columns)
        .join(Party, Party.id == BudgetTransfer.owner_id)
        .where(or_(BudgetTransfer.from_line_id.in_(own), BudgetTransfer.to_line_id.in_(own)))
    )


def _transfers_called(session: Session, found: list[Row]) -> None:
    numbers = {row[side] for row in found for side in ("from_line_id", "to_line_id")}
    query = select(BudgetLine).where(BudgetLine.id.in_(one for one in numbers if one is not None))
    called = {line.id: line.called for line in session.scalars(query)}
    for row in found:
        row["from_line"] = called.get(row["from_line_id"]) or _("increase")
        row["to_line"] = called.get(row["to_line_id"]) or _("cut")
        row["status"] = TRANSFER.called(row["status"])
