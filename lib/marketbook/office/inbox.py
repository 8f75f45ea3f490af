"""The screen on which everybody decides what waits for him: a list, and beside it the record that is open.

Its address may name a record, as the links in notices do: then that one is open at once.
"""

from ipywidgets import VBox, Widget

from marketbook.kit.forms import screen
from marketbook.kit.forms.screen import Panel
from marketbook.kit.records import types
from marketbook.kit.records.person import ROLES
from marketbook.kit.visitor import Visitor
from marketbook.office import deciding
from marketbook.office.waiting_list import WaitingList


def show() -> None:
    """Show what waits to whoever is served."""
    screen.show(_build, roles=tuple(ROLES))


def _build(who: Visitor) -> Widget:
    types.load()
    return _Inbox(who.record).widget


class _Inbox:
    """The list, and the record that is open."""

    def __init__(self, record_id: int | None) -> None:
        self.panel = Panel()
        self.listing = WaitingList(opened=self.open, decided=self._nothing_open)
        self.widget = VBox([self.listing, self.panel])
        self.widget.add_class("mb-desk")
        if record_id is not None:
            self.open(record_id)
            self.listing.mark_open(record_id)

    def open(self, record_id: int) -> None:
        """Open a record beside the list."""
        self.panel.turn_to(*deciding.widgets(record_id, done=self.listing.refresh))

    def _nothing_open(self) -> None:
        self.panel.turn_to()
