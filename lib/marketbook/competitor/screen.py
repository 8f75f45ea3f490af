"""The screen of the competitor log: what moved since Monday, the log, and the entry that is open."""

from ipywidgets import VBox, Widget

from marketbook.competitor import lists, page
from marketbook.competitor.lists import EntryRow, views
from marketbook.competitor.open import OpenEntry
from marketbook.competitor.rules import WRITERS
from marketbook.kit.forms import screen, served
from marketbook.kit.forms.listing import Listing, Opening
from marketbook.kit.forms.screen import Panel
from marketbook.kit.forms.told import Told
from marketbook.kit.language import gettext as _
from marketbook.kit.records import types
from marketbook.kit.visitor import Visitor

ROLES = ("specialist", "manager", "sales", "director", "executive", "service", "finance", "auditor")


def show() -> None:
    """Show the competitor log, and what the reader may do with it."""
    screen.show(_build, roles=ROLES)


def _build(who: Visitor) -> Widget:
    types.load()
    made = _Log(who)
    if who.record is not None:
        made.open(who.record)
    return made.widget


class _Log:
    """What moved, the list, and below it what is open."""

    def __init__(self, who: Visitor) -> None:
        self.who, self.panel, self._moved = who, Panel(), VBox([])
        writes = bool(who.roles & set(WRITERS))
        opening = Opening(
            row=self.open, new=self._look if writes else None, new_text=_("Note a price"),
            more=[(_("Note something else"), self._begin)] if writes else [],
        )  # fmt: skip
        self.listing = Listing(
            EntryRow, views(who.party_id), title=_("Competitor log"), opening=opening, roles=ROLES,
            services=lists.services(who.party_id) if writes else None, shown=lists.SHOWN, written=self._tell,
        )  # fmt: skip
        self._tell()
        self.widget = VBox([self._moved, self.listing, self.panel])

    def open(self, record_id: int) -> None:
        """Open an entry below the list."""
        self._entry().show(record_id)

    def _look(self) -> None:
        self._entry().look()

    def _begin(self) -> None:
        self._entry().begin()

    def _entry(self) -> OpenEntry:
        return OpenEntry(self.who, self.panel, changed=self._changed)

    def _changed(self) -> None:
        self.listing.refresh()
        self._tell()

    def _tell(self) -> None:
        with served.store().reading() as session:
            self._moved.children = (Told(page.moved(session)),)
