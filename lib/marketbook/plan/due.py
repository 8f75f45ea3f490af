"""What is late, by whom and by how many days; and what comes due."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pandas as pd

from marketbook.kit.facts import Rows
from marketbook.kit.language import format_date, format_integer, label, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Behind, Chart, Result
from marketbook.office.activity import ACTIVITY
from marketbook.plan.week import PlanWeek

TITLES = {
    "owner": mark("Owner"),
    "title": mark("Task"),
    "plan": mark("Plan"),
    "status": mark("Status"),
    "due_on": mark("Due on"),
    "count_days_late": mark("Days late"),
    "count_late": mark("Late tasks"),
    "count_blocked": mark("Of them blocked"),
    "count_most_days": mark("Most days late"),
    "count_coming": mark("Tasks that come due"),
    "count_not_begun": mark("Of them not begun"),
}


@dataclass(frozen=True)
class LateTasks(Result):
    """Tasks that were due and are not done.

    Attributes:
        week: Plans and tasks on a day.
        rows: One row per task, by owner, the latest first: as the tasks, with `count_days_late`, in calendar days.
    """

    week: PlanWeek = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = TITLES

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Late tasks by owner")

    @property
    def text(self) -> str:
        """How many, whose most, and the latest."""
        if self.rows.empty:
            return _("No task is late on {day}.").format(day=format_date(self.week.as_of))
        by = self.rows["owner"].value_counts()
        worst = self.rows.nlargest(1, "count_days_late").iloc[0]
        return _(
            "Late tasks on {day}: {count}; most of them, {most}, are {owner}'s. The latest is {title}, {days} days."
        ).format(
            day=format_date(self.week.as_of), count=len(self.rows), most=int(by.iloc[0]), owner=label(str(by.index[0])),
            title=label(worst["title"]), days=format_integer(worst["count_days_late"]),
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """One row per task, by owner."""
        return _shown(self.week, self.rows)[["owner", "title", "plan", "status", "due_on", "count_days_late"]]

    def chart(self) -> Chart | None:
        """How many days each task is late."""
        if self.rows.empty:
            return None
        shown = self.table.assign(title=self.table["title"].map(label)).head(20)
        return Chart(
            kind="bar", data=shown[["title", "count_days_late"]], x="count_days_late", y="title",
            title=_("Days late on {day}").format(day=format_date(self.week.as_of)),
            titles={name: _(TITLES[name]) for name in ("title", "count_days_late")},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """How many, and the latest."""
        days = self.rows["count_days_late"]
        return {
            "count_late": len(self.rows), "count_blocked": int((self.rows["status"] == "blocked").sum()),
            "count_most_days": int(days.max()) if len(days) else 0,
        }  # fmt: skip

    def behind(self) -> Behind:
        """The tasks themselves."""
        blocked = self.rows[self.rows["status"] == "blocked"]
        latest = self.rows.nlargest(1, "count_days_late")
        return _of_tasks(
            self.week,
            self.rows,
            count_late=self.rows,
            count_blocked=blocked,
            count_most_days=latest,
        )


@dataclass(frozen=True)
class ComingTasks(Result):
    """Tasks that come due.

    Attributes:
        week: Plans and tasks on a day.
        rows: One row per task that is not done and comes due after the day, until `week.ahead`; the next one first.
    """

    week: PlanWeek = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = TITLES

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("What comes due")

    @property
    def text(self) -> str:
        """How many, and the next one."""
        last = format_date(self.week.ahead)
        if self.rows.empty:
            return _("No task comes due until {last}.").format(last=last)
        first = self.rows.iloc[0]
        return _(
            "Tasks that come due until {last}: {count}, of which {planned} are not begun. The next is {title}, "
            "{owner}'s, on {day}."
        ).format(
            last=last, count=len(self.rows), planned=self.numbers()["count_not_begun"], title=label(first["title"]),
            owner=label(first["owner"]), day=format_date(first["due_on"]),
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """One row per task, the next one first."""
        return _shown(self.week, self.rows)[["due_on", "title", "owner", "plan", "status"]]

    def chart(self) -> None:
        """Nothing: the table says it."""

    def numbers(self) -> Mapping[str, Any]:
        """How many."""
        planned = self.rows["status"] == "planned"
        return {"count_coming": len(self.rows), "count_not_begun": int(planned.sum())}

    def behind(self) -> Behind:
        """The tasks themselves."""
        planned = self.rows[self.rows["status"] == "planned"]
        return _of_tasks(self.week, self.rows, count_coming=self.rows, count_not_begun=planned)


def late(week: PlanWeek) -> LateTasks:
    """Find the tasks that were due before a day and were not done by then; by owner, the latest first."""
    found = week.tasks[~week.tasks["done"] & (week.tasks["due_on"] < week.day)]
    days = (week.day - found["due_on"]).dt.days.astype(int)
    rows = found.assign(count_days_late=days).sort_values(
        ["owner", "count_days_late", "activity"], ascending=[True, False, True]
    )
    return LateTasks(week, rows.reset_index(drop=True))


def coming(week: PlanWeek) -> ComingTasks:
    """Find the tasks that are not done and come due on a day or in the days after it, the next one first."""
    open_ = ~week.tasks["done"] & (week.tasks["due_on"] >= week.day)
    found = week.tasks[open_ & (week.tasks["due_on"] <= pd.Timestamp(week.ahead))]
    return ComingTasks(week, found.sort_values(["due_on", "activity"]).reset_index(drop=True))


def _shown(week: PlanWeek, rows: pd.DataFrame) -> pd.DataFrame:
    status = [_("done since") if one == "done" else _(ACTIVITY.statuses[one]) for one in rows["status"]]
    return rows.assign(plan=rows["plan"].map(week.title_of).astype(object), status=status)


def _of_tasks(week: PlanWeek, rows: pd.DataFrame, **numbers: pd.DataFrame) -> Behind:
    def of(frame: pd.DataFrame) -> Rows:
        found = list(frame["activity"])
        return Rows("activities").among("activity", found) if found else week.rows

    table = [Rows("activities").being(activity=number) for number in rows["activity"]]
    return Behind(whole=of(rows), numbers={name: of(frame) for name, frame in numbers.items()}, table=table)
