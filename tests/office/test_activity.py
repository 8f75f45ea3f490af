"""Activities: under way, blocked, done with what came of them; what a plan in force promised stays."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.office import planning
from tests.office.company import House, status, step, walk
from tests.office.planning import YEAR
from tests.office.traces import Move, check_refused, raw, to, within

from marketbook.kit.records import Record, StaleError, advance, roles
from marketbook.office import activity
from marketbook.office.activity import Activity
from marketbook.office.params import ActivityEntry, ResultEntry

ENTRY: dict[str, Any] = {"kind": "task", "title": "联系媒体", "due_on": date(YEAR, 5, 31)}


def task(house: House, *steps: str, **about: Any) -> int:
    """Enter an activity of sales and bring it as far as some status."""
    with house.store.writing() as session:
        made = activity.enter(session, ActivityEntry.model_validate({**ENTRY, **about}), actor=house.people.sales)
        for one in steps:
            step(session, made, one, house.people.sales, "因为")
        return made.id


def planned(house: House) -> int:
    """Enter an activity of a plan that was approved."""
    with house.store.writing() as session:
        made = planning.complete(session, actor=house.people.manager)
        number = planning.work(session, made.id, actor=house.people.sales).id
        step(session, made, "submitted", house.people.manager)
        step(session, made, "approved", house.people.director)
        return number


def finish(who: str, version: int = 0, **result: Any) -> Move:
    def move(house: House, number: int) -> None:
        with house.store.writing() as session:
            found, actor = session.get_one(Activity, number), vars(house.people)[who]
            entry = ResultEntry.model_validate(result)
            activity.finish(session, found, entry, actor=actor, version=version or found.version)

    return move


def correct(who: str = "sales", **about: Any) -> Move:
    def move(house: House, number: int) -> None:
        with house.store.writing() as session:
            found = session.get_one(Activity, number)
            same = {name: getattr(found, name) for name in ActivityEntry.model_fields if name != "owner_id"}
            entry = ActivityEntry.model_validate({**same, **about})
            activity.correct(session, found, entry, actor=vars(house.people)[who], version=found.version)

    return move


def test_it_is_begun_blocked_taken_up_and_done(house: House) -> None:
    number = planned(house)
    walk(house, number, ("in_progress", house.people.sales), ("blocked", house.people.manager))
    walk(house, number, ("in_progress", house.people.sales))
    finish("sales", outcome="三场均完成", qty_done=3, quality=4)(house, number)
    with house.store.reading() as session:
        found = session.get_one(Activity, number)
        assert (found.status, found.done_on, found.qty_done, found.quality) == ("done", roles.today(), 3, 4)


def test_how_far_it_is_can_be_noted_before_its_end(house: House) -> None:
    number = task(house, "in_progress", qty_planned=3)
    with house.store.writing() as session:
        found = session.get_one(Activity, number)
        activity.note(session, found, ResultEntry(qty_done=1), actor=house.people.manager, version=found.version)
        assert (found.qty_done, found.outcome, found.version) == (1, "", 3)


def test_what_is_closed_without_another_day_was_done_today(house: House) -> None:
    number = task(house, "in_progress")
    with house.store.writing() as session:
        found = session.get_one(Activity, number)
        activity.note(session, found, ResultEntry(outcome="好"), actor=house.people.sales, version=found.version)
        version = found.version
        advance(session, found, "done", actor=house.people.sales, version=version)
        assert (found.done_on, found.version) == (roles.today(), version + 2)


def test_those_who_take_part_are_noted(house: House) -> None:
    with house.store.writing() as session:
        entry = ActivityEntry.model_validate({**ENTRY, "kind": "training"})
        found = activity.enter(session, entry, actor=house.people.manager)
        one = activity.invite(session, found, party_id=house.people.sales, role="学员", actor=house.people.manager)
        activity.attended(session, one, came=True, minutes=90, result="85 分", actor=house.people.manager)
        assert (one.attended, one.minutes, one.result) == (True, 90, "85 分")


WRONG: dict[str, tuple[tuple[str, ...], dict[str, Any], Move, str]] = {
    "done before it was begun": ((), {}, to("done", "sales"), "planned and cannot become done; from here.*cancelled"),
    "done while blocked": (("in_progress", "blocked"), {}, to("done", "sales"), "blocked and cannot become done"),
    "done without an outcome": (("in_progress",), {}, to("done", "sales"), "does not say what came of it"),
    "done without a quantity": (
        ("in_progress",), {"qty_planned": 3}, finish("sales", outcome="好"), "does not say how many were done",
    ),
    "done without its quality": (
        ("in_progress",), {"quality_standard": "无差错"}, finish("sales", outcome="好"), "Its quality was not judged",
    ),
    "done on a day to come": (
        ("in_progress",), {}, finish("sales", outcome="好", done_on=date.today() + timedelta(2)), "which is to come",  # noqa: DTZ011
    ),
    "done by someone else": (("in_progress",), {}, finish("finance", outcome="好"), "is not yours to write in"),
    "done twice": (("in_progress", "cancelled"), {}, finish("sales", outcome="好"), "is cancelled; results are noted"),
    "done as it was seen before": (("in_progress",), {}, finish("sales", 1, outcome="好"), "was changed by sales"),
    "blocked without a reason": (("in_progress",), {}, to("blocked", "sales", " "), "needs a reason"),
    "cancelled without a reason": ((), {}, to("cancelled", "sales", ""), "needs a reason"),
    "cancelled by another": ((), {}, to("cancelled", "finance"), "finance may not take this step"),
    "corrected by another": ((), {}, correct("manager", title="x"), "nobody else edits it"),
    "corrected once begun": (("in_progress",), {}, correct(title="x"), "only before it is handed in"),
    "results of what was not begun, by raw SQL": (
        (), {}, raw("UPDATE activity SET qty_done = 5 WHERE id = {n}"), "noted while it is under way",
    ),
    "results of what was cancelled, by raw SQL": (
        ("cancelled",), {}, raw("UPDATE activity SET outcome = 'x' WHERE id = {n}"), "noted while it is under way",
    ),
    "another quality than from 1 to 5": (
        ("in_progress",), {}, raw("UPDATE activity SET quality = 6 WHERE id = {n}"), "ck_activity_quality",
    ),
    "deleted": ((), {}, raw("DELETE FROM activity WHERE id = {n}"), "never deleted"),
    "of no plan": ((), {}, raw("UPDATE activity SET plan_id = {n} WHERE id = {n}"), "there is no such plan"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_move_is_refused_and_leaves_no_trace(house: House, name: str) -> None:
    steps, about, move, match = WRONG[name]
    check_refused(house, task(house, *steps, **about), move, match)


PROMISES: dict[str, tuple[Move, str]] = {
    "due later": (correct(due_on=date(YEAR, 12, 1)), "holds to due_on; cancel AC-.* with a reason"),
    "fewer": (correct(qty_planned=1), "holds to qty_planned"),
    "out of the plan": (correct(plan_id=None), "holds to plan_id"),
    "due later, by raw SQL": (raw(f"UPDATE activity SET due_on = '{YEAR}-12-01' WHERE id = {{n}}"), "holds to it"),
}


@pytest.mark.parametrize("name", PROMISES)
def test_what_a_plan_in_force_promised_stays(house: House, name: str) -> None:
    move, match = PROMISES[name]
    check_refused(house, planned(house), move, match)


def test_what_a_plan_did_not_promise_may_still_be_corrected(house: House) -> None:
    number = planned(house)
    correct(title="新品体验周")(house, number)
    with house.store.reading() as session:
        assert session.get_one(Record, number).title == "新品体验周"


def test_it_is_not_begun_before_its_plan_is_in_force(house: House) -> None:
    with house.store.writing() as session:
        draft = planning.complete(session, actor=house.people.manager)
        number = planning.work(session, draft.id, actor=house.people.sales).id
    check_refused(house, number, to("in_progress", "sales"), "Its plan PL-.* is not in force")
    assert status(house, number) == "planned"


def test_done_without_an_outcome_is_refused_by_the_database_too(house: House) -> None:
    number = task(house, "in_progress")
    statement = (
        "INSERT INTO status_change (record_id, version, from_status, to_status, actor_id, role, acted_as, reason, "
        "round, at) VALUES ({n}, 2, 'in_progress', 'done', {sales}, 'owner', 'owner', '', 1, '2026-01-01 00:00:00')"
    )

    def move(house: House, number: int) -> None:
        with house.store.writing(actor=house.people.sales) as session:
            session.connection().exec_driver_sql(statement.format(n=number, **vars(house.people)))

    check_refused(house, number, move, "what came of the activity is missing")


def test_a_lost_race_says_what_is_different(house: House) -> None:
    number = task(house)
    correct(title="联系两家媒体")(house, number)
    entry = ActivityEntry.model_validate({**ENTRY, "title": "联系三家媒体"})
    with pytest.raises(StaleError, match="title: 联系媒体 → 联系两家媒体"), house.store.writing() as session:
        activity.correct(session, session.get_one(Activity, number), entry, actor=house.people.sales, version=1)


@pytest.mark.parametrize(
    ("about", "match"),
    [({"plan_id": 999_999}, "There is no plan 999999"), ({"about_id": 999_999}, "There is no record 999999")],
)
def test_it_belongs_to_what_is_there(house: House, about: dict[str, Any], match: str) -> None:
    entry = ActivityEntry.model_validate({**ENTRY, **about})
    move = within(lambda h, session, _n: activity.enter(session, entry, actor=h.people.sales))
    check_refused(house, 0, move, match)


def test_it_is_due_after_it_starts() -> None:
    with pytest.raises(ValueError, match="it is due before it starts"):
        ActivityEntry.model_validate({**ENTRY, "starts_on": date(YEAR, 6, 1)})
