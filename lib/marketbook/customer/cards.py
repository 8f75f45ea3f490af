"""Customers' cards: entering, changing and checking them. Functions flush; their caller commits."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.customer import access, card_params, contact_points, family, grade, index, masters, pinyin
from marketbook.customer.card import Customer
from marketbook.customer.entries import CustomerEntry, points
from marketbook.kit.errors import RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import Party, person, roles
from marketbook.kit.store import acting, now
from marketbook.kit.store.audit import AuditLog
from marketbook.office.opportunity import TABLE as OPPORTUNITIES

FIELDS = {
    "name": mark("name"),
    "company": mark("company"),
    "birthday": mark("birthday"),
    "lunar_birthday": mark("calendar of the birthday"),
    "contacts": mark("numbers and addresses"),
    "needs": mark("needs"),
    "preferences": mark("preferences"),
    "met_on": mark("first contact on"),
    "owner_id": mark("owner"),
    "status": mark("status"),
    "checked_on": mark("checked"),
    "merge": mark("merged cards"),
    "grade": mark("class"),
}
"""What of a card changes, as people call it."""

YEAR = timedelta(days=365)

OF_PARTY = frozenset({"name", "birthday", "status", "checked_on"})
"""Which of them are the party's."""


class StaleCardError(RecordError):
    """Somebody changed the card since it was seen; the log holds which fields, and not what they held."""


def enter(session: Session, entry: CustomerEntry, *, actor: int) -> Customer:
    """Enter a customer; its owner is the actor unless the entry names another.

    Raises:
        AccessError: The actor may not.
        RecordError: A contact point is none, or another customer's; the owner is no employee at work.
    """
    access.check_writer(session, actor)
    wanted = points(entry.contacts)
    owner = person.employee(session, entry.owner_id or actor)
    with acting(session, actor):
        party = person.add(session, kind="customer", name=entry.name)
        made = Customer(
            id=party.id, company=entry.company, owner_id=owner.id, needs=entry.needs.strip(),
            preferences=entry.preferences.strip(), reading=pinyin.reading(party.name).text,
            met_on=_met(entry.met_on), entered_by_id=actor, entered_at=now(), version=1, changed="",
            lunar_birthday=_lunar(entry),
        )  # fmt: skip
        party.birthday = _birthday(entry)
        session.add(made)
        session.flush()
        contact_points.keep(session, made, wanted, actor=actor)
        index.keep(session, made)
    return made


def change(session: Session, customer: Customer, entry: CustomerEntry, *, actor: int, version: int) -> Customer:
    """Write a card anew, its contact points too; what is as it was does not count as a change.

    Raises:
        AccessError: The actor may not.
        StaleCardError: Somebody changed it since the actor saw it; the error says who, and which fields.
        RecordError: It is merged into another, or as for `enter`.
    """
    access.check_writer(session, actor)
    check_seen(session, customer, version)
    wanted = points(entry.contacts)
    owner = person.employee(session, entry.owner_id) if entry.owner_id else None
    with acting(session, actor):
        values = {
            "name": entry.name, "company": entry.company, "birthday": _birthday(entry),
            "lunar_birthday": _lunar(entry), "needs": entry.needs.strip(),
            "preferences": entry.preferences.strip(), "met_on": _met(entry.met_on or customer.met_on),
            "owner_id": owner.id if owner else customer.owner_id,
        }  # fmt: skip
        others = family.members(session, customer.id)[1:]
        masters.check(session, customer, _differing(session, customer, values, wanted, others))
        turned = contact_points.keep(session, customer, wanted, actor=actor, of=others)
        count(session, customer, put(session, customer, values) + (["contacts"] if turned else []))
    return customer


