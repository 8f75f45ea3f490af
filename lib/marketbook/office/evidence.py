"""Evidence: what in the records shows that something was done, and whether it is there and recent.

What is asked is said as rows of the chapters' views, so that every count opens its rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from marketbook.kit.facts import Rows, view
from marketbook.kit.facts.view import View
from marketbook.kit.store import audit

State = Literal["green", "amber", "red"]
WORST: tuple[State, ...] = ("red", "amber", "green")


@dataclass(frozen=True)
class Kept:
    """Records that must be there: none at all is red, none within the days is amber.

    Attributes:
        title: What they are (a message id).
        rows: Which rows.
        on: The column with their day, moment or month.
        days: How recent one must be.
    """

    title: str
    rows: Rows
    on: str
    days: int = 366


@dataclass(frozen=True)
class Never:
    """A rule that was kept: rows that break it are red, and so is having nothing that it could be seen in.

    Attributes:
        title: The rule (a message id).
        rows: The rows that break it.
        among: The rows in which it can be seen.
        on: The column with the day, moment or month of those.
    """

    title: str
    rows: Rows
    among: Rows
    on: str


@dataclass(frozen=True)
class Whole:
    """The audit log's chain: broken or empty is red."""

    title: str


Evidence = Kept | Never | Whole


@dataclass(frozen=True)
class Found:
    """What was found of a piece of evidence by a day.

    Attributes:
        state: Green, amber or red.
        count: How many records there are by then.
        recent: How many of them are recent enough.
        breaches: How many break the rule; None where there is none.
        last: The last one's day; None where there are none.
        rows, recent_rows, breaching: The rows that were counted.
    """

    state: State
    count: int
    recent: int
    breaches: int | None
    last: date | None
    rows: Rows
    recent_rows: Rows
    breaching: Rows


def find(session: Session, evidence: Evidence, *, views: Mapping[str, View], as_of: date) -> Found:
    """Look for a piece of evidence in the records.

    Args:
        session: A session of either kind.
        evidence: What is looked for.
        views: The chapters' views by name.
        as_of: The day; what came later is not counted.
    """
    if isinstance(evidence, Whole):
        return _chain(session, views["audit_log"])
    shown = views[evidence.rows.dataset]
    if isinstance(evidence, Never):
        return _rule(session, evidence, views, as_of)
    rows = _until(shown, evidence.rows, evidence.on, as_of)
    recent = _since(shown, rows, evidence.on, as_of - timedelta(days=evidence.days))
    count, fresh = (view.totals(session, shown, one)[0] for one in (rows, recent))
    state: State = "green" if fresh else "amber" if count else "red"
    return Found(state, count, fresh, None, _last(session, shown, rows, evidence.on), rows, recent, rows)


def worst(states: list[State]) -> State:
    """Return the worst of some states."""
    return min(states, key=WORST.index)


def _rule(session: Session, evidence: Never, views: Mapping[str, View], as_of: date) -> Found:
    shown = views[evidence.among.dataset]
    among = _until(shown, evidence.among, evidence.on, as_of)
    breaching = _until(shown, evidence.rows, evidence.on, as_of)
    count, breaches = (view.totals(session, shown, one)[0] for one in (among, breaching))
    state: State = "green" if count and not breaches else "red"
    last = _last(session, shown, among, evidence.on)
    return Found(state, count, count, breaches, last, among, among, breaching)


def _chain(session: Session, shown: View) -> Found:
    verified = audit.verify(session, witnesses=audit.noted(session))
    head = audit.head(session)
    rows = Rows(shown.name)
    broken = rows if verified.broken is None else rows.between("seq", verified.broken, None)
    state: State = "green" if verified and head.seq else "red"
    last = view.latest(session, shown, rows, "at")
    day = datetime.fromisoformat(last).date() if last else None
    return Found(state, head.seq, head.seq, int(not verified), day, rows, rows, broken)


def _until(shown: View, rows: Rows, column: str, day: date) -> Rows:
    return rows.between(column, None, _as_kept(shown, column, day))


def _since(shown: View, rows: Rows, column: str, day: date) -> Rows:
    return rows.between(column, _as_kept(shown, column, day), None)


def _as_kept(shown: View, column: str, day: date) -> date | str:
    """Months are kept as texts."""
    return f"{day:%Y-%m}" if shown.kind(column) is str else day


def _last(session: Session, shown: View, rows: Rows, column: str) -> date | None:
    found = view.latest(session, shown, rows, column)
    if isinstance(found, str):
        return date.fromisoformat(f"{found[:7]}-01")
    return found.date() if isinstance(found, datetime) else found
