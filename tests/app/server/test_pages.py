"""Our pages in a browser, on a phone and on a desk, in each language: readable, reachable and quiet."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from tests.app.server.audit import faults
from tests.app.server.conftest import Served
from tests.app.server.runs import enter, numbers
from tests.chromium import chromium

from marketbook.app import catalogue
from marketbook.demo.people import PASSWORD
from marketbook.kit.store import now

WIDTHS = (360, 768, 1280)
TEMPLATE = "/reports/template"
PAGES = ("/", "/?q=2025", "/?q=nothing+like+this", "/password", TEMPLATE, f"{TEMPLATE}?confidence=2", "/nowhere")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def ran(server: Served) -> Served:
    """A server with a published report, one that failed, and one with a run before."""
    server.run("run", "template", "-l", "zh_Hans", "-l", "en")
    survey, budget = catalogue.find(["survey/analyse-survey", "budget/allocate-budget"])
    enter(server.store, survey, weeks_ago=1, numbers=numbers(0.48))
    enter(server.store, survey)
    enter(server.store, budget, status="failed", error="cell [2], `x`: DataError: no rows.", started_at=now())
    return server


def signed_in(browser: Browser, server: Served, language: str, login: str = "manager") -> BrowserContext:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server.address}sign-in")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click(".app-form .app-button")
    page.click(f".app-languages button[value={language}]")
    page.wait_for_load_state()
    page.close()
    return context


def opened(context: BrowserContext, server: Served, path: str, width: int = 1280) -> Page:
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(server.address.rstrip("/") + path)
    return page


def test_the_audit_sees_what_is_wrong(browser: Browser) -> None:
    with browser.new_context(viewport={"width": 360, "height": 800}) as context:
        page = context.new_page()
        page.set_content(
            "<main><h1>A</h1><h3 id='a'>B</h3><p id='a' style='color:#999'>pale</p><input name='q'>"
            "<button style='height:10px;padding:0'>x</button>"
            "<div style='width:900px' aria-describedby='z'>wide</div></main>"
        )
        found = " ".join(faults(page))
    for fault in ("screen", "heading skips", "id twice", "contrast 2.85", "no label: q", "small", "leads nowhere: z"):
        assert fault in found


@pytest.mark.parametrize("language", ["zh_Hans", "en", "zh_Hant"])
def test_every_page_serves_everybody_at_every_width(browser: Browser, ran: Served, language: str) -> None:
    with signed_in(browser, ran, language) as context:
        page = opened(context, ran, "/")
        for path in PAGES:
            page.goto(ran.address.rstrip("/") + path)
            for details in page.query_selector_all("main details:not([open]) > summary"):
                details.click()
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                assert faults(page) == [], (path, width)


@pytest.mark.parametrize("login", ["sales", "admin", "finance"])
def test_every_roles_first_screen_fits_a_phone(browser: Browser, ran: Served, login: str) -> None:
    with signed_in(browser, ran, "zh_Hans", login) as context:
        assert faults(opened(context, ran, "/", 360)) == []


def test_the_sign_in_serves_everybody(browser: Browser, ran: Served) -> None:
    with browser.new_context() as context:
        assert faults(opened(context, ran, "/sign-in", 360)) == []


def test_the_keyboard_skips_to_the_content_first(browser: Browser, ran: Served) -> None:
    with signed_in(browser, ran, "en") as context:
        page = opened(context, ran, "/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "app-skip"
        page.keyboard.press("Enter")
        assert page.url.endswith("#main")


def test_parameters_are_changed_and_sent_by_keyboard(browser: Browser, ran: Served) -> None:
    with signed_in(browser, ran, "en") as context:
        page = opened(context, ran, TEMPLATE)
        page.focus(".app-params > summary")
        page.keyboard.press("Enter")
        page.fill("#mb-confidence", "2")
        page.eval_on_selector("#mb-confidence", "e => e.form.noValidate = true")
        page.keyboard.press("Enter")
        page.wait_for_url("**confidence=2**")
        assert page.evaluate("document.activeElement.className") == "mb-refused"


def test_searching_and_reading_need_no_script(browser: Browser, ran: Served) -> None:
    with signed_in(browser, ran, "en") as context:
        state = context.storage_state()
    with browser.new_context(java_script_enabled=False, storage_state=state) as context:
        page = opened(context, ran, "/")
        page.fill("#q", "2025 brought")
        page.press("#q", "Enter")
        page.click(".search-title")
        assert page.url.endswith(TEMPLATE)
        assert page.locator("h1").inner_text() == "Template: a year's revenue"


def test_paper_shows_the_report_and_not_its_tools(browser: Browser, ran: Served) -> None:
    with signed_in(browser, ran, "en") as context:
        page = opened(context, ran, TEMPLATE)
        page.emulate_media(media="print")
        assert not page.is_visible(".app-tools")
        assert not page.is_visible(".app-bar")
        assert page.is_visible("h1")
