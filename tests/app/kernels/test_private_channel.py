"""A kernel learns whom it serves over a channel of its own, and nobody else does; real kernels, forked and cold."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from jupyter_client.manager import KernelManager

from marketbook.app import kernel
from marketbook.app.kernels import owner, provisioner
from marketbook.kit.errors import RunError

Start = Callable[..., tuple[KernelManager, Callable[[str], str]]]

pytestmark = [
    pytest.mark.skipif(not provisioner.can_fork(), reason="kernels are forked on Linux alone"),
    pytest.mark.filterwarnings("ignore"),  # jupyter_client's own sockets and loops
]

WRITES = "postgresql+psycopg://manager:planted-password@127.0.0.1/marketbook"
VISITOR = {
    "account_id": 3,
    "party_id": 7,
    "login": "lin",
    "name": "林悦",
    "language": "zh_Hans",
    "roles": ["manager"],
    "store": WRITES,
    "server": "/",
}
TELL = "from marketbook.kit import visitor; from marketbook.kit.config import settings; s = visitor.served(); "


@pytest.fixture(params=["forked", "cold"])
def one(start: Start, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Start:
    """Start a kernel as the app server does, whose own environment holds secrets."""
    monkeypatch.setenv("MARKETBOOK_STORE_URL", WRITES)
    monkeypatch.setenv("UNRELATED_TOKEN", "planted-token")
    if request.param == "cold":
        monkeypatch.setattr(provisioner, "fork", fails)
    owner.use_environment(kernel.app_environment())

    def start_one(**options: object) -> tuple[KernelManager, Callable[[str], str]]:
        return start(**({"env": kernel.app_environment(), "visitor": VISITOR} | options))

    yield start_one
    owner.use_environment(None)


def fails(*_: object) -> provisioner.ForkedKernel:
    raise RunError("The warm process did not start.")


def test_the_visitor_arrives_with_the_url_that_may_write(one: Start) -> None:
    _, ask = one()
    said = ask(TELL + "print(s.login, s.name, s.party_id, sorted(s.roles), settings().store == s.store)")
    assert said == "lin 林悦 7 ['manager'] True"


def test_no_secret_is_in_environment_arguments_connection_file_or_repr(one: Start) -> None:
    manager, ask = one()
    shown = "".join(
        Path(f"/proc/{manager.provisioner.pid}/{part}").read_text("utf-8", "replace") for part in ("environ", "cmdline")
    )
    shown += ask(TELL + "import os, sys; print(dict(os.environ), sys.argv, s, repr(settings()))")
    shown += Path(manager.connection_file).read_text("utf-8")
    assert "PATH" in shown
    assert "planted" not in shown


def test_a_restarted_kernel_serves_the_same_visitor(one: Start) -> None:
    manager, ask = one()
    before = manager.provisioner.pid
    manager.restart_kernel(now=True)
    assert ask(TELL + "print(s.login, settings().store == s.store)") == "lin True"
    assert manager.provisioner.pid != before


def test_a_kernel_without_visitor_serves_nobody_whatever_the_environment_says(one: Start) -> None:
    forged = {"MARKETBOOK_VISITOR": json.dumps(VISITOR), "VISITOR": json.dumps(VISITOR), "MARKETBOOK_PARTY": "7"}
    _, ask = one(visitor=None, env=kernel.app_environment() | forged)
    assert ask(TELL + "print(s, 'postgresql' in settings().store)") == "None False"


def test_a_run_that_serves_nobody_is_told_the_store_alone(one: Start) -> None:
    env, told = kernel.without_store(kernel.app_environment() | {kernel.STORE: WRITES}, kernel.OURS)
    _, ask = one(env=env, **told)
    assert ask(TELL + "import os; print(s, settings().store_url == '' , 'planted' in str(dict(os.environ)))") == (
        "None False False"
    )


def test_a_kernel_of_another_kind_is_told_by_its_environment() -> None:
    known = {kernel.STORE: WRITES, "PATH": "/bin"}
    assert kernel.without_store(known, kernel.STOCK) == (known, {})


def test_the_next_kernel_holds_nothing_of_the_one_before(one: Start) -> None:
    _, served = one()
    served(FIND)
    assert int(served("print(found)")) > 1
    _, ask = one(visitor=None)
    ask(FIND)
    assert ask("print(found)") == "1"  # the word that it looks for


FIND = """
word, found = bytes(reversed(b"drowssap-detnalp")), 0
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", buffering=0) as memory:
    for place, rights in (line.split()[:2] for line in maps if "[v" not in line):
        first, last = (int(part, 16) for part in place.split("-"))
        if "w" in rights and last - first < 2**28:
            memory.seek(first)
            found += memory.read(last - first).count(word)
"""


def test_the_environment_of_app_kernels_is_a_list_of_what_may_be_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKETBOOK_STORE_URL", WRITES)
    monkeypatch.setenv("MARKETBOOK_CURRENCY", "EUR")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "planted")
    known = kernel.app_environment()
    assert "planted" not in str(known)
    assert (known["MARKETBOOK_CURRENCY"], known["PATH"]) == ("EUR", os.environ["PATH"])
    assert known["OPENBLAS_NUM_THREADS"] == "1"


def test_runs_started_by_a_server_know_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(kernel.STORE, WRITES)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "planted")
    monkeypatch.setattr(kernel, "_secretive", True)
    known = kernel.environment(side_by_side=False)
    assert (known.pop(kernel.STORE), "planted" in str(known), "PATH" in known) == (WRITES, False, True)


def test_a_warm_process_that_sees_more_is_not_used_again() -> None:
    before = owner.address()
    owner.use_environment(kernel.app_environment())
    try:
        assert owner.address() != before
        assert not Path(before).exists()
    finally:
        owner.use_environment(None)
