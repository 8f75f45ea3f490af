"""The blocks of the home page: each is built from what is known of the reader, and has its place for each role.

A new block is a function from a `Reading` to what its template shows (nothing where it would be empty), an entry in
`BLOCKS`, a name in `ORDER` and a template in `pages/`. A block that a role's order does not name is not shown to it.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from marketbook.app.catalogue import Report
from marketbook.app.schedule import Due
from marketbook.app.server import access
from marketbook.app.server.data.imported import Refused
from marketbook.app.server.home import chapters
from marketbook.app.server.home.figures import Card, Failure
from marketbook.kit.facts import Dataset
from marketbook.kit.records.person import ROLES
from marketbook.kit.records.sessions import SignedIn
from marketbook.kit.records.waiting import Inbox
from marketbook.office.agenda import Piece
from marketbook.office.decision_score import Score

DUE_SHOWN = 6


@dataclass(frozen=True)
class Reading:
    """What is known when a reader opens the home page.

    Attributes:
        who: The reader.
        reports, screens: What the reader may open.
        datasets: What the reader may bring in.
        cards: The newest figures of those reports.
        failures: Reports whose last run failed.
        refused: Datasets into which the reader's last file did not go whole.
        due: The next time of each scheduled report, the soonest first.
        waiting: What waits for the reader's decision.
        today: What the reader has to do, as the chapters say it.
        decisions: How the recommendations did that were decided in the last twelve months.
    """

    who: SignedIn
    reports: Sequence[Report]
    screens: Sequence[Report]
    datasets: Sequence[Dataset]
    cards: Sequence[Card]
    failures: Sequence[Failure]
    refused: Sequence[Refused]
    due: Sequence[Due]
    waiting: Inbox = field(default_factory=lambda: Inbox([], None))
    today: Sequence[Piece] = ()
    decisions: Score | None = None


@dataclass(frozen=True)
class Block:
    """A part of the home page.

    Attributes:
        name: As in `ORDER`.
        template: The file in `pages/` that shows it.
        build: Makes what the template shows as `content`; None or empty leaves the block out.
    """

    name: str
    template: str
    build: Callable[[Reading], Any]


@dataclass(frozen=True)
class Placed:
    """A block with its content, ready to be shown."""

    template: str
    content: Any


@dataclass(frozen=True)
class Needed:
    """A failure, and whether the reader may open the report and run it again."""

    failure: Failure
    may_open: bool
    may_run: bool


@dataclass(frozen=True)
class Needs:
    """What waits for the reader."""

    failures: Sequence[Needed]
    refused: Sequence[Refused]


def built(reading: Reading) -> list[Placed]:
    """Build a reader's blocks in the order of the first of the reader's roles."""
    known = {block.name: block for block in BLOCKS}
    made = ((known[name], known[name].build(reading)) for name in order(reading.who.roles))
    return [Placed(block.template, content) for block, content in made if content]


def order(roles: frozenset[str]) -> tuple[str, ...]:
    """Return the names of the blocks that somebody sees, those of the first role first."""
    own = [ORDER.get(role, USUAL) for role in ROLES if role in roles]
    return tuple(dict.fromkeys(name for names in own for name in names)) or USUAL


def _figures(reading: Reading) -> list[Card]:
    names = chapters.in_order((card.report.chapter for card in reading.cards), reading.who.roles)
    return sorted(reading.cards, key=lambda card: names.index(card.report.chapter))


def _needs(reading: Reading) -> Needs | None:
    failures = [
        Needed(
            failure=failure,
            may_open=access.may_open(reading.who, failure.report),
            may_run=access.may_publish(reading.who, failure.report),
        )
        for failure in reading.failures
    ]
    return Needs(failures, reading.refused) if failures or reading.refused else None


def _waiting(reading: Reading) -> Inbox | None:
    return reading.waiting if reading.waiting.rows else None


def _today(reading: Reading) -> Sequence[Piece]:
    return reading.today


def _due(reading: Reading) -> list[tuple[datetime, list[Report]]]:
    """Gather by their time the reports that are due next."""
    times = itertools.groupby(reading.due, key=lambda due: due.scheduled_for)
    return [(moment, [due.report for due in together]) for moment, together in times][:DUE_SHOWN]


def _welcome(reading: Reading) -> Reading | None:
    """Say something to those for whom there is nothing yet to open."""
    return reading if not reading.reports and not reading.screens else None


def _decisions(reading: Reading) -> Score | None:
    return reading.decisions if reading.decisions and reading.decisions.decided else None


def _chapters(reading: Reading) -> list[chapters.Chapter]:
    return chapters.chapters(reading.reports, reading.screens, reading.datasets, roles=reading.who.roles)


BLOCKS = (
    Block("waiting", "home_waiting.html.j2", _waiting),
    Block("today", "home_today.html.j2", _today),
    Block("figures", "home_figures.html.j2", _figures),
    Block("needs", "home_needs.html.j2", _needs),
    Block("decisions", "home_decisions.html.j2", _decisions),
    Block("due", "home_due.html.j2", _due),
    Block("welcome", "home_welcome.html.j2", _welcome),
    Block("chapters", "home_chapters.html.j2", _chapters),
)

USUAL = ("waiting", "welcome", "figures", "today", "decisions", "needs", "due", "chapters")

ORDER: Mapping[str, tuple[str, ...]] = {
    "manager": ("waiting", "needs", "today", "figures", "decisions", "due", "chapters"),
    "specialist": ("waiting", "needs", "today", "figures", "decisions", "due", "chapters"),
    "sales": ("waiting", "today", "needs", "welcome", "figures", "chapters"),
    "service": ("waiting", "today", "needs", "welcome", "figures", "chapters"),
    "finance": ("waiting", "needs", "welcome", "today", "figures", "due", "chapters"),
    "admin": ("waiting", "needs", "welcome", "today", "due", "figures", "chapters"),
}
"""Which blocks a role sees, in which order; roles that it does not name have the usual one."""
