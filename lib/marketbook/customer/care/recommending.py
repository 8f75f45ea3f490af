"""Recommendations: once a week, to customers who allow personal ones, from what customers bought who bought the same.

Some of those who could be recommended something are held out, drawn by a hash of the week and the customer: so that
whoever asks what recommending brings compares like with like. Who is held out is told nobody.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.customer import consents, family
from marketbook.customer.card import Customer
from marketbook.customer.care import doing, next_product, params
from marketbook.customer.care.next_product import Advice
from marketbook.customer.care.tables import RESPONSES, Recommendation
from marketbook.kit.config import settings
from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Party, advance, daily, parameters, roles
from marketbook.kit.records.tables import ExternalId
from marketbook.kit.store import acting
from marketbook.office import activity
from marketbook.office.activity import Activity
from marketbook.office.params import ActivityEntry, ResultEntry

if TYPE_CHECKING:
    from marketbook.kit.facts import Facts

SHOP = "shop"
"""The system whose numbers customers have in the transactions."""

PURPOSE = "personal"
DATASET = "transactions"
MONTHS = 365
"""So many days of purchases are looked at."""

PAUSE = 28
"""For so many days after a recommendation, or after being held out, a customer is left alone."""


def refresh(session: Session, day: date) -> int:
    """Make the week's recommendations where they were not made yet; return how many there are."""
    wave = named(day)
    if session.scalar(select(Recommendation.id).where(Recommendation.wave == wave).limit(1)) is not None:
        return 0
    from marketbook.kit.facts import Facts  # slow to import, and asked for once a week

    known = candidates(session, day)
    facts = Facts(settings().facts)
    if not known or not facts.exists(DATASET):
        return 0
    return make(session, known, baskets(facts, until=day), on=day)


def named(day: date) -> str:
    """Return the name of a day's week.

    Example:
        >>> named(date(2026, 6, 26))
        '2026-W26'
    """
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"


def baskets(facts: "Facts", *, until: date) -> dict[str, set[str]]:
    """Return which categories each customer of the shop bought in the year up to a day, or to the data's last day.

    Args:
        facts: Where the transactions are.
        until: The last day.
    """
    import pyarrow.compute as pc

    lines = facts.read_out(facts.table(DATASET).select("customer_id", "category", "ordered_at", "amount_minor"))
    last = min(pc.max(lines["ordered_at"]).as_py(), datetime.combine(until, time.max))
    within = pc.and_(
        pc.less_equal(lines["ordered_at"], last), pc.greater(lines["ordered_at"], last - timedelta(MONTHS))
    )  # fmt: skip
    bought = lines.filter(pc.and_(within, pc.greater(lines["amount_minor"], 0)))
    pairs = bought.group_by(["customer_id", "category"]).aggregate([])
    found: dict[str, set[str]] = {}
    for number, category in zip(pairs["customer_id"].to_pylist(), pairs["category"].to_pylist(), strict=True):
        found.setdefault(number, set()).add(category)
    return found


def make(session: Session, known: Mapping[int, str], bought: Mapping[str, set[str]], *, on: date) -> int:
    """Make the week's recommendations.

    Args:
        session: A writing session.
        known: The customers who may be recommended something, with their numbers in the shop.
        bought: What each of the shop's customers bought.
        on: The day.

    Returns:
        How many customers were drawn, those who are held out among them.
    """
    counted = next_product.count(bought.values())
    advised = {one: found for one, number in known.items() if (found := _advice(counted, bought.get(number)))}
    most = parameters.value(session, params.A_WEEK.name, on=on)
    percent = parameters.value(session, params.HELD_OUT.name, on=on)
    chosen = list(_chosen(session, advised, most))
    for customer_id, owner in chosen:
        kept_back = is_held_out(named(on), customer_id, percent)
        _enter(session, customer_id, advised[customer_id], owner, on, held_out=kept_back)
    return len(chosen)


def is_held_out(wave: str, customer_id: int, percent: int) -> bool:
    """Tell whether a customer is one of those who are compared: the same for a week and a customer, whoever asks.

    Example:
        >>> sum(is_held_out("2026-W26", number, 20) for number in range(10_000))
        1983
    """
    drawn = hashlib.sha256(f"{wave}:{customer_id}".encode()).digest()
    return int.from_bytes(drawn[:8], "big") % 100 < percent


