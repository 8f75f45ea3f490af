"""Customers' cards on both engines: entered, changed, checked; what is refused, and that it leaves no trace."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from tests.customer.shop import Shop, changed, entered, entry, facts, merged, mobile, shop, trace

from marketbook.customer import card_params, cards, contact_points, face
from marketbook.customer.card import ContactPoint, Customer
from marketbook.customer.cards import StaleCardError
from marketbook.customer.contacts import masked, normalised
from marketbook.customer.entries import ContactEntry
from marketbook.kit.errors import AccessError, MarketbookError, RecordError
from marketbook.kit.records import Party, advance, roles, rules
from marketbook.kit.store import audit
from marketbook.kit.store.audit import AuditLog

__all__ = ["shop"]


def test_a_customer_is_entered_with_everything(shop: Shop) -> None:
    number = mobile()
    made = entered(shop, " 曾  国藩 ", number, birthday="2月29日", needs="企业采购", preferences="上午联系")
    with shop.store.reading() as session:
        found = facts(session, made)
        assert session.get_one(Customer, made).entered_by_id == shop.people["sales"]
    assert found["name"] == "曾 国藩"
    assert (found["birthday"], found["status"], found["owner_id"]) == ("02-29", "prospect", shop.people["sales"])
    assert found["points"] == [("mobile", f"+86{number}", False)]
    assert str(found["reading"]).startswith("zengguofan cengguofan zgf")
    assert found["met_on"] == roles.today()


def test_a_card_is_changed_its_contact_points_too_and_the_log_holds_none_of_it(shop: Shop) -> None:
    first, second = mobile(), mobile()
    made = entered(shop, "李娜", first, needs="旧需求")
    changed(shop, made, entry("李娜娜", second, needs="新需求"))
    with shop.store.reading() as session:
        found, version = facts(session, made), session.get_one(Customer, made).version
        logged = session.scalars(
            select(AuditLog.new).where(AuditLog.table_name.in_(("customer", "contact_point")))
        ).all()
    assert (found["name"], found["needs"], version) == ("李娜娜", "新需求", 2)
    assert found["points"] == [("mobile", f"+86{second}", False)]
    assert json.loads(logged[-1] or "")["changed"] == "name, needs, contacts"
    everything = " ".join(one or "" for one in logged)
    assert not [one for one in (first, second, "李娜", "旧需求", "新需求", "lina") if one in everything]


def test_what_is_as_it_was_is_no_change(shop: Shop) -> None:
    number = mobile()
    made = entered(shop, "何平", number, needs="甲")
    with shop.store.reading() as session:
        before = audit.head(session)
    changed(shop, made, entry("何平", f"+86 {number}", needs=" 甲 "))
    with shop.store.reading() as session:
        assert audit.head(session) == before
        assert session.get_one(Customer, made).version == 1


def test_a_number_that_was_removed_may_be_another_s_then(shop: Shop) -> None:
    number = mobile()
    first = entered(shop, "甲", number)
    changed(shop, first, entry("甲"))
    second = entered(shop, "乙", number)
    with shop.store.reading() as session:
        value = normalised("mobile", number)
        assert [one.customer_id for one in contact_points.at(session, "mobile", value)] == [second]
        assert session.scalars(select(ContactPoint.id).where(ContactPoint.value == value)).all().__len__() == 2


def test_a_shared_number_is_several_customers_and_marked_at_all(shop: Shop) -> None:
    number = mobile()
    first = entered(shop, "甲", number)
    second = entered(shop, "乙", number, shared=True)
    with shop.store.reading() as session:
        found = contact_points.at(session, "mobile", normalised("mobile", number))
        assert [(one.customer_id, one.shared) for one in found] == [(first, True), (second, True)]
    before = trace(shop.store)
    with pytest.raises(RecordError, match=r"is 甲's already \(customer \d+\)"):
        changed(shop, second, entry("乙", number))
    assert trace(shop.store) == before
    changed(shop, second, entry("乙"))
    changed(shop, first, entry("甲", number))


def test_it_is_noted_that_a_card_was_looked_at(shop: Shop) -> None:
    made = entered(shop, "何平")
    with shop.store.writing() as session:
        cards.mark_checked(session, session.get_one(Customer, made), actor=shop.people["service"], version=1)
    with shop.store.reading() as session:
        assert session.get_one(Party, made).checked_on == roles.today()
        assert session.get_one(Customer, made).changed == "checked_on"


def test_values_give_classes_and_merged_cards_count_with_the_kept_one(shop: Shop) -> None:
    big, small, none = (entered(shop, name) for name in ("大", "小", "无"))
    twin = entered(shop, "大二")
    merged(shop, big, twin)
    with shop.store.writing() as session:
        cards.set_values(session, {big: 500, twin: 480, small: 20}, on=date(2026, 6, 30), segments={big: "冠军"})
    with shop.store.reading() as session:
        assert [session.get_one(Customer, one).grade for one in (big, small, none, twin)] == ["A", "C", None, None]
        assert session.get_one(Customer, big).value_minor == 980
        assert session.get_one(Party, big).segment == "冠军"
        assert [session.get_one(Party, one).status for one in (big, none, twin)] == ["active", "prospect", "merged"]
    with shop.store.writing() as session:
        cards.set_values(session, {small: 20}, on=date(2026, 12, 31))
    with shop.store.reading() as session:
        assert [session.get_one(Party, one).status for one in (big, small, none)] == ["dormant", "active", "prospect"]
        assert session.get_one(Customer, big).valued_on is None


Move = Callable[[Shop, int, str], object]

WRONG: dict[str, tuple[Move, type[MarketbookError], str]] = {
    "a number of another's": (lambda s, _n, m: entered(s, "别人", m), RecordError, r"王芳's already \(customer \d+\)"),
    "written otherwise": (lambda s, _n, m: entered(s, "别人", f"0086 {m[:3]}-{m[3:]}"), RecordError, "王芳's already"),
    "changed to another's": (
        lambda s, _n, m: changed(s, entered(s, "别人"), entry("别人", m)), RecordError, "王芳's already",
    ),
    "the same number twice": (
        lambda s, _n, _m: entered(s, "别人", "13700000001", "137 0000 0001"), RecordError, "twice",
    ),
    "no number": (lambda s, _n, _m: entered(s, "别人", "12345"), RecordError, "is no telephone number"),
    "by a specialist": (lambda s, _n, _m: entered(s, by="specialist"), AccessError, "changed by sales"),
    "by finance": (lambda s, n, _m: changed(s, n, entry(), by="finance"), AccessError, "entered and changed by sales"),
    "by a customer": (
        lambda s, n, _m: _by(s, n), AccessError, "not an employee at work",
    ),
    "an owner who is none": (lambda s, n, _m: entered(s, "别人", owner_id=n), RecordError, "not an employee at work"),
    "a version there never was": (lambda s, n, _m: changed(s, n, entry(), version=9), RecordError, "has no version 9"),
    "no such customer": (lambda s, _n, _m: _named(s, 99_999), RecordError, "no customer 99999"),
    "met tomorrow": (
        lambda s, _n, _m: entered(s, "别人", met_on=roles.today() + timedelta(1)), RecordError, "cannot be after today",
    ),
}  # fmt: skip


def _named(shop: Shop, number: int) -> None:
    with shop.store.reading() as session:
        cards.named(session, number)


def _by(shop: Shop, actor: int) -> None:
    with shop.store.writing() as session:
        cards.enter(session, entry("别人"), actor=actor)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_move_is_refused_and_leaves_no_trace(shop: Shop, name: str) -> None:
    move, error, match = WRONG[name]
    number = mobile()
    made = entered(shop, "王芳", number)
    other = "别人" if name == "changed to another's" else ""
    before = None if other else trace(shop.store)
    with pytest.raises(error, match=match):
        move(shop, made, number)
    assert before is None or trace(shop.store) == before


def test_a_refusal_never_tells_a_whole_number(shop: Shop) -> None:
    number = mobile()
    entered(shop, "王芳", number)
    with pytest.raises(RecordError) as refused:
        entered(shop, "别人", number)
    assert number not in str(refused.value)
    assert masked("mobile", f"+86{number}") in str(refused.value)


def test_who_comes_second_hears_who_changed_which_fields(shop: Shop) -> None:
    made = entered(shop, "王芳", needs="甲")
    changed(shop, made, entry("王芳", mobile(), needs="乙"), by="manager")
    before = trace(shop.store)
    with pytest.raises(
        StaleCardError, match=r"王芳 was changed by manager since you opened it: needs, numbers and addresses"
    ):
        changed(shop, made, entry("王方"), version=1)
    assert trace(shop.store) == before


@pytest.mark.parametrize("typed", ["13-01", "02-30", "03-05-1990", "0", "三月五日"])
def test_a_birthday_is_a_month_and_a_day(typed: str) -> None:
    with pytest.raises(ValueError, match="must be a month and a day"):
        entry("王芳", birthday=typed)


def test_a_contact_point_must_not_be_empty() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        ContactEntry(value="   ")


def test_the_limits_of_the_classes_and_of_stale_data_are_the_company_s(shop: Shop) -> None:
    first, second = entered(shop), entered(shop)
    for name, value in ((card_params.CLASSES.name, [5_000, 5_000]), (card_params.STALE.name, 30)):
        decided(shop, name, value)
    with shop.store.writing(actor="system:test") as session:
        cards.set_values(session, {first: 600, second: 400}, on=roles.today() + timedelta(1))
    assert [facts_of(shop, one)["grade"] for one in (first, second)] == ["A", "C"]
    with shop.store.reading() as session:
        later = [roles.today() + timedelta(n) for n in (31, 30)]
        found = [face.quality_of(session, cards.named(session, first), on=day).stale for day in later]
    assert found == [True, False]


def decided(shop: Shop, name: str, value: object) -> None:
    """Have a parameter be another one from tomorrow on."""
    with shop.store.writing() as session:
        change = rules.propose_parameter(
            session, name=name, value=value, valid_from=roles.today() + timedelta(1), source="实测",
            actor=shop.people["admin"],
        )  # fmt: skip
    with shop.store.writing() as session:
        found = session.get_one(type(change), change.id)
        advance(session, found, "approved", actor=shop.people["director"], version=found.version)


def facts_of(shop: Shop, number: int) -> dict[str, object]:
    with shop.store.reading() as session:
        return facts(session, number)
