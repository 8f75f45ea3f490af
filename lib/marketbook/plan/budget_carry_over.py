"""Carrying over what is left of months that are over: shown line by line first, then handed in as one batch."""

from collections.abc import Callable, Collection
from datetime import date

from ipywidgets import Widget
from markupsafe import Markup
from pydantic import BaseModel, Field
from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Session

from marketbook.kit.errors import RecordError
from marketbook.kit.forms import served
from marketbook.kit.forms.given import given
from marketbook.kit.forms.listing import Listing
from marketbook.kit.forms.record_form import Form, Sent
from marketbook.kit.forms.screen import Panel
from marketbook.kit.forms.told import Told, sentence
from marketbook.kit.language import format_month, mark, ngettext
from marketbook.kit.language import gettext as _
from marketbook.kit.visitor import Visitor
from marketbook.office import budget_transfer, carry_over
from marketbook.office.budget_line import money
from marketbook.office.carry_over import Move
from marketbook.plan import budget_service
from marketbook.plan.budget_entry import Month

_HEADING = Markup('<header class="mb-story"><h2 class="mb-title" tabindex="-1">{}</h2></header><p>{}</p>')
_COLUMNS = {"from_line": String, "to": String, "decides": String, "amount_minor": BigInteger}


class UpTo(BaseModel):
    """Up to which month it is carried over."""

    month: Month


class LeftRow(BaseModel):
    """What is left of a line, in the list."""

    from_line: str = Field(title=mark("From line"))
    to: str = Field(title=mark("To month"))
    decides: str = Field(title=mark("Who decides"))
    amount_minor: int = Field(title=mark("Left"))


class Nothing(BaseModel):
    """A form that asks nothing but to be sent."""


class CarryOver:
    """What is left of a plan's lines up to a month, and the button that hands it in."""

    def __init__(
        self, plan_id: int, who: Visitor, panel: Panel, *, roles: Collection[str], done: Callable[[], None]
    ) -> None:  # fmt: skip
        """Make it.

        Args:
            plan_id: Of which plan.
            who: The reader.
            panel: Where it is shown.
            roles: Who may hand it in.
            done: Called after it was handed in.
        """
        self.plan_id, self.who, self.panel, self._roles, self._done = plan_id, who, panel, roles, done
        self.month, self.left = "", list[Move]()

    def open(self) -> None:
        """Show what is left up to the last month that is over."""
        try:
            with served.store().reading() as session:
                month = carry_over.last_over(budget_service.named(session, self.plan_id).fiscal_year)
        except RecordError as error:
            self.panel.turn_to(sentence(str(error), refused=True))
        else:
            self._show(month)

    def _show(self, month: str, *told: Widget) -> None:
        with served.store().reading() as session:
            self.month, self.left = month, carry_over.moves(session, plan_id=self.plan_id, month=month)
            rows = given(_COLUMNS, [_row(session, one, self.who.party_id) for one in self.left])
        listing = Listing(LeftRow, rows, title=_("What is left, line by line"), roles=self._roles)
        lists = [listing] if self.left else []
        forms = [self._handing_in()] if any(one.goes for one in self.left) else []
        self.panel.turn_to(*told, Told(_summary(month, self.left)), *lists, *forms, self._month_form())

    def _handing_in(self) -> Form[Nothing]:
        count = sum(one.goes for one in self.left)
        text = ngettext("Hand in {count} transfer", "Hand in {count} transfers", count)
        return Form(
            Nothing, name="plan/carry-over", record_id=self.plan_id, submit=text.format(count=count),
            roles=self._roles, on_submit=self._handed_in,
            refused=lambda error: self._show(self.month, sentence(str(error), refused=True)),
        )  # fmt: skip

    def _handed_in(self, session: Session, _given: Nothing) -> Sent:
        seen = [one.seen for one in self.left if one.goes]
        made = carry_over.hand_in(
            session, plan_id=self.plan_id, month=self.month, seen=seen, actor=self.who.party_id
        )  # fmt: skip
        text = ngettext("{count} transfer was handed in.", "{count} transfers were handed in.", len(made))
        said = text.format(count=len(made))
        return Sent(said, then=lambda: self._after(said))

    def _after(self, said: str) -> None:
        self._done()
        self._show(self.month, sentence(said))

    def _month_form(self) -> Form[UpTo]:
        return Form(
            UpTo, name="plan/carry-over-month", record_id=self.plan_id, initial={"month": self.month[-2:]},
            title=_("Up to another month"), submit=_("Show what is left"), roles=self._roles, on_submit=self._asked,
        )  # fmt: skip

    def _asked(self, session: Session, given: UpTo) -> Sent:
        year = budget_service.named(session, self.plan_id).fiscal_year
        month = f"{year}-{given.month}"
        if month > carry_over.last_over(year):
            told = _("{month} is not over: what is left of it may still be spent.")
            raise RecordError(told.format(month=_called(month)))
        return Sent("", then=lambda: self._show(month))


def _summary(month: str, left: list[Move]) -> Markup:
    heading = _("Left of the months up to {month}").format(month=_called(month))
    if not left:
        return _HEADING.format(heading, _("Nothing is left."))
    goes, all_of_it = sum(one.amount for one in left if one.goes), sum(one.amount for one in left)
    told = _("{goes} of {left} can be carried over to a later month of its item.")
    return _HEADING.format(heading, told.format(goes=money(goes), left=money(all_of_it)))


def _row(session: Session, one: Move, actor: int) -> tuple[str, str, str, int]:
    to = _("no later month") if one.to is None else _called(one.to.month)
    return one.line.called, _("is asked for already") if one.waits else to, _decides(session, one, actor), one.amount


def _decides(session: Session, one: Move, actor: int) -> str:
    if one.to is None or one.waits:
        return "–"
    found = budget_transfer.deciders(
        session, from_line=one.line.id, to_line=one.to.id, amount=one.amount, actor=actor
    )  # fmt: skip
    return found.role


def _called(month: str) -> str:
    return format_month(date.fromisoformat(f"{month}-01"))
