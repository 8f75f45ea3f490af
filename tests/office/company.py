"""A company with money: plans in force, a vendor, invoices with their files, and claims in each state."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from tests.engines import Tables
from tests.kit.records.claims import People, hire
from tests.office import planning

from marketbook.expense import invoices, service
from marketbook.expense.params import ClaimEntry, InvoiceEntry, LineEntry
from marketbook.expense.tables import ExpenseClaim, Invoice
from marketbook.kit.records import Record, StatusChange, advance, files, person, roles
from marketbook.kit.store import Store
from marketbook.office import budget_line, budget_transfer
from marketbook.office.budget_line import BudgetLine
from marketbook.office.budget_transfer import BudgetTransfer

YEAR = roles.today().year
MONTH = f"{YEAR}-06"
PURPOSE = "展会物料制作与运输费用"
LIMIT = 500_000
"""From this amount on the director decides too; from less, on what the plan did not have."""
UNPLANNED_LIMIT = 200_000

PLANNED = {"category": "advertising", "month": MONTH}
_serial = count(1)


@dataclass(frozen=True)
class House:
    store: Store
    people: People
    deputy: int
    vendor: int


def furnish(store: Store) -> House:
    people, day = hire(store), timedelta(days=1)
    with store.writing() as session:
        deputy = person.add(session, kind="employee", name="deputy", manager_id=people.manager).id
        days = {"valid_from": roles.today(), "valid_to": roles.today() + day}
        for role, of in (("manager", people.manager), ("director", people.director)):
            roles.grant(session, party_id=deputy, role=role, on_behalf_of=of, **days)
        return House(store, people, deputy, person.add(session, kind="vendor", name="巨量引擎").id)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = tables(request.param, tmp_path_factory.mktemp("house"), "house")
    yield furnish(made)
    made.close()


def plan(house: House, *lines: dict[str, object], theme: str = "向新而行") -> list[int]:
    """Bring a plan with these lines into force; return the lines."""
    people = house.people
    with house.store.writing() as session:
        made = planning.complete(session, actor=people.manager, theme=theme)
        found = [
            budget_line.add(session, made, **{**PLANNED, **about}, actor=people.manager, version=made.version)  # type: ignore[arg-type]
            for about in lines
        ]
        step(session, made, "submitted", people.manager)
        step(session, made, "approved", people.director)
        return [line.id for line in found]


def budget(house: House, original: int = 1_000_000, **about: object) -> int:
    return plan(house, {"item": "展会", "original": original, **about})[0]


def step(session: Session, record: Record, to: str, actor: int, reason: str = "") -> StatusChange:
    return advance(session, record, to, actor=actor, version=record.version, reason=reason)


def walk(house: House, number: int, *steps: tuple[str, int]) -> None:
    for to, actor in steps:
        with house.store.writing() as session:
            step(session, session.get_one(Record, number), to, actor, "因为")


def invoice(session: Session, claim: ExpenseClaim, total: int, vendor: int, **about: object) -> Invoice:
    """Enter an invoice whose file is attached to a claim."""
    serial = next(_serial)
    file = files.attach(session, claim, b"%%PDF-1.7 %d" % serial, name="发票.pdf", kind="invoice", actor=claim.owner_id)
    session.flush()
    entry = InvoiceEntry(
        kind="digital", vendor_id=vendor, number=f"{serial:020d}", total=total, issued_on=roles.today(),
        attachment_id=file.id,
    )  # fmt: skip
    return invoices.enter(session, entry.model_copy(update=about), actor=claim.owner_id)


def claim(
    house: House, line: int, amount: int = 100_000, *, owner: int = 0, invoiced: bool = True,
    session: Session | None = None, **about: object,
) -> int:  # fmt: skip
    """Enter a claim of one line, with an invoice of its own."""
    if session is None:
        with house.store.writing() as own:
            return claim(house, line, amount, owner=owner, invoiced=invoiced, session=own, **about)
    owner = owner or house.people.sales
    of_line = LineEntry(budget_line_id=line, description="搭建", amount=amount)
    entry = ClaimEntry.model_validate({"kind": "reimbursement", "title": "展会费用", "purpose": PURPOSE, **about})
    entry = entry.model_copy(update={"lines": [of_line]})
    made = service.enter(session, entry, actor=owner)
    if invoiced:
        of_line.invoice_id = invoice(session, made, amount, house.vendor).id
        service.correct(session, made, entry, actor=owner, version=made.version)
    return made.id


def submitted(house: House, line: int, amount: int = 100_000, **about: object) -> int:
    number = claim(house, line, amount, **about)  # type: ignore[arg-type]
    walk(house, number, ("submitted", int(about.get("owner", house.people.sales))))  # type: ignore[call-overload]
    return number


def approved(house: House, line: int, amount: int = 100_000, **about: object) -> int:
    number = submitted(house, line, amount, **about)
    walk(house, number, ("manager_approved", house.people.manager))
    return number


def reviewed(house: House, line: int, amount: int = 100_000, **about: object) -> int:
    number = approved(house, line, amount, **about)
    walk(house, number, ("finance_reviewed", house.people.finance))
    return number


def paid(house: House, line: int, amount: int = 100_000, **about: object) -> int:
    number = reviewed(house, line, amount, **about)
    walk(house, number, ("paid", house.people.payer))
    return number


def request(house: House, line: int, amount: int = 300_000) -> int:
    """Bring a request as far as it is open."""
    number = approved(house, line, amount, kind="request", invoiced=False)
    walk(house, number, ("open", house.people.finance))
    return number


def transfer(house: House, amount: int, from_line: int | None, to_line: int | None, *, owner: int = 0) -> int:
    """Hand a transfer in."""
    owner = owner or house.people.sales
    with house.store.writing() as session:
        made = budget_transfer.enter(
            session, title="调剂", amount=amount, from_line=from_line, to_line=to_line, purpose="旺季提前", actor=owner
        )
        budget_transfer.submit(session, made, actor=owner, version=made.version)
        return made.id


def category(house: House, number: int) -> str:
    with house.store.reading() as session:
        return session.get_one(BudgetTransfer, number).category


def figures(house: House, line: int) -> tuple[int, int, int]:
    """Return what a line has allocated, committed and spent."""
    with house.store.reading() as session:
        query = select(BudgetLine.allocated, BudgetLine.committed, BudgetLine.spent).where(BudgetLine.id == line)
        allocated, committed, spent = session.execute(query).one()
        return allocated, committed, spent


def status(house: House, number: int) -> str:
    with house.store.reading() as session:
        return session.get_one(Record, number).status
