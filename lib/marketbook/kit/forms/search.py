"""Finding another record to refer to: what a search needs to know, and its answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from marketbook.kit.forms.typed import plain

Offer = Callable[[Session, str], Mapping[str, str]]
"""What is offered for a text: known ones that hold it, each with what tells it from others; any other may be typed."""


@dataclass(frozen=True)
class Found:
    """A record that can be referred to.

    Attributes:
        id: Its id.
        label: What a person knows it by; no two of one search are the same.
        about: What tells it from others that are like it; may be empty.
    """

    id: int
    label: str
    about: str = ""


@dataclass(frozen=True)
class Search:
    """How the records that a field may refer to are found.

    Attributes:
        find: Returns the first few whose label or description holds a text; all of them for an empty one.
        get: Returns the one with an id; None where there is none.
    """

    find: Callable[[Session, str], Sequence[Found]]
    get: Callable[[Session, int], Found | None]

    def named(self, session: Session, label: str) -> int | None:
        """Return the id of the one with exactly this label."""
        wanted = plain(label)
        return next((one.id for one in self.find(session, label.strip()) if plain(one.label) == wanted), None)
