"""The lab's extract: what was planted is in none of it, its reports count the same, and nobody writes into it."""

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import Table, select, text
from sqlalchemy.exc import DBAPIError
from tests.customer.shop import Shop, entered, furnish, said
from tests.engines import Tables

from marketbook.app import lab_extract
from marketbook.app.lab_columns import TEXTS, TOLD
from marketbook.customer.complaint import cases, causes, levels, service
from marketbook.customer.complaint.params import ComplaintEntry, ResolutionEntry
from marketbook.customer.complaint.tables import Complaint
from marketbook.kit.errors import ConfigError
from marketbook.kit.facts import view
from marketbook.kit.records import Party, comments, daily
from marketbook.kit.store import Base, Store
from marketbook.office.params import ActivityEntry

MOBILE, MAIL, NAME, SECRET = "13877665544", "planted.zhang@example.com", "张三丰", "planted-7d1f"
PLANTED = (MOBILE, "7766554", MAIL, "planted", NAME, SECRET)


@dataclass(frozen=True)
class Lab:
    """A store with planted numbers, and what the lab reads of it."""

    shop: Shop
    customer: int
    extract: Store


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def lab(request: pytest.FixtureRequest, tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    store = tables(request.param, tmp_path_factory.mktemp("lab"), "lab")
    shop = furnish(store)
    contacts = [{"value": MOBILE}, {"kind": "email", "value": MAIL}]
    customer = entered(shop, NAME, needs=SECRET, preferences=SECRET, birthday="03-05", contacts=contacts)
    for number in range(20):
        entered(shop, f"{NAME}{number}", f"1390000{number:04}")
    said(shop, customer, given=True)
    complained(shop, customer)
    extract = Store(lab_extract.make(store))
    yield Lab(shop, customer, as_role(store, extract))
    extract.close()
    store.close()


def complained(shop: Shop, customer: int) -> None:
    """Plant into all words of a complaint."""
    actor = shop.people["manager"]
    with shop.store.writing() as session:
        entry = ComplaintEntry(party_id=customer, content=f"{SECRET} {NAME} {MOBILE} 杯子裂了", severity="high")
        one = service.enter(session, entry, actor=actor)
        service.take(session, one, actor=actor, version=one.version)
        comments.comment(session, one, f"回电 {MOBILE} {SECRET}", actor=actor)
        service.wait(session, one, f"请 {NAME} 回电 {SECRET}", actor=actor, version=one.version)
        service.take(session, one, actor=actor, version=one.version)
        solved = ResolutionEntry(resolution=f"{NAME} {SECRET}", cause="product.defect", cause_text=SECRET)
        service.resolve(session, one, solved, actor=actor, version=one.version)
        action = ActivityEntry.model_validate(
            {"kind": "corrective_action", "title": f"回访 {NAME} {MOBILE} {SECRET}", "due_on": "2030-01-01"}
        )
        service.follow_up(session, one, action, actor=actor)


def as_role(store: Store, extract: Store) -> Store:
    """On PostgreSQL the role has no password and no way in of its own; the tests' server lets everybody in."""
    if store.file is None:
        with store.writing(actor="system:test") as session:
            session.execute(text(f"ALTER ROLE {lab_extract.ROLE} LOGIN"))
    return extract


def everything(lab: Lab) -> str:
    """What whoever works in the lab can read."""
    if lab.extract.file is not None:
        return lab.extract.file.read_bytes().decode("utf-8", "replace")
    with lab.extract.reading() as session:
        names = session.scalars(text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'lab'"))
        return "\n".join(str(row) for name in names.all() for row in session.execute(text(f'SELECT * FROM "{name}"')))


def test_what_is_planted_is_in_the_store_and_not_in_the_extract(lab: Lab) -> None:
    with lab.shop.store.reading() as session:
        assert session.scalar(select(Complaint.content)).startswith(SECRET)
    written = everything(lab)
    assert "product.defect" in written
    assert [one for one in PLANTED if one in written] == []


def test_no_view_shows_it_either(lab: Lab) -> None:
    with lab.extract.reading() as session:
        for one in view.everything().values():
            written = view.read(session, one).to_csv()
            assert [planted for planted in PLANTED if planted in written] == [], one.name


def test_people_go_by_numbers_that_are_not_theirs(lab: Lab) -> None:
    with lab.extract.reading() as session:
        found = {one.id: one.name for one in session.scalars(select(Party).where(Party.kind == "customer"))}
        complainer = session.scalar(select(Complaint.party_id))
    assert complainer in found
    assert found == {number: f"customer {number}" for number in found}
    with lab.shop.store.reading() as session:
        assert set(found) == set(session.scalars(select(Party.id).where(Party.kind == "customer")))


def test_customers_are_shuffled_anew() -> None:
    people = [(number, "customer") for number in range(50)] + [(99, "employee")]
    first, second = dict(lab_extract._shuffled(people)), dict(lab_extract._shuffled(people))
    assert first != second
    assert (sorted(first.values()), first[99]) == (sorted(first), 99)


def test_reports_count_the_same_on_it(lab: Lab) -> None:
    with_names, without = (cases.read_cases(store) for store in (lab.shop.store, lab.extract))
    assert levels.levels(without).table.equals(levels.levels(with_names).table)
    month = f"{with_names.as_of:%Y-%m}"
    assert causes.read_causes(lab.extract, month=month).complaints["cause"].tolist() == ["product.defect"]


def test_nobody_writes_into_it(lab: Lab) -> None:
    if lab.extract.file is not None:
        assert stat.S_IMODE(lab.extract.file.stat().st_mode) == 0o440
        return
    with (
        pytest.raises(DBAPIError, match=r"permission denied|cannot update"),
        lab.extract.writing(actor="system:test") as session,
    ):
        session.execute(text("UPDATE party SET name = 'x'"))


def test_what_lies_behind_it_is_not_to_be_read(lab: Lab) -> None:
    with lab.extract.reading() as session:
        for name in set(Base.metadata.tables) - set(TEXTS):
            assert session.execute(text(f'SELECT * FROM "{name}"')).all() == []
    if lab.extract.file is not None:
        return
    for name in ("public.contact_point", "public.party", "lab_keys.numbers", "public.account"):
        with pytest.raises(DBAPIError, match="permission denied"), lab.extract.reading() as session:
            session.execute(text(f"SELECT * FROM {name}"))


def test_it_is_made_again_over_the_one_before(lab: Lab) -> None:
    assert Store(lab_extract.make(lab.shop.store)).url == lab.extract.url


@pytest.fixture
def duty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the extract is a day's duty."""
    monkeypatch.setattr(daily, "_tasks", {})
    monkeypatch.setattr(daily, "_apart", {"lab-extract": daily._apart["lab-extract"]})


@pytest.mark.usefixtures("duty")
def test_it_is_made_anew_once_a_day(lab: Lab) -> None:
    number = entered(lab.shop, f"{NAME}甲", "13900009999")
    assert daily.run(lab.shop.store, on=date(2031, 1, 1)) == ["lab-extract"]
    assert daily.run(lab.shop.store, on=date(2031, 1, 1)) == []
    anew = Store(lab.extract.url.render_as_string(hide_password=False))
    with anew.reading() as session:
        assert number in set(session.scalars(select(Party.id).where(Party.kind == "customer")))
    anew.close()


@pytest.mark.usefixtures("duty")
def test_one_that_fails_leaves_the_one_before_and_nothing_half_written(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = everything(lab)
    real = lab_extract.reading

    def fail(table: Table, where: str, numbers: str) -> str:
        return real(table, where, numbers) if table.name != "record" else "SELECT nothing"

    with monkeypatch.context() as broken:
        broken.setattr(lab_extract, "reading", fail)
        assert daily.run(lab.shop.store, on=date(2031, 1, 2)) == []
    assert "lab-extract: not done on 2031-01-02, and tried again" in caplog.text
    assert [one for one in PLANTED if one in caplog.text] == []
    assert everything(lab) == before
    if lab.extract.file is not None:
        assert {one.name for one in lab.extract.file.parent.glob("lab*")} <= {"lab.db", "lab.db-shm", "lab.db-wal"}
    assert daily.run(lab.shop.store, on=date(2031, 1, 2)) == ["lab-extract"]


@pytest.mark.usefixtures("duty")
def test_who_never_asked_for_one_has_no_copy(store: Store) -> None:
    assert daily.run(store, on=date(2031, 1, 1)) == ["lab-extract"]
    assert not lab_extract.is_there(store)


def test_what_an_ended_process_left_is_taken_away(lab: Lab) -> None:
    if (file := lab.extract.file) is None:
        return
    old, young = (file.with_name(f"lab.db.{name}") for name in ("old", "young"))
    for one in (old, young):
        one.mkdir()
        (one / "lab.db").touch()
    os.utime(old, (0, 0))
    lab_extract.make(lab.shop.store)
    assert (old.exists(), young.exists()) == (False, True)
    shutil.rmtree(young)


def test_nobody_waits_for_long_for_who_reads_it(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    if lab.extract.file is not None:
        return
    monkeypatch.setattr(lab_extract, "LOCK_SECONDS", 1)
    with lab.extract.reading() as session:
        session.scalar(select(Party.id))
        with pytest.raises(ConfigError, match="Somebody reads the lab's extract"):
            lab_extract.make(lab.shop.store)
    lab_extract.make(lab.shop.store)


def test_every_text_that_is_kept_is_a_column() -> None:
    known = {(table.name, column.name) for table in Base.metadata.tables.values() for column in table.columns}
    assert {(table, name) for table, names in TEXTS.items() for name in names} <= known
    assert set(TOLD) <= known
