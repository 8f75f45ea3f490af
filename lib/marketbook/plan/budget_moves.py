"""A budget in force: its figures, and the transfers by which alone it changes."""

from collections.abc import Callable, Collection
from functools import partial

from ipywidgets import Widget
from sqlalchemy.orm import Session

from marketbook.kit.forms.listing import Listing, Opening
from marketbook.kit.forms.matrix import Matrix
from marketbook.kit.forms.record_form import Form, Sent
from marketbook.kit.forms.screen import Panel
from marketbook.kit.language import gettext as _
from marketbook.kit.visitor import Visitor
from marketbook.office import budget_line, deciding
from marketbook.plan import budget_grid, budget_service, budget_transfers
from marketbook.plan.budget_carry_over import CarryOver
from marketbook.plan.budget_entry import BudgetLineRow, TransferEntry, TransferRow, UnplannedLine

PROPOSING = ("manager", "director", "executive", "specialist")


class Moves:
    """The grid of a plan in force, its lines as a workbook, its transfers, and what is open of them."""

    def __init__(self, plan_id: int, who: Visitor, *, roles: Collection[str], done: Callable[[], None]) -> None:
        """Make them.

        Args:
            plan_id: Of which plan.
            who: The reader.
            roles: Who may read.
            done: Called after something was decided.
        """
        self.plan_id, self.who, self._done, self._roles = plan_id, who, done, roles
        self.proposes = bool(who.roles & set(PROPOSING))
        opens = self.propose_for if self.proposes else None
        self.grid = Matrix(partial(budget_grid.sheet, plan_id=plan_id), opens=opens, roles=roles)
        self.panel = Panel()
        self.carry_over = CarryOver(plan_id, who, self.panel, roles=PROPOSING, done=self._changed)
        self.transfers = self._listing()

    def widgets(self, transfer: int | None = None) -> list[Widget]:
        """Return what is shown; with one of the transfers, if one is given."""
        if transfer is not None:
            self.open(transfer)
        return [self.grid, self._workbook(), self.transfers, self.panel]

    def open(self, transfer_id: int) -> None:
        """Open a transfer: its story and its steps."""
        self.panel.turn_to(*deciding.widgets(transfer_id, done=self._changed))

    def propose(self) -> None:
        """Open the form of a transfer."""
        self.panel.turn_to(self._form())

    def propose_for(self, line_id: int) -> None:
        """Open the form of a transfer to a line."""
        self.panel.turn_to(self._form(to_line=line_id))

    def open_line(self) -> None:
        """Open the form of a line for what the plan did not foresee."""
        form = Form(
            UnplannedLine,
            name="plan/open-line",
            record_id=self.plan_id,
            title=_("Open a line for what was not planned"),
            submit=_("Open it, then ask for its money"),
            roles=PROPOSING,
            on_submit=self._opened,
        )
        self.panel.turn_to(form)

    def _listing(self) -> Listing[TransferRow]:
        more = [
            (_("Open an unplanned line"), self.open_line), (_("Carry over what is left"), self.carry_over.open),
        ]  # fmt: skip
        new = self.propose if self.proposes else None
        return Listing(
            TransferRow,
            budget_service.transfers(self.plan_id),
            title=_("Transfers"),
            opening=Opening(row=self.open, new=new, new_text=_("Ask for a transfer"), more=more if new else []),
            roles=self._roles,
        )

    def _workbook(self) -> Listing[BudgetLineRow]:
        rows = budget_service.lines(self.plan_id)
        return Listing(BudgetLineRow, rows, title=_("The lines as a workbook"), roles=self._roles, bare=True)

    def _form(self, *, to_line: int | None = None) -> Form[TransferEntry]:
        lines = budget_grid.lines_of(self.plan_id)
        return Form(
            TransferEntry,
            name="plan/transfer" if to_line is None else "plan/transfer-to",
            record_id=self.plan_id if to_line is None else to_line,
            initial={"to_line_id": to_line},
            title=_("Ask for a transfer"),
            submit=_("Hand it in"),
            searches={"from_line_id": lines, "to_line_id": lines},
            ahead=lambda session, entry: budget_transfers.foretold(session, entry, actor=self.who.party_id),
            roles=PROPOSING,
            on_submit=self._handed_in,
        )

    def _handed_in(self, session: Session, entry: TransferEntry) -> Sent:
        made = budget_transfers.hand_in(session, entry, actor=self.who.party_id)
        return Sent("", then=partial(self._show, made.id))

    def _show(self, transfer_id: int) -> None:
        self._changed()
        self.open(transfer_id)

    def _opened(self, session: Session, entry: UnplannedLine) -> Sent:
        plan = budget_service.named(session, self.plan_id)
        about = {"category": entry.category, "month": f"{plan.fiscal_year}-{entry.month}", "item": entry.item}
        line = budget_line.open_unplanned(session, plan_id=self.plan_id, **about, actor=self.who.party_id)
        session.flush()
        return Sent("", then=partial(self._fill, line.id))

    def _fill(self, line_id: int) -> None:
        self._changed()
        self.propose_for(line_id)

    def _changed(self) -> None:
        self.grid.refresh()
        self.transfers.refresh()
        self._done()
