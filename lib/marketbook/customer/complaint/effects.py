"""What corrective actions did: how often a cause came up before each and after it, and what is overdue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from marketbook.customer.complaint.causes import ComplaintCauses
from marketbook.customer.complaint.tables import CAUSES
from marketbook.kit.facts import Rows
from marketbook.kit.language import format_date, format_integer, format_number, label, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Behind, Chart, Result
from marketbook.kit.report.intervals import rate_ratio

WINDOW = 90
"""How many days up to the day an action was done and after it are looked at, at most."""

LEAST = 14
"""How many days after an action are too few to say anything."""

MONTH = 30.0

VERDICTS = {
    "fewer": mark("comes up less"),
    "more": mark("comes up more"),
    "unclear": mark("no difference shown"),
    "early": mark("too early to tell"),
    "open": mark("not done yet"),
}


@dataclass(frozen=True)
class ActionEffects(Result):
    """How often a cause came up before and after each corrective action against it.

    Attributes:
        causes: The complaints and what was done.
        level: How often an interval should hold the truth.
        rows: One row per action, the newest first: `activity`, `title`, `cause`, `entered`, `done_on`, `count_before`,
            `monthly_before` (in 30 days), `count_after`, `monthly_after`, `ratio` of the two with its interval,
            `verdict` of `VERDICTS`; none of the later ones before it is done.
    """

    causes: ComplaintCauses = field(repr=False)
    level: float
    rows: pd.DataFrame = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = {
        "title": mark("Corrective action"),
        "cause": mark("Cause"),
        "done_on": mark("Done on"),
        "count_before": mark("Complaints before"),
        "monthly_before": mark("Before, in 30 days"),
        "count_after": mark("Complaints after"),
        "monthly_after": mark("After, in 30 days"),
        "ratio": mark("After, of before"),
        "ratio_low": mark("After, of before, low"),
        "ratio_high": mark("After, of before, high"),
        "verdict": mark("What it did"),
        "count_actions": mark("Corrective actions"),
        "count_fewer": mark("After which it comes up less"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("How often causes come up before and after their corrective action")

    @property
    def text(self) -> str:
        """How many helped, and the one that helped most."""
        found, best = self.numbers(), self.rows[self.rows["verdict"] == "fewer"]
        told = _("Of {done} corrective actions that were done, {fewer} were followed by fewer complaints.").format(
            done=format_integer((self.rows["verdict"] != "open").sum()), fewer=format_integer(found["count_fewer"])
        )
        return told if best.empty else _("{told} {example}").format(told=told, example=self._example(best))

    @property
    def table(self) -> pd.DataFrame:
        """One row per action."""
        named = self.rows.assign(
            title=self.rows["title"].map(label).astype(object),
            cause=[_(CAUSES[one]) for one in self.rows["cause"]],
            verdict=[_(VERDICTS[one]) for one in self.rows["verdict"]],
        )
        return named[[name for name in self.titles if name in named]]

    @property
    def caveats(self) -> Sequence[str]:
        """What a comparison of before and after cannot say."""
        return [
            _("Before: the {days} days up to the day the action was done; after: as many from then on, or up to the "
              "end of the month. An action is taken when a cause has come up often, and after a bad month it comes up "
              "less by itself, too: a comparison with before cannot tell the two apart.").format(days=WINDOW)
        ]  # fmt: skip

    def chart(self) -> Chart | None:
        """How often each cause comes up after its action, as a multiple of before."""
        shown = self.table[np.isfinite(self.rows["ratio_high"].astype(float))]
        if shown.empty:
            return None
        names = ["title", "ratio", "ratio_low", "ratio_high"]
        return Chart(
            kind="point", data=shown[names].drop_duplicates("title"), x="ratio", y="title", low="ratio_low",
            high="ratio_high", rule=1.0, titles={name: _(self.titles[name]) for name in names},
            title=_("Complaints after an action as a multiple of before; left of the line are fewer"),
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """How many were done, and after how many the cause comes up less."""
        return {"count_fewer": int((self.rows["verdict"] == "fewer").sum()), "count_actions": len(self.rows)}

    def behind(self) -> Behind:
        """The actions, and the complaints before and after each."""
        whole = Rows("complaint_actions").being(kind="corrective_action")
        rows = self.rows.to_dict("records")
        return Behind(
            whole=whole,
            table=[Rows("complaint_actions").being(activity=row["activity"]) for row in rows],
            cells={f"count_{when}": [_came(row, when) for row in rows] for when in ("before", "after")},
        )

    def _example(self, best: pd.DataFrame) -> str:
        one = best.nsmallest(1, "ratio").iloc[0]
        cause = CAUSES[one["cause"]]
        return _(
            "“{cause}” came up {before} times in 30 days before “{title}” and {after} times after it ({ratio} of "
            "before, interval {low} to {high})."
        ).format(
            cause=_(cause), title=label(one["title"]),
            **{
                name: format_number(float(one[column]), decimals=decimals)
                for name, column, decimals in (
                    ("before", "monthly_before", 1), ("after", "monthly_after", 1), ("ratio", "ratio", 2),
                    ("low", "ratio_low", 2), ("high", "ratio_high", 2),
                )
            },
        )  # fmt: skip


@dataclass(frozen=True)
class OverdueActions(Result):
    """Corrective actions that are due and not done.

    Attributes:
        causes: The complaints and what was done.
        rows: One row per action, the latest first: `activity`, `title`, `cause`, `owner`, `due_on`, `count_days_late`.
    """

    causes: ComplaintCauses = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = {
        "activity": mark("Activity"),
        "title": mark("Corrective action"),
        "cause": mark("Cause"),
        "owner": mark("Owner"),
        "due_on": mark("Due on"),
        "count_days_late": mark("Days late"),
        "count_overdue": mark("Overdue corrective actions"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Overdue corrective actions")

    @property
    def text(self) -> str:
        """How many, and the latest."""
        day = format_date(self.causes.as_of)
        if self.rows.empty:
            return _("No corrective action is overdue on {day}.").format(day=day)
        worst = self.rows.iloc[0]
        text = _("On {day}, {count} corrective actions are overdue; the latest is {owner}'s “{title}”, {days} days.")
        return text.format(
            day=day, count=len(self.rows), owner=label(worst["owner"]), title=label(worst["title"]),
            days=format_integer(worst["count_days_late"]),
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """One row per action."""
        causes = [_(CAUSES[one]) if one else "" for one in self.rows["cause"].fillna("")]
        return self.rows.assign(cause=causes, title=self.rows["title"].map(label).astype(object))[
            ["activity", "title", "cause", "owner", "due_on", "count_days_late"]
        ]

    def chart(self) -> None:
        """Nothing: the table says it."""

    def numbers(self) -> Mapping[str, Any]:
        """How many."""
        return {"count_overdue": len(self.rows)}

    def behind(self) -> Behind:
        """The actions themselves."""
        whole = Rows("complaint_actions").being(kind="corrective_action").between("due_on", None, self.causes.as_of)
        each = [Rows("complaint_actions").being(activity=number) for number in self.rows["activity"]]
        return Behind(whole=whole, table=each)


def effects(causes: ComplaintCauses, *, level: float = 0.95) -> ActionEffects:
    """Compare how often each cause came up before and after its corrective action.

    References:
        Intervals: exact, given the sum of both counts, see `kit.report.intervals.rate_ratio`.
    """
    found = _corrective(causes).dropna(subset=["cause"]).sort_values(["entered", "activity"], ascending=[False, True])
    rows = [_effect(causes, action, level) for action in found.to_dict("records")]
    names = ["activity", "title", "cause", "done_on", *_FIGURES]
    return ActionEffects(causes, level, pd.DataFrame(rows, columns=names).astype({"done_on": "datetime64[ns]"}))


def overdue(causes: ComplaintCauses) -> OverdueActions:
    """Find the corrective actions that are due and not done, the latest first."""
    day, found = pd.Timestamp(causes.as_of), _corrective(causes)
    late = found[found["done_on"].isna() & (found["due_on"] < day)]
    days = (day - late["due_on"]).dt.days.astype(int)
    rows = late.assign(count_days_late=days).sort_values(["count_days_late", "activity"], ascending=[False, True])
    return OverdueActions(causes, rows.reset_index(drop=True))


_FIGURES = (
    "count_before", "monthly_before", "count_after", "monthly_after", "ratio", "ratio_low", "ratio_high", "verdict",
    "before_from", "before_to", "after_from", "after_to",
)  # fmt: skip


def _corrective(causes: ComplaintCauses) -> pd.DataFrame:
    return causes.actions[causes.actions["kind"] == "corrective_action"]


def _effect(causes: ComplaintCauses, action: Mapping[Any, Any], level: float) -> dict[str, Any]:
    days = causes.complaints[causes.complaints["cause"] == action["cause"]]["day"]
    one_day, window = pd.Timedelta(days=1), pd.Timedelta(days=WINDOW)
    before_to = pd.Timestamp(causes.as_of) if pd.isna(action["done_on"]) else action["done_on"]
    before_from = max(before_to - window + one_day, causes.complaints["day"].min())
    row = {name: action[name] for name in ("activity", "title", "cause", "done_on")}
    before, before_time = int(days.between(before_from, before_to).sum()), (before_to - before_from).days + 1
    row |= {"count_before": before, "monthly_before": MONTH * before / before_time, "verdict": "open",
            "before_from": before_from, "before_to": before_to}  # fmt: skip
    if pd.isna(action["done_on"]):
        return {**row, "after_from": pd.Timestamp(causes.as_of) + one_day, "after_to": pd.Timestamp(causes.as_of)}
    after_from = action["done_on"] + one_day
    after_to = min(after_from + window - one_day, pd.Timestamp(causes.as_of))
    after, after_time = int(days.between(after_from, after_to).sum()), (after_to - after_from).days + 1
    row |= {"after_from": after_from, "after_to": after_to}
    if after_time < LEAST:
        return {**row, "verdict": "early"}
    low, high = rate_ratio(before, before_time, after, after_time, level=level)
    ratio = (after / after_time) / (before / before_time) if before else np.nan
    verdict = "fewer" if high < 1 else "more" if low > 1 else "unclear"
    return {
        **row, "count_after": after, "monthly_after": MONTH * after / after_time, "ratio": ratio, "ratio_low": low,
        "ratio_high": high, "verdict": verdict,
    }  # fmt: skip


def _came(row: Mapping[Any, Any], when: str) -> Rows:
    """Return the complaints of an action's cause before or after it."""
    first, last = row[f"{when}_from"].date(), row[f"{when}_to"].date()
    return Rows("complaints").being(cause=row["cause"]).between("received_at", first, last)
