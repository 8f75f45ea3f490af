"""The customer desk in a full store on SQLite: a customer is found, a card is opened, the complaints' queue is read.

BENCH_CUSTOMERS (1,000,000), BENCH_ACTIVITIES (5,000,000, shared out among the customers) and BENCH_COMPLAINTS (100,000,
of which one of 25 is open) set the sizes. `search_ms` is of the slowest kind of search (a whole number, a name, a part
of one, pinyin, initials, what nobody is called), `card_ms` of the whole page: facts, quality, consents and the story,
`queue_ms` of the slowest of the queue's lists, its live reading of several pages, and the home page's part of it. Each
is the 95th percentile of cold sessions. Rows are written in bulk with triggers and indexes away, which are made again
before anything is timed; activities have no words in the index of records.
"""

import json
import os
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.kit.records import claims

from marketbook.customer import cards, face, index, lists, page, telling
from marketbook.customer.complaint import lists as complaint_lists
from marketbook.customer.complaint import today
from marketbook.kit.forms.rows import Order
from marketbook.kit.records import search, types
from marketbook.kit.records.search import Entry
from marketbook.kit.store import SETUP, Store

CUSTOMERS = int(os.environ.get("BENCH_CUSTOMERS", "1000000"))
ACTIVITIES = int(os.environ.get("BENCH_ACTIVITIES", "5000000"))
COMPLAINTS = int(os.environ.get("BENCH_COMPLAINTS", "100000"))
BATCH, TIMES, FIRST_ID, FIRST_RECORD = 20_000, 100, 1_000, 10_000
OPEN = 25
"""One of so many complaints is open."""
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈单解仇查"
)
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰志建国文斌宇浩然子轩梓涵雨欣思源嘉怡晨曦博乐重长行朝"

INSERTS = {
    "party": "(id, kind, status, name, profile) VALUES (?, 'customer', 'active', ?, '{}')",
    "customer": (
        "(id, company, owner_id, needs, preferences, reading, met_on, changed, version, entered_by_id, entered_at) "
        "VALUES (?, 0, ?, '企业礼盒', '', ?, '2025-03-01', '', 1, ?, '2025-03-01 01:00:00.000000')"
    ),
    "contact_point": (
        "(customer_id, kind, value, shared, added_by_id, added_at) "
        "VALUES (?, 'mobile', ?, 0, ?, '2025-03-01 01:00:00.000000')"
    ),
    "consent": (
        "(customer_id, purpose, given, method, said_on, recorded_by_id, recorded_at) "
        "VALUES (?, 'care', 1, 'phone', '2025-03-01', ?, '2025-03-01 01:00:00.000000')"
    ),
    "audit_log": (
        "(seq, at, actor, table_name, row_key, op, old, new, prev_hash, hash) "
        "VALUES (?, '2025-03-01T01:00:00.000Z', ?, 'customer', ?, 'INSERT', NULL, '{}', '', '')"
    ),
}


@cache
def found_by(name: str) -> tuple[str, ...]:
    return tuple(index.entry(0, name).texts)


def named(chance: random.Random) -> str:
    return chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2))))


def mobile(number: int) -> str:
    return f"+86138{number * 37 % 100_000_000:08d}"


@contextmanager
def bare(file: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that checks nothing to a store whose triggers and indexes are away, and make them again."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000;")
        away = connection.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND (type = 'trigger' OR type = 'index' "
            "AND tbl_name IN ('record', 'activity', 'participation', 'complaint', 'status_change', 'audit_log'))"
        ).fetchall()
        for kind, name, _sql in away:
            connection.execute(f"DROP {kind} {name}")
        connection.execute("BEGIN")
        yield connection
        connection.execute("COMMIT")
        for _kind, _name, sql in sorted(away):
            connection.execute(sql)
        connection.executescript("PRAGMA journal_mode = WAL;")


