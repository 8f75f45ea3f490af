"""The schedule: what is due when, by the cron lines and time zones in params/, and a process that runs it.

A missed time is run late, once: of several missed only the last. A report that failed is tried three times for one
scheduled time.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from marketbook.app import catalogue, cron, history
from marketbook.app.catalogue import Report
from marketbook.app.orders import Order, prepare
from marketbook.app.runner import Done, tidy
from marketbook.kit.config import settings
from marketbook.kit.errors import MarketbookError
from marketbook.kit.store import Store, now

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Run = Callable[[list[Order]], list[Done]]

ATTEMPTS = 3
LOOK_BACK = timedelta(days=32)
"""How far back a missed time is still run: a monthly report's last one."""

MISFIRE_SECONDS = 3600
RELOAD_SECONDS = 60


@dataclass(frozen=True)
class Due:
    """A report and a time that it is scheduled for."""

    report: Report
    scheduled_for: datetime


def upcoming(reports: Iterable[Report], after: datetime) -> list[Due]:
    """Return each scheduled report's next time, the soonest first."""
    found = []
    for report in reports:
        if report.params.schedule is not None:
            line = report.params.schedule
            moment = cron.following(line.cron, line.time_zone, after)
            found += [Due(report, moment)] if moment else []
    return sorted(found, key=lambda due: due.scheduled_for)


def last_due(report: Report, moment: datetime) -> datetime | None:
    """Return the last time up to a moment that a report was scheduled for, or None."""
    if report.params.schedule is None:
        return None
    line = report.params.schedule
    times = list(cron.between(line.cron, line.time_zone, _start(line.cron, line.time_zone, moment), moment))
    return times[-1] if times else None


def orders_due(reports: Sequence[Report], moment: datetime, store: Store) -> list[Order]:
    """Return what has not been run for its last scheduled time, in each of its languages.

    Raises:
        ParamsError: The parameters of one of them are wrong, or a dataset is missing.
    """
    store.upgrade()
    found = []
    with store.reading() as session:
        for report in reports:
            due = last_due(report, moment)
            if due is not None:
                found += [o for o in prepare([report], scheduled_for=due) if _is_open(session, o)]
    return found


def keep_running(run: Run, complain: Callable[[str], None]) -> None:
    """Run every report when it is due, until the process is ended; params files may change meanwhile.

    Args:
        run: Runs orders; called from several threads, for different reports.
        complain: Told what is wrong with a params file or a dataset.
    """
    from apscheduler.executors.pool import ThreadPoolExecutor
    from apscheduler.schedulers.blocking import BlockingScheduler

    tidy(Store(settings().store))
    scheduler = BlockingScheduler(
        executors={"default": ThreadPoolExecutor(settings().processes), "reload": ThreadPoolExecutor(1)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": MISFIRE_SECONDS},
        timezone=settings().zone,
    )
    keeper = _Keeper(scheduler, run, complain)
    scheduler.add_job(keeper.reload, "interval", seconds=RELOAD_SECONDS, executor="reload", next_run_time=now())
    scheduler.start()


class _Keeper:
    """Keeps the scheduler's jobs as params/ says, and runs what is due."""

    def __init__(self, scheduler: Any, run: Run, complain: Callable[[str], None]) -> None:  # noqa: ANN401
        self._scheduler = scheduler
        self._run = run
        self._complain = complain
        self._busy: dict[str, threading.Lock] = {}

    def reload(self) -> None:
        """Bring the jobs up to date; a report that is new, or was missed, is looked at at once."""
        try:
            reports = {r.name: r for r in catalogue.reports() if r.params.schedule}
        except MarketbookError as error:
            self._complain(str(error))
            return
        jobs = {job.id for job in self._scheduler.get_jobs() if job.id.startswith("report/")}
        wanted = {f"report/{r.name}/{r.params.schedule}": r for r in reports.values()}
        for gone in jobs - set(wanted):
            self._scheduler.remove_job(gone)
        for new in set(wanted) - jobs:
            self._add(new, wanted[new])

    def run_due(self, name: str) -> None:
        """Run a report if its last scheduled time is open; never twice at once."""
        lock = self._busy.setdefault(name, threading.Lock())
        with lock:
            try:
                reports = catalogue.find([name])
                orders = orders_due(reports, now(), Store(settings().store))
            except MarketbookError as error:
                self._complain(str(error))
                return
            if orders:
                self._run(orders)

    def _add(self, job: str, report: Report) -> None:
        from apscheduler.triggers.combining import OrTrigger

        if report.params.schedule is None:
            return
        line = report.params.schedule
        trigger = OrTrigger(cron.triggers(line.cron, line.time_zone))
        self._scheduler.add_job(self.run_due, trigger, args=[report.name], id=job)
        self._scheduler.add_job(self.run_due, args=[report.name])


def _is_open(session: "Session", order: Order) -> bool:
    if order.scheduled_for is None:
        return True
    before = history.attempts(
        session,
        notebook=order.report.notebook,
        variant=order.report.variant,
        language=order.language,
        scheduled_for=order.scheduled_for,
    )
    return not {"succeeded", "running"} & set(before) and len(before) < ATTEMPTS


def _start(line: str, time_zone: str, moment: datetime) -> datetime:
    """Return a moment before the last time: a line for every minute has too many to list."""
    for back in (timedelta(hours=2), timedelta(days=1), timedelta(days=8)):
        if (first := cron.following(line, time_zone, moment - back)) and first <= moment:
            return moment - back
    return moment - LOOK_BACK
