"""The runner: orders go to worker processes, results into the history and under outputs/, whole or not at all."""

import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from multiprocessing import connection
from pathlib import Path
from typing import Protocol

from marketbook.app import history, kernel, publishing, valuing, worker
from marketbook.app.orders import Order
from marketbook.app.task import Limits, Outcome, Task
from marketbook.app.versions import versions
from marketbook.kit.config import settings
from marketbook.kit.errors import MarketbookError, RunError
from marketbook.kit.language import gettext as _
from marketbook.kit.records import daily
from marketbook.kit.store import Store

GRACE = 60.0
"""Seconds beyond its limit after which a run that does not end itself is ended."""


@dataclass(frozen=True)
class Done:
    """A run that is over.

    Attributes:
        order: What was run.
        error: Empty where it succeeded.
        headline: The first finding's sentence.
        seconds: How long it took.
        folder: Where the report is, or what there is of a failed one.
        parts: Where the time went.
    """

    order: Order
    error: str
    seconds: float
    headline: str = ""
    folder: Path | None = None
    parts: dict[str, float] | None = None


class Observer(Protocol):
    """Who is told how runs go on."""

    def started(self, order: Order) -> None:
        """A run begins."""

    def advanced(self, order: Order, cells: int, of: int) -> None:
        """A run has done so many cells."""

    def done(self, done: Done) -> None:
        """A run is over."""

    def tick(self) -> None:
        """Time passes."""


@dataclass
class _Running:
    order: Order
    number: int
    folder: Path
    worker: worker.Worker
    began: float
    cell: int = 0


class Runner:
    """Runs orders side by side, each in a process of its own."""

    def __init__(
        self,
        observer: Observer,
        *,
        workers: int = 0,
        limits: Limits | None = None,
        keep: int = 0,
        store: Store | None = None,
    ) -> None:
        """Make ready; the first run starts in `run`.

        Args:
            observer: Who is told how it goes.
            workers: How many run side by side; 0: as the settings say.
            limits: How long a report may take.
            keep: Good runs kept of each report and language; 0 keeps all.
            store: Where the history is.
        """
        self._observer = observer
        self._workers = workers or settings().processes
        self._limits = limits or Limits()
        self._keep = keep
        self._store = store or Store(settings().store)
        self._running: list[_Running] = []
        self._done: list[Done] = []

    def run(self, orders: Sequence[Order]) -> list[Done]:
        """Run all orders; one that fails does not keep the others from running.

        Returns:
            What came of each, in the order in which they ended.
        """
        worker.warm_up()
        tidy(self._store)
        waiting = deque(orders)
        try:
            while waiting or self._running:
                while waiting and len(self._running) < self._workers:
                    self._start(waiting.popleft())
                self._wait()
        except BaseException:
            self._interrupt()
            raise
        finally:
            self._store.close()
        return self._done

    @cached_property
    def _environment(self) -> dict[str, str]:
        return kernel.environment(side_by_side=self._workers > 1)

    @cached_property
    def _versions(self) -> dict[str, str]:
        return versions(settings().home)

    def _start(self, order: Order) -> None:
        self._observer.started(order)
        try:
            with self._store.writing() as session:
                entered = history.start(session, order.identity, versions=self._versions)
                folder = publishing.begin(order.report.outputs, entered.started_at, order.language, entered.id)
        except MarketbookError as error:
            self._report(Done(order, str(error), 0.0))
            return
        began = time.monotonic()
        started = worker.start(self._task(order, folder))
        self._running.append(_Running(order, entered.id, folder, started, began))

    def _task(self, order: Order, folder: Path) -> Task:
        return Task(
            report=order.report.name,
            notebook=order.report.notebook,
            file=order.report.file,
            folder=folder,
            language=order.language,
            parameters=order.parameters,
            shown=order.shown,
            formats=order.formats,
            scheduled_for=order.scheduled_for.isoformat() if order.scheduled_for else None,
            versions=self._versions,
            environment=self._environment,
            limits=self._limits,
        )

    def _wait(self) -> None:
        """Take what workers tell within a moment; end those that are over or overdue."""
        lines = {running.worker.line: running for running in self._running}
        for line in connection.wait(list(lines), timeout=0.1):
            self._hear(lines[line])  # type: ignore[index]  # typeshed allows sockets here
        for running in list(self._running):
            overdue = time.monotonic() - running.began - self._whole > GRACE
            if overdue:
                running.worker.end()
                self._fail(running, _("the report took longer than {seconds:g} seconds.").format(seconds=self._whole))
        self._observer.tick()

    @property
    def _whole(self) -> float:
        return self._limits.whole

    def _hear(self, running: _Running) -> None:
        try:
            told = running.worker.line.recv()
        except (EOFError, OSError):
            running.worker.process.join()
            code = running.worker.process.exitcode
            self._fail(running, _("the worker process ended by itself (code {code}).").format(code=code))
            return
        if isinstance(told, tuple):
            running.cell = told[0]
            self._observer.advanced(running.order, *told)
        else:
            self._finish(running, told)

    def _finish(self, running: _Running, outcome: Outcome) -> None:
        running.worker.process.join()
        if outcome.error:
            self._fail(running, outcome.error, cell=outcome.cell, parts=dict(outcome.seconds))
            return
        try:
            folder = self._publish(running, outcome)
        except (MarketbookError, OSError) as error:
            self._fail(running, str(error))
            return
        if self._keep:
            publishing.keep_last(folder.parent, running.order.language, self._keep)
        self._leave(running)
        valuing.follow(self._store, running.order.report.notebook, running.order.parameters)
        seconds = time.monotonic() - running.began
        self._report(Done(running.order, "", seconds, outcome.headline, folder, dict(outcome.seconds)))

    def _publish(self, running: _Running, outcome: Outcome) -> Path:
        """Enter the success and publish in one transaction: the index that allows one success speaks first."""
        with self._store.writing() as session:
            entered = history.succeed(
                session, running.number, headline=outcome.headline, numbers=outcome.numbers, data=outcome.data
            )
            folder = publishing.publish(running.folder, running.order.language)
            entered.folder = _relative(folder)
        return folder

    def _fail(
        self, running: _Running, error: str, *, cell: int | None = None, parts: dict[str, float] | None = None
    ) -> None:
        kept = publishing.set_aside(running.folder)
        with self._store.writing() as session, suppress(RunError):
            history.fail(session, running.number, error=error, cell=cell, folder=_relative(kept) if kept else "")
        self._leave(running)
        self._report(Done(running.order, error, time.monotonic() - running.began, folder=kept, parts=parts))

    def _leave(self, running: _Running) -> None:
        running.worker.line.close()
        self._running.remove(running)

    def _report(self, done: Done) -> None:
        self._done.append(done)
        self._observer.done(done)

    def _interrupt(self) -> None:
        for running in list(self._running):
            running.worker.end()
            self._fail(running, _("It was interrupted."))


def tidy(store: Store) -> None:
    """Bring the store up to date, do what is done once a day, and enter as failed what a gone process left running."""
    store.upgrade()
    daily.run(store)
    with store.writing() as session:
        numbers = {run.id for run in history.fail_abandoned(session)}
    if numbers:
        publishing.discard_abandoned(settings().outputs, numbers)


def _relative(folder: Path) -> str:
    outputs = settings().outputs
    return folder.relative_to(outputs).as_posix() if folder.is_relative_to(outputs) else str(folder)
