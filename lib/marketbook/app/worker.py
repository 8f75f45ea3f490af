"""Worker processes, one a run, forked from a server process that has imported everything and never runs a thread."""

import multiprocessing
import os
import signal
import sys
import threading
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess

from marketbook.app.task import Outcome, Task


@dataclass(frozen=True)
class Worker:
    """A worker and the line on which it tells its progress (cells done, cells) and, last, its outcome."""

    process: BaseProcess
    line: Connection

    def end(self) -> None:
        """End it whatever it does; it ends its kernel on the way out."""
        self.process.terminate()
        self.process.join(5)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.line.close()


def warm_up() -> None:
    """Start the server process, so that its imports go on while parameters are checked."""
    if isinstance(context(), ForkServerContext):
        from multiprocessing import forkserver

        multiprocessing.set_forkserver_preload(["marketbook.app.execution", "marketbook.app.ahead"])
        forkserver.ensure_running()


def start(task: Task) -> Worker:
    """Start a worker on a task."""
    warm_up()
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = context().Process(target=_serve, args=(task, theirs), name=task.report, daemon=False)
    process.start()
    theirs.close()
    return Worker(process, ours)


def context() -> ForkServerContext | SpawnContext:
    """Return how processes are started: forked from the server process, or anew where that cannot be."""
    forks = "forkserver" in multiprocessing.get_all_start_methods()
    return multiprocessing.get_context("forkserver") if forks else multiprocessing.get_context("spawn")


def _serve(task: Task, line: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends us
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.environ.clear()
    os.environ.update(task.environment)
    from marketbook.app.execution import perform
    from marketbook.kit.config import settings

    settings.cache_clear()
    outcome: Outcome = perform(task, lambda done, count: line.send((done, count)))
    line.send(outcome)
    line.close()
    sys.stdout.flush()
    os._exit(0)  # nothing is left to tidy, and numeric libraries take their time


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
