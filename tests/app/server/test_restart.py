"""The first start makes one administrator; sessions survive a restart, even one that nobody asked for."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.app.server.conftest import Served, serving

PASSWORD = "a sentence of my own"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace without data, reports and accounts."""
    folder = tmp_path_factory.mktemp("empty")
    for name in ("notebooks", "params", "outputs"):
        (folder / name).mkdir()
    return folder


def password_in(log: list[str]) -> str:
    """The password that stands by itself on a line."""
    told = [line.strip() for line in log if line.count("-") == 3 and len(line.strip()) == 19]
    assert len(told) == 1, log
    return told[0]


def files_with(folder: Path, text: str) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file() and text.encode() in file.read_bytes()]


def begin(served: Served, password: str) -> dict[str, str]:
    """Sign in with the printed password, choose another, and return the cookies."""
    client = served.client()
    assert client.sign_in("admin", password).location == "/password"
    assert {client.get(path).location for path in ("/", "/nowhere", "/reports/template")} == {"/password"}
    assert client.post("/password", old=password, new=PASSWORD, again=PASSWORD).status == 303
    assert client.get("/").status == 200
    return client.cookies


@pytest.fixture(scope="module")
def first(empty: Path) -> tuple[str, dict[str, str]]:
    """The password that the first start printed, and the cookies of who used it; that server was killed."""
    with serving(empty) as served:
        password = password_in(served.log)
        cookies = begin(served, password)
        os.killpg(served.process.pid, signal.SIGKILL)
    return password, cookies


@pytest.fixture(scope="module")
def again(empty: Path, first: tuple[str, dict[str, str]]) -> Iterator[Served]:  # noqa: ARG001  # it comes after
    """The server, started again."""
    with serving(empty) as served:
        yield served


def test_the_password_is_printed_once_and_kept_nowhere(
    empty: Path, first: tuple[str, dict[str, str]], again: Served
) -> None:
    assert files_with(empty, first[0]) == []
    assert not any(line.count("-") == 3 for line in again.log)
    assert again.client().sign_in("admin", first[0]).status == 401


def test_sessions_outlive_the_server_and_are_ended_by_the_command_line(
    first: tuple[str, dict[str, str]], again: Served
) -> None:
    client = again.client()
    client.cookies = first[1]
    assert client.get("/").status == 200
    assert "admin" in again.run("users", "sign-out", "admin")
    assert client.get("/").status == 302
    assert again.client().sign_in("admin", PASSWORD).location == "/"


@pytest.mark.usefixtures("again")
def test_what_the_workspace_keeps_is_kept_from_other_users_of_the_machine(empty: Path) -> None:
    folder = empty / ".marketbook"
    assert oct(folder.stat().st_mode & 0o777) == "0o700"
    assert {oct(file.stat().st_mode & 0o777) for file in folder.glob("store.db*")} == {"0o600"}


def test_a_port_that_is_taken_is_told_in_one_line(again: Served) -> None:
    said = again.run("apps", "--port", again.address.rstrip("/").rpartition(":")[2])
    assert "Traceback" not in said
    assert len(said.strip().splitlines()) == 1
