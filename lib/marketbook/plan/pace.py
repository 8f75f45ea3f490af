"""Pace: where the year's targets end if the rest of it goes as the months so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, NamedTuple

import numpy as np
import pandas as pd

from marketbook.kit.config import settings
from marketbook.kit.facts import Rows
from marketbook.kit.language import format_date, format_money, format_number, format_percent, label, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Behind, Chart, Result
from marketbook.office import period as periods
from marketbook.plan.week import PlanWeek

SUMMED = ("count", "money")
"""The units of which months add up to a year; of the others the mean counts."""


@dataclass(frozen=True)
class TargetPace(Result):
    """Targets of the plans beside what is known by a day, and where today's pace leads.

    Attributes:
        week: Plans and tasks on a day.
        rows: One row per target of a plan: `plan`, `metric`, `name`, `unit`, `direction`, `period`, `target`, `actual`
            (by the day), `passed_share` (how much of the target should be reached by then), `expected` (at this pace),
            `attained_share` (expected, of the target), `met` (whether that reaches it; None where nothing is known),
            `subject` (whose figures are counted: the plan's, or None for the company's).
    """

    week: PlanWeek = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = {
        "plan": mark("Plan"),
        "name": mark("Metric"),
        "target": mark("Target"),
        "actual": mark("By now"),
        "passed_share": mark("Should be reached by now"),
        "expected": mark("At this pace"),
        "attained_share": mark("At this pace, of the target"),
        "verdict": mark("Reached?"),
        "count_targets": mark("Targets"),
        "count_met": mark("Reached at this pace"),
        "count_missed": mark("Missed at this pace"),
        "count_unknown": mark("Not measured yet"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Targets at today's pace")

    @property
    def text(self) -> str:
        """How many are reached at this pace."""
        found = self.numbers()
        if not found["count_targets"]:
            return _("The plans have no numeric targets.")
        return _(
            "At the pace by {day}, {met} of {count} targets are reached and {missed} are missed; of {unknown} nothing "
            "is measured yet."
        ).format(
            day=format_date(self.week.as_of), met=found["count_met"], count=found["count_targets"],
            missed=found["count_missed"], unknown=found["count_unknown"],
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """One row per target; figures are written in their metric's unit."""
        figures = {
            name: [written(value, unit) for value, unit in zip(self.rows[name], self.rows["unit"], strict=True)]
            for name in ("target", "actual", "expected")
        }
        shown = self.rows.assign(
            plan=[label(self.week.title_of(plan)) for plan in self.rows["plan"]],
            name=[label(name) for name in self.rows["name"]],
            verdict=[_(_VERDICTS[met]) for met in self.rows["met"]], **figures,
        )  # fmt: skip
        return shown[["plan", "name", "target", "actual", "passed_share", "expected", "attained_share", "verdict"]]

    @property
    def caveats(self) -> Sequence[str]:
        """What the pace assumes."""
        return [
            _("What should be reached by now follows the company's monthly targets of the year where there are any, so "
              "that a season counts; otherwise the days. Shares and scores are carried on as their mean so far. It is "
              "no forecast: it has no interval, and knows of nothing that is going to change.")
        ]  # fmt: skip

    def chart(self) -> Chart | None:
        """How much of each target is reached at this pace."""
        shown = self.table[["plan", "name", "attained_share"]]
        shown = shown[shown["attained_share"].notna()]
        if shown.empty:
            return None
        names = [_("{plan}: {metric}").format(plan=plan, metric=name) for plan, name, _share in shown.to_numpy()]
        return Chart(
            kind="bar", data=shown.assign(name=names)[["name", "attained_share"]], x="attained_share", y="name",
            rule=1.0, title=_("Expected at this pace, of the target; the line is the target"),
            titles={name: _(self.titles[name]) for name in ("name", "attained_share")},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """How many are reached, missed and unknown."""
        met = self.rows["met"]
        return {
            "count_met": int(met.eq(other=True).sum()), "count_missed": int(met.eq(other=False).sum()),
            "count_unknown": int(met.isna().sum()), "count_targets": len(met),
        }  # fmt: skip

    def behind(self) -> Behind:
        """The targets and the figures."""
        whole = self._targets(self.rows)
        met = self.rows["met"]
        kinds = {"count_met": met.eq(other=True), "count_missed": met.eq(other=False), "count_unknown": met.isna()}
        figures = [self._figures(row) for row in self.rows.itertuples()]
        return Behind(
            whole=whole,
            numbers={name: self._targets(self.rows[chosen]) for name, chosen in kinds.items()},
            table=figures,
        )

    def _targets(self, rows: pd.DataFrame) -> Rows:
        every = Rows("figures").being(basis="target")
        return every.among("figure_id", list(rows["figure_id"])) if len(rows) else every

    def _figures(self, row: Any) -> Rows:  # noqa: ANN401  # a row of the frame
        if not row.counted:
            return Rows("figures").being(figure_id=row.figure_id)
        return Rows("figures").among("figure_id", row.counted)


_VERDICTS = {True: mark("reached"), False: mark("missed"), None: mark("not measured yet")}


class _Known(NamedTuple):
    """What is known of a metric by a day, how much of the target's period that stands for, and the figures counted."""

    actual: float
    passed: float
    counted: tuple[int, ...]


def pace(week: PlanWeek) -> TargetPace:
    """Carry what is measured by a day on to the end of each target's period.

    Args:
        week: Plans and figures on a day.

    Returns:
        One row per target of the plans in force, by plan and metric.
    """
    figures = week.figures.assign(
        first=[periods.days(one)[0] for one in week.figures["period"]],
        last=[periods.days(one)[1] for one in week.figures["period"]],
    )
    wanted = figures[(figures["basis"] == "target") & figures["subject"].isin(week.plans["plan"])]
    rows = [_row(row, figures, week.as_of) for row in wanted.sort_values(["subject", "metric"]).to_dict("records")]
    return TargetPace(week, pd.DataFrame(rows, columns=list(_COLUMNS)).astype({"met": object}))


_COLUMNS = (
    "figure_id", "plan", "metric", "name", "unit", "direction", "period", "target", "actual", "passed_share",
    "expected", "attained_share", "met", "counted",
)  # fmt: skip


def _row(target: Mapping[Any, Any], figures: pd.DataFrame, day: date) -> dict[str, Any]:
    known = _own(target, figures, day) or _of_company(target, figures, day)
    expected = known.actual / known.passed if known and target["unit"] in SUMMED else known.actual if known else np.nan
    wanted = target["value"]
    return {
        **{name: target[name] for name in ("figure_id", "metric", "name", "unit", "direction", "period")},
        "plan": target["subject"], "target": wanted, "actual": known.actual if known else np.nan,
        "passed_share": known.passed if known else np.nan, "expected": expected,
        "attained_share": expected / wanted if wanted else np.nan,
        "met": bool((expected - wanted) * target["direction"] >= 0) if known else None,
        "counted": known.counted if known else (),
    }  # fmt: skip


def _own(target: Mapping[Any, Any], figures: pd.DataFrame, day: date) -> _Known | None:
    """What was measured of the plan itself, for the target's whole period."""
    same = (figures["subject"] == target["subject"]) & (figures["metric"] == target["metric"])
    found = figures[same & (figures["basis"] == "actual") & (figures["period"] == target["period"])]
    found = found[found["last"] <= day]
    if found.empty:
        return None
    return _Known(float(found["value"].iloc[0]), 1.0, (int(found["figure_id"].iloc[0]),))


def _of_company(target: Mapping[Any, Any], figures: pd.DataFrame, day: date) -> _Known | None:
    """What was measured of the company in the parts of the target's period that are over."""
    within = figures["subject"].isna() & (figures["metric"] == target["metric"])
    within &= (figures["first"] >= target["first"]) & (figures["last"] <= target["last"])
    known = figures[within & (figures["basis"] == "actual") & (figures["last"] <= day)]
    whole = known["period"] == target["period"]
    over = known[whole] if whole.any() else known
    if over.empty:
        return None
    counted = tuple(int(number) for number in over["figure_id"])
    if target["unit"] not in SUMMED:
        return _Known(float(over["value"].mean()), np.nan, counted)
    parts = figures[within & (figures["period"] != target["period"])]
    planned = parts[parts["basis"] == "target"]
    return _Known(float(over["value"].sum()), _by_season(planned, over) or _passed(target, over), counted)


def _by_season(planned: pd.DataFrame, over: pd.DataFrame) -> float | None:
    """How much of the months' targets the months stand for that are over; None unless there are twelve."""
    if len(planned) != 12 or not set(over["period"]) <= set(planned["period"]):
        return None
    return float(planned[planned["period"].isin(set(over["period"]))]["value"].sum() / planned["value"].sum())


def _passed(target: Mapping[Any, Any], over: pd.DataFrame) -> float:
    covered = sum((last - first).days + 1 for first, last in zip(over["first"], over["last"], strict=True))
    return float(covered / ((target["last"] - target["first"]).days + 1))


def written(value: float, unit: str) -> str:
    """Write a figure in its metric's unit, in the current language."""
    if np.isnan(value):
        return "–"
    if unit == "share":
        return format_percent(value, decimals=2)
    if unit == "money":
        return format_money(value / 100, settings().currency, decimals=0)
    return format_number(value, decimals=0 if float(value).is_integer() else 1)
