"""Care on both engines: ahead of the day, once for each occasion, and never without the customer's consent."""

from datetime import date, timedelta

import pytest
from tests.customer.care.list import activity, agent, days, graded, greeted, morning, occasions, reveals, sent, shown
from tests.customer.complaint.desk import Desk, brought
from tests.customer.shop import Shop, entered, merged, mobile, said, shop, undone

from marketbook.customer.care import days as calendar
from marketbook.customer.care import greetings
from marketbook.customer.complaint.tables import Complaint
from marketbook.kit.errors import AccessError
from marketbook.kit.records import roles
from marketbook.kit.store import at
from marketbook.office.activity import Activity

__all__ = ["shop"]

TODAY = roles.today()
TOMORROW = f"{TODAY + timedelta(1):%m-%d}"
SPRING = calendar.festival("spring", TODAY.year + 1)


def customer(shop: Shop, who: str, birthday: str = TOMORROW, *, purpose: str = "care", **more: object) -> int:
    """Enter a customer who allows it."""
    made = entered(shop, "王芳", mobile(), by=who, birthday=birthday, **more)
    said(shop, made, given=True, purpose=purpose, said_on=TODAY - days(5))
    return made


def test_a_birthday_is_on_the_list_a_week_ahead_and_no_earlier(shop: Shop) -> None:
    day = TODAY + days(20)
    made = customer(shop, agent(shop, "ahead"), f"{day:%m-%d}")
    greeted(shop, day - days(8))
    assert occasions(shop, made) == []
    greeted(shop, day - days(7))
    (found,) = occasions(shop, made)
    one = activity(shop, found.activity_id)
    assert (found.occasion, found.period, found.falls_on) == ("birthday", str(day.year), day)
    assert (one.kind, one.method, one.due_on) == ("care", "birthday", day)


def test_the_29th_of_february_is_greeted_on_the_28th_and_a_lunar_birthday_by_its_calendar(shop: Shop) -> None:
    who = agent(shop, "calendars")
    leap, lunar = customer(shop, who, "02-29"), customer(shop, who, "01-15", lunar_birthday=True)
    for day in (20, 21):
        greeted(shop, date(2027, 2, day))
    (first,), (second,) = occasions(shop, leap), occasions(shop, lunar)
    assert (first.falls_on, second.falls_on) == (date(2027, 2, 28), calendar.festival("lantern", 2027))


def test_it_is_greeted_once_however_often_the_duty_runs_and_again_next_year(shop: Shop) -> None:
    made = customer(shop, agent(shop, "once"))
    for day in (TODAY, TODAY, TODAY + days(1)):
        greeted(shop, day)
    assert len(occasions(shop, made)) == 1
    greeted(shop, TODAY + days(365))
    assert [one.period for one in occasions(shop, made)][1:] == [str((TODAY + days(366)).year)]


def test_nothing_is_put_on_a_list_without_consent(shop: Shop) -> None:
    who = agent(shop, "silent")
    silent = entered(shop, "乙", by=who, birthday=TOMORROW)
    other = customer(shop, who, purpose="promotion")
    gone = customer(shop, who)
    said(shop, gone, given=False)
    greeted(shop, TODAY)
    assert not any(occasions(shop, one) for one in (silent, other, gone))


def test_a_festival_is_for_the_classes_that_are_greeted(shop: Shop) -> None:
    who = agent(shop, "festival")
    numbers = {letter: customer(shop, who, "") for letter in "ABC"}
    for letter, number in numbers.items():
        graded(shop, number, letter)
    greeted(shop, SPRING - days(7))
    found = {letter: [one.occasion for one in occasions(shop, number)] for letter, number in numbers.items()}
    assert found == {"A": ["spring"], "B": ["spring"], "C": []}
    (one,) = occasions(shop, numbers["A"])
    assert (one.period, one.falls_on) == (str(SPRING.year), SPRING)


def test_a_number_is_shown_for_what_is_on_the_list_and_it_is_logged(shop: Shop) -> None:
    who = agent(shop, "shown")
    made = customer(shop, who)
    greeted(shop, TODAY)
    (found,) = occasions(shop, made)
    points, refusal = shown(shop, found.activity_id, by=who)
    assert ([kind for kind, _value in points], refusal) == (["mobile"], "")
    with shop.store.reading() as session:
        assert reveals(session, made) == [shop.people[who]]


