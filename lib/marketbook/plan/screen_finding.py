"""What the forms search for: metrics, plans, reports, colleagues and budget lines."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from marketbook.kit.forms.search import Found, Search
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Party, Record
from marketbook.office.budget_line import BudgetLine, money
from marketbook.office.metric import Metric
from marketbook.office.report import Report
from marketbook.plan.tables import KINDS, Plan

MOST = 20
"""How many are offered at once."""

LATEST_LINES = 2_000
"""Among how many budget lines is searched."""


def metrics() -> Search:
    """Return how metrics are found, by code or name."""
    return _search(Metric, (Metric.name, Metric.code), select(Metric).order_by(Metric.code), metric)


def plans() -> Search:
    """Return how plans are found, by number or title."""
    return _search(Plan, (Record.number, Record.title), select(Plan).order_by(Plan.id.desc()), _plan)


def reports(*, accepted: bool = False) -> Search:
    """Return how reports are found, by number or title; the accepted ones alone, where that is asked."""
    query = select(Report).order_by(Report.id.desc())
    return _search(
        Report, (Record.number, Record.title), query.where(Report.status == "accepted") if accepted else query, report
    )


def colleagues() -> Search:
    """Return how employees at work are found, by name."""
    at_work = select(Party).where(Party.kind == "employee", Party.status == "active").order_by(Party.name)
    return _search(Party, (Party.name,), at_work, lambda one: Found(one.id, one.name))


def budget_lines() -> Search:
    """Return how the budget lines of plans in force are found, by month, category and item."""
    force = select(Record.id).where(Record.status.in_(("approved", "active")), Record.id == BudgetLine.plan_id)
    query = select(BudgetLine).where(force.exists()).order_by(BudgetLine.id.desc()).limit(LATEST_LINES)

    def find(session: Session, text: str) -> list[Found]:
        words = text.casefold().split()
        found = [one for one in session.scalars(query) if all(word in one.called.casefold() for word in words)]
        return [_line(one) for one in found[:MOST]]

    def get(session: Session, number: int) -> Found | None:
        one = session.get(BudgetLine, number)
        return None if one is None else _line(one)

    return Search(find=find, get=get)


def metric(one: Metric) -> Found:
    """Return how a metric is called in a search."""
    return Found(one.id, f"{one.name} {one.code}", one.definition)


def report(one: Report) -> Found:
    """Return how a report is called in a search."""
    return Found(one.id, f"{one.number} {one.title}", one.period)


def _plan(one: Plan) -> Found:
    return Found(one.id, f"{one.number} {one.title}", _(KINDS[one.kind]))


def _line(one: BudgetLine) -> Found:
    return Found(one.id, one.called, _("{amount} available").format(amount=money(one.available)))


def _search(of: type[Any], near: tuple[Any, ...], query: Select[Any], told: Callable[[Any], Found]) -> Search:
    def find(session: Session, text: str) -> list[Found]:
        asked = query
        for word in text.split():
            asked = asked.where(or_(*(column.icontains(word, autoescape=True) for column in near)))
        return [told(one) for one in session.scalars(asked.limit(MOST))]

    def get(session: Session, number: int) -> Found | None:
        one = session.get(of, number)
        return None if one is None else told(one)

    return Search(find=find, get=get)
