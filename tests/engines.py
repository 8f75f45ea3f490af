"""A store on each engine; PostgreSQL is MARKETBOOK_TEST_POSTGRES (a URL), else a private cluster of this machine."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url, text

from marketbook.kit.store import Store

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def as_postgres(*command: object) -> None:
    """PostgreSQL refuses to run as root, so root runs it as the user that Debian made for it."""
    user = {"user": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    subprocess.run([str(c) for c in command], check=True, capture_output=True, cwd="/", **user)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL database that tests may fill."""
    if url := os.environ.get("MARKETBOOK_TEST_POSTGRES"):
        yield url
    elif not BINARIES:
        missing = "no PostgreSQL in /usr/lib/postgresql; set MARKETBOOK_TEST_POSTGRES or install it"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    else:
        yield from private_cluster(BINARIES[-1])


def private_cluster(binaries: Path) -> Iterator[str]:
    folder, port = Path(tempfile.mkdtemp(prefix="marketbook-pg-")), free_port()
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    try:
        as_postgres(binaries / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "--no-sync")
        as_postgres(binaries / "pg_ctl", "-D", folder / "data", "-l", folder / "log", "-w", "-o", options, "start")
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        as_postgres(binaries / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def emptied(url: str) -> str:
    engine = create_engine(Store(url).url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def blank(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store without tables."""
    postgresql = request.param == "postgresql"
    store = Store(emptied(request.getfixturevalue("postgres")) if postgresql else f"sqlite:///{tmp_path}/store.db")
    yield store
    store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tables: "Tables", tmp_path: Path) -> Iterator[Store]:
    """A store with its tables."""
    made = tables(request.param, tmp_path, "tested")
    yield made
    made.close()


Tables = Callable[[str, Path, str], Store]
"""Makes a store with its tables: on an engine, in a folder or in a database of a name."""


@pytest.fixture(scope="session")
def tables(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """Return a function that makes stores with their tables, which are made once and then copied."""

    @cache
    def file() -> Path:
        made = Store(f"sqlite:///{tmp_path_factory.mktemp('tables')}/store.db")
        made.upgrade()
        made.close()
        assert made.file is not None
        return made.file

    @cache
    def server() -> URL:
        url = make_url(request.getfixturevalue("postgres"))
        _on_server(url, "CREATE DATABASE tables")
        made = Store(url.set(database="tables").render_as_string(hide_password=False))
        made.upgrade()
        made.close()
        return url

    def make(engine: str, folder: Path, name: str) -> Store:
        if engine == "sqlite":
            shutil.copy(file(), folder / "store.db")
            return Store(f"sqlite:///{folder}/store.db")
        if "MARKETBOOK_TEST_POSTGRES" in os.environ:  # one database, which may be all that we may have
            made = Store(emptied(request.getfixturevalue("postgres")))
            made.upgrade()
            return made
        url = server()
        _on_server(url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name} TEMPLATE tables")
        return Store(url.set(database=name).render_as_string(hide_password=False))

    return make


def _on_server(url: URL, *statements: str) -> None:
    engine = create_engine(Store(url.render_as_string(hide_password=False)).url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
