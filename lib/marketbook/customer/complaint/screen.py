"""The screen of complaints: the queue, taking one in, and the one that is open."""

from ipywidgets import VBox, Widget

from marketbook.customer.complaint.lists import ComplaintRow, views
from marketbook.customer.complaint.open import OpenComplaint
from marketbook.customer.complaint.rules import DESK
from marketbook.kit.forms import screen
from marketbook.kit.forms.listing import LIVE, Listing, Opening
from marketbook.kit.forms.screen import Panel
from marketbook.kit.language import gettext as _
from marketbook.kit.records import types
from marketbook.kit.visitor import Visitor

ROLES = ("service", "manager", "sales", "director", "executive", "auditor")


def show() -> None:
    """Show the queue of complaints, and what the reader may do with them."""
    screen.show(_build, roles=ROLES)


def _build(who: Visitor) -> Widget:
    types.load()
    made = _Complaints(who)
    if who.record is not None:
        made.open(who.record)
    return made.widget


class _Complaints:
    """The queue, and below it what is open."""

    def __init__(self, who: Visitor) -> None:
        self.who, self.panel = who, Panel()
        takes_in = bool(who.roles & set(DESK))
        opening = Opening(row=self.open, new=self._begin if takes_in else None, new_text=_("Take a complaint in"))
        self.listing = Listing(
            ComplaintRow, views(who.party_id), title=_("Complaints"), opening=opening, roles=ROLES, live=LIVE,
            personal="complaints",
        )  # fmt: skip
        self.widget = VBox([self.listing, self.panel])

    def open(self, record_id: int) -> None:
        """Open a complaint below the queue."""
        self._complaint().show(record_id)

    def _begin(self) -> None:
        self._complaint().begin()

    def _complaint(self) -> OpenComplaint:
        return OpenComplaint(self.who, self.panel, changed=self.listing.refresh)
