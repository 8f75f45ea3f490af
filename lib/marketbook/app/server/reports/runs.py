"""The runs of a report: the list under its tools, and their files."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session
from tornado.web import HTTPError

from marketbook.app import history
from marketbook.app.catalogue import Report
from marketbook.app.history import NotebookRun
from marketbook.app.server import shelf
from marketbook.app.server.reports import asked, published
from marketbook.app.server.reports.asked import Asked, Chip
from marketbook.app.server.reports.notebook import NotebookHandler
from marketbook.app.server.reports.published import DOWNLOADS
from marketbook.kit import language
from marketbook.kit.config import settings
from marketbook.kit.errors import ParamsError

RUNS_SHOWN = 12

_LANGUAGE = re.compile(r"Z-(zh_Hans|zh_Hant|en)(-\d+)?$")


@dataclass(frozen=True)
class Before:
    """A run in the list.

    Attributes:
        run: The run.
        chips: Its parameters that differ from the usual.
        name: By which its address ends; empty where there is nothing to open.
        is_there: Whether its files have not been cleared away.
    """

    run: NotebookRun
    chips: Sequence[Chip]
    name: str
    is_there: bool


def before(session: Session, wanted: Asked) -> list[Before]:
    """List the last runs of a report, newest first."""
    report = wanted.report
    found = history.recent(session, notebook=report.notebook, variant=report.variant, limit=RUNS_SHOWN)
    return [_listed(wanted, run) for run in found]


def named(session: Session, report: Report, name: str) -> NotebookRun | None:
    """Return the good run whose folder has a name."""
    query = select(NotebookRun).where(
        NotebookRun.notebook == report.notebook,
        NotebookRun.variant == report.variant,
        NotebookRun.folder == f"{report.name}/{name}",
        NotebookRun.status == "succeeded",
    )
    return session.scalars(query.limit(1)).first()


class RunFileHandler(NotebookHandler):
    """A file of a published run."""

    def get(self, name: str, run: str, file: str) -> None:
        """Send it: the page to be read, the others to be kept."""
        report = self.notebook(shelf.report(name))
        found = published.file_of(report, run, file)
        if found is None:
            raise HTTPError(404)
        send(self, file, found.read_bytes(), keep_as="" if self._is_read(file) else file_name(report, run, file))

    def _is_read(self, file: str) -> bool:
        return file == "report.html" and not self.get_query_argument("download", "")


def send(handler: NotebookHandler, file: str, content: bytes, *, keep_as: str) -> None:
    """Send a report's file, which may run no script and load nothing.

    Args:
        handler: Who answers.
        file: `report.html`, `tables.xlsx` or `slides.pptx`.
        content: Its bytes.
        keep_as: Under which name the browser keeps it; empty to show it.
    """
    handler.set_header("Content-Type", DOWNLOADS[file])
    handler.set_header(
        "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
    )
    if keep_as:
        handler.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{quote(keep_as)}")
    handler.finish(content)


def file_name(report: Report, run: str, file: str) -> str:
    """Return what a run's file is called once it is kept: by the report's title in the run's language."""
    found = _LANGUAGE.search(run)
    with language.speaking(found[1] if found else language.current()):
        return published.download_name(report.title, f"{run[:4]}-{run[4:6]}-{run[6:8]}", file)


def _listed(wanted: Asked, run: NotebookRun) -> Before:
    chips: list[Chip] = []
    with suppress(ParamsError):
        query = asked.query_of(wanted.schema, run.parameters, language.current())
        chips = asked.chips(wanted.schema, query)
    good = run.status == "succeeded" and run.folder.startswith(f"{wanted.report.name}/")
    is_there = good and (settings().outputs / run.folder / "report.html").is_file()
    return Before(run, chips, published.name_of(run) if good else "", is_there)
