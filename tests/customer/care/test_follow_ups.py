"""Follow-ups on both engines: due by class, on one list once, done with a result, and due again after it."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from tests.customer.care.list import agent, clock, days, done, graded, listed, morning, put
from tests.customer.shop import Shop, changed, entered, entry, merged, shop, undone

from marketbook.customer.care import follow_ups, params
from marketbook.customer.care.tables import ContactClock
from marketbook.kit.records import Parameter, Party, roles, rules
from marketbook.kit.records.advancing import advance
from marketbook.kit.store import at
from marketbook.office.activity import Activity, Participation

__all__ = ["shop"]

TODAY = roles.today()


def customer(shop: Shop, who: str, grade: str = "A", *, ago: int = 0) -> int:
    made = entered(shop, "王芳", by=who, met_on=TODAY - days(ago))
    graded(shop, made, grade)
    return made


@pytest.mark.parametrize(("grade", "interval"), [("A", 30), ("B", 90), ("C", 180)])
def test_a_customer_is_on_the_list_a_week_before_the_class_s_days_are_over(
    shop: Shop, grade: str, interval: int
) -> None:
    who = agent(shop, f"early {grade}")
    made = customer(shop, who, grade)
    put(shop, TODAY + days(interval - 8))
    assert listed(shop, made) is None
    put(shop, TODAY + days(interval - 7))
    found = listed(shop, made)
    assert found is not None
    assert (found.kind, found.due_on, found.owner_id) == ("call", TODAY + days(interval), shop.people[who])


def test_a_customer_without_a_class_is_as_class_c(shop: Shop) -> None:
    made = entered(shop, by=agent(shop, "unknown"))
    put(shop, TODAY)
    assert clock(shop, made).due_on == TODAY + days(180)


def test_nobody_is_on_two_lists_however_often_the_duty_runs(shop: Shop) -> None:
    made = customer(shop, agent(shop, "again"), ago=40)
    assert [put(shop, TODAY), put(shop, TODAY)][1] == 0
    with shop.store.reading() as session:
        mine = select(Activity.id).join(Participation, Participation.activity_id == Activity.id)
        assert len(session.scalars(mine.where(Participation.party_id == made)).all()) == 1


def test_what_is_done_has_a_result_and_is_due_again_by_class(shop: Shop) -> None:
    who = agent(shop, "done")
    made = customer(shop, who, "B", ago=100)
    put(shop, TODAY)
    first = listed(shop, made)
    assert first is not None
    done(shop, first, by=who)
    found = clock(shop, made)
    assert (found.activity_id, found.last_on, found.due_on) == (None, TODAY, TODAY + days(90))
    put(shop, TODAY + days(83))
    again = listed(shop, made)
    assert again is not None
    assert (again.id != first.id, again.due_on) == (True, TODAY + days(90))


def test_result_and_next_follow_up_are_one_step(shop: Shop) -> None:
    who = agent(shop, "next")
    soon, later = customer(shop, who, ago=40), customer(shop, who, ago=40)
    put(shop, TODAY)
    for made, on in ((soon, TODAY + days(3)), (later, TODAY + days(60))):
        one = listed(shop, made)
        assert one is not None
        done(shop, one, by=who, next_on=on)
        assert clock(shop, made).due_on == on
    put_at_once = listed(shop, soon)
    assert put_at_once is not None
    assert (put_at_once.due_on, listed(shop, later)) == (TODAY + days(3), None)


def test_a_step_from_another_screen_sets_the_clock_too(shop: Shop) -> None:
    who = agent(shop, "elsewhere")
    made = customer(shop, who, ago=40)
    put(shop, TODAY)
    one = listed(shop, made)
    assert one is not None
    with shop.store.writing() as session:
        found = session.get_one(Activity, one.id)
        advance(session, found, "cancelled", actor=shop.people[who], version=1, reason="客户出差")
    found = clock(shop, made)
    assert (found.activity_id, found.last_on, found.due_on) == (None, TODAY - days(40), TODAY + days(30))


def test_a_list_holds_what_a_day_holds_the_best_class_first(shop: Shop) -> None:
    who = agent(shop, "full")
    worst = [customer(shop, who, "C", ago=400) for _each in range(19)]
    best = [customer(shop, who, "A", ago=40) for _each in range(3)]
    put(shop, TODAY)
    assert all(listed(shop, one) for one in best)
    assert sum(listed(shop, one) is not None for one in worst) == 17
    first = listed(shop, best[0])
    assert first is not None
    done(shop, first, by=who)
    put(shop, TODAY)
    assert sum(listed(shop, one) is not None for one in worst) == 18


def test_another_class_is_another_day(shop: Shop) -> None:
    made = customer(shop, agent(shop, "class"), "C", ago=20)
    put(shop, TODAY)
    assert clock(shop, made).due_on == TODAY + days(160)
    graded(shop, made, "A")
    put(shop, TODAY)
    assert clock(shop, made).due_on == TODAY + days(10)


def test_another_interval_holds_from_its_day_on(shop: Shop) -> None:
    made = customer(shop, agent(shop, "dated"), "B")
    start = TODAY + days(20)
    with shop.store.writing() as session:
        change = rules.propose_parameter(
            session, name=params.INTERVALS.name, value=[30, 60, 180], valid_from=start, source="实测",
            actor=shop.people["admin"],
        )  # fmt: skip
    with shop.store.writing() as session:
        found = session.get_one(type(change), change.id)
        advance(session, found, "approved", actor=shop.people["director"], version=found.version)
        assert session.get(Parameter, (params.INTERVALS.name, start)) is not None
    put(shop, start - days(1))
    assert clock(shop, made).due_on == TODAY + days(90)
    put(shop, start)
    assert clock(shop, made).due_on == TODAY + days(60)


def test_who_was_not_reached_is_put_off(shop: Shop) -> None:
    who = agent(shop, "away")
    made = customer(shop, who, ago=40)
    put(shop, TODAY)
    one = listed(shop, made)
    assert one is not None
    with shop.store.writing() as session:
        found = session.get_one(Activity, one.id)
        follow_ups.postpone(session, found, to=TODAY + days(2), actor=shop.people[who], version=1)
    assert (again := listed(shop, made)) is not None
    assert (again.id, again.due_on) == (one.id, TODAY + days(2))


def test_merged_cards_are_one_customer_and_two_again_when_it_is_undone(shop: Shop) -> None:
    who = agent(shop, "merged")
    kept, other = customer(shop, who, ago=40), customer(shop, who, ago=40)
    put(shop, TODAY)
    theirs = listed(shop, other)
    assert theirs is not None
    merged(shop, kept, other)
    done(shop, theirs, by=who)
    assert clock(shop, kept).last_on == TODAY
    undone(shop, other)
    assert (clock(shop, other).last_on, clock(shop, other).activity_id) == (TODAY, None)
    assert listed(shop, kept) is not None


def test_a_merged_card_s_open_follow_up_keeps_the_kept_one_off_the_list(shop: Shop) -> None:
    who = agent(shop, "twice")
    kept, other = customer(shop, who, ago=0), customer(shop, who, ago=40)
    put(shop, TODAY)
    merged(shop, kept, other)
    put(shop, TODAY + days(30))
    assert listed(shop, kept) is None
    undone(shop, other)
    put(shop, TODAY + days(30))
    assert listed(shop, kept) is not None


def test_the_last_contact_with_either_card_counts(shop: Shop) -> None:
    who = agent(shop, "either")
    kept, other = customer(shop, who, ago=20), customer(shop, who, ago=5)
    put(shop, TODAY)
    merged(shop, kept, other)
    put(shop, TODAY + days(4))
    assert (clock(shop, kept).due_on, listed(shop, kept)) == (TODAY + days(25), None)


def test_whose_owner_has_left_is_on_the_superior_s_list(shop: Shop) -> None:
    who = agent(shop, "left")
    made = customer(shop, who, ago=40)
    with shop.store.writing(actor="system:test") as session:
        session.get_one(Party, shop.people[who]).status = "left"
    put(shop, TODAY)
    found = listed(shop, made)
    assert found is not None
    assert found.owner_id == shop.people["manager"]


def test_a_card_that_was_handed_over_is_followed_up_by_the_new_owner(shop: Shop) -> None:
    first, second = agent(shop, "old"), agent(shop, "new")
    made = customer(shop, first, ago=40)
    put(shop, TODAY)
    one = listed(shop, made)
    assert one is not None
    changed(shop, made, entry("王芳", owner_id=shop.people[second]))
    done(shop, one, by=first)
    with at(morning(TODAY + timedelta(25))):
        put(shop, TODAY + timedelta(25))
    again = listed(shop, made)
    assert again is not None
    assert again.owner_id == shop.people[second]
    with shop.store.reading() as session:
        assert session.scalars(select(ContactClock).where(ContactClock.customer_id == made)).one()
