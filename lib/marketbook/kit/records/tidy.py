"""Tidying: sessions that are long over, drafts that nobody came back to, and files that were never sent with a form."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketbook.kit.config import settings
from marketbook.kit.language import mark
from marketbook.kit.records import parameters
from marketbook.kit.records.account import AccountSession
from marketbook.kit.records.draft import Draft
from marketbook.kit.records.tables import Attachment
from marketbook.kit.store import now

_Days = Annotated[int, Field(ge=1, le=3_650)]
_HASH = re.compile(r"[0-9a-f]{64}")


def _declared(name: str, title: str, days: int) -> parameters.Declared:
    return parameters.declare(
        parameters.Declared(name=name, title=title, kind=_Days, default=days, source=mark("the house's default"))
    )


SESSION_DAYS = _declared("tidy.session_days", mark("Days that an ended session is remembered"), 90)
DRAFT_DAYS = _declared("tidy.draft_days", mark("Days that a draft is kept after it was last typed in"), 180)
FILE_DAYS = _declared("tidy.file_days", mark("Days that a file is kept which was chosen in a form and never sent"), 30)


@dataclass(frozen=True)
class Tidied:
    """How many of each kind were taken away."""

    sessions: int
    drafts: int
    files: int


def tidy(session: Session, *, on: date) -> Tidied:
    """Take away what nobody needs any more.

    Args:
        session: A writing session.
        on: The day; the parameters count that hold on it.
    """
    since = {
        one.name: now() - timedelta(days=parameters.value(session, one.name, on=on))
        for one in (SESSION_DAYS, DRAFT_DAYS, FILE_DAYS)
    }
    over = delete(AccountSession).where(AccountSession.expires_at < since[SESSION_DAYS.name])
    left = delete(Draft).where(Draft.saved_at < since[DRAFT_DAYS.name])
    sessions = len(session.execute(over.returning(AccountSession.id)).all())
    drafts = len(session.execute(left.returning(Draft.id)).all())
    return Tidied(sessions, drafts, _files(session, since[FILE_DAYS.name]))


def _files(session: Session, since: datetime) -> int:
    old = [place for place in _kept() if place.stat().st_mtime < since.timestamp()]
    if not old:
        return 0
    wanted = set(session.scalars(select(Attachment.sha256).distinct()))
    for content in session.scalars(select(Draft.content)):
        wanted.update(_HASH.findall(json.dumps(content)))
    gone = [place for place in old if place.name not in wanted]
    for place in gone:
        place.unlink(missing_ok=True)
    return len(gone)


def _kept() -> Iterator[Path]:
    folder = settings().state / "attachments"
    return (place for place in folder.glob("??/*") if _HASH.fullmatch(place.name))
