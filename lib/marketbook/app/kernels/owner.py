"""The owner's side of the warm process: started at the first kernel, told apart by library version, ended with us.

One warm process belongs to one owner: an app server, a lab server, or a `marketbook run`, whose worker processes find
it by `MARKETBOOK_WARM`.
"""

import atexit
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from marketbook.app.kernels import line
from marketbook.kit.errors import RunError
from marketbook.kit.language import gettext as _

ADDRESS = "MARKETBOOK_WARM"
"""Environment variable by which a worker process of the owner finds the owner's warm process."""

START_SECONDS = 60.0
SEEN_SECONDS = 1.0
"""How long a look at the library's files counts."""

_LEAN = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "MALLOC_ARENA_MAX"), "1") | {
    "ARROW_DEFAULT_MEMORY_POOL": "system"
}
"""What a library reads once, before the fork: no threads, and 25 MB less in a kernel that has read and drawn."""


class WarmProcess:
    """A warm process that lives as long as this object."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        """Start it; its imports go on while we do other things.

        Args:
            environment: What it sees, and so whoever may read `/proc` of its kernels; None gives it ours.
        """
        self.version = library_version()
        self.environment = None if environment is None else dict(environment)
        self._folder = Path(tempfile.mkdtemp(prefix="marketbook-"))
        self.address = str(self._folder / "warm")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "marketbook.app.kernels.warm", self.address],
            stdin=subprocess.PIPE,
            env=(os.environ if environment is None else dict(environment)) | _LEAN,
            start_new_session=True,
        )

    def alive(self) -> bool:
        """Tell whether kernels can be had of it, now or when its imports are done."""
        return self._process.poll() is None

    def kernels(self) -> int:
        """Return how many of its kernels live."""
        try:
            return int(ask(self.address, line.LIVING, {})["kernels"]) if self.alive() else 0
        except RunError:
            return 0

    def end(self) -> None:
        """Let it end; its kernels end with it."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


_own: list[WarmProcess] = []
_retired: list[WarmProcess] = []
_environment: dict[str, str] | None = None
_seen = (float("-inf"), "")
_one_at_a_time = threading.Lock()


def use_environment(environment: Mapping[str, str] | None) -> None:
    """Say what our warm processes see from now on; one that sees something else is not used again.

    A forked process shows in `/proc` the environment that its warm process was started with, whatever it puts on
    itself. An owner that keeps secrets in its own environment says here which part of it kernels may know.

    Args:
        environment: All variables; None for ours.
    """
    global _environment  # one owner is one process
    _environment = None if environment is None else dict(environment)


def address() -> str:
    """Return where kernels can be had: the owner's warm process, started anew where library or environment changed."""
    inherited = os.environ.get(ADDRESS)
    if inherited and Path(inherited).parent.exists():
        return inherited
    with _one_at_a_time:
        if _own and not _usable(_own[0]):
            _retired.append(_own.pop())
        _end_retired()
        if not _own:
            _own.append(WarmProcess(_environment))
            atexit.register(end)
        return _own[0].address


def _usable(process: WarmProcess) -> bool:
    return process.alive() and process.version == _version() and process.environment == _environment


def _version() -> str:
    """Return the library's version as it was within the last second: many kernels may start at once."""
    global _seen  # one owner is one process
    if time.monotonic() > _seen[0] + SEEN_SECONDS:
        _seen = (time.monotonic(), library_version())
    return _seen[1]


def _end_retired() -> None:
    """End the warm processes that are not used any more, once the last of their kernels has ended."""
    for process in list(_retired):
        if not process.kernels():
            _retired.remove(process)
            process.end()


def end() -> None:
    """End our warm processes, and with them their kernels."""
    for processes in (_own, _retired):
        while processes:
            processes.pop().end()


def ask(where: str, what: bytes, about: Mapping[str, Any]) -> dict[str, Any]:
    """Put one request to the warm process and return its answer.

    Args:
        where: Its address.
        what: One byte: `KERNEL`, `ENDED` or `LIVING` of `marketbook.app.kernels.line`.
        about: What the request says; it is read by the kernel that it asks for, not by the warm process.

    Raises:
        RunError: It does not answer within a minute, has ended, or the kernel could not be had.
    """
    with _connected(where) as connection:
        connection.settimeout(START_SECONDS)
        try:
            line.say(connection, about, first=what)
            answer = line.hear(connection)
        except OSError:
            answer = None
    if answer is None:
        raise RunError(_("The warm process ended while it was asked for a kernel."))
    if "problem" in answer:
        raise RunError(answer["problem"])
    return answer


def _connected(where: str) -> socket.socket:
    deadline = time.monotonic() + START_SECONDS
    while True:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(where)
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            if time.monotonic() > deadline or not _may_answer(where):
                raise RunError(_("The warm process did not start.")) from None
            time.sleep(0.02)
        else:
            return connection


def _may_answer(where: str) -> bool:
    """Tell whether it may still start: its folder goes when its owner ends it, and one of our own must be alive."""
    ours = (process for process in (*_own, *_retired) if process.address == where)
    return Path(where).parent.exists() and all(process.alive() for process in ours)


def library_version() -> str:
    """Return a digest that changes with any file of the library or with the installed packages."""
    library = Path(__file__).resolve().parents[2]
    stamps = [(str(file), file.stat().st_mtime_ns) for file in sorted(library.rglob("*.py"))]
    packages = [(path, Path(path).stat().st_mtime_ns) for path in sys.path if path and Path(path).is_dir()]
    return hashlib.sha256(repr([stamps, packages]).encode()).hexdigest()[:16]
