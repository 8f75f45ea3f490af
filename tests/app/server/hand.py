"""Somebody at a browser who is counted: clicks, fields that are typed into, and seconds."""

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import expect
from tests.app.server.browser import PATIENCE
from tests.app.server.conftest import Served

log = logging.getLogger("hand")


@dataclass
class Hand:
    """A person's hand on a page.

    Attributes:
        page: Of a browser in which somebody is signed in.
        clicks: How often something was pressed or chosen.
        typed: How many fields were typed into.
        complaints: Errors of scripts, and requests to other hosts.
    """

    page: Any
    address: str
    clicks: int = 0
    typed: int = 0
    complaints: list[str] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)

    def open(self, path: str) -> None:
        """Go to a page of ours, as a link in a notice does; it counts as a click."""
        self.clicks += 1
        self.page.goto(self.address + path)

    def press(self, name: str) -> None:
        """Press a button by its name."""
        self.clicks += 1
        self.page.get_by_role("button", name=name, exact=True).click()

    def type(self, label: str, text: str) -> None:
        """Type into a field."""
        self.typed += 1
        self.page.get_by_label(re.compile(f"^{label}")).fill(text)

    def choose(self, label: str, text: str) -> None:
        """Type into a search and take the first thing that is found."""
        self.typed += 1
        self.page.get_by_role("combobox", name=label).press_sequentially(text)
        self._take(text)

    def cells(self, found: str, *texts: str) -> None:
        """Fill a line of a table: search in its first cell, then go on by the Tab key."""
        self.clicks += 1
        cell = self.page.locator(".mb-cell").first
        cell.click()
        cell.clear()
        cell.press_sequentially(found)
        self._take(found)
        for text in texts:
            self.page.keyboard.press("Tab")
            self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Tab")
        self.typed += 1 + len(texts)

    def attach(self, file: Path) -> None:
        """Choose a file."""
        self.clicks += 1
        with self.page.expect_file_chooser() as chooser:
            self.page.locator(".mb-file-button").first.click()
        chooser.value.set_files(file)
        expect(self.page.locator(".mb-file").first).to_contain_text(file.name)

    def reads(self, text: str) -> None:
        """Wait until something is told."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def tell(self, what: str) -> None:
        """Say what it took so far."""
        log.info("%s: %d clicks, %d fields, %.1f s", what, self.clicks, self.typed, time.monotonic() - self.begun)

    def _take(self, text: str) -> None:
        self.clicks += 1
        self.page.locator(".mb-list li[role=option]", has_text=text).first.click()


@contextmanager
def at(browser: Any, server: Served, login: str, *, width: int = 1280) -> Iterator[Hand]:
    """Somebody who reads Chinese, signed in, at a browser of some width."""
    client = server.signed_in(login, language="zh_Hans")
    context = browser.new_context(viewport={"width": width, "height": 900}, has_touch=width < 600)
    context.add_cookies(
        [{"name": name, "value": value, "url": server.address} for name, value in client.cookies.items()]
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    made = Hand(page, server.address)
    page.on("pageerror", lambda error: made.complaints.append(str(error)))
    page.on("request", lambda asked: _note(made, asked.url))
    yield made
    context.close()
    assert made.complaints == []


def _note(hand: Hand, url: str) -> None:
    if not url.startswith((hand.address, "blob:", "data:", "ws")):
        hand.complaints.append(f"asks elsewhere: {url}")
