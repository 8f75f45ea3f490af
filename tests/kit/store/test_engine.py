"""Sessions: reading cannot write, writers wait their turn, an error takes everything back."""

import multiprocessing
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Integer, insert, text
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from marketbook.kit.errors import ConfigError, RecordError
from marketbook.kit.store import Moment, Store


class Tally(DeclarativeBase):
    pass


class Count(Tally):
    __tablename__ = "count"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    value: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime | None] = mapped_column(Moment)


@pytest.fixture
def counting(blank: Store) -> Iterator[Store]:
    with blank.writing() as session:
        Tally.metadata.create_all(session.connection())
        session.add(Count(id=1, value=0))
    yield blank
    with blank.writing() as session:
        Tally.metadata.drop_all(session.connection())


def value(store: Store) -> int:
    with store.reading() as session:
        return session.get_one(Count, 1).value


def test_it_opens_nothing_before_the_first_session(tmp_path: Path) -> None:
    Store(f"sqlite:///{tmp_path}/new/store.db")
    assert not (tmp_path / "new").exists()


def test_sqlite_runs_with_wal_foreign_keys_and_a_busy_timeout(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/store.db")
    with store.writing() as session:
        found = [
            session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        ]
    store.close()
    assert found == ["wal", 1, 30_000, 1]


def test_a_new_store_waits_for_another_who_is_making_it(tmp_path: Path) -> None:
    maker = sqlite3.connect(tmp_path / "store.db", isolation_level=None, check_same_thread=False)
    maker.execute("BEGIN IMMEDIATE")
    maker.execute("CREATE TABLE made (id INTEGER)")
    threading.Timer(0.3, lambda: maker.execute("COMMIT")).start()
    store = Store(f"sqlite:///{tmp_path}/store.db")
    with store.writing() as session:
        found = [
            session.execute(text(question)).scalar()
            for question in ("PRAGMA journal_mode", "SELECT count(*) FROM made")
        ]
    store.close()
    maker.close()
    assert found == ["wal", 0]


def test_writing_commits_at_the_end(counting: Store) -> None:
    with counting.writing() as session:
        session.get_one(Count, 1).value = 7
    assert value(counting) == 7


def fail_after_writing(store: Store) -> None:
    with store.writing() as session:
        session.get_one(Count, 1).value = 7
        session.flush()
        raise ZeroDivisionError


def test_an_error_takes_everything_back(counting: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        fail_after_writing(counting)
    assert value(counting) == 0


@pytest.mark.parametrize("statement", ["UPDATE count SET value = 9", "DELETE FROM count", "CREATE TABLE more (a int)"])
def test_a_reading_session_cannot_write(counting: Store, statement: str) -> None:
    with pytest.raises(DBAPIError, match=r"readonly|read-only"), counting.reading() as session:
        session.execute(text(statement))
    assert value(counting) == 0


def test_a_connection_that_read_can_write_again(counting: Store) -> None:
    assert value(counting) == 0
    with counting.writing() as session:
        session.get_one(Count, 1).value = 1
    assert value(counting) == 1


def test_reading_a_store_that_is_not_there_says_so(tmp_path: Path) -> None:
    with (
        pytest.raises(RecordError, match=r"not there yet .*store\.db"),
        Store(f"sqlite:///{tmp_path}/store.db").reading(),
    ):
        pass


def add_one(url: str, times: int) -> None:
    store = Store(url)
    for _ in range(times):
        with store.writing() as session:
            session.get_one(Count, 1).value += 1
    store.close()


def test_writers_in_four_processes_lose_no_update(counting: Store) -> None:
    url = counting.url.render_as_string(hide_password=False)
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=add_one, args=(url, 25)) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [w.exitcode for w in writers] == [0, 0, 0, 0]
    assert value(counting) == 100


def test_a_moment_comes_back_as_utc(counting: Store) -> None:
    shanghai = timezone(timedelta(hours=8))
    with counting.writing() as session:
        session.add(Count(id=2, at=datetime(2026, 1, 1, 7, 0, tzinfo=shanghai)))
    with counting.reading() as session:
        assert session.get_one(Count, 2).at == datetime(2025, 12, 31, 23, 0, tzinfo=UTC)
        assert session.get_one(Count, 1).at is None


def test_a_moment_without_a_zone_is_refused(counting: Store) -> None:
    naive = datetime(2026, 1, 1, 7, 0)  # noqa: DTZ001
    with pytest.raises(StatementError, match="no time zone"), counting.writing() as session:
        session.execute(insert(Count).values(id=2, at=naive))


@pytest.mark.parametrize("url", ["nonsense", "mysql://host/db", "sqlite://", "sqlite:///:memory:"])
def test_it_refuses_a_url_of_another_kind(url: str) -> None:
    with pytest.raises(ConfigError, match=r"store_url: .* cannot be used; allowed are sqlite:///FILE"):
        Store(url)
