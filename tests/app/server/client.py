"""A browser without a screen: cookies, forms with their token, and nothing followed unless asked."""

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from marketbook.demo.people import PASSWORD

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    cookies: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def location(self) -> str:
        """Where a redirect leads; empty where it is none."""
        return self.headers.get("location", "")


class Client:
    """One browser; `sign_in` opens its session."""

    def __init__(self, address: str, source: str = "") -> None:
        """Talk to a server at an address like `http://127.0.0.1:8866/`, from an address like `127.0.0.2`."""
        self.netloc = urlsplit(address).netloc
        self.cookies: dict[str, str] = {}
        self._source = (source, 0) if source else None
        self._https = address.startswith("https")

    def sign_in(self, login: str, password: str = PASSWORD) -> Answer:
        """Sign in as somebody; the demo company's people share their password."""
        return self.post("/sign-in", login=login, password=password)

    def get(self, path: str, *, follow: bool = False, headers: Mapping[str, str] | None = None) -> Answer:
        """Open an address; redirects are told, or followed where asked."""
        answer = self.request("GET", path, headers=headers)
        while follow and 300 <= answer.status < 400:
            answer = self.request("GET", answer.location, headers=headers)
        return answer

    def post(self, path: str, *, headers: Mapping[str, str] | None = None, **fields: str) -> Answer:
        """Send a form, with the token that pages carry."""
        return self.request("POST", path, body=urlencode({"_xsrf": self.token, **fields}).encode(), headers=headers)

    @property
    def token(self) -> str:
        """The token against other sites' requests, as the cookie holds it."""
        if "_xsrf" not in self.cookies:
            self.get("/sign-in")
        return self.cookies["_xsrf"]

    def request(
        self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send any request with the cookies; those that come back are kept."""
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}
        if body is not None:
            sent["Content-Type"] = FORM
        connection = self._connection()
        try:
            connection.request(
                method, quote(path, safe="/?&=%~:+,;@*-._"), body=body, headers=sent | dict(headers or {})
            )
            answer = connection.getresponse()
            told = answer.headers.get_all("Set-Cookie") or []
            self._keep(told)
            told_headers = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, told_headers, answer.read(), tuple(told))
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        if self._https:
            return http.client.HTTPSConnection(self.netloc, timeout=120, context=ssl._create_unverified_context())
        return http.client.HTTPConnection(self.netloc, timeout=120, source_address=self._source)

    def _keep(self, told: list[str]) -> None:
        for line in told:
            for name, morsel in SimpleCookie(line).items():
                if morsel.value:
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)
