"""What is typed into a form, kept as it is typed: the page's script sends it here, past the kernel."""

import asyncio
import json
from typing import Any

from tornado.web import HTTPError

from marketbook.app.server.handler import PageHandler
from marketbook.kit.errors import RecordError
from marketbook.kit.records import draft

LARGEST_BODY = 8_000_000
"""Bytes; `draft.LARGEST` is counted in characters."""

NUMBERS = 2**31
"""Where the ids of records end."""


class DraftsHandler(PageHandler):
    """The drafts of who is signed in."""

    async def put(self) -> None:
        """Keep what was typed, in place of what was kept."""
        form, record_id, content, after = self._asked()
        try:
            saved_at = await asyncio.to_thread(self._save, form, record_id, content, after)
        except draft.ElsewhereError as error:
            self.set_status(409)
            self.finish({"elsewhere": error.content})
            return
        self.finish({"saved_at": saved_at})

    async def delete(self) -> None:
        """Drop a draft; one that is not there is dropped already."""
        record_id = self.get_query_argument("record_id", None)
        if record_id is not None and not record_id.isdecimal():
            raise HTTPError(400)
        await asyncio.to_thread(self._discard, self.get_query_argument("form"), int(record_id) if record_id else None)
        self.set_status(204)
        self.finish()

    def _asked(self) -> tuple[str, int | None, dict[str, Any], object]:
        if len(self.request.body) > LARGEST_BODY:
            raise HTTPError(413)
        try:
            said = json.loads(self.request.body)
            form, record_id, content = said["form"], said.get("record_id"), said["content"]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise HTTPError(400) from None
        known = record_id is None or (type(record_id) is int and 0 < record_id < NUMBERS)
        if not (isinstance(form, str) and isinstance(content, dict) and known):
            raise HTTPError(400)
        return form, record_id, content, said.get("after")

    def _save(self, form: str, record_id: int | None, content: dict[str, Any], after: object) -> str:
        try:
            with self.store.writing() as session:
                kept = draft.save(
                    session,
                    account_id=self.reader.account_id,
                    form=form,
                    record_id=record_id,
                    content=content,
                    after=after,
                )
                return kept.saved_at.isoformat()
        except draft.ElsewhereError:
            raise
        except RecordError as error:
            raise HTTPError(413, log_message=str(error)) from None

    def _discard(self, form: str, record_id: int | None) -> None:
        with self.store.writing() as session:
            draft.discard(session, account_id=self.reader.account_id, form=form, record_id=record_id)
