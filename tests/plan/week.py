"""A week of a plan whose figures were counted by hand."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session
from tests.office import planning
from tests.office.company import House, step
from tests.office.planning import AWARENESS, YEAR

from marketbook.kit.records import Record
from marketbook.kit.store import at
from marketbook.office import activity, measurement, metric
from marketbook.office.activity import Activity
from marketbook.office.params import MeasurementEntry, MetricEntry, ResultEntry
from marketbook.plan import service as plans

DAY = date(YEAR, 6, 10)
ORDERS, LEADS = "test.orders", "test.leads"
MONTHS = [400] * 5 + [1_000] * 6 + [2_000]
"""The company's monthly targets of orders: by the end of May a fifth of the year's."""


def week_of(house: House) -> str:
    """Make a plan with tasks and targets; return its number.

    On 10 June: four tasks are due, one of them was done on time; of two that are done one reached its quantity, and
    their quality is 5 and 3. One is nine days late, a blocked one five. One comes due within a week.
    """
    with at(datetime(YEAR, 6, 20, 4, tzinfo=UTC)), house.store.writing() as session:
        made = _plan(session, house)
        sales, manager = house.people.sales, house.people.manager
        _done(session, made, sales, due_on=date(YEAR, 5, 20), done_on=date(YEAR, 5, 18), qty_done=3, quality=5)
        _done(session, made, sales, due_on=date(YEAR, 5, 25), done_on=date(YEAR, 6, 1), qty_done=2, quality=3)
        _begun(session, made, sales, title="拜访客户", due_on=date(YEAR, 6, 1))
        step(session, _begun(session, made, manager, due_on=date(YEAR, 6, 5)), "blocked", manager, "等待场地")
        _work(session, made, sales, title="发布会", due_on=date(YEAR, 6, 12))
        _work(session, made, sales, due_on=date(YEAR, 6, 30))
        step(session, _work(session, made, sales, due_on=date(YEAR, 5, 1)), "cancelled", sales, "不再需要")
        _figures(session, manager)
        return _number(session, made)


def _plan(session: Session, house: House) -> int:
    manager = house.people.manager
    planning.awareness(session, actor=manager)
    for code in (ORDERS, LEADS):
        about = {"code": code, "name": code, "unit": "count", "direction": 1, "definition": "当月新增"}
        metric.define(session, MetricEntry.model_validate(about), actor=manager)
    objectives = [
        {"text": text, "metric": text, "target": target}
        for text, target in ((AWARENESS, 0.35), (ORDERS, 12_000.0), (LEADS, 50.0))
    ]
    made = plans.enter(session, planning.entry(title="夏季推广", objectives=objectives), actor=manager)
    session.flush()
    planning.work(
        session, made.id, actor=manager, title="年终总结", starts_on=date(YEAR, 12, 1), due_on=date(YEAR, 12, 20)
    )
    step(session, made, "submitted", manager)
    step(session, made, "approved", house.people.director)
    return made.id


def _number(session: Session, plan: int) -> str:
    return session.get_one(Record, plan).number


def _work(session: Session, plan: int, owner: int, **about: Any) -> Activity:
    made = planning.work(session, plan, actor=owner, **{"starts_on": date(YEAR, 4, 1), **about})
    session.flush()
    return made


def _begun(session: Session, plan: int, owner: int, **about: Any) -> Activity:
    made = _work(session, plan, owner, **about)
    step(session, made, "in_progress", owner)
    return made


def _done(session: Session, plan: int, owner: int, *, due_on: date, **result: Any) -> None:
    made = _begun(session, plan, owner, due_on=due_on)
    entry = ResultEntry.model_validate({**result, "outcome": "完成"})
    activity.finish(session, made, entry, actor=owner, version=made.version)


def _figures(session: Session, actor: int) -> None:
    known = [(ORDERS, "target", f"{YEAR}-{n:02d}", value) for n, value in enumerate(MONTHS, start=1)]
    known += [(ORDERS, "actual", f"{YEAR}-{n:02d}", 440) for n in range(1, 6)]
    known += [(AWARENESS, "actual", f"{YEAR}-Q1", 0.36), (AWARENESS, "actual", f"{YEAR}-05", 0.38)]
    known += [(AWARENESS, "actual", f"{YEAR}-06", 0.99)]
    for code, basis, period, value in known:
        about = {"metric": code, "basis": basis, "period": period, "value": value}
        measurement.record(session, MeasurementEntry.model_validate(about), actor=actor)
