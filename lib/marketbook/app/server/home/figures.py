"""The newest figures of each report, what they were before, and which runs failed: two questions to the store."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session, defer

from marketbook.app.catalogue import Report
from marketbook.app.history import Identity, NotebookRun
from marketbook.app.server.home.changes import Change, change
from marketbook.kit import language
from marketbook.kit.config import LanguageName, settings
from marketbook.kit.errors import MarketbookError
from marketbook.kit.language.hant import traditional
from marketbook.kit.store import now

SHOWN = 4
"""Headline numbers of a report on the home page."""

LOOKED_AT = 4
"""Newest runs of a report in one language among which the one before is looked for."""

REMEMBERED = timedelta(days=31)
"""How long a failure is told that nothing has followed."""

_IN_A_CELL = re.compile(r"[^`]*`.*`[:：]\s*\w+: (.+)", re.DOTALL)

READ_BY: Mapping[LanguageName, tuple[str, ...]] = {"zh_Hant": ("zh_Hant", "zh_Hans")}
"""Languages of runs that a reader takes for theirs: traditional Chinese is made from the simplified."""


@dataclass(frozen=True)
class Figure:
    """A headline number with its change since the run before, where there is one."""

    title: str
    written: str
    interval: str
    change: Change | None


@dataclass(frozen=True)
class Card:
    """A report as the home page shows it.

    Attributes:
        report: The report.
        run: Its newest good run that the reader can read, else in any language.
        before: The run that the numbers are compared with.
        standing: Whether it was run with the parameters that the report has when nobody says otherwise.
        spoken: The reader's language.
    """

    report: Report
    run: NotebookRun
    before: NotebookRun | None
    standing: bool
    spoken: LanguageName

    @property
    def is_foreign(self) -> bool:
        """Whether it is written in a language that is not the reader's."""
        return self.run.language not in READ_BY.get(self.spoken, (self.spoken,))

    @property
    def language(self) -> str:
        """The language in which its words appear."""
        return self.run.language if self.is_foreign else self.spoken

    @property
    def headline(self) -> str:
        """The first finding's sentence."""
        return self._read(self.run.headline)

    @cached_property
    def figures(self) -> list[Figure]:
        """The first finding's numbers, without its p-values."""
        first = self.run.numbers[0]["finding"] if self.run.numbers else ""
        told = [n for n in self.run.numbers if n["finding"] == first and n["kind"] != "p"]
        return [self._figure(number) for number in told[:SHOWN]]

    def _figure(self, number: Mapping[str, str]) -> Figure:
        earlier = self.before.numbers if self.before else []
        same = (n for n in earlier if (n["finding"], n["name"]) == (number["finding"], number["name"]))
        found = next(same, None)
        return Figure(
            title=self._read(number["title"]),
            written=self._read(number["written"]),
            interval=self._read(number.get("written_ci", "")),
            change=change(number, found, currency=settings().currency) if found else None,
        )

    def _read(self, text: str) -> str:
        return traditional(text) if self.spoken == "zh_Hant" and self.run.language == "zh_Hans" else text


@dataclass(frozen=True)
class Failure:
    """A report whose last run failed, and in which languages."""

    report: Report
    run: NotebookRun
    languages: tuple[str, ...]

    @property
    def reason(self) -> str:
        """Why, without the cell and the line of code, which the report's own page tells."""
        found = _IN_A_CELL.match(self.run.error)
        return found[1] if found else self.run.error


def cards(session: Session, reports: Sequence[Report]) -> list[Card]:
    """Return the newest figures of those reports that have any, in their order, for the reader of the moment."""
    hashes = {report.name: standing_hash(report) for report in reports}
    runs = _by_report(_newest(session, reports, set(hashes.values())))
    found = (_card(report, runs.get(report.name, []), hashes[report.name]) for report in reports)
    return [card for card in found if card]


