"""One entry of the competitor log on the screen: noting it, its story, its correction, and what is done about it."""

from collections.abc import Callable, Mapping
from typing import Any

from ipywidgets import Widget
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.competitor import forms, service
from marketbook.competitor.brief import change, price
from marketbook.competitor.forms import CorrectionForm, EntryForm, LookForm, ProposalForm, TaskForm
from marketbook.competitor.params import LogEntry
from marketbook.competitor.rules import WRITERS
from marketbook.competitor.tables import CompetitorEntry
from marketbook.kit.forms import served
from marketbook.kit.forms.record_form import Ahead, Form, Initial, Sent
from marketbook.kit.forms.screen import Panel
from marketbook.kit.forms.search import Offer, Search
from marketbook.kit.forms.told import Told, sentence
from marketbook.kit.language import gettext as _
from marketbook.kit.records import roles
from marketbook.kit.visitor import Visitor
from marketbook.office import activity, briefs, deciding, report
from marketbook.office.params import ActivityEntry, ReportEntry

KEPT = ("competitor_id", "product", "own_product", "channel", "currency", "size", "unit", "source", "link")
"""What another look at the same price has in common with the one before."""

AGAIN = ("competitor_id", "channel", "source", "currency")
"""What the next entry begins with, as the last one of the same person had it."""


