"""What is done once a day, looked after by the server: when it starts, and from then on soon after each midnight."""

import asyncio
import logging

from tornado.ioloop import PeriodicCallback

from marketbook.app import lab_extract  # noqa: F401  # one of the day's duties
from marketbook.kit.records import daily
from marketbook.kit.store import Store

LOOK_EVERY_SECONDS = 300.0

log = logging.getLogger("marketbook.daily")


class Daily:
    """Looks whether a new day has begun; the store knows what was done on it."""

    def __init__(self, store: Store) -> None:
        """Look for nothing yet."""
        self._store = store
        self._watch = PeriodicCallback(self.look, LOOK_EVERY_SECONDS * 1000)

    def start(self) -> None:
        """Look now, and again every few minutes."""
        self._first = asyncio.ensure_future(self.look())
        self._watch.start()

    async def look(self) -> None:
        """Do what was not done yet today, beside the pages that are served meanwhile."""
        try:
            await asyncio.to_thread(daily.run, self._store)
        except Exception:
            log.exception("the day's tasks could not be looked for")
