"""The live kernels of the server's pages: each has one owner, there is a cap, and none outlives its page for long."""

import asyncio
import logging
import math
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.ioloop import PeriodicCallback

from marketbook.app import kernel
from marketbook.app.server import access
from marketbook.kit.config import settings
from marketbook.kit.errors import MarketbookError
from marketbook.kit.language import gettext as _
from marketbook.kit.records import sessions
from marketbook.kit.records.sessions import SignedIn
from marketbook.kit.store import Store, now

LOOK_EVERY_SECONDS = 2.0
"""A session that is revoked, a role that is lost and a kernel that has died are noticed within this time."""

ALONE_SECONDS = 45.0
"""How long a kernel waits for its page, at first and after the connection broke; it ends within a minute."""

UNUSED_SECONDS = 1800.0
"""How long a connected page may leave its kernel unused; what was typed is in its draft."""

GONE = 4001
"""With which code a connection to a kernel that has ended is closed."""

log = logging.getLogger("marketbook.server")


class BusyError(MarketbookError):
    """As many kernels live as may."""


@dataclass
class Opened:
    """A live kernel.

    Attributes:
        session_id: The session that opened it: no other reaches it.
        account_id: Whose session that is.
        notebook: What runs in it.
        ready: Its cells have run.
        used_at: When a page last sent it something.
        alone_since: Since when no page is connected; None while one is.
        sockets: The connections to its channels.
    """

    session_id: int
    account_id: int
    notebook: str
    ready: bool = False
    used_at: float = field(default_factory=time.monotonic)
    alone_since: float | None = field(default_factory=time.monotonic)
    sockets: set[Any] = field(default_factory=set)


