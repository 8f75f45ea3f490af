"""The warm process that kernels are forked from: it imports what notebooks import, then waits at a socket.

Its owner (`marketbook.app.kernels.owner`) starts it as `python -m marketbook.app.kernels.warm SOCKET`; it ends when the
owner's end of its standard input closes. A request is one line of JSON: `{"start": {...}}` forks a kernel and answers
`{"pid": n}`, `{"ended": pid}` answers `{"code": n}`, or `{"code": null}` while the kernel lives.

Nothing that holds threads, sockets or an event loop is made before the fork: no zmq context, no OpenMP region, and no
DuckDB, which (1.4, 1.5) starts a thread when it is imported; a kernel imports it in 40 ms.
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import random
import selectors
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

LIBRARIES = (
    *("numpy", "pandas", "pyarrow.parquet", "scipy.stats", "scipy.optimize", "scipy.special", "scipy.linalg"),
    *("ibis", "ibis.backends.sql.compilers.duckdb", "sqlalchemy.orm", "sklearn.cluster", "sklearn.metrics"),
    *("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell", "ipywidgets", "IPython.core.completer"),
    *("babel.numbers", "babel.dates", "opencc"),
)
"""Imported before the first fork, and with them every module of ROOMS; one that is missing is left out."""

ROOMS = ("kit", "survey", "segmentation", "budget", "campaign")

HARMLESS = {"jemalloc_bg_thd"}
"""Threads of libraries that are known to survive a fork: jemalloc starts its own anew in the child."""


def main(address: str) -> None:
    """Import, listen, and fork a kernel at each request; in the forked process, become that kernel."""
    for name in (*LIBRARIES, *modules()):
        _import(name)
    refuse_threads()
    gc.collect()
    gc.freeze()  # a collection in a kernel would touch, and so copy, every page it shares with us
    atexit.register(gc.unfreeze)
    wanted = Warm(address).serve()
    if wanted is not None:
        become_kernel(wanted)


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


def become_kernel(wanted: dict[str, Any]) -> None:
    """Put on the requested environment and run the kernel until it ends."""
    os.environ.clear()
    os.environ.update(wanted["env"])
    os.chdir(wanted["cwd"])
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    random.seed()
    sys.modules["numpy"].random.seed()
    sys.modules["marketbook.kit.config"].settings.cache_clear()
    arguments = [*wanted["arguments"], f"--IPKernelApp.parent_handle={os.getppid()}", "--log-level=ERROR"]
    sys.argv = ["ipykernel", *arguments]
    sys.path[0] = ""
    importlib.import_module("ipykernel.kernelapp").launch_new_instance(argv=arguments)


class Warm:
    """The listening side, in one thread."""

    def __init__(self, address: str) -> None:
        """Listen at a Unix socket in a folder that only its owner may enter."""
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(address)
        self._listener.listen(64)
        self._codes: dict[int, int] = {}
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(sys.stdin, selectors.EVENT_READ)

    def serve(self) -> dict[str, Any] | None:
        """Answer until the owner is gone; return the request in a forked child, None in the warm process."""
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is sys.stdin:
                    return None
                if key.fileobj is self._listener:
                    wanted = self._answer()
                    if wanted is not None:
                        return wanted

    def _answer(self) -> dict[str, Any] | None:
        connection, _ = self._listener.accept()
        with connection, connection.makefile("rw") as stream:
            request = json.loads(stream.readline())
            if "start" in request:
                pid = self._fork(connection)
                if pid == 0:
                    wanted: dict[str, Any] = request["start"]
                    return wanted
                reply: dict[str, Any] = {"pid": pid}
            else:
                reply = {"code": self._code(request["ended"])}
            stream.write(json.dumps(reply) + "\n")
            stream.flush()
        return None

    def _fork(self, connection: socket.socket) -> int:
        """Fork; the child leads a session of its own before its number is known to anyone."""
        ready, done = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.setsid()
            os.write(done, b"1")
            for held in (ready, done):
                os.close(held)
            connection.detach()
            self._listener.close()
            self._selector.close()
            return 0
        os.close(done)
        os.read(ready, 1)
        os.close(ready)
        return pid

    def _code(self, pid: int) -> int | None:
        while True:
            try:
                ended, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if ended == 0:
                break
            self._codes[ended] = os.waitstatus_to_exitcode(status)
        return self._codes.pop(pid, None)


def _import(name: str) -> None:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise


if __name__ == "__main__":
    main(sys.argv[1])
