"""What is open: complaints by the working time that is left, and the warnings that were given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from marketbook.customer.complaint.brief import remaining
from marketbook.customer.complaint.cases import ComplaintCases
from marketbook.customer.complaint.data import GOALS, LEVELS
from marketbook.customer.complaint.rules import COMPLAINT
from marketbook.customer.complaint.tables import DEPARTMENTS, SEVERITIES
from marketbook.kit.facts import Rows
from marketbook.kit.language import format_date, format_integer, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Behind, Chart, Result

SHOWN = 50
"""How many open complaints are listed."""

BANDS = (
    (mark("late"), -np.inf, 0.0),
    (mark("less than an hour"), 0.0, 60.0),
    (mark("one to four hours"), 60.0, 240.0),
    (mark("four to eight hours"), 240.0, 480.0),
    (mark("more than eight hours"), 480.0, np.inf),
)
"""How much working time is left, in minutes."""

STANDS = mark("waiting for the customer")


@dataclass(frozen=True)
class OpenComplaints(Result):
    """Complaints that are not solved, by the working time that is left.

    Attributes:
        cases: The complaints; `open` are the rows.
    """

    cases: ComplaintCases = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = {
        "complaint": mark("Complaint"),
        "severity": mark("Severity"),
        "department": mark("Department"),
        "owner": mark("Owner"),
        "status": mark("Status"),
        "time_left": mark("Working time left"),
        "band": mark("Working time left"),
        "count_complaints": mark("Complaints"),
        "count_open": mark("Open complaints"),
        "count_late": mark("Of them late"),
        "count_waiting": mark("Waiting for the customer"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Open complaints by the time that is left")

    @property
    def text(self) -> str:
        """How many, and how many are late."""
        found, day = self.numbers(), format_date(self.cases.as_of)
        if not found["count_open"]:
            return _("No complaint is open on {day}.").format(day=day)
        return _("On {day}, {open} complaints are open: {late} are late and {waiting} wait for the customer.").format(
            day=day, open=format_integer(found["count_open"]), late=format_integer(found["count_late"]),
            waiting=format_integer(found["count_waiting"]),
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """One row per complaint, what is due first in front; the first ones, where there are many."""
        rows = self.cases.open.head(SHOWN)
        return pd.DataFrame(
            {
                "complaint": rows["complaint"].astype(object),
                "severity": [_(SEVERITIES[one]) for one in rows["severity"]],
                "department": [_(DEPARTMENTS[one]) for one in rows["department"]],
                "owner": rows["owner"].astype(object),
                "status": [COMPLAINT.called(one) for one in rows["status"]],
                "time_left": [_(STANDS) if np.isnan(one) else _written(one) for one in rows["left"].astype(float)],
            }
        )

    @property
    def caveats(self) -> Sequence[str]:
        """What is left out."""
        if len(self.cases.open) <= SHOWN:
            return ()
        return [_("Only the {shown} that are due first are listed.").format(shown=SHOWN)]

    def chart(self) -> Chart | None:
        """How many have how much time left."""
        if self.cases.open.empty:
            return None
        left = self.cases.open["left"].astype(float)
        counts = [int(((left >= low) & (left < high)).sum()) for _title, low, high in BANDS]
        data = pd.DataFrame(
            {"band": [*(_(title) for title, _low, _high in BANDS), _(STANDS)],
             "count_complaints": [*counts, int(left.isna().sum())]}
        )  # fmt: skip
        return Chart(
            kind="bar", data=data, x="count_complaints", y="band", title=_("Open complaints by the working time left"),
            titles={name: _(self.titles[name]) for name in ("band", "count_complaints")},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """How many."""
        left = self.cases.open["left"].astype(float)
        return {"count_open": len(left), "count_late": int((left < 0).sum()), "count_waiting": int(left.isna().sum())}

    def behind(self) -> Behind:
        """The complaints themselves."""
        each = [Rows("complaints").being(complaint=number) for number in self.cases.open["complaint"].head(SHOWN)]
        return Behind(whole=Rows("complaints").but("status", ["resolved", "closed"]), table=each)


@dataclass(frozen=True)
class WarningsGiven(Result):
    """Warnings that were given, by what was owed and how late it was.

    Attributes:
        cases: The complaints.
        rows: One row for each goal and level, in their order: `goal`, `level`, `count_warnings`, `count_severe`.
    """

    cases: ComplaintCases = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = {
        "goal": mark("What is owed"),
        "level": mark("Warning"),
        "count_warnings": mark("Warnings given"),
        "count_severe": mark("Of critical or high complaints"),
        "count_over": mark("Complaints over their time"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Warnings that were given")

    @property
    def text(self) -> str:
        """How many, and about how many complaints the manager was told."""
        found = self.numbers()
        return _("Since {day}, {count} warnings were given; {over} complaints went over their time.").format(
            day=format_date(self.cases.since), count=format_integer(found["count_warnings"]),
            over=format_integer(found["count_over"]),
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """One row for each goal and level."""
        named = {
            "goal": [_(GOALS[one]) for one in self.rows["goal"]],
            "level": [_(LEVELS[x]) for x in self.rows["level"]],
        }
        return self.rows.assign(**named)[["goal", "level", "count_warnings", "count_severe"]]

    @property
    def caveats(self) -> Sequence[str]:
        """Who is told."""
        return [_("Who works on a complaint is told first, its manager when the time is over, the director when it is "
                  "long over; in working time only, and once each.")]  # fmt: skip

    def chart(self) -> Chart | None:
        """How many of each."""
        if not self.rows["count_warnings"].any():
            return None
        shown = self.table[["level", "count_warnings", "goal"]]
        return Chart(
            kind="bar", data=shown, x="level", y="count_warnings", color="goal",
            title=_("Warnings by how late it was"),
            titles={name: _(self.titles[name]) for name in ("level", "count_warnings", "goal")},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """How many warnings, and how many complaints went over their time."""
        given = self.cases.warnings
        over = given[given["level"] == "late"]["complaint"].nunique()
        return {"count_over": int(over), "count_warnings": len(given)}

    def behind(self) -> Behind:
        """The warnings themselves."""
        given = Rows("complaint_warnings").between("given_at", self.cases.since, self.cases.as_of)
        each = [given.being(goal=row.goal, level=row.level) for row in self.rows.itertuples()]
        return Behind(whole=given, numbers={"count_over": given.being(level="late")}, table=each)


def standing(cases: ComplaintCases) -> OpenComplaints:
    """Tell what is open, by the working time that is left."""
    return OpenComplaints(cases)


def warnings(cases: ComplaintCases) -> WarningsGiven:
    """Count the warnings that were given."""
    given = cases.warnings
    rows = [
        (goal, level, given[(given["goal"] == goal) & (given["level"] == level)]) for goal in GOALS for level in LEVELS
    ]
    return WarningsGiven(
        cases,
        pd.DataFrame(
            [
                {"goal": goal, "level": level, "count_warnings": len(found),
                 "count_severe": int(found["severity"].isin(("critical", "high")).sum())}
                for goal, level, found in rows
            ]
        ),
    )  # fmt: skip


def _written(minutes: float) -> str:
    return remaining(timedelta(minutes=int(minutes)))
