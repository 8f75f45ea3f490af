"""Claims as their people see them: a real server, real kernels, a real browser, in Chinese, on a desk and on a phone.

What each way takes, in clicks and seconds, is told (`pytest --log-cli-level=INFO`); only the clicks are held to.
"""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from tests.app.server.conftest import Served
from tests.app.server.hand import Hand, at
from tests.app.server.money import LINES, furnish
from tests.chromium import chromium
from tests.office import company
from tests.office.company import House

from marketbook.expense import rules
from marketbook.expense.tables import ExpenseClaim, ExpenseLine
from marketbook.kit.records import documents, roles
from marketbook.office.budget_line import BudgetLine

SCREEN = "screens/expense/keep-claims"
WIDE, NARROW = 1280, 360
PURPOSE = "秋季展会物料的制作与运输费用"

_serial = count(1)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def house(server: Served) -> House:
    return furnish(server.store)


def newest(house: House) -> ExpenseClaim:
    with house.store.reading() as session:
        return session.scalars(select(ExpenseClaim).order_by(ExpenseClaim.id.desc()).limit(1)).one()


def line(house: House, item: str) -> int:
    with house.store.reading() as session:
        return session.scalars(select(BudgetLine.id).where(BudgetLine.item == item)).one()


def lines(house: House, number: int) -> list[ExpenseLine]:
    with house.store.reading() as session:
        return rules.lines(session, claim_id=number)


def paper(folder: Path) -> Path:
    made = folder / "发票.pdf"
    made.write_bytes(b"%%PDF-1.7 in the browser %d" % next(_serial))
    return made


def add_invoice(hand: Hand, folder: Path, total: str) -> None:
    hand.attach(paper(folder))
    hand.type("发票号码", f"9{next(_serial):019d}")
    hand.page.get_by_label("价税合计").fill(total)
    hand.page.get_by_label("开票日期").fill(roles.today().isoformat())
    hand.typed += 2


def decided(browser: Any, server: Served, login: str, number: int, step: str, *, width: int, reason: str = "") -> Hand:
    """Have somebody open a claim by the link of a notice and take a step with it."""
    with at(browser, server, login, width=width) as hand:
        hand.open(f"{SCREEN}?record={number}")
        if reason:
            hand.type("原因", reason)
        hand.press(step)
        hand.reads(f"{step}：EX-")
        hand.tell(f"{step} at {width} px")
    return hand


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_claim_goes_from_its_entry_to_payment_through_five_people(
    browser: Any, server: Served, house: House, tmp_path: Path, width: int
) -> None:
    with at(browser, server, "sales", width=width) as hand:
        hand.open(SCREEN)
        hand.press("报销")
        hand.type("标题", "展会物料")
        hand.type("用途说明", PURPOSE)
        hand.cells("搜索广告", "投放", "5,000.00")
        add_invoice(hand, tmp_path, "5000")
        hand.type("未登记的供应商", "顺丰速运")
        hand.press("添加这张发票")
        hand.reads("已添加发票")
        hand.press("保存并提交")
        hand.reads("已提交。")
        hand.tell(f"entered at {width} px")
    claim = newest(house)
    steps = {"manager": "批准", "director": "批准", "finance": "审核通过", "payer": "登记付款"}
    hands = [decided(browser, server, who, claim.id, step, width=width) for who, step in steps.items()]
    assert newest(house).status == "paid"
    assert hand.clicks <= 8
    assert all(one.clicks <= 2 for one in hands)
    with house.store.reading() as session:
        actors = [step.actor_id for step in documents.history(session, record_id=claim.id)]
    assert len(set(actors)) == 5


