"""The upload pages in a browser: with the keyboard, with and without scripts, on a telephone, in three languages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from tests.app.server.client import Client
from tests.app.server.conftest import Served
from tests.app.server.sending import checked
from tests.chromium import chromium

HEAD = "value,english"


@pytest.fixture(scope="module", name="chromium")
def running() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def client(server: Served) -> Client:
    return server.signed_in("specialist")


def opened(chromium: Any, client: Client, server: Served, path: str, **options: Any) -> Any:
    """A page in a browser in which somebody is signed in; whatever it complains of fails the test."""
    context = chromium.new_context(**options)
    context.add_cookies([{"name": n, "value": v, "url": server.address} for n, v in client.cookies.items()])
    page = context.new_page()
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
    page.goto(server.address.rstrip("/") + path)
    return page


def file_of(folder: Path, text: str, name: str = "词表.csv") -> str:
    file = folder / name
    file.write_text(text, "utf-8")
    return str(file)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_file_is_sent_looked_at_and_imported(
    chromium: Any, client: Client, server: Served, tmp_path: Path, scripts: bool
) -> None:
    page = opened(chromium, client, server, "/data/labels", java_script_enabled=scripts)
    page.set_input_files("#file", file_of(tmp_path, f"{HEAD}\n浏览{scripts},Browsed\n坏,\n"))
    page.click("text=Check the file")
    page.wait_for_selector("text=Nothing has been imported yet.", timeout=60_000)
    assert "must not be empty" in page.inner_text("main")
    page.click("text=Import 1 row")
    page.wait_for_selector("text=1 row has been imported.", timeout=60_000)
    assert page.complaints == []


def test_progress_is_told_until_the_result_is_there(
    chromium: Any, client: Client, server: Served, tmp_path: Path
) -> None:
    rows = "".join(f"进{n},Progress {n}\n" for n in range(900_000))
    page = opened(chromium, client, server, "/data/labels")
    page.set_input_files("#file", file_of(tmp_path, f"{HEAD}\n{rows}"))
    page.click("text=Check the file")
    page.wait_for_selector("#data-read", timeout=60_000)
    page.wait_for_selector("text=900,000 rows read.", timeout=120_000)
    page.click("text=Throw the file away")
    assert page.url.endswith("/data/labels")


def test_a_file_that_is_too_large_is_told_before_it_is_sent(
    chromium: Any, client: Client, server: Served, tmp_path: Path
) -> None:
    page = opened(chromium, client, server, "/data/labels")
    with (tmp_path / "large.csv").open("wb") as stream:
        stream.truncate(200_000_001)
    page.set_input_files("#file", str(tmp_path / "large.csv"))
    assert "at most 200 MB" in page.inner_text("#too-large")
    page.click("text=Check the file")
    assert page.url.endswith("/data/labels")
    assert page.is_visible("#too-large")


def test_a_file_can_be_dropped(chromium: Any, client: Client, server: Served) -> None:
    page = opened(chromium, client, server, "/data/labels")
    page.evaluate(
        """() => {
            const held = new DataTransfer();
            held.items.add(new File(["value,english\\n拖,Dropped\\n"], "dropped.csv"));
            const drop = document.querySelector(".data-drop");
            drop.dispatchEvent(new DragEvent("drop", {dataTransfer: held, bubbles: true, cancelable: true}));
        }"""
    )
    page.click("text=Check the file")
    page.wait_for_selector("h1:has-text('dropped.csv')", timeout=60_000)


def test_everything_is_reached_with_the_keyboard(chromium: Any, client: Client, server: Served, tmp_path: Path) -> None:
    page = opened(chromium, client, server, "/data/labels")
    page.set_input_files("#file", file_of(tmp_path, f"{HEAD}\n键,Keyboard\n"))
    page.focus("#file")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Import 1 row", timeout=60_000)
    page.focus("text=Import 1 row")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=1 row has been imported.", timeout=60_000)


@pytest.mark.parametrize("tongue", ["zh_Hans", "en", "zh_Hant"])
def test_no_page_is_wider_than_a_telephone(chromium: Any, server: Served, tongue: str) -> None:
    client = server.signed_in("manager", language=tongue)
    bad = checked(client, "media_weeks", f"week,channel,spend_minor,impressions,clicks\n{'很' * 60},抖,-1,1,1\n")
    for path in ("/data", "/data/ad_days", "/data/customers", bad, bad.replace(bad[-4:], "none")):
        page = opened(chromium, client, server, path, viewport={"width": 360, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        if tongue != "en":
            assert "rows" not in page.inner_text("main")
        page.context.close()
