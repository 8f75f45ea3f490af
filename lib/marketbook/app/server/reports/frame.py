"""What stands above a report: what it shows, its parameter form, its files, the runs before, and how a run goes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from marketbook.app.catalogue import Report
from marketbook.app.history import Identity, NotebookRun
from marketbook.app.server import access, moments
from marketbook.app.server.handler import LANGUAGES
from marketbook.app.server.home import chapters
from marketbook.app.server.reports import publish, published, runs
from marketbook.app.server.reports.asked import Asked
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records.sessions import SignedIn
from marketbook.kit.report.theme import TAGS

FILE_TITLES: Mapping[str, str] = {
    "report.html": mark("Page"),
    "tables.xlsx": mark("Workbook"),
    "slides.pptx": mark("Slides"),
}


@dataclass(frozen=True)
class File:
    """A file that can be had."""

    title: str
    address: str


@dataclass(frozen=True)
class Publication:
    """How the last run of just this report goes or went.

    Attributes:
        runs: It goes on.
        cells, of: How far it is; 0 of 0 where that is not known.
        error: Why it failed, where nothing good has followed; empty otherwise.
        run: Its row in the history, if it has one already.
    """

    runs: bool
    cells: int
    of: int
    error: str
    run: NotebookRun | None


def values(
    session: Session, who: SignedIn, wanted: Asked, *, path: str, run: NotebookRun | None = None, kept: str = ""
) -> dict[str, Any]:
    """Return what the templates of a report's pages show around it.

    Args:
        session: Reads the history.
        who: The reader.
        wanted: What the address asks, without anything wrong in it.
        path: The report's address.
        run: The published run that is shown; None where it is computed for the reader.
        kept: Under which name the computed report will be kept.
    """
    report, query = wanted.report, f"?{wanted.query}" if wanted.query else ""
    return {
        "report": report, "chapter": chapters.title(report.chapter), "form": wanted.form(path), "query": wanted.query,
        "chips": wanted.chips, "run": run, "files": files_of(report, run) if run else kept_files(report, kept),
        "before": runs.before(session, wanted), "may_publish": access.may_publish(who, report),
        "publication": publication(session, identity(wanted), run), "moments": moments, "names": LANGUAGES,
        "tags": TAGS, "path": path, "watch": f"{path}/publish{query}",
    }  # fmt: skip


def identity(wanted: Asked) -> Identity:
    """Return what makes a run of this report this run, whether its data is there or not."""
    plain = wanted.schema.check(wanted.values).model_dump(mode="json", exclude={"language"})
    return Identity(wanted.report.notebook, wanted.report.variant, wanted.language, plain)


def publication(session: Session, identity: Identity, shown: NotebookRun | None) -> Publication:
    """Tell how the last run of just this report goes or went."""
    last, told = publish.last(session, identity), publish.going(identity)
    going_on = (told is not None and told.over_at is None) or (last is not None and last.status == "running")
    error = ""
    if not going_on and last and last.status == "failed" and (shown is None or last.id > shown.id):
        error = last.error
    elif not going_on and told and told.error:
        error = told.error
    return Publication(going_on, told.cells if told else 0, told.of if told else 0, error, last)


def files_of(report: Report, run: NotebookRun) -> list[File]:
    """Return the files of a published run that are there."""
    folder = f"/reports/{report.name}/runs/{published.name_of(run)}"
    return [
        File(_(FILE_TITLES[name]), f"{folder}/{name}" + ("?download=1" if name == "report.html" else ""))
        for name in published.files(run)
    ]


def kept_files(report: Report, kept: str) -> list[File]:
    """Return the files that can be had of a computed report."""
    folder = f"/reports/{report.name}/computed/{kept}"
    return [File(_(title), f"{folder}/{name}") for name, title in FILE_TITLES.items()] if kept else []
