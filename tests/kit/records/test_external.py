"""By what other systems know us: each id of a system stands for one record or one party, and is logged."""

import pytest
from sqlalchemy import select
from tests.kit.records.claims import claim
from tests.kit.records.conftest import House

from marketbook.kit.errors import RecordError
from marketbook.kit.records import external
from marketbook.kit.store.audit import AuditLog


def link(house: House, known: str, system: str = "crm", **of: int) -> None:
    with house.store.writing() as session:
        external.link(session, system=system, id=known, **of)


def test_a_system_s_id_finds_what_it_stands_for(house: House) -> None:
    number = claim(house.store, house.people.sales)
    link(house, " A-17 ", "CRM", record_id=number)
    link(house, "A-17", record_id=number)
    link(house, "A-17", "erp", party_id=house.people.sales)
    with house.store.reading() as session:
        found = external.find(session, system="Crm", id="A-17")
        assert found is not None
        assert (found.record_id, found.party_id) == (number, None)
        assert [one.system for one in external.listed(session, record_id=number)] == ["crm"]
        assert [one.id for one in external.listed(session, party_id=house.people.sales)] == ["A-17"]


def test_an_id_stands_for_one_only(house: House) -> None:
    first, second = claim(house.store, house.people.sales), claim(house.store, house.people.sales)
    link(house, "B-1", record_id=first)
    with pytest.raises(RecordError, match=r"crm B-1 is CL-\d{4}-\d+ already"):
        link(house, "B-1", record_id=second)
    with pytest.raises(RecordError, match="crm B-1 is CL"):
        link(house, "B-1", party_id=house.people.sales)


@pytest.mark.parametrize(
    ("known", "system", "of", "message"),
    [
        ("", "crm", {"record_id": 1}, "id: ''; must have 1 to 100"),
        ("1", " ", {"record_id": 1}, "system: ' '; must have 1 to 30"),
        ("1", "crm", {}, "stands for one record or for one party"),
        ("1", "crm", {"record_id": 99_999}, "is not there"),
        ("1", "crm", {"record_id": 1, "party_id": 1}, "stands for one record or for one party"),
    ],
)
def test_a_wrong_link_is_refused(house: House, known: str, system: str, of: dict[str, int], message: str) -> None:
    with pytest.raises(RecordError, match=message):
        link(house, known, system, **of)


def test_a_link_is_taken_away_never_turned_and_both_are_logged(house: House) -> None:
    link(house, "C-1", party_id=house.people.sales)
    with pytest.raises(Exception, match="a row is never changed"), house.store.writing() as session:
        session.connection().exec_driver_sql("UPDATE external_id SET party_id = 1 WHERE id = 'C-1'")
    with house.store.writing() as session:
        external.unlink(session, system="crm", id="C-1")
    with pytest.raises(RecordError, match="crm C-1 is not known here"), house.store.writing() as session:
        external.unlink(session, system="crm", id="C-1")
    with house.store.reading() as session:
        query = select(AuditLog.op).where(AuditLog.table_name == "external_id", AuditLog.row_key == "crm/C-1")
        assert list(session.scalars(query.order_by(AuditLog.seq))) == ["INSERT", "DELETE"]
