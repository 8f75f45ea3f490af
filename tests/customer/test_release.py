"""Contact data leaves only for who asked, when a superior approved it, as often and as long; nothing else tells it."""

import io
import logging
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from tests.customer.shop import Shop, entered, merged, said, shop
from tests.office import deciding as tools
from tests.office.deciding import Visit, form, send, told

from marketbook.app.lab_extract import reading
from marketbook.customer.release import brief, lists, service
from marketbook.customer.release.params import ReleaseEntry
from marketbook.customer.release.screen import Releasing
from marketbook.customer.release.tables import ContactRelease
from marketbook.customer.screen import Customers
from marketbook.kit import visitor
from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.facts import view
from marketbook.kit.forms import sheet
from marketbook.kit.forms.listing import Listing
from marketbook.kit.forms.rows import MOST, Leaving, Order
from marketbook.kit.forms.screen import Panel
from marketbook.kit.language import speaking
from marketbook.kit.records import Record, advance, notices, roles, waiting
from marketbook.kit.records.exports import ListExport
from marketbook.kit.store import Base
from marketbook.kit.store.audit import AuditLog

MOBILE, FAMILY, SILENT, WITHDRAWN = "13655667788", "13655667799", "13655660001", "13655660002"
MAIL, REASON = "released.li@example.com", "planted-why-8c2e: 请打 13655667788"
PLANTED = (MOBILE, FAMILY, SILENT, WITHDRAWN, MAIL, "planted-why", "1365566")

__all__ = ["shop"]


