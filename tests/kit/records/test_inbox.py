"""What waits for whom: as oneself, as a deputy, after a return; and that it follows people and roles."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event
from tests.kit.records.claims import LIMIT, Claim, claim, walk
from tests.kit.records.conftest import House, enter
from tests.kit.records.moves import approved, submitted

from marketbook.kit.records import documents, listing, person, roles, waiting

DAY = timedelta(days=1)


def inbox(house: House, party: int, on: date | None = None) -> dict[int, str]:
    with house.store.reading() as session:
        found = waiting.inbox(session, party_id=party, on=on or roles.today(), size=1000)
        return {row.record_id: row.role for row in found.rows}


def test_it_waits_for_the_one_who_decides_and_nobody_else(house: House) -> None:
    number, people = submitted(house), house.people
    assert inbox(house, people.manager)[number] == "manager"
    assert all(number not in inbox(house, party) for party in (people.sales, people.director, people.finance))
    walk(house.store, number, ("manager_approved", people.manager))
    assert number not in inbox(house, people.manager)
    assert {inbox(house, party)[number] for party in (people.finance, people.payer)} == {"finance"}
    walk(house.store, number, ("reviewed", people.finance))
    assert number not in inbox(house, people.finance)
    assert number in inbox(house, people.payer)


def test_what_was_sent_back_waits_for_its_owner(house: House) -> None:
    number, people = submitted(house), house.people
    fresh = claim(house.store, people.sales)
    walk(house.store, number, ("draft", people.manager))
    found = inbox(house, people.sales)
    assert (found[number], fresh in found) == ("owner", False)
    walk(house.store, number, ("submitted", people.sales))
    assert number not in inbox(house, people.sales)


def test_what_is_finished_waits_for_nobody(house: House) -> None:
    number = submitted(house)
    walk(house.store, number, ("rejected", house.people.manager))
    assert all(number not in inbox(house, party) for party in vars(house.people).values())


def test_a_deputy_sees_what_waits_for_the_one_represented_but_not_his_own(house: House) -> None:
    today, people = roles.today(), house.people
    deputy = enter(house.store, "deputy", manager_id=people.manager)
    with house.store.writing() as session:
        about = {"on_behalf_of": people.manager, "valid_from": today, "valid_to": today + DAY}
        roles.grant(session, party_id=deputy, role="manager", **about)
    number, own = submitted(house), submitted(house, owner=deputy)
    about_him = submitted(house, owner=people.director)
    found = inbox(house, deputy)
    assert (found.get(number), own in found, about_him in found) == ("manager", False, False)
    assert number not in inbox(house, deputy, on=today + DAY)
    with house.store.reading() as session:
        rows = waiting.inbox(session, party_id=deputy, on=today, size=1000).rows
    assert {row.on_behalf_of_id for row in rows if row.record_id == number} == {people.manager}


def test_it_follows_a_new_superior_and_a_role_that_ends(house: House) -> None:
    today, people = roles.today(), house.people
    lead = enter(house.store, "lead", manager_id=people.director)
    seller = enter(house.store, "seller", manager_id=lead)
    with house.store.writing() as session:
        grant = roles.grant(session, party_id=lead, role="manager", valid_from=today).id
    number = submitted(house, owner=seller)
    assert number in inbox(house, lead)
    with house.store.writing() as session:
        roles.end(session, grant_id=grant, on=today)
    assert (number in inbox(house, lead), inbox(house, people.director)[number]) == (False, "director")
    with house.store.writing() as session:
        person.set_manager(session, party_id=seller, manager_id=people.manager)
    assert (number in inbox(house, people.director), inbox(house, people.manager)[number]) == (False, "manager")


def test_a_role_that_is_over_shows_nothing(house: House) -> None:
    finance = enter(house.store, "temporary")
    today = roles.today()
    with house.store.writing() as session:
        roles.grant(session, party_id=finance, role="finance", valid_from=today, valid_to=today + DAY)
    number = approved(house)
    assert number in inbox(house, finance)
    assert inbox(house, finance, on=today + DAY) == {}
    with house.store.writing() as session:
        assert waiting.refresh(session, on=today + DAY) > 0
        waiting.refresh(session, on=today)


def test_it_is_paged_from_the_oldest(house: House) -> None:
    lead = enter(house.store, "pages", manager_id=house.people.director)
    seller = enter(house.store, "seller of pages", manager_id=lead)
    with house.store.writing() as session:
        roles.grant(session, party_id=lead, role="manager", valid_from=roles.today())
    numbers = [submitted(house, owner=seller) for _each in range(5)]
    with house.store.reading() as session:
        first = waiting.inbox(session, party_id=lead, on=roles.today(), size=3)
        rest = waiting.inbox(session, party_id=lead, on=roles.today(), size=3, after=first.next)
    assert [row.record_id for row in first.rows + rest.rows] == numbers
    assert rest.next is None


def test_inbox_and_lists_read_by_index_alone(house: House) -> None:
    if house.store.file is None:
        pytest.skip("PostgreSQL scans small tables, whatever indexes they have")
    asked: list[tuple[str, object]] = []
    with house.store.reading() as session:
        connection = session.connection()
        event.listen(
            connection, "before_cursor_execute", lambda _c, _u, sql, values, *_rest: asked.append((sql, values))
        )
        first = waiting.inbox(session, party_id=house.people.manager, size=1)
        waiting.inbox(session, party_id=house.people.manager, size=1, after=first.next)
        listing.page(session, type="test_claim", before=9)
        listing.page(session, type="test_claim", status="draft", before=9)
        listing.page(session, owner_id=house.people.sales, before=9)
        listing.find(session, number="x")
        reads = [one for one in asked if "FROM record" in one[0] or "FROM waiting" in one[0]]
        plans = [str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all()) for sql, values in reads]
    assert len(plans) >= 6
    assert [plan for plan in plans if "SCAN" in plan or "TEMP B-TREE" in plan] == []


def test_it_follows_an_edit_of_whom_it_is_about(house: House) -> None:
    people = house.people
    with house.store.writing() as session:
        made = documents.enter(session, Claim(title="评分", purpose="x", amount_minor=LIMIT), actor=people.sales)
        documents.edit(session, made, {"subject_id": people.manager}, actor=people.sales, version=1)
    walk(house.store, made.id, ("submitted", people.sales))
    assert (made.id in inbox(house, people.manager), made.id in inbox(house, people.director)) == (False, True)
