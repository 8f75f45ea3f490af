"""A small type of records to try the mechanism on, and a company of people to decide on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Column, Date, ForeignKey, Integer, MetaData, String, Table
from sqlalchemy.orm import Session

from marketbook.kit.records import (
    Record,
    State,
    StatusChange,
    Transition,
    documents,
    person,
    roles,
    types,
)
from marketbook.kit.records.advancing import advance
from marketbook.kit.records.guards import of_content
from marketbook.kit.store import SETUP, Minor, Store, audit, triggers

apart = MetaData(naming_convention=Record.metadata.naming_convention)
"""Not the library's: no migration makes these tables."""

JANUARY = date(2026, 1, 1)
LIMIT = 500_000
"""From this amount on the director decides too."""

TABLE = Table(
    "test_claim",
    apart,
    Column("id", Integer, ForeignKey(Record.__table__.c.id), primary_key=True),
    Column("purpose", String(200), nullable=False),
    Column("paid_on", Date),
)
LINES = Table(
    "test_claim_line",
    apart,
    Column("id", Integer, primary_key=True),
    Column("claim_id", Integer, ForeignKey(TABLE.c.id), nullable=False),
    Column("amount_minor", Minor, nullable=False),
)


class Claim(Record):
    __table__ = TABLE
    __mapper_args__ = {"polymorphic_identity": "test_claim"}  # noqa: RUF012


STATES = (
    ("draft", True, False), ("submitted", False, False), ("manager_approved", False, False),
    ("director_approved", False, False), ("reviewed", False, False), ("paid", False, True),
    ("rejected", False, True), ("withdrawn", False, True),
)  # fmt: skip
OWN = {"role": "owner"}
LINE = {"four_eyes": True, "in_line": True}
BACK = {"needs_reason": True, **LINE}
STEPS = (
    ("draft", "submitted", OWN),
    ("draft", "withdrawn", OWN),
    ("submitted", "withdrawn", OWN),
    ("submitted", "manager_approved", {"role": "manager", **LINE}),
    ("submitted", "draft", {"role": "manager", **BACK}),
    ("submitted", "rejected", {"role": "manager", **BACK}),
    ("manager_approved", "director_approved", {"role": "director", "amount_from": LIMIT, **LINE}),
    ("manager_approved", "reviewed", {"role": "finance", "amount_below": LIMIT, "four_eyes": True}),
    ("director_approved", "reviewed", {"role": "finance", "amount_from": LIMIT, "four_eyes": True}),
    ("reviewed", "paid", {"role": "finance", "four_eyes": True}),
    ("manager_approved", "director_approved", {"role": "director", "category": "gift", "amount_from": 10_000, **LINE}),
)


def missing(_session: Session, record: Record, to: str) -> Iterable[str]:
    if isinstance(record, Claim) and to == "submitted" and not record.purpose:
        yield "Its purpose is missing."


def effect(_session: Session, record: Record, change: StatusChange) -> None:
    if isinstance(record, Claim) and change.to_status == "paid":
        record.paid_on = change.at.date()


CLAIM = types.register(
    types.RecordType(
        name="test_claim", title="Claim", prefix="CL", first="draft",
        statuses={name: name.replace("_", " ") for name, *_ in STATES}, missing=missing, effect=effect,
        tables=("test_claim",),
    )
)  # fmt: skip


def install(store: Store) -> None:
    """Do what a chapter's migration does."""
    with store.writing(actor=SETUP) as session:
        connection = session.connection()
        apart.create_all(connection)
        types.install(
            connection,
            [State(type="test_claim", status=name, editable=editable, final=final) for name, editable, final in STATES],
            [Transition(type="test_claim", from_status=a, to_status=b, **about) for a, b, about in STEPS],
        )
        made = of_content(connection, "test_claim", of_type="test_claim", free=("paid_on",))
        made += of_content(connection, "test_claim_line", record_id="claim_id")
        made += audit.audited(connection, "test_claim") + audit.audited(connection, "test_claim_line")
        triggers.install(connection, made)


@dataclass(frozen=True)
class People:
    """Who works at the company, by id."""

    executive: int
    director: int
    manager: int
    sales: int
    finance: int
    payer: int
    auditor: int
    admin: int


ROLES_OF = (
    ("executive", "executive", None), ("director", "director", "executive"), ("manager", "manager", "director"),
    ("sales", "sales", "manager"), ("finance", "finance", "executive"), ("payer", "finance", "finance"),
    ("auditor", "auditor", "executive"), ("admin", "admin", "executive"),
)  # fmt: skip


def hire(store: Store) -> People:
    made: dict[str | None, int] = {}
    with store.writing() as session:
        for name, role, superior in ROLES_OF:
            made[name] = person.add(session, kind="employee", name=name, manager_id=made.get(superior)).id
            roles.grant(session, party_id=made[name], role=role, valid_from=JANUARY)
    return People(**made)  # type: ignore[arg-type]


def claim(store: Store, owner: int, amount: int = 120_000, *, category: str = "", purpose: str = "出差") -> int:
    with store.writing() as session:
        made = Claim(title="差旅费", amount_minor=amount, category=category, purpose=purpose)
        return documents.enter(session, made, actor=owner).id


def step(store: Store, number: int, to: str, actor: int, *, reason: str = "", version: int = 0) -> StatusChange:
    with store.writing() as session:
        record = session.get_one(Claim, number)
        return advance(session, record, to, actor=actor, reason=reason, version=version or record.version)


def walk(store: Store, number: int, *steps: tuple[str, int]) -> None:
    for to, actor in steps:
        step(store, number, to, actor, reason="because")


def status(store: Store, number: int) -> str:
    with store.reading() as session:
        return session.get_one(Claim, number).status
