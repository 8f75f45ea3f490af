"""Debian's Chromium for tests: who signs in with it does so by the form, and whatever it complains of is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Response
from tests.chromium import PATIENCE

from marketbook.demo.people import PASSWORD


@dataclass
class Tab:
    """A tab of a browser, and what it has complained of.

    Attributes:
        complaints: Errors in the console, errors of scripts, requests to other hosts.
        sockets: Addresses of websockets.
    """

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    sockets: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen to it."""
        self.page.set_default_timeout(PATIENCE)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("request", lambda request: self._note(request.url))
        self.page.on("websocket", lambda socket: self.sockets.append(socket.url))

    def open(self, path: str) -> Response:
        """Go to a path of ours."""
        answer = self.page.goto(self.address.rstrip("/") + path)
        assert answer is not None
        return answer

    def sign_in(self, login: str, language: str = "en") -> None:
        """Sign in by the form and choose a language."""
        self.open("/sign-in")
        self.page.fill("#login", login)
        self.page.fill("#password", PASSWORD)
        self.page.click(".app-form .app-button")
        self.page.click(f".app-languages button[value={language}]")
        self.page.wait_for_load_state()

    def _note(self, url: str) -> None:
        if not url.startswith(("data:", "blob:")) and urlsplit(url).netloc != urlsplit(self.address).netloc:
            self.complaints.append(f"asks elsewhere: {url}")


@contextmanager
def tab(browser: Browser, address: str) -> Iterator[Tab]:
    """A tab of a browser of its own, which knows nobody yet."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield Tab(context.new_page(), address)
    context.close()
