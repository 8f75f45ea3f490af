"""Lists of people that left as a workbook: who took which, when, and how many rows; not what was in them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketbook.kit.store import Base, Moment, now
from marketbook.kit.store.audit import audited
from marketbook.kit.store.triggers import Trigger, append_only


class ListExport(Base):
    """That a list left.

    Attributes:
        list: Which one, such as `customers`.
        count: How many rows it had.
        record_id: By which approval it left with what it else leaves without, such as numbers; None where it did not.
        purpose: For what it was approved, in its chapter's words.
    """

    __tablename__ = "list_export"
    __table_args__ = (
        CheckConstraint("count >= 0", name="count"),
        Index("ix_list_export_party", "party_id", "id"),
        Index("ix_list_export_record", "record_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    list: Mapped[str] = mapped_column(String(50))
    count: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"))
    purpose: Mapped[str | None] = mapped_column(String(20))


def note(
    session: Session, *, party_id: int, name: str, count: int, record_id: int | None = None,
    purpose: str | None = None,
) -> ListExport:  # fmt: skip
    """Note that a list left; the note stays.

    Args:
        session: A writing session.
        party_id: Who took it out.
        name: Which list.
        count: How many rows it had.
        record_id: By which approval it left, where it needs one.
        purpose: For what.
    """
    made = ListExport(party_id=party_id, list=name, count=count, at=now(), record_id=record_id, purpose=purpose)
    session.add(made)
    session.flush()
    return made


def of_exports(connection: Connection) -> list[Trigger]:
    """Return the triggers of the table: it only grows, and the log knows of each row."""
    return [*append_only("list_export"), *audited(connection, "list_export")]
