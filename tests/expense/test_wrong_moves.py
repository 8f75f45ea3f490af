"""Every wrong move with money is refused on both engines, says why, and leaves every figure as it was."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.office import planning
from tests.office.company import (
    LIMIT,
    PURPOSE,
    House,
    approved,
    budget,
    claim,
    figures,
    invoice,
    paid,
    plan,
    request,
    reviewed,
    step,
    submitted,
    walk,
)

from marketbook.expense import invoices, rules, service
from marketbook.expense.params import Abroad, ClaimEntry, LineEntry
from marketbook.expense.tables import ExpenseClaim, Invoice
from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.records import StaleError, documents, files, roles
from marketbook.kit.store import audit

Made = Callable[[House, int], int]
Move = Callable[[House, int, int], object]

REFUSED = (RecordError, AccessError, DBAPIError, StaleError)


def to(status: str, who: str, reason: str = "因为") -> Move:
    def move(house: House, number: int, _line: int) -> None:
        actor = {**vars(house.people), "deputy": house.deputy}[who]
        with house.store.writing() as session:
            step(session, session.get_one(ExpenseClaim, number), status, actor, reason)

    return move


def raw(statement: str) -> Move:
    def move(house: House, number: int, line: int) -> None:
        about = {"n": number, "line": line, **vars(house.people)}
        with house.store.writing(actor="system:test") as session:
            session.execute(text(statement.format(**about)))

    return move


def managers(made: Callable[..., int], **about: object) -> Made:
    return lambda house, line: made(house, line, owner=house.people.manager, **about)


def uncovered(house: House, line: int, **about: object) -> int:
    """Enter a claim whose only invoice is worth less, or is another one than it should be."""
    with house.store.writing() as session:
        made = session.get_one(ExpenseClaim, claim(house, line, invoiced=False, session=session))
        vendor = int(about.pop("vendor", house.vendor))  # type: ignore[call-overload]
        found = invoice(session, made, int(about.pop("total", 99_999)), vendor, **about)  # type: ignore[call-overload]
        rewrite(house, made.id, line, session=session, invoice_id=found.id)
        return made.id


def rewrite(house: House, number: int, line: int, *, session: object = None, **about: object) -> None:
    if session is None:
        with house.store.writing() as own:
            return rewrite(house, number, line, session=own, **about)
    made = session.get_one(ExpenseClaim, number)  # type: ignore[attr-defined]
    own = LineEntry.model_validate({"budget_line_id": line, "description": "搭建", "amount": 100_000, **about})
    entry = ClaimEntry(kind="reimbursement", title="改", purpose=PURPOSE, lines=[own])
    service.correct(session, made, entry, actor=made.owner_id, version=made.version)  # type: ignore[arg-type]
    return None


def used(house: House, line: int) -> int:
    """Enter a claim with the invoice of another that was handed in."""
    first = submitted(house, line)
    number = claim(house, line, invoiced=False)
    with house.store.writing() as session:
        taken = rules.lines(session, claim_id=first)[0].invoice_id
        rewrite(house, number, line, session=session, invoice_id=taken)
    return number


def red_after_the_manager(house: House, line: int) -> int:
    number = approved(house, line)
    with house.store.writing() as session:
        made, own = session.get_one(ExpenseClaim, number), rules.lines(session, claim_id=number)[0]
        invoice(session, made, -1, house.vendor, red_of_id=own.invoice_id)
    return number


def without_file(house: House, line: int) -> int:
    number = claim(house, line)
    with house.store.writing() as session:
        files.remove(session, files.listed(session, record_id=number)[0], actor=house.people.sales)
    return number


def same_invoice_again(house: House, number: int, _line: int) -> None:
    with house.store.writing() as session:
        made = session.get_one(ExpenseClaim, number)
        found = session.get_one(Invoice, rules.lines(session, claim_id=number)[0].invoice_id)
        wide = "".join(chr(ord(digit) + 0xFEE0) for digit in found.number)
        invoice(session, made, 5, house.vendor, number=f" {wide}")


def stale(house: House, number: int, line: int) -> None:
    rewrite(house, number, line)
    with house.store.writing() as session:
        made = session.get_one(ExpenseClaim, number)
        documents.edit(session, made, {"purpose": "x"}, actor=house.people.sales, version=made.version - 1)


def another_category(house: House, _number: int, line: int) -> None:
    other = budget(house, category="research")
    lines = [LineEntry(budget_line_id=one, description="x", amount=1) for one in (line, other)]
    entry = ClaimEntry(kind="request", title="两类", purpose=PURPOSE, lines=lines)
    with house.store.writing() as session:
        service.enter(session, entry, actor=house.people.sales)


def enter(**about: object) -> Move:
    def move(house: House, _number: int, line: int) -> None:
        own = {"budget_line_id": line, "description": "x", "amount": 5}
        content = {"kind": "reimbursement", "title": "t", "purpose": PURPOSE, "lines": [own], **about}
        with house.store.writing() as session:
            service.enter(session, ClaimEntry.model_validate(content), actor=house.people.sales)

    return move


def unapproved(house: House, _number: int, _line: int) -> None:
    from marketbook.office import budget_line

    people = house.people
    with house.store.writing() as session:
        made = planning.complete(session, actor=people.manager)
        about = {"category": "other", "month": f"{roles.today().year}-01", "item": "x", "original": 10**6}
        line = budget_line.add(session, made, **about, actor=people.manager, version=made.version)  # type: ignore[arg-type]
        step(session, session.get_one(ExpenseClaim, claim(house, line.id, session=session)), "submitted", people.sales)


def match_invoice(house: House, number: int, _line: int, *, total: int, who: str) -> None:
    with house.store.writing() as session:
        made, own = session.get_one(ExpenseClaim, number), rules.lines(session, claim_id=number)[0]
        found = invoice(session, made, total, house.vendor)
        invoices.match(session, own, invoice_id=found.id, actor=vars(house.people)[who])


def prepaid(house: House, line: int) -> int:
    due = roles.today() + timedelta(days=9)
    return paid(house, line, invoiced=False, kind="vendor_payment", vendor_id=house.vendor, invoice_due_on=due)


MOVES: dict[str, tuple[Made, Move, str]] = {
    "own claim": (managers(submitted), to("manager_approved", "manager"), "manager answers for this record"),
    "deputy's claim": (managers(submitted), to("manager_approved", "deputy"), "deputy represents the owner"),
    "earlier approver": (
        lambda h, line: by_deputy(h, line),
        to("director_approved", "deputy"),
        "deputy has acted on this record before",
    ),
    "amount over the range": (
        lambda h, line: approved(h, line, LIMIT),
        to("finance_reviewed", "finance"),
        r"CN¥5,000\.00, which nobody takes this step with",
    ),
    "director below the threshold": (approved, to("director_approved", "director"), "which nobody takes this step"),
    "skipped manager": (submitted, to("finance_reviewed", "finance"), "cannot become reviewed by finance"),
    "skipped review": (approved, to("paid", "payer"), "cannot become paid"),
    "reviewer pays": (reviewed, to("paid", "finance"), "finance has acted on this record before"),
    "reviewed by a manager": (approved, to("finance_reviewed", "manager"), "manager has acted"),
    "reviewed by the auditor": (approved, to("finance_reviewed", "auditor"), "it is for Finance, here"),
    "rejected without a reason": (submitted, to("rejected", "manager", " "), "This step needs a reason"),
    "returned without a reason": (reviewed, to("draft", "payer", ""), "This step needs a reason"),
    "no invoice": (partial(claim, invoiced=False), to("submitted", "sales"), "These lines have no invoice: 搭建"),
    "invoice used before": (used, to("submitted", "sales"), r"CN¥0\.00 is left of it, CN¥1,000\.00 is claimed"),
    "invoice too small": (uncovered, to("submitted", "sales"), r"CN¥999\.99 is left of it, CN¥1,000\.00 is claimed"),
    "invoice in another currency": (
        partial(uncovered, total=10**9, currency="USD"),
        to("submitted", "sales"),
        "is in USD, the line is not",
    ),
    "invoice of a day to come": (
        partial(uncovered, total=10**9, issued_on=roles.today() + timedelta(days=2)),
        to("submitted", "sales"),
        "which is still to come",
    ),
    "invoice of another year": (
        partial(uncovered, total=10**9, issued_on=date(roles.today().year - 1, 12, 31)),
        to("submitted", "sales"),
        r"is dated \d{4}-12-31; the budget is of",
    ),
    "invoice without its file": (without_file, to("submitted", "sales"), r"The file of invoice \d+ is missing"),
    "invoice taken back meanwhile": (red_after_the_manager, to("finance_reviewed", "finance"), r"CN¥999\.99 is left"),
    "invoice entered twice": (claim, same_invoice_again, "was entered by sales before"),
    "unbudgeted line": (
        claim,
        enter(lines=[{"budget_line_id": 10**6, "description": "x", "amount": 5}]),
        "no budget l",
    ),
    "line of a plan that is no more than a draft": (claim, unapproved, "its plan is not in force"),
    "two categories": (claim, another_category, "are of one budget category"),
    "no lines": (claim, lambda h, _n, b: to("submitted", "sales")(h, empty(h), b), "It has no lines"),
    "no purpose": (
        partial(claim, purpose="好的"),
        to("submitted", "sales"),
        "Its purpose needs at least 10 characters",
    ),
    "nobody's vendor": (claim, enter(kind="vendor_payment"), "A vendor payment needs a vendor"),
    "an employee as vendor": (claim, enter(kind="vendor_payment", vendor_id=1), "A vendor payment needs a vendor"),
    "a reimbursement before its invoice": (claim, enter(invoice_due_on=roles.today()), "Only a vendor payment is made"),
    "a payment for a payment": (submitted, lambda h, n, b: enter(request_id=n)(h, n, b), "is none"),
    "no amount": (
        claim,
        enter(lines=[{"budget_line_id": 1, "description": "x"}]),
        "give an amount here, or one abroad with",
    ),
    "the home currency abroad": (
        claim,
        lambda h, n, b: rewrite(h, n, b, amount=None, abroad=Abroad(currency="CNY", amount=5, rate=1)),  # type: ignore[arg-type]
        "CNY needs no rate",
    ),
    "edit after it was handed in": (submitted, rewrite, "only before it is handed in"),
    "edit after it was paid": (paid, rewrite, "only before it is handed in"),
    "edit of what another has changed": (claim, stale, "was changed by sales since you opened it"),
    "request that is paid": (
        lambda h, line: approved(h, line, kind="request", invoiced=False),
        to("finance_reviewed", "finance"),
        "A request is opened; its payments are paid",
    ),
    "payment that is opened": (approved, to("open", "finance"), "Only a request is opened and closed"),
    "payment beyond its request": (
        lambda h, line: claim(h, line, 300_001, request_id=request(h, line)),
        to("submitted", "sales"),
        r"CN¥3,000\.00 is left of the request, CN¥3,000\.01",
    ),
    "later invoice that is too small": (prepaid, partial(match_invoice, total=99_999, who="sales"), "999.99 is left"),
    "later invoice by a stranger": (
        prepaid,
        partial(match_invoice, total=10**6, who="auditor"),
        "Only its owner or fi",
    ),
    "later invoice without a prepayment": (paid, partial(match_invoice, total=10**6, who="sales"), "awaits no invoice"),
}


def recategorised(house: House, line: int) -> int:
    number = claim(house, line, LIMIT)
    raw("UPDATE record SET category = 'other', version = version + 1 WHERE id = {n}")(house, number, line)
    return number


def by_deputy(house: House, line: int) -> int:
    number = submitted(house, line, LIMIT)
    walk(house, number, ("manager_approved", house.deputy))
    return number


def empty(house: House) -> int:
    with house.store.writing() as session:
        entry = ClaimEntry(kind="request", title="空", purpose=PURPOSE)
        return service.enter(session, entry, actor=house.people.sales).id


LINE = "INSERT INTO expense_line (claim_id, budget_line_id, description, amount{0}) VALUES ({{n}}, {{line}}, 'x', {1})"
STEP = (
    "INSERT INTO status_change (record_id, version, from_status, to_status, actor_id, role, acted_as, reason, round, "
    "at) SELECT id, version, status, '{to}', {{{who}}}, '{role}', 'owner', '', 1, '2026-01-01 00:00:00' FROM record "
    "WHERE id = {{n}}"
)
RAW: dict[str, tuple[Made, str, str]] = {
    "no amount": (claim, LINE.format("", 0), "ck_expense_line_amount"),
    "half a fen": (claim, LINE.format("", "0.3"), "ck_expense_line_amount"),
    "a foreign amount without its rate": (
        claim,
        LINE.format(", currency, foreign_amount", "5, 'USD', 5"),
        "ck_expense_line_foreign",
    ),
    "a line more": (submitted, LINE.format("", 5), "is not edited"),
    "paid on a day": (submitted, "UPDATE expense_claim SET paid_on = '2026-01-01' WHERE id = {n}", "when it is paid"),
    "paid on another day": (paid, "UPDATE expense_claim SET paid_on = '2026-01-01' WHERE id = {n}", "when it is paid"),
    "another invoice": (
        submitted,
        "UPDATE expense_line SET invoice_id = NULL WHERE claim_id = {n}",
        "only a prepayment",
    ),
    "another total": (
        submitted,
        ("UPDATE invoice SET total = total + 1 WHERE id IN (SELECT invoice_id FROM expense_line WHERE claim_id = {n})"),
        "that a claim names is not edited",
    ),
    "an invoice deleted": (claim, "DELETE FROM invoice", "never deleted"),
    "another request": (paid, "UPDATE expense_claim SET request_id = {n} WHERE id = {n}", "is not edited"),
}
SIGNED: dict[str, tuple[Made, str, str, str, str]] = {
    "handed in without an invoice": (partial(claim, invoiced=False), "submitted", "sales", "owner", "needs an invoice"),
    "handed in over the invoice": (uncovered, "submitted", "sales", "owner", "its invoices do not cover"),
    "handed in over the budget": (partial(claim, amount=1_000_001), "submitted", "sales", "owner", "line_within"),
    "handed in with nothing": (
        lambda h, _line: empty(h),
        "submitted",
        "sales",
        "owner",
        "its lines add up to|its budget lines",
    ),
    "handed in as something cheaper": (
        lambda h, line: recategorised(h, line),
        "submitted",
        "sales",
        "owner",
        "its threshold is the one of its budget lines",
    ),
    "paid by the reviewer": (reviewed, "paid", "finance", "finance", "does not pay it"),
    "request reviewed": (
        lambda h, line: approved(h, line, kind="request", invoiced=False),
        "finance_reviewed",
        "finance",
        "finance",
        "a request is opened",
    ),
    "beyond the request": (
        lambda h, line: claim(h, line, 300_001, request_id=request(h, line)),
        "submitted",
        "sales",
        "owner",
        "its request does not cover",
    ),
}


def check_refused(house: House, made: Made, move: Move, match: str) -> None:
    line = budget(house)
    number = made(house, line)
    before = figures(house, line)
    with pytest.raises(REFUSED, match=match):
        move(house, number, line)
    assert figures(house, line) == before


@pytest.mark.parametrize("name", MOVES)
def test_a_wrong_move_is_refused(house: House, name: str) -> None:
    check_refused(house, *MOVES[name])


@pytest.mark.parametrize("name", RAW)
def test_raw_sql_is_refused(house: House, name: str) -> None:
    made, statement, match = RAW[name]
    check_refused(house, made, raw(statement), match)


@pytest.mark.parametrize("name", SIGNED)
def test_a_step_written_past_the_library_is_refused(house: House, name: str) -> None:
    made, status, who, role, match = SIGNED[name]

    def move(house: House, number: int, _line: int) -> None:
        statement = STEP.format(to=status, who=who, role=role).format(n=number, **vars(house.people))
        with house.store.writing(actor=vars(house.people)[who]) as session:
            session.execute(text(statement))

    check_refused(house, made, move, match)


def test_of_two_claims_for_the_last_money_one_is_handed_in(house: House) -> None:
    line = plan(house, {"item": "x", "original": 100_000})[0]
    first, second = claim(house, line, 60_000), claim(house, line, 60_000)
    walk(house, second, ("submitted", house.people.sales))
    with pytest.raises(RecordError, match=r"CN¥400\.00 is left, CN¥600\.00 is asked for"):
        walk(house, first, ("submitted", house.people.sales))
    assert figures(house, line) == (100_000, 60_000, 0)


def test_after_all_of_this_the_chain_is_whole(house: House) -> None:
    with house.store.reading() as session:
        assert audit.verify(session)
