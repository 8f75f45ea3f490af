"""Customers in a browser, in Chinese, on a desktop and on a phone: entered, found, merged, a consent withdrawn."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from tests.app.server.conftest import Served
from tests.app.server.hand import Hand, at
from tests.chromium import chromium

from marketbook.customer import cards, consents, duplicate_list, family
from marketbook.customer.card import Customer, CustomerMerge
from marketbook.customer.entries import CustomerEntry
from marketbook.kit.records import Party, account

WIDE, NARROW = 1280, 360
NUMBERS = {WIDE: "13800138000", NARROW: "13800138099"}
NAMES = {WIDE: "曾国藩", NARROW: "单雄信"}
TYPED = {WIDE: "zengguofan", NARROW: "sxx"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


def enter(server: Served, name: str, number: str, **more: object) -> int:
    given = CustomerEntry.model_validate({"name": name, "contacts": [{"value": number}], **more})
    with server.store.writing() as session:
        return cards.enter(session, given, actor=account.named(session, login="sales").party_id).id


def fits(hand: Hand) -> None:
    assert hand.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def rows(hand: Hand) -> Any:
    return hand.page.locator(".mb-list-view tbody tr")


def number_in_first_line(hand: Hand, text: str) -> None:
    hand.clicks, hand.typed = hand.clicks + 1, hand.typed + 1
    hand.page.locator(".mb-cell").first.click()
    hand.page.keyboard.press("Tab")
    hand.page.keyboard.insert_text(text)
    hand.page.keyboard.press("Tab")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_customer_is_entered_and_found_by_pinyin_and_number(browser: Any, server: Served, width: int) -> None:
    with at(browser, server, "sales", width=width) as hand:
        hand.open("screens/customer/keep-customers")
        hand.press("新客户")
        hand.type("名称", NAMES[width])
        hand.type("需求", "企业礼盒")
        number_in_first_line(hand, f"{NUMBERS[width][:3]} {NUMBERS[width][3:]}")
        hand.press("保存")
        hand.reads(f"已录入{NAMES[width]}。")
        hand.reads("完整经过（由新到旧）")
        fits(hand)
        hand.tell(f"a customer entered at {width} px")
        hand.press("全部客户")
        for wanted in (TYPED[width], NUMBERS[width], NAMES[width][1:]):
            hand.page.get_by_placeholder("搜索").fill(wanted)
            expect(rows(hand)).to_have_count(1)
            expect(rows(hand).first).to_contain_text(f"{NUMBERS[width][:3]}****{NUMBERS[width][-4:]}")
        assert NUMBERS[width] not in hand.page.locator(".mb-list-view").first.inner_text()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_two_cards_are_compared_merged_and_made_two_again(browser: Any, server: Served, width: int) -> None:
    start = "1391111" if width == WIDE else "1392222"
    kept, other = (enter(server, f"林{width}", f"{start}{n}", birthday="03-05") for n in ("0001", "0011"))
    with server.store.writing() as session:
        duplicate_list.refresh(session)
    with at(browser, server, "service", width=width) as hand:
        hand.open("screens/customer/keep-customers")
        hand.press("疑似重复")
        hand.clicks += 1
        pair = hand.page.locator(".mb-list-view tbody tr").filter(has_text=f"林{width} ({kept})")
        pair.get_by_role("button").first.click()
        hand.reads("是同一位客户吗？")
        fits(hand)
        hand.press("是同一位客户：合并")
        hand.reads("两份档案已合并；可在下方撤销。")
        hand.tell(f"two cards merged at {width} px")
        assert hand.clicks <= 4
        with server.store.reading() as session:
            assert family.members(session, kept) == [kept, other]
        hand.press(f"撤销与林{width}（{other}）的合并")
        hand.reads("档案已恢复独立。")
    with server.store.reading() as session:
        assert session.get_one(Party, other).merged_into_id is None
        assert session.scalars(select(CustomerMerge.undone_by_id).where(CustomerMerge.merged_id == other)).one()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_consent_is_withdrawn_on_the_phone(browser: Any, server: Served, width: int) -> None:
    made = enter(server, "何平", f"1370000{width:04}")
    with server.store.writing() as session:
        by = account.named(session, login="sales").party_id
        consents.record(session, cards.named(session, made), purpose="care", given=True, method="form", actor=by)
    with at(browser, server, "service", width=width) as hand:
        hand.open(f"screens/customer/keep-customers?record={made}")
        for label, value in (("用途", "care"), ("客户", "withdrawn"), ("表态方式", "phone")):
            hand.clicks += 1
            hand.page.get_by_role("combobox", name=label, exact=True).select_option(value)
        hand.press("登记")
        hand.reads("已记录，即刻生效。")
        fits(hand)
    with server.store.reading() as session:
        assert not consents.allowed(session, made, "care")


def test_who_comes_second_loses_nothing_and_a_specialist_reads_masks(browser: Any, server: Served) -> None:
    made = enter(server, "冯唐", "13711110000")
    with at(browser, server, "sales") as hand:
        hand.open(f"screens/customer/keep-customers?record={made}")
        hand.type("偏好", "晚上联系")
        with server.store.writing() as session:
            given = CustomerEntry.model_validate({"name": "冯唐", "needs": "礼盒"})
            by = account.named(session, login="manager").party_id
            cards.change(session, session.get_one(Customer, made), given, actor=by, version=1)
        hand.press("保存")
        hand.reads("修改了冯唐：需求、联系方式。您的内容没有写入。")
        expect(hand.page.get_by_label("偏好").first).to_have_value("晚上联系")
    with at(browser, server, "specialist") as other:
        other.open(f"screens/customer/keep-customers?record={made}")
        other.reads("137****0000")
        assert "137 1111 0000" not in other.page.content()
        expect(other.page.get_by_role("button", name="保存")).to_have_count(0)


def test_no_number_is_in_what_leaves_in_what_is_logged_or_written_beside_the_store(
    browser: Any, server: Served
) -> None:
    number = "13766554433"
    made = enter(server, "周植", number)
    with at(browser, server, "sales") as hand:
        hand.open(f"screens/customer/keep-customers?record={made}")
        hand.reads("137 6655 4433")
        hand.type("需求", f"请打 {number}")
        expect(hand.page.get_by_label("需求").first).to_have_value(f"请打 {number}")
        with hand.page.expect_download() as download:
            hand.press("导出 XLSX")
        with zipfile.ZipFile(download.value.path()) as book:
            written = "\n".join(book.read(name).decode() for name in book.namelist())
    assert "137****4433" in written
    server.run("run", "office/prove-clauses")
    beside = [written, "".join(server.log), *map(read, files_beside_the_store(server))]
    assert not [text for text in beside if number in text or "137 6655 4433" in text]


def files_beside_the_store(server: Served) -> list[Path]:
    """What the workspace holds but the store, and the datasets that come from the tests' own folder."""
    folders = [server.home / "outputs", server.home / ".marketbook"]
    every = [one for folder in folders for one in folder.rglob("*") if one.is_file()]
    assert any(one.suffix == ".html" for one in every)
    return [one for one in every if not one.name.startswith("store.db") and "facts" not in one.parts]


def read(file: Path) -> str:
    return file.read_bytes().decode(errors="ignore")
