"""Complaints as the desk sees them: a real server, real kernels, a real browser, in Chinese, at a desk and on a phone.

What each way takes, in clicks and seconds, is told (`pytest --log-cli-level=INFO`).
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from tests.app.server.conftest import Served
from tests.app.server.hand import at
from tests.app.server.money import party
from tests.chromium import chromium

from marketbook.customer import cards
from marketbook.customer.complaint import service as complaints
from marketbook.customer.complaint.params import ComplaintEntry
from marketbook.customer.complaint.tables import Complaint
from marketbook.customer.entries import ContactEntry, CustomerEntry
from marketbook.kit.records import roles
from marketbook.kit.store import now

SCREEN = "screens/customer/keep-complaints"
NARROW = 360
CONTENT = "收到的保温杯杯口有裂纹，要求换货"
DUE = (roles.today() + timedelta(10)).isoformat()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def customer(server: Served) -> int:
    with server.store.writing() as session:
        entry = CustomerEntry(name="王芳", contacts=[ContactEntry(value="13800138000")])
        return cards.enter(session, entry, actor=party(server.store, "service")).id


def newest(server: Served) -> Complaint:
    with server.store.reading() as session:
        return session.scalars(select(Complaint).order_by(Complaint.id.desc()).limit(1)).one()


def test_a_call_is_taken_in_by_keyboard_and_goes_on_to_its_end(browser: Any, server: Served, customer: int) -> None:
    with at(browser, server, "service") as hand:
        hand.open(SCREEN)
        hand.press("登记投诉")
        expect(hand.page.get_by_role("heading", name="登记投诉")).to_be_focused()
        keys = hand.page.keyboard
        keys.press("Tab")
        keys.type("wangf")
        hand.page.locator(".mb-list li[role=option]").first.wait_for()
        for key in ("ArrowDown", "Enter", "Tab", "Tab", "Tab", "Tab"):  # past a new customer's name and number
            keys.press(key)
        keys.insert_text(CONTENT)
        keys.press("Tab")
        expect(hand.page.locator(".mb-ahead")).to_contain_text("前答复，")
        hand.typed += 2
        for key in ("Tab", "Tab", "Tab", "Tab", "Enter"):  # past what is right already, to the second button
            keys.press(key)
        hand.reads("已登记，应于")
        hand.tell("a call taken in")
        hand.type("答复客户的内容", "已致歉，请客户寄回")
        hand.press("登记答复")
        hand.reads("的答复已登记。")
        hand.type("解决结果", "已补寄新品")
        hand.page.get_by_label("原因分类").select_option(label="产品：质量缺陷")
        hand.press("已解决")
        hand.reads("已解决。")
        hand.page.get_by_label("客户满意度").fill("5")
        hand.press("关闭")
        hand.reads("已关闭。")
        hand.tell("a complaint from its intake to its end")
    made = newest(server)
    assert (made.party_id, made.content, made.status, made.cause) == (customer, CONTENT, "closed", "product.defect")
    assert (made.satisfaction, made.source, made.severity) == (5, "phone", "normal")


def test_what_comes_in_stands_on_the_home_page_by_itself(browser: Any, server: Served, customer: int) -> None:
    entry = ComplaintEntry(
        party_id=customer, source="phone", department="service", content="九天前的投诉还没有人回电",
        severity="critical", received_at=now() - timedelta(9),
    )  # fmt: skip
    with at(browser, server, "service") as hand:
        hand.page.clock.install()
        hand.open("")
        with server.store.writing() as session:
            number = complaints.enter(session, entry, actor=party(server.store, "service")).number
        one = hand.page.locator(".waits-today a").filter(has_text=number)
        assert one.count() == 0
        hand.page.clock.fast_forward(31_000)
        expect(one).to_be_visible()


@pytest.mark.parametrize("width", [1_280, NARROW])
def test_a_missed_deadline_stands_first_and_is_worked_off(
    browser: Any, server: Served, customer: int, width: int
) -> None:
    with server.store.writing() as session:
        about = {"party_id": customer, "source": "social", "department": "product"}
        agent = party(server.store, "service")
        late = ComplaintEntry(
            **about, content="三天前的投诉至今没有人答复", severity="critical", received_at=now() - timedelta(14)
        )
        complaints.enter(session, ComplaintEntry(**about, content="包装盒有一点压痕，不影响使用"), actor=agent)
        number = complaints.enter(session, late, actor=agent).number
    with at(browser, server, "manager", width=width) as hand:
        hand.open("")
        late_one = hand.page.locator(".waits-today a").filter(has_text=number)
        expect(late_one.locator(".waits-late")).to_contain_text("逾期")
        hand.clicks += 1
        hand.page.get_by_role("link", name="打开投诉队列").click()
        first = hand.page.locator(".mb-list-view tbody tr").first
        expect(first).to_contain_text("逾期")
        expect(first).to_contain_text(number)
        assert hand.page.evaluate("document.documentElement.scrollWidth") <= width
        hand.clicks += 1
        first.get_by_role("button").click()
        hand.reads("首次答复逾期")
        hand.press("受理或继续处理")
        hand.reads("答复客户的内容")
        hand.page.get_by_role("textbox", name="原因 可不填", exact=True).fill("请客户补充照片")
        hand.typed += 1
        hand.press("等待客户回复")
        hand.reads("等待客户回复：CO-")
        expect(hand.page.get_by_label("解决结果")).to_have_count(0)
        hand.press("受理或继续处理")
        hand.type("解决结果", "已上门取件并退款")
        hand.press("已解决")
        hand.reads("已解决。")
        hand.type("事项", "加强出库前外观检查")
        hand.type("完成期限", DUE)
        hand.press("登记事项")
        hand.reads("已登记事项")
        hand.page.get_by_label("原因分类").select_option(label="配送：破损")
        hand.press("关闭")
        hand.reads("已关闭。")
        assert hand.page.evaluate("document.documentElement.scrollWidth") <= width
        hand.tell(f"a missed deadline, {width} px wide")
    with server.store.reading() as session:
        found = session.scalars(select(Complaint).where(Complaint.number == number)).one()
        assert (found.status, found.responded_at is not None, found.cause) == ("closed", True, "delivery.damaged")


def test_sales_reads_and_writes_nothing(browser: Any, server: Served, customer: int) -> None:
    with server.store.writing() as session:
        entry = ComplaintEntry(party_id=customer, content="客服电话一直没有人接听", severity="high")
        one = complaints.enter(session, entry, actor=party(server.store, "service")).id
    with at(browser, server, "sales") as hand:
        hand.open(f"{SCREEN}?record={one}")
        hand.reads("客服电话一直没有人接听")
        expect(hand.page.get_by_role("button", name="登记投诉")).to_have_count(0)
        expect(hand.page.get_by_role("button", name="受理或继续处理")).to_have_count(0)
    assert server.signed_in("finance").get("/" + SCREEN).status == 403