def test_a_vendor_is_paid_before_its_invoice_which_comes_later(
    browser: Any, server: Served, house: House, tmp_path: Path
) -> None:
    with at(browser, server, "specialist") as hand:
        hand.open(SCREEN)
        hand.press("供应商付款")
        hand.type("标题", "广告充值")
        hand.choose("供应商", "巨量引擎")
        hand.page.get_by_label("发票应到日期").fill(roles.today().replace(year=roles.today().year + 1).isoformat())
        hand.type("用途说明", "搜索广告账户十二月充值")
        hand.cells("搜索广告", "充值", "4000")
        hand.press("保存并提交")
        hand.reads("已提交。")
        number, people = newest(house).id, house.people
        steps = {"manager_approved": people.manager, "finance_reviewed": people.finance, "paid": people.payer}
        company.walk(house, number, *steps.items())
        hand.open(f"{SCREEN}?record={number}")
        hand.reads("补录到票")
        add_invoice(hand, tmp_path, "4000")
        hand.press("添加这张发票")
        hand.reads("已补上发票")
        hand.tell("prepaid, and the invoice given")
    assert hand.clicks <= 10
    assert [one.invoice_id is not None for one in lines(house, number)] == [True]


def test_what_is_sent_back_is_sent_again_without_retyping(browser: Any, server: Served, house: House) -> None:
    number = company.submitted(house, line(house, "展会物料"), 20_000)
    before = lines(house, number)
    decided(browser, server, "manager", number, "退回", width=NARROW, reason="请写明展会名称")
    with at(browser, server, "sales", width=NARROW) as hand:
        hand.open(f"{SCREEN}?record={number}")
        hand.reads("请写明展会名称")
        hand.type("标题", "春季糖酒会的展会费用")
        hand.press("保存并提交")
        hand.reads("已提交。")
        hand.tell("sent again")
    assert (hand.clicks, hand.typed) == (2, 1)
    again = newest(house)
    assert (again.id, again.status, again.title) == (number, "submitted", "春季糖酒会的展会费用")
    kept = ("budget_line_id", "description", "amount", "invoice_id")
    after = lines(house, number)
    assert [[getattr(one, name) for name in kept] for one in after] == [
        [getattr(one, name) for name in kept] for one in before
    ]


def test_a_rejection_needs_its_reason_and_tells_it(browser: Any, server: Served, house: House) -> None:
    number = company.submitted(house, line(house, "展会物料"), 30_000)
    with at(browser, server, "manager") as hand:
        hand.open(f"{SCREEN}?record={number}")
        hand.press("驳回")
        hand.reads("这一步必须填写理由")
        hand.type("原因", "不在展会预算内")
        hand.press("驳回")
        hand.reads("驳回：EX-")
    with at(browser, server, "sales") as reader:
        reader.open(f"{SCREEN}?record={number}")
        reader.reads("不在展会预算内")
    assert newest(house).status == "rejected"


def test_an_overrun_of_one_fen_is_refused_and_nothing_typed_is_lost(browser: Any, server: Served, house: House) -> None:
    left = LINES[("channel", "门店陈列")]
    with at(browser, server, "service") as hand:
        hand.open(SCREEN)
        hand.press("事前申请")
        hand.type("标题", "门店陈列")
        hand.type("用途说明", "新门店陈列物料的制作")
        hand.cells("门店陈列", "陈列", f"{left // 100}.01")
        hand.press("保存并提交")
        hand.reads("可用余额 ¥3,000.00，本次申请 ¥3,000.01")
        assert hand.page.get_by_label("标题").input_value() == "门店陈列"
        hand.press("存为草稿")
        hand.reads("已存为草稿")
    assert newest(house).status == "draft"


def test_who_comes_second_sees_the_difference_and_keeps_what_was_typed(
    browser: Any, server: Served, house: House
) -> None:
    number = company.claim(house, line(house, "展会物料"), 10_000, kind="request", invoiced=False)
    with at(browser, server, "sales") as first, at(browser, server, "sales") as second:
        for hand in (first, second):
            hand.open(f"{SCREEN}?record={number}")
            hand.page.get_by_label("标题").wait_for()
        first.type("标题", "先写的标题")
        first.press("存为草稿")
        first.reads("已存为草稿")
        second.type("用途说明", "后写的用途，要保留下来的")
        second.press("存为草稿")
        second.reads("先写的标题")
        second.press("以最新版本继续，保留我填写的内容")
        expect(second.page.get_by_label("标题")).to_have_value("先写的标题")
        second.press("存为草稿")
        second.reads("已存为草稿")
    assert (newest(house).title, newest(house).purpose) == ("先写的标题", "后写的用途，要保留下来的")
