"""The sender of notices in the app server: every so often, and less often while a channel takes none."""

import asyncio
import logging
import time

from tornado.ioloop import PeriodicCallback

from marketbook.kit.config import settings
from marketbook.kit.errors import ConfigError
from marketbook.kit.store import Store

LOOK_EVERY_SECONDS = 20.0
LONGEST_PAUSE = 900.0

log = logging.getLogger("marketbook.notices")


class Notifying:
    """Looks whether there is something to send, where the settings name a channel."""

    def __init__(self, store: Store) -> None:
        """Look for nothing yet."""
        self._store = store
        self._pause, self._next, self._busy = LOOK_EVERY_SECONDS, 0.0, False
        self._watch = PeriodicCallback(self.look, LOOK_EVERY_SECONDS * 1000)

    def start(self) -> None:
        """Begin to look; a setting by which nothing could be sent is told in the log at once."""
        if not settings().notify_urls:
            return
        from marketbook.app import notices  # apprise takes its time, and most servers need it not

        try:
            notices.check()
        except ConfigError as error:
            log.error("%s", error)
        else:
            self._watch.start()

    async def look(self) -> None:
        """Send what is to be sent, beside the pages that are served meanwhile."""
        if self._busy or time.monotonic() < self._next:
            return
        from marketbook.app import notices

        self._busy = True
        try:
            done = await asyncio.to_thread(notices.send, self._store)
            self._pause = min(self._pause * 2, LONGEST_PAUSE) if done.left else LOOK_EVERY_SECONDS
            self._next = time.monotonic() + self._pause - LOOK_EVERY_SECONDS / 2
        except Exception:
            log.exception("the notices could not be looked for")
        finally:
            self._busy = False
