"""The monthly audit pack: which payments to look at, what the tests found, and how each finding was closed.

An auditor closes a finding once, with a decision that stays: the table only grows, and the audit log holds it.
"""

import hashlib
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketbook.expense import checks, unusual
from marketbook.expense.budget_year import last_over
from marketbook.expense.checks import Finding
from marketbook.expense.data import CLAIMS
from marketbook.expense.tables import ExpenseClaim
from marketbook.kit.config import settings
from marketbook.kit.errors import AccessError, DataError, RecordError
from marketbook.kit.facts import Rows, view
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import Party, documents, roles
from marketbook.kit.store import Base, Moment, Store, acting, audit, now
from marketbook.kit.store.triggers import Trigger, append_only
from marketbook.office.data import AUDIT_LOG

TESTS = {
    "duplicate": mark("Paid twice"),
    "split": mark("Split claims"),
    "same_file": mark("Same invoice file"),
    "taken_back": mark("Invoice taken back"),
    "overdue_invoice": mark("Invoice overdue"),
    "weekend": mark("On a day off"),
    "round_sum": mark("Round sum"),
}
"""What the tests are called."""

STANDING = ("taken_back", "overdue_invoice")
"""Tests whose findings stand until they are settled, whichever month their claims are of."""

SAMPLE_SHARE = 0.1
SAMPLE_LEAST = 5


