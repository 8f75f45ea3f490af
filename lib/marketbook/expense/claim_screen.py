"""One claim on the screen: its form while it may be edited, its invoices, its story and its steps."""

import time
from collections.abc import Callable
from typing import Any

from ipywidgets import Widget
from pydantic import BaseModel
from sqlalchemy.orm import Session

from marketbook.expense import claim_form, finding, invoice_form, service
from marketbook.expense.claim_form import CLAIMANTS, FORMS, HAND_IN, ClaimForm
from marketbook.expense.guards import LIVE
from marketbook.expense.invoice_form import InvoiceForm, ListedInvoiceForm, VendorInvoiceForm
from marketbook.expense.tables import KINDS, ExpenseClaim, Invoice
from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.forms import served
from marketbook.kit.forms.record_form import Form, Sent
from marketbook.kit.forms.screen import Panel
from marketbook.kit.forms.search import Search
from marketbook.kit.forms.told import sentence
from marketbook.kit.forms.typed import write
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import StaleError, advance, draft, roles, types
from marketbook.kit.visitor import Visitor
from marketbook.office import deciding

NEW = {
    "request": mark("New request"),
    "vendor_payment": mark("New vendor payment"),
    "reimbursement": mark("New reimbursement"),
}
"""The headings of empty forms."""

GO_ON = "expense/go-on"


class Nothing(BaseModel):
    """A form that asks nothing but to be sent."""