def fill(connection: sqlite3.Connection, owner: int) -> None:
    chance, seq = random.Random(17), connection.execute("SELECT max(seq) FROM audit_log").fetchone()[0] or 0
    for start in range(0, CUSTOMERS, BATCH):
        people = [(FIRST_ID + n, named(chance)) for n in range(start, min(start + BATCH, CUSTOMERS))]
        rows = {
            "party": people,
            "customer": [(n, owner, " ".join(found_by(name)[1:]), owner) for n, name in people],
            "contact_point": [(n, mobile(n), owner) for n, _name in people],
            "consent": [(n, owner) for n, _name in people],
            "audit_log": [(seq + n, str(owner), str(n)) for n, _name in people],
        }
        for table, statement in INSERTS.items():
            connection.executemany(f"INSERT INTO {table} {statement}", rows[table])


NUMBERED = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count) INSERT INTO "
AT = "strftime('%Y-%m-%d %H:%M:%f', '2022-01-03 01:00:00', '+' || (i % 2000000) || ' minutes') || '000'"
RECORD = "record (id, type, number, title, status, category, owner_id, version, entered_by_id, entered_at) SELECT "
OFFICE = (
    f"""{RECORD} :first + i, 'activity', 'AC-' || (:first + i), '回访客户', iif(i % 50, 'done', 'planned'), '', :owner,
    1, :owner, {AT} FROM n""",
    """activity (id, kind, channel, method, due_on, qty_unit, quality_standard, done_on, outcome) SELECT :first + i,
    iif(i % 3, 'call', 'visit'), '', '', date('2022-01-03', '+' || (i % 1400) || ' days'), '', '',
    iif(i % 50, date('2022-01-03', '+' || (i % 1400) || ' days'), NULL), iif(i % 50, '满意，下月再联系', '') FROM n""",
    """participation (activity_id, party_id, role, attended, result) SELECT :first + i, :customer + i % :customers,
    'customer', 1, '' FROM n""",
)
"""Activities, in SQL alone: an activity of each customer in turn."""

DESK = (
    f"""{RECORD} :first + i, 'complaint', 'CO-' || (:first + i), '收到的杯子有裂纹，要求换货',
    iif(i % :open, 'closed', iif(i / :open % 2, 'in_progress', 'open')), '', :owner, 1, :owner, {AT} FROM n""",
    f"""complaint (id, party_id, source, severity, content, received_at, department, handler_id, respond_by, resolve_by,
    provisional, responded_at, resolved_at, resolution, cause, cause_text) SELECT :first + i,
    :customer + i * 7919 % :customers, 'phone', 'normal', '收到的杯子有裂纹，要求换货', {AT}, 'logistics',
    iif(i / :open % 2, :owner, NULL), {AT}, {AT}, 0, iif(i % :open, {AT}, NULL), iif(i % :open, {AT}, NULL),
    iif(i % :open, '已补寄', ''), iif(i % :open, 'delivery.damaged', NULL), '' FROM n""",
    f"""status_change (record_id, version, from_status, to_status, actor_id, role, acted_as, reason, round, at)
    SELECT :first + i, 1, 'open', 'in_progress', :owner, 'service', 'service', '', 1, {AT} FROM n WHERE i % :open""",
)
"""Complaints, of which one in `OPEN` is open."""


def crowd(connection: sqlite3.Connection, owner: int) -> None:
    """Write the activities and complaints of the customers."""
    about = {"owner": owner, "customer": FIRST_ID, "customers": CUSTOMERS, "open": OPEN}
    for statements, first, count in (
        (OFFICE, FIRST_RECORD, ACTIVITIES), (DESK, FIRST_RECORD + ACTIVITIES, COMPLAINTS),
    ):  # fmt: skip
        for statement in statements:
            connection.execute(NUMBERED + statement, {**about, "first": first, "count": count})
    begun, numbers = datetime.now(UTC), range(0, COMPLAINTS, OPEN)
    hands = [
        (FIRST_RECORD + ACTIVITIES + n, f"{begun + timedelta(minutes=n % 6_000 - 2_000):%Y-%m-%d %H:%M:%S.%f}")
        for n in numbers
    ]
    connection.executemany("INSERT INTO complaint_clock (complaint_id, due_at, warn_at) VALUES (?, ?, NULL)", hands)


