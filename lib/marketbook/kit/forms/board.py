"""A board as a widget: lanes side by side, each with its count and sum and its cards in order; a card opens a record.

On a phone one lane is shown at a time, chosen by its heading. Arrow keys go from card to card and from lane to lane.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import anywidget
import traitlets
from sqlalchemy.orm import Session

from marketbook.kit import language, visitor
from marketbook.kit.forms import guard, served, words
from marketbook.kit.forms.listing import Opening
from marketbook.kit.forms.rows import Place
from marketbook.kit.forms.script import script, style

PAGE = 10
"""How many cards of a lane are shown at once."""


@dataclass(frozen=True)
class Card:
    """One record on a board; everything is plain text in the reader's language.

    Attributes:
        id: The record's.
        title: What it is.
        lines: More about it, a line each.
        due: What comes next, and when.
        late: Whether that is overdue.
    """

    id: int
    title: str
    lines: Sequence[str] = ()
    due: str = ""
    late: bool = False


@dataclass(frozen=True)
class Cards:
    """A page of a lane; `after` is None on the last one."""

    cards: Sequence[Card]
    after: Place | None = None


@dataclass(frozen=True)
class Lane:
    """A column of a board.

    Attributes:
        title: What its records have in common.
        sums: Returns how many there are, and their sum in words.
        page: Returns the cards that follow a place.
    """

    title: str
    sums: Callable[[Session], tuple[str, str]]
    page: Callable[[Session, Place | None], Cards]


@dataclass(frozen=True)
class View:
    """One of several sets of lanes that a board turns to, by what its button says."""

    title: str
    lanes: Sequence[Lane]


class Board(anywidget.AnyWidget):
    """Records by stage; everybody who reaches it in a served kernel with one of the roles may read it."""

    _esm = script("board")
    _css = style()
    described = traitlets.Dict().tag(sync=True)

    def __init__(
        self, views: Sequence[View], *, title: str, opening: Opening | None = None, roles: Collection[str] = ()
    ) -> None:
        """Make a board in the current language.

        Args:
            views: Its lanes; where there are several views the reader chooses one. All have as many lanes.
            title: Its heading.
            opening: What a card and the buttons above lead to.
            roles: Who may read it, as of then; everybody with an account where it is empty.
        """
        self._views, self._opening, self._roles = list(views), opening or Opening(), frozenset(roles)
        self._language = language.current()
        self._next: dict[tuple[int, int], Place | None] = {}
        super().__init__(described=self._described(title))
        self.on_msg(self._heard)

    def refresh(self) -> None:
        """Have the browser read the lanes again."""
        self.send({"refresh": True})

    def _described(self, title: str) -> dict[str, Any]:
        return {
            "title": title,
            "lanes": [lane.title for lane in self._views[0].lanes],
            "views": [view.title for view in self._views] if len(self._views) > 1 else [],
            "buttons": [text for text, _open in self._opening.buttons],
            "words": words.of_boards(),
            "tag": words.TAGS[self._language],
        }

    def _heard(self, _widget: object, said: Mapping[str, Any], _pieces: list[memoryview]) -> None:
        """Answer a message of the script."""
        answers = {"lanes": self._lanes, "more": self._more, "open": self._open, "new": self._new}
        about = {"id": said.get("id")}
        with language.speaking(self._language):
            try:
                self.send({**about, **answers[str(said.get("do"))](said)})
            except Exception as error:  # noqa: BLE001  # the browser hears a number
                self.send({**about, "failed": guard.told(error)})

    def _lanes(self, said: Mapping[str, Any]) -> dict[str, Any]:
        view = int(said.get("view") or 0)
        with served.store().reading() as session:
            served.check(session, self._roles)
            return {"lanes": [self._lane(session, view, place) for place in range(len(self._views[view].lanes))]}

    def _lane(self, session: Session, view: int, place: int) -> dict[str, Any]:
        count, total = self._views[view].lanes[place].sums(session)
        return {"count": count, "sum": total, **self._page(session, view, place, None)}

    def _more(self, said: Mapping[str, Any]) -> dict[str, Any]:
        view, place = int(said.get("view") or 0), int(said.get("lane") or 0)
        with served.store().reading() as session:
            served.check(session, self._roles)
            return self._page(session, view, place, self._next.get((view, place)))

    def _page(self, session: Session, view: int, place: int, after: Place | None) -> dict[str, Any]:
        found = self._views[view].lanes[place].page(session, after)
        self._next[view, place] = found.after
        return {"cards": [_written(one) for one in found.cards], "more": found.after is not None}

    def _open(self, said: Mapping[str, Any]) -> dict[str, Any]:
        visitor.required()
        if self._opening.row and type(said.get("card")) is int:
            self._opening.row(said["card"])
        return {}

    def _new(self, said: Mapping[str, Any]) -> dict[str, Any]:
        visitor.required()
        self._opening.buttons[int(said.get("button") or 0)][1]()
        return {}


def _written(card: Card) -> dict[str, Any]:
    lines = [one for one in card.lines if one]
    return {"id": card.id, "title": card.title, "lines": lines, "due": card.due, "late": card.late}
