"""Parameters, states and steps are changed by two people, from a day on, and nothing else changes them."""

from datetime import date, timedelta
from typing import Annotated

import pytest
from pydantic import Field
from tests.kit.records.claims import claim, step, walk
from tests.kit.records.conftest import House
from tests.kit.records.moves import submitted

from marketbook.kit.records import RuleChange, parameters, roles, rules, waiting
from marketbook.kit.records.advancing import advance
from marketbook.kit.records.parameters import Declared

DAY = timedelta(days=1)
STEP = {"type": "test_claim", "from_status": "draft", "to_status": "rejected", "role": "admin"}


@pytest.fixture(autouse=True)
def _declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        parameters._declared, "test.minutes",
        Declared("test.minutes", "Minutes", Annotated[int, Field(ge=1, le=60)], 30, "8.3.1"),
    )  # fmt: skip


def propose(house: House, value: object = 20, *, days: int = 1, name: str = "test.minutes", who: str = "admin") -> int:
    with house.store.writing() as session:
        return rules.propose_parameter(
            session, name=name, value=value, valid_from=roles.today() + days * DAY, source="会议纪要",
            actor=vars(house.people)[who],
        ).id  # fmt: skip


def decide(house: House, number: int, to: str, who: str = "director") -> None:
    with house.store.writing() as session:
        record = session.get_one(RuleChange, number)
        advance(session, record, to, actor=vars(house.people)[who], version=record.version, reason="x")


def value(house: House, on: date) -> object:
    with house.store.reading() as session:
        return parameters.value(session, "test.minutes", on=on)


def test_a_parameter_holds_from_its_day_on_when_two_have_made_it(house: House) -> None:
    today = roles.today()
    number = propose(house, 20, days=10)
    assert value(house, today + 20 * DAY) == 30
    decide(house, number, "approved")
    decide(house, propose(house, 25, days=20), "approved")
    assert [value(house, today + days * DAY) for days in (9, 10, 19, 20, 99)] == [30, 20, 20, 25, 25]
    with house.store.reading() as session:
        first, second = parameters.dated(session, "test.minutes")
        assert (first.approved_by_id, first.change_id, first.source) == (house.people.director, number, "会议纪要")
        assert second.valid_from == today + 20 * DAY


def test_what_was_rejected_or_sent_back_holds_nothing(house: House) -> None:
    day = roles.today() + 40 * DAY
    before = value(house, day)
    decide(house, propose(house, 5, days=40), "rejected")
    decide(house, propose(house, 5, days=40), "draft")
    assert value(house, day) == before


def test_the_director_finds_it_in_the_inbox(house: House) -> None:
    number = propose(house, 7, days=41)
    with house.store.reading() as session:
        found = waiting.inbox(session, party_id=house.people.director, on=roles.today(), size=99)
        assert number in [row.record_id for row in found.rows]


@pytest.mark.parametrize(
    ("about", "message"),
    [
        ({"value": 0}, "test.minutes: 0: must be at least 1"),
        ({"value": "many"}, "must be a whole number"),
        ({"name": "test.minuts"}, "There is no parameter 'test.minuts'. Did you mean 'test.minutes'"),
        ({"days": -1}, "which is over"),
        ({"who": "manager"}, "manager may not take this step today: it is for Administrator, here admin"),
    ],
)
def test_a_wrong_proposal_is_refused(house: House, about: dict[str, object], message: str) -> None:
    with pytest.raises(Exception, match=message):
        propose(house, **about)  # type: ignore[arg-type]


@pytest.mark.parametrize("who", ["admin", "manager", "executive", "auditor"])
def test_only_the_director_approves(house: House, who: str) -> None:
    number = propose(house, 9, days=50)
    with pytest.raises(Exception, match=r"has acted on this|answers for this|here director"):
        decide(house, number, "approved", who)


def test_a_day_is_decided_once(house: House) -> None:
    first, second = propose(house, 11, days=60), propose(house, 12, days=60)
    decide(house, first, "approved")
    with pytest.raises(Exception, match=r"is decided for .* already; choose another day"):
        decide(house, second, "approved")


def test_a_step_is_added_changed_and_taken_away_by_two(house: House) -> None:
    def change(**about: object) -> None:
        with house.store.writing() as session:
            value = {"needs_reason": True, **about}
            made = rules.propose_transition(session, key=STEP, value=value, source="x", actor=house.people.admin)
        decide(house, made.id, "approved")

    change()
    step(house.store, claim(house.store, house.people.sales), "rejected", house.people.admin, reason="x")
    change(amount_below=100)
    with pytest.raises(Exception, match="which nobody takes this step with"):
        step(house.store, claim(house.store, house.people.sales), "rejected", house.people.admin, reason="x")
    change(in_force=False)
    with pytest.raises(Exception, match="draft and cannot become rejected"):
        step(house.store, claim(house.store, house.people.sales), "rejected", house.people.admin, reason="x")


def test_what_waits_follows_a_changed_step(house: House) -> None:
    key = {"type": "test_claim", "from_status": "submitted", "to_status": "rejected", "role": "auditor"}
    number = submitted(house)
    with house.store.writing() as session:
        made = rules.propose_transition(
            session, key=key, value={"four_eyes": True}, source="x", actor=house.people.admin
        )
    decide(house, made.id, "approved")
    with house.store.reading() as session:
        found = waiting.inbox(session, party_id=house.people.auditor, on=roles.today(), size=999)
    assert number in [row.record_id for row in found.rows]


def test_a_state_is_added_by_two(house: House) -> None:
    with house.store.writing() as session:
        made = rules.propose_state(
            session, key={"type": "test_claim", "status": "parked"}, value={"editable": False, "final": False},
            source="x", actor=house.people.admin,
        )  # fmt: skip
    decide(house, made.id, "approved")
    with house.store.writing() as session:
        key = {**STEP, "to_status": "parked"}
        other = rules.propose_transition(session, key=key, value={}, source="x", actor=house.people.admin)
    decide(house, other.id, "approved")
    walk(house.store, claim(house.store, house.people.sales), ("parked", house.people.admin))


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ({"role": "boss"}, {}, "role: must be one of"),
        ({"to_status": "nowhere"}, {}, "test_claim has no status nowhere"),
        ({"to_status": "draft"}, {}, "It leads nowhere"),
        ({"amount_from": 100}, {"amount_below": 100}, "Its amounts end before they begin"),
        ({"amount_from": 1.5}, {}, "amount_from: must be a whole number"),
        ({"role": "owner"}, {"four_eyes": True}, "The owner is no second pair of eyes"),
        ({"type": "rule_change", "to_status": "approved"}, {}, "How rules are changed is not changed here"),
        ({}, {"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_step_is_refused(house: House, key: dict[str, object], value: dict[str, object], message: str) -> None:
    with pytest.raises(Exception, match=message), house.store.writing() as session:
        rules.propose_transition(
            session, key={**STEP, **key}, value=value, source="x", actor=house.people.admin
        )  # fmt: skip


def test_a_parameter_that_is_there_never_changes(house: House) -> None:
    decide(house, propose(house, 13, days=70), "approved")
    for statement in ("UPDATE parameter SET value = '1'", "DELETE FROM parameter"):
        with pytest.raises(Exception, match=r"never changed|never deleted"), house.store.writing() as session:
            session.connection().exec_driver_sql(statement)
