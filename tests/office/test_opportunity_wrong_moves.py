"""Every wrong move with an opportunity is refused on both engines, says why, and leaves no trace."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from tests.office.selling import Shop, brought, due_steps, entered, entry, finish, found, lose, move, read, step, win

from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.records import Notification, Record, StaleError, StatusChange, advance, roles
from marketbook.kit.store import audit
from marketbook.office import activity, opportunity
from marketbook.office.activity import Activity
from marketbook.office.opportunity_params import DoneEntry, SaleEntry, WonEntry
from marketbook.office.params import ResultEntry

Move = Callable[[Shop, int], object]
REFUSED = (RecordError, AccessError, DBAPIError, StaleError)


def trace(shop: Shop) -> tuple[object, ...]:
    with shop.store.reading() as session:
        counts = [session.scalar(select(func.count()).select_from(one)) for one in (Record, StatusChange, Notification)]
        return audit.head(session), *counts


def check_refused(shop: Shop, number: int, wrong: Move, match: str) -> None:
    before = trace(shop)
    with pytest.raises(REFUSED, match=match):
        wrong(shop, number)
    assert trace(shop) == before


def raw(statement: str) -> Move:
    """Return the move of sending a statement to the database itself."""

    def sent(shop: Shop, number: int) -> None:
        with shop.store.writing(actor="system:test") as session:
            session.execute(text(statement.format(n=number, **shop.people)))

    return sent


def to(status: str, who: str = "lin", reason: str = "因为") -> Move:
    return lambda shop, number: move(shop, number, status, who=who, reason=reason)


def by_hand(before: str, after: str) -> Move:
    """Return the move of writing a stage by raw SQL."""

    def sent(shop: Shop, number: int) -> None:
        _step_by_hand(shop, number, before, after)

    return sent


def closed_by_hand(shop: Shop, number: int) -> None:
    """Close the last step of an open sale by raw SQL."""
    due = due_steps(shop, number)[0].id
    with shop.store.writing() as session:
        one = session.get_one(Record, due)
        advance(session, one, "in_progress", actor=shop.people["lin"], version=one.version)
        assert isinstance(one, Activity)
        result = ResultEntry(outcome="已沟通", done_on=roles.today())
        activity.note(session, one, result, actor=shop.people["lin"], version=one.version)
    _step_by_hand(shop, due, "in_progress", "done")


def _step_by_hand(shop: Shop, number: int, before: str, after: str) -> None:
    actor = shop.people["lin"]
    with shop.store.writing(actor=actor) as session:
        version = session.scalar(select(Record.version).where(Record.id == number))
        session.connection().exec_driver_sql(
            "INSERT INTO status_change (record_id, version, from_status, to_status, actor_id, role, acted_as, "
            f"reason, round, at) VALUES ({number}, {version}, '{before}', '{after}', {actor}, 'owner', "
            "'owner', 'x', 1, '2026-01-01 00:00:00')"
        )


def cancel(shop: Shop, number: int) -> None:
    due = due_steps(shop, number)[0]
    with shop.store.writing() as session:
        one = session.get_one(Record, due.id)
        advance(session, one, "cancelled", actor=shop.people["lin"], version=one.version, reason="改期")


def correct(who: str = "lin", **about: Any) -> Move:
    def made(shop: Shop, number: int) -> None:
        with shop.store.writing() as session:
            one = found(session, number)
            known = SaleEntry.model_validate({"product": "礼盒", **about})
            opportunity.correct(session, one, known, actor=shop.people[who], version=one.version)

    return made


def add(who: str = "lin", **about: Any) -> Move:
    def made(shop: Shop, number: int) -> None:
        with shop.store.writing() as session:
            opportunity.add_step(session, found(session, number), step(**about), actor=shop.people[who])

    return made


def same_order(shop: Shop, number: int) -> None:
    other = brought(shop, "won")
    before = trace(shop)
    with pytest.raises(RecordError, match=r"Order SO-.* is that of OP-"):
        win(shop, number, order_no=f"so- {other}")
    assert trace(shop) == before
    with pytest.raises(DBAPIError, match=r"another one's"), shop.store.writing(actor="system:test") as session:
        session.execute(text(f"UPDATE opportunity SET order_no = 'SO-{other}', order_minor = 1 WHERE id = {number}"))


WRONG: dict[str, tuple[str, dict[str, Any], Move, str]] = {
    "won before a proposal": ("qualified", {}, win, "is qualified and cannot become won"),
    "won as a prospect": ("prospect", {}, to("won"), "is prospect and cannot become won"),
    "won without an order": ("proposal", {}, to("won"), "order's number and amount are missing"),
    "won by hand without an order": ("proposal", {}, by_hand("proposal", "won"), "order is missing|no such step"),
    "proposal as a prospect": ("prospect", {}, to("proposal"), "cannot become proposal made"),
    "back to prospect": ("qualified", {}, to("prospect"), "cannot become prospect"),
    "lost and nothing is said": ("qualified", {}, to("lost"), "does not say why it was lost"),
    "lost without a reason": ("qualified", {}, to("lost", reason=""), "needs a reason"),
    "lost by hand without a reason": ("prospect", {}, by_hand("prospect", "lost"), "why the opportunity was lost"),
    "won after it was lost": ("lost", {}, to("won"), "is lost and cannot become won"),
    "lost after it was won": ("won", {}, lose, "is won and cannot become lost|not yours to write in"),
    "lost twice": ("lost", {}, lose, "is lost and cannot become lost|not yours to write in"),
    "qualified without an amount": ("prospect", {"amount_minor": None}, to("qualified"), "amount is not estimated"),
    "qualified without a day": ("prospect", {"expected_on": None}, to("qualified"), "when the order is expected"),
    "qualified by hand without a day": (
        "prospect", {"expected_on": None}, by_hand("prospect", "qualified"), "amount, day or next step is missing",
    ),
    "qualified by another": ("prospect", {}, to("qualified", who="chen"), "chen may not take this step"),
    "qualified by another team": ("prospect", {}, to("qualified", who="stranger"), "may not take this step"),
    "won by another": ("proposal", {}, lambda s, n: win(s, n, who="chen"), "not yours to write in"),
    "lost by finance": ("prospect", {}, lambda s, n: lose(s, n, who="finance"), "not yours to write in"),
    "done, and nothing is next": ("prospect", {}, finish, "would have no next step"),
    "cancelled, and nothing is next": ("prospect", {}, cancel, "would have no next step"),
    "done by another": (
        "prospect", {}, lambda s, n: finish(s, n, step(), who="chen"), "may not take this step today",
    ),
    "a next step that has passed": (
        "prospect", {}, lambda s, n: finish(s, n, step(days=-1)), "which has passed",
    ),
    "a step by another": ("prospect", {}, add(who="chen"), "not yours to write in"),
    "a step of what is lost": ("lost", {}, add(), "is lost; there is nothing more to do"),
    "a step that has passed": ("prospect", {}, add(days=-2), "which has passed"),
    "written by another": ("prospect", {}, correct(who="chen"), "nobody else edits it"),
    "written by a superior": ("prospect", {}, correct(who="manager"), "nobody else edits it"),
    "written after it was won": ("won", {}, correct(amount_minor=1, expected_on=roles.today()), "edited only before"),
    "an amount taken away": ("qualified", {}, correct(expected_on=roles.today()), "has an amount and an expected day"),
    "an order of another": ("proposal", {}, same_order, ""),
    "a step moved away": (
        "prospect", {}, raw("UPDATE activity SET about_id = NULL WHERE about_id = {n}"), "stays with its opportunity",
    ),
    "another kind": ("prospect", {}, raw("UPDATE record SET category = 'hire', version = version + 1 WHERE id = {n}"),
                     "stays of its kind"),
    "an employee's": ("prospect", {}, raw("UPDATE opportunity SET party_id = {lin} WHERE id = {n}"), "no customer's"),
    "a later contact": (
        "prospect", {}, raw("UPDATE opportunity SET contact_by = '2031-01-01' WHERE id = {n}"), "never change",
    ),
    "an order without an amount": (
        "proposal", {}, raw("UPDATE opportunity SET order_no = 'SO-X' WHERE id = {n}"), "ordered",
    ),
    "an amount of nothing": (
        "proposal", {}, raw("UPDATE opportunity SET order_no = 'SO-X', order_minor = 0 WHERE id = {n}"), "order_minor",
    ),
    "an unknown reason": (
        "proposal", {}, raw("UPDATE opportunity SET lost_reason = 'mood' WHERE id = {n}"), "lost_reason",
    ),
    "an unknown source": ("proposal", {}, raw("UPDATE opportunity SET source = 'dream' WHERE id = {n}"), "source"),
    "an order changed": (
        "won", {}, raw("UPDATE opportunity SET order_minor = 1 WHERE id = {n}"), "handed in is not edited",
    ),
    "deleted": ("lost", {}, raw("DELETE FROM opportunity WHERE id = {n}"), "never deleted"),
    "a stage without a step": (
        "lost", {}, raw("UPDATE record SET status = 'won', version = version + 1 WHERE id = {n}"), "status change",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_move_is_refused_and_leaves_no_trace(shop: Shop, name: str) -> None:
    status, about, wrong, match = WRONG[name]
    number = brought(shop, status, **about)
    if match:
        check_refused(shop, number, wrong, match)
    else:
        wrong(shop, number)


def test_the_last_step_cannot_be_closed_by_hand(shop: Shop) -> None:
    number = entered(shop)
    with pytest.raises(DBAPIError, match="an open opportunity has a next step"):
        closed_by_hand(shop, number)
    assert len(due_steps(shop, number)) == 1


@pytest.mark.parametrize(
    ("who", "about", "match"),
    [
        ("finance", {}, "keeps no sales"),
        ("lin", {"owner_id": 1}, "keeps no sales"),  # the executive
        ("lin", {"party_id": 999_999}, "There is no customer"),
        ("lin", {"party_id": 1}, "There is no customer"),
        ("lin", {"next_step": {"title": "致电", "due_on": roles.today() - timedelta(1)}}, "has passed"),
    ],
)
def test_what_cannot_be_entered_is_refused(shop: Shop, who: str, about: dict[str, Any], match: str) -> None:
    before = trace(shop)
    with pytest.raises(REFUSED, match=match):
        entered(shop, who=who, **about)
    assert trace(shop) == before


@pytest.mark.parametrize(
    "about",
    [
        {"next_step": None}, {"next_step": {"title": "", "due_on": roles.today()}}, {"next_step": {"title": "致电"}},
        {"amount_minor": 0}, {"amount_minor": 10.5}, {"source": "dream"}, {"product": " "}, {"surprise": 1},
    ],
)  # fmt: skip
def test_an_entry_is_whole(shop: Shop, about: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        entry(shop, **about)


@pytest.mark.parametrize("text", ["", "   ", "x" * 51, "a\x00b"])
def test_an_order_has_a_number(text: str) -> None:
    with pytest.raises(ValidationError, match="printable characters"):
        WonEntry(order_no=text, order_minor=1)


LATE: dict[str, Callable[[Shop, int, int], None]] = {
    "lost": lambda shop, number, seen: lose(shop, number, version=seen),
    "proposed": lambda shop, number, seen: move(shop, number, "proposal", version=seen),
}


@pytest.mark.parametrize("late", LATE)
def test_of_two_who_have_one_open_the_second_is_told_what_changed(shop: Shop, late: str) -> None:
    number = brought(shop, "qualified")
    seen = read(shop, number).version
    move(shop, number, "proposal", who="manager")
    before = trace(shop)
    with pytest.raises(StaleError, match="was changed by manager since you opened it: status: qualified → proposal"):
        LATE[late](shop, number, seen)
    assert trace(shop) == before


def noted(shop: Shop, number: int, step_id: int, version: int) -> None:
    done = DoneEntry(outcome="又打了一次", next_step=step(6))
    with shop.store.writing() as session:
        one, same = found(session, number), session.get_one(Activity, step_id)
        opportunity.finish_step(session, one, same, done, actor=shop.people["manager"], version=version)


def test_of_two_who_note_one_step_the_second_is_told(shop: Shop) -> None:
    number = entered(shop)
    due = due_steps(shop, number)[0]
    finish(shop, number, step(4))
    before = trace(shop)
    with pytest.raises(StaleError, match="was changed by lin"):
        noted(shop, number, due.id, due.version)
    assert trace(shop) == before
