"""What a story of the year is made of: claims and transfers as they will be entered, and when who takes which step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from marketbook.demo.year import days
from marketbook.expense.params import Abroad

Cell = tuple[str, str, str]
"""Of the budget: category, item and month."""

Generator = np.random.Generator

LAGS = {
    "submitted": (0, 0),
    "manager_approved": (0, 2),
    "director_approved": (0, 2),
    "finance_reviewed": (1, 2),
    "open": (1, 2),
    "paid": (1, 3),
    "draft": (1, 2),
    "rejected": (1, 2),
    "withdrawn": (1, 3),
    "corrected": (0, 1),
    "approved": (0, 2),
    "accepted": (1, 3),
    "returned": (1, 2),
}
"""How many working days a step comes after the one before: from, to."""

SENT_BACK = ("draft", "rejected", "returned")
"""The steps that need a reason."""

APPROVED = ("submitted", "manager_approved", "director_approved")
REVIEWED = (*APPROVED, "finance_reviewed")
PAID = (*REVIEWED, "paid")
OPEN = (*APPROVED, "open")


@dataclass(frozen=True)
class Turn:
    """A step: to which status and when; `corrected` is no status, but the owner's correction before the next one."""

    to: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True)
class Part:
    """A line of a claim: what it takes from a cell of the budget, in fen, or what was paid abroad for it."""

    cell: Cell
    amount: int
    description: str
    abroad: Abroad | None = None


@dataclass(frozen=True)
class Said:
    """A comment: who says what, and when."""

    who: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Claim:
    """A claim.

    Attributes:
        kind, title, purpose: As entered; no two have the same title.
        owner: The login name of who enters it.
        at: When it is entered.
        parts: Its lines; one invoice covers them all.
        turns: The steps that are taken with it.
        vendor: Who is paid, or whose the invoice is.
        request: The title of the request that a payment names.
        paper: The kind of its invoice.
        due: By when the invoice of a prepayment is to come.
        invoiced: When it comes; never, where there is none.
        reissued: Its first invoice is taken back by a red-letter one and written anew when the claim is corrected.
        said: What is said about it.
    """

    kind: str
    title: str
    purpose: str
    owner: str
    at: datetime
    parts: tuple[Part, ...]
    turns: tuple[Turn, ...]
    vendor: str
    request: str = ""
    paper: str = "digital"
    due: date | None = None
    invoiced: datetime | None = None
    reissued: bool = False
    said: tuple[Said, ...] = ()

    @property
    def amount(self) -> int:
        """What it is about, in fen."""
        return sum(part.amount for part in self.parts)


@dataclass(frozen=True)
class Move:
    """A budget transfer; where its taker is not in the plan, the line is opened first."""

    title: str
    purpose: str
    owner: str
    at: datetime
    amount: int
    giver: Cell | None
    taker: Cell | None
    turns: tuple[Turn, ...]


def start(rng: Generator, day: date) -> datetime:
    """Return a moment on a day on which something is entered; there is time left to hand it in."""
    return days.moment(day, int(rng.integers(0, 420)))


def route(rng: Generator, begun: datetime, steps: Sequence[str], reasons: Sequence[str] = ()) -> tuple[Turn, ...]:
    """Draw when the steps after a beginning are taken; the reasons are those of what is sent back or rejected."""
    made: list[Turn] = []
    day, minute, given = begun.date(), begun.hour * 60 + begun.minute - 540, list(reasons)
    for to in steps:
        least, most = LAGS[to]
        lag = int(rng.integers(least, most + 1))
        later = days.working(day, lag) if lag else day
        minute = minute + int(rng.integers(8, 30)) if later == day else int(rng.integers(0, 480))
        day = later
        made.append(Turn(to, days.moment(day, minute), given.pop(0) if to in SENT_BACK else ""))
    return tuple(made)
