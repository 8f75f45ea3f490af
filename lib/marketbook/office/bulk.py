"""Several decisions at once, where that is safe: of one type and step, small, and with nothing to look at first."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from marketbook.kit.errors import MarketbookError, RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import Record, advance, parameters, reading, roles
from marketbook.office import briefs, deciding
from marketbook.office.deciding import Choice

BELOW = parameters.declare(
    parameters.Declared(
        name="office.bulk_below_minor",
        title=mark("Amount below which several records may be decided at once, in fen"),
        kind=int,
        default=100_000,
        source=mark("¥1,000, until the company decides otherwise"),
    )
)

MOST = 100
"""How many are decided at once."""


@dataclass(frozen=True)
class Group:
    """Records that may be decided together: of one type, from one status to one other."""

    type: str
    status: str
    to: str

    @property
    def key(self) -> str:
        """What stands for it in a page."""
        return f"{self.type}/{self.status}/{self.to}"


@dataclass(frozen=True)
class Outcome:
    """What came of one record.

    Attributes:
        number: The record's.
        refused: Why it was not decided; empty where it was.
    """

    number: str
    refused: str = ""


def limit(session: Session) -> int:
    """Return the amount, in fen, below which records may be decided together today."""
    return int(parameters.value(session, BELOW.name, on=roles.today()))


def group_of(session: Session, record: Record, *, party_id: int) -> tuple[Group, Choice] | None:
    """Return with which others a record may be decided, and the step; None where it has to be looked at by itself."""
    if record.amount_minor is None or record.amount_minor >= limit(session) or briefs.of(session, record).warnings:
        return None
    found = deciding.choices(session, record, party_id=party_id)
    if not found or found[0].missing or found[0].needs_reason or found[0].to in deciding.LAST:
        return None
    return Group(record.type, record.status, found[0].to), found[0]


def decide(session: Session, seen: Iterable[tuple[int, int]], *, key: str, party_id: int) -> list[Outcome]:
    """Take one step with several records, each by itself: what is refused leaves no trace and stops no other.

    Args:
        session: A writing session.
        seen: Each record's id, and its version that the actor saw.
        key: Of the group that they are to belong to.
        party_id: Who decides.

    Raises:
        RecordError: They are too many.
    """
    asked = list(seen)
    if len(asked) > MOST:
        raise RecordError(_("{found} records; at most {most} are decided at once.").format(found=len(asked), most=MOST))
    return [_one(session, number, version, key=key, party_id=party_id) for number, version in asked]


def _one(session: Session, number: int, version: int, *, key: str, party_id: int) -> Outcome:
    record = reading.readable(session, number, party_id=party_id)
    try:
        with session.begin_nested():
            if record.version == version:
                _check_together(session, record, key=key, party_id=party_id)
            advance(session, record, key.rpartition("/")[2], actor=party_id, version=version)
    except MarketbookError as error:
        return Outcome(record.number, str(error))
    return Outcome(record.number)


def _check_together(session: Session, record: Record, *, key: str, party_id: int) -> None:
    """Who may take no step at all is told so by `advance`."""
    found = group_of(session, record, party_id=party_id)
    if (found is None or found[0].key != key) and deciding.choices(session, record, party_id=party_id):
        raise RecordError(_("This one is to be looked at by itself; please open it."))
