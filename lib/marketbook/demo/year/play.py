"""Playing the stories through the services, each at its moment: every rule of the house holds for them too."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.demo.year import papers
from marketbook.demo.year.story import Cell, Claim, Move, Part, Turn
from marketbook.expense import invoices, rules, service
from marketbook.expense.params import ClaimEntry, InvoiceEntry, LineEntry
from marketbook.expense.tables import ExpenseClaim, Invoice
from marketbook.kit.errors import AccessError
from marketbook.kit.records import Record, Waiting, advance, comments, files, roles
from marketbook.kit.store import at
from marketbook.office import budget_line, budget_transfer

OWN = ("submitted", "withdrawn", "closed")
"""What the owner does himself."""

Event = tuple[datetime, Callable[[], None]]


@dataclass
class Stage:
    """Where it is played.

    Attributes:
        session: In one transaction, which the system began.
        parties: Employees by login name, vendors and customers by name.
        customers: The customers' cards, in the order in which they were entered.
        plans: The plans by year.
        least: From which amount the director decides too, by category.
        away: Who is represented by whom, from and to.
        lines: The budget's lines by cell.
        records: What was entered, by title.
        papers: How many files there are.
        kept: What the session need not read again, as somebody holds on to it.
    """

    session: Session
    parties: dict[str, int]
    plans: dict[int, int]
    least: dict[str, int]
    away: list[tuple[int, int, date, date]]
    lines: dict[Cell, int] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    papers: int = 0
    customers: list[int] = field(default_factory=list)
    kept: list[object] = field(default_factory=list)


def play(events: list[Event]) -> None:
    """Let everything happen in the order of its moments."""
    for moment, do in sorted(events, key=lambda event: event[0]):
        with at(moment):
            do()


def claim(stage: Stage, story: Claim) -> Iterator[Event]:
    """Return what happens to a claim."""
    yield story.at, lambda: _enter(stage, story)
    for turn in story.turns:
        yield turn.at, lambda turn=turn: _turn(stage, story, turn)  # type: ignore[misc]
    if story.invoiced is not None:
        yield story.invoiced, lambda: _match(stage, story)
    for said in story.said:
        yield said.at, lambda said=said: _say(stage, story, said.who, said.text)  # type: ignore[misc]


def transfer(stage: Stage, story: Move) -> Iterator[Event]:
    """Return what happens to a transfer."""
    yield story.at, lambda: _ask(stage, story)
    for turn in story.turns:
        yield turn.at, lambda turn=turn: _move(stage, story, turn)  # type: ignore[misc]


def step(stage: Stage, record: Record, to: str, actor: int, reason: str = "") -> None:
    """Take a step with a record as it is."""
    advance(stage.session, record, to, actor=actor, version=record.version, reason=reason)


def decide(stage: Stage, record: Record, turn: Turn) -> None:
    """Have whom a record waits for take a step, or who represents him where he is away."""
    waits = select(Waiting.party_id).where(Waiting.record_id == record.id).order_by(Waiting.party_id)
    found = list(stage.session.scalars(waits))
    decider = found[record.id % len(found)]
    day = turn.at.date()
    for of, deputy, first, end in stage.away:
        if of == decider and first <= day < end:
            try:
                return step(stage, record, turn.to, deputy, turn.reason)
            except AccessError:  # he has acted on it himself; it waits for the one whom he represents
                break
    return step(stage, record, turn.to, decider, turn.reason)


def _enter(stage: Stage, story: Claim) -> None:
    owner = stage.parties[story.owner]
    if story.kind == "request" or story.due is not None:
        claim = service.enter(stage.session, _entry(stage, story, None), actor=owner)
        stage.records[story.title] = claim
        _attach(stage, claim, "方案.pdf", "other")
        return
    claim = service.enter(stage.session, _entry(stage, story, None, lines=False), actor=owner)
    stage.records[story.title] = claim
    entry = _entry(stage, story, _invoice(stage, claim, story))
    service.correct(stage.session, claim, entry, actor=owner, version=claim.version)


def _entry(stage: Stage, story: Claim, invoice: Invoice | None, *, lines: bool = True, more: str = "") -> ClaimEntry:
    vendor = stage.parties[story.vendor] if story.kind != "reimbursement" else None
    return ClaimEntry(
        kind=story.kind,
        title=story.title,
        purpose=story.purpose + more,
        lines=[_line(stage, part, invoice) for part in story.parts] if lines else [],
        vendor_id=vendor,
        request_id=stage.records[story.request].id if story.request else None,
        invoice_due_on=story.due,
    )


def _line(stage: Stage, part: Part, invoice: Invoice | None) -> LineEntry:
    return LineEntry(
        budget_line_id=stage.lines[part.cell],
        description=part.description,
        amount=part.amount if part.abroad is None else None,
        abroad=part.abroad,
        invoice_id=invoice and invoice.id,
    )


def _turn(stage: Stage, story: Claim, turn: Turn) -> None:
    claim = stage.records[story.title]
    assert isinstance(claim, ExpenseClaim)
    if turn.to == "corrected":
        _correct(stage, claim, story)
    elif turn.to in OWN:
        step(stage, claim, turn.to, claim.owner_id)
    elif turn.to != "director_approved" or (claim.amount_minor or 0) >= stage.least[claim.category]:
        decide(stage, claim, turn)


def _correct(stage: Stage, claim: ExpenseClaim, story: Claim) -> None:
    old = stage.session.get_one(Invoice, rules.lines(stage.session, claim_id=claim.id)[0].invoice_id)
    if story.reissued:
        _invoice(stage, claim, story, red=old)
        old = _invoice(stage, claim, story)
    entry = _entry(stage, story, old, more="（已按退回意见补充）")
    service.correct(stage.session, claim, entry, actor=claim.owner_id, version=claim.version)


def _match(stage: Stage, story: Claim) -> None:
    claim = stage.records[story.title]
    assert isinstance(claim, ExpenseClaim)
    invoice = _invoice(stage, claim, story)
    line = rules.lines(stage.session, claim_id=claim.id)[0]
    invoices.match(stage.session, line, invoice_id=invoice.id, actor=claim.owner_id)


def _invoice(stage: Stage, claim: ExpenseClaim, story: Claim, *, red: Invoice | None = None) -> Invoice:
    """Enter an invoice over the whole claim, or the red-letter one that takes one back."""
    attachment = _attach(stage, claim, "红字发票.pdf" if red else "发票.pdf", "invoice")
    abroad = story.parts[0].abroad
    total = abroad.amount if abroad else story.amount
    code, number = _numbered(story.paper, stage.papers)
    entry = InvoiceEntry(
        kind=story.paper,
        vendor_id=stage.parties[story.vendor],
        code=code,
        number=number,
        currency=abroad.currency if abroad else "CNY",
        total=-total if red else total,
        issued_on=roles.today(),
        red_of_id=red and red.id,
        attachment_id=attachment,
    )
    made = invoices.enter(stage.session, entry, actor=claim.owner_id)
    stage.kept.append(made)
    stage.session.flush()
    return made


def _numbered(paper: str, serial: int) -> tuple[str, str]:
    if paper == "digital":
        return "", f"253120000000{serial:08d}"
    return ("031002500111", f"{serial:08d}") if paper == "paper" else ("", f"NW-{serial:05d}")


def _attach(stage: Stage, claim: Record, name: str, kind: str) -> int:
    stage.papers += 1
    content = papers.pdf(f"{claim.number} / {stage.papers}")
    made = files.attach(stage.session, claim, content, name=name, kind=kind, actor=claim.owner_id)
    stage.kept.append(made)
    stage.session.flush()
    return made.id


def _say(stage: Stage, story: Claim, who: str, text: str) -> None:
    comments.comment(stage.session, stage.records[story.title], text, actor=stage.parties[who])


def _ask(stage: Stage, story: Move) -> None:
    owner = stage.parties[story.owner]
    for cell in (story.giver, story.taker):
        if cell is not None and cell not in stage.lines:
            stage.lines[cell] = _opened(stage, cell, owner)
    stage.records[story.title] = budget_transfer.enter(
        stage.session,
        title=story.title,
        amount=story.amount,
        from_line=stage.lines[story.giver] if story.giver else None,
        to_line=stage.lines[story.taker] if story.taker else None,
        purpose=story.purpose,
        actor=owner,
    )


def _opened(stage: Stage, cell: Cell, actor: int) -> int:
    category, item, month = cell
    plan = stage.plans[int(month[:4])]
    made = budget_line.open_unplanned(
        stage.session, plan_id=plan, category=category, month=month, item=item, actor=actor
    )
    stage.session.flush()
    return made.id


def _move(stage: Stage, story: Move, turn: Turn) -> None:
    made = stage.records[story.title]
    assert isinstance(made, budget_transfer.BudgetTransfer)
    if turn.to == "submitted":
        budget_transfer.submit(stage.session, made, actor=made.owner_id, version=made.version)
    else:
        decide(stage, made, turn)
