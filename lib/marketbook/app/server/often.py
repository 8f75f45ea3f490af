"""What is looked for every few seconds, looked after by the server."""

import asyncio

from tornado.ioloop import PeriodicCallback

from marketbook.kit.records import often
from marketbook.kit.store import Store

LOOK_EVERY_SECONDS = 20.0


class Often:
    """Looks again and again, one look after the other."""

    def __init__(self, store: Store) -> None:
        """Look for nothing yet."""
        self._store, self._busy = store, False
        self._watch = PeriodicCallback(self.look, LOOK_EVERY_SECONDS * 1000)

    def start(self) -> None:
        """Begin to look."""
        self._watch.start()

    async def look(self) -> None:
        """Look once, beside the pages that are served meanwhile; not while the last look goes on."""
        if self._busy:
            return
        self._busy = True
        try:
            await asyncio.to_thread(often.run, self._store)
        finally:
            self._busy = False
