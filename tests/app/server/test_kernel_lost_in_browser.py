"""A page that loses its kernel in Chromium: it says so, and one click opens it again."""

import os
import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from tests.app.server.browser import Tab, tab
from tests.app.server.conftest import Served
from tests.chromium import chromium

from marketbook.kit.language import gettext as _
from marketbook.kit.language import speaking

LANGUAGES = ("zh_Hans", "en", "zh_Hant")
SAID = "The connection to this page has ended. What you have typed is kept."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def moved(seen: Tab) -> None:
    """Move the slider by a key once the page is ready, and see the kernel's answer."""
    expect(seen.page.locator("body.app-done")).to_be_attached()
    label = seen.page.locator(".widget-label", has_text="n is")
    before = label.inner_text()
    seen.page.locator(".noUi-handle").press("ArrowRight")
    expect(label).not_to_have_text(before)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lost_kernel_is_told_and_one_click_brings_it_back(common: Served, browser: Browser, language: str) -> None:
    with tab(browser, common.address) as seen:
        seen.sign_in("specialist", language)
        seen.open("/screens/trial/slider")
        moved(seen)
        assert seen.complaints == []
        os.kill(int((common.home / "slider.pid").read_text()), signal.SIGKILL)
        with speaking(language):
            expect(seen.page.locator("#mb-gone")).to_contain_text(_(SAID))
        seen.page.click("#mb-gone a")
        moved(seen)


def test_signing_out_elsewhere_ends_an_open_page(common: Served, browser: Browser) -> None:
    with tab(browser, common.address) as seen:
        seen.sign_in("specialist")
        seen.open("/screens/trial/slider")
        moved(seen)
        common.sign_out("specialist")
        expect(seen.page.locator("#mb-gone")).to_be_visible()
        seen.page.click("#mb-gone a")
        expect(seen.page.locator("#password")).to_be_visible()
