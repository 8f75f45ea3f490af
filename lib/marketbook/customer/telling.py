"""A customer's whole story by time: entries, changes, contact points, consents, merges, complaints, sales."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.customer import access, cards, contacts, family, merging
from marketbook.customer.card import METHODS, PURPOSES, Consent, ContactPoint, Customer
from marketbook.customer.complaint.tables import Complaint
from marketbook.customer.sales import story
from marketbook.kit.language import format_date
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Party, documents, types
from marketbook.kit.store.audit import AuditLog
from marketbook.office import activity
from marketbook.office.activity import Activity, Participation

TOLD_ELSEWHERE = frozenset({"contacts", "merge"})
"""Changes that have rows of their own."""

MOST = 300
"""How many events are told."""


@dataclass(frozen=True)
class Event:
    """Something that happened with a customer.

    Attributes:
        at: When.
        who: Who did it.
        what: What it was.
        text: More about it; may be empty.
    """

    at: datetime
    who: str
    what: str
    text: str = ""


@dataclass(frozen=True)
class Happened:
    """An event whose actor is a party's id yet; `system` for nobody."""

    at: datetime
    who: int | str
    what: str
    text: str = ""


def of(session: Session, customer_id: int, *, reader: int) -> list[Event]:
    """Return what happened with a customer and with the cards that are merged into it, the newest first.

    Args:
        session: A session of either kind.
        customer_id: Whose card.
        reader: Who reads: numbers are masked for whom they are not.
    """
    ids = family.members(session, customer_id)
    show = contacts.shown if access.may_read_contacts(session, party_id=reader) else contacts.masked
    found = [
        *_entered(session, ids), *_changed(session, ids), *_contacts(session, ids, show), *_consents(session, ids),
        *_merged(session, ids), *_activities(session, ids), *_complaints(session, ids),
        *(Happened(*one) for one in story.told(session, ids, reader=reader)),
    ]  # fmt: skip
    names = _names(session, {one.who for one in found if isinstance(one.who, int)})
    newest = sorted(found, key=lambda one: one.at, reverse=True)[:MOST]
    return [Event(one.at, names.get(one.who, _("the system")), one.what, one.text) for one in newest]


def _entered(session: Session, ids: Sequence[int]) -> Iterator[Happened]:
    query = select(Customer, Party.name).join(Party, Party.id == Customer.id).where(Customer.id.in_(ids))
    for one, name in session.execute(query):
        met = _("First contact on {day}.").format(day=format_date(one.met_on))
        text = _("{name} ({number}): {reason}").format(name=name, number=one.id, reason=met)
        yield Happened(one.entered_at, one.entered_by_id, _("entered"), text)


def _changed(session: Session, ids: Sequence[int]) -> Iterator[Happened]:
    """The log holds which fields were changed, and nothing of what they hold."""
    query = select(AuditLog.at, AuditLog.actor, AuditLog.new).where(
        AuditLog.table_name == "customer", AuditLog.row_key.in_([str(one) for one in ids]), AuditLog.op == "UPDATE"
    )
    for moment, actor, new in session.execute(query):
        touched = [one for one in json.loads(new or "{}")["changed"].split(", ") if one not in TOLD_ELSEWHERE]
        if touched == ["checked_on"]:
            yield Happened(_moment(moment), _actor(actor), _("checked"), _("Everything is right."))
        elif touched:
            yield Happened(_moment(moment), _actor(actor), _("changed"), cards.called(", ".join(touched)))


def _contacts(session: Session, ids: Sequence[int], show: Callable[[str, str], str]) -> Iterator[Happened]:
    for one in session.scalars(select(ContactPoint).where(ContactPoint.customer_id.in_(ids))):
        text = f"{_(contacts.KINDS[one.kind])} {show(one.kind, one.value)}"
        yield Happened(one.added_at, one.added_by_id, _("contact added"), text)
        if one.removed_at is not None and one.removed_by_id is not None:
            yield Happened(one.removed_at, one.removed_by_id, _("contact removed"), text)


def _consents(session: Session, ids: Sequence[int]) -> Iterator[Happened]:
    for one in session.scalars(select(Consent).where(Consent.customer_id.in_(ids))):
        what = _("consent given") if one.given else _("consent withdrawn")
        text = _("{purpose}: {method}, on {day}").format(
            purpose=_(PURPOSES[one.purpose]), method=_(METHODS[one.method]), day=format_date(one.said_on)
        )
        yield Happened(one.recorded_at, one.recorded_by_id, what, text)


def _merged(session: Session, ids: Sequence[int]) -> Iterator[Happened]:
    for one in merging.merges(session, ids):
        other = session.get_one(Party, one.merged_id)
        text = _("{name} ({number}): {reason}").format(name=other.name, number=other.id, reason=one.reason)
        yield Happened(one.merged_at, one.merged_by_id, _("merged"), text)
        if one.undone_at is not None and one.undone_by_id is not None:
            yield Happened(one.undone_at, one.undone_by_id, _("merge undone"), text)


def _activities(session: Session, ids: Sequence[int]) -> Iterator[Happened]:
    query = (
        select(Activity, Participation.result)
        .join(Participation, Participation.activity_id == Activity.id)
        .where(Participation.party_id.in_(ids))
    )
    for one, result in session.execute(query):
        text = _("{title}, due on {day}").format(title=one.title, day=format_date(one.due_on))
        yield Happened(
            one.entered_at,
            one.owner_id,
            _(activity.KINDS[one.kind]),
            "\n".join(filter(None, (text, result or one.outcome))),
        )


def _complaints(session: Session, ids: Sequence[int]) -> Iterator[Happened]:
    query = select(Complaint).where(Complaint.party_id.in_(ids))
    for one in session.scalars(query).all():
        text = _("{number}: {title}").format(number=one.number, title=one.title)
        yield Happened(one.entered_at, one.entered_by_id, _("complaint"), text)
        for step in documents.history(session, record_id=one.id):
            what = types.named(one.type).called(step.to_status)
            yield Happened(step.at, step.actor_id, what, "\n".join(filter(None, (text, step.reason))))


def _names(session: Session, ids: Iterable[int]) -> Mapping[int | str, str]:
    query = select(Party.id, Party.name).where(Party.id.in_(list(ids)))
    return {number: name for number, name in session.execute(query)}  # noqa: C416  # rows are no pairs to mypy


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written).astimezone(UTC)


def _actor(written: str) -> int | str:
    return int(written) if written.isdecimal() else written
