"""Inbox, lists and steps in a full store on SQLite, beside a plain SQLAlchemy table of the same rows.

BENCH_RECORDS (1,000,000) and BENCH_HISTORY (5,000,000) set the sizes; BENCH_HEAVY=1 runs the heavy counts of the tests
(histories, kills) too. Six of ten records are claims and two are tasks, which the screens list; the others are of a
type of the tests. `list_ms`, `sorted_ms` and `search_ms` are of the slowest of all lists, headings and searches there:
the 95th percentile of its first pages, and of one in the middle. Rows are written in bulk with the triggers away and a
whole hash chain, then the triggers are made again and what is timed goes through them.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import ForeignKey, MetaData, String, insert, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.kit.records import claims

from marketbook.expense import lists as claim_lists
from marketbook.kit.forms.rows import Order, Rows
from marketbook.kit.records import advance, documents, listing, person, roles, search, types, waiting
from marketbook.kit.records.person import Party
from marketbook.kit.store import SETUP, Store, audit
from marketbook.kit.store.audit import hashed
from marketbook.plan import screen_lists as task_lists
from marketbook.team import audit as audit_lists
from marketbook.team.audit_params import Asked

RECORDS = int(os.environ.get("BENCH_RECORDS", "1000000"))
HISTORY = int(os.environ.get("BENCH_HISTORY", "5000000"))
TEAMS, TEAM, VENDORS = 40, 12, 300
WAITING = max(RECORDS // 100, 200)
TIMES = 200
BATCH = 50_000
OFFSET = 1_000
"""Below are the records of the steps that are timed first."""
WAYS = {
    "test_claim": ("submitted", "manager_approved", "reviewed", "paid"),
    "expense_claim": ("submitted", "manager_approved", "finance_reviewed", "paid"),
    "activity": ("in_progress", "blocked", "in_progress", "done"),
}
ROUNDS = {
    "test_claim": ("submitted", "draft"),
    "expense_claim": ("submitted", "draft"),
    "activity": ("in_progress", "blocked"),
}  # fmt: skip
FIRST = {"test_claim": "draft", "expense_claim": "draft", "activity": "planned"}
PREFIXES = {"test_claim": "CL", "expense_claim": "EX", "activity": "AC"}
CATEGORY = {"test_claim": "", "expense_claim": "other", "activity": ""}
CITIES = ("北京", "上海", "广州", "深圳", "成都", "杭州", "武汉", "西安")
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


@dataclass(frozen=True)
class Company:
    """The eight people of the tests, teams of sellers, each under a manager of its own, and whom they buy from."""

    people: claims.People
    managers: list[int]
    sellers: list[int]
    vendors: list[int]


def company(store: Store) -> Company:
    people = claims.hire(store)
    managers, sellers = [], []
    with store.writing() as session:
        vendors = [person.add(session, kind="vendor", name=f"供应商{number}").id for number in range(VENDORS)]
        for team in range(TEAMS):
            lead = person.add(session, kind="employee", name=f"经理{team}", manager_id=people.director).id
            roles.grant(session, party_id=lead, role="manager", valid_from=date(2023, 1, 1))
            managers.append(lead)
            sellers += [
                person.add(session, kind="employee", name=f"销售{team}-{n}", manager_id=lead).id for n in range(TEAM)
            ]
    return Company(people, managers, sellers, vendors)


def moment(number: int) -> str:
    return (START + timedelta(seconds=60 * number)).strftime("%Y-%m-%d %H:%M:%S.000000")


def steps_of(count: int, steps: int, of_type: str) -> list[str]:
    """The statuses of a record: it goes round until it has as many steps, and all but the last ones end as paid."""
    rounds: list[str] = []
    while len(rounds) < steps - 3:
        rounds += ROUNDS[of_type]
    way = WAYS[of_type]
    if count > RECORDS - WAITING:
        way = way[: 2 if of_type == "expense_claim" and count % 3 else 1]
    return [*rounds, *way]


def type_of(count: int) -> str:
    return (("expense_claim",) * 6 + ("activity",) * 2 + ("test_claim",) * 2)[count * 7 % 10]


def title_of(count: int, chance: random.Random) -> str:
    """What nearly all are called, what only old ones are, what one of a thousand is, and what hardly any is."""
    if count % 99_991 == 0:
        return "年会场地"
    if chance.random() < 0.001:
        return f"{chance.choice(CITIES)}展会物料 {count}"
    return "老客户回访" if count < RECORDS // 20 else f"差旅费 {chance.choice(CITIES)}"


def rows(staff: Company) -> Iterator[dict[str, list[tuple[object, ...]]]]:
    """Rows of each table, in batches; their ids go on from those of the steps that were timed."""
    chance, people = random.Random(11), staff.people
    actors = {**dict.fromkeys(("manager_approved", "done"), people.manager), "paid": people.payer,
              **dict.fromkeys(("reviewed", "finance_reviewed"), people.finance)}  # fmt: skip
    batch: dict[str, list[tuple[object, ...]]] = {name: [] for name in COLUMNS}
    for count in range(1, RECORDS + 1):
        number, of_type, at = count + OFFSET, type_of(count), moment(count + OFFSET)
        owner, amount, title = chance.choice(staff.sellers), chance.randrange(1_000, 400_000), title_of(count, chance)
        way = steps_of(count, HISTORY // RECORDS, of_type)
        named = f"{PREFIXES[of_type]}-2023-{number:07d}"
        batch["record"].append(
            (number, of_type, named, title, way[-1], CATEGORY[of_type], owner, amount, len(way) + 1, owner, at)
        )
        vendor = chance.choice(staff.vendors) if of_type == "expense_claim" and count % 3 == 0 else None
        batch[of_type].append(content(number, of_type, vendor, chance))
        batch["plain_claim"].append((number, title, way[-1], owner, amount, at))
        for version, (before, after) in enumerate(zip((FIRST[of_type], *way), way, strict=False), 1):
            actor = actors.get(after) or owner
            step = (number, version, before, after, actor, "owner", "owner", "", (version + 1) // 2, at)
            batch["status_change"].append(step)
        batch["entries"].append((search.entry(number, named, title, (owner, vendor)),))
        if count % BATCH == 0 or count == RECORDS:
            yield batch
            batch = {name: [] for name in COLUMNS}


def content(number: int, of_type: str, vendor: int | None, chance: random.Random) -> tuple[object, ...]:
    """The row of a record's own table."""
    day = date(2023, 1, 1) + timedelta(days=chance.randrange(1_400))
    if of_type == "activity":
        starts = day.isoformat() if number % 3 else None
        due = (day + timedelta(days=9)).isoformat()
        return (number, chance.choice(("task", "call", "visit")), starts, due, "", "", "", "", "")
    if of_type == "expense_claim":
        kind = "vendor_payment" if vendor else chance.choice(("request", "reimbursement"))
        return (number, kind, "出差", vendor, False)
    return (number, "出差")


