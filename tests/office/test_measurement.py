"""Measurements: targets beside what is; a figure is superseded, never edited."""

from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy.orm import Session
from tests.office import planning
from tests.office.company import House, step
from tests.office.planning import AWARENESS
from tests.office.traces import check_refused, raw, within

from marketbook.kit.errors import RecordError
from marketbook.office import measurement, metric, period
from marketbook.office.measurement import Measurement
from marketbook.office.params import MeasurementEntry, MetricEntry

COPY = "metric_id, subject_id, basis, period, n, standard_error, run_id, recorded_by_id, at"


def entry(**about: Any) -> MeasurementEntry:
    usual = {
        "metric": AWARENESS,
        "basis": "actual",
        "period": "2031-Q1",
        "value": 0.31,
        "n": 812,
        "standard_error": 0.016,
    }
    return MeasurementEntry.model_validate({**usual, **about})


def recorded(session: Session, house: House, **about: Any) -> Measurement:
    planning.awareness(session, actor=house.people.sales)
    return measurement.record(session, entry(**about), actor=house.people.sales)


def test_target_and_actual_stand_side_by_side(house: House) -> None:
    with house.store.writing() as session:
        planning.awareness(session, actor=house.people.sales)
        for about in ({"basis": "target", "value": 0.3}, {}, {"period": "2031-Q2", "value": 0.2}):
            recorded(session, house, **about)
        first, second = measurement.compare(session, metric=AWARENESS)
        assert (first.period, first.met, second.met, second.forecast) == ("2031-Q1", True, None, None)
        assert first.metric.shown(0.31) == "31.0%"
        assert [one.value for one in measurement.series(session, metric=AWARENESS)] == [0.31, 0.2]


def test_less_is_better_where_the_metric_says_so(house: House) -> None:
    about = MetricEntry(code="complaint.count", name="投诉量", unit="count", direction=-1, definition="当月受理的投诉")
    with house.store.writing() as session:
        metric.define(session, about, actor=house.people.manager)
        for basis, value in (("target", 10), ("actual", 11)):
            recorded(session, house, metric=about.code, basis=basis, value=value, period="2032-01")
        assert [one.met for one in measurement.compare(session, metric=about.code)] == [False]


def test_a_later_figure_supersedes_the_former(house: House) -> None:
    with house.store.writing() as session:
        first = recorded(session, house, period="2033")
        second = recorded(session, house, period="2033", value=0.32)
        now = measurement.actual(session, metric=AWARENESS, period="2033")
        assert now is second
        assert second.supersedes_id == first.id
        assert [one.value for one in measurement.history(session, second)] == [0.31, 0.32]


RAW = {
    "edited": ("UPDATE measurement SET value = 0.99 WHERE id = {n}", "never changed"),
    "deleted": ("DELETE FROM measurement WHERE id = {n}", "never deleted"),
    "a second figure beside it": (
        f"INSERT INTO measurement ({COPY}, value) SELECT {COPY}, 0.99 FROM measurement WHERE id = {{n}}",
        "there is such a figure",
    ),
    "in place of another period's": (
        (
            "INSERT INTO measurement (metric_id, basis, period, value, recorded_by_id, at, supersedes_id) "
            "SELECT metric_id, basis, '1999', 0.99, recorded_by_id, at, id FROM measurement WHERE id = {n}"
        ),
        "supersedes another figure",
    ),
    "of a run that never was": (
        (
            "INSERT INTO measurement (metric_id, basis, period, value, run_id, at) "
            "SELECT metric_id, basis, '1999', 0.99, 999999, at FROM measurement WHERE id = {n}"
        ),
        "there is no such run",
    ),
    "of nobody": (
        (
            "INSERT INTO measurement (metric_id, basis, period, value, at) "
            "SELECT metric_id, basis, '1998', 0.99, at FROM measurement WHERE id = {n}"
        ),
        "ck_measurement_source",
    ),
    "what its metric means": ("UPDATE metric SET direction = -1", "stays as it was defined"),
    "a metric away": ("DELETE FROM metric", "never deleted"),
}


@pytest.mark.parametrize("name", RAW)
def test_raw_sql_is_refused(house: House, name: str) -> None:
    statement, match = RAW[name]
    with house.store.writing() as session:
        number = recorded(session, house, period="2034").id
    check_refused(house, number, raw(statement), match)


def test_a_plan_that_was_handed_in_keeps_its_targets(house: House) -> None:
    with house.store.writing() as session:
        made = planning.complete(session, actor=house.people.manager)
        step(session, made, "submitted", house.people.manager)
    wanted = entry(basis="target", subject_id=made.id, period=str(planning.YEAR), value=0.01)
    move = within(lambda h, session, _n: measurement.record(session, wanted, actor=h.people.manager))
    check_refused(house, made.id, move, "its plan was handed in")


@pytest.mark.parametrize(
    ("about", "match"),
    [
        ({"metric": "brand.awarenes"}, "There is no metric 'brand.awarenes'. Did you mean 'brand.awareness'"),
        ({"subject_id": 999_999}, "There is no record 999999"),
    ],
)
def test_a_figure_is_of_what_is_there(house: House, about: dict[str, Any], match: str) -> None:
    with house.store.writing() as session:
        planning.awareness(session, actor=house.people.sales)
    move = within(lambda h, session, _n: measurement.record(session, entry(**about), actor=h.people.sales))
    check_refused(house, 0, move, match)


def test_a_metric_has_one_code(house: House) -> None:
    again = MetricEntry(code=AWARENESS, name="x", unit="share", direction=1, definition="x")
    with house.store.writing() as session:
        planning.awareness(session, actor=house.people.sales)
    check_refused(
        house, 0, within(lambda h, s, _n: metric.define(s, again, actor=h.people.sales)), "is a metric 'brand"
    )


def test_somebody_answers_for_a_figure(house: House) -> None:
    check_refused(
        house, 0, within(lambda _h, s, _n: measurement.record(s, entry(), actor=None)), "names who entered it"
    )


@pytest.mark.parametrize("text", ["2026-13", "2026-Q5", "2026-W54", "26", "2026-02-30", "2026-3", "２０２６"])
def test_a_period_is_a_year_a_quarter_a_month_a_week_or_a_day(text: str) -> None:
    with pytest.raises(RecordError, match=r"period: .* is none; write 2026, 2026-Q1"):
        period.days(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2028", "2028-01-01", "2028-12-31"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2026-W01", "2025-12-29", "2026-01-04"),
        ("2026-03-15", "2026-03-15", "2026-03-15"),
    ],
)
def test_a_period_has_its_days(text: str, first: str, last: str) -> None:
    assert [day.isoformat() for day in period.days(text)] == [first, last]


def test_a_figure_is_a_number() -> None:
    with pytest.raises(ValidationError, match="finite number"):
        entry(value=float("nan"))
