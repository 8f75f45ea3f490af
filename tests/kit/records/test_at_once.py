"""Many at once, and killed at any moment: nothing is half done, nobody waits for ever, the log is whole.

2 kills on each engine; 3 in CI; 100 by `make bench NAME=records`, which sets MARKETBOOK_HEAVY.
"""

import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from tests.kit.records.claims import Claim, claim, step
from tests.kit.records.conftest import House

from marketbook.kit.errors import RecordError
from marketbook.kit.records import Record, StatusChange, Waiting
from marketbook.kit.records.record import State
from marketbook.kit.store import Store, audit

KILLS = 100 if os.environ.get("MARKETBOOK_HEAVY") else 3 if os.environ.get("CI") else 2
WRITERS, EACH = 8, 50 if os.environ.get("MARKETBOOK_HEAVY") else 3
PATH = ("submitted", "manager_approved", "reviewed", "paid")


def half_done(store: Store) -> list[int]:
    """Return the records whose status, version and waiting rows do not come from their history."""
    with store.reading() as session:
        other = aliased(StatusChange)
        last = select(func.max(other.version)).where(other.record_id == Record.id).correlate(Record).scalar_subquery()
        query = (
            select(Record.id)
            .join(State, (State.type == Record.type) & (State.status == Record.status))
            .outerjoin(StatusChange, (StatusChange.record_id == Record.id) & (StatusChange.version == last))
            .where(
                (func.coalesce(StatusChange.to_status, "draft") != Record.status)
                | (Record.version != func.coalesce(last, 0) + 1)
                | (State.final & Record.id.in_(select(Waiting.record_id)))
            )
        )
        return list(session.scalars(query))


def work(store: Store, people: dict[str, int]) -> None:
    for _each in range(EACH):
        number = claim(store, people["sales"])
        for to, who in zip(PATH, ("sales", "manager", "finance", "payer"), strict=True):
            step(store, number, to, people[who])


def test_eight_writers_at_once_neither_deadlock_nor_break_the_chain(house: House) -> None:
    url = house.store.url.render_as_string(hide_password=False)
    stores = [Store(url) for _each in range(WRITERS)]
    with ThreadPoolExecutor(WRITERS) as threads:
        list(threads.map(lambda store: work(store, vars(house.people)), stores))
    for store in stores:
        store.close()
    with house.store.reading() as session:
        paid = select(func.count()).select_from(Claim).where(Claim.status == "paid")
        assert (session.scalar(paid), bool(audit.verify(session))) == (WRITERS * EACH, True)
        numbers = list(session.scalars(select(Record.number)))
    assert len(numbers) == len(set(numbers))
    assert half_done(house.store) == []


def test_of_eight_who_take_the_same_step_one_gets_it(house: House) -> None:
    number = claim(house.store, house.people.sales)
    url = house.store.url.render_as_string(hide_password=False)

    def submit(_each: int) -> str:
        store = Store(url)
        try:
            step(store, number, "submitted", house.people.sales, version=1)
        except RecordError as error:
            return type(error).__name__
        finally:
            store.close()
        return "in"

    with ThreadPoolExecutor(WRITERS) as threads:
        answers = list(threads.map(submit, range(WRITERS)))
    assert sorted(answers) == ["StaleError"] * (WRITERS - 1) + ["in"]


def test_a_process_that_is_killed_leaves_nothing_half_done(house: House) -> None:
    url, people = house.store.url.render_as_string(hide_password=False), vars(house.people)
    chance = random.Random(4)
    for _each in range(KILLS):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, url, *(str(people[n]) for n in ("sales", "manager", "finance", "payer"))],
            stdout=subprocess.PIPE,
        )
        assert child.stdout is not None
        assert child.stdout.readline() == b"working\n"
        time.sleep(chance.uniform(0.02, 0.4))
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        assert half_done(house.store) == []
    with house.store.reading() as session:
        assert audit.verify(session)
    step(house.store, claim(house.store, house.people.sales), "submitted", house.people.sales)


CHILD = """
import itertools, sys
from marketbook.kit.store import Store
from tests.kit.records.claims import claim, step
store, people = Store(sys.argv[1]), [int(n) for n in sys.argv[2:]]
for count in itertools.count():
    number = claim(store, people[0])
    for to, who in zip(("submitted", "manager_approved", "reviewed", "paid"), people):
        step(store, number, to, who)
    if count == 0:
        print("working", flush=True)
"""
