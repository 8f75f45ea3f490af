"""What a plan asks of the budget: month by month, money goes from line to line until they are split as the plan is.

Either what the lines of a month have together stays, and only its split changes; or each line comes to have exactly
what the plan spends there, and the budget is raised and cut for it. Amounts are integer fen.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

SMALLEST = 100_000
"""Moves below this many fen are not worth a transfer."""
_ROUND = 10_000
"""Amounts are rounded down to this many fen."""


@dataclass(frozen=True)
class Line:
    """A budget line of a channel in a month: what it has, and what of it is neither promised nor spent, in fen."""

    id: int
    month: str
    channel: str
    allocated: int
    available: int


@dataclass(frozen=True)
class Move:
    """Money that goes from one line to another; without a giver the budget is raised, without a taker it is cut."""

    giver: Line | None
    taker: Line | None
    amount: int

    @property
    def month(self) -> str:
        """The month of its lines."""
        return next(line.month for line in (self.giver, self.taker) if line)

    @property
    def ends(self) -> tuple[int | None, int | None]:
        """The ids of the line that gives and of the line that takes."""
        return self.giver.id if self.giver else None, self.taker.id if self.taker else None


@dataclass(frozen=True)
class Held:
    """What a line should give and cannot, as it is promised or spent."""

    line: Line
    amount: int


@dataclass(frozen=True)
class Reached:
    """How lines come to have what a plan spends, and what keeps some from it."""

    moves: list[Move]
    held: list[Held]


def moves(lines: Iterable[Line], wanted: Mapping[str, Mapping[str, int]]) -> list[Move]:
    """Return the transfers that split each month's lines as a plan does.

    Args:
        lines: At most one for each channel and month.
        wanted: What the plan spends, by month and channel, in fen.

    Returns:
        The largest first in each month; no line gives more than it has left.
    """
    by_month: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_month[line.month].append(line)
    return [move for month in sorted(by_month) for move in _of_month(by_month[month], wanted.get(month, {}))]


def reach(lines: Iterable[Line], aims: Mapping[str, Mapping[str, int]]) -> Reached:
    """Return the transfers, increases and cuts after which each line has exactly what it is to have.

    Args:
        lines: At most one for each channel and month.
        aims: What each is to have, by month and channel, in fen; lines without an aim are left as they are.

    Returns:
        Month by month transfers first, then increases and cuts, the largest first; no line gives more than it has left.
    """
    change = {
        line: aims[line.month][line.channel] - line.allocated
        for line in lines
        if line.channel in aims.get(line.month, {})
    }
    give = {line: min(-amount, line.available) for line, amount in change.items() if amount < 0 < line.available}
    take = {line: amount for line, amount in change.items() if amount > 0}
    months = sorted({line.month for line in change})
    found = [move for month in months for move in _exactly(_within(give, month), _within(take, month))]
    held = [Held(line, -amount - line.available) for line, amount in change.items() if -amount > line.available]
    return Reached(found, held)


def _within(amounts: Mapping[Line, int], month: str) -> dict[Line, int]:
    return {line: amount for line, amount in amounts.items() if line.month == month}


def _exactly(give: dict[Line, int], take: dict[Line, int]) -> Iterator[Move]:
    """Move what can be given to who takes it; the budget is raised or cut by the rest."""
    while give and take:
        giver, taker = _largest(give), _largest(take)
        amount = min(give[giver], take[taker])
        yield Move(giver, taker, amount)
        for side, line in ((give, giver), (take, taker)):
            side[line] -= amount
            if not side[line]:
                del side[line]
    yield from (Move(None, line, take[line]) for line in sorted(take, key=lambda one: -take[one]))
    yield from (Move(line, None, give[line]) for line in sorted(give, key=lambda one: -give[one]))


def _largest(amounts: Mapping[Line, int]) -> Line:
    return max(amounts, key=lambda one: amounts[one])


def _of_month(lines: list[Line], wanted: Mapping[str, int]) -> Iterator[Move]:
    planned = sum(wanted.get(line.channel, 0) for line in lines)
    if not planned:
        return
    together = sum(line.allocated for line in lines)
    change = {line: together * wanted.get(line.channel, 0) // planned - line.allocated for line in lines}
    give = {line: min(-amount, line.available) for line, amount in change.items() if amount < 0}
    take = {line: amount for line, amount in change.items() if amount > 0}
    while give and take:
        giver, taker = _largest(give), _largest(take)
        amount = min(give[giver], take[taker]) // _ROUND * _ROUND
        if amount < SMALLEST:
            return
        yield Move(giver, taker, amount)
        for side, line in ((give, giver), (take, taker)):
            side[line] -= amount
            if side[line] < SMALLEST:
                del side[line]
