"""What a plan that was kept asks of the budget's lines: read, told, and not written."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.budget.planner import kept
from marketbook.budget.planner.kept import KeptPlan
from marketbook.budget.planner.moves import Held, Line, Move, Reached, moves, reach
from marketbook.kit.records import Record, roles
from marketbook.office import scenario
from marketbook.office.budget_line import SPENDING, BudgetLine

CATEGORY = "advertising"
"""The category of the budget whose items are channels."""
_AS_TODAY = 100.0


@dataclass(frozen=True)
class Proposal:
    """What becomes of a plan: a recommendation, and how the channels' lines come to have what it spends.

    Attributes:
        plan: The plan that was kept.
        exact: Whether each line comes to have what the plan spends, so that the budget is raised or cut; else each
            month keeps its sum and only its split changes.
        moves: The transfers, increases and cuts, month by month.
        gone: Months of the plan that are over; their lines are left as they are.
        without: Channels of the plan that have no line in the budget.
        held: What lines should give and cannot; nothing where only the split changes.
        missing: What the plan spends where there is no line, by month and channel, in fen; nothing, likewise.
        before, outside: What the lines have now, and what of it is for days that the plan does not cover, in fen.
    """

    plan: KeptPlan
    exact: bool
    moves: Sequence[Move]
    gone: Sequence[str]
    without: Sequence[str]
    held: Sequence[Held] = ()
    missing: Mapping[tuple[str, str], int] = field(default_factory=dict)
    before: int = 0
    outside: int = 0

    @property
    def amount(self) -> int:
        """What goes from line to line altogether, in fen."""
        return sum(move.amount for move in self.moves if move.giver and move.taker)

    @property
    def raised(self) -> int:
        """By how much lines are raised, in fen."""
        return sum(move.amount for move in self.moves if not move.giver)

    @property
    def cut(self) -> int:
        """By how much lines are cut, in fen."""
        return sum(move.amount for move in self.moves if not move.taker)

    @property
    def over(self) -> int:
        """What the plan spends in months that are over, in fen."""
        return int(self.plan.months.loc[list(self.gone)].to_numpy().sum())


def plan_of(session: Session, number: int) -> KeptPlan:
    """Return the plan that a scenario holds.

    Raises:
        RecordError: There is no such scenario, or it holds no plan.
    """
    found = scenario.named(session, number)
    return kept.read(found.id, found.name, found.parameters, found.result)


def proposal(session: Session, number: int, *, exact: bool | None = None) -> Proposal:
    """Say what would become of a plan: nothing is written.

    Args:
        session: A session of either kind.
        number: The scenario's.
        exact: Whether the budget is raised or cut to what the plan spends; None: where its total is not today's.

    Raises:
        RecordError: There is no such scenario, or it holds no plan.
    """
    plan = plan_of(session, number)
    ahead = roles.today().strftime("%Y-%m")
    lines = _lines(session, plan, ahead)
    wanted = {str(month): {str(name): int(fen) for name, fen in row.items()} for month, row in plan.months.T.items()}
    gone = [month for month in plan.months.index if month < ahead]
    without = [name for name in plan.channels["channel"] if name not in {line.channel for line in lines}]
    if exact is None:
        exact = plan.asked["total_percent"] != _AS_TODAY
    if not exact:
        return Proposal(plan, exact, moves(_first(lines), wanted), gone, without)
    outside = {line: _outside(plan, line) for line in lines}
    reached, missing = _reached(lines, outside, {month: wanted[month] for month in wanted if month >= ahead})
    return Proposal(
        plan, exact, reached.moves, gone, without, reached.held, missing,
        before=sum(line.allocated for line in lines), outside=sum(outside.values()),
    )  # fmt: skip


def _reached(
    lines: Sequence[Line], outside: Mapping[Line, int], wanted: Mapping[str, Mapping[str, int]]
) -> tuple[Reached, dict[tuple[str, str], int]]:
    """Return how lines come to have what is wanted, and what is wanted where there is none.

    Where a channel has several lines in a month, the first is raised or cut; the others count as they are.
    """
    first = _first(lines)
    aims: dict[str, dict[str, int]] = {}
    for line in first:
        same = [one for one in lines if (one.month, one.channel) == (line.month, line.channel)]
        others = sum(one.allocated for one in same) - line.allocated
        aim = wanted[line.month][line.channel] + sum(outside[one] for one in same) - others
        aims.setdefault(line.month, {})[line.channel] = aim
    missing = {
        (month, channel): fen
        for month, row in wanted.items()
        for channel, fen in row.items()
        if fen and channel not in aims.get(month, {})
    }
    return reach(first, aims), missing


def _first(lines: Sequence[Line]) -> list[Line]:
    """Return one line for each channel and month."""
    found: dict[tuple[str, str], Line] = {}
    for line in lines:
        found.setdefault((line.month, line.channel), line)
    return list(found.values())


def _outside(plan: KeptPlan, line: Line) -> int:
    """Return what of a line is for days of its month that the plan does not cover, in fen."""
    year, month = (int(part) for part in line.month.split("-"))
    days = monthrange(year, month)[1]
    first, last = date(year, month, 1), date(year, month, days)
    covered = (min(last, plan.last_day) - max(first, plan.first_day)).days + 1
    return line.allocated * (days - covered) // days


def _lines(session: Session, plan: KeptPlan, ahead: str) -> list[Line]:
    query = (
        select(BudgetLine)
        .join(Record, Record.id == BudgetLine.plan_id)
        .where(
            BudgetLine.category == CATEGORY,
            BudgetLine.month.in_([month for month in plan.months.index if month >= ahead]),
            BudgetLine.item.in_(list(plan.channels["channel"])),
            Record.status.in_(SPENDING),
        )
        .order_by(BudgetLine.id)
    )
    return [Line(one.id, one.month, one.item, one.allocated, one.available) for one in session.scalars(query)]
