"""The screen of claims and payments: the lists, and below them the claim that is open."""

from collections.abc import Callable
from functools import partial

from ipywidgets import VBox, Widget
from sqlalchemy.orm import Session

from marketbook.expense import finding, invoice_form, lists
from marketbook.expense.claim_form import CLAIMANTS
from marketbook.expense.claim_screen import OpenClaim
from marketbook.expense.invoice_form import RedForm, VendorForm
from marketbook.expense.lists import ClaimRow
from marketbook.kit.forms import screen
from marketbook.kit.forms.listing import Listing, Opening, View
from marketbook.kit.forms.record_form import Form, Sent
from marketbook.kit.forms.screen import Panel
from marketbook.kit.language import gettext as _
from marketbook.kit.visitor import Visitor

ROLES = (*CLAIMANTS, "finance", "auditor")
EVERYTHING = frozenset({"executive", "director", "finance", "auditor"})
"""The roles that read all claims, as `kit.records.reading` has it."""


def show() -> None:
    """Show the claims that the reader may see, and what the reader may do with them."""
    screen.show(_build, roles=ROLES)


def _build(who: Visitor) -> Widget:
    return _Claims(who).widget


class _Claims:
    """The list, and below it what is open."""

    def __init__(self, who: Visitor) -> None:
        self.who, self.panel = who, Panel()
        opening = Opening(row=self.open, more=self._buttons())
        self.listing = Listing(ClaimRow, _views(who), title=_("Claims"), opening=opening, roles=ROLES)
        self.widget = VBox([self.listing, self.panel])
        if (asked := getattr(who, "record", None)) is not None:
            self.open(asked)

    def open(self, claim_id: int) -> None:
        """Open a claim below the list."""
        self._claim().show(claim_id)

    def _claim(self) -> OpenClaim:
        return OpenClaim(self.who, self.panel, changed=self.listing.refresh)

    def _buttons(self) -> list[tuple[str, Callable[[], None]]]:
        found: list[tuple[str, Callable[[], None]]] = []
        if self.who.roles & set(CLAIMANTS):
            found += [
                (_("Reimbursement"), lambda: self._claim().begin("reimbursement")),
                (_("Vendor payment"), lambda: self._claim().begin("vendor_payment")),
                (_("Request"), lambda: self._claim().begin("request")),
            ]
        if "finance" in self.who.roles:
            found += [(_("Add a vendor"), self._new_vendor)]
        if self.who.roles & {*CLAIMANTS, "finance"}:
            found += [(_("Red-letter invoice"), self._red_invoice)]
        return found

    def _new_vendor(self) -> None:
        form = Form(
            VendorForm,
            name="expense/vendor",
            title=_("Add a vendor"),
            submit=_("Add"),
            roles=("finance",),
            on_submit=_vendor_added,
        )
        self.panel.turn_to(form)

    def _red_invoice(self) -> None:
        form = Form(
            RedForm,
            name="expense/red-invoice",
            title=_("Red-letter invoice"),
            submit=_("Enter it"),
            searches={"red_of_id": finding.own_invoices(self.who.party_id)},
            roles=(*CLAIMANTS, "finance"),
            on_submit=partial(_taken_back, self.who.party_id),
        )
        self.panel.turn_to(form)


def _views(who: Visitor) -> list[View]:
    mine = View(_("Mine"), lists.own(who.party_id), frozenset(CLAIMANTS))
    line = View(_("My people's"), lists.of_line(who.party_id), frozenset({"manager", "director", "executive"}))
    finance = View(_("Waiting at finance"), lists.at_finance(), EVERYTHING)
    everything = View(_("All claims"), lists.everything(), EVERYTHING)
    return [one for one in (mine, line, finance, everything) if one.roles & who.roles]


def _vendor_added(session: Session, form: VendorForm) -> Sent:
    made = invoice_form.add_vendor(session, form)
    return Sent(_("{name} was added.").format(name=made.name))


def _taken_back(party_id: int, session: Session, form: RedForm) -> Sent:
    made = invoice_form.take_back(session, form, actor=party_id)
    return Sent(_("Invoice {invoice} was entered.").format(invoice=made.called))
