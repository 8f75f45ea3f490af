"""The sales pipeline as a salesperson sees it: a real server, real kernels, a real browser, in Chinese.

What each way takes, in clicks and seconds, is told (`pytest --log-cli-level=INFO`).
"""

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

from marketbook.customer import cards
from marketbook.customer.entries import CustomerEntry
from marketbook.kit.records import Party, roles, types
from marketbook.office import opportunity
from marketbook.office.opportunity import Opportunity
from marketbook.office.opportunity_params import OpportunityEntry, StepEntry

SCREEN = "screens/customer/keep-pipeline"
NARROW = 360
SOON, LATER = ((roles.today() + timedelta(days)).isoformat() for days in (3, 9))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


def newest(server: Served) -> Opportunity:
    with server.store.reading() as session:
        return session.scalars(select(Opportunity).order_by(Opportunity.id.desc()).limit(1)).one()


def enter(server: Served, name: str, login: str = "sales") -> str:
    """Enter a sale whose amount and day are known; return its number."""
    types.load()
    actor, day = party(server.store, login), roles.today()
    with server.store.writing() as session:
        customer = cards.enter(session, CustomerEntry(name=name), actor=actor).id
        step = StepEntry(title="电话了解需求", due_on=day + timedelta(1))
        entry = OpportunityEntry(
            party_id=customer, product="企业礼盒", next_step=step, amount_minor=4_800_000, expected_on=day
        )
        return opportunity.enter(session, entry, actor=actor).number


def lane(hand: Hand, title: str) -> Any:
    return hand.page.locator(".mb-lane", has=hand.page.get_by_role("heading", name=title, exact=True))


def open_card(hand: Hand, title: str, name: str) -> None:
    hand.clicks += 1
    lane(hand, title).get_by_role("button", name=name).click()


def note(hand: Hand, outcome: str, following: str, on: str) -> None:
    """Say what came of a step and what is next."""
    hand.type("执行结果", outcome)
    hand.page.get_by_label("下一步事项").first.fill(following)
    hand.page.get_by_label("完成期限").first.fill(on)
    hand.typed += 2
    hand.press("登记")
    hand.reads("的结果已登记。")


def win(hand: Hand, order: str) -> None:
    hand.type("订单号", order)
    hand.press("成交")
    hand.reads("已成交，订单号")


def test_a_prospect_goes_from_its_entry_to_its_order(browser: Any, server: Served) -> None:
    with at(browser, server, "sales") as hand:
        hand.open(SCREEN)
        hand.press("新商机")
        hand.type("新客户姓名", "苏州拾光酒店")
        hand.type("意向产品", "员工福利年框")
        hand.type("下一步事项", "电话了解需求")
        hand.type("完成期限", SOON)
        hand.type("预计金额", "96000")
        hand.type("预计成交日期", LATER)
        hand.press("录入")
        hand.reads("已登记，下一步：")
        hand.tell("a prospect entered")
        note(hand, "需要八十份，预算已定", "上门演示样品", LATER)
        for step, status in (("需求已确认", "需求已确认"), ("已提交方案", "已报方案")):
            hand.press(step)
            expect(lane(hand, status).get_by_role("button", name="苏州拾光酒店")).to_be_visible()
        win(hand, "so-2026-001")
        expect(lane(hand, "待跟进订单").get_by_role("button", name="苏州拾光酒店")).to_be_visible()
        hand.tell("a prospect from its entry to its order")
    one = newest(server)
    assert (one.status, one.order_no, one.order_minor) == ("won", "SO-2026-001", 9_600_000)
    with server.store.reading() as session:
        assert session.get_one(Party, one.party_id).status == "active"


def test_on_a_phone_a_sale_is_worked_on_and_lost(browser: Any, server: Served) -> None:
    enter(server, "厦门屿间民宿")
    with at(browser, server, "sales", width=NARROW) as hand:
        hand.open(SCREEN)
        open_card(hand, "潜在客户", "厦门屿间民宿")
        note(hand, "预算不足", "一周后再联系", LATER)
        hand.press("需求已确认")
        hand.reads("：OP-")
        assert hand.page.evaluate("document.documentElement.scrollWidth") <= NARROW
        expect(hand.page.get_by_label("丢单原因")).to_be_hidden()
        hand.clicks += 1
        hand.page.get_by_role("heading", name="丢单").click()
        hand.page.get_by_label("丢单原因").select_option(label="没有预算")
        hand.press("丢单")
        hand.reads("已丢单。")
        hand.tell("a sale worked on and lost")
    assert (newest(server).status, newest(server).lost_reason) == ("lost", "budget")


def test_a_manager_sees_his_team_and_sales_not_the_manager_s(browser: Any, server: Served) -> None:
    enter(server, "宁波海纳工艺", login="manager")
    enter(server, "长沙湘遇餐饮")
    with at(browser, server, "manager") as hand:
        hand.open(SCREEN)
        hand.press("团队")
        expect(lane(hand, "潜在客户").get_by_role("button", name="长沙湘遇餐饮")).to_be_visible()
    with server.store.reading() as session:
        query = select(Opportunity.id).join(Party, Party.id == Opportunity.party_id)
        others = session.scalars(query.where(Party.name == "宁波海纳工艺")).one()
    with at(browser, server, "sales") as hand:
        hand.open(f"{SCREEN}?record={others}")
        hand.reads("或您无权查看")
        expect(hand.page.get_by_role("button", name="宁波海纳工艺")).to_have_count(0)
    assert server.signed_in("service").get("/" + SCREEN).status == 403
