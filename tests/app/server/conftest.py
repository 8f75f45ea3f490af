"""A real server of a small demo company, in a process of its own: one for each test file."""

import fcntl
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import update
from tests.app.server import trial
from tests.app.server.client import Client

from marketbook.app.kernels import owner
from marketbook.demo import make
from marketbook.kit.facts import Facts
from marketbook.kit.records import Account
from marketbook.kit.store import Store

ROOT = Path(__file__).resolve().parents[3]
MARKETBOOK = Path(sys.executable).parent / "marketbook"
SIZE = 0.05
START_SECONDS = 90
BEFORE = """
import ctypes, signal
ctypes.CDLL(None).prctl(1, 9)
signal.signal(signal.SIGINT, signal.default_int_handler)
from argon2 import PasswordHasher
from marketbook.kit.records import passwords
passwords.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)"""
"""What a server of the tests does first: it ends with them, and when it is asked to even where the tests run in the
background of a shell; and it hashes passwords for real, but fast."""

AFTER = """
import atexit, os, sys
from marketbook.app.cli import main
sys.argv[0] = "marketbook"
try:
    main()
except SystemExit:
    pass
atexit._run_exitfuncs()
sys.stdout.flush()
os._exit(0)"""
"""A server of the tests ends as soon as it has tidied up: Python takes a second to forget what it has imported."""

SECRET = "planted-7d1f"
"""In the environment of the common server, and nowhere else."""


@dataclass(frozen=True)
class Served:
    """A running server and its workspace.

    Attributes:
        address: Like `http://127.0.0.1:34567/`.
        home: The workspace; notebooks/ and params/ are links to ours.
        store: Its records, which a test may read and write beside the server.
        log: What it has said, line by line.
        people: Who is signed in all the time.
    """

    address: str
    home: Path
    store: Store
    process: "subprocess.Popen[str]" = field(repr=False)
    log: list[str] = field(default_factory=list, repr=False)
    people: dict[str, Client] = field(default_factory=dict, repr=False)

    def client(self, source: str = "") -> Client:
        """A browser that nobody has signed in, at an address of this machine."""
        return Client(self.address, source)

    def signed_in(self, login: str, *, language: str = "en") -> Client:
        """A browser in which somebody (`manager`, `sales`, ...) is signed in and reads a language."""
        made = self.client()
        answer = made.sign_in(login)
        assert answer.status == 303, answer.text
        made.post("/language", language=language)
        return made

    def someone(self, login: str) -> Client:
        """The browser in which somebody is signed in all the time, for tests that leave it as it is."""
        if login not in self.people:
            self.people[login] = self.signed_in(login)
        return self.people[login]

    def sign_out(self, login: str) -> str:
        """End somebody's sessions by the command line; `someone` signs in again."""
        self.people.pop(login, None)
        return self.run("users", "sign-out", login)

    def run(self, *arguments: str) -> str:
        """Run `marketbook ...` in its workspace and return what it said."""
        done = subprocess.run(
            [str(MARKETBOOK), *arguments], env=environment(self.home), capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr


@pytest.fixture(scope="session")
def small_facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small demo company's datasets, made once for all test processes; beside it a store's tables."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder, done = base / "small-facts", base / "small-facts.done"
    with (base / "small-facts.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            folder.mkdir(exist_ok=True)
            make(Facts(folder), size=SIZE)
            store = Store(f"sqlite:///{folder}-store.db")
            store.upgrade()
            store.close()
            done.touch()
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, small_facts: Path) -> Path:
    """A workspace of the test file's own: our notebooks and params, the small company's data, no runs yet."""
    return workspace_of(tmp_path_factory.mktemp("workspace"), small_facts)


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Served]:
    """The server, ready to answer; it ends with the test file."""
    with serving(home) as served:
        yield served


@pytest.fixture
def common(common_server: Served) -> Iterator[Served]:
    """The common server; who chose another language in a test reads English again after it."""
    yield common_server
    with common_server.store.writing() as session:
        session.execute(update(Account).where(Account.language != "en").values(language="en"))


@pytest.fixture(scope="session")
def common_server(tmp_path_factory: pytest.TempPathFactory, small_facts: Path) -> Iterator[Served]:
    """A server for test files that leave it as it is: our notebooks beside small screens of the tests' own."""
    home = workspace_of(tmp_path_factory.mktemp("common"), small_facts)
    trial.write(home)
    with serving(home, code=trial.QUICK, warm="", A_SECRET=SECRET) as served:
        yield served


def workspace_of(folder: Path, facts: Path) -> Path:
    """Make a workspace with links to our notebooks and params, and a small company's data; and tables, if made."""
    for name in ("notebooks", "params"):
        (folder / name).symlink_to(ROOT / name, target_is_directory=True)
    (folder / "outputs").mkdir()
    shutil.copytree(facts, folder / ".marketbook" / "facts", copy_function=os.link)
    tables = facts.with_name(f"{facts.name}-store.db")
    if tables.exists():
        shutil.copy(tables, folder / ".marketbook" / "store.db")
    return folder


@contextmanager
def serving(home: Path, *options: str, code: str = "", warm: str | None = None, **variables: str) -> Iterator[Served]:
    """Serve a workspace.

    Args:
        home: The workspace.
        options: More options of `marketbook apps`.
        code: Python to run in the server's process before it starts, such as a shorter wait.
        warm: Where its kernels come from: the warm process of the tests, or "" for one of its own.
        variables: More of its environment.
    """
    main = f"{BEFORE}\n{code}\n{AFTER}"
    variables[owner.ADDRESS] = owner.address() if warm is None else warm
    process = subprocess.Popen(
        [sys.executable, "-c", main, "apps", "--port", "0", *options], env=environment(home) | variables,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    log: list[str] = []
    store = Store(f"sqlite:///{home}/.marketbook/store.db")
    try:
        yield Served(_listen(process, log), home, store, process, log)
    finally:
        store.close()
        _end(process)


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a command in a workspace: no setting of this machine's own reaches it."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("MARKETBOOK_")}
    return own | {"MARKETBOOK_HOME": str(home), "PYTHONUNBUFFERED": "1"}


def _listen(process: "subprocess.Popen[str]", log: list[str]) -> str:
    """Keep what the server says, and return its address once it says so."""
    told: queue.Queue[str] = queue.Queue()

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            log.append(line)
            if found := re.search(r"https?://[\d.]+:\d+/", line):
                told.put(found[0])
        told.put("")

    threading.Thread(target=read, daemon=True).start()
    address = told.get(timeout=START_SECONDS)
    assert address, "".join(log)
    return address


def _end(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
    if process.stdout:
        process.stdout.close()
