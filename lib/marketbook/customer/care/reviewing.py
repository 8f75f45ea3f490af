"""What the review of customers reads: how good the cards are, who is due, who was greeted, what was recommended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.customer import card_params, contact_points, data, family, quality
from marketbook.customer.card import Consent, Customer, DuplicatePair
from marketbook.customer.care import doing
from marketbook.customer.care.data import VIEWS
from marketbook.customer.care.recommending import DATASET, SHOP
from marketbook.customer.quality import Card
from marketbook.kit.config import settings
from marketbook.kit.facts import Facts, view
from marketbook.kit.records import Party, roles
from marketbook.kit.records.tables import ExternalId
from marketbook.kit.store import Store

CARD = ("customer_id", "owner", "complete_share", "count_contacts", "count_wrong", "stale", "twin", "missing")


@dataclass(frozen=True)
class Customers:
    """Everything on one day.

    Attributes:
        as_of: The day.
        since: Greetings count from this day on.
        offers_since: Recommendations count from this day on: so many months before the last purchase that is known.
        cards: One row per customer: the columns of `CARD`; `missing` lists the groups that are empty.
        clocks, care, offers: As the views have them; an offer's `shop` is the customer's number there.
        orders: Who bought what when; empty where there are no transactions.
    """

    as_of: date
    since: date
    offers_since: date
    cards: pd.DataFrame
    clocks: pd.DataFrame
    care: pd.DataFrame
    offers: pd.DataFrame
    orders: pd.DataFrame


def read(store: Store, facts: Facts, *, months: int = 12) -> Customers:
    """Read everything in one go.

    Args:
        store: The records.
        facts: Where the transactions are, if there are any.
        months: How many months of greetings and recommendations count.
    """
    as_of = roles.today()
    with store.reading() as session:
        for one in (data.CUSTOMER_CARDS, *VIEWS):
            view.note(session, one)
        cards = pd.DataFrame(_cards(session, as_of), columns=list(CARD))
        clocks, care, offers = (_rows(session, one) for one in VIEWS)
        known = {party: number for party, number in session.execute(_shop_numbers())}  # noqa: C416  # rows, to mypy
    orders = _orders(facts)
    since, known_since = (_before(day, months) for day in (as_of, _known_until(orders, as_of)))
    recent = offers[pd.to_datetime(offers["made_on"]) >= pd.Timestamp(known_since)]
    recent = recent.assign(shop=recent["customer_id"].map(known))
    return Customers(as_of, since, known_since, cards, clocks, care[care["falls_on"] >= since], recent, orders)


def _before(day: date, months: int) -> date:
    return (pd.Timestamp(day) - pd.DateOffset(months=months)).date()


def _known_until(orders: pd.DataFrame, as_of: date) -> date:
    """Return the last day of which it is known what was bought: what recommending brings is seen up to it."""
    last = last_day(orders)
    return as_of if last is None else min(last.date(), as_of)


def _rows(session: Session, one: view.View) -> pd.DataFrame:
    query: Any = one.query
    found = session.execute(query)
    return pd.DataFrame([tuple(row) for row in found], columns=list(found.keys()))


def _cards(session: Session, on: date) -> Iterator[tuple[Any, ...]]:
    twins = {one for pair in session.execute(select(DuplicatePair.first_id, DuplicatePair.second_id)) for one in pair}
    stale_days, owner = card_params.stale_days(session, on=on), Party.__table__.alias("owner")
    query = (
        select(Customer, Party, owner.c.name)
        .join(Party, Party.id == Customer.id)
        .join(owner, owner.c.id == Customer.owner_id)
        .where(Party.merged_into_id.is_(None))
        .order_by(Customer.id)
    )
    for part in doing.portions(session.execute(query)):
        of = family.of_many(session, [customer.id for customer, _party, _owner in part])
        points: dict[int, list[tuple[str, str]]] = {}
        for one in contact_points.live(session, of):
            points.setdefault(of[one.customer_id], []).append((one.kind, one.value))
        said = {of[one] for one in session.scalars(select(Consent.customer_id).where(Consent.customer_id.in_(of)))}
        for customer, party, name in part:
            card = _card(customer, party, points.get(customer.id, []), said=customer.id in said)
            found = quality.looked_at(card, on=on, stale_days=stale_days)
            yield (
                customer.id, name, found.complete_bp / 10_000, found.contacts, found.wrong, found.stale,
                customer.id in twins, list(found.missing),
            )  # fmt: skip


def _card(customer: Customer, party: Party, points: list[tuple[str, str]], *, said: bool) -> Card:
    held = {"needs": customer.needs, "preferences": customer.preferences, "birthday": party.birthday, "consent": said}
    looked_on = party.checked_on or customer.entered_at.astimezone(settings().zone).date()
    return Card(customer.company, points, {name for name, value in held.items() if value}, looked_on)


def _shop_numbers() -> Any:  # noqa: ANN401  # a query
    return select(ExternalId.party_id, ExternalId.id).where(ExternalId.system == SHOP, ExternalId.party_id.is_not(None))


def _orders(facts: Facts) -> pd.DataFrame:
    """Return who bought what on which day; what was sent back is no purchase."""
    if not facts.exists(DATASET):
        return pd.DataFrame({"customer_id": [], "category": [], "day": pd.to_datetime([])})
    lines = facts.read(DATASET)
    bought = lines[lines["amount_minor"] > 0]
    days = bought["ordered_at"].dt.normalize()
    return bought[["customer_id", "category"]].assign(day=days).drop_duplicates().reset_index(drop=True)


def last_day(orders: pd.DataFrame) -> pd.Timestamp | None:
    """Return the last day that is known of what was bought; None where nothing is."""
    return None if orders.empty else orders["day"].max()


def over(day: date, orders: pd.DataFrame, *, days: int) -> bool:
    """Tell whether so many days after a day are known wholly.

    Example:
        >>> known = pd.DataFrame({"day": pd.to_datetime(["2026-06-30"])})
        >>> over(date(2026, 6, 1), known, days=28), over(date(2026, 6, 3), known, days=28)
        (True, False)
    """
    last = last_day(orders)
    return last is not None and pd.Timestamp(day + timedelta(days)) <= last
