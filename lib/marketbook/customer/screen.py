"""The screen of customers: the lists with their search, and below them the card that is open."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from ipywidgets import VBox, Widget
from sqlalchemy.orm import Session

from marketbook.customer import (
    access,
    cards,
    consents,
    duplicate_list,
    face,
    finding,
    lists,
    masters,
    merging,
    page,
    telling,
)
from marketbook.customer.duplicates import Known
from marketbook.customer.entries import points
from marketbook.customer.forms import ConsentForm, CustomerForm, KnownAsForm, Nothing
from marketbook.customer.lists import CustomerRow, PairRow
from marketbook.customer.merge_screen import Comparing
from marketbook.customer.release.screen import Releasing
from marketbook.kit.forms import screen, served
from marketbook.kit.forms.listing import Listing, Opening, View
from marketbook.kit.forms.record_form import Form, Sent
from marketbook.kit.forms.rows import Order
from marketbook.kit.forms.screen import Panel
from marketbook.kit.forms.told import Told
from marketbook.kit.language import gettext as _
from marketbook.kit.language import ngettext
from marketbook.kit.records import Party, types
from marketbook.kit.visitor import Visitor


def show() -> None:
    """Show the customers to who works with them."""
    types.load()
    screen.show(lambda who: Customers(who).widget, roles=access.ROLES)


class Customers:
    """The lists, and below them what is open: a card, an empty form, two cards compared, or who may be the same."""

    def __init__(self, who: Visitor) -> None:
        """Make the screen for a reader."""
        self.who, self.panel = who, Panel()
        self.writes = bool(who.roles & access.WRITERS)
        self.comparing = Comparing(who, self.panel, done=self._shown_anew)
        more = [(_("May be the same"), self.list_pairs)] if self.writes else []
        more.append((_("With contact data"), Releasing(who, self.panel).show))
        opening = Opening(row=self.open, new=self.begin if self.writes else None, new_text=_("New customer"), more=more)
        self.listing = Listing(
            CustomerRow, self._views(), title=_("Customers"), opening=opening,
            roles=access.ROLES, personal="customers",
            minor=("status", "owner", "complete_share", "looked_on"),
        )  # fmt: skip
        self.widget = VBox([self.listing, self.panel])
        if who.record is not None:
            self.open(who.record)

    def _views(self) -> list[View]:
        """Return the reader's own customers, then all; all of them first for who has none."""
        everybody = View(_("All customers"), lists.everybody())
        if not self.writes:
            return [everybody]
        own = lists.own(self.who.party_id)
        with served.store().reading() as session:
            some = own.page(session, Order(), size=1).rows
        mine = View(_("Mine"), own)
        return [mine, everybody] if some else [everybody, mine]

    def begin(self) -> None:
        """Open an empty form."""
        self.panel.turn_to(self._form(None))

    def open(self, customer_id: int, said: str = "") -> None:
        """Open a card: the form where the reader may change it, what is known, and the whole story."""
        with served.store().reading() as session:
            served.check(session, access.ROLES)
            customer, reader = cards.named(session, customer_id), self.who.party_id
            told = page.written("told.html.j2", said=said, card=face.of(session, customer, reader=reader))
            story = page.written("events.html.j2", events=telling.of(session, customer_id, reader=reader))
            changes = self._changes(session, customer_id) if self.writes else []
        self.panel.turn_to(Told(told), *changes, Told(story))

    def list_pairs(self) -> None:
        """Show who may be the same."""
        opening = Opening(row=self.comparing.show_pair)
        listing = Listing(
            PairRow, lists.pairs(), title=_("May be the same"), opening=opening, roles=access.WRITERS,
            personal="duplicates",
        )  # fmt: skip
        again = Form(
            Nothing,
            name="customer/find-pairs",
            submit=_("Look for them anew"),
            roles=access.WRITERS,
            on_submit=lambda session, _given: _looked(session, listing.refresh),
        )
        self.panel.turn_to(again, listing)

    def _changes(self, session: Session, customer_id: int) -> Sequence[Widget]:
        """What can be done with a card; of one that is merged, only that it is made one of its own again."""
        party = session.get_one(Party, customer_id)
        if party.merged_into_id is not None:
            return [self._undoing(customer_id, party.name)]
        merged = face.standing_merges(session, cards.named(session, customer_id))
        return [
            self._form(customer_id),
            self._checking(session, customer_id),
            self._consent_form(customer_id),
            self._known_as_form(customer_id),
            self.comparing.ask(customer_id),
            *(self._undoing(number, name) for number, name in merged),
        ]

    def _form(self, customer_id: int | None) -> Form[CustomerForm]:
        return Form(
            CustomerForm,
            name="customer/card",
            record_id=customer_id,
            initial=partial(_initial, customer_id) if customer_id is not None else None,
            title=_("Change the card") if customer_id is not None else _("New customer"),
            submit=_("Save"),
            searches={"owner_id": finding.employees()},
            ahead=None if customer_id is not None else _alike,
            roles=access.WRITERS,
            on_submit=partial(self._kept, customer_id),
        )

    def _checking(self, session: Session, customer_id: int) -> Form[Nothing]:
        version = cards.named(session, customer_id).version

        def check(session: Session, _given: Nothing) -> Sent:
            customer = cards.named(session, customer_id)
            cards.mark_checked(session, customer, actor=self.who.party_id, version=version)
            return self._sent(customer_id, _("Noted: everything is right as of today."))

        return self._button(customer_id, "checked", _("Everything is right"), check)

    def _consent_form(self, customer_id: int) -> Form[ConsentForm]:
        return Form(
            ConsentForm,
            name="customer/consent",
            record_id=customer_id,
            title=_("What the customer allows"),
            submit=_("Note it"),
            roles=access.WRITERS,
            on_submit=partial(self._said, customer_id),
        )

    def _known_as_form(self, customer_id: int) -> Form[KnownAsForm]:
        def link(session: Session, given: KnownAsForm) -> Sent:
            customer = cards.named(session, customer_id)
            masters.link(session, customer, system=given.system, known_as=given.known_as, actor=self.who.party_id)
            return self._sent(
                customer_id, _("Noted: {system} {number}.").format(system=given.system, number=given.known_as)
            )

        return Form(
            KnownAsForm,
            name="customer/known-as",
            record_id=customer_id,
            title=_("Known elsewhere as"),
            submit=_("Note the number"),
            roles=access.WRITERS,
            on_submit=link,
        )

    def _undoing(self, merged_id: int, name: str) -> Form[Nothing]:
        def undo(session: Session, _given: Nothing) -> Sent:
            merging.undo(session, cards.named(session, merged_id), actor=self.who.party_id)
            return self._sent(merged_id, _("The card is one of its own again."))

        text = _("Undo the merge of {name} ({number})").format(name=name, number=merged_id)
        return self._button(merged_id, "undo-merge", text, undo)

    def _button(self, customer_id: int, name: str, text: str, act: Callable[[Session, Nothing], Sent]) -> Form[Nothing]:
        return Form(
            Nothing, name=f"customer/{name}", record_id=customer_id, submit=text, roles=access.WRITERS, on_submit=act
        )

    def _kept(self, customer_id: int | None, session: Session, given: CustomerForm) -> Sent:
        actor = self.who.party_id
        if customer_id is None:
            made = cards.enter(session, given.entry, actor=actor)
            return self._sent(made.id, _("{name} was entered.").format(name=given.name))
        customer = cards.named(session, customer_id)
        cards.change(session, customer, given.entry, actor=actor, version=int(given.version))
        return self._sent(customer_id, _("The card was changed."))

    def _said(self, customer_id: int, session: Session, given: ConsentForm) -> Sent:
        consents.record(
            session, cards.named(session, customer_id), purpose=given.purpose, given=given.answer == "given",
            method=given.method, said_on=given.said_on, actor=self.who.party_id,
        )  # fmt: skip
        return self._sent(customer_id, _("Noted; it holds from now on."))

    def _sent(self, customer_id: int, text: str) -> Sent:
        return Sent(text, then=lambda: self._shown_anew(customer_id, text))

    def _shown_anew(self, customer_id: int, text: str) -> None:
        self.listing.refresh()
        self.open(customer_id, text)


def _initial(customer_id: int, session: Session) -> dict[str, Any]:
    return face.entry(session, cards.named(session, customer_id))


def _alike(session: Session, given: CustomerForm) -> str:
    """Say before a customer is entered whom it may be."""
    entry = given.entry
    one = Known(0, entry.name, list(points(entry.contacts)), entry.birthday)
    found = [pair.second for pair in duplicate_list.alike(session, one)][:3]
    names = [f"{session.get_one(Party, number).name} ({number})" for number in found]
    return _("May be there already: {names}.").format(names=_(", ").join(names)) if names else ""


def _looked(session: Session, then: Callable[[], None]) -> Sent:
    count = duplicate_list.refresh(session)
    text = ngettext("{count} pair was found.", "{count} pairs were found.", count)
    return Sent(text.format(count=count), then=then)
