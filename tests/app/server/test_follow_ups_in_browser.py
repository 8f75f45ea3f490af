"""Follow-ups in a browser, in Chinese, at a desk by keyboard and on a phone: a list worked through; what it takes."""

import itertools
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from tests.app.server.conftest import Served
from tests.app.server.hand import Hand, at
from tests.app.server.money import party
from tests.chromium import chromium

from marketbook.customer import cards, consents
from marketbook.customer.care import follow_ups, greetings
from marketbook.customer.care.tables import CareOccasion, ContactClock, ContactReveal
from marketbook.customer.entries import CustomerEntry
from marketbook.kit.records import roles
from marketbook.office.activity import Activity

SCREEN = "screens/customer/follow-up-customers"
NARROW = 360
TODAY = roles.today()
_serial = itertools.count(12_345_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


def put(server: Served, who: str, *names: str, **about: Any) -> list[int]:
    """Enter customers, and put them on the list as the day's duties do."""
    actor, found = party(server.store, who), []
    with server.store.writing() as session:
        for place, name in enumerate(names):
            given = {
                "name": name, "contacts": [{"value": f"138{next(_serial)}"}], "needs": "企业礼盒",
                "met_on": TODAY - timedelta(500 - place), **about,
            }  # fmt: skip
            made = cards.enter(session, CustomerEntry.model_validate(given), actor=actor)
            found.append(made.id)
            if "birthday" in about:
                consents.record(session, made, purpose="care", given=True, method="form", actor=actor)
    with server.store.writing() as session:
        follow_ups.refresh(session, TODAY)
        greetings.refresh(session, TODAY)
    return found


def clocks(server: Served, numbers: list[int]) -> list[ContactClock]:
    with server.store.reading() as session:
        return [session.get_one(ContactClock, one) for one in numbers]


def fits(hand: Hand) -> None:
    assert hand.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_list_is_worked_through_by_keyboard(browser: Any, server: Served) -> None:
    names = ("周植", "冯唐", "何平")
    made = put(server, "sales", *names)
    with at(browser, server, "sales") as hand:
        hand.open(SCREEN)
        expect(hand.page.locator(".mb-list-view tbody tr").first).to_contain_text(names[0])
        hand.press("从第一位开始")
        for place, name in enumerate(names):
            expect(hand.page.get_by_role("heading", name=name)).to_be_visible()
            expect(hand.page.locator(".mb-told :focus")).to_have_count(1)  # it has come forward
            box = hand.page.get_by_role("textbox", name="沟通结果")
            box.focus()
            keys = hand.page.keyboard
            keys.insert_text(f"已沟通，{name}月底补货")
            hand.typed += 1
            for key in ("Tab", "Enter"):  # to the day, which is right already: Enter there sends the form
                keys.press(key)
            hand.reads(f"今天还有{2 - place}位。" if place < 2 else "今天没有其他到期跟进。")
        hand.tell("three customers followed up by keyboard")
        assert hand.clicks <= 2
    found = clocks(server, made)
    assert [(one.activity_id, one.due_on) for one in found] == [(None, TODAY + timedelta(180))] * 3


def test_greetings_are_sent_on_a_phone_and_a_withdrawn_consent_stops_one(browser: Any, server: Served) -> None:
    first, second = put(server, "service", "甲女士", "乙先生", birthday=f"{TODAY:%m-%d}")
    for one in clocks(server, [first, second]):
        with server.store.writing() as session:
            follow = session.get_one(Activity, one.activity_id)
            follow_ups.finish(session, follow, result="已沟通", actor=party(server.store, "service"), version=1)
    with at(browser, server, "service", width=NARROW) as hand:
        hand.open(SCREEN)
        hand.press("从第一位开始")
        hand.reads("生日快乐")
        hand.press("显示号码（将记录）")
        expect(hand.page.locator(".mb-facts b").first).to_contain_text("13")
        fits(hand)
        hand.press("已发送，下一位")
        hand.reads("已送出对甲女士的关怀。")
        hand.tell("a greeting sent on a phone")
        with server.store.writing() as session:
            customer, by = cards.named(session, second), party(server.store, "sales")
            consents.record(session, customer, purpose="care", given=False, method="phone", actor=by)
        hand.press("已发送，下一位")
        hand.reads("没有发送任何内容")
        fits(hand)
    with server.store.reading() as session:
        query = select(CareOccasion).where(CareOccasion.customer_id.in_([first, second])).order_by(CareOccasion.id)
        greeted, stopped = session.scalars(query).all()
        assert (greeted.sent_at is not None, stopped.sent_at) == (True, None)
        assert session.get_one(Activity, stopped.activity_id).status == "cancelled"
        assert session.scalars(select(ContactReveal.customer_id)).all() == [first]
