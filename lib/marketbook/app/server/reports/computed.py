"""What has been computed for a reader, kept for a while, so that its page, workbook and slides can be had too."""

import asyncio
import secrets
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tornado.web import HTTPError

from marketbook.app import catalogue
from marketbook.app.orders import Order
from marketbook.app.server import shelf
from marketbook.app.server.reports import published
from marketbook.app.server.reports.notebook import NotebookHandler
from marketbook.app.server.reports.runs import send
from marketbook.app.versions import versions
from marketbook.kit import language
from marketbook.kit.config import settings
from marketbook.kit.language import gettext as _
from marketbook.kit.report.document import Document, Parameter
from marketbook.kit.report.export import FILES, write

KEPT_SECONDS = 900.0
MOST_KEPT = 40
"""Pages kept at once; the oldest go first."""


@dataclass(frozen=True)
class Computed:
    """A page that was computed for somebody.

    Attributes:
        session_id: For whom: nobody else has it.
        order: What was computed.
        cells: The executed notebook's cells.
        ran_at: When that began.
        seconds: How long it took.
    """

    session_id: int
    order: Order
    cells: Sequence[dict[str, Any]] = field(repr=False)
    ran_at: datetime
    seconds: float
    kept_at: float = field(default_factory=time.monotonic)

    def document(self) -> Document:
        """Return it as the document from which files are written."""
        with language.speaking(self.order.language):
            titles = {name: _(dataset.title) for name, dataset in catalogue.with_views().items()}
        return Document.of(
            {"cells": self.cells}, name=self.order.report.notebook, ran_at=self.ran_at, spoken=self.order.language,
            parameters=[Parameter(*row) for row in self.order.shown], seconds=self.seconds,
            versions=versions(settings().home), source_titles=titles,
        )  # fmt: skip


_kept: dict[str, Computed] = {}


def token() -> str:
    """Return a name for what is going to be computed; who does not know it cannot ask for it."""
    return secrets.token_urlsafe(12)


def keep(name: str, made: Computed) -> None:
    """Keep what has been computed for a while."""
    moment = time.monotonic()
    for old, one in list(_kept.items()):
        if moment - one.kept_at > KEPT_SECONDS or len(_kept) >= MOST_KEPT:
            del _kept[old]
    _kept[name] = made


def find(name: str, session_id: int) -> Computed | None:
    """Return what was computed in a session under a name, while it is kept."""
    found = _kept.get(name)
    is_old = found is not None and time.monotonic() - found.kept_at > KEPT_SECONDS
    return None if found is None or is_old or found.session_id != session_id else found


class ComputedHandler(NotebookHandler):
    """A file of what has been computed."""

    async def get(self, name: str, kept: str, file: str) -> None:
        """Write it aside and send it."""
        report = self.notebook(shelf.report(name))
        found = find(kept, self.reader.session_id)
        if found is None or found.order.report.name != report.name or file not in FILES.values():
            raise HTTPError(404, reason="gone")
        content = await asyncio.to_thread(_written, found, file)
        with language.speaking(found.order.language):
            title = report.title
        day = found.ran_at.astimezone(settings().zone).date().isoformat()
        send(self, file, content, keep_as=published.download_name(title, day, file))


def _written(found: Computed, file: str) -> bytes:
    wanted = next(form for form, name in FILES.items() if name == file)
    with tempfile.TemporaryDirectory(prefix="marketbook-export-") as folder:
        (made,) = write(found.document(), Path(folder), [wanted])
        return made.read_bytes()
