"""Who may read a record: those whose work it is, and some by their role; nobody else, on both engines."""

from datetime import timedelta

import pytest
from tests.kit.records.claims import CLAIM, Claim, claim, walk
from tests.kit.records.conftest import House

from marketbook.kit.errors import AccessError
from marketbook.kit.records import Record, comments, documents, person, reading, roles

pytestmark = pytest.mark.usefixtures("workspace")


def readers(house: House, number: int) -> set[str]:
    with house.store.reading() as session:
        record = session.get_one(Record, number)
        return {
            name for name, party in vars(house.people).items() if reading.may_read(session, record, party_id=party)
        }  # fmt: skip


ALWAYS = {"executive", "director", "auditor"}


def test_a_draft_is_its_owners_and_his_superiors(house: House) -> None:
    assert CLAIM.readers == frozenset()
    assert readers(house, claim(house.store, house.people.sales)) == {*ALWAYS, "sales", "manager"}


def test_whoever_it_waits_for_reads_it_and_whoever_has_acted_still_does(house: House) -> None:
    number = claim(house.store, house.people.sales)
    walk(house.store, number, ("submitted", house.people.sales), ("manager_approved", house.people.manager))
    assert readers(house, number) == {*ALWAYS, "sales", "manager", "finance", "payer"}
    walk(house.store, number, ("reviewed", house.people.finance), ("paid", house.people.payer))
    assert readers(house, number) == {*ALWAYS, "sales", "manager", "finance", "payer"}


def test_whoever_is_mentioned_reads_it(house: House) -> None:
    number = claim(house.store, house.people.sales)
    with house.store.writing() as session:
        comments.comment(session, session.get_one(Claim, number), "@admin 请看", actor=house.people.sales)
    assert readers(house, number) == {*ALWAYS, "sales", "manager", "admin"}


def test_a_deputy_reads_what_the_one_represented_reads_and_only_as_long(house: House) -> None:
    number = claim(house.store, house.people.sales)
    with house.store.writing() as session:
        other = person.add(session, kind="employee", name="deputy").id
        days = {"valid_from": roles.today(), "valid_to": roles.today() + timedelta(days=1)}
        given = roles.grant(session, party_id=other, role="manager", on_behalf_of=house.people.manager, **days)
        record = session.get_one(Record, number)
        assert reading.may_read(session, record, party_id=other)
        roles.end(session, grant_id=given.id)
        assert not reading.may_read(session, record, party_id=other)


def test_a_role_that_the_type_names_reads_every_record_of_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading.types, "_types", {"test_claim": with_readers("finance")})
    assert readers(house, claim(house.store, house.people.sales)) == {*ALWAYS, "sales", "manager", "finance", "payer"}


def with_readers(*names: str) -> object:
    return type(CLAIM)(CLAIM.name, CLAIM.title, CLAIM.prefix, CLAIM.first, CLAIM.statuses, readers=frozenset(names))


def test_what_is_not_there_and_what_is_not_his_are_refused_alike(house: House) -> None:
    number = claim(house.store, house.people.director)
    with house.store.writing() as session:
        documents.at_work(session, house.people.sales)
        for wrong in (number, number + 1000):
            with pytest.raises(AccessError, match=f"There is no record {wrong}, or it is not for you to read"):
                reading.readable(session, wrong, party_id=house.people.sales)
        assert reading.readable(session, number, party_id=house.people.director).id == number