class LiveKernels(AsyncMappingKernelManager):
    """Voilà's kernel manager with owners, a cap and an end for each kernel."""

    def __init__(self, **known: Any) -> None:  # noqa: ANN401  # traitlets'
        """Start no kernel yet."""
        super().__init__(**known)
        self.opened: dict[str, Opened] = {}
        self._starting = asyncio.Semaphore(max(2, os.cpu_count() or 1))
        self._reserved = 0
        self._watch = PeriodicCallback(self.sweep, LOOK_EVERY_SECONDS * 1000)

    def watch(self, store: Store) -> None:
        """Begin to look after the kernels: those whose page or session is gone end."""
        self._store = store
        self._watch.start()

    @property
    def is_full(self) -> bool:
        """Whether no further kernel may live."""
        return len(self.opened) + self._reserved >= settings().live_kernels

    async def open(self, who: SignedIn, notebook: str, cwd: str, *, record: int | None = None) -> str:
        """Start a kernel for somebody, when it is this one's turn; starts are limited to the number of cores.

        Args:
            who: Whose it is.
            notebook: What will run in it.
            cwd: Its working directory.
            record: The record that the page's address names.

        Returns:
            The kernel's id.

        Raises:
            BusyError: As many live as may.
        """
        if self.is_full:
            raise BusyError(_("Too many pages are open at once; please try again in a minute."))
        self._reserved += 1
        starting = asyncio.ensure_future(self._begin(who, notebook, cwd, record))
        try:
            return await asyncio.shield(starting)
        except asyncio.CancelledError:
            starting.add_done_callback(self._not_wanted)
            raise

    async def _begin(self, who: SignedIn, notebook: str, cwd: str, record: int | None) -> str:
        try:
            async with self._starting:
                kernel_id: str = await self.start_kernel(
                    kernel_name=kernel.OURS, env=kernel.app_environment(), cwd=cwd,
                    visitor=visitor(who, record),
                )  # fmt: skip
                self.opened[kernel_id] = Opened(who.session_id, who.account_id, notebook)
                return kernel_id
        finally:
            self._reserved -= 1

    def _not_wanted(self, starting: "asyncio.Future[str]") -> None:
        """The page was left before its kernel had started: the next sweep ends it."""
        if not starting.cancelled() and starting.exception() is None:
            one = self.opened[starting.result()]
            one.ready, one.alone_since = True, -math.inf

    def is_owned(self, kernel_id: str, who: SignedIn | None) -> bool:
        """Tell whether a kernel was opened in somebody's session, who may still open its page."""
        found = self.opened.get(kernel_id)
        mine = found is not None and who is not None and found.session_id == who.session_id
        return bool(mine and found and who and access.may_stay(who.roles, found.notebook))

    def connect(self, kernel_id: str, socket: Any) -> None:  # noqa: ANN401  # tornado's websocket
        """Note a connection to a kernel's channels, which ends with the kernel."""
        if found := self.opened.get(kernel_id):
            found.sockets.add(socket)
        else:
            socket.close(GONE, "gone")

    def disconnect(self, kernel_id: str, socket: Any) -> None:  # noqa: ANN401  # tornado's websocket
        """Forget a connection."""
        if found := self.opened.get(kernel_id):
            found.sockets.discard(socket)

    def mark_ready(self, kernel_id: str) -> None:
        """Note that a kernel's cells have run; its page has to connect soon, if it has not done so already."""
        if found := self.opened.get(kernel_id):
            found.ready, found.used_at = True, time.monotonic()
            self._kernels[kernel_id].execution_state = "idle"
            if not self._kernel_connections.get(kernel_id):
                found.alone_since = time.monotonic()

    def note_use(self, kernel_id: str) -> None:
        """Note that a page has sent a kernel something."""
        if found := self.opened.get(kernel_id):
            found.used_at = time.monotonic()

    def is_ready(self, kernel_id: str) -> bool:
        """Tell whether a kernel's cells have run."""
        found = self.opened.get(kernel_id)
        return found is not None and found.ready

    async def close(self, kernel_id: str) -> None:
        """End a kernel and the connections to it; nothing where it has ended."""
        found = self.opened.pop(kernel_id, None)
        if found is None:
            return
        for socket in found.sockets:
            socket.close(GONE, "gone")
        if kernel_id in self:
            await self.shutdown_kernel(kernel_id, now=True)

    async def close_session(self, session_id: int) -> None:
        """End the kernels that were opened in a session."""
        gone = [kernel_id for kernel_id, one in self.opened.items() if one.session_id == session_id]
        await asyncio.gather(*(self.close(kernel_id) for kernel_id in gone))

    async def sweep(self) -> None:
        """End the kernels whose page has gone, whose session or role is over, or that nobody uses; let the dead go."""
        with self._store.reading() as session:
            held = sessions.held(session, session_ids={one.session_id for one in self.opened.values()})
        for kernel_id, one in list(self.opened.items()):
            try:
                allowed = access.may_stay(held.get(one.session_id, ()), one.notebook)
                if not allowed or await self._is_over(kernel_id, one):
                    await self.close(kernel_id)
            except Exception:  # whatever keeps one from ending must not keep the others
                log.exception("kernel %s did not end", kernel_id)

    def start_watching_activity(self, kernel_id: str) -> None:
        """Read none of what a kernel says: Jupyter would parse every message once more to learn when it was used."""
        one = self._kernels[kernel_id]
        one.reason, one.last_activity = "", now()

    def notify_connect(self, kernel_id: str) -> None:
        """Note that a page is connected."""
        super().notify_connect(kernel_id)
        if found := self.opened.get(kernel_id):
            found.alone_since = None

    def notify_disconnect(self, kernel_id: str) -> None:
        """Note that a page has gone."""
        super().notify_disconnect(kernel_id)
        found = self.opened.get(kernel_id)
        if found and not self._kernel_connections.get(kernel_id):
            found.alone_since = time.monotonic()

    async def _is_over(self, kernel_id: str, one: Opened) -> bool:
        if kernel_id not in self or not await self._kernels[kernel_id].is_alive():
            return True
        if one.alone_since is not None:
            return one.ready and time.monotonic() - one.alone_since > ALONE_SECONDS
        return time.monotonic() - one.used_at > UNUSED_SECONDS


def visitor(who: SignedIn, record: int | None = None) -> Mapping[str, Any]:
    """Return what a kernel is told of who is served, and which record the page's address names."""
    return {
        "account_id": who.account_id, "party_id": who.party_id, "login": who.login, "name": who.name,
        "language": who.language, "roles": sorted(who.roles), "store": settings().store, "server": "/",
        "record": record,
    }  # fmt: skip
