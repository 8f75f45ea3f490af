"""A year's plan from its draft to its end: what it must have, who decides, and what closes it."""

from typing import Any

import pytest
from sqlalchemy.orm import Session
from tests.office import planning
from tests.office.company import House, status, step, walk
from tests.office.planning import AWARENESS, YEAR, ZERO
from tests.office.traces import check_refused, to

from marketbook.kit.records import Record, advance
from marketbook.office import budget_line, measurement, report
from marketbook.office.params import ReportEntry
from marketbook.plan import rules
from marketbook.plan import service as plans
from marketbook.plan.tables import Plan

PARTS = {"overview": "样本与时间", "findings": "知名度上升", "conclusions": "投放有效", "recommendations": "保持节奏"}


def whole(session: Session, house: House, **about: Any) -> Plan:
    """Enter a year's plan that lacks nothing."""
    people = house.people
    made = planning.of_year(session, actor=people.manager, basis=recent(session, house), **about)
    fund(session, made, people.manager)
    return made


def fund(session: Session, plan: Plan, actor: int) -> None:
    about = {"category": "advertising", "month": f"{YEAR}-06", "item": "信息流", "original": 1_000}
    budget_line.add(session, plan, **about, actor=actor, version=plan.version)  # type: ignore[arg-type]


def reported(session: Session, house: House, **about: Any) -> int:
    """Bring a report as far as it is accepted."""
    entry = ReportEntry.model_validate(
        {"kind": "research", "title": "市场调研", "period": f"{YEAR}-Q1", **PARTS, **about}
    )
    made = report.enter(session, entry, actor=house.people.sales)
    step(session, made, "submitted", house.people.sales)
    step(session, made, "accepted", house.people.manager)
    return made.id


def recent(session: Session, house: House) -> list[int]:
    found = report.accepted(session)
    return [found[0].id if found else reported(session, house)]


def approved(house: House, **about: Any) -> int:
    with house.store.writing() as session:
        made = whole(session, house, **about)
        step(session, made, "submitted", house.people.manager)
        step(session, made, "approved", house.people.director)
        return made.id


def test_a_year_s_plan_goes_from_draft_to_its_end(house: House) -> None:
    number = approved(house)
    walk(house, number, ("active", house.people.manager))
    with house.store.writing() as session:
        reported(session, house, kind="plan_review", plan_id=number)
    walk(house, number, ("closed", house.people.manager))
    assert status(house, number) == "closed"


def test_targets_are_measurements_of_the_plan(house: House) -> None:
    with house.store.writing() as session:
        made = planning.complete(session, actor=house.people.manager)
        found = measurement.target(session, metric=AWARENESS, period=str(YEAR), subject=made.id)
        assert found is not None
        assert found.value == 0.35
        other = planning.entry(objectives=[{"text": "更高", "metric": AWARENESS, "target": 0.4}])
        plans.correct(session, made, other, actor=house.people.manager, version=made.version)
        again = measurement.target(session, metric=AWARENESS, period=str(YEAR), subject=made.id)
        assert again is not None
        assert (again.value, again.supersedes_id) == (0.4, found.id)
        assert [one.text for one in rules.objectives(session, plan_id=made.id)] == ["更高"]


LACKING = {
    "theme": ({"theme": " "}, "It has no theme"),
    "strategy": ({"strategy": ""}, "It has no strategy"),
    "objective": ({"objectives": []}, "It has no objective"),
    "target": (
        {"objectives": [{"text": "更高", "metric": AWARENESS}]},
        "The objective “更高” has no target for 品牌",
    ),
    "feasibility": ({"feasibility": ""}, "feasibility does not say why"),
    "basis": ({"basis": []}, "stands on none of the reports that were accepted lately"),
    "a category": ({"unbudgeted": {**ZERO, "staff": " "}}, "Staff pay: there is neither a budget line nor a reason"),
    "a component": ({"without": "channel_expansion"}, "component plans are missing: Channel expansion"),
}


