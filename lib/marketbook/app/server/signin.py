"""Signing in and out, the choice of a password, and the language that is remembered."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from urllib.parse import urlencode

from jupyter_server.auth.decorator import allow_unauthenticated

from marketbook.app.server.handler import LANGUAGE_COOKIE, LANGUAGES, PageHandler, log
from marketbook.app.server.identity import address, clear_cookie, session_token, set_cookie
from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.records import account, sessions, sign_in
from marketbook.kit.records.account import Account
from marketbook.kit.records.throttle import ThrottledError

LONGEST_PATH = 4000

_hashing = ThreadPoolExecutor(2, thread_name_prefix="hashing")
"""Passwords are hashed apart: however many are tried, kernels start and pages open meanwhile."""


class SignInHandler(PageHandler):
    """The sign-in."""

    before_password = True

    @allow_unauthenticated
    def get(self) -> None:
        """Show the sign-in; who is signed in already goes on."""
        if self.who:
            self.redirect(within(self.get_query_argument("next", "/")))
        else:
            self.render_page("signin.html.j2", login="", refusal="", following=self.get_query_argument("next", "/"))

    @allow_unauthenticated
    async def post(self) -> None:
        """Open a session in place of the browser's present one; hashing takes its time, so it is done aside."""
        login, following = self.get_body_argument("login", ""), self.get_body_argument("next", "/")
        password = self.get_body_argument("password", "", strip=False)
        try:
            opened = await _aside(
                sign_in.sign_in, self.store, login=login, password=password, address=address(self.request)
            )
        except ThrottledError as error:
            self.set_status(429)
            self.set_header("Retry-After", str(error.seconds))
            self.render_page("signin.html.j2", login=login, refusal=str(error), following=following)
        except AccessError as error:
            log.warning("sign-in refused, from %s", address(self.request))
            self.set_status(401)
            self.render_page("signin.html.j2", login=login, refusal=str(error), following=following)
        else:
            await end_session(self)
            set_cookie(self, opened.token)
            self.redirect("/password" if opened.who.must_change else within(following), status=303)


class SignOutHandler(PageHandler):
    """The end of a session."""

    before_password = True

    async def post(self) -> None:
        """Revoke the session and end its kernels."""
        await end_session(self)
        clear_cookie(self)
        self.redirect("/sign-in", status=303)


class PasswordHandler(PageHandler):
    """The choice of a password."""

    before_password = True

    def get(self) -> None:
        """Show the form."""
        self.render_page("password.html.j2", refusal="", must=self.reader.must_change)

    async def post(self) -> None:
        """Change it; all other sessions of the account end."""
        old, new, again = (self.get_body_argument(name, "", strip=False) for name in ("old", "new", "again"))
        try:
            if new != again:
                raise RecordError(_("The two new passwords are not the same."))
            token = await _aside(
                sign_in.renew_password,
                self.store, who=self.reader, old=old, new=new, address=address(self.request),
            )  # fmt: skip
        except (AccessError, RecordError) as error:
            self.set_status(429 if isinstance(error, ThrottledError) else 422)
            self.render_page("password.html.j2", refusal=str(error), must=self.reader.must_change)
        else:
            set_cookie(self, token)
            await self.kernel_manager.sweep()
            self.redirect("/?" + urlencode({"said": "password"}), status=303)


class LanguageHandler(PageHandler):
    """The language that somebody reads in, remembered in the account, or in a cookie before the sign-in."""

    before_password = True

    @allow_unauthenticated
    def post(self) -> None:
        """Remember it and go back to the page."""
        chosen = self.get_body_argument("language", "")
        if chosen in LANGUAGES:
            self._remember(chosen)
        self.redirect(within(self.get_body_argument("next", "/")), status=303)

    def _remember(self, chosen: str) -> None:
        self.set_cookie(LANGUAGE_COOKIE, chosen, expires_days=365, httponly=True)
        if self.who:
            with self.store.writing() as session:
                found = session.get_one(Account, self.who.account_id)
                account.set_language(session, account=found, language=chosen)


async def end_session(handler: PageHandler) -> None:
    """Revoke the session that a browser has, if it has one, and end its kernels."""
    if token := session_token(handler):
        with handler.store.writing() as session:
            sessions.sign_out(session, token=token)
    if handler.who:
        await handler.kernel_manager.close_session(handler.who.session_id)


async def _aside(work: Callable[..., Any], *about: Any, **more: Any) -> Any:  # noqa: ANN401  # whatever it is
    return await asyncio.get_running_loop().run_in_executor(_hashing, partial(work, *about, **more))


def within(path: str) -> str:
    """Return a path of ours; the home page where it leads anywhere else.

    Example:
        >>> within("/reports/template?year=2024"), within("//example.org"), within("https://example.org")
        ('/reports/template?year=2024', '/', '/')
    """
    plain = path.startswith("/") and not path.startswith("//") and path.isprintable() and "\\" not in path
    return path if plain and len(path) <= LONGEST_PATH else "/"
