"""People, rules and the log as their people see them: in Chinese, on a desk and on a phone; clicks are counted."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from tests.app.server.conftest import Served
from tests.app.server.hand import Hand, at
from tests.app.server.money import furnish
from tests.chromium import chromium
from tests.office import company
from tests.office.company import House

from marketbook.kit.records import Record, RuleChange, documents, roles, thresholds
from marketbook.office.budget_line import BudgetLine
from marketbook.team import people

WIDE, NARROW = 1280, 360
LATER = (roles.today() + timedelta(days=3)).isoformat()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def house(server: Served) -> House:
    return furnish(server.store)


def submitted(house: House) -> int:
    with house.store.reading() as session:
        line = session.scalars(select(BudgetLine.id).where(BudgetLine.item == "搜索广告")).one()
    return company.submitted(house, line)


def advertising(house: House) -> int:
    with house.store.reading() as session:
        return next(
            one.amount for one in thresholds.listed(session)
            if (one.type, one.category) == ("expense_claim", "advertising")
        )  # fmt: skip


def open_row(hand: Hand, cell: str) -> None:
    """Open the row of a list in which something stands."""
    hand.clicks += 1
    row = hand.page.locator(".mb-list-view tbody tr").filter(has=hand.page.get_by_text(cell, exact=True))
    row.first.get_by_role("button").first.click()


def fits(hand: Hand) -> None:
    """Nothing stands out of the page to the side."""
    assert hand.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_deputy_is_named_decides_and_is_ended(browser: Any, server: Served, house: House, width: int) -> None:
    number = submitted(house)
    with at(browser, server, "manager", width=width) as hand:
        hand.open("screens/team/name-deputy")
        hand.choose("代理人", "苏晓禾")
        hand.type("截止日", LATER)
        hand.press("指定代理人")
        hand.reads("苏晓禾已成为代理人")
        fits(hand)
        hand.tell(f"a deputy named at {width} px")
        assert hand.clicks <= 3
        with at(browser, server, "specialist", width=width) as other:
            other.open(f"screens/expense/keep-claims?record={number}")
            other.press("批准")
            other.reads("批准：")
            other.tell(f"the deputy decided at {width} px")
        hand.press("立即结束：苏晓禾（市场经理）")
        hand.reads("该代理人不再代你审批")
    with house.store.reading() as session:
        last = documents.history(session, record_id=number)[-1]
        assert people.deputies(session, party_id=house.people.manager) == []
    assert (last.to_status, last.on_behalf_of_id) == ("manager_approved", house.people.manager)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_threshold_is_proposed_by_the_administrator_and_approved_by_the_director(
    browser: Any, server: Served, house: House, width: int
) -> None:
    before = advertising(house)
    amount = before - 100_000
    with at(browser, server, "admin", width=width) as hand:
        hand.open("screens/team/set-parameters")
        open_row(hand, "广告宣传")
        hand.type("新额度", str(amount // 100))
        hand.type("变更理由", "投放单价下降")
        hand.press("提议")
        hand.reads("由总监审批。")
        hand.tell(f"a threshold proposed at {width} px")
    assert advertising(house) == before
    with house.store.reading() as session:
        change = session.scalars(select(RuleChange.id).order_by(RuleChange.id.desc())).first()
    with at(browser, server, "director", width=width) as other:
        other.open(f"screens/team/set-parameters?record={change}")
        other.press("批准")
        other.reads("批准：")
        fits(other)
        other.tell(f"a threshold approved at {width} px")
    assert advertising(house) == amount
    assert (hand.clicks, other.clicks) == (3, 2)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_auditor_checks_the_log_and_reads_one_record_s_story(
    browser: Any, server: Served, house: House, width: int
) -> None:
    with house.store.reading() as session:
        number = session.get_one(Record, submitted(house)).number
    with at(browser, server, "auditor", width=width) as hand:
        hand.open("screens/team/read-audit")
        hand.reads("审计日志完整")
        hand.type("单据编号", number)
        hand.press("查找")
        hand.reads("找到 ")
        expect(hand.page.locator(".mb-list-view tbody tr").filter(has_text=number).first).to_be_visible()
        hand.clicks += 1
        hand.page.locator(".mb-list-view tbody tr").first.get_by_role("button").first.click()
        hand.reads("日志中的完整经过")
        hand.reads("状态：草稿 → 已提交")
        fits(hand)
        hand.tell(f"a record's story at {width} px")
    assert hand.clicks <= 3
