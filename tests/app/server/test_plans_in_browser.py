"""Plans and tasks as their people see them: a real server, real kernels, a real browser, in Chinese."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from tests.app.server.conftest import Served
from tests.app.server.hand import at
from tests.app.server.money import furnish
from tests.chromium import chromium
from tests.office.company import House

from marketbook.kit.records import roles
from marketbook.office.activity import Activity
from marketbook.office.decision import Decision

SCREEN = "screens/plan/keep-plans"
NARROW = 360
DUE = (roles.today() + timedelta(10)).isoformat()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def house(server: Served) -> House:
    """A company with a plan, and with it the metric that the plan is measured by."""
    return furnish(server.store)


def newest(house: House, of: type[Any]) -> Any:
    with house.store.reading() as session:
        return session.scalars(select(of).order_by(of.id.desc()).limit(1)).one()


def test_a_task_is_entered_begun_and_closed_with_what_came_of_it(browser: Any, server: Served, house: House) -> None:
    with at(browser, server, "sales") as hand:
        hand.open(SCREEN)
        hand.press("新建任务")
        hand.type("标题", "联系三家媒体")
        hand.type("截止日期", DUE)
        hand.type("计划数量", "3")
        hand.press("保存")
        hand.reads("已保存。")
        expect(hand.page.locator(".mb-timeline")).to_contain_text("联系三家媒体")
        hand.press("开始或继续")
        hand.type("结果", "三家均已确认")
        hand.press("登记并完成")
        hand.reads("未填写完成数量。")
        hand.type("完成数量", "3")
        hand.press("登记并完成")
        hand.reads("已完成。")
        hand.tell("a task")
    made = newest(house, Activity)
    assert (made.status, made.qty_done, made.outcome) == ("done", 3, "三家均已确认")


def test_a_recommendation_is_accepted_on_a_phone_and_starts_its_task(
    browser: Any, server: Served, house: House
) -> None:
    with at(browser, server, "sales") as hand:
        hand.open(SCREEN)
        hand.press("新建建议")
        hand.type("标题", "加投信息流")
        hand.type("决策建议", "十二月把信息流预算提高一成")
        hand.choose("指标", "品牌")
        for label, text in (("预期效果", "0.04"), ("至少", "0.02"), ("至多", "0.06"), ("花费", "1000")):
            hand.type(label, text)
        hand.type("复盘日期", DUE)
        hand.type("采纳后启动的任务", "调整投放")
        hand.type("任务截止日期", DUE)
        hand.press("保存")
        hand.reads("已保存。")
    made = newest(house, Decision)
    with at(browser, server, "manager", width=NARROW) as hand:
        hand.open(f"{SCREEN}?record={made.id}")
        hand.reads("品牌知名度：4.0%（2.0% 至 6.0%，此类区间应有 90% 成立）")
        hand.press("通过")
        hand.reads("已采纳")
        assert hand.page.evaluate("document.documentElement.scrollWidth") <= NARROW
    task = newest(house, Activity)
    assert (task.title, task.status, task.about_id) == ("调整投放", "planned", made.id)
