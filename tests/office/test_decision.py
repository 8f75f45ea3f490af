"""The decision ledger: what is recommended, what accepting it starts, and what it brought of what was predicted."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import select
from tests.office import planning
from tests.office.company import House, budget, status, walk
from tests.office.planning import AWARENESS, YEAR
from tests.office.traces import Move, check_refused, raw, to, within

from marketbook.kit.records import Notification, Record
from marketbook.kit.store import now
from marketbook.office import decision, decision_score, measurement, scenario
from marketbook.office.activity import Activity
from marketbook.office.budget_transfer import BudgetTransfer
from marketbook.office.decision import Decision
from marketbook.office.params import DecisionEntry, MeasurementEntry, ScenarioEntry

ENTRY: dict[str, Any] = {
    "title": "加投信息流", "recommendation": "六月把信息流预算提高一成", "metric": AWARENESS, "predicted": 0.04,
    "low": 0.02, "high": 0.06, "level_bp": 9_000, "cost": 100_000, "review_on": date(YEAR, 9, 30),
}  # fmt: skip
TASK = {"kind": "advertising", "title": "调整投放", "due_on": date(YEAR, 6, 30)}


def proposed(house: House, **about: Any) -> int:
    """Enter a recommendation of sales."""
    with house.store.writing() as session:
        planning.awareness(session, actor=house.people.sales)
        entry = DecisionEntry.model_validate({**ENTRY, **about})
        return decision.propose(session, entry, actor=house.people.sales).id


def accepted(house: House, **about: Any) -> int:
    number = proposed(house, **about)
    walk(house, number, ("accepted", house.people.manager))
    return number


def effect(value: float, **about: Any) -> MeasurementEntry:
    return MeasurementEntry.model_validate(
        {"metric": AWARENESS, "basis": "actual", "period": f"{YEAR}-Q3", "value": value, **about}
    )


def review(value: float, who: str = "manager", **about: Any) -> Move:
    def move(house: House, number: int) -> None:
        with house.store.writing() as session:
            found = session.get_one(Decision, number)
            actor = vars(house.people)[who]
            decision.review(session, found, effect(value, **about), actor=actor, version=found.version)

    return move


def test_accepting_starts_the_activity_and_the_transfer_in_one_go(house: House) -> None:
    line = budget(house)
    number = accepted(house, activity=TASK, transfer={"amount": 5_000, "to_line": line})
    with house.store.reading() as session:
        made = session.get_one(Decision, number)
        task, transfer = session.get_one(Activity, made.activity_id), session.get_one(BudgetTransfer, made.transfer_id)
        assert (task.status, task.owner_id, task.about_id) == ("planned", house.people.sales, number)
        assert (transfer.status, transfer.owner_id, transfer.amount_minor) == ("draft", house.people.sales, 5_000)
        told = select(Notification.kind).where(
            Notification.record_id.in_((transfer.id, task.id)), Notification.recipient_id == house.people.sales
        )
        assert list(session.scalars(told)) == ["assigned", "assigned"]


def test_where_what_it_starts_cannot_be_nothing_is_accepted(house: House) -> None:
    number = proposed(house, activity={**TASK, "plan_id": 999_999})
    check_refused(house, number, to("accepted", "manager"), "There is no plan 999999")
    assert status(house, number) == "open"


@pytest.mark.parametrize(("value", "held"), [(0.02, True), (0.06, True), (0.0199, False), (0.07, False)])
def test_the_interval_held_what_was_measured_or_it_did_not(house: House, value: float, held: bool) -> None:
    number = accepted(house)
    review(value)(house, number)
    with house.store.reading() as session:
        made = session.get_one(Decision, number)
        assert (made.status, made.held) == ("reviewed", held)
        figure = measurement.actual(session, metric=AWARENESS, period=f"{YEAR}-Q3", subject=number)
        assert figure is not None
        assert (figure.value, figure.id) == (value, made.measurement_id)


def test_a_figure_that_a_run_measured_may_be_the_effect(house: House) -> None:
    number = accepted(house)
    with house.store.writing() as session:
        made = session.get_one(Decision, number)
        figure = measurement.record(session, effect(0.05, period="2040"), actor=house.people.sales)
        decision.review(session, made, figure, actor=house.people.manager, version=made.version, reason="节奏合适")
        assert made.held is True


def test_a_recommendation_may_come_from_a_scenario(house: House) -> None:
    with house.store.writing() as session:
        entry = ScenarioEntry(
            name="多投一成", notebook="budget/allocate-budget", parameters={"total": 1}, result={"x": 2}
        )
        kept = scenario.keep(session, entry, actor=house.people.sales)
        assert scenario.listed(session, notebook="budget/allocate-budget") == [kept]
    number = proposed(house, scenario_id=kept.id)
    check_refused(house, number, raw(f"UPDATE scenario SET name = 'x' WHERE id = {kept.id}"), "never changed")
    with house.store.writing() as session:
        made = session.get_one(Decision, number)
        other = DecisionEntry.model_validate({**ENTRY, "scenario_id": kept.id, "cost": 1})
        decision.correct(session, made, other, actor=house.people.sales, version=made.version)
        assert (made.amount_minor, made.scenario_id) == (1, kept.id)


def test_from_a_threshold_the_director_decides(house: House) -> None:
    number = proposed(house, cost=500_000)
    check_refused(house, number, to("accepted", "manager"), "it is for Marketing director")
    walk(house, number, ("accepted", house.people.director))


def test_who_proposed_it_for_another_does_not_decide_on_it(house: House) -> None:
    with house.store.writing() as session:
        planning.awareness(session, actor=house.people.sales)
        entry = DecisionEntry.model_validate({**ENTRY, "owner_id": house.people.sales})
        number = decision.propose(session, entry, actor=house.people.manager).id
    check_refused(house, number, to("accepted", "manager"), "is about manager, who may not decide")
    walk(house, number, ("accepted", house.people.director))


def declined(house: House) -> int:
    number = proposed(house)
    walk(house, number, ("declined", house.people.manager))
    return number


def reviewed(house: House) -> int:
    number = accepted(house)
    review(0.03)(house, number)
    return number


WRONG: dict[str, tuple[Any, Move, str]] = {
    "accepted by its owner": (proposed, to("accepted", "sales"), "answers for this record"),
    "accepted by his deputy": (
        lambda house: proposed(house, owner_id=house.people.manager), to("accepted", "deputy"), "represents|is for",
    ),
    "accepted by finance": (proposed, to("accepted", "finance"), "it is for Marketing manager"),
    "declined without a reason": (proposed, to("declined", "manager", " "), "needs a reason"),
    "accepted after it was declined": (declined, to("accepted", "manager"), "declined and cannot become accepted"),
    "reviewed before it was accepted": (proposed, to("reviewed", "manager"), "decided and cannot become reviewed"),
    "its effect before it was accepted": (proposed, review(0.03), "is to be decided; an effect is noted once"),
    "reviewed without an effect": (accepted, to("reviewed", "manager"), "effect that was measured is missing"),
    "reviewed by its owner": (accepted, review(0.03, "sales"), "is not yours to write in"),
    "reviewed with a target": (accepted, review(0.03, basis="target"), "measured as an actual figure of 品牌知名度"),
    "reviewed twice": (reviewed, review(0.05), "is reviewed; an effect is noted once"),
    "its interval after it was accepted": (
        accepted, raw("UPDATE decision SET high = 9 WHERE id = {n}"), "handed in is not edited",
    ),
    "its effect by raw SQL before it was accepted": (
        proposed, raw("UPDATE decision SET measurement_id = (SELECT max(id) FROM measurement) WHERE id = {n}"),
        "written once|its own metric",
    ),
    "another effect by raw SQL": (
        reviewed, raw("UPDATE decision SET measurement_id = NULL WHERE id = {n}"), "written once",
    ),
    "another activity by raw SQL": (
        lambda house: accepted(house, activity=TASK), raw("UPDATE decision SET activity_id = NULL WHERE id = {n}"),
        "written once",
    ),
    "deleted": (proposed, raw("DELETE FROM decision WHERE id = {n}"), "never deleted"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_move_is_refused_and_leaves_no_trace(house: House, name: str) -> None:
    made, move, match = WRONG[name]
    check_refused(house, made(house), move, match)


@pytest.mark.parametrize(
    ("about", "match"),
    [
        ({"metric": "nothing"}, "There is no metric 'nothing'"),
        ({"report_id": 999_999}, "There is no report 999999"),
        ({"scenario_id": 999_999}, "There is no scenario 999999"),
        ({"transfer": {"amount": 5, "to_line": 999_999}}, "There is no budget line 999999"),
        ({"transfer": {"amount": 5}}, "goes from one budget line to another"),
    ],
)
def test_a_recommendation_stands_on_what_is_there(house: House, about: dict[str, Any], match: str) -> None:
    entry = DecisionEntry.model_validate({**ENTRY, **about})
    with house.store.writing() as session:
        planning.awareness(session, actor=house.people.sales)
    check_refused(house, 0, within(lambda h, s, _n: decision.propose(s, entry, actor=h.people.sales)), match)


@pytest.mark.parametrize(
    ("about", "match"),
    [
        ({"predicted": 0.1}, "lies outside its interval"),
        ({"report_id": 1, "scenario_id": 1}, "not from both"),
        ({"level_bp": 10_000}, "less than or equal to 9999"),
        ({"cost": -1}, "greater than or equal to 0"),
    ],
)
def test_a_recommendation_says_what_it_expects(about: dict[str, Any], match: str) -> None:
    with pytest.raises(ValidationError, match=match):
        DecisionEntry.model_validate({**ENTRY, **about})


def test_the_ledger_keeps_score(house: House) -> None:
    moment = now()
    for value in (0.04, 0.02, 0.09):
        review(value)(house, accepted(house, level_bp=8_000))
    declined(house)
    waiting = accepted(house, review_on=date(2020, 1, 1))
    proposed(house)
    with house.store.reading() as session:
        found = decision_score.score(session, since=moment)
        assert (found.decided, found.accepted, found.reviewed) == (5, 4, 3)
        assert found.ratio == pytest.approx((1 + 0.5 + 2.25) / 3)
        assert (found.held, found.expected) == (pytest.approx(2 / 3), pytest.approx(0.8))
        assert [one.id for one in decision.due(session, on=date(2020, 1, 2))] == [waiting]
        assert session.get_one(Record, waiting).status == "accepted"


def test_before_the_first_review_there_is_no_score(house: House) -> None:
    with house.store.reading() as session:
        found = decision_score.score(session, since=date(2999, 1, 1))
        assert (found.decided, found.reviewed, found.ratio, found.held, found.expected) == (0, 0, None, None, None)
