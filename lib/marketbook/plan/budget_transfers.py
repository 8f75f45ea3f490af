"""Asking for a transfer: who will decide and what will be left is said before it is handed in."""

from sqlalchemy.orm import Session

from marketbook.kit.language import format_percent
from marketbook.kit.language import gettext as _
from marketbook.kit.records import parameters, roles
from marketbook.office import budget_line, budget_transfer
from marketbook.office.budget_line import money
from marketbook.office.budget_transfer import SHARE, WITHIN_ITEM, BudgetTransfer, Deciders
from marketbook.plan.budget_entry import TransferEntry


def hand_in(session: Session, entry: TransferEntry, *, actor: int) -> BudgetTransfer:
    """Enter a transfer and hand it in.

    Raises:
        RecordError: The line has not the money, or its plan is not in force.
        AccessError: The actor is no employee at work.
    """
    made = budget_transfer.enter(
        session, title=_title(session, entry), amount=entry.amount_minor, from_line=entry.from_line_id,
        to_line=entry.to_line_id, purpose=entry.purpose, actor=actor,
    )  # fmt: skip
    budget_transfer.submit(session, made, actor=actor, version=made.version)
    return made


def foretold(session: Session, entry: TransferEntry, *, actor: int) -> str:
    """Say who would decide on a transfer, and what would be left.

    Raises:
        RecordError: There is no such line.
    """
    about = {"from_line": entry.from_line_id, "to_line": entry.to_line_id}
    found = budget_transfer.deciders(session, **about, amount=entry.amount_minor, actor=actor)
    return " ".join(part for part in (_decides(session, found), _left(session, entry)) if part)


def _decides(session: Session, found: Deciders) -> str:
    names = _(", ").join(found.names) or _("nobody today")
    if found.category == WITHIN_ITEM:
        share = format_percent(int(parameters.value(session, SHARE.name, on=roles.today())) / 10_000)
        told = _("{role} alone decides ({names}): it stays within one item, and within {share} of it in this quarter.")
        return told.format(role=found.role, names=names, share=share)
    return _("{role} decides ({names}).").format(role=found.role, names=names)


def _left(session: Session, entry: TransferEntry) -> str:
    if entry.from_line_id is None:
        return _("The budget as a whole grows by it.")
    line = budget_line.named(session, entry.from_line_id)
    if line.available < entry.amount_minor:
        told = _("But {line} has only {available} left: it would be refused.")
        return told.format(line=line.called, available=money(line.available))
    left = money(line.available - entry.amount_minor)
    told = _("{line} has {left} left then.").format(line=line.called, left=left)
    return told if entry.to_line_id is not None else f"{told} {_('The budget as a whole shrinks by it.')}"


def _title(session: Session, entry: TransferEntry) -> str:
    ends = [number and budget_line.named(session, number).called for number in (entry.from_line_id, entry.to_line_id)]
    return _("{origin} → {target}").format(origin=ends[0] or _("increase"), target=ends[1] or _("cut"))[:200]