@pytest.mark.parametrize("name", LACKING)
def test_a_year_s_plan_that_lacks_something_is_not_handed_in(house: House, name: str) -> None:
    about, match = LACKING[name]
    with house.store.writing() as session:
        basis = recent(session, house)
        made = planning.of_year(session, actor=house.people.manager, **{"basis": basis, **about})
        fund(session, made, house.people.manager)
    check_refused(house, made.id, to("submitted", "manager"), match)


def test_a_year_s_plan_without_budget_lines_is_not_handed_in(house: House) -> None:
    with house.store.writing() as session:
        made = planning.of_year(session, actor=house.people.manager, basis=recent(session, house))
    check_refused(house, made.id, to("submitted", "manager"), "It has no budget lines")


@pytest.mark.parametrize(
    ("about", "match"),
    [
        ({"starts_on": None}, "“新品体验日” has no first day"),
        ({"qty_planned": None}, "“新品体验日” has no quantity or no quality standard"),
        ({"quality_standard": ""}, "has no quantity or no quality standard"),
    ],
)
def test_each_activity_has_dates_quantity_and_quality(house: House, about: dict[str, Any], match: str) -> None:
    with house.store.writing() as session:
        made = planning.complete(session, actor=house.people.manager)
        planning.work(session, made.id, actor=house.people.sales, **about)
    check_refused(house, made.id, to("submitted", "manager"), match)


def test_a_plan_without_activities_is_not_handed_in(house: House) -> None:
    with house.store.writing() as session:
        planning.awareness(session, actor=house.people.manager)
        made = plans.enter(session, planning.entry(), actor=house.people.manager)
    check_refused(house, made.id, to("submitted", "manager"), "It has no activities")


def test_a_research_plan_covers_all_topics(house: House) -> None:
    with house.store.writing() as session:
        scope = ["market_size", "competitors", "customer_needs"]
        made = planning.complete(session, actor=house.people.manager, kind="research", scope=scope)
    check_refused(house, made.id, to("submitted", "manager"), "It does not cover: Market trend, Consumer behaviour")


def test_where_no_report_was_accepted_the_plan_says_why(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "accepted", lambda _session, since=None: [])  # noqa: ARG005  # as before the first one
    with house.store.writing() as session:
        bare = planning.of_year(session, actor=house.people.manager, feasibility="")
        told = planning.of_year(session, actor=house.people.manager)
        for one in (bare, told):
            fund(session, one, house.people.manager)
    check_refused(house, bare.id, to("submitted", "manager"), "No report was accepted on which it could stand")
    walk(house, told.id, ("submitted", house.people.manager))


def test_what_belongs_to_a_year_s_plan_stands_below_it(house: House) -> None:
    with house.store.writing() as session:
        made = planning.of_year(session, actor=house.people.manager)
        part = plans.components(session, plan_id=made.id)[0]
        campaign = planning.complete(session, actor=house.people.sales, parent_id=part.id)
        kinds = [one.kind for one in plans.components(session, plan_id=made.id)]
        assert kinds == ["brand_promotion", "product_promotion", "sales_promotion", "channel_expansion", "campaign"]
        assert advance(session, campaign, "submitted", actor=house.people.manager, version=1).to_status == "submitted"


def test_a_plan_that_came_back_is_corrected_and_handed_in_again(house: House) -> None:
    with house.store.writing() as session:
        made = planning.complete(session, actor=house.people.manager)
        step(session, made, "submitted", house.people.manager)
        step(session, made, "draft", house.people.director, "目标偏低")
        other = planning.entry(objectives=[{"text": "更高", "metric": AWARENESS, "target": 0.5}])
        plans.correct(session, made, other, actor=house.people.manager, version=made.version)
        step(session, made, "submitted", house.people.manager)
        step(session, made, "approved", house.people.director)
        assert session.get_one(Record, made.id).status == "approved"
