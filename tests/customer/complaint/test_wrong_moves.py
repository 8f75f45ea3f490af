"""Every wrong move with a complaint is refused on both engines, says why, and leaves no trace."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from tests.customer.complaint.desk import (
    CONTENT,
    Desk,
    act,
    answer,
    ask,
    brought,
    close,
    entered,
    found,
    read,
    reopen,
    solve,
    take,
)

from marketbook.customer.complaint import service as complaints
from marketbook.customer.complaint.params import ComplaintEntry, ResolutionEntry
from marketbook.customer.complaint.tables import ComplaintClock, ComplaintWarning
from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.records import Notification, Record, StaleError, StatusChange, advance
from marketbook.kit.store import at, audit, now

Move = Callable[[Desk, int], object]
REFUSED = (RecordError, AccessError, DBAPIError, StaleError)
UNCODED = ResolutionEntry(resolution="已补寄")


def trace(desk: Desk) -> tuple[object, ...]:
    tables = (Record, StatusChange, Notification, ComplaintClock, ComplaintWarning)
    with desk.store.reading() as session:
        counts = [session.scalar(select(func.count()).select_from(one)) for one in tables]
        return audit.head(session), *counts


def check_refused(desk: Desk, number: int, move: Move, match: str) -> None:
    before = trace(desk)
    with pytest.raises(REFUSED, match=match):
        move(desk, number)
    assert trace(desk) == before


def raw(statement: str) -> Move:
    """Return the move of sending a statement to the database itself."""

    def move(desk: Desk, number: int) -> None:
        with desk.store.writing(actor="system:test") as session:
            session.execute(text(statement.format(n=number, **desk.people)))

    return move


def to(status: str, who: str = "lin", reason: str = "因为") -> Move:
    def move(desk: Desk, number: int) -> None:
        with desk.store.writing() as session:
            one = found(session, number)
            advance(session, one, status, actor=desk.people[who], version=one.version, reason=reason)

    return move


def correct(who: str = "lin", **about: Any) -> Move:
    def move(desk: Desk, number: int) -> None:
        with desk.store.writing() as session:
            one = found(session, number)
            entry = ComplaintEntry.model_validate({"party_id": desk.customer, "content": CONTENT, **about})
            complaints.correct(session, one, entry, actor=desk.people[who], version=one.version)

    return move


def assign(department: str = "product", handler: str = "chen", who: str = "lin") -> Move:
    def move(desk: Desk, number: int) -> None:
        with desk.store.writing() as session:
            one = found(session, number)
            people = desk.people
            complaints.assign(
                session, one, department=department, handler_id=people[handler], actor=people[who], version=one.version
            )

    return move


def by_hand(before: str, after: str, role: str = "service") -> Move:
    """Return the move of writing a step by raw SQL."""

    def move(desk: Desk, number: int) -> None:
        one, actor = read(desk, number), desk.people["lin"]
        with desk.store.writing(actor=actor) as session:
            session.connection().exec_driver_sql(
                "INSERT INTO status_change (record_id, version, from_status, to_status, actor_id, role, acted_as, "
                f"reason, round, at) VALUES ({number}, {one.version}, '{before}', '{after}', {actor}, '{role}', "
                f"'{role}', 'x', 1, '2026-01-01 00:00:00')"
            )

    return move


def later(days: int, move: Move) -> Move:
    """Return a move that is made some days later."""

    def made(desk: Desk, number: int) -> None:
        with at(now() + timedelta(days=days)):
            move(desk, number)

    return made


WRONG: dict[str, tuple[str, dict[str, Any], Move, str]] = {
    "solved before it was taken": ("open", {}, solve, "written only while it is in process"),
    "closed before it was solved": ("in_progress", {}, close, "written only while it is solved"),
    "closed as it is open": ("open", {}, to("closed"), "is just in and cannot become closed"),
    "waiting before it was taken": ("open", {}, to("waiting_customer"), "cannot become waiting for the customer"),
    "waiting, and nothing was asked": ("in_progress", {}, lambda d, n: ask(d, n, question=" "), "needs a reason"),
    "solved while the customer is asked": ("waiting_customer", {}, solve, "written only while it is in process"),
    "answered before it was taken": ("open", {}, answer, "written only while it is in process"),
    "answered after it was solved": ("resolved", {}, answer, "written only while it is in process"),
    "answered with nothing": ("in_progress", {}, lambda d, n: answer(d, n, text=" "), "must have 1 to"),
    "solved without saying how": ("in_progress", {}, to("resolved"), "does not say how it was solved"),
    "closed without a cause": (
        "in_progress", {}, lambda d, n: (solve(d, n, entry=UNCODED), close(d, n)), "Its cause is missing",
    ),
    "closed as critical without an action": (
        "resolved", {"severity": "critical"}, close, "severe and needs a corrective action",
    ),
    "closed as high without an action": ("resolved", {"severity": "high"}, close, "needs a corrective action"),
    "closed as high with a call": (
        "resolved", {"severity": "high"}, lambda d, n: (act(d, n, kind="call"), close(d, n)), "corrective action",
    ),
    "opened again without a reason": ("resolved", {}, lambda d, n: reopen(d, n, reason=""), "needs a reason"),
    "opened again after eight days": ("closed", {}, later(8, reopen), "could be opened again for 7 days"),
    "solved, and opened again after eight days": ("resolved", {}, later(8, reopen), "could be opened again for 7 days"),
    "closed again": ("closed", {}, to("closed"), "cannot become closed"),
    "taken by sales": ("open", {}, lambda d, n: take(d, n, "sales"), "may not take this step today"),
    "taken by finance": ("open", {}, lambda d, n: take(d, n, "finance"), "may not take this step today"),
    "taken by the director": ("open", {}, lambda d, n: take(d, n, "director"), "may not take this step today"),
    "solved by sales": ("in_progress", {}, lambda d, n: solve(d, n, "sales"), "not yours to write in"),
    "passed on by sales": ("in_progress", {}, assign(who="sales"), "not yours to write in"),
    "passed on to finance": ("in_progress", {}, assign(handler="finance"), "takes no complaints"),
    "passed on to no department": ("in_progress", {}, assign(department="moon"), "no department 'moon'"),
    "passed on when it is solved": ("resolved", {}, assign(), "written only while it is just in"),
    "passed on when it is closed": ("closed", {}, assign(), "written only while it is just in"),
    "an action of sales": ("resolved", {}, lambda d, n: act(d, n, "sales"), "takes no complaints"),
    "corrected after it was taken": ("in_progress", {}, correct(), "only before it is handed in"),
    "corrected by another": ("open", {}, correct("chen"), "nobody else edits it"),
    "of no customer any more": ("open", {}, correct(party_id=999_999), "There is no customer 999999"),
    "of an employee": ("open", {}, lambda d, n: correct(party_id=d.people["lin"])(d, n), "There is no customer"),
    # past the library, by raw SQL
    "its status": (
        "open", {}, raw("UPDATE record SET status = 'closed', version = version + 1 WHERE id = {n}"),
        "only a status change",
    ),
    "its content": (
        "in_progress", {}, raw("UPDATE complaint SET content = 'nothing to see here' WHERE id = {n}"), "is not edited",
    ),
    "its severity": ("in_progress", {}, raw("UPDATE complaint SET severity = 'low' WHERE id = {n}"), "is not edited"),
    "its customer": ("open", {}, raw("UPDATE complaint SET party_id = {lin} WHERE id = {n}"), "no customer's"),
    "its owner": (
        "in_progress", {}, raw("UPDATE record SET owner_id = {chen}, version = version + 1 WHERE id = {n}"),
        "stays with its owner",
    ),
    "when it came": (
        "open", {}, raw("UPDATE complaint SET received_at = '2020-01-01 00:00:00' WHERE id = {n}"), "came when it came",
    ),
    "when it is due": (
        "open", {}, raw("UPDATE complaint SET resolve_by = '2099-01-01 00:00:00' WHERE id = {n}"), "written at intake",
    ),
    "due before it came": (
        "open", {}, raw("UPDATE complaint SET severity = 'low', respond_by = '2020-01-01 00:00:00' WHERE id = {n}"),
        "ck_complaint_due",
    ),
    "an answer away": (
        "resolved", {}, raw("UPDATE complaint SET responded_at = NULL WHERE id = {n}"), "first answer was given",
    ),
    "an answer sooner": (
        "resolved", {}, raw("UPDATE complaint SET responded_at = received_at WHERE id = {n}"), "first answer was given",
    ),
    "solved before it was answered": (
        "resolved", {}, raw("UPDATE complaint SET resolved_at = '2020-01-01 00:00:00' WHERE id = {n}"),
        "ck_complaint_resolved_at",
    ),
    "its cause after the end": (
        "closed", {}, raw("UPDATE complaint SET cause = 'unfounded' WHERE id = {n}"), "closed stays as it is",
    ),
    "its solution after the end": (
        "closed", {}, raw("UPDATE complaint SET resolution = 'x' WHERE id = {n}"), "closed stays as it is",
    ),
    "an unknown cause": (
        "resolved", {}, raw("UPDATE complaint SET cause = 'moon' WHERE id = {n}"), "ck_complaint_cause",
    ),
    "an unknown department": (
        "open", {}, raw("UPDATE complaint SET department = 'moon' WHERE id = {n}"), "ck_complaint_department",
    ),
    "a satisfaction of six": (
        "resolved", {}, raw("UPDATE complaint SET satisfaction = 6 WHERE id = {n}"), "ck_complaint_satisfaction",
    ),
    "a customer who works on it": (
        "in_progress", {}, lambda d, n: raw(f"UPDATE complaint SET handler_id = {d.customer} WHERE id = {{n}}")(d, n),
        "no employee",
    ),
    "deleted": ("open", {}, raw("DELETE FROM complaint WHERE id = {n}"), "never deleted"),
    "a step that there is not": ("open", {}, by_hand("open", "waiting_customer"), "no such step"),
    "a step of sales": ("open", {}, by_hand("open", "in_progress", "sales"), "no such step"),
    "solved by a step without a solution": ("in_progress", {}, by_hand("in_progress", "resolved"), "solved is missing"),
    "closed by a step without an action": (
        "resolved", {"severity": "critical"}, by_hand("resolved", "closed"), "corrective action is missing",
    ),
    "a warning that was given, away": (
        "open", {}, lambda d, n: (warned(d, n), raw("DELETE FROM complaint_warning WHERE complaint_id = {n}")(d, n)),
        "never deleted",
    ),
    "a warning twice": ("open", {}, lambda d, n: (warned(d, n), warned(d, n)), "never replaced"),
}  # fmt: skip


def warned(desk: Desk, number: int) -> None:
    with desk.store.writing() as session:
        about = {"goal": "respond", "level": "soon", "due_at": now(), "at": now()}
        session.add(ComplaintWarning(complaint_id=number, **about))


PREPARED = ("closed without a cause", "closed as high with a call", "a warning that was given, away", "a warning twice")
"""Moves whose first half is right, and stays."""


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_move_is_refused_and_leaves_no_trace(desk: Desk, name: str) -> None:
    status, about, move, match = WRONG[name]
    number = brought(desk, status, **about)
    if name in PREPARED:
        with pytest.raises(REFUSED, match=match):
            move(desk, number)
    else:
        check_refused(desk, number, move, match)


def test_of_two_agents_who_take_one_complaint_the_second_is_told(desk: Desk) -> None:
    number = entered(desk)
    seen = read(desk, number).version
    take(desk, number, "lin", version=seen)
    check_refused(desk, number, lambda d, n: take(d, n, "chen", version=seen), "changed")
    assert read(desk, number).handler_id == desk.people["lin"]


def test_of_two_agents_who_solve_one_complaint_the_first_one_s_words_stay(desk: Desk) -> None:
    number = brought(desk, "in_progress")
    seen = read(desk, number).version
    answer(desk, number)

    def second(desk: Desk, number: int) -> None:
        with desk.store.writing() as session:
            complaints.resolve(session, found(session, number), UNCODED, actor=desk.people["chen"], version=seen)

    check_refused(desk, number, second, "changed")
    assert read(desk, number).resolution == ""


@pytest.mark.parametrize("who", ["sales", "finance", "director", "auditor"])
def test_only_the_desk_takes_complaints_in(desk: Desk, who: str) -> None:
    check_refused(desk, 0, lambda d, _n: entered(d, who=who), "takes no complaints")


def test_it_does_not_come_from_the_future(desk: Desk) -> None:
    check_refused(
        desk, 0, lambda d, _n: entered(d, received_at=now() + timedelta(hours=1)), "cannot have come later than now"
    )


@pytest.mark.parametrize(
    ("about", "match"),
    [
        ({"content": "too short"}, "at least 10 characters"),
        ({"severity": "awful"}, "Input should be 'critical'"),
        ({"source": "pigeon"}, "Input should be 'phone'"),
        ({"due": "tomorrow"}, "Extra inputs"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(about: dict[str, Any], match: str) -> None:
    with pytest.raises(ValidationError, match=match):
        ComplaintEntry.model_validate({"party_id": 1, "content": CONTENT, **about})