def failures(session: Session, reports: Sequence[Report]) -> list[Failure]:
    """Return the reports whose last run as scheduled, or with standing parameters, failed; the newest first."""
    hashes = {standing_hash(report) for report in reports}
    told = _by_report(_failed(session, reports, hashes))
    found = [
        Failure(report, told[report.name][0], tuple(run.language for run in told[report.name]))
        for report in reports
        if report.name in told
    ]
    return sorted(found, key=lambda failure: failure.run.started_at, reverse=True)


def standing_hash(report: Report) -> str:
    """Return the hash of the parameters that a report has when nobody says otherwise; empty where they are wrong."""
    try:
        params = report.schema().check(report.params.parameters)
    except MarketbookError:
        return ""
    plain = params.model_dump(mode="json", exclude={"language"})
    return Identity(report.notebook, report.variant, "", plain).parameters_hash


def _card(report: Report, runs: Sequence[NotebookRun], standing: str) -> Card | None:
    """Runs come newest first in each language, those with the standing parameters before all others."""
    spoken = language.current()
    if not runs:
        return None
    usual = [run for run in runs if run.parameters_hash == standing] or runs
    own = [run for run in usual if run.language in READ_BY.get(spoken, (spoken,))]
    shown = max(own or usual, key=lambda run: (run.started_at, run.id))
    older = [run for run in runs if _is_before(run, shown)]
    before = max(older, key=lambda run: (run.started_at, run.id), default=None)
    return Card(report, shown, before, shown.parameters_hash == standing, spoken)


def _is_before(run: NotebookRun, shown: NotebookRun) -> bool:
    """Tell whether a run is an earlier state of the same report: a mere repetition is not."""
    same = (run.language, run.parameters_hash) == (shown.language, shown.parameters_hash)
    older = (run.started_at, run.id) < (shown.started_at, shown.id)
    return same and older and (run.data != shown.data or run.scheduled_for != shown.scheduled_for)


def _newest(session: Session, reports: Iterable[Report], hashes: Collection[str]) -> list[NotebookRun]:
    usual = case((NotebookRun.parameters_hash.in_(hashes), 0), else_=1)
    return _ranked(session, reports, usual, [NotebookRun.status == "succeeded"], upto=LOOKED_AT)


def _failed(session: Session, reports: Iterable[Report], hashes: Collection[str]) -> list[NotebookRun]:
    asked = or_(NotebookRun.scheduled_for.is_not(None), NotebookRun.parameters_hash.in_(hashes))
    recent = NotebookRun.started_at >= now() - REMEMBERED
    over = [NotebookRun.status != "running", asked, recent]
    last = _ranked(session, reports, None, over, upto=1)
    return [run for run in last if run.status == "failed"]


def _ranked(
    session: Session,
    reports: Iterable[Report],
    first: ColumnElement[int] | None,
    conditions: Sequence[ColumnElement[bool]],
    *,
    upto: int,
) -> list[NotebookRun]:
    """Return the newest runs of each report in each language; the wide columns are read of no others."""
    newest: list[ColumnElement[Any]] = [NotebookRun.started_at.desc(), NotebookRun.id.desc()]
    place = func.row_number().over(
        partition_by=(NotebookRun.notebook, NotebookRun.variant, NotebookRun.language),
        order_by=[*([first] if first is not None else []), *newest],
    )
    names = {report.notebook for report in reports}
    ranked = select(NotebookRun.id, place.label("place")).where(NotebookRun.notebook.in_(names), *conditions).subquery()
    query = select(NotebookRun).join(ranked, ranked.c.id == NotebookRun.id).where(ranked.c.place <= upto)
    light = query.options(defer(NotebookRun.versions), defer(NotebookRun.parameters))
    return list(session.scalars(light.order_by(*newest)))


def _by_report(runs: Iterable[NotebookRun]) -> dict[str, list[NotebookRun]]:
    found: dict[str, list[NotebookRun]] = {}
    for run in runs:
        found.setdefault(f"{run.notebook}.{run.variant}" if run.variant else run.notebook, []).append(run)
    return found
