"""Steps: who may take them, what they set in motion, and that every role's own record can finish."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from tests.kit.records.claims import LIMIT, Claim, claim, status, step, walk
from tests.kit.records.conftest import House, enter
from tests.kit.records.moves import approved, paid, submitted

from marketbook.kit.records import Party, Record, StaleError, Waiting, documents, listing, notices, roles, types
from marketbook.kit.records.advancing import advance, open_steps
from marketbook.kit.store import Store

FORWARD = ("manager_approved", "director_approved", "reviewed", "paid")


def steps(house: House, number: int) -> list[tuple[str, str, str, int]]:
    with house.store.reading() as session:
        names = {party.id: party.name for party in session.scalars(select(Party))}
        found = documents.history(session, record_id=number)
        return [(one.to_status, names[one.actor_id], one.acted_as, one.round) for one in found]


def finish(house: House, number: int, owner: int) -> list[str]:
    """Let the first one for whom it waits take the next step, until none is left; return who did."""
    step(house.store, number, "submitted", owner)
    who: list[str] = []
    while status(house.store, number) != "paid":
        with house.store.writing() as session:
            record = session.get_one(Claim, number)
            party = session.scalars(select(Waiting.party_id).where(Waiting.record_id == number)).all()[0]
            to = next(s.to_status for s in open_steps(session, record, actor=party) if s.to_status in FORWARD)
            advance(session, record, to, actor=party, version=record.version)
            who.append(session.get_one(Party, party).name)
    return who


@pytest.mark.parametrize("amount", [120_000, LIMIT])
@pytest.mark.parametrize("role", ["executive", "director", "manager", "sales", "finance", "payer", "auditor", "admin"])
def test_every_roles_own_record_can_finish(house: House, role: str, amount: int) -> None:
    owner = vars(house.people)[role]
    number = claim(house.store, owner, amount)
    who = finish(house, number, owner)
    assert role not in who
    assert len(who) == (3 if amount < LIMIT else 4)


def test_a_claim_goes_its_way(house: House) -> None:
    assert steps(house, paid(house)) == [
        ("submitted", "sales", "owner", 1),
        ("manager_approved", "manager", "manager", 1),
        ("reviewed", "finance", "finance", 1),
        ("paid", "payer", "finance", 1),
    ]


def test_the_director_decides_from_the_limit_on(house: House) -> None:
    number = approved(house, LIMIT)
    walk(house.store, number, ("director_approved", house.people.director), ("reviewed", house.people.payer))
    assert status(house.store, number) == "reviewed"


def test_a_categorys_own_step_stands_in_for_the_general_one(house: House) -> None:
    number = submitted(house, 20_000, category="gift")
    walk(house.store, number, ("manager_approved", house.people.manager))
    assert step(house.store, number, "director_approved", house.people.director).role == "director"


def test_a_managers_own_goes_to_the_director_and_then_to_the_executive(house: House) -> None:
    number = submitted(house, LIMIT, owner=house.people.manager)
    walk(
        house.store, number, ("manager_approved", house.people.director), ("director_approved", house.people.executive)
    )
    assert [one[2] for one in steps(house, number)] == ["owner", "director", "executive"]


def test_the_same_two_may_decide_again_after_a_return(house: House) -> None:
    number = submitted(house)
    people = house.people
    walk(
        house.store,
        number,
        ("draft", people.manager),
        ("submitted", people.sales),
        ("manager_approved", people.manager),
    )
    assert [(one[0], one[3]) for one in steps(house, number)] == [
        ("submitted", 1), ("draft", 1), ("submitted", 2), ("manager_approved", 2),
    ]  # fmt: skip


def test_a_deputy_decides_for_the_one_represented(house: House) -> None:
    today = roles.today()
    deputy = enter(house.store, "stand-in", manager_id=house.people.director)
    with house.store.writing() as session:
        roles.grant(
            session, party_id=deputy, role="manager", on_behalf_of=house.people.manager, valid_from=today,
            valid_to=today + timedelta(days=1),
        )  # fmt: skip
    made = step(house.store, submitted(house), "manager_approved", deputy)
    assert (made.actor_id, made.on_behalf_of_id, made.acted_as) == (deputy, house.people.manager, "manager")


def test_a_step_writes_its_effect_in_the_same_transaction(house: House) -> None:
    number = paid(house)
    with house.store.reading() as session:
        made = session.get_one(Claim, number)
        assert made.paid_on == documents.history(session, record_id=number)[-1].at.date()
        assert (made.version, made.status) == (5, "paid")


def test_a_caught_refusal_leaves_the_transaction_whole(house: House) -> None:
    good, bad = submitted(house), submitted(house, owner=house.people.manager)
    with house.store.writing() as session:
        with pytest.raises(Exception, match="answers for this record"):
            advance(session, session.get_one(Claim, bad), "manager_approved", actor=house.people.manager, version=2)
        advance(session, session.get_one(Claim, good), "manager_approved", actor=house.people.manager, version=2)
    assert (status(house.store, good), status(house.store, bad)) == ("manager_approved", "submitted")


def test_numbers_follow_one_another_within_a_year(house: House) -> None:
    made = [claim(house.store, house.people.sales) for _each in "ab"]
    with house.store.reading() as session:
        first, second = (session.get_one(Claim, number).number for number in made)
    series, _dash, last = first.rpartition("-")
    assert (series, second) == (f"CL-{roles.today().year}", f"{series}-{int(last) + 1:06d}")


def test_an_edit_makes_a_version_and_lines_of_a_handed_in_record_stay(house: House) -> None:
    number = claim(house.store, house.people.sales)
    with house.store.writing() as session:
        made = session.get_one(Claim, number)
        documents.edit(session, made, {"purpose": "会务", "amount_minor": 5}, actor=house.people.sales, version=1)
    assert (made.version, made.purpose, made.amount_minor) == (2, "会务", 5)


def test_two_in_one_form_the_second_sees_the_difference(house: House) -> None:
    number = claim(house.store, house.people.sales)
    with house.store.writing() as session:
        made = session.get_one(Claim, number)
        documents.edit(session, made, {"title": "机票"}, actor=house.people.sales, version=1)
        with pytest.raises(StaleError, match="title: 差旅费 → 机票") as caught:
            documents.edit(session, made, {"purpose": "b"}, actor=house.people.sales, version=1)
    assert [(d.column, d.seen, d.now) for d in caught.value.difference] == [("title", "差旅费", "机票")]
    assert caught.value.by == ["sales"]


def test_open_records_are_handed_over_when_their_owner_has_left(house: House) -> None:
    leaver = enter(house.store, "leaver", manager_id=house.people.manager)
    number, done = claim(house.store, leaver), claim(house.store, leaver)
    walk(house.store, done, ("withdrawn", leaver))
    with house.store.writing() as session:
        session.get_one(Party, leaver).status = "left"
        moved = documents.hand_over(session, party_id=leaver, to=house.people.sales, actor=house.people.admin)
        assert (moved, session.get_one(Record, number).owner_id) == ([number], house.people.sales)
        told = [(one.record_id, one.kind) for one in notices.listed(session, party_id=house.people.sales)]
        assert (told.count((number, "assigned")), (done, "assigned") in told) == (1, False)


def test_a_list_is_paged_by_the_last_id(house: House) -> None:
    numbers = [claim(house.store, house.people.payer) for _each in range(5)]
    with house.store.reading() as session:
        first = listing.page(session, type="test_claim", owner_id=house.people.payer, size=3)
        rest = listing.page(session, owner_id=house.people.payer, before=first.next, size=99)
        found = listing.find(session, number=first.rows[0].number)
    assert [row.id for row in first.rows] == numbers[:1:-1]
    assert [row.id for row in rest.rows][:2] == numbers[1::-1]
    assert (rest.next, found) == (None, first.rows[0])


def test_people_are_told_once_a_day(house: House) -> None:
    number = submitted(house)
    people = house.people
    walk(house.store, number, ("draft", people.manager), ("submitted", people.sales))
    with house.store.writing() as session:
        waiting = [n for n in notices.listed(session, party_id=people.manager) if n.record_id == number]
        returned = [n for n in notices.listed(session, party_id=people.sales) if n.record_id == number]
        assert ([n.kind for n in waiting], [n.kind for n in returned]) == (["waiting"], ["returned"])
        assert notices.seen(session, party_id=people.manager, record_id=number) == 1
        assert notices.seen(session, party_id=people.manager, record_id=number) == 0
        notices.sent(session, number=returned[0].id)
        assert returned[0].id not in [n.id for n in notices.unsent(session)]


def test_a_type_that_is_not_known_here_is_said_to_be(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    number = submitted(house)
    monkeypatch.delitem(types._types, "test_claim")
    with pytest.raises(Exception, match="Records of type 'test_claim' are not known here"):
        step(house.store, number, "manager_approved", house.people.manager)


def test_a_claim_cannot_be_entered_by_someone_who_is_not_there(store: Store) -> None:
    with pytest.raises(Exception, match="Party 1 is not an employee at work"):
        claim(store, 1)
