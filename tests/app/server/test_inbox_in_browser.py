"""The inbox as a manager uses it, in Chinese, on a desk and on a phone; what it takes is told, the clicks are held to.

`pytest --log-cli-level=INFO` tells clicks and seconds.
"""

from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.app.server.conftest import Served
from tests.app.server.hand import Hand, at
from tests.app.server.money import furnish
from tests.chromium import chromium
from tests.office import company
from tests.office.company import House

from marketbook.demo.people import PASSWORD
from marketbook.kit import config
from marketbook.kit.records import Party, roles, rules
from marketbook.office import bulk
from marketbook.office.budget_line import BudgetLine

SCREEN = "screens/office/decide"
WIDE, NARROW = 1280, 360
SMALL = (8_000, 9_500, 21_450)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def house(server: Served) -> Iterator[House]:
    """The company, whose vendor finance has checked, so that small claims carry no remark; files are the server's."""
    made = furnish(server.store)
    with server.store.writing() as session:
        session.get_one(Party, made.vendor).checked_on = roles.today()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MARKETBOOK_HOME", str(server.home))
        config.settings.cache_clear()
        yield made
    config.settings.cache_clear()


@pytest.fixture(scope="module")
def line(house: House) -> int:
    with house.store.reading() as session:
        return session.query(BudgetLine.id).filter_by(item="搜索广告").one().id


def claim(house: House, line: int, amount: int, title: str = "展会费用") -> int:
    number = company.claim(house, line, amount, invoiced=False, kind="request", title=title)
    company.walk(house, number, ("submitted", house.people.sales))
    return number


def fits(hand: Hand, width: int) -> bool:
    return bool(hand.page.evaluate("document.documentElement.scrollWidth") <= width)


def test_the_link_of_a_notice_leads_over_the_sign_in_to_the_decision(
    browser: Any, server: Served, house: House, line: int
) -> None:
    number = claim(house, line, 400_000, "上海发布会")
    context = browser.new_context(viewport={"width": NARROW, "height": 760}, has_touch=True, locale="zh-CN")
    hand = Hand(context.new_page(), server.address)
    hand.open(f"{SCREEN}?record={number}")
    hand.page.fill("#login", "manager")
    hand.page.fill("#password", PASSWORD)
    hand.clicks += 1
    hand.page.click(".app-form .app-button")
    expect(hand.page.locator(".mb-told").first).to_contain_text("上海发布会")
    approve = hand.page.get_by_role("button", name="批准", exact=True)
    assert approve.bounding_box()["y"] > 600, "within reach of a thumb"
    hand.press("批准")
    hand.reads("现为")
    hand.tell("a notice, from its link to the decision, at 360 px")
    assert fits(hand, NARROW)
    assert (company.status(house, number), hand.clicks) == ("manager_approved", 3)
    context.close()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_two_clicks_decide_from_the_list_and_a_reason_is_asked_for_where_it_is_needed(
    browser: Any, server: Served, house: House, line: int, width: int
) -> None:
    numbers = [claim(house, line, 300_000, f"物料 {n}") for n in range(2)]
    with at(browser, server, "manager", width=width) as hand:
        hand.page.goto(server.address + SCREEN)
        cards = hand.page.locator(".mb-item")
        cards.first.wait_for()
        hand.clicks += 1
        cards.filter(has_text="物料 0").last.click()
        hand.press("批准")
        hand.reads("批准：")
        hand.tell(f"decided from the list at {width} px")
        assert (hand.clicks, fits(hand, width)) == (2, True)
        if width == NARROW:
            hand.page.locator(".mb-way button").first.click()
        cards.filter(has_text="物料 1").last.click()
        hand.press("退回")
        hand.reads("这一步必须填写理由")
        hand.type("原因", "请补充报价单")
        hand.press("退回")
        hand.reads("退回：")
    assert [company.status(house, number) for number in numbers] == ["manager_approved", "draft"]


def test_small_ones_are_approved_at_once(browser: Any, server: Served, house: House, line: int) -> None:
    numbers = [company.submitted(house, line, amount) for amount in SMALL]
    with house.store.reading() as session:
        assert bulk.limit(session) > max(SMALL)
    with at(browser, server, "manager") as hand:
        hand.page.goto(server.address + SCREEN)
        hand.clicks += 1
        hand.page.get_by_role("button", name="项小额且无异常").click()
        hand.reads("已选 3 项")
        hand.clicks += 1
        hand.page.locator(".mb-chosen button").first.click()
        hand.reads("已处理 3 条")
        hand.tell("three small claims at once")
    assert {company.status(house, number) for number in numbers} == {"manager_approved"}
    assert hand.clicks == 2


def test_a_decision_on_what_has_changed_meanwhile_is_told(
    browser: Any, server: Served, house: House, line: int
) -> None:
    number = claim(house, line, 350_000, "已改的申请")
    with at(browser, server, "manager", width=NARROW) as hand:
        hand.open(f"{SCREEN}?record={number}")
        expect(hand.page.locator(".mb-told").first).to_contain_text("已改的申请")
        company.walk(house, number, ("withdrawn", house.people.sales))
        hand.press("批准")
        hand.reads("您打开之后")
        assert hand.page.get_by_role("button", name="批准", exact=True).count() == 0
    assert company.status(house, number) == "withdrawn"


def test_rules_and_transfers_are_decided_there_too(browser: Any, server: Served, house: House, line: int) -> None:
    moved = company.transfer(house, 100_000, line, None)
    with house.store.writing() as session:
        changed = rules.propose_parameter(
            session, name=bulk.BELOW.name, value=50_000, valid_from=roles.today(), source="会议纪要",
            actor=house.people.admin,
        ).id  # fmt: skip
    with at(browser, server, "director") as hand:
        for number in (moved, changed):
            hand.open(f"{SCREEN}?record={number}")
            hand.press("批准")
            hand.reads("批准：")
    assert [company.status(house, number) for number in (moved, changed)] == ["approved", "approved"]


def test_the_home_page_leads_to_what_waits(server: Served, house: House, line: int) -> None:
    number = claim(house, line, 360_000, "<script>alert(1)</script>")
    page = server.someone("manager").get("/").text
    assert f'href="/screens/office/decide?record={number}"' in page
    assert "<script>alert" not in page
    assert "<script>alert(1)</script>" in unescape(page)
    assert "for your decision" in page
