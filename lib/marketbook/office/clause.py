"""A clause of the policy, and the words in which its evidence is looked for."""

from dataclasses import dataclass

from marketbook.kit.facts import Rows
from marketbook.office.evidence import Evidence, Kept

WEEK, MONTH, QUARTER, YEAR = 14, 35, 100, 400
"""Days within which something that is done every week, month, quarter or year must have been done once."""


@dataclass(frozen=True)
class Clause:
    """A clause.

    Attributes:
        number: As in the policy: chapter, section, paragraph; a letter for each duty of a post.
        title: In short (a message id).
        evidence: What shows that it is kept.
        role: Whose duty it is, where it is a post's.
    """

    number: str
    title: str
    evidence: tuple[Evidence, ...]
    role: str = ""

    @property
    def chapter(self) -> str:
        """The number of its chapter."""
        return self.number.partition(".")[0]


def activities(*kinds: str) -> Rows:
    """Return the activities of some kinds."""
    return Rows("activities").among("kind", kinds)


def steps(of: str, *to: str) -> Rows:
    """Return the steps of records of a type to some statuses."""
    return Rows("steps").being(type=of).among("to_status", to)


def records(of: str) -> Rows:
    """Return the records of a type."""
    return Rows("documents").being(type=of)


def due(title: str, days: int, *kinds: str) -> Kept:
    """Look for an activity of some kinds that came due within some days."""
    return Kept(title, activities(*kinds), "due_on", days)


def reported(title: str, days: int, *kinds: str) -> Kept:
    """Look for a report of some kinds that was entered within some days."""
    return Kept(title, Rows("report_records").among("kind", kinds), "entered_at", days)


def ran(title: str, notebook: str, days: int) -> Kept:
    """Look for a run of a report within some days."""
    return Kept(title, Rows("runs").being(notebook=notebook, status="succeeded"), "ended_at", days)
