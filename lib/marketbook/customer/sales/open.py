"""One sale on the screen: its entry, the step that is due, its story and stages, how it ends, what is known of it."""

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any

from ipywidgets import Widget
from sqlalchemy.orm import Session

from marketbook.customer import finding
from marketbook.customer.opening import OpenRecord
from marketbook.customer.sales import forms
from marketbook.customer.sales.forms import DoneForm, GivenForm, LostForm, NewForm, SaleForm, StepForm, WonForm
from marketbook.kit.forms.record_form import Form, Sent
from marketbook.kit.forms.search import Search
from marketbook.kit.language import format_date
from marketbook.kit.language import gettext as _
from marketbook.kit.records import reading, roles
from marketbook.office import opportunity, opportunity_access
from marketbook.office.activity import Activity
from marketbook.office.opportunity import OPEN, SELLERS, Opportunity
from marketbook.office.opportunity_params import DoneEntry, LostEntry, OpportunityEntry, SaleEntry, WonEntry

ELSEWHERE = ("won", "lost")
"""The stages that a form of this screen leads to."""

FOLLOWED = timedelta(days=7)
"""After how long an order is looked after, where nothing else is entered."""


class OpenSale(OpenRecord):
    """What stands below the board: a sale that is entered, or one that is there."""

    def begin(self) -> None:
        """Open an empty form."""
        self.number = 0
        gives = "manager" in self.who.roles
        searches = {"party_id": finding.customers()} | ({"owner_id": forms.sellers()} if gives else {})
        self.panel.turn_to(
            self._form(
                GivenForm if gives else NewForm, "opportunity", _("New opportunity"), _("Enter it"), self._entered,
                searches=searches, ahead=_owed,
            )
        )  # fmt: skip

    @property
    def _elsewhere(self) -> Collection[str]:
        return ELSEWHERE

    def _forms(self, session: Session) -> tuple[list[Widget], list[Widget]]:
        one = session.get(Opportunity, self.number)
        if one is None or not opportunity_access.may_work(session, owner_id=one.owner_id, party_id=self.who.party_id):
            return [], []
        if one.status == "lost":
            return [], []
        due = opportunity.steps(session, one)
        first: list[Widget] = [self._done(due[0])] if due else []
        further = [*([self._won(one)] if one.status == "proposal" else []), self._more()]
        if one.status in OPEN:
            further += [self._lost(), *([self._known()] if one.owner_id == self.who.party_id else [])]
        return first, further

    # ---- what is done with it

    def _entered(self, session: Session, given: NewForm) -> Sent:
        me, known = self.who.party_id, given.model_dump(include=set(SaleEntry.model_fields))
        entry = OpportunityEntry(
            **known, said=given.said, next_step=given.next_step, owner_id=getattr(given, "owner_id", None),
            party_id=given.customer_id(session, actor=me),
        )  # fmt: skip
        one = opportunity.enter(session, entry, actor=me)
        due = format_date(given.step_on)
        return self._sent(one, _("{number} was entered; next on {day}.").format(number=one.number, day=due))

    def _done(self, step: Activity) -> Form[Any]:
        title = _("{step}, until {day}").format(step=step.title, day=format_date(step.due_on))
        first = {"step": str(step.id), "version": str(step.version)}
        return self._form(DoneForm, "step-done", title, _("Note it"), self._finished, initial=first)

    def _finished(self, session: Session, given: DoneForm) -> Sent:
        one, step = self._one(session), session.get_one(Activity, int(given.step))
        entry = DoneEntry(outcome=given.outcome, next_step=given.next_step)
        opportunity.finish_step(session, one, step, entry, actor=self.who.party_id, version=int(given.version))
        return self._sent(one, _("It was noted what came of “{step}”.").format(step=step.title))

    def _more(self) -> Form[Any]:
        return self._form(
            StepForm, "further-step", _("Something more to do"), _("Enter the task"), self._added, folded=True
        )

    def _added(self, session: Session, given: StepForm) -> Sent:
        one = self._one(session)
        made = opportunity.add_step(session, one, given.step, actor=self.who.party_id)
        return self._sent(one, _("{task} was entered at {number}.").format(task=made.number, number=one.number))

    def _won(self, one: Opportunity) -> Form[Any]:
        first = {
            "version": str(one.version), "order_minor": one.amount_minor, "follow_up": _("Has everything arrived?"),
            "follow_on": roles.today() + FOLLOWED,
        }  # fmt: skip
        return self._form(WonForm, "won", _("It is won"), _("It is won"), self._was_won, initial=first, folded=True)

    def _was_won(self, session: Session, given: WonForm) -> Sent:
        one = self._one(session)
        entry = WonEntry(order_no=given.order_no, order_minor=given.order_minor, follow_up=given.step)
        opportunity.win(session, one, entry, actor=self.who.party_id, version=int(given.version))
        return self._sent(one, _("{number} is won with order {order}.").format(number=one.number, order=one.order_no))

    def _lost(self) -> Form[Any]:
        return self._form(
            LostForm, "lost", _("It is lost"), _("It is lost"), self._was_lost, initial=self._version, folded=True
        )

    def _was_lost(self, session: Session, given: LostForm) -> Sent:
        one, entry = self._one(session), LostEntry(reason=given.reason, text=given.text)
        opportunity.lose(session, one, entry, actor=self.who.party_id, version=int(given.version))
        return self._sent(one, _("{number} is lost.").format(number=one.number))

    def _known(self) -> Form[Any]:
        return self._form(
            SaleForm, "sale", _("What is known of it"), _("Save"), self._corrected, initial=self._content, folded=True
        )

    def _corrected(self, session: Session, given: SaleForm) -> Sent:
        one, known = self._one(session), given.model_dump(exclude={"version"})
        entry = SaleEntry.model_validate(known)
        opportunity.correct(session, one, entry, actor=self.who.party_id, version=int(given.version))
        return self._sent(one, _("{number} was changed.").format(number=one.number))

    # ---- what they have in common

    def _form(
        self, model: type[Any], name: str, title: str, submit: str, then: Callable[[Session, Any], Sent],
        searches: dict[str, Search] | None = None, **more: Any,  # noqa: ANN401  # a form's
    ) -> Form[Any]:  # fmt: skip
        return Form(
            model, name=f"customer/{name}", record_id=self.number or None, title=title, submit=submit,
            searches=searches or {}, roles=SELLERS, on_submit=then, **more,
        )  # fmt: skip

    def _version(self, session: Session) -> dict[str, Any]:
        return {"version": str(self._one(session).version)}

    def _content(self, session: Session) -> dict[str, Any]:
        one = self._one(session)
        names = ("amount_minor", "expected_on", "source", "needs")
        return {**{name: getattr(one, name) for name in names}, "product": one.title, **self._version(session)}

    def _one(self, session: Session) -> Opportunity:
        found = reading.readable(session, self.number, party_id=self.who.party_id)
        assert isinstance(found, Opportunity)
        return found


def _owed(session: Session, given: NewForm) -> str:
    """Say until when a prospect would be owed a first contact, if it were entered now."""
    if given.said:
        return _("The first contact was today.")
    day = opportunity.contact_by(session, roles.today())
    return _("A first call or visit is owed until {day}.").format(day=format_date(day))
