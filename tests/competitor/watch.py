"""A company that watches its competitors: who works there, and entries of the log to try things on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from tests.engines import Tables
from tests.kit.records.claims import hire

from marketbook.competitor import service
from marketbook.competitor.params import LogEntry
from marketbook.competitor.tables import CompetitorEntry
from marketbook.kit.forms import attachments
from marketbook.kit.forms.fields import Attached
from marketbook.kit.records import person, roles, types
from marketbook.kit.store import Store

PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Watch:
    """Who works at the company, by name, and a competitor."""

    store: Store
    people: dict[str, int]
    rival: int


def furnish(store: Store) -> Watch:
    types.load()
    people = dict(vars(hire(store)))
    with store.writing() as session:
        for name, role in (("lin", "specialist"), ("chen", "specialist"), ("agent", "service")):
            people[name] = person.add(session, kind="employee", name=name, manager_id=people["manager"]).id
            roles.grant(session, party_id=people[name], role=role, valid_from=roles.today() - timedelta(400))
        rival = service.competitor(session, "云栖家居", actor=people["lin"]).id
    return Watch(store, people, rival)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def watch(request: pytest.FixtureRequest, tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watch]:
    made = tables(request.param, tmp_path_factory.mktemp("watch"), "watch")
    yield furnish(made)
    made.close()


def seen(watch: Watch, **about: Any) -> LogEntry:
    """Return a look at a price of the competitor's cup."""
    usual = {
        "competitor_id": watch.rival, "product": "随行杯", "channel": "tmall", "price_minor": 12_900,
        "seen_on": roles.today(),
    }  # fmt: skip
    return LogEntry.model_validate({**usual, **about})


def noted(watch: Watch, *, who: str = "lin", **about: Any) -> int:
    """Note something."""
    with watch.store.writing() as session:
        return service.enter(session, seen(watch, **about), actor=watch.people[who]).id


def corrected(watch: Watch, number: int, *, who: str = "lin", reason: str = "看错了", **about: Any) -> int:
    """Put something in an entry's place."""
    with watch.store.writing() as session:
        one = session.get_one(CompetitorEntry, number)
        entry = seen(watch, **{"product": one.product, "seen_on": one.seen_on, **about})
        made = service.correct(session, one, entry, actor=watch.people[who], version=one.version, reason=reason)
        return made.id


def withdrawn(watch: Watch, number: int, *, who: str = "lin", reason: str = "看错了") -> None:
    """Take an entry out."""
    with watch.store.writing() as session:
        one = session.get_one(CompetitorEntry, number)
        service.withdraw(session, one, actor=watch.people[who], version=one.version, reason=reason)


def read(watch: Watch, number: int) -> CompetitorEntry:
    with watch.store.reading() as session:
        return session.get_one(CompetitorEntry, number)


def picture(name: str = "截图.png", content: bytes = PNG + b"1") -> Attached:
    """Keep a screenshot, as a form does."""
    return attachments.keep(name, content)


def ago(days: int) -> date:
    return roles.today() - timedelta(days)