class FindingClosed(Base):
    """An auditor's decision on a finding; there is one for each.

    Attributes:
        key: Which finding: its test and its claims.
        decision: What was found out and what follows.
    """

    __tablename__ = "finding_closed"
    __table_args__ = (
        CheckConstraint("decision <> ''", name="decision"),
        Index("uq_finding_closed_key", "key", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    test: Mapped[str] = mapped_column(String(30))
    decision: Mapped[str] = mapped_column(Text)
    closed_by_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    closed_at: Mapped[datetime] = mapped_column(Moment)


@dataclass(frozen=True)
class Judged:
    """A finding, and the decision that closed it.

    Attributes:
        finding: What a test found.
        decision: What was found out and what follows; empty while it is open.
        by: Who closed it.
        on: When; None while it is open.
    """

    finding: Finding
    decision: str = ""
    by: str = ""
    on: date | None = None


@dataclass(frozen=True)
class Inspection:
    """What an audit pack is made of.

    Attributes:
        month: Which month: `2026-06`.
        seed: The start of the random numbers; the same seed draws the same sample.
        paid: One row per claim paid in the month, as the view `claims` has them, with `why` it is looked at: `above`
            the director's threshold, `drawn`, or empty.
        findings: What the tests found.
        closed: The decisions on findings: one row each, `key`, `decision`, `by`, `date`.
        numbers: The claims' numbers by id.
        verified: What became of checking the audit log.
        head: The log's head.
        witnesses: How many heads that earlier reports noted were compared with it.
        currency: Of the amounts.
    """

    month: str
    seed: int
    paid: pd.DataFrame = field(repr=False)
    findings: tuple[Finding, ...] = field(repr=False)
    closed: pd.DataFrame = field(repr=False)
    numbers: dict[int, str] = field(repr=False)
    verified: audit.Verified
    head: audit.Head
    witnesses: int
    currency: str = "CNY"

    @property
    def days(self) -> tuple[date, date]:
        """The month's first and last day."""
        period = pd.Period(self.month, "M")
        return period.start_time.date(), period.end_time.date()


def read_inspection(store: Store, *, month: str | None = None, seed: int = 1) -> Inspection:
    """Draw the sample of a month, run the tests, and check the audit log.

    Args:
        store: The records.
        month: Which month: `2026-06`. None: the last that is over in which something was paid.
        seed: The start of the random numbers.

    Raises:
        DataError: The month is still to come.
    """
    with store.reading() as session:
        chosen = month or last_paid(session)
        first, last = _days(chosen)
        view.note(session, AUDIT_LOG)
        paid = view.read(session, CLAIMS, Rows("claims").being(status="paid").between("paid_on", first, last))
        found = _found(session, first, last)
        heads = audit.noted(session)
        return Inspection(
            month=chosen,
            seed=seed,
            paid=paid.assign(why=drawn(paid, checks.director_from(session), month=chosen, seed=seed)),
            findings=tuple(found),
            closed=_closed(session, found),
            numbers=_numbers(session, found),
            verified=audit.verify(session, witnesses=heads),
            head=audit.head(session),
            witnesses=len(heads),
            currency=settings().currency,
        )


def judged(session: Session, *, month: str) -> list[Judged]:
    """Return what the tests find in a month, as its audit pack does: the open findings first, then by amount.

    Args:
        session: A session of either kind.
        month: Which month: `2026-06`.

    Raises:
        DataError: The month is still to come.
    """
    found = _found(session, *_days(month))
    made = [
        Judged(one) if row is None else Judged(one, row["decision"], row["by"], row["date"].date())
        for one, row in results_of(found, _closed(session, found))
    ]
    return sorted(made, key=lambda one: (bool(one.decision), -one.finding.amount))


def last_paid(session: Session) -> str:
    """Return the last month that is over in which something was paid; where nothing was, the last that is over."""
    over = last_over(roles.today())
    first_of_next = date.fromisoformat(f"{over}-01") + timedelta(days=31)
    query = select(ExpenseClaim.paid_on).where(ExpenseClaim.paid_on < first_of_next.replace(day=1))
    day = session.scalar(query.order_by(ExpenseClaim.paid_on.desc()).limit(1))
    return f"{day:%Y-%m}" if day else over


def drawn(paid: pd.DataFrame, thresholds: dict[str, int], *, month: str, seed: int) -> list[str]:
    """Say why each payment of a month is looked at: all above the director's threshold, and a tenth of the others.

    Args:
        paid: One row per payment: `claim`, `category`, `amount_minor`.
        thresholds: From which amount on the director decides too, by category, in fen.
        month: Which month: it is part of the seed, so that each month draws anew.
        seed: The start of the random numbers.

    Returns:
        `above`, `drawn` or nothing, one for each row: of the others at least five, where there are five.
    """
    lows = [thresholds.get(category, thresholds.get("")) for category in paid["category"]]
    above = [low is not None and amount >= low for low, amount in zip(lows, paid["amount_minor"], strict=True)]
    others = np.flatnonzero(~np.array(above, dtype=bool))
    count = min(len(others), max(SAMPLE_LEAST, -(-len(others) // round(1 / SAMPLE_SHARE))))
    order = others[np.argsort(paid["claim"].to_numpy()[others])] if len(others) else others
    rng = np.random.default_rng([seed, int(month.replace("-", ""))])
    chosen = set(rng.choice(order, count, replace=False)) if count else set()
    return ["above" if high else "drawn" if place in chosen else "" for place, high in enumerate(above)]


def key_of(finding: Finding) -> str:
    """Return what a finding is known by: its test and its claims."""
    claims = ",".join(str(number) for number in sorted(finding.claims))
    return hashlib.sha256(f"{finding.test}:{claims}".encode()).hexdigest()


def close(session: Session, finding: Finding, *, decision: str, actor: int) -> FindingClosed:
    """Close a finding with a decision, which stays.

    Args:
        session: A writing session.
        finding: Which one.
        decision: What was found out and what follows.
        actor: An auditor.

    Raises:
        AccessError: The actor is no auditor.
        RecordError: It was closed before, or the decision is empty.
    """
    if "auditor" not in roles.held(session, party_id=actor):
        raise AccessError(_("Only an auditor closes a finding."))
    written = decision.strip()
    if not 1 <= len(written) <= 2_000:
        raise RecordError(_("decision: must have 1 to {most} characters.").format(most=2_000))
    key = key_of(finding)
    if session.scalar(select(FindingClosed.id).where(FindingClosed.key == key)) is not None:
        raise RecordError(_("This finding was closed before; its decision stays."))
    made = FindingClosed(
        key=key, test=finding.test, decision=written, closed_by_id=documents.at_work(session, actor).id, closed_at=now()
    )
    with acting(session, actor):
        session.add(made)
    return made


def of_findings(connection: Connection) -> list[Trigger]:
    """Return the triggers of closed findings: the table only grows."""
    return [*append_only("finding_closed"), *audit.audited(connection, "finding_closed")]


def _found(session: Session, first: date, last: date) -> list[Finding]:
    since = first - timedelta(days=checks.DUPLICATE_DAYS)
    claims = checks.entered(session, since=since)
    month = {claim.id for claim in claims if first <= _day(claim.entered_at) <= last}
    month |= set(session.scalars(select(ExpenseClaim.id).where(ExpenseClaim.paid_on.between(first, last))))
    every = [
        *checks.everything(session, since=since, on=last), *unusual.everything(session, first=first, last=last),
    ]  # fmt: skip
    return [one for one in every if one.test in STANDING or month & set(one.claims)]


def _numbers(session: Session, findings: Sequence[Finding]) -> dict[int, str]:
    wanted = {number for one in findings for number in one.claims}
    query = select(ExpenseClaim.id, ExpenseClaim.number).where(ExpenseClaim.id.in_(wanted))
    return {key: number for key, number in session.execute(query)}  # noqa: C416  # a row is no pair to mypy


def _closed(session: Session, findings: Sequence[Finding]) -> pd.DataFrame:
    query = (
        select(FindingClosed.key, FindingClosed.decision, Party.name.label("by"), FindingClosed.closed_at)
        .join(Party, Party.id == FindingClosed.closed_by_id)
        .where(FindingClosed.key.in_([key_of(one) for one in findings]))
    )
    rows = [(key, decision, by, pd.Timestamp(_day(at))) for key, decision, by, at in session.execute(query)]
    return pd.DataFrame(rows, columns=["key", "decision", "by", "date"])


def _days(month: str) -> tuple[date, date]:
    """Return the first and the last day of a month that has begun."""
    period = pd.Period(month, "M")
    if period.start_time.date() > roles.today():
        raise DataError(_("month: {month} is still to come; there is nothing to inspect.").format(month=month))
    return period.start_time.date(), period.end_time.date()


def _day(moment: datetime) -> date:
    return moment.astimezone(settings().zone).date()


def results_of(
    findings: Sequence[Finding], closed: pd.DataFrame
) -> Iterator[tuple[Finding, dict[Hashable, Any] | None]]:
    """Return each finding with its decision, or without."""
    decisions = {str(row["key"]): row for row in closed.to_dict("records")}
    for one in findings:
        yield one, decisions.get(key_of(one))
