"""The build of a year's plan as a report reads it: its budget beside last year's, its objectives, what it lacks."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.kit.config import settings
from marketbook.kit.errors import DataError
from marketbook.kit.facts import Rows, view
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import Comment, parameters, roles
from marketbook.kit.store import Store
from marketbook.office import measurement
from marketbook.office.metric import Metric
from marketbook.plan import rules
from marketbook.plan.data import PLANS
from marketbook.plan.tables import KINDS, Plan

IN_FORCE = ("approved", "active", "closed")
_OBJECTIVES = ("text", "metric", "unit", "target", "target_before", "actual_before")

EXPLAIN_FROM = parameters.declare(
    parameters.Declared(
        name="plan.explain_change_from",
        title=mark("From which change on an item of a year's budget needs a reason, as a share of last year's"),
        kind=float,
        default=0.2,
        source=mark("20 %, until the company decides otherwise"),
    )
)


@dataclass(frozen=True)
class YearBuild:
    """A year's plan in the making.

    Attributes:
        plan: Its number.
        title: Its title.
        year: The year that it is for.
        status: Its status.
        before: The numbers of last year's marketing plans that came into force.
        lines: One row per item: `category`, `item`, `planned_minor` (this year's), `before_minor` (last year's as it
            was approved), `spent_minor` (last year's), `reasoned` (whether the plan's feasibility, its strategy or a
            comment on it names the item).
        unbudgeted: Why a category gets no money, by category.
        objectives: One row per objective: `text`, `metric`, `unit`, `target`, and of last year's plan `target_before`
            and `actual_before`; missing where there is none.
        parts: The kinds of its component plans.
        gaps: What keeps it from being handed in, in sentences; nothing once it was.
        explain_from: From which change on an item needs a reason, as a share.
        currency: Of the amounts.
    """

    plan: str
    title: str
    year: int
    status: str
    before: tuple[str, ...]
    lines: pd.DataFrame = field(repr=False)
    unbudgeted: dict[str, str] = field(repr=False)
    objectives: pd.DataFrame = field(repr=False)
    parts: tuple[str, ...]
    gaps: tuple[str, ...]
    explain_from: float = 0.2
    currency: str = "CNY"

    def rows(self, *, before: bool = False) -> Rows:
        """The budget lines, this year's or last year's; all of none where there was no plan."""
        return Rows("budget_lines").among("plan", self.before if before else (self.plan,))


def read_build(store: Store, *, year: int | None = None) -> YearBuild:
    """Read the build of a year's plan.

    Args:
        store: The records.
        year: Which year; None: the last one that has a marketing plan.

    Raises:
        DataError: The year has no marketing plan.
    """
    with store.reading() as session:
        plan = _plan(session, year)
        before = _before(session, plan.fiscal_year - 1)
        view.note(session, PLANS)
        return YearBuild(
            plan=plan.number,
            title=plan.title,
            year=plan.fiscal_year,
            status=plan.status,
            before=tuple(one.number for one in before),
            lines=_lines(session, plan, [one.number for one in before]),
            unbudgeted=dict(plan.unbudgeted),
            objectives=_objectives(session, plan, before),
            parts=tuple(sorted({part.kind for part in rules.components(session, plan.id)}, key=list(KINDS).index)),
            gaps=tuple(rules.PLAN.missing(session, plan, "submitted")) if plan.status == "draft" else (),
            explain_from=float(parameters.value(session, EXPLAIN_FROM.name, on=roles.today())),
            currency=settings().currency,
        )


def _plan(session: Session, year: int | None) -> Plan:
    query = select(Plan).where(Plan.kind == "marketing").order_by(Plan.fiscal_year.desc(), Plan.id.desc()).limit(1)
    found = session.scalar(query.where(Plan.fiscal_year == year) if year else query)
    if found is None:
        years = session.scalars(select(Plan.fiscal_year).where(Plan.kind == "marketing").distinct()).all()
        known = _(", ").join(map(str, sorted(years))) or "–"
        raise DataError(
            _("There is no marketing plan of the year {year}; years that have one: {known}.").format(
                year=year or "–", known=known
            )
        )
    return found


def _before(session: Session, year: int) -> Sequence[Plan]:
    query = select(Plan).where(Plan.kind == "marketing", Plan.fiscal_year == year, Plan.status.in_(IN_FORCE))
    return session.scalars(query.order_by(Plan.id)).all()


def _lines(session: Session, plan: Plan, before: list[str]) -> pd.DataFrame:
    shown = view.everything()["budget_lines"]
    read = view.read(session, shown, Rows(shown.name).among("plan", [plan.number, *before]))
    now, then = read[read["plan"] == plan.number], read[read["plan"] != plan.number]
    planned = now.groupby(["category", "item"])["original_minor"].sum().rename("planned_minor")
    past = then.groupby(["category", "item"])[["original_minor", "spent_minor"]].sum()
    found = pd.concat([planned, past.rename(columns={"original_minor": "before_minor"})], axis=1).fillna(0)
    told = _told(session, plan)
    lines = found.astype("int64").reset_index().sort_values(["category", "item"]).reset_index(drop=True)
    return lines.assign(reasoned=[item in told for item in lines["item"]])


def _told(session: Session, plan: Plan) -> str:
    """Return where reasons are written: the plan's own words, and what was said of it."""
    comments = session.scalars(select(Comment.text).where(Comment.record_id == plan.id))
    return "\n".join([plan.feasibility, plan.strategy, *comments])


def _objectives(session: Session, plan: Plan, before: Sequence[Plan]) -> pd.DataFrame:
    known = {one.metric.id: one for one in measurement.compare(session, subject=plan.id)}
    past = {row.metric.id: row for one in before for row in measurement.compare(session, subject=one.id)}
    rows = []
    for one in rules.objectives(session, plan_id=plan.id):
        metric, now, then = session.get_one(Metric, one.metric_id), known.get(one.metric_id), past.get(one.metric_id)
        figures = (now and now.target, then and then.target, then and then.actual)
        rows.append((one.text, metric.name, metric.unit, *(figure.value if figure else None for figure in figures)))
    return pd.DataFrame(rows, columns=list(_OBJECTIVES)).astype(dict.fromkeys(_OBJECTIVES[3:], float))
