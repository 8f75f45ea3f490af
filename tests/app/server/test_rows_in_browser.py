"""Every number of a report leads to the rows behind it: all of them by HTTP, and one in Chromium."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from playwright.sync_api import Browser, expect
from tests.app.server.browser import tab
from tests.app.server.conftest import Served
from tests.chromium import chromium

REPORTS = {"/reports/template": "manager", "/reports/survey/analyse-survey": "specialist"}

LINK = re.compile(r'<a\b[^>]* href="(/rows/[^"]+)"[^>]*>(.*?)</a>', re.DOTALL)
NONE = {"0", "0%", "0.0%", "¥0", "CN¥0"}
"""The numbers behind which there are no rows."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def shown(inside: str) -> str:
    """Return the text of a link."""
    return unescape(re.sub("<[^>]+>", "", inside)).strip()


@pytest.mark.parametrize(("path", "login"), REPORTS.items())
def test_every_number_of_a_page_opens_rows(common: Served, path: str, login: str) -> None:
    client = common.someone(login)
    page = client.get(path, follow=True).text
    links = {unescape(link): shown(inside) for link, inside in LINK.findall(page)}
    assert len(links) > 3, page
    answers = {link: client.get(link) for link in links}
    assert {link: answer.status for link, answer in answers.items()} == dict.fromkeys(links, 200)
    bare = [link for link, answer in answers.items() if answer.text.count("<tr") < 2]
    assert {links[link] for link in bare} <= NONE, bare


def test_a_number_is_clicked_and_its_rows_are_read(common: Served, browser: Browser) -> None:
    with tab(browser, common.address) as seen:
        seen.sign_in("manager")
        seen.open("/reports/template")
        expect(seen.page.locator("body.app-done")).to_be_attached()
        seen.page.locator("a[href^='/rows/']:visible").first.click()
        expect(seen.page.locator("main table")).to_be_visible()
        assert "/rows/" in seen.page.url
        assert seen.complaints == []
