"""A customer's card as it is read: the facts, how good they are, contact points, consents, purchases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from marketbook.customer import access, card_params, cards, consents, contact_points, contacts, family, merging, quality
from marketbook.customer.card import METHODS, PURPOSES, STATUSES, Customer
from marketbook.customer.quality import Card, Quality
from marketbook.customer.sales import story
from marketbook.kit.config import settings
from marketbook.kit.language import format_date, format_money, format_percent
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Party, external, roles
from marketbook.office.briefs import Table


@dataclass(frozen=True)
class Face:
    """What is shown of a card, in the reader's language.

    Attributes:
        id: The customer's.
        kicker: Person or company.
        name: Of the customer.
        status: What it is to us.
        facts: A label and a value each.
        tables: Contact points, consents, purchases, open sales.
        warnings: What should be looked at.
    """

    id: int
    kicker: str
    name: str
    status: str
    facts: Sequence[tuple[str, str]]
    tables: Sequence[Table]
    warnings: Sequence[str]


def of(session: Session, customer: Customer, *, reader: int) -> Face:
    """Gather a card.

    Args:
        session: A session of either kind.
        customer: Which one.
        reader: Who reads: numbers are masked for whom they are not.
    """
    party = session.get_one(Party, customer.id)
    found = quality_of(session, customer)
    return Face(
        id=customer.id, kicker=_("Company") if customer.company else _("Private person"), name=party.name,
        status=_(STATUSES[party.status]), facts=_facts(session, customer, party, found),
        tables=[_contacts(session, customer, reader), _consents(session, customer), *_sales(session, customer, reader)],
        warnings=_warnings(session, party, found),
    )  # fmt: skip


def _sales(session: Session, customer: Customer, reader: int) -> list[Table]:
    ids = family.members(session, customer.id)
    return [story.purchases(session, ids), story.needs(session, ids, reader=reader)]


def quality_of(session: Session, customer: Customer, *, on: date | None = None) -> Quality:
    """Return how good a card's data are on a day; today if none is given."""
    party = session.get_one(Party, customer.id)
    ids = family.members(session, customer.id)
    points = [(one.kind, one.value) for one in contact_points.live(session, ids)]
    held = {"needs": customer.needs, "preferences": customer.preferences, "birthday": party.birthday}
    filled = {name for name, value in held.items() if value}
    filled |= {"consent"} if consents.said_last(session, ids) else set()
    looked_on = party.checked_on or customer.entered_at.astimezone(settings().zone).date()
    day = on or roles.today()
    stale_days = card_params.stale_days(session, on=day)
    return quality.looked_at(Card(customer.company, points, filled, looked_on), on=day, stale_days=stale_days)


def _facts(session: Session, customer: Customer, party: Party, found: Quality) -> list[tuple[str, str]]:
    known_as = [f"{one.system} {one.id}" for one in external.listed(session, party_id=customer.id)]
    value = customer.value_minor
    told = {
        _("Owner"): session.get_one(Party, customer.owner_id).name,
        _("Class"): customer.grade or "",
        _("Bought in 12 months"): "" if value is None else format_money(value / 100, settings().currency, decimals=2),
        _("Segment"): _(party.segment) if party.segment else "",
        _("Birthday"): _birthday(customer, party),
        _("First contact"): format_date(customer.met_on),
        _("Last checked"): format_date(party.checked_on) if party.checked_on else "",
        _("Complete"): format_percent(found.complete_bp / 10_000, decimals=0),
        _("Known elsewhere as"): _(", ").join(known_as),
        _("Needs"): customer.needs,
        _("Preferences"): customer.preferences,
    }
    return [(label, text) for label, text in told.items() if text]


def _birthday(customer: Customer, party: Party) -> str:
    text = party.birthday or ""
    return _("{day} (lunar calendar)").format(day=text) if text and customer.lunar_birthday else text


def _contacts(session: Session, customer: Customer, reader: int) -> Table:
    show = contacts.shown if access.may_read_contacts(session, party_id=reader) else contacts.masked
    rows = [
        (
            _(contacts.KINDS[one.kind]), show(one.kind, one.value), _("shared") if one.shared else "",
            "" if quality.usable(one.kind, one.value) else _("cannot be reached"),
        )
        for one in contact_points.live(session, family.members(session, customer.id))
    ]  # fmt: skip
    return Table(_("Contact"), (_("Kind"), _("Number or address"), _("Shared"), _("Remark")), rows)


def _consents(session: Session, customer: Customer) -> Table:
    said = consents.standing(session, customer.id)
    rows = [
        (
            _(PURPOSES[purpose]), _("allowed") if one.given else _("withdrawn"), format_date(one.said_on),
            _(METHODS[one.method]),
        )
        for purpose in PURPOSES if (one := said.get(purpose)) is not None
    ]  # fmt: skip
    return Table(_("Consents"), (_("Used for"), _("Standing"), _("Said on"), _("How")), rows)


def _warnings(session: Session, party: Party, found: Quality) -> list[str]:
    told = []
    if party.merged_into_id is not None:
        other = session.get_one(Party, party.merged_into_id)
        told.append(_("This card is merged into {name} ({number}).").format(name=other.name, number=other.id))
    if found.missing:
        names = _(", ").join(_(quality.GROUPS[one]) for one in found.missing)
        told.append(_("Missing: {names}.").format(names=names))
    if found.stale:
        told.append(
            _("Nobody has looked at this card for {days} days.").format(
                days=card_params.stale_days(session, on=roles.today())
            )
        )
    return told


def standing_merges(session: Session, customer: Customer) -> list[tuple[int, str]]:
    """Return the cards that are merged into this one itself: id and name."""
    rows = [one for one in merging.merges(session, [customer.id]) if one.undone_at is None]
    return [(one.merged_id, session.get_one(Party, one.merged_id).name) for one in rows if one.kept_id == customer.id]


def entry(session: Session, customer: Customer) -> dict[str, object]:
    """Return a card as its form shows it, with the version that is shown."""
    values = cards.read(session, customer, ("name", "company", "needs", "preferences", "met_on", "owner_id"))
    points = contact_points.live(session, family.members(session, customer.id))
    lines = [{"kind": one.kind, "value": contacts.shown(one.kind, one.value), "shared": one.shared} for one in points]
    birthday = session.get_one(Party, customer.id).birthday or ""
    own = {"birthday": birthday, "lunar_birthday": bool(customer.lunar_birthday)}
    return {**values, **own, "contacts": lines, "version": str(customer.version)}
