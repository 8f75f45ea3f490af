"""Every wrong move with follow-ups, greetings and recommendations is refused on both engines, and leaves no trace."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.customer.care.list import agent, days, graded, greeted, listed, occasions, put, sent, shown, trace
from tests.customer.shop import Shop, entered, merged, said, shop

from marketbook.customer.care import follow_ups, greetings
from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.records import StaleError, advance, roles
from marketbook.office import activity
from marketbook.office.activity import Activity
from marketbook.office.params import ResultEntry

__all__ = ["shop"]

TODAY = roles.today()
REFUSED = (RecordError, AccessError, StaleError, DBAPIError)
Move = Callable[[Shop, dict[str, int]], object]


@pytest.fixture(scope="module")
def placed(shop: Shop) -> dict[str, int]:
    """A follow-up and a greeting on a list, a greeting that was sent, and a card that is merged."""
    who = agent(shop, "own")
    tomorrow = f"{TODAY + timedelta(1):%m-%d}"
    one, other, gone = (
        entered(shop, "王芳", by=who, birthday=tomorrow, met_on=TODAY - days(400)) for _each in range(3)
    )
    for number in (one, other):
        graded(shop, number, "B")
        said(shop, number, given=True)
    merged(shop, one, gone)
    put(shop, TODAY)
    greeted(shop, TODAY)
    (first,), (second,) = occasions(shop, one), occasions(shop, other)
    sent(shop, second.activity_id, by=who)
    follow = listed(shop, one)
    assert follow is not None
    return {
        "n": one, "other": other, "gone": gone, "follow": follow.id, "care": first.activity_id,
        "sent": second.activity_id, "occasion": first.id, "past": second.id, "own": shop.people[who],
        "service": shop.people["service"],
    }  # fmt: skip


def finish(*, by: str = "own", version: int = 0, which: str = "follow", **about: object) -> Move:
    def move(shop: Shop, placed: dict[str, int]) -> None:
        with shop.store.writing() as session:
            one = session.get_one(Activity, placed[which])
            given = {"result": "已沟通", "version": version or one.version, **about}
            follow_ups.finish(session, one, actor=shop.people[by], **given)  # type: ignore[arg-type]

    return move


def postpone(to: int, *, by: str = "own") -> Move:
    def move(shop: Shop, placed: dict[str, int]) -> None:
        with shop.store.writing() as session:
            one = session.get_one(Activity, placed["follow"])
            follow_ups.postpone(session, one, to=TODAY + days(to), actor=shop.people[by], version=one.version)

    return move


def step(which: str, to: str, *, by: str = "own", reason: str = "") -> Move:
    def move(shop: Shop, placed: dict[str, int]) -> None:
        with shop.store.writing() as session:
            one = session.get_one(Activity, placed[which])
            advance(session, one, to, actor=shop.people[by], version=one.version, reason=reason)

    return move


def done_unsent(shop: Shop, placed: dict[str, int]) -> None:
    """As the screen of tasks would: it is begun, its outcome is noted, and it is closed."""
    with shop.store.writing() as session:
        one = session.get_one(Activity, placed["care"])
        advance(session, one, "in_progress", actor=placed["own"], version=one.version)
        activity.finish(session, one, ResultEntry(outcome="已发"), actor=placed["own"], version=one.version)


def leave_out(shop: Shop, placed: dict[str, int]) -> None:
    with shop.store.writing() as session:
        one = session.get_one(Activity, placed["care"])
        greetings.leave_out(session, one, reason=" ", actor=placed["own"], version=one.version)


def raw(statement: str) -> Move:
    def move(shop: Shop, placed: dict[str, int]) -> None:
        with shop.store.writing(actor=placed["own"]) as session:
            session.execute(text(statement.format(**placed)))

    return move


NEW = "INSERT INTO care_occasion (customer_id, occasion, period, purpose, falls_on, activity_id{0}) VALUES ({1})"
WRONG: dict[str, tuple[Move, str]] = {
    "without a result": (finish(result=" "), "does not say what came of it"),
    "of another's list": (finish(by="sales"), "not yours"),
    "by who works with no customers": (finish(by="finance"), "entered and changed by sales"),
    "an old version": (finish(version=99), "version"),
    "next today": (finish(next_on=TODAY), "must be after today"),
    "next in years": (finish(next_on=TODAY + days(731)), "within 730 days"),
    "a greeting as a follow-up": (finish(which="sent"), "not yours"),
    "put off to yesterday": (postpone(-1), "must be after today"),
    "put off by another": (postpone(2, by="sales"), "not yours"),
    "cancelled without a reason": (step("care", "cancelled"), "needs a reason"),
    "left out without a reason": (leave_out, "needs a reason"),
    "a greeting done that was not sent": (done_unsent, "It was not sent"),
    "sent by another": (lambda s, p: sent(s, p["care"], by="sales"), "not yours"),
    "sent twice": (lambda s, p: sent(s, p["sent"], by="own"), "not yours"),
    "sent without saying how": (lambda s, p: sent(s, p["care"], by="own", result=""), "what came of it"),
    "shown to another": (lambda s, p: shown(s, p["care"], by="sales"), "not yours"),
    "shown after it was sent": (lambda s, p: shown(s, p["sent"], by="own"), "not yours"),
    "a follow-up sent as a greeting": (lambda s, p: sent(s, p["follow"], by="own"), "no greeting"),
    "the same occasion again": (
        raw(NEW.format("", "{n}, 'birthday', (SELECT period FROM care_occasion WHERE id = {occasion}), 'care', "
                           "'2026-01-01', {follow}")), "never replaced|UNIQUE|unique|no care"),
    "an occasion of a merged card": (
        raw(NEW.format("", "{gone}, 'spring', '2031', 'care', '2026-01-01', {care}")), "merged|never replaced"),
    "an occasion that begins sent": (
        raw(NEW.format(", sent_by_id, sent_at", "{n}, 'spring', '2031', 'care', '2026-01-01', {follow}, {own}, "
                       "'2026-01-01T00:00:00.000000Z'")), "begins unsent|no care|type"),
    "an occasion of another year": (
        raw("UPDATE care_occasion SET period = '1999' WHERE id = {occasion}"), "never change"),
    "sent in another's name": (
        raw("UPDATE care_occasion SET sent_by_id = {service}, sent_at = (SELECT entered_at FROM customer "
            "WHERE id = {n}) WHERE id = {occasion}"), "only who acts"),
    "sent again": (raw("UPDATE care_occasion SET sent_by_id = {own} WHERE id = {past}"), "stays so|is over"),
    "an occasion taken away": (raw("DELETE FROM care_occasion WHERE id = {occasion}"), "never deleted"),
    "a second clock": (
        raw("INSERT INTO contact_clock (customer_id, last_on, days, due_on) "
            "SELECT customer_id, last_on, days, due_on FROM contact_clock WHERE customer_id = {n}"), "never replaced"),
    "a clock of a greeting": (
        raw("UPDATE contact_clock SET activity_id = {care} WHERE customer_id = {other}"), "no follow-up"),
    "a look in another's name": (
        raw("INSERT INTO contact_reveal (customer_id, activity_id, party_id, at) "
            "SELECT {n}, {care}, {service}, entered_at FROM customer WHERE id = {n}"), "only who acts"),
    "held out and told": (
        raw("INSERT INTO recommendation (customer_id, wave, made_on, category, because, buyers, share_bp, base_bp, "
            "held_out, activity_id) VALUES ({n}, '2026-W01', '2026-01-01', 'a', 'b', 9, 1, 1, {flag}, {follow})"),
        "no recommendation|CHECK|violates"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_move_is_refused_and_leaves_no_trace(shop: Shop, placed: dict[str, int], name: str) -> None:
    move, match = WRONG[name]
    flag = "true" if shop.store.engine.dialect.name == "postgresql" else "1"
    before = trace(shop)
    with pytest.raises(REFUSED, match=match):
        move(shop, {**placed, "flag": flag})  # type: ignore[dict-item]  # written into the statement
    assert trace(shop) == before
