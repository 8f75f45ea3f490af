"""What a claim must have for each step, and what its payment writes down. `guards` hold the database to the same."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketbook.expense import invoices
from marketbook.expense.guards import LIVE
from marketbook.expense.tables import ExpenseClaim, ExpenseLine, Invoice
from marketbook.kit.config import settings
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import Record, RecordType, StatusChange, types
from marketbook.office import budget_line
from marketbook.office.budget_line import BudgetLine, money

UNPLANNED = ".unplanned"
"""Ends the category of a claim that spends on a line which the approved plan did not have."""

SHORTEST_PURPOSE = 10


def lines(session: Session, *, claim_id: int) -> list[ExpenseLine]:
    """Return a claim's lines, the first one first."""
    return list(session.scalars(select(ExpenseLine).where(ExpenseLine.claim_id == claim_id).order_by(ExpenseLine.id)))


def category(found: Iterable[BudgetLine]) -> str:
    """Return by which threshold a claim on some budget lines is decided; empty where they are of several categories."""
    touched = list(found)
    names = {line.category for line in touched}
    if len(names) != 1:
        return ""
    return names.pop() + (UNPLANNED if any(line.original == 0 for line in touched) else "")


def rest(session: Session, *, request_id: int, but: int = 0) -> dict[int, int]:
    """Return what payments have left of a request's reservation, by budget line, in fen.

    Args:
        session: A session of either kind.
        request_id: Which request.
        but: A payment that does not count.
    """
    total = func.sum(ExpenseLine.amount)
    by_line: Any = select(ExpenseLine.budget_line_id, total).group_by(ExpenseLine.budget_line_id)
    taken = by_line.join(ExpenseClaim, ExpenseClaim.id == ExpenseLine.claim_id).where(
        ExpenseClaim.request_id == request_id, ExpenseClaim.id != but, ExpenseClaim.status.in_(LIVE)
    )
    left = {line: int(found) for line, found in session.execute(by_line.where(ExpenseLine.claim_id == request_id))}
    for line, found in session.execute(taken):
        left[line] = left.get(line, 0) - int(found)
    return left


def _missing(session: Session, record: Record, to: str) -> Iterable[str]:
    if not isinstance(record, ExpenseClaim):
        return
    if to in ("finance_reviewed", "paid") and record.kind == "request":
        yield _("A request is opened; its payments are paid.")
    elif to in ("open", "closed") and record.kind != "request":
        yield _("Only a request is opened and closed.")
    elif to == "submitted":
        yield from _incomplete(session, record)
    elif to in ("finance_reviewed", "paid"):
        yield from _not_covered(session, record, lines(session, claim_id=record.id))
    elif to == "closed":
        yield from _in_process(session, record)


def _incomplete(session: Session, claim: ExpenseClaim) -> Iterable[str]:
    own = lines(session, claim_id=claim.id)
    if len(claim.purpose) < SHORTEST_PURPOSE:
        yield _("Its purpose needs at least {count} characters.").format(count=SHORTEST_PURPOSE)
    if not own:
        yield _("It has no lines.")
        return
    asked: dict[int, int] = {}
    for line in own:
        asked[line.budget_line_id] = asked.get(line.budget_line_id, 0) + line.amount
    found = [budget_line.named(session, number) for number in asked]
    if category(found) != claim.category or not claim.category or sum(asked.values()) != claim.amount_minor:
        yield _("Its lines must be of one budget category; save it anew.")
    left = _request_left(session, claim)
    for touched in found:
        yield from _over_budget(session, touched, asked[touched.id], left)
    if claim.request_id is not None and left is None:
        yield _("The request that it names is not open.")
    if claim.kind != "request":
        yield from _not_invoiced(session, claim, own)


def _request_left(session: Session, claim: ExpenseClaim) -> dict[int, int] | None:
    if claim.request_id is None:
        return None
    status = session.scalar(select(Record.status).where(Record.id == claim.request_id))
    return rest(session, request_id=claim.request_id, but=claim.id) if status == "open" else None


def _over_budget(session: Session, line: BudgetLine, asked: int, left: dict[int, int] | None) -> Iterable[str]:
    if budget_line.plan_status(session, line) not in budget_line.SPENDING:
        yield _("{line}: its plan is not in force.").format(line=line.called)
    available = line.available if left is None else left.get(line.id, 0)
    if asked > available:
        said = _("{line}: {left} is left, {asked} is asked for.") if left is None else _(
            "{line}: {left} is left of the request, {asked} is asked for."
        )  # fmt: skip
        yield said.format(line=line.called, left=money(available), asked=money(asked))


def _not_invoiced(session: Session, claim: ExpenseClaim, own: list[ExpenseLine]) -> Iterable[str]:
    bare = [line.description for line in own if line.invoice_id is None]
    if bare and not claim.prepaid:
        yield _("These lines have no invoice: {lines}.").format(lines=_(", ").join(bare))
    for invoice, of_it in _by_invoice(session, own):
        yield from invoices.unfit(session, claim, invoice, of_it)
    yield from _not_covered(session, claim, own)


def _not_covered(session: Session, claim: ExpenseClaim, own: list[ExpenseLine]) -> Iterable[str]:
    for invoice, of_it in _by_invoice(session, own):
        yield from invoices.short(session, invoice, more=sum(map(invoices.face, of_it)), but=claim.id)


def _by_invoice(session: Session, own: list[ExpenseLine]) -> list[tuple[Invoice, list[ExpenseLine]]]:
    numbers = sorted({line.invoice_id for line in own if line.invoice_id is not None})
    return [
        (session.get_one(Invoice, number), [line for line in own if line.invoice_id == number]) for number in numbers
    ]


def _in_process(session: Session, claim: ExpenseClaim) -> Iterable[str]:
    open_ = [status for status in LIVE if status != "paid"]
    query = select(ExpenseClaim.number).where(ExpenseClaim.request_id == claim.id, ExpenseClaim.status.in_(open_))
    if numbers := list(session.scalars(query.order_by(ExpenseClaim.id))):
        yield _("Payments are still in process: {numbers}.").format(numbers=_(", ").join(numbers))


def _effect(session: Session, record: Record, change: StatusChange) -> None:
    if isinstance(record, ExpenseClaim) and change.to_status == "paid":
        record.paid_on = change.at.astimezone(settings().zone).date()
        session.flush()


CLAIM = types.register(
    RecordType(
        name="expense_claim",
        title=mark("Claim"),
        prefix="EX",
        first="draft",
        statuses={
            "draft": mark("draft"),
            "submitted": mark("submitted"),
            "manager_approved": mark("approved by the manager"),
            "director_approved": mark("approved by the director"),
            "finance_reviewed": mark("reviewed by finance"),
            "paid": mark("paid"),
            "open": mark("open for payments"),
            "closed": mark("closed"),
            "rejected": mark("rejected"),
            "withdrawn": mark("withdrawn"),
        },
        missing=_missing,
        effect=_effect,
        tables=("expense_claim",),
        steps={
            "finance_reviewed": mark("Confirm the review"),
            "paid": mark("Note the payment"),
            "open": mark("Open for payments"),
        },
        readers=frozenset({"finance"}),
    )
)
