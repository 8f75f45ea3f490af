"""Two cards of one customer made one, and made two again.

Nothing is moved: what hangs on the merged card (contact points, consents, complaints, ids of other systems) stays
there, and is read with the kept one as one family. So undoing puts everything back.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.customer import access, cards, duplicate_list
from marketbook.customer.card import Customer, CustomerMerge
from marketbook.kit.errors import RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Party
from marketbook.kit.store import acting, now

COMPARED = ("name", "company", "birthday", "needs", "preferences", "owner_id", "met_on")
"""What may differ between two cards, and of which one is chosen."""

_RANK = ("prospect", "dormant", "active")


def merge(
    session: Session, kept: Customer, merged: Customer, *, versions: tuple[int, int], reason: str, actor: int,
    take: Collection[str] = (),
) -> CustomerMerge:  # fmt: skip
    """Make two cards one.

    Args:
        session: A writing session.
        kept: The card that stays.
        merged: The card that is put into it.
        versions: Of the two, as the actor saw them.
        reason: Why they are the same.
        actor: Who says so.
        take: Which of `COMPARED` are taken from the merged card; what is empty on the kept one is taken anyway.

    Raises:
        AccessError: The actor may not.
        StaleCardError: Somebody changed one since the actor saw it.
        RecordError: It is one card, one of them is merged already, there is no reason, or a field is none.
    """
    access.check_writer(session, actor)
    if kept.id == merged.id:
        raise RecordError(_("A card cannot be merged into itself."))
    if not reason.strip():
        raise RecordError(_("Please say why the two are the same customer."))
    if unknown := sorted(set(take) - set(COMPARED)):
        raise RecordError(
            _("{found} cannot be taken over; allowed are {allowed}.").format(
                found=", ".join(unknown), allowed=", ".join(COMPARED)
            )
        )
    for one, version in zip((kept, merged), versions, strict=True):
        cards.check_seen(session, one, version)
    with acting(session, actor):
        taken = _taken(session, kept, merged, take)
        made = _note(session, kept, merged, taken, reason.strip(), actor)
        party = session.get_one(Party, merged.id)
        party.status, party.merged_into_id = "merged", kept.id
        cards.put(session, kept, taken)
        for one in (kept, merged):
            cards.count(session, one, ["merge"])
        duplicate_list.drop(session, merged.id)
    return made


def undo(session: Session, merged: Customer, *, actor: int) -> CustomerMerge:
    """Make a merged card one of its own again.

    What the kept card took from it goes back to what it was before, unless somebody has changed it since.

    Raises:
        AccessError: The actor may not.
        RecordError: The card is not merged, or the one into which it is merged is merged itself.
    """
    access.check_writer(session, actor)
    found = session.scalar(
        select(CustomerMerge).where(CustomerMerge.merged_id == merged.id, CustomerMerge.undone_at.is_(None))
    )
    party = session.get_one(Party, merged.id)
    if found is None:
        raise RecordError(_("{name} ({number}) is not merged.").format(name=party.name, number=party.id))
    kept = cards.named(session, found.kept_id)
    cards.check_open(session, kept)
    with acting(session, actor):
        found.undone_by_id, found.undone_at = actor, now()
        session.flush()
        party.status, party.merged_into_id = found.former["merged_status"], None
        cards.put(session, kept, _put_back(session, kept, found))
        for one in (kept, merged):
            cards.count(session, one, ["merge"])
    return found


def merges(session: Session, customer_ids: Collection[int]) -> list[CustomerMerge]:
    """Return every merge of some cards, and what became of it, in order."""
    ids = list(customer_ids)
    either = CustomerMerge.kept_id.in_(ids) | CustomerMerge.merged_id.in_(ids)
    return list(session.scalars(select(CustomerMerge).where(either).order_by(CustomerMerge.id)))


def _taken(session: Session, kept: Customer, merged: Customer, take: Collection[str]) -> dict[str, Any]:
    """Return what the kept card gets; a customer who buys stays one."""
    own, others = cards.read(session, kept, (*COMPARED, "status")), cards.read(session, merged, (*COMPARED, "status"))
    found = {
        name: others[name] for name in COMPARED
        if others[name] != own[name] and (name in take or (own[name] in (None, "") and others[name]))
    }  # fmt: skip
    if "birthday" in found:
        found["lunar_birthday"] = merged.lunar_birthday
    if _RANK.index(others["status"]) > _RANK.index(own["status"]):
        found["status"] = others["status"]
    return found


def _note(
    session: Session, kept: Customer, merged: Customer, taken: Mapping[str, Any], reason: str, actor: int
) -> CustomerMerge:
    former = {**cards.read(session, kept, taken), "merged_status": session.get_one(Party, merged.id).status}
    made = CustomerMerge(
        kept_id=kept.id, merged_id=merged.id, reason=reason, former=_plain(former), taken=_plain(taken),
        merged_by_id=actor, merged_at=now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def _put_back(session: Session, kept: Customer, found: CustomerMerge) -> dict[str, Any]:
    now_there = _plain(cards.read(session, kept, found.taken))
    untouched = [name for name, value in found.taken.items() if now_there[name] == value]
    return {name: _value(name, found.former[name]) for name in untouched}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _value(name: str, plain: Any) -> Any:  # noqa: ANN401  # a field's
    return date.fromisoformat(plain) if name == "met_on" else plain
