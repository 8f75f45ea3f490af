"""A follow-up or a greeting as it is read before the telephone is taken up: who, why, and what was said before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.customer import contacts, family
from marketbook.customer.card import Customer
from marketbook.customer.care import doing, lists, recommending, texts
from marketbook.customer.care.tables import CareOccasion
from marketbook.kit.config import settings
from marketbook.kit.language import format_date, format_integer, format_money, format_percent
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Party
from marketbook.office.activity import KINDS, Activity, Participation

BEFORE = 3
"""How much is told of what was said before."""

Point = tuple[str, str]


@dataclass(frozen=True)
class Said:
    """What came of an earlier contact."""

    on: date
    what: str
    text: str


@dataclass(frozen=True)
class Item:
    """What is shown, in the reader's language.

    Attributes:
        kicker: What is to be done, and the customer's number.
        name: Of the customer.
        when: Until when.
        text: What the customer is told; empty where there is no text for it.
        points: How the customer is reached, where it was asked for.
        facts: A label and a value each.
        before: What was said before, the newest first.
    """

    kicker: str
    name: str
    when: str
    text: str
    points: Sequence[tuple[str, str]]
    facts: Sequence[tuple[str, str]]
    before: Sequence[Said]


def of(session: Session, one: Activity, points: Sequence[Point] = ()) -> Item:
    """Gather what is known.

    Args:
        session: A session of either kind.
        one: The activity.
        points: Kind and value of the contact points that are shown.
    """
    number = doing.customer_of(session, one)
    customer, party = session.get_one(Customer, number), session.get_one(Party, number)
    occasion = session.scalar(select(CareOccasion.occasion).where(CareOccasion.activity_id == one.id))
    return Item(
        kicker=_("{what} · customer {number}").format(what=lists.what(one.kind, occasion), number=number),
        name=party.name, when=lists.when(one.due_on),
        text=texts.greeting(occasion, party.name) if occasion else _recommended(session, one),
        points=[(_(contacts.KINDS[kind]), contacts.shown(kind, value)) for kind, value in points],
        facts=_facts(customer, party), before=_before(session, number),
    )  # fmt: skip


def _recommended(session: Session, one: Activity) -> str:
    """Say what is recommended and why; empty where nothing is."""
    made = recommending.of(session, one)
    if made is None:
        return ""
    share, base = (format_percent(bp / 10_000, decimals=0) for bp in (made.share_bp, made.base_bp))
    return _(
        "Recommend {category}. The customer bought {because}; of the {count} customers who did, {share} bought "
        "{category}, too, and of all customers {base}."
    ).format(category=made.category, because=made.because, count=format_integer(made.buyers), share=share, base=base)


def name_of(session: Session, one: Activity) -> str:
    """Return the name of the customer whom an activity is about."""
    return session.get_one(Party, doing.customer_of(session, one)).name


def _facts(customer: Customer, party: Party) -> list[tuple[str, str]]:
    value = customer.value_minor
    told = {
        _("Class"): customer.grade or "",
        _("Bought in 12 months"): "" if value is None else format_money(value / 100, settings().currency, decimals=2),
        _("Segment"): party.segment or "",
        _("Needs"): customer.needs,
        _("Preferences"): customer.preferences,
        _("First contact"): format_date(customer.met_on),
    }
    return [(label, text) for label, text in told.items() if text]


def _before(session: Session, customer_id: int) -> list[Said]:
    query = (
        select(Activity)
        .join(Participation, Participation.activity_id == Activity.id)
        .where(Participation.party_id.in_(family.members(session, customer_id)), Activity.status == "done")
        .order_by(Activity.done_on.desc(), Activity.id.desc())
        .limit(BEFORE)
    )
    return [Said(one.done_on or one.due_on, _(KINDS[one.kind]), one.outcome) for one in session.scalars(query)]
