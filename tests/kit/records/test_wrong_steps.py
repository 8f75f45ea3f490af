"""Every wrong step and call is refused on both engines, says why, and leaves no trace."""

from collections.abc import Callable

import pytest
from sqlalchemy.exc import DBAPIError, StatementError
from tests.kit.records.claims import LIMIT, Claim, claim, step, walk
from tests.kit.records.conftest import House
from tests.kit.records.moves import Errors, Move, approved, check_refused, paid, submitted

from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.records import StaleError, comments, documents
from marketbook.kit.store import Store, acting, audit


def about_manager(house: House) -> int:
    people = house.people
    with house.store.writing() as session:
        made = documents.enter(session, Claim(title="评分", purpose="x", subject_id=people.manager), actor=people.sales)
    walk(house.store, made.id, ("submitted", people.sales))
    return made.id


def edit(store: Store, number: int, actor: int, version: int = 0, **changes: object) -> None:
    with store.writing() as session:
        record = session.get_one(Claim, number)
        documents.edit(session, record, changes, actor=actor, version=version or record.version)


STEPS: dict[str, tuple[Callable[[House], int], str, str, str]] = {
    "skipped step": (
        lambda h: claim(h.store, h.people.sales),
        "manager_approved",
        "manager",
        "cannot become manager a",
    ),
    "unknown status": (submitted, "blessed", "manager", "cannot become blessed"),
    "step back": (approved, "submitted", "sales", "cannot become submitted"),
    "after the end": (paid, "draft", "sales", "from here it can become: nothing"),
    "own record": (lambda h: submitted(h, owner=h.people.manager), "manager_approved", "manager", "answers for this"),
    "own record at the top": (
        lambda h: submitted(h, owner=h.people.executive),
        "manager_approved",
        "executive",
        "answers for this",
    ),
    "owner's deputy": (
        lambda h: submitted(h, owner=h.people.manager),
        "manager_approved",
        "deputy",
        "deputy represents the owner",
    ),
    "whom it is about": (about_manager, "manager_approved", "manager", "This record is about manager"),
    "deputy of whom it is about": (about_manager, "manager_approved", "deputy", "deputy represents the owner"),
    "expired role": (submitted, "manager_approved", "former", "former may not take this step today"),
    "future role": (submitted, "manager_approved", "future", "future may not take this step today"),
    "role not held": (submitted, "manager_approved", "auditor", "for Marketing manager, here manager"),
    "another line's superior": (submitted, "manager_approved", "director", "here manager"),
    "another's step": (
        lambda h: claim(h.store, h.people.sales),
        "submitted",
        "other",
        "it is for the owner, here sales",
    ),
    "amount over the range": (lambda h: approved(h, LIMIT), "reviewed", "finance", "about CN¥5,000.00, which nobody"),
    "amount far over it": (
        lambda h: approved(h, 100 * LIMIT),
        "reviewed",
        "finance",
        "Finance from CN¥0.00 to below CN¥5,0",
    ),
    "amount below the range": (approved, "director_approved", "director", "Marketing director from CN¥5,000.00"),
    "amount below the category's": (
        lambda h: approved_gift(h, 9_999),
        "director_approved",
        "director",
        "Marketing director from CN¥100.00",
    ),
    "unknown actor": (submitted, "manager_approved", "nobody", "Party 999999 is not an employee at work"),
    "actor who has left": (submitted, "manager_approved", "left", "is not an employee at work and cannot act"),
    "customer": (submitted, "manager_approved", "customer", "is not an employee at work and cannot act"),
}


def approved_gift(house: House, amount: int) -> int:
    number = submitted(house, amount, category="gift")
    walk(house.store, number, ("manager_approved", house.people.manager))
    return number


@pytest.mark.parametrize("name", STEPS)
def test_a_wrong_step_is_refused(house: House, more: dict[str, int], name: str) -> None:
    made, to, who, match = STEPS[name]
    actor = {**vars(house.people), **more, "nobody": 999_999}[who]
    check_refused(
        house, made(house), lambda h, n: step(h.store, n, to, actor, reason="x"), (AccessError, RecordError), match
    )


def test_who_has_acted_on_it_may_not_decide(house: House) -> None:
    number = approved(house)
    walk(house.store, number, ("reviewed", house.people.finance))
    check_refused(
        house, number, lambda h, n: step(h.store, n, "paid", h.people.finance), AccessError, "finance has acted on this"
    )


def test_a_deputy_of_two_is_one_pair_of_eyes(house: House, more: dict[str, int]) -> None:
    number = submitted(house, LIMIT)
    walk(house.store, number, ("manager_approved", more["deputy"]))
    check_refused(
        house,
        number,
        lambda h, n: step(h.store, n, "director_approved", more["deputy"]),
        AccessError,
        "deputy has acted",
    )


