"""A company that sells: two salespeople under a manager, another team, and a prospect; sales at each stage."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session
from tests.engines import Tables
from tests.kit.records.claims import hire

from marketbook.kit.records import advance, person, roles
from marketbook.kit.store import Store
from marketbook.office import opportunity, opportunity_rules  # noqa: F401  # its type is registered
from marketbook.office.activity import Activity
from marketbook.office.opportunity import Opportunity
from marketbook.office.opportunity_params import DoneEntry, LostEntry, OpportunityEntry, StepEntry, WonEntry

MONEY = 3_600_000


@dataclass(frozen=True)
class Shop:
    """Who works at the company, by name, and its prospect."""

    store: Store
    people: dict[str, int]
    customer: int


def furnish(store: Store) -> Shop:
    people = dict(vars(hire(store)))
    with store.writing() as session:
        for name, manager in (("lin", "manager"), ("chen", "manager"), ("stranger", "director")):
            people[name] = person.add(session, kind="employee", name=name, manager_id=people[manager]).id
            roles.grant(session, party_id=people[name], role="sales", valid_from=roles.today() - timedelta(400))
        customer = person.add(session, kind="customer", name="杭州青禾文化有限公司").id
    return Shop(store, people, customer)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shop(request: pytest.FixtureRequest, tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    made = tables(request.param, tmp_path_factory.mktemp("shop"), "shop")
    yield furnish(made)
    made.close()


def step(days: int = 3, **about: Any) -> StepEntry:
    return StepEntry.model_validate({"title": "致电了解需求", "due_on": roles.today() + timedelta(days), **about})


def entry(shop: Shop, **about: Any) -> OpportunityEntry:
    known = {"amount_minor": MONEY, "expected_on": roles.today() + timedelta(30)}
    asked = {"party_id": shop.customer, "product": "企业礼盒", "next_step": step().model_dump(), **known, **about}
    return OpportunityEntry.model_validate(asked)


def entered(shop: Shop, *, who: str = "lin", **about: Any) -> int:
    with shop.store.writing() as session:
        return opportunity.enter(session, entry(shop, **about), actor=shop.people[who]).id


def brought(shop: Shop, status: str, **about: Any) -> int:
    """Enter a sale and bring it as far as a stage."""
    number, stages = entered(shop, **about), ("qualified", "proposal")
    ways = {"prospect": 0, "qualified": 1, "proposal": 2, "won": 2, "lost": 0}
    for stage in stages[: ways[status]]:
        move(shop, number, stage)
    if status == "won":
        win(shop, number)
    if status == "lost":
        lose(shop, number)
    return number


def found(session: Session, number: int) -> Opportunity:
    return session.get_one(Opportunity, number)


def read(shop: Shop, number: int) -> Opportunity:
    with shop.store.reading() as session:
        return found(session, number)


def move(shop: Shop, number: int, to: str, who: str = "lin", reason: str = "", version: int = 0) -> None:
    with shop.store.writing() as session:
        one = found(session, number)
        advance(session, one, to, actor=shop.people[who], version=version or one.version, reason=reason)


def win(shop: Shop, number: int, who: str = "lin", version: int = 0, **about: Any) -> None:
    asked = WonEntry.model_validate({"order_no": f"SO-{number}", "order_minor": MONEY, **about})
    with shop.store.writing() as session:
        one = found(session, number)
        opportunity.win(session, one, asked, actor=shop.people[who], version=version or one.version)


def lose(shop: Shop, number: int, who: str = "lin", version: int = 0, **about: Any) -> None:
    asked = LostEntry.model_validate({"reason": "price", "text": "超出预算两成", **about})
    with shop.store.writing() as session:
        one = found(session, number)
        opportunity.lose(session, one, asked, actor=shop.people[who], version=version or one.version)


def finish(shop: Shop, number: int, following: StepEntry | None = None, who: str = "lin") -> None:
    """Note what came of the first step of a sale."""
    with shop.store.writing() as session:
        one = found(session, number)
        due = opportunity.steps(session, one)[0]
        asked = DoneEntry(outcome="已沟通", next_step=following)
        opportunity.finish_step(session, one, due, asked, actor=shop.people[who], version=due.version)


def due_steps(shop: Shop, number: int) -> list[Activity]:
    with shop.store.reading() as session:
        return opportunity.steps(session, found(session, number))