def test_what_was_sent_is_done_and_says_who_sent_it(shop: Shop) -> None:
    who = agent(shop, "sent")
    made = customer(shop, who)
    greeted(shop, TODAY)
    (before,) = occasions(shop, made)
    assert sent(shop, before.activity_id, by=who) == ""
    (after,) = occasions(shop, made)
    one = activity(shop, after.activity_id)
    assert (one.status, one.outcome, one.done_on) == ("done", "已发微信", TODAY)
    assert (after.sent_by_id, after.sent_at is not None) == (shop.people[who], True)


@pytest.mark.parametrize("step", ["send", "show"])
def test_a_consent_withdrawn_after_it_was_put_on_the_list_cancels_it_with_its_reason(shop: Shop, step: str) -> None:
    who = agent(shop, f"withdrawn {step}")
    made = customer(shop, who)
    greeted(shop, TODAY)
    (found,) = occasions(shop, made)
    said(shop, made, given=False)
    refusal = sent(shop, found.activity_id, by=who) if step == "send" else shown(shop, found.activity_id, by=who)[1]
    assert refusal.startswith("王芳 withdrew “Greetings and care” on ")
    one = activity(shop, found.activity_id)
    (after,) = occasions(shop, made)
    assert (one.status, one.outcome, after.sent_at) == ("cancelled", "", None)
    with shop.store.reading() as session:
        assert reveals(session, made) == []
        assert greetings.refused(session, after) == refusal


def test_a_withdrawn_consent_takes_it_off_the_list_by_the_next_day_too(shop: Shop) -> None:
    made = customer(shop, agent(shop, "cleared"))
    greeted(shop, TODAY)
    said(shop, made, given=False)
    greeted(shop, TODAY + days(1))
    (found,) = occasions(shop, made)
    assert activity(shop, found.activity_id).status == "cancelled"
    said(shop, made, given=True)
    greeted(shop, TODAY + days(1))
    assert len(occasions(shop, made)) == 1


def test_a_greeting_that_is_too_late_is_taken_off_the_list(shop: Shop) -> None:
    made = customer(shop, agent(shop, "late"))
    greeted(shop, TODAY)
    (found,) = occasions(shop, made)
    greeted(shop, TODAY + days(8))
    assert activity(shop, found.activity_id).status == "planned"
    greeted(shop, TODAY + days(9))
    assert activity(shop, found.activity_id).status == "cancelled"


def test_two_cards_of_one_customer_are_greeted_once_and_each_again_when_the_merge_is_undone(shop: Shop) -> None:
    who = agent(shop, "merged")
    kept, other = customer(shop, who), customer(shop, who)
    greeted(shop, TODAY)
    (mine,), (theirs,) = occasions(shop, kept), occasions(shop, other)
    merged(shop, kept, other)
    assert sent(shop, theirs.activity_id, by=who) == ""
    with shop.store.reading() as session:
        assert greetings.refused(session, mine).startswith("The customer was greeted already")
    undone(shop, other)
    assert sent(shop, mine.activity_id, by=who) == ""


def test_what_was_done_for_a_merged_card_is_not_put_on_the_list_again(shop: Shop) -> None:
    who = agent(shop, "before")
    kept = customer(shop, who, "")
    other = customer(shop, who)
    greeted(shop, TODAY)
    merged(shop, kept, other)
    greeted(shop, TODAY)
    assert (len(occasions(shop, other)), occasions(shop, kept)) == (1, [])


def test_who_complained_is_asked_how_it_went_a_week_after_it_was_closed(shop: Shop) -> None:
    made = customer(shop, agent(shop, "complained"), "", purpose="survey")
    desk = Desk(shop.store, {**shop.people, "lin": shop.people["service"]}, made)
    with at(morning(TODAY - days(3))):
        number = brought(desk, "closed", severity="normal")
    greeted(shop, TODAY - days(4))
    greeted(shop, TODAY - days(3))
    (found,) = occasions(shop, made)
    with shop.store.reading() as session:
        assert found.period == session.get_one(Complaint, number).number
    assert (found.occasion, found.falls_on) == ("return_visit", TODAY + days(4))


def test_of_two_agents_who_send_it_one_is_told_that_the_other_did(shop: Shop) -> None:
    who = agent(shop, "two")
    made = customer(shop, who)
    greeted(shop, TODAY)
    (found,) = occasions(shop, made)
    seen = activity(shop, found.activity_id).version
    sent(shop, found.activity_id, by="manager", version=seen)
    with pytest.raises(AccessError, match="is not yours"):
        sent(shop, found.activity_id, by=who, version=seen)
    with shop.store.reading() as session:
        assert session.get_one(Activity, found.activity_id).status == "done"