SERVICES: dict[str, tuple[Callable[[House], int], Move, Errors, str]] = {
    "no reason": (submitted, lambda h, n: step(h.store, n, "draft", h.people.manager), RecordError, "needs a reason"),
    "a blank reason": (
        submitted,
        lambda h, n: step(h.store, n, "rejected", h.people.manager, reason=" \n"),
        RecordError,
        "needs a reas",
    ),
    "a reason like a book": (
        submitted,
        lambda h, n: step(h.store, n, "draft", h.people.manager, reason="x" * 2001),
        RecordError,
        "at most 2000",
    ),
    "incomplete": (
        lambda h: claim(h.store, h.people.sales, purpose=""),
        lambda h, n: step(h.store, n, "submitted", h.people.sales),
        RecordError,
        r"CL-\d{4}-\d{6} cannot become submitted yet: Its purpose is missing",
    ),
    "stale step": (
        approved,
        lambda h, n: step(h.store, n, "reviewed", h.people.finance, version=2),
        StaleError,
        "was changed by manager since you opened it: status: submitted → manager approved. Nothing of yours",
    ),
    "a version that never was": (
        approved,
        lambda h, n: step(h.store, n, "reviewed", h.people.finance, version=9),
        RecordError,
        "has no version 9",
    ),
    "stale edit": (
        lambda h: edited(h),
        lambda h, n: edit(h.store, n, h.people.sales, 1, title="b"),
        StaleError,
        "amount: CN¥1,200.00 → CN¥0.07; purpose: 出差 → 会务. Nothing of yours was written",
    ),
    "edit after it was handed in": (
        submitted,
        lambda h, n: edit(h.store, n, h.people.sales, title="b"),
        RecordError,
        "only before it is handed in",
    ),
    "edit of another's": (
        lambda h: claim(h.store, h.people.sales),
        lambda h, n: edit(h.store, n, h.people.manager, title="b"),
        AccessError,
        "is sales's; nobody else edits it",
    ),
    "edit of the status": (
        lambda h: claim(h.store, h.people.sales),
        lambda h, n: edit(h.store, n, h.people.sales, status="paid"),
        RecordError,
        "status cannot be edited; allowed are amount_minor",
    ),
    "edit of nothing there is": (
        lambda h: claim(h.store, h.people.sales),
        lambda h, n: edit(h.store, n, h.people.sales, colour="red"),
        RecordError,
        "colour cannot be edited",
    ),
    "no title": (
        lambda h: claim(h.store, h.people.sales),
        lambda h, n: edit(h.store, n, h.people.sales, title=" "),
        RecordError,
        "must have 1 to 200 printable characters",
    ),
    "half a fen": (
        lambda h: claim(h.store, h.people.sales),
        lambda h, n: edit(h.store, n, h.people.sales, amount_minor=10.5),
        StatementError,
        "10.5 is no amount in minor units",
    ),
    "a truth as money": (
        lambda h: claim(h.store, h.people.sales),
        lambda h, n: edit(h.store, n, h.people.sales, amount_minor=True),
        StatementError,
        "True is no amount",
    ),
    "negative money": (
        lambda h: claim(h.store, h.people.sales),
        lambda h, n: edit(h.store, n, h.people.sales, amount_minor=-1),
        DBAPIError,
        "ck_record_amount_minor",
    ),
    "a record of nobody's": (
        lambda _h: 0,
        lambda h, _n: claim(h.store, 999_999),
        AccessError,
        "Party 999999 is not an employee",
    ),
    "handed over too soon": (
        lambda _h: 0,
        lambda h, _n: hand_over(h, h.people.admin),
        RecordError,
        "when their owner has left",
    ),
    "handed over by a manager": (
        lambda _h: 0,
        lambda h, _n: hand_over(h, h.people.manager),
        AccessError,
        "Only an administrator hands",
    ),
    "acting for another": (submitted, lambda h, n: act_for_another(h, n), AccessError, "is acting here; party"),
    "an empty comment": (submitted, lambda h, n: say(h, n, "  "), RecordError, "must have 1 to 4000"),
}


def edited(house: House) -> int:
    number = claim(house.store, house.people.sales)
    edit(house.store, number, house.people.sales, purpose="会务", amount_minor=7)
    return number


def hand_over(house: House, actor: int) -> None:
    with house.store.writing() as session:
        documents.hand_over(session, party_id=house.people.sales, to=house.people.manager, actor=actor)


def act_for_another(house: House, number: int) -> None:
    with house.store.writing(actor=house.people.sales) as session, acting(session, house.people.manager):
        session.get_one(Claim, number)


def say(house: House, number: int, words: str) -> None:
    with house.store.writing() as session:
        comments.comment(session, session.get_one(Claim, number), words, actor=house.people.sales)


@pytest.mark.parametrize("name", SERVICES)
def test_a_wrong_call_is_refused(house: House, name: str) -> None:
    made, move, error, match = SERVICES[name]
    check_refused(house, made(house), move, error, match)


def test_after_all_of_this_the_chain_is_whole(house: House) -> None:
    with house.store.reading() as session:
        assert audit.verify(session)