def mark_checked(session: Session, customer: Customer, *, actor: int, version: int) -> Customer:
    """Note that somebody looked at a card today and found it right.

    Raises:
        AccessError: The actor may not.
        StaleCardError: Somebody changed it since the actor saw it.
        RecordError: It is merged into another.
    """
    access.check_writer(session, actor)
    check_seen(session, customer, version)
    with acting(session, actor):
        session.get_one(Party, customer.id).checked_on = roles.today()
        count(session, customer, ["checked_on"])
    return customer


def set_values(
    session: Session, values: Mapping[int, int], *, on: date, segments: Mapping[int, str] | None = None
) -> dict[str, int]:  # fmt: skip
    """Write what customers bought in twelve months, and their classes by it; who is not named has none any more.

    Args:
        session: A writing session.
        values: Fen, by customer; what merged cards bought is added to the one that was kept.
        on: The last day of the twelve months; the limits of the classes are those that hold on it.
        segments: What the segmentation calls the customer's group, by customer.

    Returns:
        How many customers there are in each class.
    """
    own, ordered = _by_kept(session, values), _ordered(session, on)
    a_bp, b_bp = card_params.class_limits(session, on=on)
    found = grade.graded(own, a_bp=a_bp, b_bp=b_bp)
    named = segments or {}
    everybody = select(Customer, Party).join(Party, Party.id == Customer.id).execution_options(yield_per=1_000)
    for customer, party in session.execute(everybody):
        value = own.get(customer.id)
        party.segment = named.get(customer.id, party.segment)
        wanted = {
            "value_minor": value, "grade": found.get(customer.id), "valued_on": None if value is None else on,
            "status": _status(party.status, value, ordered=customer.id in ordered),
        }  # fmt: skip
        if (customer.value_minor, customer.grade, party.status) != (value, wanted["grade"], wanted["status"]):
            put(session, customer, wanted)
            count(session, customer, ["grade"])
    session.flush()
    return {letter: list(found.values()).count(letter) for letter in grade.GRADES}  # type: ignore[arg-type]


def named(session: Session, customer_id: int) -> Customer:
    """Return a customer.

    Raises:
        RecordError: There is none with this id.
    """
    found = session.get(Customer, customer_id)
    if found is None:
        raise RecordError(_("There is no customer {number}.").format(number=customer_id))
    return found


def check_open(session: Session, customer: Customer) -> Party:
    """Return a customer's party.

    Raises:
        RecordError: It is merged into another; the message says into which.
    """
    party = session.get_one(Party, customer.id)
    if party.merged_into_id is not None:
        kept = session.get_one(Party, party.merged_into_id)
        raise RecordError(
            _("{name} ({number}) is merged into {other} ({kept}); go on there.").format(
                name=party.name, number=party.id, other=kept.name, kept=kept.id
            )
        )
    return party


def check_seen(session: Session, customer: Customer, version: int) -> Party:
    """Refuse to go on where a card is merged, or not as it was seen.

    Raises:
        RecordError: It is merged into another, or never had this version.
        StaleCardError: It was changed since; the error says by whom, and which fields.
    """
    party = check_open(session, customer)
    if not 1 <= version <= customer.version:
        raise RecordError(
            _("{number} has no version {version}; it is at {now}.").format(
                number=party.name, version=version, now=customer.version
            )
        )
    if version < customer.version:
        raise _stale(session, customer, party, version)
    return party


def put(session: Session, customer: Customer, values: Mapping[str, Any]) -> list[str]:
    """Write values of a card, the party's among them; return the names of those that were others before."""
    party, touched = session.get_one(Party, customer.id), []
    for name, value in values.items():
        row: Any = party if name in OF_PARTY else customer
        if getattr(row, name) != value:
            setattr(row, name, value)
            touched.append(name)
    if "name" in touched:
        customer.reading = pinyin.reading(party.name).text
    return touched


def read(session: Session, customer: Customer, names: Iterable[str]) -> dict[str, Any]:
    """Return values of a card, the party's among them."""
    party = session.get_one(Party, customer.id)
    return {name: getattr(party if name in OF_PARTY else customer, name) for name in names}