class OpenClaim:
    """What stands below the list: a claim that is begun, or one that is there."""

    def __init__(self, who: Visitor, panel: Panel, *, changed: Callable[[], None]) -> None:
        """Make it.

        Args:
            who: The reader.
            panel: Where it is shown.
            changed: Called when a claim has changed.
        """
        self.who, self.panel, self._changed = who, panel, changed
        self.form: Form[Any] | None = None
        self.kind, self.claim_id, self.request_id = "", 0, 0
        self.story: list[Widget] = []

    def begin(self, kind: str, request_id: int = 0) -> None:
        """Open an empty form, or one that begins with what is left of a request."""
        self.kind, self.claim_id, self.request_id = kind, 0, request_id
        self.form = self._claim_form(_(NEW[kind]))
        self.panel.turn_to(self.form, *self._invoice_forms())

    def show(self, claim_id: int, *told: Widget) -> None:
        """Open a claim.

        Args:
            claim_id: Which one.
            told: What has just been done with it.
        """
        with served.store().reading() as session:
            claim = session.get(ExpenseClaim, claim_id)
            editable = claim is not None and self._may_edit(session, claim)
            self.kind, self.claim_id = (claim.kind, claim_id) if claim is not None else ("", claim_id)
            title = f"{_(KINDS[self.kind])} {claim.number}" if claim is not None else ""
            further = self._further(session, claim) if claim is not None else []
        if not editable:
            self.form = None
            self.story = deciding.widgets(claim_id, done=self._stepped)
            self.panel.turn_to(*told, *self.story, *further)
            return
        self.form = self._claim_form(title)
        self.story = deciding.widgets(claim_id, done=self._stepped, without=(HAND_IN,))
        self.panel.turn_to(*told, self.form, *self._invoice_forms(), *self.story)

    def _may_edit(self, session: Session, claim: ExpenseClaim) -> bool:
        return claim.owner_id == self.who.party_id and types.state(session, claim).editable

    def _further(self, session: Session, claim: ExpenseClaim) -> list[Widget]:
        """What can be done with a claim beside its steps: an invoice that came later, a payment on a request."""
        mine = claim.owner_id == self.who.party_id
        finance = "finance" in roles.held(session, party_id=self.who.party_id)
        if claim.prepaid and claim.status in LIVE and (mine or finance) and invoice_form.waiting_lines(session, claim):
            return [self._later_form(), self._listed_form()]
        if claim.status == "open" and mine:
            return [self._on_request(kind) for kind in ("vendor_payment", "reimbursement")]
        return []

    @property
    def _name(self) -> str:
        """The name under which what is typed is kept: begun from a request, it is that request's."""
        of = f"-on-{self.request_id}" if self.request_id and not self.claim_id else ""
        return f"expense/{self.kind.replace('_', '-')}{of}"

    def _claim_form(self, title: str) -> Form[Any]:
        return Form(
            FORMS[self.kind],
            name=self._name,
            record_id=self.claim_id or None,
            initial=self._initial if self.claim_id or self.request_id else None,
            title=title,
            submit=_("Save as a draft"),
            also={HAND_IN: _("Save and hand in")},
            main=HAND_IN,
            searches=self._searches(),
            roles=CLAIMANTS,
            on_submit=self._kept,
        )

    def _searches(self) -> dict[str, Search]:
        me = self.who.party_id
        found = {"lines.budget_line_id": finding.budget_lines(me)}
        if self.kind != "request":
            found |= {"lines.invoice_id": finding.own_invoices(me), "request_id": finding.requests(me)}
        return found | ({"vendor_id": finding.vendors()} if self.kind == "vendor_payment" else {})

    def _initial(self, session: Session) -> dict[str, Any]:
        if self.claim_id:
            return claim_form.typed(session, session.get_one(ExpenseClaim, self.claim_id))
        return claim_form.on_request(session, session.get_one(ExpenseClaim, self.request_id))

    def _kept(self, session: Session, given: ClaimForm) -> Sent:
        try:
            claim = self._write(session, given)
        except StaleError:
            self._offer_to_go_on()
            raise
        handed_in = given.pressed == HAND_IN
        if handed_in:
            advance(session, claim, HAND_IN, actor=self.who.party_id, version=claim.version)
        said = _("{number} was handed in.") if handed_in else _("{number} was saved as a draft.")
        return self._sent(claim.id, said.format(number=claim.number))

    def _write(self, session: Session, given: ClaimForm) -> ExpenseClaim:
        """Enter the claim, or correct the one that was shown."""
        entry = claim_form.entry(self.kind, given)
        if not self.claim_id:
            return service.enter(session, entry, actor=self.who.party_id)
        claim = session.get_one(ExpenseClaim, self.claim_id)
        return service.correct(session, claim, entry, actor=self.who.party_id, version=int(given.version))

    def _sent(self, claim_id: int, said: str) -> Sent:
        """Say what was done, in the claim that is opened anew."""

        def turn() -> None:
            self._changed()
            self.show(claim_id, sentence(said))

        return Sent(said, then=turn)

    def _stepped(self) -> None:
        """Show the list anew, and a claim that is now edited, or not any more, in its other shape."""
        self._changed()
        with served.store().reading() as session:
            claim = session.get(ExpenseClaim, self.claim_id)
            turned = claim is not None and self._may_edit(session, claim) != (self.form is not None)
            turned = turned or (claim is not None and claim.status == "open")
        if turned:
            self.show(self.claim_id, *deciding.last(self.story))

    # ---- invoices

    def _invoice_forms(self) -> list[Form[Any]]:
        return [] if self.kind == "request" else [self._invoice_form(_("Add an invoice"), self._invoice_added)]

    def _invoice_form(self, title: str, then: Callable[[Session, Any], Sent]) -> Form[Any]:
        of_vendor = self.kind == "vendor_payment"
        return Form(
            VendorInvoiceForm if of_vendor else InvoiceForm,
            name=f"expense/invoice-of-{self.kind.replace('_', '-')}",
            record_id=self.claim_id or None,
            title=title,
            submit=_("Add the invoice"),
            searches={} if of_vendor else {"vendor_id": finding.vendors()},
            roles=(*CLAIMANTS, "finance"),
            on_submit=then,
        )

    def _later_form(self) -> Form[Any]:
        return self._invoice_form(_("Enter the invoice that came"), self._came)

    def _listed_form(self) -> Form[Any]:
        return Form(
            ListedInvoiceForm,
            name="expense/listed-invoice",
            record_id=self.claim_id,
            title=_("Or use one that is entered already"),
            submit=_("Use this invoice"),
            searches={"invoice_id": finding.own_invoices(self.who.party_id)},
            roles=(*CLAIMANTS, "finance"),
            on_submit=lambda session, given: self._given(session, session.get_one(Invoice, given.invoice_id)),
        )

    def _invoice_added(self, session: Session, given: VendorInvoiceForm) -> Sent:
        """Enter an invoice, put it on the lines that have none, and leave what is typed there as it is."""
        claim = session.get(ExpenseClaim, self.claim_id) if self.claim_id else self._begun(session)
        if claim is None:
            raise RecordError(_("There is no such claim."))
        made = invoice_form.add(session, claim, given, actor=self.who.party_id)
        self._carry(session, claim, finding.invoice_label(session, made))
        return self._sent(claim.id, _("Invoice {invoice} was added.").format(invoice=made.called))

    def _begun(self, session: Session) -> ExpenseClaim:
        """Save the claim that is being typed as a draft, as a file needs a place."""
        assert self.form is not None
        given = self.form.type(self.form.values).record
        if given is None:
            raise RecordError(_("Please fill in the claim above first; its title and its lines are enough."))
        claim = self._write(session, given)
        draft.discard(session, account_id=self.who.account_id, form=self._name)
        return claim

    def _carry(self, session: Session, claim: ExpenseClaim, invoice: str) -> None:
        """Keep what is typed in the claim's form as its draft, with the invoice where there was none."""
        assert self.form is not None
        values = dict(self.form.values)
        values["version"] = values["version"] or str(claim.version)
        values["lines"] = _with_invoice(values["lines"], invoice)
        self._keep_typed(session, claim, values)

    def _keep_typed(self, session: Session, claim: ExpenseClaim, values: dict[str, Any]) -> None:
        draft.save(
            session,
            account_id=self.who.account_id,
            form=f"expense/{claim.kind.replace('_', '-')}",
            record_id=claim.id,
            content={"values": values, "at": time.time_ns() // 1_000_000},
        )

    def _came(self, session: Session, given: VendorInvoiceForm) -> Sent:
        claim = session.get_one(ExpenseClaim, self.claim_id)
        return self._given(session, invoice_form.add(session, claim, given, actor=self.who.party_id))

    def _given(self, session: Session, invoice: Invoice) -> Sent:
        claim = session.get_one(ExpenseClaim, self.claim_id)
        invoice_form.give(session, claim, invoice, actor=self.who.party_id)
        said = _("{number} has its invoice {invoice}.").format(number=claim.number, invoice=invoice.called)
        return self._sent(claim.id, said)

    # ---- what else leads on from here

    def _on_request(self, kind: str) -> Form[Any]:
        return Form(
            Nothing,
            name=f"expense/begin-{kind.replace('_', '-')}",
            record_id=self.claim_id,
            submit=_("{kind} on this request").format(kind=_(KINDS[kind])),
            on_submit=lambda _session, _given: Sent("", then=lambda: self.begin(kind, self.claim_id)),
        )

    def _offer_to_go_on(self) -> None:
        """Put a button below the form of whoever comes second."""
        shown = [one for one in self.panel.children if getattr(one, "name", "") != GO_ON]
        place = shown.index(self.form) + 1
        self.panel.children = (*shown[:place], self._go_on_form(), *shown[place:])

    def _go_on_form(self) -> Form[Any]:
        return Form(
            Nothing,
            name=GO_ON,
            record_id=self.claim_id,
            submit=_("Go on with the newest version, and keep my text"),
            on_submit=self._gone_on,
        )

    def _gone_on(self, session: Session, _given: Nothing) -> Sent:
        claim = session.get_one(ExpenseClaim, self.claim_id)
        if self.form is None or not self._may_edit(session, claim):
            raise AccessError(_("{number} cannot be edited any more.").format(number=claim.number))
        self._keep_typed(session, claim, self._merged(session, claim, self.form))
        return Sent("", then=lambda: self.show(self.claim_id))

    def _merged(self, session: Session, claim: ExpenseClaim, form: Form[Any]) -> dict[str, Any]:
        """Return the claim as it is now, with what was typed here where it differs from what was shown here."""
        now, shown = write(form.asked, claim_form.typed(session, claim)), form.described["initial"]
        own = {name: text for name, text in form.values.items() if text != shown.get(name)}
        return {**now, **own, "version": str(claim.version)}


def _with_invoice(lines: dict[str, Any], invoice: str) -> dict[str, Any]:
    """Put an invoice on the typed lines that have none."""
    place = lines["columns"].index("invoice_id")
    rows = [list(row) for row in lines["rows"]]
    for row in rows:
        if any(cell.strip() for cell in row) and not row[place].strip():
            row[place] = invoice
    return {**lines, "rows": rows}
