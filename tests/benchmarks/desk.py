"""The customer desk in a full store on SQLite: a customer is found by number, name or pinyin, and a card is opened.

BENCH_CUSTOMERS (1,000,000) sets the size; each has a contact point, a consent, and a row of the audit log.
`search_ms` is of the slowest kind of search (a whole number, a name, a part of one, pinyin, initials, what nobody is
called), `card_ms` of the whole page: facts, quality, consents and the story. Both are the 95th percentile of cold
sessions. Rows are written in bulk with the triggers away, which are made again before anything is timed.
"""

import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, text

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.kit.records import claims

from marketbook.customer import card_guards, cards, face, index, lists, page, telling
from marketbook.kit.forms.rows import Order
from marketbook.kit.records import guards, types
from marketbook.kit.records.search import Entry
from marketbook.kit.store import SETUP, Store, triggers

CUSTOMERS = int(os.environ.get("BENCH_CUSTOMERS", "1000000"))
BATCH, TIMES, FIRST_ID = 20_000, 100, 1_000
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


def fill(connection: Connection, owner: int) -> None:
    chance, seq = random.Random(17), connection.execute(text("SELECT max(seq) FROM audit_log")).scalar() or 0
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
            connection.exec_driver_sql(f"INSERT INTO {table} {statement}", rows[table])
        index.CUSTOMERS.write(connection, [Entry(n, found_by(name)) for n, name in people])


def filled(store: Store) -> int:
    """Fill a store and return who answers for all."""
    owner = claims.hire(store).sales
    with store.writing(actor=SETUP) as session:
        connection = session.connection()
        away = [*guards.of_kit(connection), *card_guards.of_cards(connection)]
        triggers.remove(connection, away)
        fill(connection, owner)
        triggers.install(connection, away)
        connection.exec_driver_sql("ANALYZE")
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
        print(f"{CUSTOMERS:,} customers written in {time.perf_counter() - begun:.0f} s", file=sys.stderr)
        everybody = lists.everybody()

        def found(wanted: str) -> None:
            with store.reading() as session:
                everybody.page(session, Order(wanted))

        def card(turn: int) -> None:
            with store.reading() as session:
                customer = cards.named(session, FIRST_ID + turn * 7_919 % CUSTOMERS)
                page.written("told.html.j2", said="", card=face.of(session, customer, reader=owner))
                page.written("events.html.j2", events=telling.of(session, customer.id, reader=owner))

        by_kind = {kind: round(p95(lambda turn, of=of: found(of(turn))), 1) for kind, of in searches()}
        size = (Path(folder) / "store.db").stat().st_size // 1_000_000
        measured = {"search_ms": max(by_kind.values()), "card_ms": round(p95(card), 1), "searches": by_kind}
        print(json.dumps({"customers": CUSTOMERS, **measured, "store_mb": size}, ensure_ascii=False))
        store.close()


if __name__ == "__main__":
    main()
