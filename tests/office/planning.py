"""Plans that are complete, so that a test can hand them in or take one thing away."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.kit.records import roles
from marketbook.office import activity, metric
from marketbook.office.activity import Activity
from marketbook.office.metric import Metric
from marketbook.office.params import ActivityEntry, MetricEntry
from marketbook.plan import service as plans
from marketbook.plan.params import ObjectiveEntry, PlanEntry
from marketbook.plan.tables import COMPONENTS, Plan

YEAR = roles.today().year
AWARENESS = "brand.awareness"
ZERO = dict.fromkeys(("research", "advertising", "promotion", "channel", "staff"), "本年不安排")
"""Why there is no money for any category."""


def awareness(session: Session, *, actor: int) -> Metric:
    """Return the metric that plans here are measured by, defined by whoever asks first."""
    if found := session.scalar(select(Metric).where(Metric.code == AWARENESS)):
        return found
    entry = MetricEntry(
        code=AWARENESS,
        name="品牌知名度",
        unit="share",
        direction=1,
        definition="提示后认知的受访者占比",
        source="季度问卷",
    )
    return metric.define(session, entry, actor=actor)


def entry(**about: Any) -> PlanEntry:
    """Return a campaign with everything that it needs but its activities."""
    objective = ObjectiveEntry(text="知名度提高五个百分点", metric=AWARENESS, target=0.35)
    usual = {
        "kind": "campaign", "title": "春季推广", "fiscal_year": YEAR, "theme": "向新而行", "strategy": "以内容带动口碑",
        "objectives": [objective],
    }  # fmt: skip
    return PlanEntry.model_validate({**usual, **about})


def work(session: Session, plan_id: int, *, actor: int, **about: Any) -> Activity:
    """Enter an activity of a plan."""
    usual = {
        "kind": "event", "title": "新品体验日", "plan_id": plan_id, "starts_on": date(YEAR, 3, 1),
        "due_on": date(YEAR, 3, 31), "qty_planned": 3, "qty_unit": "场", "quality_standard": "满意度不低于四分",
    }  # fmt: skip
    return activity.enter(session, ActivityEntry.model_validate({**usual, **about}), actor=actor)


def complete(session: Session, *, actor: int, **about: Any) -> Plan:
    """Enter a plan that can be handed in."""
    awareness(session, actor=actor)
    made = plans.enter(session, entry(**about), actor=actor)
    work(session, made.id, actor=actor)
    return made


def of_year(session: Session, *, actor: int, without: str = "", **about: Any) -> Plan:
    """Enter a year's marketing plan with its component plans, all but one of them where one is named."""
    usual = {
        "kind": "marketing",
        "title": "年度营销计划",
        "feasibility": "市场、竞争、资源与能力均已评估",
        "unbudgeted": ZERO,
    }
    made = complete(session, actor=actor, **{**usual, **about})
    for kind in COMPONENTS:
        if kind != without:
            about = {"kind": kind, "title": kind, "parent_id": made.id, "fiscal_year": made.fiscal_year}
            plans.enter(session, entry(**about, objectives=[]), actor=actor)
    return made
