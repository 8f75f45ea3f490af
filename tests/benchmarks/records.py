"""Inbox, lists and steps in a full store on SQLite, beside a plain SQLAlchemy table of the same rows.

BENCH_RECORDS (1,000,000) and BENCH_HISTORY (5,000,000) set the sizes; BENCH_HEAVY=1 runs the heavy counts of the tests
(histories, kills) too. Rows are written in bulk with the triggers away and a whole hash chain, then the triggers are
made again and what is timed goes through them.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import ForeignKey, MetaData, String, insert, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.kit.records import claims

from marketbook.kit.records import advance, documents, listing, person, roles, waiting
from marketbook.kit.records.person import Party
from marketbook.kit.store import SETUP, Store, audit
from marketbook.kit.store.audit import hashed

RECORDS = int(os.environ.get("BENCH_RECORDS", "1000000"))
HISTORY = int(os.environ.get("BENCH_HISTORY", "5000000"))
TEAMS, TEAM = 40, 12
WAITING = max(RECORDS // 100, 200)
TIMES = 200
BATCH = 50_000
OFFSET = 1_000
"""Below are the records of the steps that are timed first."""
PATH = ("draft", "submitted", "manager_approved", "reviewed", "paid")
START = datetime(2023, 1, 2, 1, tzinfo=UTC)


class Plain(DeclarativeBase):
    metadata = MetaData()


class PlainClaim(Plain):
    """What one would write without any of this: a row, a status, an index."""

    __tablename__ = "plain_claim"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(30), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey(Party.__table__.c.id), index=True)
    amount_minor: Mapped[int]
    at: Mapped[datetime]


def company(store: Store) -> tuple[claims.People, list[int], list[int]]:
    """The eight people of the tests, and teams of sellers, each under a manager of its own."""
    people = claims.hire(store)
    managers, sellers = [], []
    with store.writing() as session:
        for team in range(TEAMS):
            lead = person.add(session, kind="employee", name=f"经理{team}", manager_id=people.director).id
            roles.grant(session, party_id=lead, role="manager", valid_from=date(2023, 1, 1))
            managers.append(lead)
            sellers += [
                person.add(session, kind="employee", name=f"销售{team}-{n}", manager_id=lead).id for n in range(TEAM)
            ]
    return people, managers, sellers


def moment(number: int) -> str:
    return (START + timedelta(seconds=60 * number)).strftime("%Y-%m-%d %H:%M:%S.000000")


def steps_of(count: int, steps: int) -> list[str]:
    """The statuses of a record: it goes round until it has as many steps, and all but the last ones end as paid."""
    rounds: list[str] = []
    while len(rounds) < steps - 3:
        rounds += ["submitted", "draft"]
    return [*rounds, *(("submitted",) if count > RECORDS - WAITING else PATH[1:])]


def rows(sellers: list[int], people: claims.People) -> Iterator[tuple[list[tuple[object, ...]], ...]]:
    """Records, claims, plain rows and steps, in batches; their ids go on from those of the steps that were timed."""
    chance, actors = (
        random.Random(11),
        dict(zip(PATH[1:], (0, people.manager, people.finance, people.payer), strict=True)),
    )
    records, contents, plain, changes = [], [], [], []
    for count in range(1, RECORDS + 1):
        number = count + OFFSET
        owner, amount = chance.choice(sellers), chance.randrange(1_000, 400_000)
        way = steps_of(count, HISTORY // RECORDS)
        at = moment(number)
        records.append(
            (
                number,
                "test_claim",
                f"CL-2023-{number:07d}",
                "差旅费",
                way[-1],
                "",
                owner,
                amount,
                len(way) + 1,
                owner,
                at,
            )
        )
        contents.append((number, "出差"))
        plain.append((number, "差旅费", way[-1], owner, amount, at))
        for version, (before, after) in enumerate(zip(("draft", *way), way, strict=False), 1):
            actor = actors.get(after) or owner
            changes.append((number, version, before, after, actor, "owner", "owner", "", (version + 1) // 2, at))
        if len(records) == BATCH or count == RECORDS:
            yield records, contents, plain, changes
            records, contents, plain, changes = [], [], [], []


COLUMNS = {
    "record": "id type number title status category owner_id amount_minor version entered_by_id entered_at",
    "test_claim": "id purpose",
    "plain_claim": "id title status owner_id amount_minor at",
    "status_change": "record_id version from_status to_status actor_id role acted_as reason round at",
    "audit_log": "seq at actor table_name row_key op old new prev_hash hash",
}


def chained(changes: list[tuple[object, ...]], seq: int, last: str) -> tuple[list[tuple[object, ...]], int, str]:
    """The audit rows of steps, one each, continuing the chain."""
    made = []
    for number, version, before, after, actor, *_rest in changes:
        seq += 1
        old, new = (json.dumps({"id": number, "status": status, "version": version}) for status in (before, after))
        row = (seq, "2023-01-02T01:00:00.000Z", str(actor), "record", str(number), "UPDATE", old, new, last)
        last = hashed(row)
        made.append((*row, last))
    return made, seq, last


def fill(store: Store, sellers: list[int], people: claims.People) -> None:
    with store.writing(actor=SETUP) as session:
        connection = session.connection()
        kept = dict(connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all())
        for name in kept:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        seq, last = audit.head(session).seq, audit.head(session).hash
        for batch in rows(sellers, people):
            logged, seq, last = chained(batch[3], seq, last)
            for (table, columns), values in zip(COLUMNS.items(), (*batch, logged), strict=True):
                names = columns.split()
                marks = ", ".join("?" * len(names))
                connection.exec_driver_sql(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", values)
        for statement in kept.values():
            connection.exec_driver_sql(statement)
    with store.writing() as session:
        waiting.refresh(session, on=roles.today())


def timed(work: Callable[[int], object], times: int = TIMES) -> dict[str, float]:
    """Median and 95th percentile of some runs, and the processor's share, in milliseconds; three warm up."""
    taken = []
    for number in range(times + 3):
        if number == 3:
            busy = time.process_time()
        start = time.perf_counter()
        work(number)
        taken.append((time.perf_counter() - start) * 1000)
    busy, taken = (time.process_time() - busy) * 1000 / times, sorted(taken[3:])
    found = {"median": statistics.median(taken), "p95": taken[int(times * 0.95)], "cpu": busy}
    return {name: round(value, 3) for name, value in found.items()}


