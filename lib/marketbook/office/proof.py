"""Proof: for each clause of the policy, whether the records show that it is kept; green, amber or red."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

import pandas as pd
from sqlalchemy.orm import Session

from marketbook.kit.facts import Rows, view
from marketbook.kit.language import format_date, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.records import roles
from marketbook.kit.report import Behind, Chart, Result
from marketbook.kit.store import Store
from marketbook.office import evidence
from marketbook.office.clause import Clause
from marketbook.office.clauses import CHAPTERS, CLAUSES
from marketbook.office.evidence import Evidence, Found, State, worst

STATES = {"green": mark("green: proven"), "amber": mark("amber: too old"), "red": mark("red: missing or broken")}
NAMES = {
    "clause": mark("Clause"),
    "title": mark("What it asks"),
    "state": mark("State"),
    "evidence": mark("Evidence"),
    "count_rows": mark("Records found"),
    "count_recent": mark("Recent ones"),
    "count_breaches": mark("Breaches"),
    "last_on": mark("Last one on"),
    "chapter": mark("Chapter"),
    "count_green": mark("Green"),
    "count_amber": mark("Amber"),
    "count_red": mark("Red"),
    "count_clauses": mark("Clauses"),
    "share_green": mark("Proven"),
}
EVERYTHING = Rows("documents")


@dataclass(frozen=True)
class Proven:
    """A clause with what was found of each piece of its evidence."""

    clause: Clause
    found: tuple[tuple[Evidence, Found], ...]

    @property
    def state(self) -> State:
        """That of the worst piece."""
        return worst([one.state for _evidence, one in self.found])


@dataclass(frozen=True)
class Proofs:
    """The clauses on a day.

    Attributes:
        as_of: The day.
        clauses: In the policy's order.
    """

    as_of: date
    clauses: tuple[Proven, ...] = field(repr=False)

    def counts(self, chapter: str = "") -> dict[str, int]:
        """Return how many clauses are in each state, of a chapter where one is named."""
        states = [one.state for one in self.clauses if chapter in ("", one.clause.chapter)]
        return {state: states.count(state) for state in STATES}  # type: ignore[arg-type]  # the same three names


@dataclass(frozen=True)
class ProofSummary(Result):
    """How many clauses are proven, by chapter.

    Attributes:
        proofs: The clauses on a day.
        rows: One row per chapter: `chapter`, `count_green`, `count_amber`, `count_red`, `count_clauses`.
    """

    proofs: Proofs = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = NAMES

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("How many clauses are proven")

    @property
    def text(self) -> str:
        """How many are green, amber and red."""
        counts = self.proofs.counts()
        return _(
            "On {day}, {green} of {all} clauses are proven; of {amber} the evidence is too old, and {red} are red: "
            "their evidence is missing, or shows that they were broken."
        ).format(day=format_date(self.proofs.as_of), all=sum(counts.values()), **counts)

    @property
    def table(self) -> pd.DataFrame:
        """One row per chapter."""
        names = [_("{number} {title}").format(number=one, title=_(CHAPTERS[one])) for one in self.rows["chapter"]]
        return self.rows.assign(chapter=names)

    @property
    def caveats(self) -> Sequence[str]:
        """What green means."""
        return [_("Green says that the records are there and recent, not that the work was good. What is done and not "
                  "entered is red.")]  # fmt: skip

    def chart(self) -> Chart:
        """How much of each chapter is proven."""
        share = self.rows["count_green"] / self.rows["count_clauses"]
        return Chart(
            kind="bar", data=self.table[["chapter"]].assign(share_green=share), x="share_green", y="chapter", rule=1.0,
            title=_("Proven, of the clauses of each chapter; the line is all"),
            titles={name: _(NAMES[name]) for name in ("chapter", "share_green")},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """How many of each."""
        return {f"count_{state}": count for state, count in self.proofs.counts().items()}

    def behind(self) -> Behind:
        """All records: what is missing among them is what makes a clause red."""
        return Behind(whole=EVERYTHING)


@dataclass(frozen=True)
class ClauseProofs(Result):
    """The evidence of a chapter's clauses.

    Attributes:
        proofs: The clauses on a day.
        chapter: Which chapter.
    """

    proofs: Proofs = field(repr=False)
    chapter: str
    titles: ClassVar[Mapping[str, str]] = NAMES

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Chapter {number}: {title}").format(number=self.chapter, title=_(CHAPTERS[self.chapter]))

    @property
    def text(self) -> str:
        """Which clauses are not proven."""
        red, amber = (self._listed(state) for state in ("red", "amber"))
        if not red and not amber:
            return _("Every clause is proven.")
        said = _("Red: {clauses}.").format(clauses=red) if red else _("No clause is red.")
        return said + (_(" Amber: {clauses}.").format(clauses=amber) if amber else "")

    @property
    def table(self) -> pd.DataFrame:
        """One row per piece of evidence."""
        return pd.DataFrame([self._row(*one) for one in self._pieces()])

    def chart(self) -> None:
        """Nothing: the table says it."""

    def numbers(self) -> Mapping[str, Any]:
        """How many of each."""
        return {f"count_{state}": count for state, count in self.proofs.counts(self.chapter).items()}

    def behind(self) -> Behind:
        """The records that were counted."""
        found = [found for _clause, _evidence, found in self._pieces()]
        return Behind(
            whole=EVERYTHING,
            table=[one.rows for one in found],
            cells={
                "count_recent": [one.recent_rows for one in found],
                "count_breaches": [one.breaching for one in found],
            },
        )

    def _listed(self, state: State) -> str:
        return _(", ").join(one.clause.number for one in self._of_chapter() if one.state == state)

    def _of_chapter(self) -> list[Proven]:
        return [one for one in self.proofs.clauses if one.clause.chapter == self.chapter]

    def _pieces(self) -> list[tuple[Clause, Evidence, Found]]:
        return [(one.clause, piece, found) for one in self._of_chapter() for piece, found in one.found]

    @staticmethod
    def _row(clause: Clause, piece: Evidence, found: Found) -> dict[str, Any]:
        return {
            "clause": clause.number, "title": _(clause.title), "state": _(STATES[found.state]),
            "evidence": _(piece.title), "count_rows": found.count, "count_recent": found.recent,
            "count_breaches": found.breaches, "last_on": pd.Timestamp(found.last) if found.last else pd.NaT,
        }  # fmt: skip


def read_proofs(store: Store, *, as_of: date | None = None, clauses: Sequence[Clause] = CLAUSES) -> Proofs:
    """Look for the evidence of clauses in the records.

    Args:
        store: The records.
        as_of: The day; None: today.
        clauses: Which ones.
    """
    with store.reading() as session:
        return prove(session, as_of=as_of or roles.today(), clauses=clauses)


def prove(session: Session, *, as_of: date, clauses: Sequence[Clause] = CLAUSES) -> Proofs:
    """Look for the evidence of clauses in a session of either kind."""
    views = view.everything()
    pieces = dict.fromkeys(piece for clause in clauses for piece in clause.evidence)
    found = {piece: evidence.find(session, piece, views=views, as_of=as_of) for piece in pieces}
    for name in sorted({one.rows.dataset for one in found.values()}):
        view.note(session, views[name])
    proven = (Proven(clause, tuple((piece, found[piece]) for piece in clause.evidence)) for clause in clauses)
    return Proofs(as_of, tuple(proven))


def summary(proofs: Proofs) -> ProofSummary:
    """Count the clauses by chapter and state."""
    rows = []
    for chapter in sorted({one.clause.chapter for one in proofs.clauses}):
        counts = proofs.counts(chapter)
        named = {f"count_{state}": count for state, count in counts.items()}
        rows.append({"chapter": chapter, **named, "count_clauses": sum(counts.values())})
    return ProofSummary(proofs, pd.DataFrame(rows))


def of_chapter(proofs: Proofs, chapter: str) -> ClauseProofs:
    """Show the evidence of a chapter's clauses, each with its state, counts and last day."""
    return ClauseProofs(proofs, chapter)
