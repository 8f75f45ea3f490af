"""Published runs as the server shows them: the newest of an order, its page and its files."""

import re
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from marketbook.app import history
from marketbook.app.catalogue import Report
from marketbook.app.history import NotebookRun
from marketbook.app.orders import Order
from marketbook.kit.config import settings
from marketbook.kit.report.export import FILES

_BODY = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL)
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_MAIN = re.compile(r'<main class="([^"]*)">(.*)</main>', re.DOTALL)
_UNFIT = re.compile(r'[\\/:*?"<>|\s]+')

DOWNLOADS = {
    "report.html": "text/html; charset=utf-8",
    "tables.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "slides.pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
"""The files of a run that a reader may have, and what they are."""


@dataclass(frozen=True)
class Page:
    """A published page, taken apart to be shown inside ours."""

    style: str
    body: str


def folder(run: NotebookRun) -> Path:
    """Return where a run was published."""
    return settings().outputs / run.folder


def files(run: NotebookRun) -> list[str]:
    """Return which files of a run there are."""
    return [name for name in FILES.values() if (folder(run) / name).is_file()]


def newest(session: Session, order: Order) -> NotebookRun | None:
    """Return the newest success of just this order whose page is still there."""
    runs = history.successes(session, identity=order.identity, limit=5)
    return next((run for run in runs if is_there(run)), None)


def page(run: NotebookRun) -> Page:
    """Read a published page; its numbers lead to the rows behind them."""
    text = (folder(run) / "report.html").read_text("utf-8")
    body, style = _BODY.search(text), _STYLE.search(text)
    shown = _MAIN.sub(r'<div class="\1 app-cells">\2</div>', body.group(1) if body else text)  # one main part a page
    return Page(style.group(1) if style else "", linked(shown))


def linked(html: str) -> str:
    """Make links of the places where a page names the rows behind a number."""
    return html.replace(' data-rows="', ' href="/rows/')


def file_of(report: Report, run: str, name: str) -> Path | None:
    """Return a file of a published run; None where there is none."""
    file = report.outputs / run / name
    return file if name in DOWNLOADS and file.is_file() and not run.startswith(".") else None


def is_there(run: NotebookRun) -> bool:
    """Tell whether a run's page has not been cleared away."""
    return bool(run.folder) and (folder(run) / "report.html").is_file()


def name_of(run: NotebookRun) -> str:
    """Return the name of a run's folder, by which its address ends."""
    return run.folder.rpartition("/")[2]


def download_name(title: str, day: str, file: str) -> str:
    """Return what a downloaded file is called: the report's title and its day.

    Example:
        >>> download_name("Who knows us, and who?", "2026-11-23", "tables.xlsx")
        'Who knows us, and who 2026-11-23.xlsx'
    """
    return f"{' '.join(_UNFIT.sub(' ', title).split())} {day}.{file.rpartition('.')[2]}"
