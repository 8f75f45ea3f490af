"""More audit tests of claims: what was done on a day off, and sums that are suspiciously round."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.expense.checks import Finding
from marketbook.expense.guards import LIVE
from marketbook.expense.tables import ExpenseClaim
from marketbook.kit.config import settings
from marketbook.kit.language import format_date
from marketbook.kit.language import gettext as _
from marketbook.kit.records.calendar import is_workday
from marketbook.office.budget_line import money

ROUND = 100_000
"""A sum is round where it is a multiple of this, in fen: of a thousand yuan."""


def everything(session: Session, *, first: date, last: date) -> list[Finding]:
    """Return what these tests find among the claims that were paid from a day to another."""
    query = select(ExpenseClaim).where(ExpenseClaim.status.in_(LIVE), ExpenseClaim.paid_on.between(first, last))
    claims = list(session.scalars(query.order_by(ExpenseClaim.id)))
    return [*weekend(claims), *round_sums(claims)]


def weekend(claims: Sequence[ExpenseClaim]) -> Iterator[Finding]:
    """Find claims that were entered or paid on a weekend or a public holiday."""
    for claim in claims:
        entered = claim.entered_at.astimezone(settings().zone).date()
        off = [day for day in (entered, claim.paid_on) if day is not None and not is_workday(day)]
        if off:
            days = _(" and ").join(format_date(day) for day in dict.fromkeys(off))
            said = _("{claim}: {total} was entered or paid on a day off, {days}.")
            yield _finding("weekend", claim, said, days=days)


def round_sums(claims: Sequence[ExpenseClaim]) -> Iterator[Finding]:
    """Find reimbursements of a round sum: receipts seldom add up to one."""
    for claim in claims:
        amount = claim.amount_minor or 0
        if claim.kind == "reimbursement" and amount and amount % ROUND == 0:
            yield _finding("round_sum", claim, _("{claim}: {total} is a round sum; receipts seldom add up to one."))


def _finding(test: str, claim: ExpenseClaim, said: str, **about: str) -> Finding:
    amount = claim.amount_minor or 0
    return Finding(test, (claim.id,), amount, said.format(claim=claim.number, total=money(amount), **about))
