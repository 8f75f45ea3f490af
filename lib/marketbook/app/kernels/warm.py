"""The warm process that kernels are forked from: it imports what notebooks import, then waits at a socket.

Its owner (`marketbook.app.kernels.owner`) starts it as `python -m marketbook.app.kernels.warm SOCKET`; it ends when the
owner's end of its standard input closes. Asked for a kernel, it forks, and the child reads the request and answers
`{"pid": n}`; asked how a kernel ended, it answers `{"code": n}`, or `{"code": null}` while the kernel lives.

Nothing that holds threads, sockets or an event loop is made before the fork: no zmq context, no OpenMP region, no
connection to a database, no chart.
"""

import atexit
import gc
import importlib
import os
import pkgutil
import selectors
import signal
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path

from marketbook.app.kernels import child, drawing, line, prepared
from marketbook.app.kernels.parent import end_with

LIBRARIES = (
    *("numpy", "pandas", "pyarrow.parquet", "scipy.stats", "scipy.optimize", "scipy.special", "scipy.linalg"),
    *("ibis", "ibis.backends.sql.compilers.duckdb", "sqlalchemy.orm", "sklearn.cluster", "sklearn.metrics"),
    *("ipywidgets", "IPython.core.completer"),
    *("babel.numbers", "babel.dates", "opencc", "vl_convert", "statsmodels.api", "duckdb"),
)
"""Imported before the first fork, and with them every module of ROOMS; one that is missing is left out."""

ROOMS = (
    "kit", "survey", "segmentation", "budget", "campaign", "office", "plan", "expense", "team", "customer",
    "competitor",
)  # fmt: skip

PATIENCE_SECONDS = 10.0

HARMLESS = {"jemalloc_bg_thd"}
"""Threads of libraries that are known to survive a fork: jemalloc starts its own anew in the child."""


def main(address: str) -> None:
    """Import, listen, and fork a kernel at each request; in the forked process, become that kernel."""
    gc.disable()  # imports make little that could be collected, and much to look through
    folder = Path(address).parent
    drawing.begin(str(folder / "drawing"), len(os.sched_getaffinity(0)))
    application = prepared.prepare(str(folder))
    for name in (*LIBRARIES, *modules()):
        _import(name)
    sys.modules["duckdb"].execute("SET threads = 1")  # importing it starts threads for a connection nobody uses
    refuse_threads()
    gc.collect()
    gc.enable()
    gc.freeze()  # a collection in a kernel would touch, and so copy, every page it shares with us
    atexit.register(gc.unfreeze)
    connection = Warm(address).serve()
    if connection is None:
        os._exit(0)  # nothing is left to tidy, and a large process takes its time
    child.become_kernel(connection, application, str(folder / "drawing"))


def modules() -> list[str]:
    """Return the names of the library's modules that notebooks use."""
    library = Path(__file__).parents[2]
    found = []
    for room in ROOMS:
        inside = pkgutil.walk_packages([str(library / room)], f"marketbook.{room}.")
        found += [f"marketbook.{room}", *(module.name for module in inside)]
    return [name for name in found if ".migrations" not in name and ".export" not in name]


def refuse_threads(seconds: float = 2.0) -> None:
    """End with an error where a thread is alive that a fork would leave behind.

    Args:
        seconds: How long a thread that some import started may still take to end.

    Raises:
        RuntimeError: Naming the threads.
    """
    deadline = time.monotonic() + seconds
    while alive := threads() - HARMLESS:
        if time.monotonic() > deadline:
            raise RuntimeError(f"threads alive before the fork: {', '.join(sorted(alive))}")
        time.sleep(0.01)


def threads() -> set[str]:
    """Return the names of this process's threads but the first, as the kernel of the system knows them."""
    tasks = [task for task in Path("/proc/self/task").glob("*") if task.name != str(os.getpid())]
    return {(task / "comm").read_text().strip() for task in tasks if (task / "comm").exists()}


class Warm:
    """The listening side, in one thread."""

    def __init__(self, address: str) -> None:
        """Listen at a Unix socket in a folder that only its owner may enter."""
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(address)
        self._listener.listen(64)
        self._codes: dict[int, int] = {}
        self._living: set[int] = set()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(sys.stdin, selectors.EVENT_READ)
        signal.signal(signal.SIGCHLD, lambda *_: self._reap())

    def serve(self) -> socket.socket | None:
        """Answer until the owner is gone; return the asking connection in a forked child, None in the warm process."""
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is sys.stdin:
                    return None
                connection = self._listener.accept()[0]
                if self._answer(connection) == 0:
                    return connection
                connection.close()

    def _answer(self, connection: socket.socket) -> int | None:
        """Answer a request; return 0 in a forked child."""
        connection.settimeout(PATIENCE_SECONDS)
        with suppress(OSError):  # one who has gone away, or says nothing
            what = connection.recv(1)
            if what == line.KERNEL:
                return self._fork()
            about = line.hear(connection)
            if what == line.LIVING:
                line.say(connection, {"kernels": len(self._living)})
            elif what == line.ENDED and about is not None:
                line.say(connection, {"code": self._code(about["pid"])})
        return None

    def _fork(self) -> int:
        """Fork; the child leads a session of its own, and ends with us."""
        us = os.getpid()
        pid = os.fork()
        if pid == 0:
            os.setsid()
            end_with(us)
            self._listener.close()
            self._selector.close()
        else:
            self._living.add(pid)
        return pid

    def _code(self, pid: int) -> int | None:
        self._reap()
        return self._codes.pop(pid, None)

    def _reap(self) -> None:
        """Take note of the children that have ended, so that none stays a zombie."""
        with suppress(ChildProcessError):
            while True:
                ended, status = os.waitpid(-1, os.WNOHANG)
                if ended == 0:
                    return
                self._living.discard(ended)
                self._codes[ended] = os.waitstatus_to_exitcode(status)


def _import(name: str) -> None:
    """Import a module; one that is broken is told of and left to the notebooks that want it."""
    try:
        importlib.import_module(name)
    except Exception as error:  # noqa: BLE001  # somebody may be writing it just now
        if not (isinstance(error, ModuleNotFoundError) and error.name == name):
            sys.stderr.write(f"marketbook: {name} is not imported ahead: {type(error).__name__}: {error}\n")


if __name__ == "__main__":
    main(sys.argv[1])