COLUMNS = {
    "record": "id type number title status category owner_id amount_minor version entered_by_id entered_at",
    "expense_claim": "id kind purpose vendor_id prepaid",
    "activity": "id kind starts_on due_on channel method qty_unit quality_standard outcome",
    "test_claim": "id purpose",
    "plain_claim": "id title status owner_id amount_minor at",
    "status_change": "record_id version from_status to_status actor_id role acted_as reason round at",
    "audit_log": "seq at actor table_name row_key op old new prev_hash hash",
    "entries": "",
}
"""The columns of each table; `entries` go to the index that records are found by."""


def chained(changes: list[tuple[object, ...]], seq: int, last: str) -> tuple[list[tuple[object, ...]], int, str]:
    """The audit rows of steps, one each, continuing the chain."""
    made = []
    for number, version, before, after, actor, *_rest, at in changes:
        seq += 1
        old, new = (json.dumps({"id": number, "status": status, "version": version}) for status in (before, after))
        row = (seq, f"{str(at)[:23].replace(' ', 'T')}Z", str(actor), "record", str(number), "UPDATE", old, new, last)
        last = hashed(row)
        made.append((*row, last))
    return made, seq, last


def fill(store: Store, staff: Company) -> None:
    with store.writing(actor=SETUP) as session:
        connection = session.connection()
        kept = dict(connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all())
        for name in kept:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        seq, last = audit.head(session).seq, audit.head(session).hash
        for batch in rows(staff):
            search.RECORDS.write(connection, (one[0] for one in batch.pop("entries")))
            batch["audit_log"], seq, last = chained(batch["status_change"], seq, last)
            for table, values in batch.items():
                names = COLUMNS[table].split()
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


TASKS = ("my tasks", "late tasks", "all tasks")
"""The first lists of the screen of plans and tasks; the others are of plans and reports, of which there are few."""


def lists_of(session: Session, staff: Company) -> dict[str, Rows]:
    """The long lists of the screens, as they are made there."""
    seller, manager, finance = staff.sellers[7], staff.managers[3], staff.people.finance
    days = {"first": date(2023, 6, 1), "last": date(2023, 6, 30)}
    asked = ({}, {"actor_id": seller}, {"actor_id": finance}, {"table": "record"}, {"table": "account"}, days)
    return {
        "own claims": claim_lists.own(seller), "a team's claims": claim_lists.of_line(manager),
        "the director's claims": claim_lists.of_line(staff.people.director),
        "claims at finance": claim_lists.at_finance(), "all claims": claim_lists.everything(),
        **{name: view.rows for name, view in zip(TASKS, task_lists.views(seller), strict=False)},
        **{f"audit {one}": audit_lists.entries(session, Asked.model_validate(one)) for one in asked},
    }  # fmt: skip


def read_list(store: Store, found: Rows, order: Order) -> list[tuple[float, float]]:
    """Milliseconds of the first three pages and of one in the middle, by the clock and of the processor."""
    taken: list[tuple[float, float]] = []
    after, middle = None, RECORDS // 2
    for number in range(4):
        with store.reading() as session:
            if number == 3 and (rows := found.some(session, range(middle, middle + 50))):
                after = next((row.get(order.sort), row["id"]) for row in rows.values())
            start, busy = time.perf_counter(), time.process_time()
            page = found.page(session, order, after=after)
            taken.append(((time.perf_counter() - start) * 1000, (time.process_time() - busy) * 1000))
        after = page.after
        if after is None and number < 2:
            break
    return taken