@pytest.fixture(scope="module")
def people(shop: Shop) -> dict[str, int]:
    """Three customers who allow care, one of them by the card that was merged, one who is silent, one who withdrew."""
    contacts = [{"value": MOBILE}, {"kind": "email", "value": MAIL}]
    made = {
        "allows": entered(shop, "李一", contacts=contacts),
        "merged": entered(shop, "李二", FAMILY),
        "silent": entered(shop, "李三", SILENT),
        "withdrew": entered(shop, "李四", WITHDRAWN),
        "other": entered(shop, "李五", "13655660003", by="service"),
    }
    twin = entered(shop, "李二", "13655660004")
    for number in (made["allows"], twin, made["withdrew"], made["other"]):
        said(shop, number, given=True, said_on=roles.today() - timedelta(days=9))
    said(shop, made["withdrew"], given=False)
    merged(shop, made["merged"], twin)
    return made


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.fixture
def visit(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    with tools.visiting(shop, monkeypatch) as come:  # type: ignore[arg-type]  # it has a store
        yield come


def wanted(**about: object) -> ReleaseEntry:
    """What sales asks for: its own customers, for care."""
    usual = {"purpose": "care", "reason": REASON, "most": 10, "until": roles.today() + timedelta(days=5)}
    return ReleaseEntry.model_validate(usual | about)


def asked(shop: Shop, *, by: str = "sales", **about: object) -> int:
    with shop.store.writing() as session:
        return service.ask(session, wanted(**about), actor=shop.people[by]).id


def decided(shop: Shop, number: int, to: str = "approved", *, by: str = "manager", reason: str = "") -> None:
    with shop.store.writing() as session:
        one = session.get_one(Record, number)
        advance(session, one, to, actor=shop.people[by], version=one.version, reason=reason)


def approved(shop: Shop, **about: object) -> int:
    number = asked(shop, **about)
    decided(shop, number)
    return number


def taken(shop: Shop, number: int, *, by: str = "sales") -> Leaving:
    """Take a list out as the screen does, without its widget."""
    with shop.store.writing() as session:
        one = session.get_one(ContactRelease, number)
        about = {name: getattr(one, name) for name in ("scope", "grade", "purpose")}
        rows = lists.released(**about, party_id=one.entered_by_id).page(session, Order(), size=MOST).rows
        return service.take(session, one, rows, actor=shop.people[by])


def left(shop: Shop, number: int) -> list[int]:
    with shop.store.reading() as session:
        return list(session.scalars(select(ListExport.count).where(ListExport.record_id == number)))


def test_what_is_approved_leaves_with_who_allows_it_and_nobody_else(shop: Shop, people: dict[str, int]) -> None:
    number = approved(shop)
    found = taken(shop, number)
    rows = {row["id"]: row for row in found.rows}
    assert set(rows) == {people["allows"], people["merged"]}
    assert (rows[people["allows"]]["mobile"], rows[people["allows"]]["email"]) == (MOBILE, MAIL)
    assert rows[people["merged"]]["mobile"] == f"{FAMILY}, 13655660004"
    assert found.text.startswith("2 people left, for “Greetings and care”")
    assert left(shop, number) == [2]


def test_all_customers_are_asked_for_by_whoever_works_with_them(shop: Shop, people: dict[str, int]) -> None:
    number = approved(shop, by="specialist", scope="all")
    assert people["other"] in {row["id"] for row in taken(shop, number, by="specialist").rows}


def test_a_consent_that_was_withdrawn_since_the_approval_counts(shop: Shop, people: dict[str, int]) -> None:
    customer = entered(shop, "李六", "13655660006")
    said(shop, customer, given=True)
    number = approved(shop)
    said(shop, customer, given=False)
    assert customer not in {row["id"] for row in taken(shop, number).rows}
    assert people["allows"] in people.values()


def test_it_waits_for_the_superior_who_is_told_and_then_who_asked_is(shop: Shop) -> None:
    number = asked(shop)
    sales, manager = shop.people["sales"], shop.people["manager"]
    with shop.store.reading() as session:
        assert number in {one.record_id for one in waiting.inbox(session, party_id=manager).rows}
        assert number not in {one.record_id for one in waiting.inbox(session, party_id=sales).rows}
    decided(shop, number)
    with shop.store.reading() as session:
        told_of = [one for one in notices.listed(session, party_id=sales) if one.record_id == number]
        assert [one.kind for one in told_of] == ["decided"]


def test_a_manager_s_own_request_is_decided_on_above_him(shop: Shop) -> None:
    number = asked(shop, by="manager")
    with pytest.raises(AccessError, match="answers for this record and may not decide"):
        decided(shop, number)
    decided(shop, number, by="director")


Move = Callable[[Shop], object]


def too_long(shop: Shop) -> object:
    return asked(shop, until=roles.today() + timedelta(days=31))


def refused(shop: Shop) -> object:
    number = asked(shop)
    decided(shop, number, "rejected", reason="不需要")
    return taken(shop, number)


def taken_back(shop: Shop) -> object:
    number = approved(shop)
    decided(shop, number, "withdrawn", reason="活动取消")
    return taken(shop, number)


def twice(shop: Shop) -> object:
    number = approved(shop)
    taken(shop, number)
    assert left(shop, number) == [2]
    return taken(shop, number)


WRONG: dict[str, tuple[Move, str]] = {
    "one's own request is approved": (lambda shop: decided(shop, asked(shop), by="sales"), "may not decide on it"),
    "a colleague approves": (lambda shop: decided(shop, asked(shop), by="service"), "may not take this step today"),
    "refused without a reason": (lambda shop: decided(shop, asked(shop), "rejected"), "needs a reason"),
    "finance asks": (lambda shop: asked(shop, by="finance"), "You do not work with customers"),
    "for longer than a month": (too_long, "at most 30 days are allowed"),
    "until yesterday": (lambda shop: asked(shop, until=roles.today() - timedelta(days=1)), "which is over"),
    "not approved": (lambda shop: taken(shop, asked(shop)), "is submitted; contact data leaves only when"),
    "refused": (refused, "is rejected; .* The list without contact data can be taken out as always"),
    "taken back": (taken_back, "is withdrawn; contact data leaves only"),
    "another's approval": (lambda shop: taken(shop, approved(shop), by="specialist"), "is for sales alone"),
    "the decider takes it": (lambda shop: taken(shop, approved(shop), by="manager"), "is for sales alone"),
    "more people": (lambda shop: taken(shop, approved(shop, most=1)), "2 people would be in the file, .* 1 at most"),
    "a second time": (twice, "was for 1 time, and was used"),
}


@pytest.mark.parametrize("name", WRONG)
def test_every_wrong_move_is_refused_and_nothing_leaves(shop: Shop, people: dict[str, int], name: str) -> None:
    assert people
    move, told = WRONG[name]
    with pytest.raises((RecordError, AccessError), match=told):
        move(shop)
    with shop.store.reading() as session:
        last = session.scalar(select(func.max(ContactRelease.id)))
    assert last is not None
    assert left(shop, last) == ([2] if name == "a second time" else [])


def test_what_has_ended_leaves_no_more(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    number, tomorrow = approved(shop, until=roles.today(), times=2), roles.today() + timedelta(days=1)
    taken(shop, number)
    monkeypatch.setattr(roles, "today", lambda: tomorrow)
    with pytest.raises(RecordError, match=r"ended on .*; ask anew"):
        taken(shop, number)
    assert left(shop, number) == [2]


def test_it_leaves_as_often_as_it_was_approved_for(shop: Shop) -> None:
    number = approved(shop, times=2)
    assert "1 more times" in taken(shop, number).text
    assert "0 more times" in taken(shop, number).text
    with pytest.raises(RecordError, match="was for 2 times, and was used"):
        taken(shop, number)


@pytest.mark.parametrize("about", [{"most": 0}, {"most": 20_001}, {"times": 6}, {"reason": "   "}, {"scope": "team"}])
def test_what_cannot_be_asked_for_is_refused_before_it_is(about: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        wanted(**about)


RAW = {
    "without an approval": "NULL, 'care', 2",
    "on what is not approved": "{submitted}, 'care', 2",
    "for another purpose": "{approved}, 'promotion', 2",
    "more than approved": "{approved}, 'care', 11",
    "as often as one likes": "{used}, 'care', 1",
}


@pytest.mark.parametrize("name", RAW)
def test_the_database_refuses_it_too(shop: Shop, name: str) -> None:
    numbers = {"submitted": asked(shop), "approved": approved(shop), "used": approved(shop)}
    taken(shop, numbers["used"])
    content = RAW[name].format(**numbers)
    statement = text(
        "INSERT INTO list_export (party_id, list, at, record_id, purpose, count) "
        f"VALUES (:who, 'customers', '2026-01-01 00:00:00', {content})"
    )
    sales = shop.people["sales"]
    with pytest.raises(DBAPIError, match="nobody has approved"), shop.store.writing(actor=sales) as session:
        session.execute(statement, {"who": sales})


def test_who_decides_sees_how_many_people_it_would_be(shop: Shop, people: dict[str, int]) -> None:
    assert people
    number = asked(shop, most=1)
    with shop.store.reading() as session:
        found = brief.of(session, session.get_one(Record, number))
    rows = dict(found.rows)
    assert (rows["People who allow it today"], rows["What is to be done with it, and why"]) == ("2", REASON)
    assert found.warnings == ["More people are on the list today than are asked for: it could not leave so."]


def opened(shop: Shop, visit: Visit, number: int, *, by: str = "sales") -> Panel:
    panel = Panel()
    Releasing(visit(shop.people[by]), panel).open(number)
    return panel


def pressed(panel: Panel) -> tuple[dict[str, Any], bytes]:
    """Press the button of the list that may leave."""
    (made,) = [one for one in panel.children if isinstance(one, Listing)]
    answers: list[tuple[dict[str, Any], Any]] = []
    made.send = lambda content, buffers=None: answers.append((content, buffers))  # type: ignore[method-assign]
    made._heard(made, {"id": "1", "do": "export"}, [])
    content, buffers = answers[0]
    return content, buffers[0] if buffers else b""


def unpacked(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "\n".join(book.read(name).decode() for name in book.namelist())


def test_on_the_screen_it_is_asked_for_decided_on_and_taken_out(
    shop: Shop, people: dict[str, int], visit: Visit, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert people
    with caplog.at_level(logging.DEBUG):
        screen = Customers(visit(shop.people["sales"]))
        screen.listing._open({"do": "new", "button": len(screen.listing.described["buttons"]) - 1}, [])
        until = str(roles.today())
        values = {"scope": "own", "purpose": "care", "reason": REASON, "most": "9", "until": until, "times": "1"}
        assert "2 people on it allow this today. manager would decide." in typed(screen.panel, values)
        send(screen.panel, "customer/release", monkeypatch, **values)
        with shop.store.reading() as session:
            number = session.scalar(select(func.max(ContactRelease.id)))
        assert REASON in told(screen.panel)
        assert not [one for one in screen.panel.children if isinstance(one, Listing)]
        visit(shop.people["manager"])
        decided(shop, number)
        answer, content = pressed(opened(shop, visit, number))
    written = unpacked(content)
    assert answer["name"] == f"{numbered(shop, number)} with contact data.xlsx"
    assert MOBILE in written
    assert MAIL in written
    assert SILENT not in written
    assert [one for one in PLANTED if one in caplog.text] == []
    assert not [one for one in opened(shop, visit, number).children if isinstance(one, Listing)]


def typed(panel: Panel, values: dict[str, str]) -> str:
    found = form(panel, "customer/release")
    assert found is not None
    found.values = {**found.values, **values}
    return found.ahead


def numbered(shop: Shop, number: int) -> str:
    with shop.store.reading() as session:
        return session.get_one(Record, number).number


def test_a_workbook_that_cannot_be_made_uses_nothing_up(
    shop: Shop, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = approved(shop)

    def fail(*_args: object, **_more: object) -> bytes:
        raise OSError

    panel = opened(shop, visit, number)
    with monkeypatch.context() as patched:
        patched.setattr(sheet, "write", fail)
        assert "failed" in pressed(panel)[0]
    assert left(shop, number) == []
    assert pressed(panel)[1]


def test_another_reader_has_no_button_for_it(shop: Shop, visit: Visit) -> None:
    number = approved(shop)
    for by in ("manager", "director"):
        assert not [one for one in opened(shop, visit, number, by=by).children if isinstance(one, Listing)]
    assert visitor.required().party_id == shop.people["director"]


def test_the_log_holds_count_and_purpose_and_no_view_or_log_a_number(shop: Shop, people: dict[str, int]) -> None:
    assert people
    number = approved(shop)
    taken(shop, number)
    with shop.store.reading() as session:
        rows = session.scalars(select(AuditLog.new).where(AuditLog.table_name == "list_export")).all()
        every = session.scalars(select(AuditLog.new).where(AuditLog.new.is_not(None))).all()
        views = "".join(view.read(session, one).to_csv() for one in view.everything().values())
        lab = session.execute(text(reading(Base.metadata.tables["contact_release"], "", ""))).all()
    (noted,) = [one for one in rows if one and (f'"record_id":{number}' in one or f'"record_id" : {number}' in one)]
    assert '"care"' in noted
    assert [one for one in PLANTED if one in "\n".join(map(str, every)) or one in views] == []
    assert lab == []
