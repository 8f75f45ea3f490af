"""What holds for every answer, whichever handler gives it: names we answer to, headers, and what the log may know."""

import ipaddress
import logging
from typing import Any

import tornado.web
from tornado.httputil import HTTPHeaders, HTTPServerRequest
from tornado.web import GZipContentEncoding, OutputTransform, RequestHandler

from marketbook.app.server.identity import address, is_https, is_proxy
from marketbook.app.server.listening import is_local
from marketbook.kit.config import settings
from marketbook.kit.language import gettext as _

log = logging.getLogger("marketbook.server.access")

A_YEAR = 31536000

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
"""No other site frames a page, includes it, guesses its kind or learns its address."""

POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
"""The security policy of answers that bring none of their own."""


class Application(tornado.web.Application):
    """Tornado's application, asked under its own names only."""

    def __init__(self, **known: Any) -> None:  # noqa: ANN401  # tornado's settings
        super().__init__(transforms=[Headers, GZipContentEncoding], log_function=log_request, **known)

    def find_handler(self, request: HTTPServerRequest, **known: Any) -> Any:  # noqa: ANN401  # as its base
        """Return who answers; requests for other names get no further.

        Otherwise a page of another site could have its own name lead here and so read what we answer.
        """
        if not is_our_name(request):
            return self.get_handler_delegate(request, ElsewhereHandler)
        return super().find_handler(request, **known)


class ElsewhereHandler(RequestHandler):
    """Answers to those who ask for somebody else."""

    def check_xsrf_cookie(self) -> None:
        """Nothing is done here, whoever asks for it."""

    def prepare(self) -> None:
        """Say so."""
        self.set_status(421)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(_("This server does not answer to that name. Its names are in the setting MARKETBOOK_HOSTS."))


class Headers(OutputTransform):
    """Headers of every answer; what a handler says about caching and policy is left as it is."""

    def __init__(self, request: HTTPServerRequest) -> None:
        self._https = is_https(request)

    def transform_first_chunk(
        self,
        status_code: int,
        headers: HTTPHeaders,
        chunk: bytes,
        finishing: bool,  # noqa: ARG002  # as its base
    ) -> tuple[int, HTTPHeaders, bytes]:
        """Put them on."""
        headers.pop("Server", None)
        headers.update(ALWAYS)
        if "Last-Modified" not in headers:
            headers.setdefault("Cache-Control", "no-store")
        if "report-uri" in headers.get("Content-Security-Policy", "report-uri"):
            headers["Content-Security-Policy"] = POLICY
        if self._https:
            headers["Strict-Transport-Security"] = f"max-age={A_YEAR}"
        return status_code, headers, chunk


def is_our_name(request: HTTPServerRequest) -> bool:
    """Tell whether a request is meant for us.

    Addresses and `localhost` always are: no other site can call itself so. Without `MARKETBOOK_HOSTS`, a certificate
    or a proxy of ours vouches for the name.
    """
    name = request.host_name.strip("[]")
    if is_local(name) or name in settings().hosts or _is_address(name):
        return True
    return not settings().hosts and (is_https(request) or is_proxy(request.remote_ip or ""))


def log_request(handler: RequestHandler) -> None:
    """Log an answer without what its address asks for, which may name people, and without a line of its own making."""
    request = handler.request
    path = request.path.encode("ascii", "backslashreplace").decode().encode("unicode_escape").decode()[:200]
    status = handler.get_status()
    level = logging.ERROR if status >= 500 else logging.INFO
    log.log(level, "%d %s %s (%s)", status, request.method, path, address(request))


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
