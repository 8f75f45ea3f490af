"""A week of plans and tasks as a report reads it: activities of the plans in force, and targets beside figures."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.kit.errors import DataError
from marketbook.kit.facts import Rows, view
from marketbook.kit.language import gettext as _
from marketbook.kit.records import roles
from marketbook.kit.store import Store
from marketbook.office.data import ACTIVITIES, FIGURES
from marketbook.plan.tables import Plan

IN_FORCE = ("approved", "active", "closed")
"""The statuses of a plan whose tasks are carried out."""


@dataclass(frozen=True)
class PlanWeek:
    """Plans and tasks on a day.

    Attributes:
        as_of: The day; what was done later is not done yet.
        ahead: Until when tasks are told that come due.
        plans: One row per plan in force: `plan`, `title`.
        tasks: One row per activity of them that was not cancelled, as the view `activities` has them; days as
            timestamps; `done`: whether it was done by the day.
        figures: One row per figure, as the view `figures` has them.
    """

    as_of: date
    ahead: date
    plans: pd.DataFrame = field(repr=False)
    tasks: pd.DataFrame = field(repr=False)
    figures: pd.DataFrame = field(repr=False)

    @property
    def day(self) -> pd.Timestamp:
        """The day, to compare columns with."""
        return pd.Timestamp(self.as_of)

    @property
    def rows(self) -> Rows:
        """The tasks as rows that a number opens."""
        return Rows("activities").among("plan", sorted(self.plans["plan"])).but("status", ["cancelled"])

    def title_of(self, plan: str) -> str:
        """Return a plan's title."""
        return str(self.plans.set_index("plan")["title"][plan])


def read_week(store: Store, *, as_of: date | None = None, plan: str = "", days: int = 7) -> PlanWeek:
    """Read plans and tasks on a day.

    Args:
        store: The records.
        as_of: Which day; None: today.
        plan: The number of one plan; empty: all plans in force of the day's year.
        days: How far tasks are told ahead.

    Raises:
        DataError: There is no plan in force for the year, or the plan is not known, not in force or of another year.
    """
    day = as_of or roles.today()
    with store.reading() as session:
        plans = _plans(session, day.year, plan)
        numbers = sorted(plans["plan"])
        tasks = view.read(session, ACTIVITIES, Rows("activities").among("plan", numbers).but("status", ["cancelled"]))
        figures = view.read(session, FIGURES)
    return PlanWeek(day, day + timedelta(days=days), plans, _dated(tasks, day), figures)


def _plans(session: Session, year: int, plan: str) -> pd.DataFrame:
    query = select(Plan.number, Plan.title).where(Plan.status.in_(IN_FORCE), Plan.fiscal_year == year)
    found = session.execute(query.where(Plan.number == plan) if plan else query).all()
    if not found:
        raise DataError(_no_plan(session, year, plan))
    return pd.DataFrame(found, columns=["plan", "title"])


def _no_plan(session: Session, year: int, plan: str) -> str:
    query = select(Plan.fiscal_year).where(Plan.status.in_(IN_FORCE)).distinct().order_by(Plan.fiscal_year)
    known = _(", ").join(map(str, session.scalars(query))) or "–"
    if plan:
        said = _("plan: {plan} is no plan in force for {year}; years with plans in force: {known}.")
        return said.format(plan=plan, year=year, known=known)
    return _("There is no plan in force for {year}; years with plans in force: {known}.").format(year=year, known=known)


def _dated(tasks: pd.DataFrame, day: date) -> pd.DataFrame:
    dated = tasks.assign(**{name: pd.to_datetime(tasks[name]) for name in ("starts_on", "due_on", "done_on")})
    return dated.assign(done=dated["done_on"] <= pd.Timestamp(day))
