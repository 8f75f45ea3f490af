"""What every page of ours shares: who asks, in which language, the security headers, and refusals in plain words."""

import logging
import secrets
from collections.abc import Collection
from functools import lru_cache
from importlib import resources
from typing import Any

import jinja2
from jupyter_server.base.handlers import JupyterHandler
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError

from marketbook.app.server import access
from marketbook.app.server.home import chapters
from marketbook.app.server.identity import is_https
from marketbook.kit import language
from marketbook.kit.config import settings
from marketbook.kit.errors import AccessError, MarketbookError
from marketbook.kit.records.sessions import SignedIn
from marketbook.kit.report.theme import FONTS, TAGS
from marketbook.kit.store import Store

LANGUAGE_COOKIE = "marketbook_language"
LANGUAGES = {"zh_Hans": "简体", "en": "English", "zh_Hant": "繁體"}
"""Each language by its own name."""

log = logging.getLogger("marketbook.server")


class FromHere:
    """Refuses what another site makes a browser send: by what the browser says of it, its origin and our token."""

    request: Any

    def check_xsrf_cookie(self) -> None:
        """Check it; other sites on the same host count as others.

        Raises:
            HTTPError: 403 or 404.
        """
        if self.request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
            raise HTTPError(403)
        super().check_xsrf_cookie()  # type: ignore[misc]  # of the handler that this stands before


class PageHandler(FromHere, JupyterHandler):
    """A page for somebody signed in; methods for anybody carry jupyter_server's `allow_unauthenticated`."""

    who: SignedIn | None = None
    before_password = False
    """Whether it is to be had before a handed-over password has been replaced."""

    def initialize(self) -> None:
        """Make a number for this page's scripts: no others run."""
        self.nonce = secrets.token_urlsafe(18)

    async def prepare(self) -> None:
        """Find out who asks, and speak the reader's language from here on."""
        await super().prepare()
        language.use(self._spoken())
        if self._finished:
            return
        if self.who and self.who.must_change and not self.before_password:
            self.redirect("/password")

    @property
    def reader(self) -> SignedIn:
        """Who asks, on pages that nobody gets to without signing in."""
        if self.who is None:
            raise HTTPError(403)
        return self.who

    @property
    def store(self) -> Store:
        """The records."""
        store: Store = self.settings["store"]
        return store

    def require(self, allowed: bool) -> None:
        """Refuse the page unless it is allowed.

        Raises:
            HTTPError: 403.
        """
        if not allowed:
            raise HTTPError(403)

    def set_cookie(self, name: str, value: Any, **known: Any) -> None:  # noqa: ANN401  # tornado's
        """Set a cookie that other sites' requests do not carry, and plain ones not after TLS."""
        super().set_cookie(name, value, **{"samesite": "Lax", "secure": is_https(self.request), **known})

    def policy(self, scripts: Collection[str] = ()) -> str:
        """Return the page's content security policy: nothing from another host, no script but those of this page."""
        allowed = " ".join(["'self'", f"'nonce-{self.nonce}'", *scripts])
        return (
            f"default-src 'none'; script-src {allowed}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
            "media-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'"
        )

    def page(self, name: str, *, scripts: Collection[str] = (), **values: Any) -> str:  # noqa: ANN401
        """Write a page of `pages/`.

        Args:
            name: The template.
            scripts: More sources of scripts for its security policy.
            values: What it shows.
        """
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Content-Security-Policy", self.policy(scripts))
        return self.fragment(name, **values)

    def render_page(self, name: str, **values: Any) -> None:  # noqa: ANN401  # what the template shows
        """Answer with a page of `pages/`."""
        self.finish(self.page(name, **values))

    def fragment(self, name: str, **values: Any) -> str:  # noqa: ANN401  # what the template shows
        """Write a piece of a page that has been opened already."""
        return templates().get_template(name).render(**self.common(), **values)

    def common(self) -> dict[str, Any]:
        """Return what every page shows."""
        spoken = language.current()
        return {
            "who": self.who, "nonce": self.nonce, "xsrf": self.xsrf_token.decode(), "tag": TAGS[spoken],
            "spoken": spoken, "languages": LANGUAGES, "font": FONTS[spoken], "here": self.request.uri,
            "company": self.settings.get("company", ""), "asset": self.settings["asset"],
            "brings_data": self.who is not None and brings_data(self.who),
        }  # fmt: skip

    def write_error(self, status_code: int, **known: Any) -> None:  # noqa: ANN401  # tornado's
        """Say in plain words what went wrong; what only we should know stays in the log under a number."""
        error = (known.get("exc_info") or (None, None, None))[1]
        language.use(self._spoken())
        reference = ""
        if isinstance(error, MarketbookError):
            status_code = 403 if isinstance(error, AccessError) else 400
        elif status_code >= 500:
            reference = logged(error)
        self.set_status(status_code)
        said = str(error) if isinstance(error, MarketbookError) else ""
        self.finish(self.page("error.html.j2", status=status_code, said=said, reference=reference))

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:  # noqa: ANN401, ARG002  # tornado's
        """Leave exceptions to `write_error`, which logs those that are our fault, unless the page is half sent."""
        if self._headers_written and not isinstance(value, StreamClosedError):
            logged(value)

    def _spoken(self) -> str:
        chosen = self.who.language if self.who else self.get_cookie(LANGUAGE_COOKIE, "")
        return chosen if chosen in LANGUAGES else self._browser_language()

    def _browser_language(self) -> str:
        for tag in self.request.headers.get("Accept-Language", "").lower().split(","):
            if tag.strip().startswith(("zh-tw", "zh-hk", "zh-hant")):
                return "zh_Hant"
            if tag.strip().startswith("zh"):
                return "zh_Hans"
            if tag.strip().startswith("en") and settings().language == "en":
                return "en"
        return settings().language


def brings_data(who: SignedIn) -> bool:
    """Tell whether there is a dataset that somebody may bring in."""
    return any(access.may_import_into(who, dataset) for dataset in chapters.datasets())


def logged(error: BaseException | None) -> str:
    """Log an exception and return the number by which it is found again."""
    reference = secrets.token_hex(4)
    log.error("reference %s", reference, exc_info=error)
    return reference


def read_asset(name: str) -> bytes:
    """Return a file of `pages/`."""
    return (resources.files(__package__) / "pages" / name).read_bytes()


@lru_cache(maxsize=1)
def templates() -> jinja2.Environment:
    """Return the pages' templates: everything is escaped."""
    made = jinja2.Environment(
        autoescape=True, loader=jinja2.PackageLoader(__package__, "pages"), undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.globals.update(_=language.gettext, n_=language.ngettext, date=language.format_date, moment=_moment)
    return made


def _moment(value: Any) -> str:  # noqa: ANN401  # a moment
    return language.format_datetime(value.astimezone(settings().zone))


class NotFoundHandler(PageHandler):
    """Everything that there is not."""

    def get(self) -> None:
        """Say so."""
        raise HTTPError(404)

    post = put = delete = get
