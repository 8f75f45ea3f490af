"""What customers say, passed on: within how many working days the department it concerns heard of it, and answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from marketbook.customer.complaint.causes import ComplaintCauses
from marketbook.customer.complaint.tables import DEPARTMENTS
from marketbook.kit.facts import Rows
from marketbook.kit.language import format_integer, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Behind, Chart, Result
from marketbook.kit.report.format import by_name
from marketbook.kit.report.intervals import wilson

KINDS = ("product_change", "issue", "corrective_action")
"""The activities by which a department is told."""

TOTAL = mark("All together")


@dataclass(frozen=True)
class FeedbackPassed(Result):
    """Feedback of customers that was passed on to the departments it concerns.

    Attributes:
        causes: The complaints and what was done.
        level: How often an interval should hold the truth.
        rows: One row per department and one for all, the last: `count_passed`, `count_in_time` of them,
            `passed_share` with its interval, `count_answered` of them and `answered_share`.
    """

    causes: ComplaintCauses = field(repr=False)
    level: float
    rows: pd.DataFrame = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = {
        "department": mark("Department"),
        "count_passed": mark("Passed on"),
        "count_in_time": mark("Of them in time"),
        "passed_share": mark("In time"),
        "passed_share_low": mark("In time, low"),
        "passed_share_high": mark("In time, high"),
        "count_answered": mark("Answered"),
        "answered_share": mark("Answered, of those passed on"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Feedback that was passed on")

    @property
    def text(self) -> str:
        """How much was passed on in time, and how much was answered."""
        all_ = self.rows.iloc[-1]
        if not all_["count_passed"]:
            return _("Nothing that customers said was passed on in {month}.").format(month=self.causes.name)
        return _(
            "In {month}, {passed} things that customers said were passed on, {share} of them within {days} working "
            "days; {answered} are answered by what was done."
        ).format(
            month=self.causes.name, passed=format_integer(all_["count_passed"]), days=self.causes.feedback_days,
            share=by_name("share", all_["passed_share"]), answered=format_integer(all_["count_answered"]),
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """One row per department, and all together."""
        named = [_(DEPARTMENTS[one]) for one in self.rows["department"].iloc[:-1]]
        return self.rows.assign(department=[*named, _(TOTAL)])

    @property
    def caveats(self) -> Sequence[str]:
        """What counts."""
        return [_("Requests for product changes, issues and corrective actions about complaints count, by the day the "
                  "complaint came; what was passed on by word of mouth is not seen.")]  # fmt: skip

    def chart(self) -> Chart | None:
        """How much each department heard in time."""
        shown = self.table.iloc[:-1]
        if shown.empty:
            return None
        names = ["department", "passed_share", "passed_share_low", "passed_share_high"]
        return Chart(
            kind="point", data=shown[names], x="passed_share", y="department", low="passed_share_low",
            high="passed_share_high", titles={name: _(self.titles[name]) for name in names},
            title=_("Passed on within {days} working days").format(days=self.causes.feedback_days),
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """The share in time, and the share that was answered."""
        all_ = self.rows.iloc[-1]
        return {
            "passed_share": all_["passed_share"],
            "passed_share_ci": (all_["passed_share_low"], all_["passed_share_high"]),
            "answered_share": all_["answered_share"], "count_passed": int(all_["count_passed"]),
        }  # fmt: skip

    def behind(self) -> Behind:
        """What was passed on to each department."""
        first, last = self.causes.first.date(), self.causes.as_of
        whole = Rows("complaint_actions").among("kind", KINDS).between("entered_at", first, last)
        each = [whole.being(department=one) for one in self.rows["department"].iloc[:-1]]
        return Behind(whole=whole, table=[*each, whole])


def feedback(causes: ComplaintCauses, *, level: float = 0.95) -> FeedbackPassed:
    """Count what was passed on in a month, in time and answered.

    References:
        Intervals: Wilson (1927), see `kit.report.intervals`.
    """
    found = causes.actions[causes.actions["kind"].isin(KINDS) & (causes.actions["entered"] >= causes.first)]
    departments = [one for one in DEPARTMENTS if one in set(found["department"])]
    rows = [_row(one, found[found["department"] == one], level) for one in departments]
    return FeedbackPassed(causes, level, pd.DataFrame([*rows, _row("", found, level)]))


def _row(department: str, found: pd.DataFrame, level: float) -> dict[str, Any]:
    n, in_time = len(found), int((found["entered"] <= found["passed"]).sum())
    answered = int(found["done_on"].notna().sum())
    low, high = wilson(np.array([float(in_time)]), np.array([float(n)]), level=level)
    return {
        "department": department, "count_passed": n, "count_in_time": in_time,
        "passed_share": in_time / n if n else np.nan, "passed_share_low": float(low[0]),
        "passed_share_high": float(high[0]),
        "count_answered": answered, "answered_share": answered / n if n else np.nan,
    }  # fmt: skip
