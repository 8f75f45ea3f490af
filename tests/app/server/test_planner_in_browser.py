"""The planner as a director uses it: sliders by keyboard, a scenario, a recommendation; in Chinese on a phone, too."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select
from tests.app.server.browser import Tab, tab
from tests.app.server.conftest import Served
from tests.chromium import chromium

from marketbook.kit.records import account
from marketbook.office import metric
from marketbook.office.budget_transfer import BudgetTransfer
from marketbook.office.decision import Decision
from marketbook.office.params import MetricEntry
from marketbook.office.scenario import Scenario

SCREEN = "/screens/budget/plan-allocation"
RESTED = "() => !document.querySelector('.mb-outcome[aria-busy]')"
WIDEST = "() => document.documentElement.scrollWidth <= window.innerWidth"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


def opened(browser: Any, server: Served, language: str) -> Iterator[Tab]:
    with tab(browser, server.address) as made:
        made.sign_in("director", language)
        made.open(SCREEN)
        made.page.locator(".mb-bar-row").first.wait_for()
        yield made
        assert made.complaints == []


@pytest.fixture(scope="module", autouse=True)
def _revenue(server: Served) -> None:
    entry = MetricEntry(
        code="sales.revenue", name="营业收入", unit="money", direction=1, definition="含税", source="财务"
    )
    with server.store.writing() as session:
        metric.define(session, entry, actor=account.named(session, login="manager").party_id)


@pytest.fixture
def english(browser: Any, server: Served) -> Iterator[Tab]:
    yield from opened(browser, server, "en")


@pytest.fixture
def chinese(browser: Any, server: Served) -> Iterator[Tab]:
    yield from opened(browser, server, "zh_Hans")


def figures(page: Any) -> list[str]:
    return [str(text) for text in page.locator(".mb-figures dd").all_inner_texts()]


def test_a_plan_is_moved_kept_and_recommended(server: Served, english: Tab) -> None:
    page = english.page
    first = figures(page)
    page.get_by_label("Total, of last year's spend").focus()
    for _turn in range(6):
        page.keyboard.press("ArrowRight")
    page.get_by_label("Cases that count").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(RESTED)
    expect(page.locator("output").first).to_have_text("106%")
    assert figures(page)[0] != first[0]
    assert page.evaluate("() => performance.getEntriesByName('mb-move').length") > 0
    page.get_by_text("Limits of single channels").click()
    page.get_by_label("Douyin, at most").focus()
    page.keyboard.press("Home")
    expect(page.get_by_role("row", name="Douyin").locator("td").nth(2)).to_have_text("")
    page.get_by_text("Limits of channels together").first.click()
    page.get_by_role("button", name="Add a limit").click()
    limit = page.get_by_role("group", name="Limit 1")
    limit.get_by_label("Douyin").check()
    limit.get_by_label("Baidu").check()
    limit.get_by_label("At most").fill("95")
    page.keyboard.press("Tab")
    expect(page.locator(".mb-bar-row").last).to_contain_text(" + ")
    limit.get_by_label("At least").fill("99")
    page.keyboard.press("Tab")
    expect(page.get_by_text("not above the most")).to_be_visible()
    page.get_by_label("Name").fill("Careful")
    page.get_by_role("button", name="Save the scenario").click()
    expect(page.get_by_text("There is no plan to keep")).to_be_visible()
    limit.get_by_label("At least").fill("")
    page.keyboard.press("Tab")
    page.wait_for_function(RESTED)
    page.get_by_role("button", name="Save the scenario").click()
    expect(page.locator(".mb-story .mb-title")).to_contain_text("Careful")
    page.get_by_label("Each channel at least").focus()
    page.keyboard.press("Home")
    page.wait_for_function(RESTED)
    limit.get_by_role("button", name="Remove this limit").click()
    page.get_by_role("button", name="Put the sliders there again").click()
    expect(page.get_by_role("group", name="Limit 1").get_by_label("At most")).to_have_value("95")
    expect(page.locator("output").nth(1)).to_have_text("70% of today")
    page.get_by_role("button", name="Recommend it").click()
    expect(page.locator(".mb-done", has_text="was entered, open to be decided")).to_be_visible()
    with server.store.reading() as session:
        kept = session.scalars(select(Scenario).where(Scenario.name == "Careful")).one()
        assert (kept.parameters["total_percent"], kept.parameters["worst_share"]) == (106.0, 0.5)
        assert [one["most"] for one in kept.parameters["group_limits"]] == [95.0]
        made = session.scalars(select(Decision).where(Decision.scenario_id == kept.id)).one()
        assert made.low < made.predicted < made.high
        assert session.scalar(select(func.count()).select_from(BudgetTransfer)) == 0


def test_on_a_phone_in_chinese_own_limits_are_set_and_taken_back(chinese: Tab) -> None:
    page = chinese.page
    page.set_viewport_size({"width": 360, "height": 800})
    page.get_by_label("各渠道至多", exact=True).focus()
    page.keyboard.press("Home")
    page.get_by_text("单个渠道的限额").click()
    page.get_by_label("抖音：至少").focus()
    page.keyboard.press("Home")
    page.get_by_text("多个渠道合计的限额").first.click()
    page.get_by_role("button", name="添加限额").click()
    page.wait_for_function(RESTED)
    expect(page.locator(".mb-bar-row").first).to_be_visible()
    assert page.evaluate(WIDEST)
    page.get_by_role("button", name="全部同上").click()
    page.wait_for_function(RESTED)
    expect(page.locator(".mb-follows").first).to_contain_text("同上")
