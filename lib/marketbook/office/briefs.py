"""What a decision needs to know of a record, at a glance: each chapter says it of its own types of records."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from marketbook.kit.records import Record


@dataclass(frozen=True)
class Table:
    """Lines of a record, such as a claim's.

    Attributes:
        title: What they are.
        columns: Their headings.
        rows: Texts, as they are shown.
        right: The columns of figures, which stand on the right.
        minor: The columns that a phone leaves out.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[int] = ()
    minor: Sequence[int] = ()


@dataclass(frozen=True)
class Brief:
    """What a decision needs to know, in the reader's language; everything is plain text, and shown as such.

    Attributes:
        rows: A label and a value each.
        tables: The record's lines.
        warnings: What should be looked at before deciding: a duplicate, a split, a budget that is nearly used up.
    """

    rows: Sequence[tuple[str, str]] = ()
    tables: Sequence[Table] = ()
    warnings: Sequence[str] = ()


Briefing = Callable[[Session, Record], Brief]

_known: dict[str, Briefing] = {}


def register(type_name: str, function: Briefing) -> None:
    """Have a chapter say what a decision about its records needs; called where its `records` module is imported.

    Args:
        type_name: As in `record.type`.
        function: Given a session of either kind and the record.
    """
    _known[type_name] = function


def of(session: Session, record: Record) -> Brief:
    """Return what a decision about a record needs to know; nothing where its chapter says nothing."""
    function = _known.get(record.type)
    return Brief() if function is None else function(session, record)
