"""A file at a record, for those who may read the record."""

import asyncio
from urllib.parse import quote

from sqlalchemy.orm import Session
from tornado.web import HTTPError

from marketbook.app.server.handler import PageHandler
from marketbook.kit.records import Attachment, Record, files, reading, types

SHOWN = frozenset({"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "video/mp4"})
"""What a browser shows; it runs nothing of these. Everything else is kept, not opened."""

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'; object-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class RecordFileHandler(PageHandler):
    """A file that was attached."""

    async def get(self, record: str, attachment: str) -> None:
        """Send it; whether there is one that the reader may not see is not told."""
        with self.store.reading() as session:
            found = self._found(session, int(record), int(attachment))
        content = await asyncio.to_thread(files.content, found)
        way = "inline" if found.media_type in SHOWN else "attachment"
        self.set_header("Content-Type", found.media_type)
        self.set_header("Content-Disposition", f"{way}; filename*=UTF-8''{quote(found.name, safe='')}")
        self.set_header("Content-Security-Policy", POLICY)
        self.finish(content)

    def _found(self, session: Session, record_id: int, number: int) -> Attachment:
        types.load()
        found, record = session.get(Attachment, number), session.get(Record, record_id)
        if found is None or record is None or found.record_id != record.id or found.removed_at is not None:
            raise HTTPError(404)
        if not reading.may_read(session, record, party_id=self.reader.party_id):
            raise HTTPError(404)
        return found
