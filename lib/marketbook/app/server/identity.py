"""Who asks: the session's cookie, or a header from a proxy that is trusted to sign people in."""

import ipaddress
from dataclasses import replace
from typing import Any

from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.auth.identity import IdentityProvider, User
from tornado.httputil import HTTPServerRequest
from tornado.web import RequestHandler

from marketbook.kit.config import settings
from marketbook.kit.records import account, sessions
from marketbook.kit.records.sessions import SignedIn
from marketbook.kit.store import Store

COOKIE = "marketbook_session"


class Identity(IdentityProvider):
    """Jupyter's identity provider on our sessions: no token, no password of its own."""

    @property
    def auth_enabled(self) -> bool:
        """Whether anybody has to sign in: everybody has."""
        return True

    def get_handlers(self) -> list[tuple[str, object]]:
        """Return no sign-in pages: ours are among the routes."""
        return []

    def get_user(self, handler: RequestHandler) -> User | None:
        """Return who asks as Jupyter knows users; `handler.who` is who asks as we do."""
        who = signed_in(handler)
        handler.who = who  # type: ignore[attr-defined]
        return User(who.login, name=who.name, display_name=who.name) if who else None

    def is_token_authenticated(self, handler: RequestHandler) -> bool:  # noqa: ARG002  # as its base
        """Tell that nobody gets round the check of cross-site requests by a token."""
        return False


class Owners(Authorizer):
    """Lets a kernel be reached by who opened it, in the session that opened it, and by nobody else."""

    def is_authorized(self, handler: Any, user: User, action: str, resource: str) -> bool:  # noqa: ARG002, ANN401
        """Decide on Jupyter's own handlers: kernels only."""
        kernel_id = handler.path_kwargs.get("kernel_id") or (handler.path_args or [""])[0]
        owned: bool = resource == "kernels" and handler.kernel_manager.is_owned(kernel_id, handler.who)
        return owned


def signed_in(handler: RequestHandler) -> SignedIn | None:
    """Return who is signed in: by the cookie, or by a trusted proxy's header."""
    store: Store = handler.settings["store"]
    token = session_token(handler)
    who = sessions.resume(store, token=token) if token else None
    login = asserted(handler.request)
    if not login:
        return who
    if who is None or account.key(who.login) != account.key(login):
        who = _from_proxy(handler, store, login)
    return replace(who, must_change=False) if who else None  # who signs in elsewhere needs no password here


def asserted(request: HTTPServerRequest) -> str:
    """Return the login name that a trusted proxy vouches for; empty where there is none.

    The header is taken away from every request that comes from anywhere else, so that nothing later can trust it.
    """
    name = settings().user_header
    if not name:
        return ""
    if not is_proxy(request.remote_ip or ""):
        request.headers.pop(name, None)
        return ""
    given = request.headers.get_list(name)
    return given[0] if len(given) == 1 else ""


def is_proxy(address: str) -> bool:
    """Tell whether an address is one of the proxies that the settings name (addresses or networks)."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped  # as IPv4 looks to who listens on IPv6
    return any(found in ipaddress.ip_network(proxy, strict=False) for proxy in settings().proxies)


def address(request: HTTPServerRequest) -> str:
    """Return where a request comes from: the last address of its way that is no proxy of ours."""
    way = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    here = request.remote_ip or ""
    while is_proxy(here) and way:
        here = way.pop()
    return here


def is_https(request: HTTPServerRequest) -> bool:
    """Tell whether the browser speaks TLS, to us or to a proxy of ours."""
    forwarded = request.headers.get("X-Forwarded-Proto", "") if is_proxy(request.remote_ip or "") else ""
    return request.protocol == "https" or forwarded == "https"


def cookie_name(request: HTTPServerRequest) -> str:
    """Return what the session's cookie is called; over TLS no other host and no plain page can plant one."""
    return f"__Host-{COOKIE}" if is_https(request) else COOKIE


def session_token(handler: RequestHandler) -> str:
    """Return the token that the browser brings; empty where it brings none."""
    return handler.get_cookie(cookie_name(handler.request), "") or ""


def set_cookie(handler: RequestHandler, token: str) -> None:
    """Hand the browser its session: out of reach of scripts and of other sites' requests."""
    handler.set_cookie(
        cookie_name(handler.request), token, httponly=True, samesite="Lax", secure=is_https(handler.request), path="/",
        expires_days=sessions.LONGEST.days,
    )  # fmt: skip


def clear_cookie(handler: RequestHandler) -> None:
    """Take the session's cookie out of the browser."""
    handler.clear_cookie(
        cookie_name(handler.request), path="/", httponly=True, samesite="Lax", secure=is_https(handler.request)
    )


def _from_proxy(handler: RequestHandler, store: Store, login: str) -> SignedIn | None:
    with store.writing() as session:
        found = account.find(session, login=login)
        if found is None or found.disabled_at is not None:
            return None
        token = sessions.start(session, account_id=found.id)
        who = sessions.find(session, token=token)
    if who:
        set_cookie(handler, token)
    return who
