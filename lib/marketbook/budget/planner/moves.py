"""What a plan asks of the budget: month by month, money goes from line to line until they are split as the plan is.

What the lines of a month have together stays; only its split changes. Amounts are integer fen.
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
    """Money that goes from one line to another."""

    giver: Line
    taker: Line
    amount: int


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


def _of_month(lines: list[Line], wanted: Mapping[str, int]) -> Iterator[Move]:
    planned = sum(wanted.get(line.channel, 0) for line in lines)
    if not planned:
        return
    together = sum(line.allocated for line in lines)
    change = {line: together * wanted.get(line.channel, 0) // planned - line.allocated for line in lines}
    give = {line: min(-amount, line.available) for line, amount in change.items() if amount < 0}
    take = {line: amount for line, amount in change.items() if amount > 0}
    while give and take:
        giver, taker = max(give, key=lambda one: give[one]), max(take, key=lambda one: take[one])
        amount = min(give[giver], take[taker]) // _ROUND * _ROUND
        if amount < SMALLEST:
            return
        yield Move(giver, taker, amount)
        for side, line in ((give, giver), (take, taker)):
            side[line] -= amount
            if side[line] < SMALLEST:
                del side[line]