Orders = Callable[[Rows], Iterable[Order]]


def slowest(
    store: Store, lists: dict[str, Rows], orders: Callable[[Rows], Iterable[Order]]
) -> tuple[float, float, str]:
    """The 95th percentile of the slowest list and order, by the clock and of the processor, and which they are."""
    found = []
    for name, rows_ in lists.items():
        for order in orders(rows_):
            taken = [one for _ in range(5) for one in read_list(store, rows_, order)]
            clock, busy = (sorted(one)[int((len(taken) - 1) * 0.95)] for one in zip(*taken, strict=True))
            found.append((round(clock, 1), round(busy, 1), f"{name}: {order}"))
    for one in sorted(found)[-5:]:
        print(*one)
    return max(found)[0], max(busy for _clock, busy, _told in found), max(found)[2]


def headings(found: Rows) -> Iterator[Order]:
    for sort in sorted(found.columns if found.sorts is not None else ()):
        yield from (Order(sort=sort, descending=descending) for descending in (False, True))


def searched(found: Rows) -> Iterator[Order]:
    """None, few and many hits, new and old ones; one letter, a name, a part of a number; sorted too."""
    if found.searches:
        texts = (
            "没有的词",
            "年会场地",
            "展会物料",
            "老客户回访",
            "差旅费",
            "费",
            "会",
            "销售7-3",
            "供应商17",
            "2023-00",
            "499",
        )
        yield from (Order(search=one) for one in texts)
        yield from (Order(search=one, sort="title") for one in texts)
        yield from (Order(search=one, sort="number", descending=True) for one in texts)


def timed_lists(store: Store, staff: Company) -> dict[str, float | str]:
    with store.reading() as session:
        lists = lists_of(session, staff)
    figures: dict[str, float | str] = {}
    ways: dict[str, Orders] = {"list": lambda _rows: [Order()], "sorted": headings, "search": searched}
    for name, orders in ways.items():
        clock, busy, told = slowest(store, lists, orders)
        figures |= {f"{name}_ms": clock, f"{name}_cpu_ms": busy, f"{name}_slowest": told}
    return figures


def heavy() -> None:
    files = [
        f"tests/{name}.py"
        for name in ("kit/records/test_histories", "kit/records/test_at_once", "expense/test_histories")
    ]
    command = [sys.executable, "-m", "pytest", "-n", "0", *files]
    subprocess.run(command, check=True, env={**os.environ, "MARKETBOOK_HEAVY": "1"}, cwd=Path(__file__).parents[2])


def measured(store: Store) -> dict[str, float | str]:
    types.load()
    store.upgrade()
    claims.install(store)
    with store.writing(actor=SETUP) as session:
        Plain.metadata.create_all(session.connection(), tables=[PlainClaim.__table__])  # type: ignore[list-item]
    staff = company(store)
    people, managers, sellers = staff.people, staff.managers, staff.sellers
    at_first = {"step": timed_steps(store, sellers), "append": timed(lambda _n: append(store)),
                "enter": timed(lambda n: write_claim(store, sellers[n % len(sellers)]))}  # fmt: skip
    start = time.perf_counter()
    fill(store, staff)
    print(f"filled in {time.perf_counter() - start:.0f} s")
    boxes = [*managers, people.director, people.finance, people.manager]
    print("rows in the inboxes:", sum(read_inbox(store, party) for party in boxes))
    inbox = timed(lambda n: read_inbox(store, boxes[n % len(boxes)]))
    pages = timed(lambda n: read_pages(store, n, sellers))
    steps, last = timed_steps(store, sellers), timed(lambda _n: append(store))
    entered = timed(lambda n: write_claim(store, sellers[n % len(sellers)]))
    plain = timed(lambda n: plain_insert(store, sellers[n % len(sellers)]))
    lists = timed_lists(store, staff)
    query = timed(lambda n: plain_page(store, sellers[n % len(sellers)]))
    start = time.perf_counter()
    with store.reading() as session:
        found = audit.verify(session)
    return {
        "records": RECORDS, "history": HISTORY, "inbox_ms": inbox["median"], "inbox_p95_ms": inbox["p95"],
        **lists, "plain_list_ms": pages["median"], "plain_list_p95_ms": pages["p95"], "advance_ms": steps["median"],
        "advance_p95_ms": steps["p95"], "advance_in_an_empty_store_ms": at_first["step"]["median"],
        "inbox_cpu_ms": inbox["cpu"], "plain_list_cpu_ms": pages["cpu"], "advance_cpu_ms": steps["cpu"],
        "plain_insert_cpu_ms": plain["cpu"], "times_plain_insert_cpu": round(steps["cpu"] / plain["cpu"], 2),
        "enter_ms": entered["median"], "enter_p95_ms": entered["p95"],
        "enter_in_an_empty_store_ms": at_first["enter"]["median"], "audit_append_ms": last["median"],
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