def answer(
    session: Session, one: Activity, *, response: str, note: str, actor: int, version: int
) -> str:  # fmt: skip
    """Note what a customer said of a recommendation; where it is not allowed any more, it is cancelled instead.

    Args:
        session: A writing session.
        one: The activity.
        response: Of `RESPONSES`.
        note: In the customer's words; may be empty.
        actor: Who recommended it.
        version: Which one the actor saw.

    Returns:
        Why nothing may be recommended; empty where it was. Either is written: the caller commits.

    Raises:
        StaleError: Somebody changed it since the actor saw it.
        RecordError: The response is not known, or it is over.
        AccessError: It is another's, or no recommendation.
    """
    doing.check(session, one, actor)
    if response not in RESPONSES:
        raise RecordError(_("{found!r} is no response; allowed are {allowed}.").format(
            found=response, allowed=", ".join(RESPONSES)))  # fmt: skip
    made = of(session, one)
    if made is None:
        raise AccessError(_("{number} is no recommendation to a customer.").format(number=one.number))
    if refusal := refused(session, made):
        advance(session, one, "cancelled", actor=actor, version=version, reason=refusal)
        return refusal
    seen = doing.begin(session, one, actor=actor, version=version)
    said = _(RESPONSES[response])
    with acting(session, actor):
        made.response, made.answered_on = response, roles.today()
    outcome = _("{way}: {note}").format(way=said, note=note) if note else said
    activity.finish(session, one, ResultEntry(outcome=outcome), actor=actor, version=seen)
    return ""


def of(session: Session, one: Activity) -> Recommendation | None:
    """Return what an activity recommends; None where it is no recommendation of a week's."""
    return session.scalar(select(Recommendation).where(Recommendation.activity_id == one.id))


def refused(session: Session, made: Recommendation) -> str:
    """Return why nothing may be recommended to a customer now; empty where it may."""
    try:
        consents.check(session, family.kept(session, made.customer_id), PURPOSE)
    except RecordError as error:
        return str(error)
    return ""


def missing(session: Session, one: Activity, to: str) -> Iterator[str]:
    """Say what a recommendation lacks to be done: what the customer said."""
    made = of(session, one) if to == "done" else None
    if made is not None and made.response is None:
        yield _("It does not say what the customer answered: it is noted on the list of follow-ups.")


def candidates(session: Session, day: date) -> dict[int, str]:
    """Return who may be recommended something, with the number in the shop; nobody who was asked lately."""
    query = (
        select(Party.id, ExternalId.id)
        .join(ExternalId, ExternalId.party_id == Party.id)
        .where(ExternalId.system == SHOP, Party.kind == "customer", Party.merged_into_id.is_(None))
        .order_by(Party.id, ExternalId.id)
    )
    known = {party: number for party, number in session.execute(query)}  # noqa: C416  # rows are no pairs to mypy
    lately = select(Recommendation.customer_id).where(Recommendation.made_on > day - timedelta(PAUSE))
    asked = set(session.scalars(lately))
    return {one: known[one] for one in sorted(doing.allowed(session, known, PURPOSE) - asked)}


def _advice(counted: next_product.Purchases, own: set[str] | None) -> Advice | None:
    return next_product.advise(counted, own) if own else None


def _chosen(session: Session, advised: Mapping[int, Advice], most: int) -> Iterator[tuple[int, int]]:
    """Yield customers and who recommends to them: for each employee those to whom it fits best."""
    loads: Counter[int] = Counter()
    ordered: Iterable[int] = sorted(advised, key=lambda one: (-advised[one].share_bp, one))
    for customer_id in ordered:
        owner = doing.doer(session, session.get_one(Customer, customer_id).owner_id)
        if owner is not None and loads[owner] < most:
            loads[owner] += 1
            yield customer_id, owner


def _enter(session: Session, customer_id: int, advice: Advice, owner: int, on: date, *, held_out: bool) -> None:
    made = Recommendation(
        customer_id=customer_id, wave=named(on), made_on=on, held_out=held_out, category=advice.category,
        because=advice.because, buyers=advice.buyers, share_bp=advice.share_bp, base_bp=advice.base_bp,
    )  # fmt: skip
    if not held_out:
        title = _("Recommend {category} to customer {number}").format(category=advice.category, number=customer_id)
        entry = ActivityEntry(
            kind="recommendation", title=title, method="phone", starts_on=on, due_on=on + timedelta(6), owner_id=owner
        )
        made.activity_id = doing.enter(session, customer_id, entry, actor=owner).id
    with acting(session, owner):
        session.add(made)


activity.ask(("recommendation",), missing)
daily.register("customer-recommendations", refresh)
