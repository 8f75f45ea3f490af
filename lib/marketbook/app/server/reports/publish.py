"""Running and publishing a report for everybody, started by a reader and told while it goes on."""

import threading
import time
from contextvars import copy_context
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from marketbook.app import history
from marketbook.app.history import Identity, NotebookRun
from marketbook.app.orders import Order
from marketbook.app.runner import Done, Runner
from marketbook.app.server import access, shelf
from marketbook.app.server.handler import logged
from marketbook.app.server.reports import asked
from marketbook.app.server.reports.asked import Asked
from marketbook.app.server.reports.notebook import NotebookHandler
from marketbook.kit.errors import ParamsError
from marketbook.kit.language import gettext as _

KEPT_SECONDS = 600
"""How long the outcome of such a run is told to who waits for it."""


@dataclass
class Going:
    """A run that a reader has started here; an observer of its runner.

    Attributes:
        cells, of: How many cells are done, of how many; 0 of 0 until they are counted.
        error: Why it failed; empty while it goes on and where it succeeded.
        over_at: When it was over; None while it goes on.
    """

    cells: int = 0
    of: int = 0
    error: str = ""
    over_at: float | None = None
    begun_at: float = field(default_factory=time.monotonic)

    def started(self, order: Order) -> None:
        """The run begins."""

    def advanced(self, order: Order, cells: int, of: int) -> None:  # noqa: ARG002  # an observer's
        """So many cells are done."""
        self.cells, self.of = cells, of

    def done(self, done: Done) -> None:
        """The run is over."""
        self.error, self.over_at = done.error, time.monotonic()

    def tick(self) -> None:
        """Time passes."""


_started: dict[tuple[str, str, str, str], Going] = {}


def start(order: Order) -> Going:
    """Run and publish an order in the background; nothing new is started where the same is going on."""
    _forget()
    key = _key(order.identity)
    found = _started.get(key)
    if found and found.over_at is None:
        return found
    made = _started[key] = Going()
    threading.Thread(target=copy_context().run, args=(_run, order, made), name=order.report.name).start()
    return made


def going(identity: Identity) -> Going | None:
    """Return the run of just this report that was started here, also for a while after it is over."""
    return _started.get(_key(identity))


def last(session: Session, identity: Identity) -> NotebookRun | None:
    """Return the last run of just this report, however it went."""
    found = history.recent(session, notebook=identity.notebook, variant=identity.variant, limit=50)
    same = (identity.language, identity.parameters_hash)
    return next((run for run in found if (run.language, run.parameters_hash) == same), None)


class PublishHandler(NotebookHandler):
    """Run and publish now."""

    def post(self, name: str) -> None:
        """Start the run; the report's page shows how it goes."""
        report = self.notebook(shelf.report(name))
        self.require(access.may_publish(self.reader, report))
        wanted = self._wanted(asked.read(report, self.get_body_argument("query", "")))
        start(wanted.order())
        self.redirect(f"/reports/{report.name}" + (f"?{wanted.query}" if wanted.query else ""), status=303)

    def get(self, name: str) -> None:
        """Tell how such a run goes: whether it runs, cells done and of all, and why it failed."""
        report = self.notebook(shelf.report(name))
        order = self._wanted(asked.read(report, self.request.query)).order()
        with self.store.reading() as session:
            found = last(session, order.identity)
        told = going(order.identity) or Going(over_at=0.0)
        runs = told.over_at is None or (found is not None and found.status == "running")
        failed = found.error if found and found.status == "failed" else ""
        error = "" if runs else told.error or failed
        self.finish({"running": runs, "cells": told.cells, "of": told.of, "error": error})

    def _wanted(self, wanted: Asked) -> Asked:
        if wanted.problem or wanted.refusals:
            raise ParamsError(wanted.problem or "; ".join(wanted.refusals.values()))
        return wanted


def _run(order: Order, observer: Going) -> None:
    try:
        Runner(observer, workers=1).run([order])
    except Exception as error:  # noqa: BLE001  # nobody else hears of it: it is this run's failure
        observer.error = _("It could not be run; reference {number}.").format(number=logged(error))
    observer.over_at = observer.over_at or time.monotonic()


def _key(identity: Identity) -> tuple[str, str, str, str]:
    return identity.notebook, identity.variant, identity.language, identity.parameters_hash


def _forget() -> None:
    """Let go of what has been over for long."""
    moment = time.monotonic()
    for key, one in list(_started.items()):
        if one.over_at is not None and moment - one.over_at > KEPT_SECONDS:
            del _started[key]
