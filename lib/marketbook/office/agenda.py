"""What somebody has to do today: each chapter says it of its own records, and the home page shows it.

A chapter adds a piece where its `records` module is imported:

    agenda.register("complaints", _piece, roles=("service", "manager"), place=10)

    def _piece(session: Session, party_id: int) -> Piece | None:
        rows, count = ...                                  # read from an index: a home page is opened often
        lines = [Line(row.id, row.title, about=..., when=_("40 min"), late=False) for row in rows[: agenda.SHOWN]]
        return Piece(_("Complaints"), "customer/keep-complaints", _("Open the queue"), lines, count=count)

A piece without lines says `nothing`, or stays away where it says none. Pieces stand by their `place`, the smallest
first: complaints have 10, follow-ups 20, the pipeline 30. Its screen must be one that those roles may open.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

SHOWN = 5
"""How many lines a piece shows at most."""


@dataclass(frozen=True)
class Line:
    """One thing to do; everything is plain text in the reader's language, and shown as such.

    Attributes:
        record_id: The record that the screen opens; none opens the screen itself.
        title: What is to be done, without anything by which somebody can be reached.
        about: Whom or what it is about, and its number, in a few words.
        when: Until when, or how much time is left.
        late: Whether it is overdue.
    """

    record_id: int | None
    title: str
    about: str = ""
    when: str = ""
    late: bool = False


@dataclass(frozen=True)
class Piece:
    """What somebody has to do of one kind.

    Attributes:
        title: Of what kind it is.
        screen: Where it is done, such as `customer/keep-complaints`.
        button: What leads there.
        lines: The first of them, `SHOWN` at most.
        count: How many there are in all.
        nothing: What is said where there are none.
        figures: A label and a written number each, such as what is late.
    """

    title: str
    screen: str
    button: str
    lines: Sequence[Line] = ()
    count: int = 0
    nothing: str = ""
    figures: Sequence[tuple[str, str]] = ()


Making = Callable[[Session, int], Piece | None]


@dataclass(frozen=True)
class _Registered:
    make: Making
    roles: frozenset[str]
    place: int


_known: dict[str, _Registered] = {}


def register(name: str, make: Making, *, roles: Collection[str], place: int) -> None:
    """Have a chapter say what somebody has to do; called where its `records` module is imported.

    Args:
        name: Of the piece; the later one of a name counts.
        make: Given a session that reads and whose home it is; None where there is nothing to say.
        roles: Who sees it: whoever holds one of them.
        place: Where it stands among the others.
    """
    _known[name] = _Registered(make, frozenset(roles), place)


def of(session: Session, *, party_id: int, roles: Collection[str]) -> list[Piece]:
    """Return what somebody has to do, in the current language.

    Args:
        session: One that reads.
        party_id: Whose home it is.
        roles: What is held today.
    """
    own = sorted((one for one in _known.values() if one.roles & set(roles)), key=lambda one: one.place)
    found = (one.make(session, party_id) for one in own)
    return [piece for piece in found if piece is not None and (piece.lines or piece.nothing)]