def count(session: Session, customer: Customer, touched: Collection[str]) -> None:
    """Count a change, and note what it touched; nothing where nothing was."""
    if touched:
        customer.changed, customer.version = ", ".join(touched), customer.version + 1
    session.flush()
    if {"name", "merge"} & set(touched):
        index.keep(session, customer)


def called(touched: str) -> str:
    """Return what people call the fields of a change."""
    return _(", ").join(_(FIELDS.get(name, name)) for name in touched.split(", ") if name)


def _stale(session: Session, customer: Customer, party: Party, version: int) -> StaleCardError:
    query = select(AuditLog.new, AuditLog.actor).where(
        AuditLog.table_name == "customer", AuditLog.row_key == str(customer.id), AuditLog.op == "UPDATE"
    )
    later = [
        (new["changed"], actor) for new, actor in _parsed(session.execute(query.order_by(AuditLog.seq)).all())
        if new["version"] > version
    ]  # fmt: skip
    touched = dict.fromkeys(name for changed, _actor in later for name in changed.split(", "))
    actors = dict.fromkeys(actor for _changed, actor in later)
    text = _("{name} was changed by {by} since you opened it: {fields}. Nothing of yours was written.")
    by = _(", ").join(_name(session, actor) for actor in actors)
    return StaleCardError(text.format(name=party.name, by=by, fields=called(", ".join(touched))))


def _parsed(rows: Iterable[Any]) -> list[tuple[dict[str, Any], str]]:
    return [(json.loads(new or "{}"), actor) for new, actor in rows]


def _name(session: Session, actor: str) -> str:
    party = session.get(Party, int(actor)) if actor.isdecimal() else None
    return party.name if party else _("the system")


def _differing(
    session: Session, customer: Customer, values: Mapping[str, Any], wanted: Mapping[tuple[str, str], bool],
    others: list[int],
) -> list[str]:  # fmt: skip
    """Return the names of the fields that would be changed."""
    before = read(session, customer, values)
    points = {(one.kind, one.value): one.shared for one in contact_points.live(session, [customer.id, *others])}
    return [name for name in values if values[name] != before[name]] + (["contacts"] if points != wanted else [])


def _birthday(entry: CustomerEntry) -> str | None:
    return None if entry.company or not entry.birthday else entry.birthday


def _lunar(entry: CustomerEntry) -> bool | None:
    """Whether the birthday is a lunar one; nothing is said of a card that has none, and no is what is said of most."""
    return True if entry.lunar_birthday and _birthday(entry) else None


def _met(given: date | None) -> date:
    today = roles.today()
    if given is not None and given > today:
        raise RecordError(_("The first contact cannot be after today."))
    return given or today


def _status(before: str, value: int | None, *, ordered: bool) -> str:
    """Who bought or ordered in twelve months is active; who did before, and no more, is dormant."""
    if before == "merged":
        return before
    return "active" if ordered or (value and value > 0) else "dormant" if before == "active" else before


def _ordered(session: Session, on: date) -> set[int]:
    """Return who has ordered from sales in the twelve months up to a day; of merged cards, the one that was kept."""
    query = select(OPPORTUNITIES.c.party_id).where(
        OPPORTUNITIES.c.order_no.is_not(None), OPPORTUNITIES.c.closed_on.between(on - YEAR, on)
    )
    return {family.kept(session, number) for number in session.scalars(query.distinct())}


def _by_kept(session: Session, values: Mapping[int, int]) -> dict[int, int]:
    query = select(Party.id, Party.merged_into_id).where(Party.kind == "customer", Party.merged_into_id.is_not(None))
    into = {one: other for one, other in session.execute(query) if other is not None}
    found: dict[int, int] = {}
    for customer, value in values.items():
        kept = _last(customer, into.get)
        found[kept] = found.get(kept, 0) + value
    return found


def _last(customer: int, into: Callable[[int], int | None]) -> int:
    while (further := into(customer)) is not None:
        customer = further
    return customer
