"""A year's budget as its people see it: pasted, taken out, sent back, approved, moved; on a desk and on a phone.

What each way takes, in clicks and seconds, is told (`pytest --log-cli-level=INFO`); only the clicks are held to.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from tests.app.server.conftest import Served
from tests.app.server.hand import Hand, at
from tests.chromium import chromium
from tests.kit.forms.test_grid_browser import PASTE
from tests.office import planning
from tests.office.planning import YEAR

from marketbook.kit.records import Record, account, types
from marketbook.office import budget_line
from marketbook.office.budget_line import Key
from marketbook.office.budget_transfer import BudgetTransfer

SCREEN = "screens/plan/set-budget"
WIDE, NARROW = 1280, 360
TITLE = f"{YEAR}年度营销计划"
PASTED = [
    ["类别", "项目", *(f"{month}月" for month in range(1, 13))],
    ["广告宣传", "抖音信息流", *["1.25万"] * 11, "2万"],
    ["促销活动", "618 大促补贴", *[""] * 5, "￥１２０，０００．５０", *["-"] * 6],
    ["其他费用", "展会物料", *["3,000"] * 12],
]
"""As it stands in Excel: a row of headings, 万, wide digits, dashes, nothing."""

MONTHS = [f"{YEAR}-{month:02}" for month in range(1, 13)]
FEED = [Key("advertising", month, "抖音信息流") for month in MONTHS]
JUNE, DECEMBER = Key("promotion", MONTHS[5], "618 大促补贴"), Key("advertising", MONTHS[11], "抖音信息流")


@dataclass(frozen=True)
class Year:
    """A year's plan of the demo company's manager."""

    server: Served
    plan: int

    def lines(self, figure: str = "allocated") -> dict[Key, int]:
        with self.server.store.reading() as session:
            return {line.key: getattr(line, figure) for line in budget_line.of_plan(session, plan_id=self.plan)}

    def status(self, number: int) -> str:
        with self.server.store.reading() as session:
            return session.get_one(Record, number).status

    def newest(self) -> BudgetTransfer:
        with self.server.store.reading() as session:
            return session.scalars(select(BudgetTransfer).order_by(BudgetTransfer.id.desc()).limit(1)).one()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def year(server: Served) -> Year:
    types.load()
    with server.store.writing() as session:
        manager = account.named(session, login="manager").party_id
        return Year(server, planning.of_year(session, actor=manager, title=TITLE).id)


def grid(hand: Hand) -> list[list[str]]:
    """Return what stands in the grid that is typed into, with its sums."""
    rows: list[list[str]] = hand.page.evaluate(
        "[...document.querySelectorAll('.mb-grid tbody tr, .mb-grid tfoot tr')].map((row) => "
        "[...row.cells].slice(1).map((cell) => cell.querySelector('textarea')?.value ?? cell.textContent))"
    )
    return rows


def paste(hand: Hand, *rows: list[str]) -> None:
    hand.clicks, hand.typed = hand.clicks + 1, hand.typed + 1
    hand.page.locator(".mb-grid textarea").click()
    hand.page.evaluate(PASTE, "\r\n".join("\t".join(row) for row in rows))


def choose(hand: Hand, label: str, text: str, line: Key) -> None:
    """Search for a line and take it."""
    hand.clicks, hand.typed = hand.clicks + 1, hand.typed + 1
    hand.page.get_by_role("combobox", name=label).press_sequentially(text)
    hand.page.locator(".mb-list li[role=option]:visible", has_text=line.month).filter(has_text=line.item).click()


def fits(hand: Hand) -> None:
    """Only tables may be wider than the page."""
    assert hand.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def edited(content: bytes) -> bytes:
    """Change what left: a month of the first item, a new item, and one that cannot be."""
    book = openpyxl.load_workbook(BytesIO(content))
    sheet = book.active
    places = {cell.value: cell.column for cell in sheet[1]}
    row = next(line[0].row for line in sheet.iter_rows(min_row=2) if line[places["项目"] - 1].value == "抖音信息流")
    sheet.cell(row, places["12月"]).value = 30_000
    for line, (item, amount) in enumerate([("品牌调研", 8_000.5), ("坏数", "很多")], start=sheet.max_row + 1):
        sheet.cell(line, places["类别"]).value = "市场调研"
        sheet.cell(line, places["项目"]).value = item
        sheet.cell(line, places["3月"]).value = amount
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def send_back(hand: Hand, folder: Path) -> None:
    with hand.page.expect_download() as leaving:
        hand.page.get_by_role("button", name="导出 XLSX").nth(1).click()
    file = folder / "预算.xlsx"
    file.write_bytes(edited(Path(leaving.value.path()).read_bytes()))
    with hand.page.expect_file_chooser() as chooser:
        hand.press("导入 XLSX")
    chooser.value.set_files(file)
    hand.clicks += 1
    hand.reads("新增 1 行，修改 1 行，拒绝 1 行")
    hand.press("写入新增和修改的行")
    hand.reads("已写入 2 行")


def test_a_years_budget_is_pasted_sent_back_changed_handed_in_and_approved(
    browser: Any, year: Year, tmp_path: Path
) -> None:  # fmt: skip
    with at(browser, year.server, "manager", width=WIDE) as hand:
        hand.open(SCREEN)
        hand.press(TITLE)
        paste(hand, *PASTED)
        hand.reads("已粘贴 3 行 14 列")
        assert [row[-1] for row in grid(hand)] == ["157,500", "120,000.50", "36,000", "313,500.50"]
        hand.press("保存预算")
        hand.reads("预算已保存：共 3 个项目。")
        assert (year.lines()[JUNE], sum(year.lines().values())) == (12_000_050, 31_350_050)
        send_back(hand, tmp_path)
        expect(hand.page.locator(".mb-grid tfoot .mb-sum")).to_have_text("331,501")
        assert year.lines()[DECEMBER] == 3_000_000
        hand.press("提交")
        hand.reads("已提交")
        hand.tell("a year's budget, pasted, changed in Excel and handed in")
        assert hand.clicks <= 10
    with at(browser, year.server, "director", width=NARROW) as hand:
        hand.open(f"{SCREEN}?record={year.plan}")
        expect(hand.page.locator(".mb-matrix tfoot .mb-sum")).to_have_text("331,501")
        fits(hand)
        hand.press("批准")
        hand.reads("批准：")
        hand.tell("a year's budget approved on a phone")
        assert hand.clicks <= 2
    assert year.status(year.plan) == "approved"


def test_a_transfer_is_asked_for_and_approved_and_more_than_there_is_refused(browser: Any, year: Year) -> None:
    with at(browser, year.server, "specialist", width=NARROW) as hand:
        hand.open(f"{SCREEN}?record={year.plan}")
        hand.press("申请调剂")
        choose(hand, "调出", "抖音 12月", DECEMBER)
        choose(hand, "调入", "抖音 6月", FEED[5])
        hand.type("金额", "3.1万")
        hand.type("用途", "旺季提前，六月加投")
        hand.page.get_by_label("金额").focus()
        hand.reads("提交将被拒绝")
        hand.press("提交")
        hand.reads("余额 ¥30,000.00")
        hand.type("金额", "1.6万")
        hand.page.get_by_label("用途").focus()
        hand.reads("由市场经理（陆景和）一人决定")
        fits(hand)
        hand.press("提交")
        hand.reads("预算调剂 BT-")
        hand.tell("a transfer asked for on a phone")
        assert hand.clicks <= 8
    number = year.newest().id
    with at(browser, year.server, "manager", width=WIDE) as hand:
        hand.open(f"{SCREEN}?record={number}")
        hand.press("批准")
        hand.reads("批准：")
        hand.tell("a transfer approved")
        assert hand.clicks <= 2
    lines = year.lines()
    assert (lines[DECEMBER], lines[FEED[5]], year.status(number)) == (1_400_000, 2_850_000, "approved")
