"""Every wrong move with a plan is refused on both engines, says why, and leaves no trace."""

from typing import Any

import pytest
from pydantic import ValidationError
from tests.office import planning
from tests.office.company import House, step
from tests.office.planning import AWARENESS, YEAR
from tests.office.test_report import HANDED_IN, written
from tests.office.traces import Move, check_refused, raw, to

from marketbook.office import budget_line
from marketbook.plan import service as plans
from marketbook.plan.params import PlanEntry
from marketbook.plan.tables import Plan

SUBMITTED, APPROVED, ACTIVE = ("submitted", "manager"), ("approved", "director"), ("active", "manager")


def made(house: House, *steps: tuple[str, str], who: str = "manager", **about: Any) -> int:
    with house.store.writing() as session:
        plan = planning.complete(session, actor=vars(house.people)[who], **about)
        for one, actor in steps:
            step(session, plan, one, vars(house.people)[actor], "因为")
        return plan.id


def correct(who: str = "manager", version: int = 0, **about: Any) -> Move:
    def move(house: House, number: int) -> None:
        with house.store.writing() as session:
            plan = session.get_one(Plan, number)
            actor = vars(house.people)[who]
            plans.correct(session, plan, planning.entry(**about), actor=actor, version=version or plan.version)

    return move


WRONG: dict[str, tuple[tuple[tuple[str, str], ...], Move, str]] = {
    "approved before it was handed in": ((), to("approved", "director"), "draft and cannot become approved"),
    "started before it was approved": ((SUBMITTED,), to("active", "manager"), "submitted and cannot become active"),
    "closed before it was started": ((SUBMITTED, APPROVED), to("closed", "manager"), "cannot become closed"),
    "approved by its owner": ((SUBMITTED,), to("approved", "manager"), "answers for this record"),
    "approved by his deputy": ((SUBMITTED,), to("approved", "deputy"), "represents the owner"),
    "approved by finance": ((SUBMITTED,), to("approved", "finance"), "it is for Marketing director"),
    "handed in by sales": ((), to("submitted", "sales"), "it is for Marketing manager"),
    "sent back without a reason": ((SUBMITTED,), to("draft", "director", " "), "needs a reason"),
    "closed without a review": (
        (SUBMITTED, APPROVED, ACTIVE), to("closed", "manager"), "accepted review of it is missing",
    ),
    "corrected after it was handed in": ((SUBMITTED,), correct(theme="x"), "only before it is handed in"),
    "corrected by another": ((), correct("sales"), "nobody else edits it"),
    "corrected as it never was": ((), correct(version=7), "has no version 7"),
    "of no parent": ((), correct(parent_id=999_999), "There is no plan 999999"),
    "on a report that is not there": ((), correct(basis=[999_999]), "Report 999999 is not accepted"),
    "of no metric": ((), correct(objectives=[{"text": "x", "metric": "x"}]), "There is no metric 'x'"),
    "its strategy by raw SQL": (
        (SUBMITTED,), raw("UPDATE plan SET strategy = 'x' WHERE id = {n}"), "handed in is not edited",
    ),
    "an objective by raw SQL": (
        (SUBMITTED,), raw("UPDATE plan_objective SET text = 'x' WHERE plan_id = {n}"), "handed in is not edited",
    ),
    "an objective away": (
        (SUBMITTED,), raw("DELETE FROM plan_objective WHERE plan_id = {n}"), "handed in is not edited",
    ),
    "its kind by raw SQL": (
        (SUBMITTED, APPROVED), raw("UPDATE plan SET kind = 'training' WHERE id = {n}"), "handed in is not edited",
    ),
    "an unknown kind": ((), raw("UPDATE plan SET kind = 'x' WHERE id = {n}"), "ck_plan_kind"),
    "part of itself": ((), raw("UPDATE plan SET parent_id = {n} WHERE id = {n}"), "stands above it"),
    "ends before it starts": (
        (), raw("UPDATE plan SET starts_on = '2026-02-01', ends_on = '2026-01-01' WHERE id = {n}"), "ck_plan_dates",
    ),
    "its status by raw SQL": (
        (SUBMITTED,), raw("UPDATE record SET status = 'approved', version = version + 1 WHERE id = {n}"),
        "only a status change",
    ),
    "deleted": ((), raw("DELETE FROM plan WHERE id = {n}"), "never deleted"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_move_is_refused_and_leaves_no_trace(house: House, name: str) -> None:
    steps, move, match = WRONG[name]
    check_refused(house, made(house, *steps), move, match)


def test_who_comes_second_sees_what_is_different(house: House) -> None:
    number = made(house)
    correct(theme="走进生活")(house, number)
    check_refused(house, number, correct(theme="走向世界", version=1), "theme: 向新而行 → 走进生活")


def test_a_plan_is_part_of_one_that_stands_above_it(house: House) -> None:
    campaign, training = made(house), made(house, kind="training")
    check_refused(house, training, correct(kind="training", parent_id=campaign), "cannot hold this plan")
    other = made(house, kind="training", fiscal_year=YEAR + 1)
    check_refused(house, campaign, correct(parent_id=other), "cannot hold this plan: it must be of the same year")
    correct(parent_id=training)(house, campaign)
    check_refused(house, training, correct(kind="campaign"), "holds other plans")


def test_a_plan_stands_on_accepted_reports_alone(house: House) -> None:
    number, report = made(house), written(house, HANDED_IN)
    check_refused(house, number, correct(basis=[report]), f"Report {report} is not accepted")
    statement = f"INSERT INTO plan_basis (plan_id, report_id) VALUES ({{n}}, {report})"
    check_refused(house, number, raw(statement), "stands on accepted reports")


def test_a_closing_by_raw_sql_needs_its_review_too(house: House) -> None:
    number = made(house, SUBMITTED, APPROVED, ACTIVE)
    statement = (
        "INSERT INTO status_change (record_id, version, from_status, to_status, actor_id, role, acted_as, reason, "
        f"round, at) VALUES ({number}, 4, 'active', 'closed', {house.people.manager}, 'manager', 'manager', '', 1, "
        "'2026-01-01 00:00:00')"
    )

    def move(house: House, _number: int) -> None:
        with house.store.writing(actor=house.people.manager) as session:
            session.connection().exec_driver_sql(statement)

    check_refused(house, number, move, "the plan's review is missing")


def test_a_year_s_budget_needs_lines_even_where_reasons_are_given(house: House) -> None:
    with house.store.writing() as session:
        plan = planning.of_year(session, actor=house.people.manager, basis=[])
        assert budget_line.of_plan(session, plan_id=plan.id) == []
    check_refused(house, plan.id, to("submitted", "manager"), "It has no budget lines")


@pytest.mark.parametrize(
    ("about", "match"),
    [
        ({"kind": "marketing", "parent_id": 1}, "is part of no other"),
        ({"starts_on": f"{YEAR}-02-01", "ends_on": f"{YEAR}-01-01"}, "it ends before it starts"),
        ({"objectives": [{"text": "x", "metric": AWARENESS}] * 2}, "two objectives have the metric"),
        ({"kind": "party"}, "Input should be 'marketing'"),
        ({"fiscal_year": 1999}, "greater than or equal to 2000"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(about: dict[str, Any], match: str) -> None:
    usual = {"title": "x", "fiscal_year": YEAR, "kind": "campaign"}
    with pytest.raises(ValidationError, match=match):
        PlanEntry.model_validate({**usual, **about})
