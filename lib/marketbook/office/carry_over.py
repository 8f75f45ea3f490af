"""Carry-over: what is left of the months that are over goes to the months to come, as one batch of transfers.

Month lines are strict: money of a month that is over is lost to its item unless a transfer brings it to a later month.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.kit.errors import RecordError
from marketbook.kit.language import format_month, label
from marketbook.kit.language import gettext as _
from marketbook.kit.records import roles
from marketbook.office import budget_line, budget_transfer
from marketbook.office.budget_line import BudgetLine
from marketbook.office.budget_transfer import BudgetTransfer

Seen = tuple[int, int | None, int]
"""From a line, to a line, how much."""


@dataclass(frozen=True)
class Move:
    """What is left of a line of a month that is over, and the line of its item that comes next.

    Attributes:
        line: The line whose money is left.
        to: The item's next line; none where no later month has one.
        amount: In fen.
        waits: Whether a transfer that takes money from the line waits already.
    """

    line: BudgetLine
    to: BudgetLine | None
    amount: int
    waits: bool = False

    @property
    def seen(self) -> Seen:
        """What of it a reader means who was shown it."""
        return self.line.id, None if self.to is None else self.to.id, self.amount

    @property
    def goes(self) -> bool:
        """Whether it can be carried over."""
        return self.to is not None and not self.waits


def last_over(year: int) -> str:
    """Return the last month of a year that is over.

    Raises:
        RecordError: None of its months is.
    """
    today = roles.today()
    if (today.year, today.month) <= (year, 1):
        raise RecordError(_("No month of {year} is over yet.").format(year=year))
    return f"{year}-{today.month - 1 if today.year == year else 12:02}"


def moves(session: Session, *, plan_id: int, month: str) -> list[Move]:
    """Return what is left of a plan's lines up to a month, and the line of its item that comes next.

    Args:
        session: A session of either kind.
        plan_id: Whose lines.
        month: The last month that is over: `2026-06`.
    """
    lines = budget_line.of_plan(session, plan_id=plan_id)
    over = [line for line in lines if line.month <= month and line.available > 0]
    waiting = _waiting(session, plan_id)
    return [Move(line, _next(lines, line, month), line.available, line.id in waiting) for line in over]


def propose(session: Session, *, plan_id: int, month: str, actor: int) -> list[BudgetTransfer]:
    """Enter what is left of a plan's months as a batch of transfers: drafts of the actor's, who hands them in.

    Args:
        session: A writing session.
        plan_id: Whose lines.
        month: The last month that is over: `2026-06`.
        actor: Who asks for them.

    Returns:
        One transfer for each line that has money left and a later month; a line for which one waits already is left.

    Raises:
        RecordError: Nothing can be carried over.
        AccessError: The actor is no employee at work.
    """
    found = [move for move in moves(session, plan_id=plan_id, month=month) if move.goes]
    if not found:
        raise RecordError(_("Nothing of the months up to {month} can be carried over.").format(month=_called(month)))
    return [_transfer(session, move, actor) for move in found]


def hand_in(
    session: Session, *, plan_id: int, month: str, seen: Collection[Seen], actor: int
) -> list[BudgetTransfer]:  # fmt: skip
    """Enter what is left as `propose` does and hand all of it in, each transfer to whoever decides on it.

    Args:
        session: A writing session.
        plan_id: Whose lines.
        month: The last month that is over: `2026-06`.
        seen: What the actor was shown and means, as `Move.seen`.
        actor: Who asks for them.

    Raises:
        RecordError: Something else is left by now, nothing can be carried over, or the plan is not in force.
        AccessError: The actor is no employee at work.
    """
    now = {move.seen for move in moves(session, plan_id=plan_id, month=month) if move.goes}
    if now != set(seen):
        raise RecordError(_("What is left has changed since you opened it; look at it again, then hand it in."))
    made = propose(session, plan_id=plan_id, month=month, actor=actor)
    for one in made:
        budget_transfer.submit(session, one, actor=actor, version=one.version)
    return made


def _transfer(session: Session, move: Move, actor: int) -> BudgetTransfer:
    target = move.to
    if target is None:
        raise RecordError(_("{line}: its item has no later month.").format(line=move.line.called))
    words = {"item": label(move.line.item), "month": _called(move.line.month), "to": _called(target.month)}
    return budget_transfer.enter(
        session, title=_("Carry over {item}, {month}").format(**words), amount=move.amount, from_line=move.line.id,
        to_line=target.id, purpose=_("What is left of {month} is carried over to {to}.").format(**words), actor=actor,
    )  # fmt: skip


def _next(lines: Iterable[BudgetLine], line: BudgetLine, month: str) -> BudgetLine | None:
    same = [one for one in lines if (one.category, one.item) == (line.category, line.item) and one.month > month]
    return min(same, key=lambda one: one.month, default=None)


def _waiting(session: Session, plan_id: int) -> set[int]:
    """Return the lines of a plan that a transfer which is not decided yet takes money from."""
    own = select(BudgetLine.id).where(BudgetLine.plan_id == plan_id)
    open_ = select(BudgetTransfer.from_line_id).where(
        BudgetTransfer.from_line_id.in_(own), BudgetTransfer.status.in_(("draft", "submitted"))
    )
    return {number for number in session.scalars(open_) if number is not None}


def _called(month: str) -> str:
    return format_month(date.fromisoformat(f"{month}-01"))