def words(store: Store) -> None:
    """Write what customers and complaints are found by."""
    with store.writing(actor=SETUP) as session:
        connection, chance = session.connection(), random.Random(17)
        for start in range(0, CUSTOMERS, BATCH):
            people = [(FIRST_ID + n, named(chance)) for n in range(start, min(start + BATCH, CUSTOMERS))]
            index.CUSTOMERS.write(connection, [Entry(n, found_by(name)) for n, name in people])
        numbers = range(FIRST_RECORD + ACTIVITIES, FIRST_RECORD + ACTIVITIES + COMPLAINTS)
        title = "收到的杯子有裂纹，要求换货"
        search.RECORDS.write(connection, [Entry(n, (f"CO-{n}", title), space="CO") for n in numbers])


def filled(store: Store) -> int:
    """Fill a store and return who answers for all."""
    owner = claims.hire(store).sales
    assert store.file is not None
    store.close()
    with bare(store.file) as connection:
        fill(connection, owner)
        crowd(connection, owner)
    words(store)
    return owner


def p95(do: Callable[[int], object]) -> float:
    taken = []
    for turn in range(TIMES):
        begun = time.perf_counter()
        do(turn)
        taken.append((time.perf_counter() - begun) * 1_000)
    return statistics.quantiles(taken, n=20)[-1]


def searches() -> Iterator[tuple[str, Callable[[int], str]]]:
    chance = random.Random(23)
    names = [named(chance) for _ in range(TIMES)]
    yield "number", lambda turn: mobile(FIRST_ID + turn * 997 % CUSTOMERS)[3:]
    yield "name", lambda turn: names[turn]
    yield "surname", lambda turn: names[turn][0]
    yield "part of a name", lambda turn: names[turn][1:]
    yield "pinyin", lambda turn: found_by(names[turn])[1]
    yield "beginning of pinyin", lambda turn: found_by(names[turn])[1][:4]
    yield "initials", lambda turn: found_by(names[turn])[-1]
    yield "nobody", lambda turn: f"zzyx{turn}"


def main() -> None:
    types.load()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/store.db")
        store.upgrade()
        begun = time.perf_counter()
        owner = filled(store)
        print(
            f"{CUSTOMERS:,} customers and {ACTIVITIES:,} activities written in {time.perf_counter() - begun:.0f} s",
            file=sys.stderr,
        )
        everybody = lists.everybody()

        def found(wanted: str) -> None:
            with store.reading() as session:
                everybody.page(session, Order(wanted))

        def card(turn: int) -> None:
            with store.reading() as session:
                customer = cards.named(session, FIRST_ID + turn * 7_919 % CUSTOMERS)
                page.written("told.html.j2", said="", card=face.of(session, customer, reader=owner))
                page.written("events.html.j2", events=telling.of(session, customer.id, reader=owner))

        queues = {
            "queue": lambda session: complaint_lists.queue().page(session, Order()),
            "queue, ten pages": lambda session: complaint_lists.queue().page(session, Order(), size=500),
            "mine": lambda session: complaint_lists.mine(owner).page(session, Order()),
            "in the queue by a name": lambda session: complaint_lists.queue().page(session, Order("王伟")),
            "all complaints": lambda session: complaint_lists.everything().page(session, Order()),
            "home of service": lambda session: today.own(session, owner),
            "home of the manager": lambda session: today.everybodys(session, owner),
        }

        def queue(kind: str) -> None:
            with store.reading() as session:
                queues[kind](session)

        by_queue = {kind: round(p95(lambda _turn, of=kind: queue(of)), 1) for kind in queues}
        by_kind = {kind: round(p95(lambda turn, of=of: found(of(turn))), 1) for kind, of in searches()}
        size = (Path(folder) / "store.db").stat().st_size // 1_000_000
        sizes = {"customers": CUSTOMERS, "activities": ACTIVITIES, "complaints": COMPLAINTS}
        measured = {
            "search_ms": max(by_kind.values()), "card_ms": round(p95(card), 1), "queue_ms": max(by_queue.values()),
            "searches": by_kind, "queues": by_queue,
        }  # fmt: skip
        print(json.dumps({**sizes, **measured, "store_mb": size}, ensure_ascii=False))
        store.close()


if __name__ == "__main__":
    main()