def write_claim(store: Store, owner: int) -> int:
    with store.writing() as session:
        return documents.enter(session, claims.Claim(title="差旅费", purpose="x", amount_minor=5), actor=owner).id


def step(store: Store, number: int, actor: int) -> None:
    with store.writing() as session:
        record = session.get_one(claims.Claim, number)
        advance(session, record, "submitted", actor=actor, version=record.version)


def timed_steps(store: Store, sellers: list[int]) -> dict[str, float]:
    made = [write_claim(store, sellers[n % len(sellers)]) for n in range(TIMES + 3)]
    return timed(lambda n: step(store, made[n], sellers[n % len(sellers)]))


def plain_insert(store: Store, owner: int) -> None:
    with store.writing() as session:
        session.execute(
            insert(PlainClaim).values(title="x", status="draft", owner_id=owner, amount_minor=5, at=datetime.now(UTC))
        )


def plain_page(store: Store, owner: int) -> None:
    with store.reading() as session:
        query = select(PlainClaim).where(PlainClaim.owner_id == owner).order_by(PlainClaim.id.desc()).limit(50)
        session.scalars(query).all()


def append(store: Store) -> None:
    """One change of an audited table, with nothing else to it."""
    with store.writing() as session:
        session.execute(insert(Party).values(kind="vendor", status="active", name="x", profile={}))


def read_inbox(store: Store, party: int) -> int:
    with store.reading() as session:
        return len(waiting.inbox(session, party_id=party, on=roles.today()).rows)


def read_pages(store: Store, number: int, sellers: list[int]) -> None:
    """A page somewhere in a long list: of a type, of a status, of an owner, in turn."""
    before = random.Random(number).randrange(100, RECORDS)
    filters = ({"type": "test_claim"}, {"type": "test_claim", "status": "paid"}, {"owner_id": sellers[number % 100]})
    with store.reading() as session:
        listing.page(session, before=before, **filters[number % 3])  # type: ignore[arg-type]


def heavy() -> None:
    files = [
        f"tests/{name}.py"
        for name in ("kit/records/test_histories", "kit/records/test_at_once", "expense/test_histories")
    ]
    command = [sys.executable, "-m", "pytest", "-n", "0", *files]
    subprocess.run(command, check=True, env={**os.environ, "MARKETBOOK_HEAVY": "1"}, cwd=Path(__file__).parents[2])


def measured(store: Store) -> dict[str, float]:
    store.upgrade()
    claims.install(store)
    with store.writing(actor=SETUP) as session:
        Plain.metadata.create_all(session.connection(), tables=[PlainClaim.__table__])  # type: ignore[list-item]
    people, managers, sellers = company(store)
    at_first = {"step": timed_steps(store, sellers), "append": timed(lambda _n: append(store))}
    start = time.perf_counter()
    fill(store, sellers, people)
    print(f"filled in {time.perf_counter() - start:.0f} s")
    boxes = [*managers, people.director, people.finance, people.manager]
    print("rows in the inboxes:", sum(read_inbox(store, party) for party in boxes))
    inbox = timed(lambda n: read_inbox(store, boxes[n % len(boxes)]))
    pages = timed(lambda n: read_pages(store, n, sellers))
    steps, last = timed_steps(store, sellers), timed(lambda _n: append(store))
    entered = timed(lambda n: write_claim(store, sellers[n % len(sellers)]))
    plain = timed(lambda n: plain_insert(store, sellers[n % len(sellers)]))
    query = timed(lambda n: plain_page(store, sellers[n % len(sellers)]))
    start = time.perf_counter()
    with store.reading() as session:
        found = audit.verify(session)
    return {
        "records": RECORDS, "history": HISTORY, "inbox_ms": inbox["median"], "inbox_p95_ms": inbox["p95"],
        "list_ms": pages["median"], "list_p95_ms": pages["p95"], "advance_ms": steps["median"],
        "advance_p95_ms": steps["p95"], "advance_in_an_empty_store_ms": at_first["step"]["median"],
        "inbox_cpu_ms": inbox["cpu"], "list_cpu_ms": pages["cpu"], "advance_cpu_ms": steps["cpu"],
        "plain_insert_cpu_ms": plain["cpu"], "times_plain_insert_cpu": round(steps["cpu"] / plain["cpu"], 2),
        "enter_ms": entered["median"], "audit_append_ms": last["median"],
        "audit_append_in_an_empty_store_ms": at_first["append"]["median"], "plain_insert_ms": plain["median"],
        "plain_page_ms": query["median"], "times_plain_insert": round(steps["median"] / plain["median"], 2),
        "audit_rows": found.rows, "audit_whole": bool(found), "verify_seconds": round(time.perf_counter() - start, 1),
    }  # fmt: skip


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/store.db")
        figures = measured(store)
        store.close()
    if os.environ.get("BENCH_HEAVY"):
        heavy()
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
