"""The screen of sales: the board of the pipeline, the sale that is open, and the lists of all."""

from ipywidgets import VBox, Widget

from marketbook.customer.sales import lanes
from marketbook.customer.sales.lanes import SaleRow
from marketbook.customer.sales.open import OpenSale
from marketbook.kit.forms import screen, served
from marketbook.kit.forms.board import Board
from marketbook.kit.forms.listing import Listing, Opening
from marketbook.kit.forms.screen import Panel
from marketbook.kit.language import gettext as _
from marketbook.kit.records import types
from marketbook.kit.visitor import Visitor
from marketbook.office.opportunity import SELLERS

ROLES = ("sales", "manager", "director", "executive", "auditor")


def show() -> None:
    """Show the pipeline, and what the reader may do with it."""
    screen.show(_build, roles=ROLES)


def _build(who: Visitor) -> Widget:
    types.load()
    made = _Pipeline(who)
    if who.record is not None:
        made.open(who.record)
    return made.widget


class _Pipeline:
    """The board, below it what is open, and below that the lists."""

    def __init__(self, who: Visitor) -> None:
        self.who, self.panel = who, Panel()
        sells = bool(who.roles & set(SELLERS))
        opening = Opening(row=self.open, new=self._begin if sells else None, new_text=_("New opportunity"))
        with served.store().reading() as session:
            boards = lanes.boards(session, party_id=who.party_id)
            lists = lanes.lists(session, party_id=who.party_id)
        self.board = Board(boards, title=_("Sales pipeline"), opening=opening, roles=ROLES)
        self.listing = Listing(
            SaleRow, lists, title=_("Opportunities"), opening=Opening(row=self.open), roles=ROLES,
            minor=("amount_minor", "order_minor", "owner", "entered_on"),
        )  # fmt: skip
        self.widget = VBox([self.board, self.panel, self.listing])

    def open(self, number: int) -> None:
        """Open a sale below the board."""
        self._sale().show(number)

    def _begin(self) -> None:
        self._sale().begin()

    def _sale(self) -> OpenSale:
        return OpenSale(self.who, self.panel, changed=self._changed)

    def _changed(self) -> None:
        self.board.refresh()
        self.listing.refresh()
