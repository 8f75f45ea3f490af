"""Reports: four parts, accepted by a superior or returned with a reason; and how a plan is closed with one."""

from typing import Any

import pytest
from tests.office import planning
from tests.office.company import House, status, step, walk
from tests.office.traces import check_refused, raw, to, within

from marketbook.office import report
from marketbook.office.params import ReportEntry
from marketbook.office.report import Report

PARTS = {"overview": "样本与时间", "findings": "知名度上升", "conclusions": "投放有效", "recommendations": "保持节奏"}
ENTRY = {"kind": "research", "title": "一季度市场调研", "period": "2026-Q1", **PARTS}


def written(house: House, *steps: tuple[str, str], **about: Any) -> int:
    """Write a report of sales and take steps with it."""
    with house.store.writing() as session:
        made = report.enter(session, ReportEntry.model_validate({**ENTRY, **about}), actor=house.people.sales)
        for one, who in steps:
            step(session, made, one, vars(house.people)[who], "因为")
        return made.id


HANDED_IN = ("submitted", "sales")


def test_it_is_returned_corrected_and_accepted(house: House) -> None:
    number = written(house, HANDED_IN, ("returned", "manager"))
    with house.store.writing() as session:
        found = session.get_one(Report, number)
        other = ReportEntry.model_validate({**ENTRY, "findings": "知名度显著上升"})
        report.correct(session, found, other, actor=house.people.sales, version=found.version)
    walk(house, number, ("submitted", house.people.sales), ("accepted", house.people.manager))
    with house.store.reading() as session:
        assert report.accepted(session)[0].findings == "知名度显著上升"


@pytest.mark.parametrize("part", PARTS)
def test_each_of_the_four_parts_is_there(house: House, part: str) -> None:
    number = written(house, **{part: " "})
    check_refused(house, number, to("submitted", "sales"), f"This part is empty: {part}")
    statement = (
        "INSERT INTO status_change (record_id, version, from_status, to_status, actor_id, role, acted_as, reason, "
        f"round, at) VALUES ({number}, 1, 'draft', 'submitted', {house.people.sales}, 'owner', 'owner', '', 1, "
        "'2026-01-01 00:00:00')"
    )

    def move(house: House, _number: int) -> None:
        with house.store.writing(actor=house.people.sales) as session:
            session.connection().exec_driver_sql(statement)

    check_refused(house, number, move, "a report has four parts")


WRONG: dict[str, tuple[tuple[tuple[str, str], ...], Any, str]] = {
    "accepted before it was handed in": ((), to("accepted", "manager"), "draft and cannot become accepted"),
    "accepted by its author": ((HANDED_IN,), to("accepted", "sales"), "answers for this record"),
    "accepted by someone else": ((HANDED_IN,), to("accepted", "finance"), "it is for Marketing manager"),
    "returned without a reason": ((HANDED_IN,), to("returned", "manager", ""), "needs a reason"),
    "edited after it was handed in": (
        (HANDED_IN,), raw("UPDATE report SET findings = 'x' WHERE id = {n}"), "handed in is not edited",
    ),
    "edited after it was accepted": (
        (HANDED_IN, ("accepted", "manager")), raw("UPDATE report SET findings = 'x' WHERE id = {n}"), "not edited",
    ),
    "deleted": ((), raw("DELETE FROM report WHERE id = {n}"), "never deleted"),
    "of another record than a plan": ((), raw("UPDATE report SET plan_id = {n} WHERE id = {n}"), "no such plan"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_move_is_refused_and_leaves_no_trace(house: House, name: str) -> None:
    steps, move, match = WRONG[name]
    check_refused(house, written(house, *steps), move, match)


def test_a_plan_that_is_not_there_has_no_report(house: House) -> None:
    entry = ReportEntry.model_validate({**ENTRY, "plan_id": 999_999})
    move = within(lambda h, session, _n: report.enter(session, entry, actor=h.people.sales))
    check_refused(house, 0, move, "There is no plan 999999")


def test_a_plan_is_closed_with_an_accepted_review_alone(house: House) -> None:
    with house.store.writing() as session:
        made = planning.complete(session, actor=house.people.manager)
        for one, who in (("submitted", "manager"), ("approved", "director"), ("active", "manager")):
            step(session, made, one, vars(house.people)[who])
    check_refused(house, made.id, to("closed", "manager"), "An accepted review of it is missing")
    written(house, HANDED_IN, ("accepted", "manager"), plan_id=made.id)
    check_refused(house, made.id, to("closed", "manager"), "An accepted review of it is missing")
    review = written(house, HANDED_IN, plan_id=made.id, kind="campaign_review")
    check_refused(house, made.id, to("closed", "manager"), "An accepted review of it is missing")
    walk(
        house,
        review,
        ("accepted", house.people.manager),
    )
    walk(house, made.id, ("closed", house.people.manager))
    assert status(house, made.id) == "closed"
