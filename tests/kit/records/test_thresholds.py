"""Thresholds: from which amount another decides is one rule, moved by two people, and what waits follows."""

import pytest
from tests.kit.records.claims import LIMIT, claim, status, step, walk
from tests.kit.records.conftest import House
from tests.kit.records.moves import approved

from marketbook.kit.records import RuleChange, roles, rules, thresholds, waiting
from marketbook.kit.records.advancing import advance

KEY = {"type": "test_claim", "from_status": "manager_approved", "category": "", "amount_from": LIMIT}


def propose(house: House, amount: int, *, at: int = LIMIT, who: str = "admin", **about: object) -> int:
    with house.store.writing() as session:
        key = {**KEY, "amount_from": at, **about}
        actor = vars(house.people)[who]
        return rules.propose_threshold(session, key=key, amount=amount, source="会议纪要", actor=actor).id


def decide(house: House, number: int, to: str = "approved", who: str = "director") -> None:
    with house.store.writing() as session:
        record = session.get_one(RuleChange, number)
        advance(session, record, to, actor=vars(house.people)[who], version=record.version, reason="x")


def listed(house: House) -> dict[tuple[str, str], tuple[int, tuple[str, ...], tuple[str, ...]]]:
    with house.store.reading() as session:
        found = [one for one in thresholds.listed(session) if one.type == "test_claim"]
    return {(one.from_status, one.category): (one.amount, one.below, one.above) for one in found}


def test_a_threshold_says_who_decides_below_it_and_from_it_on(house: House) -> None:
    assert listed(house)["manager_approved", ""] == (LIMIT, ("finance",), ("director",))
    assert listed(house)["manager_approved", "gift"] == (10_000, (), ("director",))


def test_a_threshold_is_moved_by_two_there_and_back_and_what_waits_follows(house: House) -> None:
    number = approved(house, 300_000)
    decide(house, propose(house, 300_000))
    assert listed(house)["manager_approved", ""] == (300_000, ("finance",), ("director",))
    with house.store.reading() as session:
        found = waiting.inbox(session, party_id=house.people.director, on=roles.today(), size=999)
    assert number in [row.record_id for row in found.rows]
    with pytest.raises(Exception, match="which nobody takes this step with"):
        step(house.store, number, "reviewed", house.people.finance)
    decide(house, propose(house, LIMIT, at=300_000))
    walk(house.store, number, ("reviewed", house.people.finance))
    assert listed(house)["manager_approved", ""] == (LIMIT, ("finance",), ("director",))


def test_a_proposal_alone_moves_nothing(house: House) -> None:
    before = listed(house)
    decide(house, propose(house, 100), "rejected")
    propose(house, 200)
    for who in ("admin", "manager", "executive", "auditor"):
        with pytest.raises(Exception, match=r"has acted on this|answers for this|here director"):
            decide(house, propose(house, 300), who=who)
    assert listed(house) == before


def test_a_threshold_that_was_moved_meanwhile_is_not_moved_again(house: House) -> None:
    first, second = propose(house, 400_000), propose(house, 450_000)
    decide(house, first)
    with pytest.raises(Exception, match=r"There is no such threshold \(any more\)"):
        decide(house, second)
    decide(house, propose(house, LIMIT, at=400_000))


@pytest.mark.parametrize(
    ("amount", "about", "message"),
    [
        (0, {}, "amount_from: must be greater than 0"),
        (LIMIT, {}, "This is what holds already"),
        (9, {"category": "travel"}, "There is no such threshold"),
        (9, {"type": "rule_change"}, "How rules are changed is not changed here"),
        (9, {"who": "manager"}, "it is for Administrator"),
    ],
)
def test_a_wrong_threshold_is_refused(house: House, amount: int, about: dict[str, object], message: str) -> None:
    with pytest.raises(Exception, match=message):
        propose(house, amount, **about)  # type: ignore[arg-type]


def test_the_database_takes_no_threshold_without_an_approved_change(house: House) -> None:
    number = propose(house, 350_000)
    with pytest.raises(Exception, match="a rule needs a change that two people made"), house.store.writing() as session:
        thresholds.move(session, KEY, 350_000, change_id=number)
    assert status(house.store, claim(house.store, house.people.sales)) == "draft"
