"""Audit tests of claims: what someone should look at. Each finds, and none of them refuses anything."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import itemgetter

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from marketbook.expense import invoices
from marketbook.expense.guards import LIVE
from marketbook.expense.tables import ExpenseClaim, ExpenseLine, Invoice
from marketbook.kit.config import settings
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Attachment, Transition
from marketbook.office.budget_line import money

DUPLICATE_DAYS = 30
SPLIT_DAYS = 7


@dataclass(frozen=True)
class Finding:
    """Claims that someone should look at.

    Attributes:
        test: Which test found it.
        claims: Their ids.
        amount: What it is about, in fen.
        text: Why, in the reader's language.
    """

    test: str
    claims: tuple[int, ...]
    amount: int
    text: str


def everything(session: Session, *, since: date, on: date) -> list[Finding]:
    """Return what all tests find.

    Args:
        session: A session of either kind.
        since: The day from which on claims are compared with one another.
        on: The day on which it is asked.
    """
    claims = entered(session, since=since)
    return [
        *duplicates(claims), *split(session, claims), *same_files(session), *taken_back(session),
        *overdue(session, on=on),
    ]  # fmt: skip


def entered(session: Session, *, since: date) -> list[ExpenseClaim]:
    """Return the claims that count and were entered since a day, the first one first."""
    start = datetime.combine(since, time(), settings().zone)
    query = select(ExpenseClaim).where(ExpenseClaim.status.in_(LIVE), ExpenseClaim.entered_at >= start)
    return list(session.scalars(query.order_by(ExpenseClaim.entered_at, ExpenseClaim.id)))


def about(session: Session, claim: ExpenseClaim, *, since: date) -> list[ExpenseClaim]:
    """Return the claims that one is compared with: those of its owner or its vendor, itself among them."""
    start = datetime.combine(since, time(), settings().zone)
    whose = ExpenseClaim.owner_id == claim.owner_id
    if claim.vendor_id is not None:
        whose = or_(whose, ExpenseClaim.vendor_id == claim.vendor_id)
    query = select(ExpenseClaim).where(whose, ExpenseClaim.status.in_(LIVE), ExpenseClaim.entered_at >= start)
    return list(session.scalars(query.order_by(ExpenseClaim.entered_at, ExpenseClaim.id)))


def duplicates(claims: Sequence[ExpenseClaim], *, days: int = DUPLICATE_DAYS) -> Iterator[Finding]:
    """Find payments of one amount to one payee within some days."""
    paying = [claim for claim in claims if claim.kind != "request"]
    for near in _near(paying, lambda one: (one.vendor_id or 0, one.vendor_id or one.owner_id, _amount(one)), days):
        said = _("{claims}: the same amount, {total} in all, to the same payee within {days} days.")
        yield _finding("duplicate", near, said, days=days)


def split(session: Session, claims: Sequence[ExpenseClaim], *, days: int = SPLIT_DAYS) -> Iterator[Finding]:
    """Find claims of one owner in one category that stay below the director's threshold and together reach it."""
    least = director_from(session)
    small = [claim for claim in claims if _amount(claim) < least.get(claim.category, 0)]
    for near in _near(small, lambda one: (one.kind, one.owner_id, one.category), days):
        if sum(map(_amount, near)) >= least[near[0].category]:
            said = _("{claims}: each stays below the director's threshold; within {days} days they are {total}.")
            yield _finding("split", near, said, days=days)


def same_files(session: Session, *, claim: int | None = None) -> Iterator[Finding]:
    """Find files of invoices that are attached to several claims.

    Args:
        session: A session of either kind.
        claim: Only files of this claim.
    """
    query = (
        select(Attachment.sha256, ExpenseClaim)
        .join(ExpenseClaim, ExpenseClaim.id == Attachment.record_id)
        .where(Attachment.kind == "invoice", Attachment.removed_at.is_(None), ExpenseClaim.status.in_(LIVE))
        .order_by(Attachment.sha256, ExpenseClaim.id)
    )
    if claim is not None:
        query = query.where(Attachment.sha256.in_(select(Attachment.sha256).where(Attachment.record_id == claim)))
    for _sha256, rows in groupby(session.execute(query), key=itemgetter(0)):
        found = [row[1] for row in rows]
        if len(found) > 1:
            yield _finding("same_file", found, _("{claims}: the same invoice file is attached to each of them."))


def taken_back(session: Session) -> Iterator[Finding]:
    """Find claims whose invoice a red-letter one has taken back since."""
    red = select(Invoice.red_of_id).where(Invoice.red_of_id.is_not(None))
    for invoice in session.scalars(select(Invoice).where(Invoice.id.in_(red)).order_by(Invoice.id)):
        if invoices.left(session, invoice) < 0:
            own = select(ExpenseLine.claim_id).where(ExpenseLine.invoice_id == invoice.id)
            query = select(ExpenseClaim).where(ExpenseClaim.id.in_(own), ExpenseClaim.status.in_(LIVE))
            said = _("{claims}: invoice {invoice} was taken back after it was claimed.")
            yield _finding("taken_back", list(session.scalars(query)), said, invoice=invoice.called)


def overdue(session: Session, *, on: date) -> Iterator[Finding]:
    """Find prepayments whose invoice should have come."""
    bare = select(ExpenseLine.claim_id).where(ExpenseLine.invoice_id.is_(None))
    query = select(ExpenseClaim).where(
        ExpenseClaim.status == "paid", ExpenseClaim.invoice_due_on < on, ExpenseClaim.id.in_(bare)
    )
    for claim in session.scalars(query.order_by(ExpenseClaim.id)):
        said = _("{claims}: {total} was paid before its invoice, which was due on {due} and has not come.")
        yield _finding("overdue_invoice", [claim], said, due=claim.invoice_due_on)


def director_from(session: Session) -> dict[str, int]:
    """Return from which amount the director decides too, by category, in fen."""
    query = select(Transition.category, func.min(Transition.amount_from)).where(
        Transition.type == "expense_claim", Transition.to_status == "director_approved", Transition.in_force
    )
    return {category: int(amount) for category, amount in session.execute(query.group_by(Transition.category))}


def _near(
    claims: Sequence[ExpenseClaim], key: Callable[[ExpenseClaim], tuple[object, ...]], days: int
) -> Iterator[list[ExpenseClaim]]:
    """Return the claims that are alike and were entered within some days of the first of them, where there are two."""
    alike: dict[tuple[object, ...], list[ExpenseClaim]] = {}
    for claim in claims:
        run = alike.setdefault(key(claim), [])
        if run and claim.entered_at - run[0].entered_at > timedelta(days=days):
            if len(run) > 1:
                yield list(run)
            run.clear()
        run.append(claim)
    yield from (run for run in alike.values() if len(run) > 1)


def _amount(claim: ExpenseClaim) -> int:
    return claim.amount_minor or 0


def _finding(test: str, claims: Sequence[ExpenseClaim], said: str, **about: object) -> Finding:
    total = sum(map(_amount, claims))
    numbers = _(", ").join(claim.number for claim in claims)
    text = said.format(claims=numbers, total=money(total), **about)
    return Finding(test, tuple(claim.id for claim in claims), total, text)
