"""The screen of follow-ups: what is due for the reader, and below it the one that is open; then the next."""

from datetime import timedelta
from functools import partial
from typing import Any

from ipywidgets import VBox, Widget
from sqlalchemy.orm import Session

from marketbook.customer import page
from marketbook.customer.care import doing, follow_ups, forms, greetings, item, lists, params, recommending
from marketbook.customer.care.forms import CareForm, ContactForm, Nothing, RecommendationForm
from marketbook.customer.care.item import Point
from marketbook.customer.care.lists import FollowUpRow
from marketbook.customer.care.tables import ContactClock
from marketbook.kit.forms import screen, served
from marketbook.kit.forms.listing import Listing, Opening
from marketbook.kit.forms.record_form import Form, Sent
from marketbook.kit.forms.screen import Panel
from marketbook.kit.forms.told import Told, sentence
from marketbook.kit.language import format_date, ngettext
from marketbook.kit.language import gettext as _
from marketbook.kit.records import calendar, roles, types
from marketbook.kit.visitor import Visitor
from marketbook.office.activity import Activity

ROLES = ("sales", "service", "manager")


def show() -> None:
    """Show the follow-ups to who works with customers."""
    types.load()
    screen.show(lambda who: FollowUps(who).widget, roles=ROLES)


class FollowUps:
    """The lists, and below them what is worked on."""

    def __init__(self, who: Visitor) -> None:
        """Make the screen for a reader."""
        self.who, self.panel = who, Panel()
        opening = Opening(row=self.open, new=self.begin, new_text=_("Begin with the first"))
        self.listing = Listing(
            FollowUpRow, lists.views(who.party_id, who.roles), title=_("Follow-ups"), opening=opening, roles=ROLES,
            shown=("when", "customer", "what", "grade", *(("owner",) if lists.MANAGERS & who.roles else ())),
            minor=("grade",),
        )  # fmt: skip
        self.widget = VBox([self.listing, self.panel])
        if who.record is not None:
            self.open(who.record)

    def begin(self, *said: str) -> None:
        """Open what is due first, or say that nothing is."""
        with served.store().reading() as session:
            found = lists.first(session, self.who.party_id)
        if found:
            self.open(found[0]["id"], *said)
        else:
            self.panel.turn_to(sentence(" ".join([*said, _("Nothing else is due today.")])))

    def open(self, activity_id: int, *said: str, points: list[Point] | None = None) -> None:
        """Open a follow-up.

        Args:
            activity_id: Which one.
            said: What has just been done.
            points: How the customer is reached, where it was asked for.
        """
        with served.store().reading() as session:
            served.check(session, ROLES)
            one = session.get_one(Activity, activity_id)
            told = Told(page.written("care/item.html.j2", said=said, item=item.of(session, one, points or ())))
            shown = self._forms(session, one, revealed=points is not None)
        self.panel.turn_to(told, *shown)

    def _forms(self, session: Session, one: Activity, *, revealed: bool) -> list[Widget]:
        if one.status not in doing.OPEN:
            return []
        if one.kind == "care":
            result: Widget = self._greeting(one.id)
        elif recommending.of(session, one) is not None:
            result = self._recommendation(one.id)
        else:
            result = self._contact(session, one)
        return [result] if revealed else [self._revealing(one.id), result]

    def _contact(self, session: Session, one: Activity) -> Form[ContactForm]:
        clock = session.get(ContactClock, doing.customer_of(session, one))
        days = clock.days if clock is not None else params.days(session, None, on=roles.today())
        return Form(
            ContactForm,
            name="customer/follow-up-done",
            record_id=one.id,
            initial=partial(_initial, one.id, {"next_on": roles.today() + timedelta(days)}),
            title=_("Result and next contact"),
            submit=_("Done, go on"),
            also={forms.AGAIN: _("Not reached: tomorrow again")},
            roles=ROLES,
            on_submit=partial(self._contacted, one.id),
        )

    def _contacted(self, activity_id: int, session: Session, given: ContactForm) -> Sent:
        one, me = session.get_one(Activity, activity_id), self.who.party_id
        if given.pressed == forms.AGAIN:
            day = calendar.read(session).days_after(roles.today(), 1)
            follow_ups.postpone(session, one, to=day, actor=me, version=int(given.version))
            return self._on(_("{customer} is put off to {day}."), session, one, format_date(day))
        clock = follow_ups.finish(
            session, one, result=given.result, next_on=given.next_on, actor=me, version=int(given.version)
        )
        return self._on(_("{customer} is done; next on {day}."), session, one, format_date(clock.due_on))

    def _greeting(self, activity_id: int) -> Form[CareForm]:
        return Form(
            CareForm,
            name="customer/care-sent",
            record_id=activity_id,
            initial=partial(_initial, activity_id, {}),
            title=_("How it was sent"),
            submit=_("Sent, go on"),
            also={forms.SKIP: _("Leave it out")},
            roles=ROLES,
            on_submit=partial(self._greeted, activity_id),
        )

    def _greeted(self, activity_id: int, session: Session, given: CareForm) -> Sent:
        one, about = session.get_one(Activity, activity_id), {"actor": self.who.party_id, "version": int(given.version)}
        if given.pressed == forms.SKIP:
            greetings.leave_out(session, one, reason=given.note, **about)
            return self._on(_("{customer} is left out."), session, one)
        way = _(forms.WAYS[given.way])
        result = _("{way}: {note}").format(way=way, note=given.note) if given.note else way
        if refusal := greetings.send(session, one, result=result, **about):
            return self._cancelled(refusal)
        return self._on(_("{customer} was greeted."), session, one)

    def _recommendation(self, activity_id: int) -> Form[RecommendationForm]:
        return Form(
            RecommendationForm,
            name="customer/recommended",
            record_id=activity_id,
            initial=partial(_initial, activity_id, {}),
            title=_("What came of the recommendation"),
            submit=_("Note it, go on"),
            also={forms.SKIP: _("Leave it out")},
            roles=ROLES,
            on_submit=partial(self._recommended, activity_id),
        )

    def _recommended(self, activity_id: int, session: Session, given: RecommendationForm) -> Sent:
        one, about = session.get_one(Activity, activity_id), {"actor": self.who.party_id, "version": int(given.version)}
        if given.pressed == forms.SKIP:
            greetings.leave_out(session, one, reason=given.note, **about)
            return self._on(_("{customer} is left out."), session, one)
        if refusal := recommending.answer(session, one, response=given.response, note=given.note, **about):
            return self._cancelled(refusal)
        return self._on(_("{customer}: noted."), session, one)

    def _revealing(self, activity_id: int) -> Form[Nothing]:
        return Form(
            Nothing,
            name="customer/reveal",
            record_id=activity_id,
            initial=partial(_initial, activity_id, {}),
            submit=_("Show the number (it is logged)"),
            roles=ROLES,
            on_submit=partial(self._revealed, activity_id),
        )

    def _revealed(self, activity_id: int, session: Session, given: Nothing) -> Sent:
        one = session.get_one(Activity, activity_id)
        points, refusal = greetings.reveal(session, one, actor=self.who.party_id, version=int(given.version))
        if refusal:
            return self._cancelled(refusal)
        said = [] if points else [_("The card has no number and no address.")]
        return Sent(_("Shown."), then=lambda: self.open(activity_id, *said, points=points))

    def _cancelled(self, refusal: str) -> Sent:
        return self._then(_("{reason} Nothing is sent, and it is off the list.").format(reason=refusal))

    def _on(self, text: str, session: Session, one: Activity, day: str = "") -> Sent:
        """Say what was done with a customer, and go on with the next."""
        name = item.name_of(session, one)
        left = lists.count(session, self.who.party_id)[0]
        more = ngettext("{count} is left for today.", "{count} are left for today.", left).format(count=left)
        return self._then(" ".join([text.format(customer=name, day=day), more]))

    def _then(self, text: str) -> Sent:
        def turn() -> None:
            self.listing.refresh()
            self.begin(text)

        return Sent(text, then=turn)


def _initial(activity_id: int, more: dict[str, Any], session: Session) -> dict[str, Any]:
    return {**more, "version": str(session.get_one(Activity, activity_id).version)}
