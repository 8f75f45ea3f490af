"""Each role in Chromium, in three languages: signs in, reads its home page, is refused the rest, and signs out."""

from collections.abc import Iterator
from itertools import cycle

import pytest
from playwright.sync_api import Browser, expect
from tests.app.server.browser import tab
from tests.app.server.conftest import Served
from tests.chromium import chromium

from marketbook.app import catalogue
from marketbook.kit.language import gettext as _
from marketbook.kit.language import speaking
from marketbook.kit.records import person

LANGUAGES = ("zh_Hans", "en", "zh_Hant")
REFUSED = "the server responded with a status of 403"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def shut_pages() -> dict[str, tuple[str, ...]]:
    """Pages and who may open them; nobody may open all."""
    reports = {f"/reports/{one.name}": one.roles for one in catalogue.reports()}
    return reports | {f"/screens/{one.name}": one.roles for one in catalogue.screens()}


@pytest.mark.parametrize(("role", "language"), list(zip(person.ROLES, cycle(LANGUAGES), strict=False)))
def test_each_role_reads_its_home_and_is_refused_what_is_not_its_own(
    common: Served, browser: Browser, role: str, language: str
) -> None:
    shut = next(path for path, may in shut_pages().items() if role not in may)
    with tab(browser, common.address) as seen:
        seen.sign_in(role, language)
        expect(seen.page.locator("h1")).to_be_visible()
        assert seen.complaints == []
        assert seen.open(shut).status == 403
        with speaking(language):
            expect(seen.page.locator("h1")).to_have_text(_("This page is not open to you"))
        assert all(REFUSED in complaint for complaint in seen.complaints)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_signs_out_is_out_in_every_tab(common: Served, browser: Browser, language: str) -> None:
    with tab(browser, common.address) as seen:
        seen.sign_in("specialist", language)
        other = seen.page.context.new_page()
        other.goto(common.address)
        seen.page.click(".app-menu summary")
        seen.page.click(".app-menu form button")
        expect(seen.page.locator("#password")).to_be_visible()
        other.reload()
        expect(other.locator("#password")).to_be_visible()
        assert seen.complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_changed_parameter_is_in_the_address_and_a_wrong_one_at_its_field(
    common: Served, browser: Browser, language: str
) -> None:
    with tab(browser, common.address) as seen:
        seen.sign_in("manager", language)
        seen.open("/reports/template?confidence=2")
        expect(seen.page.locator("#mb-confidence")).to_have_value("2")
        seen.complaints.clear()
        seen.page.fill("#mb-confidence", "0.9")
        seen.page.click(".mb-send button")
        expect(seen.page.locator("body.app-done")).to_be_attached()
        assert seen.page.url.endswith("/reports/template?confidence=0.9")
        expect(seen.page.locator(".headline").first).to_be_visible()
        assert seen.complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_password_is_refused_on_the_page(common: Served, browser: Browser, language: str) -> None:
    with tab(browser, common.address) as seen:
        seen.open("/sign-in?next=/password")
        seen.page.click(f".app-languages button[value={language}]")
        seen.page.fill("#login", f"nobody-{language}")
        seen.page.fill("#password", "wrong")
        seen.page.click(".app-form .app-button")
        expect(seen.page.locator("[role=alert]")).to_be_visible()
        assert seen.page.url.endswith("/sign-in")
