"""One complaint on the screen: its intake, what is to be done next, its story and its steps."""

from collections.abc import Callable, Collection
from typing import Any

from ipywidgets import Widget
from sqlalchemy.orm import Session

from marketbook.customer import finding
from marketbook.customer.complaint import forms, service, ticker
from marketbook.customer.complaint.forms import (
    AnswerForm,
    AssignForm,
    ClosingForm,
    FollowUpForm,
    IntakeForm,
    SolutionForm,
)
from marketbook.customer.complaint.params import ClosingEntry, ComplaintEntry, ResolutionEntry
from marketbook.customer.complaint.rules import DESK
from marketbook.customer.complaint.tables import Complaint
from marketbook.customer.opening import OpenRecord
from marketbook.kit.forms.record_form import Form, Sent
from marketbook.kit.forms.search import Search
from marketbook.kit.language import gettext as _
from marketbook.kit.store import now
from marketbook.office.params import ActivityEntry
from marketbook.office.story import moment

TAKE = "in_progress"
"""What the second button of the intake puts into `pressed`."""

ELSEWHERE = ("resolved", "closed")
"""The steps that a form of this screen takes."""


class OpenComplaint(OpenRecord):
    """What stands below the queue: a complaint that comes in, or one that is there."""

    def begin(self) -> None:
        """Open an empty form."""
        self.number = 0
        self.panel.turn_to(self._intake(_("Take a complaint in")))

    @property
    def _elsewhere(self) -> Collection[str]:
        return ELSEWHERE if self._works else ()

    @property
    def _works(self) -> bool:
        """Whether the reader works on service."""
        return bool(self.who.roles & set(DESK))

    def _forms(self, session: Session) -> tuple[list[Widget], list[Widget]]:
        one = session.get(Complaint, self.number)
        if one is None or not self._works:
            return [], []
        if one.status == "open":
            mine = one.owner_id == self.who.party_id
            return ([self._intake(one.number)] if mine else []), [self._assign()]
        if one.status == "in_progress" and one.responded_at is None:
            return [self._answer()], [self._solution(), self._assign(), self._follow_up()]
        if one.status == "in_progress":
            return [self._solution()], [self._answer(), self._assign(), self._follow_up()]
        if one.status == "resolved":
            return [self._closing()], [self._follow_up()]
        return [], [self._follow_up()] if one.status == "waiting_customer" else []

    # ---- intake

    def _intake(self, title: str) -> Form[Any]:
        return self._form(
            IntakeForm, "complaint", title, _("Take it in"), self._taken_in,
            searches={"party_id": finding.customers()}, also={TAKE: _("Take it in and work on it")}, main=TAKE,
            initial=self._content if self.number else None, ahead=_due,
        )  # fmt: skip

    def _content(self, session: Session) -> dict[str, Any]:
        one = session.get_one(Complaint, self.number)
        names = ("party_id", "content", "severity", "source", "department")
        return {**{name: getattr(one, name) for name in names}, "version": str(one.version)}

    def _taken_in(self, session: Session, given: IntakeForm) -> Sent:
        about, me = given.model_dump(include={"content", "severity", "source", "department"}), self.who.party_id
        entry = ComplaintEntry(party_id=given.customer_id(session, actor=me), **about)
        if self.number:
            one = session.get_one(Complaint, self.number)
            service.correct(session, one, entry, actor=me, version=int(given.version))
        else:
            one = service.enter(session, entry, actor=me)
        if given.pressed == TAKE:
            service.take(session, one, actor=me, version=one.version)
        until = moment(one.respond_by)
        return self._sent(
            one, _("{number} was taken in; an answer is owed until {at}.").format(number=one.number, at=until)
        )

    # ---- what is done with it

    def _answer(self) -> Form[Any]:
        return self._form(AnswerForm, "answer", _("Answer the customer"), _("Note the answer"), self._answered)

    def _answered(self, session: Session, given: AnswerForm) -> Sent:
        one = self._one(session)
        service.respond(session, one, given.text, actor=self.who.party_id, version=int(given.version))
        return self._sent(one, _("The answer was noted at {number}.").format(number=one.number))

    def _solution(self) -> Form[Any]:
        return self._form(SolutionForm, "solution", _("Solution"), _("It is solved"), self._solved)

    def _solved(self, session: Session, given: SolutionForm) -> Sent:
        one = self._one(session)
        entry = ResolutionEntry.model_validate(given.model_dump(exclude={"version"}))
        service.resolve(session, one, entry, actor=self.who.party_id, version=int(given.version))
        return self._sent(one, _("{number} is solved.").format(number=one.number))

    def _closing(self) -> Form[Any]:
        return self._form(ClosingForm, "closing", _("Close the complaint"), _("Close"), self._closed)

    def _closed(self, session: Session, given: ClosingForm) -> Sent:
        one = self._one(session)
        entry = ClosingEntry.model_validate(given.model_dump(exclude={"version"}))
        service.close(session, one, entry, actor=self.who.party_id, version=int(given.version))
        return self._sent(one, _("{number} is closed.").format(number=one.number))

    def _assign(self) -> Form[Any]:
        return self._form(
            AssignForm, "assign", _("Whose it is"), _("Pass it on"), self._assigned,
            searches={"handler_id": forms.agents()},
        )  # fmt: skip

    def _assigned(self, session: Session, given: AssignForm) -> Sent:
        one = self._one(session)
        service.assign(
            session, one, department=given.department, handler_id=given.handler_id, actor=self.who.party_id,
            version=int(given.version),
        )  # fmt: skip
        return self._sent(one, _("{number} was passed on.").format(number=one.number))

    def _follow_up(self) -> Form[Any]:
        return self._form(
            FollowUpForm, "follow-up", _("What else is to be done"), _("Enter the task"), self._followed_up,
            searches={"owner_id": finding.employees()}, initial={},
        )  # fmt: skip

    def _followed_up(self, session: Session, given: FollowUpForm) -> Sent:
        one, entry = self._one(session), ActivityEntry.model_validate(given.model_dump())
        made = service.follow_up(session, one, entry, actor=self.who.party_id)
        return self._sent(one, _("{task} was entered at {number}.").format(task=made.number, number=one.number))

    # ---- what they have in common

    def _form(
        self, model: type[Any], name: str, title: str, submit: str, then: Callable[[Session, Any], Sent],
        searches: dict[str, Search] | None = None, **more: Any,  # noqa: ANN401  # a form's
    ) -> Form[Any]:  # fmt: skip
        return Form(
            model, name=f"customer/{name}", record_id=self.number or None, title=title, submit=submit,
            searches=searches or {}, roles=DESK, on_submit=then, **{"initial": self._filled(model), **more},
        )  # fmt: skip

    def _filled(self, model: type[Any]) -> Callable[[Session], dict[str, Any]]:
        """Return what a form begins with: what is known already."""

        def read(session: Session) -> dict[str, Any]:
            one = self._one(session)
            known = {name: getattr(one, name) for name in model.model_fields if hasattr(one, name)}
            return {**known, "version": str(one.version)}

        return read

    def _one(self, session: Session) -> Complaint:
        return session.get_one(Complaint, self.number)


def _due(session: Session, given: IntakeForm) -> str:
    """Say until when a complaint would be owed what, if it were taken in now."""
    one = Complaint(severity=given.severity, received_at=now())
    ticker.write_due(session, one)
    return _("An answer is owed until {respond}, a solution until {resolve}.").format(
        respond=moment(one.respond_by), resolve=moment(one.resolve_by)
    )
