"""Published runs as the server shows them: the newest of an order, its files, and new ones started by a reader."""

import re
import threading
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from marketbook.app import history
from marketbook.app.catalogue import Report
from marketbook.app.history import NotebookRun
from marketbook.app.orders import Order
from marketbook.app.runner import Done, Runner
from marketbook.kit.config import settings
from marketbook.kit.report.export import FILES

_BODY = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL)
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)

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
    return next((run for run in runs if (folder(run) / "report.html").is_file()), None)


def page(run: NotebookRun) -> Page:
    """Read a published page; its numbers lead to the rows behind them."""
    text = (folder(run) / "report.html").read_text("utf-8")
    body, style = _BODY.search(text), _STYLE.search(text)
    return Page(style.group(1) if style else "", linked(body.group(1) if body else text))


def linked(html: str) -> str:
    """Make links of the places where a page names the rows behind a number."""
    return html.replace(' data-rows="', ' href="/rows/')


def file_of(report: Report, run: str, name: str) -> Path | None:
    """Return a file of a published run; None where there is none."""
    file = report.outputs / run / name
    return file if name in DOWNLOADS and file.is_file() and not run.startswith(".") else None


def start(order: Order) -> None:
    """Run and publish an order in the background; the history tells how it goes."""
    threading.Thread(target=lambda: Runner(_Silent(), workers=1).run([order]), name=order.report.name).start()


class _Silent:
    """An observer that tells nobody."""

    def started(self, order: Order) -> None:
        """Say nothing."""

    def advanced(self, order: Order, cells: int, of: int) -> None:
        """Say nothing."""

    def done(self, done: Done) -> None:
        """Say nothing."""

    def tick(self) -> None:
        """Say nothing."""
