"""A reader's session in headless Chromium, with an empty cache: until a widget has answered through its kernel."""

import shutil
import time
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright

from apps.servers import Served

CHROMIUM = shutil.which("chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
HANDLE = ".noUi-handle"
ANSWERED = (
    "() => [...document.querySelectorAll('.widget-label')].some(one => one.textContent.startsWith('answered 110'))"
)


def session(served: Served) -> float:
    """Return the seconds of a session, in a browser that has just been started and has cached nothing."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_cookies(_cookies(served))
        page = context.new_page()
        seconds = _seconds(page, served.address + served.page)
        page.close(run_before_unload=True)
        browser.close()
    return seconds


def _seconds(page: Page, address: str) -> float:
    start = time.perf_counter()
    page.goto(address, wait_until="commit", timeout=120_000)
    page.wait_for_selector(HANDLE, timeout=120_000)
    page.focus(HANDLE)
    page.keyboard.press("ArrowRight")
    page.wait_for_function(ANSWERED, timeout=120_000)
    return time.perf_counter() - start


def _cookies(served: Served) -> list[dict[str, str]]:
    host = urlsplit(served.address).hostname or ""
    pairs = [pair.split("=", 1) for pair in served.cookies[0].split("; ") if pair]
    return [{"name": name, "value": value, "domain": host, "path": "/"} for name, value in pairs]
