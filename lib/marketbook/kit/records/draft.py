"""Drafts: what someone has typed into a form and not sent. It outlives the kernel, the tab and the phone."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ColumnElement, ForeignKey, Index, String, delete, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketbook.kit.errors import RecordError
from marketbook.kit.language import format_integer
from marketbook.kit.language import gettext as _
from marketbook.kit.store import Base, Moment, now

LARGEST = 1_000_000
"""How many characters of JSON a draft may have: far more than a paste of 500 x 14 cells."""


def _only_one(name: str, *columns: str, where: str) -> Index:
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))


class Draft(Base):
    """What an account's owner has typed into a form, for a record or for a new one."""

    __tablename__ = "draft"
    __table_args__ = (
        CheckConstraint("form <> ''", name="form"),
        _only_one("uq_draft_new", "account_id", "form", where="record_id IS NULL"),
        _only_one("uq_draft_record", "account_id", "form", "record_id", where="record_id IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    form: Mapped[str] = mapped_column(String(100))
    record_id: Mapped[int | None]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(Moment)


class ElsewhereError(RecordError):
    """The same form was typed into in another tab since.

    Attributes:
        content: What was typed there.
    """

    def __init__(self, content: dict[str, Any]) -> None:
        """Keep what was typed there."""
        super().__init__(_("This form was also typed into in another tab or on another device."))
        self.content = content


def save(
    session: Session, *, account_id: int, form: str, content: dict[str, Any], record_id: int | None = None,
    after: object = None,
) -> Draft:  # fmt: skip
    """Keep what has been typed, in place of what was kept.

    Args:
        session: A writing session.
        account_id: Whose.
        form: Into which form.
        content: What was typed: `values`, `at`, and the `tab` in which it was, if that is to notice another one.
        record_id: For which record; none for a new one.
        after: The `at` of the draft that the tab has seen.

    Raises:
        ElsewhereError: Another tab has typed into the form since; nothing was written.
        RecordError: The form has no name, or the content is no JSON or too much of it.
    """
    if not 1 <= len(form) <= 100:
        raise RecordError(_("form: {form!r}; its name must have 1 to 100 characters.").format(form=form[:120]))
    kept = _plain(form, content)
    found = load(session, account_id=account_id, form=form, record_id=record_id)
    if found and content.get("tab") and _is_elsewhere(found, content["tab"], after):
        raise ElsewhereError(found.content)
    draft = found or Draft(account_id=account_id, form=form, record_id=record_id)
    draft.content, draft.saved_at = kept, now()
    session.add(draft)
    session.flush()
    return draft


def load(session: Session, *, account_id: int, form: str, record_id: int | None = None) -> Draft | None:
    """Return what has been typed and not sent, if anything."""
    return session.scalar(select(Draft).where(*_one(account_id, form, record_id)))


def discard(session: Session, *, account_id: int, form: str, record_id: int | None = None) -> bool:
    """Drop a draft, when it has been sent or is not wanted; return whether there was one."""
    gone = session.execute(delete(Draft).where(*_one(account_id, form, record_id)).returning(Draft.id))
    return gone.first() is not None


def settle(
    session: Session, *, account_id: int, form: str, record_id: int | None, tab: object, after: object
) -> bool:  # fmt: skip
    """Drop the draft of a form that was sent; what another tab has typed since stays there."""
    found = load(session, account_id=account_id, form=form, record_id=record_id)
    if found is None or _is_elsewhere(found, tab, after):
        return False
    return discard(session, account_id=account_id, form=form, record_id=record_id)


def _is_elsewhere(found: Draft, tab: object, after: object) -> bool:
    return found.content.get("tab") != tab and found.content.get("at") != after


def _one(account_id: int, form: str, record_id: int | None) -> tuple[ColumnElement[bool], ...]:
    record = Draft.record_id.is_(None) if record_id is None else Draft.record_id == record_id
    return Draft.account_id == account_id, Draft.form == form, record


def _plain(form: str, content: dict[str, Any]) -> dict[str, Any]:
    try:
        written = json.dumps(content, allow_nan=False, ensure_ascii=False)
    except (TypeError, ValueError) as error:
        raise RecordError(_("{form}: the draft is not JSON: {error}").format(form=form, error=error)) from None
    if len(written) > LARGEST:
        raise RecordError(
            _("{form}: the draft has {found} characters; at most {largest} are kept.").format(
                form=form, found=format_integer(len(written)), largest=format_integer(LARGEST)
            )
        )
    plain: dict[str, Any] = json.loads(written)
    return plain
