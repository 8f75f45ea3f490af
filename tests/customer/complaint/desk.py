"""A company with a service desk: two agents under the manager, a deputy, a customer, and complaints in each state."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session
from tests.engines import Tables
from tests.kit.records.claims import hire

from marketbook.customer.complaint import brief  # noqa: F401  # the brief is told
from marketbook.customer.complaint import service as complaints
from marketbook.customer.complaint.params import ClosingEntry, ComplaintEntry, ResolutionEntry
from marketbook.customer.complaint.tables import Complaint
from marketbook.kit.records import person, roles
from marketbook.kit.store import Store
from marketbook.office.params import ActivityEntry

CONTENT = "收到的杯子有裂纹，要求换货"
SOLVED = ResolutionEntry(resolution="已补寄新品并致歉", cause="product.defect")


@dataclass(frozen=True)
class Desk:
    """Who works at the company, by name, and its customer."""

    store: Store
    people: dict[str, int]
    customer: int


def furnish(store: Store) -> Desk:
    people = dict(vars(hire(store)))
    with store.writing() as session:
        for name in ("lin", "chen"):
            people[name] = person.add(session, kind="employee", name=name, manager_id=people["manager"]).id
            roles.grant(session, party_id=people[name], role="service", valid_from=roles.today() - timedelta(400))
        people["deputy"] = person.add(session, kind="employee", name="deputy", manager_id=people["manager"]).id
        customer = person.add(session, kind="customer", name="王芳").id
    return Desk(store, people, customer)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = tables(request.param, tmp_path_factory.mktemp("desk"), "desk")
    yield furnish(made)
    made.close()


def entered(desk: Desk, *, who: str = "lin", session: Session | None = None, **about: Any) -> int:
    """Take a complaint in."""
    if session is None:
        with desk.store.writing() as own:
            return entered(desk, who=who, session=own, **about)
    entry = ComplaintEntry.model_validate({"party_id": desk.customer, "content": CONTENT, **about})
    return complaints.enter(session, entry, actor=desk.people[who]).id


def brought(desk: Desk, status: str, **about: Any) -> int:
    """Take a complaint in and bring it as far as a status."""
    number = entered(desk, **about)
    ways: dict[str, tuple[Callable[[Desk, int], object], ...]] = {
        "open": (), "in_progress": (take,), "waiting_customer": (take, ask), "resolved": (take, solve),
        "closed": (take, solve, act, close),
    }  # fmt: skip
    for step in ways[status]:
        step(desk, number)
    return number


def found(session: Session, number: int) -> Complaint:
    return session.get_one(Complaint, number)


def read(desk: Desk, number: int) -> Complaint:
    with desk.store.reading() as session:
        return found(session, number)


def take(desk: Desk, number: int, who: str = "lin", version: int = 0) -> None:
    with desk.store.writing() as session:
        one = found(session, number)
        complaints.take(session, one, actor=desk.people[who], version=version or one.version)


def answer(desk: Desk, number: int, who: str = "lin", text: str = "已致电说明") -> None:
    with desk.store.writing() as session:
        one = found(session, number)
        complaints.respond(session, one, text, actor=desk.people[who], version=one.version)


def ask(desk: Desk, number: int, who: str = "lin", question: str = "请发照片") -> None:
    with desk.store.writing() as session:
        one = found(session, number)
        complaints.wait(session, one, question, actor=desk.people[who], version=one.version)


def solve(desk: Desk, number: int, who: str = "lin", entry: ResolutionEntry = SOLVED) -> None:
    with desk.store.writing() as session:
        one = found(session, number)
        complaints.resolve(session, one, entry, actor=desk.people[who], version=one.version)


def close(desk: Desk, number: int, who: str = "lin", **about: Any) -> None:
    with desk.store.writing() as session:
        one = found(session, number)
        complaints.close(session, one, ClosingEntry(**about), actor=desk.people[who], version=one.version)


def reopen(desk: Desk, number: int, who: str = "lin", reason: str = "补寄的又破了") -> None:
    with desk.store.writing() as session:
        one = found(session, number)
        complaints.reopen(session, one, reason, actor=desk.people[who], version=one.version)


def act(desk: Desk, number: int, who: str = "lin", kind: str = "corrective_action") -> int:
    """Enter something to be done about a complaint."""
    entry = ActivityEntry.model_validate({"kind": kind, "title": "加强出库检查", "due_on": roles.today()})
    with desk.store.writing() as session:
        return complaints.follow_up(session, found(session, number), entry, actor=desk.people[who]).id
