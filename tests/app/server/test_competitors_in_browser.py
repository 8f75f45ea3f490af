"""The competitor log as the department sees it: a real server, real kernels, a real browser, in Chinese.

A price that falls goes from its entry to the manager: by keyboard at a desk, with a pasted screenshot, and on a phone.
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

from marketbook.competitor import log, moved, service
from marketbook.competitor.params import LogEntry
from marketbook.competitor.tables import CompetitorEntry
from marketbook.kit.language import speaking
from marketbook.kit.records import Notification, files, roles, types
from marketbook.office.measurement import Measurement

SCREEN = "screens/competitor/keep-log"
NARROW = 360
PASTE = """async () => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 8, height: 8 });
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  const data = new DataTransfer();
  data.items.add(new File([blob], "image.png", { type: "image/png" }));
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def watched(server: Served) -> None:
    """Two prices that were seen two weeks ago."""
    types.load()
    with server.store.writing() as session:
        actor, day = party(server.store, "specialist"), roles.today() - timedelta(14)
        about = service.competitor(session, "云栖生活", actor=actor).id
        for channel, price in (("tmall", 22_900), ("jd", 23_900)):
            entry = LogEntry(competitor_id=about, product="云朵记忆枕", channel=channel, price_minor=price, seen_on=day)  # type: ignore[arg-type]  # channels
            service.enter(session, entry, actor=actor)


def newest(server: Served) -> CompetitorEntry:
    with server.store.reading() as session:
        return session.scalars(select(CompetitorEntry).order_by(CompetitorEntry.id.desc()).limit(1)).one()


@pytest.mark.usefixtures("watched")
def test_a_fall_is_noted_by_keyboard_and_the_manager_is_told(browser: Any, server: Served) -> None:
    with at(browser, server, "specialist") as hand:
        hand.open(SCREEN)
        hand.press("登记价格")
        expect(hand.page.get_by_role("heading", name="登记价格")).to_be_focused()
        keys = hand.page.keyboard
        keys.press("Tab")
        keys.press("Control+a")
        keys.type("天猫")
        expect(hand.page.locator(".mb-list li[role=option]")).to_have_count(1)
        for key in ("Enter", "Tab"):
            keys.press(key)
        keys.type("183.20")
        hand.typed += 2
        hand.page.evaluate(PASTE)
        expect(hand.page.locator(".mb-file").first).to_contain_text("image.png")
        expect(hand.page.locator(".mb-ahead")).to_contain_text("-20.0%")
        hand.press("登记")
        hand.reads("较上次登记：-20.0%")
        hand.reads("1 项价格变动，其中 1 项下降。")
        hand.tell("a price that fell")
    made = newest(server)
    assert (made.price_minor, made.channel, made.product) == (18_320, "tmall", "云朵记忆枕")
    with server.store.reading() as session:
        assert [one.media_type for one in files.listed(session, record_id=made.id)] == ["image/png"]
        assert session.scalar(select(Measurement.value).where(Measurement.subject_id == made.id)) == 18_320
        kinds = select(Notification.kind, Notification.recipient_id).where(Notification.record_id == made.id)
        assert ("price_drop", party(server.store, "manager")) in {tuple(row) for row in session.execute(kinds)}
    assert "云栖生活的云朵记忆枕（天猫）：-20.0%" in digest(server)


def digest(server: Served) -> str:
    """What the digest tells first."""
    with speaking("zh_Hans"):
        return moved.prices(log.read_log(server.store)).text


@pytest.mark.usefixtures("watched")
def test_the_manager_opens_what_was_told_and_has_something_done_on_a_phone(browser: Any, server: Served) -> None:
    one = newest(server)
    with at(browser, server, "manager", width=NARROW) as hand:
        hand.open(f"{SCREEN}?record={one.id}")
        hand.reads("较上次登记")
        expect(hand.page.locator(".mb-files img")).to_have_js_property("complete", value=True)
        hand.type("事项", "核对天猫到手价并报价格调整建议")
        hand.type("完成期限", (roles.today() + timedelta(3)).isoformat())
        hand.press("登记事项")
        hand.reads("已登记任务 AC-")
        hand.type("建议", "天猫旗舰店同款跟进满减")
        hand.press("起草报告")
        hand.reads("已起草 RP-")
        assert hand.page.evaluate("document.documentElement.scrollWidth") <= NARROW
        hand.tell("a fall that is answered")


@pytest.mark.usefixtures("watched")
def test_something_new_is_noted_on_a_phone(browser: Any, server: Served) -> None:
    with at(browser, server, "sales", width=NARROW) as hand:
        hand.open(SCREEN)
        hand.press("登记其他动态")
        hand.reads("新竞争对手名称")
        hand.page.get_by_role("combobox", name="竞争对手").fill("")
        hand.type("新竞争对手名称", "木与棉")
        hand.page.get_by_label("动态类型").select_option(label="新渠道")
        hand.page.get_by_label("渠道", exact=True).select_option(label="抖音")
        hand.type("具体内容", "开设抖音小店，首周直播三场")
        hand.clicks += 3
        hand.press("登记")
        hand.reads("已登记 CW-")
        assert hand.page.evaluate("document.documentElement.scrollWidth") <= NARROW
        hand.tell("something new")
    made = newest(server)
    assert (made.action, made.channel, made.price_minor) == ("new_channel", "douyin", None)