class OpenEntry:
    """What stands below the log: an entry that is made, or one that is there."""

    def __init__(self, who: Visitor, panel: Panel, *, changed: Callable[[], None]) -> None:
        """Make it.

        Args:
            who: The reader.
            panel: Where it is shown.
            changed: Called when the log has changed.
        """
        self.who, self.panel, self._changed = who, panel, changed
        self.entry_id = 0

    def look(self) -> None:
        """Open the form for another look at a price that is watched; for anything, where none is watched yet."""
        with served.store().reading() as session:
            watched = self._last(session, priced=True) is not None
        self.panel.turn_to(self._look(self._like_last) if watched else self._entry())

    def begin(self) -> None:
        """Open the form for anything."""
        self.panel.turn_to(self._entry())

    def show(self, entry_id: int, *told: Told) -> None:
        """Open an entry.

        Args:
            entry_id: Which one.
            told: What has just been done with it.
        """
        self.entry_id = entry_id
        with served.store().reading() as session:
            later = self._forms(session.get(CompetitorEntry, entry_id))
        story = deciding.widgets(entry_id, done=self._changed, without=("corrected",))
        self.panel.turn_to(*told, *story, *later)

    def _forms(self, one: CompetitorEntry | None) -> list[Widget]:
        if one is None or one.status != "noted" or not self._writes:
            return []
        mine = one.owner_id == self.who.party_id or "manager" in self.who.roles
        found = [self._look({"like_id": one.id, "seen_on": roles.today(), "price_kind": one.price_kind})]
        found = found if one.price_minor is not None else []
        return [*found, self._task(), self._proposal(), *([self._correction(one)] if mine else [])]

    @property
    def _writes(self) -> bool:
        """Whether the reader writes into the log."""
        return bool(self.who.roles & set(WRITERS))

    # ---- noting

    def _look(self, initial: Initial) -> Form[Any]:
        return self._form(
            LookForm, "look", _("Note a price"), _("Note it"), self._looked, initial,
            searches={"like_id": forms.watched()}, ahead=self._since,
        )  # fmt: skip

    def _looked(self, session: Session, given: LookForm) -> Sent:
        return self._noted(session, service.enter(session, self._again(session, given), actor=self.who.party_id))

    def _again(self, session: Session, given: LookForm) -> LogEntry:
        former = session.get_one(CompetitorEntry, given.like_id)
        kept = {name: getattr(former, name) for name in KEPT}
        return LogEntry.model_validate({**kept, **given.model_dump(exclude={"like_id"}), "action": "price"})

    def _since(self, session: Session, given: LookForm) -> str:
        """Say what the price was before."""
        former = session.get_one(CompetitorEntry, given.like_id)
        now = CompetitorEntry(price_minor=given.price_minor, size=former.size)
        then = price(former.price_minor or 0, former.currency, former.size, former.unit)
        return _("Before it was {price}: {change}.").format(price=then, change=change(now, former))

    def _entry(self) -> Form[Any]:
        return self._form(
            EntryForm, "entry", _("Note something else"), _("Note it"), self._entered, self._as_last,
            searches={"competitor_id": forms.competitors()}, offers=forms.OFFERS,
        )  # fmt: skip

    def _entered(self, session: Session, given: EntryForm) -> Sent:
        return self._noted(session, service.enter(session, self._read(session, given), actor=self.who.party_id))

    def _read(self, session: Session, given: EntryForm) -> LogEntry:
        about = given.model_dump(exclude={"version", "new_competitor", "reason"})
        if given.competitor_id is None:
            about["competitor_id"] = service.competitor(session, given.new_competitor, actor=self.who.party_id).id
        return LogEntry.model_validate(about)

    def _noted(self, session: Session, made: CompetitorEntry) -> Sent:
        former = service.before(session, made) if made.price_minor is not None else None
        told = _("{number} was noted: {title}.").format(number=made.number, title=made.title)
        if former is not None:
            told += " " + _("Since the look before: {change}.").format(change=change(made, former))
        return Sent(told, then=self._changed)

    def _like_last(self, session: Session) -> Mapping[str, Any]:
        last = self._last(session, priced=True)
        return {"seen_on": roles.today(), "like_id": last.id if last else None}

    def _as_last(self, session: Session) -> Mapping[str, Any]:
        last = self._last(session)
        kept = {name: getattr(last, name) for name in AGAIN} if last else {}
        return {"seen_on": roles.today(), **kept}

    def _last(self, session: Session, *, priced: bool = False) -> CompetitorEntry | None:
        """Return what the reader has noted last; what anybody has, where the reader has noted nothing."""
        query = select(CompetitorEntry).where(CompetitorEntry.status == "noted").order_by(CompetitorEntry.id.desc())
        if priced:
            query = query.where(CompetitorEntry.price_minor.is_not(None))
        mine = session.scalar(query.where(CompetitorEntry.owner_id == self.who.party_id).limit(1))
        return mine or session.scalar(query.limit(1))

    # ---- correcting it, and what follows

    def _correction(self, one: CompetitorEntry) -> Form[Any]:
        kept = {name: getattr(one, name) for name in EntryForm.model_fields if hasattr(one, name)}
        return self._form(
            CorrectionForm, "correction", _("Correct it"), _("Put this in its place"), self._corrected,
            {**kept, "version": str(one.version)}, searches={"competitor_id": forms.competitors()},
            offers=forms.OFFERS, record=True,
        )  # fmt: skip

    def _corrected(self, session: Session, given: CorrectionForm) -> Sent:
        made = service.correct(
            session, session.get_one(CompetitorEntry, self.entry_id), self._read(session, given),
            actor=self.who.party_id, version=int(given.version), reason=given.reason,
        )  # fmt: skip
        return self._turned(made.id, _("{number} stands in its place.").format(number=made.number))

    def _task(self) -> Form[Any]:
        return self._form(
            TaskForm, "task", _("Do something about it"), _("Enter the task"), self._tasked, {}, record=True
        )

    def _tasked(self, session: Session, given: TaskForm) -> Sent:
        entry = ActivityEntry(kind="task", title=given.title, due_on=given.due_on, about_id=self.entry_id)
        made = activity.enter(session, entry, actor=self.who.party_id)
        return Sent(_("{task} was entered.").format(task=made.number))

    def _proposal(self) -> Form[Any]:
        return self._form(
            ProposalForm, "proposal", _("Report it"), _("Begin the report"), self._proposed, {}, record=True
        )

    def _proposed(self, session: Session, given: ProposalForm) -> Sent:
        one = session.get_one(CompetitorEntry, self.entry_id)
        entry = ReportEntry(
            kind=given.kind, title=one.title, period=one.seen_on.strftime("%Y-%m"), overview=self._told(session, one),
            findings=f"{one.number} {one.title}", **given.model_dump(exclude={"kind"}),
        )  # fmt: skip
        made = report.enter(session, entry, actor=self.who.party_id)
        return Sent(_("{number} was begun; it is finished and handed in under Plans.").format(number=made.number))

    def _told(self, session: Session, one: CompetitorEntry) -> str:
        """Write an entry as the first part of a report."""
        return "\n".join(f"{label}: {text}" for label, text in briefs.of(session, one).rows)

    # ---- what they have in common

    def _form(
        self, model: type[Any], name: str, title: str, submit: str, then: Callable[[Session, Any], Sent],
        initial: Initial, *, searches: dict[str, Search] | None = None, offers: Mapping[str, Offer] | None = None,
        ahead: Ahead[Any] | None = None, record: bool = False,
    ) -> Form[Any]:  # fmt: skip
        return Form(
            model, name=f"competitor/{name}", record_id=self.entry_id if record else None, title=title, submit=submit,
            searches=searches or {}, roles=WRITERS, on_submit=then, initial=initial, ahead=ahead,
            offers=offers or {},
        )  # fmt: skip

    def _turned(self, number: int, said: str) -> Sent:
        """Say what was done, in the entry that is opened in its place."""

        def turn() -> None:
            self._changed()
            self.show(number, sentence(said))

        return Sent(said, then=turn)
