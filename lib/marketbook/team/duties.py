"""Duties: what the records show that each holder of a post did in a quarter, and which duties nothing shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import pandas as pd
from sqlalchemy.orm import Session

from marketbook.kit.facts import Rows, view
from marketbook.kit.language import gettext as _
from marketbook.kit.language import label, mark
from marketbook.kit.records import roles
from marketbook.kit.records.person import ROLES
from marketbook.kit.report import Behind, Chart, Result
from marketbook.kit.store import Store
from marketbook.office import period
from marketbook.office.clause import YEAR, Clause
from marketbook.office.clauses_of_posts import DUTIES
from marketbook.office.data import POSTS
from marketbook.office.evidence import Kept

DONE_BY = {
    "activities": "owner_id", "documents": "entered_by_id", "figures": "recorded_by_id", "files": "attached_by_id",
    "report_records": "owner_id", "steps": "actor_id", "opportunities": "owner_id",
    "care_occasions": "sent_by_id",
}  # fmt: skip
"""The column of each view that says who did it."""

A_YEAR = timedelta(days=365)
NAMES = {
    "role": mark("Post"),
    "person": mark("Person"),
    "clause": mark("Clause"),
    "duty": mark("Duty"),
    "evidence": mark("Evidence"),
    "count_rows": mark("Records found"),
    "last_on": mark("Last one on"),
    "shown": mark("Shown?"),
    "count_duties": mark("Duties"),
    "count_shown": mark("Duties shown"),
    "count_gaps": mark("Duties that nothing shows"),
    "share_shown": mark("Duties shown, of all"),
}


@dataclass(frozen=True)
class Shown:
    """A piece of evidence of a person's duty.

    Attributes:
        role: The post.
        party_id, person: Who holds it.
        clause: The duty.
        evidence: What was looked for.
        rows: The person's rows of the time in which it is owed: the quarter, or the year up to its end.
        count: How many there are.
        last: The last one's day.
    """

    role: str
    party_id: int
    person: str
    clause: Clause
    evidence: Kept
    rows: Rows
    count: int
    last: date | None

    @property
    def duty(self) -> tuple[str, int]:
        """The duty and whose."""
        return self.clause.number, self.party_id


@dataclass(frozen=True)
class Duties:
    """The duties of a quarter.

    Attributes:
        quarter: Such as `2026-Q2`.
        pieces: By post, person, duty and evidence.
    """

    quarter: str
    pieces: tuple[Shown, ...] = field(repr=False)

    def held(self, role: str = "") -> dict[tuple[str, int], int]:
        """Return how many records show each duty of each person, of one post where it is named."""
        found: dict[tuple[str, int], int] = {}
        for one in self.pieces:
            if role in ("", one.role):
                found[one.duty] = found.get(one.duty, 0) + one.count
        return found


@dataclass(frozen=True)
class DutySummary(Result):
    """How many duties of each person the records show.

    Attributes:
        duties: The duties of a quarter.
        rows: One row per person and post: `role`, `party_id`, `person`, `count_duties`, `count_shown`, `count_gaps`.
    """

    duties: Duties = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = NAMES

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Duties in {quarter}").format(quarter=self.duties.quarter)

    @property
    def text(self) -> str:
        """How many are shown, and how many not."""
        found = self.numbers()
        if not found["count_duties"]:
            return _("Nobody held a post in {quarter}.").format(quarter=self.duties.quarter)
        return _("In {quarter}, records show {shown} of {all} duties of {people} people; nothing shows {gaps}.").format(
            quarter=self.duties.quarter, shown=found["count_shown"], all=found["count_duties"],
            gaps=found["count_gaps"], people=self.rows["party_id"].nunique(),
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """One row per person and post."""
        named = self.rows.assign(
            role=[_(ROLES[one]) for one in self.rows["role"]], person=[label(one) for one in self.rows["person"]]
        )
        return named.drop(columns="party_id")

    @property
    def caveats(self) -> Sequence[str]:
        """What a gap means."""
        return [
            _("A duty that is owed once a year is looked for in the year up to the quarter's end, the others in the "
              "quarter."),
            _("A gap says that no record names the person for this duty, not that nothing was done: what is done and "
              "not entered leaves one. Numbers of records are no measure of work."),
        ]  # fmt: skip

    def chart(self) -> Chart | None:
        """The share of each person's duties that is shown."""
        if self.rows.empty:
            return None
        names = [_("{person}, {role}").format(person=one.person, role=one.role) for one in self.table.itertuples()]
        shown = pd.DataFrame({"person": names, "share_shown": self.rows["count_shown"] / self.rows["count_duties"]})
        return Chart(
            kind="bar", data=shown, x="share_shown", y="person", title=_("Duties that records show, of all"),
            titles={name: _(NAMES[name]) for name in ("person", "share_shown")},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """The sums."""
        return {name: int(self.rows[name].sum()) for name in ("count_shown", "count_gaps", "count_duties")}

    def behind(self) -> Behind:
        """Who holds which post."""
        posts = Rows("posts").being(deputy=False)
        people = [posts.being(party_id=one.party_id, role=one.role) for one in self.rows.itertuples()]
        return Behind(whole=posts.among("role", list(dict.fromkeys(one.role for one in DUTIES))), table=people)


@dataclass(frozen=True)
class DutyEvidence(Result):
    """The evidence of one post's duties.

    Attributes:
        duties: The duties of a quarter.
        role: The post.
    """

    duties: Duties = field(repr=False)
    role: str
    titles: ClassVar[Mapping[str, str]] = NAMES

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Duties: {post}").format(post=_(ROLES[self.role]))

    @property
    def text(self) -> str:
        """Which duties nothing shows, and whose."""
        held = self.duties.held(self.role)
        if not held:
            return _("Nobody held this post in {quarter}.").format(quarter=self.duties.quarter)
        names: dict[int, str] = {one.party_id: label(one.person) for one in self._pieces()}
        gaps = [_("{clause} ({person})").format(clause=clause, person=names[key])
                for (clause, key), count in held.items() if not count]  # fmt: skip
        if not gaps:
            return _("Records show every duty of this post.")
        return _("Nothing shows: {gaps}.").format(gaps=_(", ").join(gaps))

    @property
    def table(self) -> pd.DataFrame:
        """One row per person, duty and evidence."""
        held = self.duties.held(self.role)
        rows = [
            (label(one.person), one.clause.number, _(one.clause.title), _(one.evidence.title), one.count,
             pd.Timestamp(one.last) if one.last else pd.NaT, _("yes") if held[one.duty] else _("no"))
            for one in self._pieces()
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=["person", "clause", "duty", "evidence", "count_rows", "last_on", "shown"])

    def chart(self) -> None:
        """Nothing: the table says it."""

    def numbers(self) -> Mapping[str, Any]:
        """How many duties are shown, and how many not."""
        counts = list(self.duties.held(self.role).values())
        return {"count_shown": sum(map(bool, counts)), "count_gaps": counts.count(0)}

    def behind(self) -> Behind:
        """The records of each piece of evidence."""
        posts = Rows("posts").being(deputy=False, role=self.role)
        return Behind(whole=posts, table=[one.rows for one in self._pieces()])

    def _pieces(self) -> list[Shown]:
        return [one for one in self.duties.pieces if one.role == self.role]


def read_duties(store: Store, *, quarter: str | None = None) -> Duties:
    """Look for what shows the duties of everybody who holds a post in a quarter.

    Args:
        store: The records.
        quarter: Which quarter: `2026-Q2`; None: the last one that is over.
    """
    chosen = quarter or last_over(roles.today())
    first, last = period.days(chosen)
    with store.reading() as session:
        posts = _holders(session, first, last)
        pieces = [
            _piece(session, duty, piece, post, (first, last))
            for post in posts.itertuples() for duty in DUTIES if duty.role == post.role
            for piece in duty.evidence if isinstance(piece, Kept)
        ]  # fmt: skip
    return Duties(chosen, tuple(pieces))


def last_over(today: date) -> str:
    """Return the last quarter that is over.

    Example:
        >>> last_over(date(2026, 1, 5)), last_over(date(2026, 11, 25))
        ('2025-Q4', '2026-Q3')
    """
    before = date(today.year, (today.month - 1) // 3 * 3 + 1, 1) - timedelta(days=1)
    return f"{before.year}-Q{(before.month + 2) // 3}"


def summary(duties: Duties) -> DutySummary:
    """Count the duties of each person that records show."""
    people = dict.fromkeys((one.role, one.party_id, one.person) for one in duties.pieces)
    rows = []
    for role, party_id, person in people:
        counts = [count for (_clause, of), count in duties.held(role).items() if of == party_id]
        rows.append((role, party_id, person, len(counts), sum(map(bool, counts)), counts.count(0)))
    names = ["role", "party_id", "person", "count_duties", "count_shown", "count_gaps"]
    return DutySummary(duties, pd.DataFrame(rows, columns=names))


def of_post(duties: Duties, role: str) -> DutyEvidence:
    """Show the evidence of one post's duties."""
    return DutyEvidence(duties, role)


def _holders(session: Session, first: date, last: date) -> pd.DataFrame:
    """Return who holds a post for himself on any day of the quarter, by post and name."""
    posts = view.read(session, POSTS, Rows("posts").being(deputy=False).between("valid_from", None, last))
    ends = pd.to_datetime(posts["valid_to"])
    held = posts[ends.isna() | (ends > pd.Timestamp(first))].drop_duplicates(["role", "party_id"])
    order = {role: place for place, role in enumerate(ROLES)}
    return held.sort_values(["role", "person", "party_id"], key=lambda by: by.map(order) if by.name == "role" else by)


def _piece(session: Session, duty: Clause, piece: Kept, post: Any, days: tuple[date, date]) -> Shown:  # noqa: ANN401  # a row of the frame
    shown = view.everything()[piece.rows.dataset]
    view.note(session, shown)
    since = days[1] - A_YEAR if piece.days >= YEAR else days[0]
    rows = piece.rows.being(**{DONE_BY[shown.name]: int(post.party_id)}).between(piece.on, since, days[1])
    count, _sums = view.totals(session, shown, rows)
    found = view.latest(session, shown, rows, piece.on) if count else None
    last = found.date() if isinstance(found, datetime) else found
    return Shown(post.role, int(post.party_id), post.person, duty, piece, rows, count, last)
