"""Progress: whether tasks were done on time, in full and well: three figures that are never made into one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd

from marketbook.kit.facts import Rows
from marketbook.kit.language import format_date, format_integer, format_number, label, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Behind, Chart, Result
from marketbook.kit.report.format import by_name
from marketbook.plan.week import PlanWeek

By = Literal["plan", "owner"]
TOTAL = mark("All together")
COUNTS = ("count_due", "count_on_time", "count_done", "count_full", "n_judged")


@dataclass(frozen=True)
class TaskProgress(Result):
    """How tasks went, by plan or by owner.

    Attributes:
        week: Plans and tasks on a day.
        by: What the rows are.
        rows: One row each and one for all: a plan's number or an owner's in the column `key`, `count_due` (due by the
            day), `count_on_time` of them and their share; `count_done` (done with a planned quantity), `count_full`
            (at least that much) of them and their share; `n_judged` and the mean `quality` of those, from 1 to 5.
    """

    week: PlanWeek = field(repr=False)
    by: By
    rows: pd.DataFrame = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = {
        "plan": mark("Plan"),
        "owner": mark("Owner"),
        "count_due": mark("Due by now"),
        "count_on_time": mark("On time"),
        "on_time_share": mark("On time, of those due"),
        "count_done": mark("Done"),
        "count_full": mark("In full"),
        "full_share": mark("In full, of those done"),
        "n_judged": mark("Quality judged"),
        "quality": mark("Quality, 1 to 5"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return {"plan": _("Progress by plan"), "owner": _("Progress by owner")}[self.by]

    @property
    def text(self) -> str:
        """The three figures, side by side."""
        all_ = self.rows.iloc[-1]
        if not all_["count_due"]:
            return _("No task was due by {day}.").format(day=format_date(self.week.as_of))
        return _(
            "By {day}, {on_time} of {due} tasks due ({on_time_share}) were done on time; {full} of {done} done "
            "({full_share}) reached their quantity; their quality was judged {quality} of 5."
        ).format(
            day=format_date(self.week.as_of), quality=_mean(all_["quality"]),
            **{name: format_integer(all_[f"count_{name}"]) for name in ("on_time", "due", "full", "done")},
            **{name: by_name("share", all_[name]) for name in ("on_time_share", "full_share")},
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """One row each, and all together."""
        named = [*map(self._called, self.rows["key"].iloc[:-1]), _(TOTAL)]
        return self.rows.assign(**{self.by: named})[[self.by, *(name for name in self.titles if name in self.rows)]]

    @property
    def caveats(self) -> Sequence[str]:
        """How it is counted."""
        if self.by == "owner":
            return ()
        return [
            _("A task is on time when it was done by the day it was due; one that is due and not done is not. Quantity "
              "and quality are of those done; cancelled tasks do not count. The three are not made into one figure: "
              "much done late, or well done and too little, would hide in it.")
        ]  # fmt: skip

    def chart(self) -> Chart | None:
        """The share on time of each row."""
        shown = self.table.iloc[:-1]
        shown = shown[shown["on_time_share"].notna()]
        if shown.empty:
            return None
        return Chart(
            kind="bar", data=shown[[self.by, "on_time_share"]], x="on_time_share", y=self.by,
            title=_("Done on time, of the tasks due"), titles={name: _(self.titles[name]) for name in shown.columns},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """The three figures of all tasks."""
        all_ = self.rows.iloc[-1]
        return {name: all_[name] for name in ("on_time_share", "full_share", "quality", "count_due")}

    def behind(self) -> Behind:
        """The tasks due, and those done."""
        column = {"plan": "plan", "owner": "owner_id"}[self.by]
        each = [self.week.rows.being(**{column: key}) for key in self.rows["key"].iloc[:-1]]
        every = [*each, self.week.rows]
        named = {name: [_counted(self.week, name, rows) for rows in every] for name in _BEHIND}
        return Behind(
            whole=self.week.rows,
            numbers={name: found[-1] for name, found in named.items()},
            table=every,
            cells=named,
        )

    def _called(self, key: Any) -> str:  # noqa: ANN401  # a plan's number or a person's
        if self.by == "plan":
            return label(self.week.title_of(key))
        owners = self.week.tasks.drop_duplicates("owner_id").set_index("owner_id")["owner"]
        return label(str(owners[key]))


_BEHIND = {
    "count_due": "due", "on_time_share": "due", "count_on_time": "on_time", "count_done": "done", "full_share": "done",
    "count_full": "full", "n_judged": "judged", "quality": "judged",
}  # fmt: skip


def progress(week: PlanWeek, *, by: By = "plan") -> TaskProgress:
    """Tell how tasks went by a day.

    Args:
        week: Plans and tasks on a day.
        by: What the rows are; all plans in force, or the owners who have a task.

    Returns:
        On time, in full and quality, side by side; the last row is of all tasks.
    """
    column = {"plan": "plan", "owner": "owner_id"}[by]
    keys = sorted(week.plans["plan"]) if by == "plan" else sorted(set(week.tasks["owner_id"]))
    found = [(key, week.tasks[week.tasks[column] == key]) for key in keys]
    rows = [_row(key, tasks, week) for key, tasks in found if by == "owner" or len(tasks)]
    return TaskProgress(week, by, pd.DataFrame([*rows, _row(None, week.tasks, week)]))


def _row(key: Any, tasks: pd.DataFrame, week: PlanWeek) -> dict[str, Any]:  # noqa: ANN401  # a number of either kind
    due = tasks[tasks["due_on"] <= week.day]
    done = tasks[tasks["done"]]
    counted = done[done["qty_planned"].notna()]
    judged = done["quality"].dropna()
    on_time, full = (int(column.eq(other=True).sum()) for column in (due["on_time"], counted["full"]))
    return {
        "key": key, "count_due": len(due), "count_on_time": on_time, "on_time_share": _share(on_time, len(due)),
        "count_done": len(counted), "count_full": full, "full_share": _share(full, len(counted)),
        "n_judged": len(judged), "quality": float(judged.mean()) if len(judged) else np.nan,
    }  # fmt: skip


def _counted(week: PlanWeek, name: str, rows: Rows) -> Rows:
    """Return the tasks that a figure counts."""
    done = rows.between("done_on", None, week.as_of)
    due = rows.between("due_on", None, week.as_of)
    return {
        "due": due, "on_time": due.being(on_time=True), "done": done.present("qty_planned"),
        "full": done.being(full=True), "judged": done.present("quality"),
    }[_BEHIND[name]]  # fmt: skip


def _share(part: int, whole: int) -> float:
    return part / whole if whole else np.nan


def _mean(value: float) -> str:
    return "–" if np.isnan(value) else format_number(value, decimals=1)
