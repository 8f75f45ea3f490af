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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.mark.parametrize(("path", "login"), REPORTS.items())
def test_every_number_of_a_page_opens_rows(common: Served, path: str, login: str) -> None:
    client = common.someone(login)
    page = client.get(path, follow=True).text
    links = {unescape(link) for link in re.findall(r'href="(/rows/[^"]+)"', page)}
    assert len(links) > 3, page
    answers = {link: client.get(link) for link in links}
    assert {link: answer.status for link, answer in answers.items()} == dict.fromkeys(links, 200)
    assert sum(answer.text.count("<tr") > 1 for answer in answers.values()) > len(links) / 2  # a 0 has no rows


def test_a_number_is_clicked_and_its_rows_are_read(common: Served, browser: Browser) -> None:
    with tab(browser, common.address) as seen:
        seen.sign_in("manager")
        seen.open("/reports/template")
        expect(seen.page.locator("body.app-done")).to_be_attached()
        seen.page.locator("a[href^='/rows/']:visible").first.click()
        expect(seen.page.locator("main table")).to_be_visible()
        assert "/rows/" in seen.page.url
        assert seen.complaints == []
