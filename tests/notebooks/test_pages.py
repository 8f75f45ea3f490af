"""The published pages in a browser: nothing is asked of the network, nothing complains, nothing runs off the screen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from tests.chromium import chromium
from tests.notebooks.conftest import LANGUAGES, Ran, made_in

WIDTHS = (360, 768, 1280)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits_is_quiet_and_asks_for_nothing(browser: Browser, published: Ran, language: str) -> None:
    page, said, asked = browser.new_page(), [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    files = [published.folder(report, language) / "report.html" for report, _language in made_in(language)]
    for file in files:
        page.goto(file.as_uri())
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (file, width)
        assert page.locator("h1").count() == 1
        assert page.locator("svg").count() > 0
    assert (said, asked) == ([], [file.as_uri() for file in files])
    page.close()
