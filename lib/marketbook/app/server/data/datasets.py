"""The data pages: which datasets there are, what each needs of a file, and the files to fill in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from tornado.web import HTTPError

from marketbook.app import imports, worker
from marketbook.app.server import access
from marketbook.app.server.data import columns, inbox
from marketbook.app.server.data.checks import Desk
from marketbook.app.server.handler import PageHandler
from marketbook.app.server.home import chapters
from marketbook.kit import language
from marketbook.kit.config import settings
from marketbook.kit.facts import Dataset, Facts, find_source, source_names
from marketbook.kit.language import gettext as _

TEMPLATES = {
    "csv": ("text/csv; charset=utf-8", columns.csv_template),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", columns.xlsx_template),
}
"""The files to fill in: their kind, and what writes them."""

IMPORTS_SHOWN = 10


@dataclass(frozen=True)
class Entry:
    """A dataset in the list.

    Attributes:
        dataset: Its declaration.
        title, description: In the reader's language.
        count: Its rows now.
        imported_at: When it was last imported into, if that is known.
    """

    dataset: Dataset
    title: str
    description: str
    count: int
    imported_at: datetime | None

    def tells_of(self, words: str) -> bool:
        """Whether all of some words stand in what is said of it."""
        said = " ".join([self.title, self.description, *self.dataset.columns, self.dataset.name, *self.titles]).lower()
        return all(word in said for word in words.lower().split())

    @property
    def titles(self) -> list[str]:
        """What its columns are called."""
        return [self.dataset.title_of(name) for name in self.dataset.columns]


class DataHandler(PageHandler):
    """What the data pages share."""

    def initialize(self, desk: Desk) -> None:  # type: ignore[override]
        """Take the desk where uploads are worked on."""
        super().initialize()
        self.desk = desk

    @property
    def facts(self) -> Facts:
        """The datasets."""
        return Facts(settings().facts)

    def importable(self, name: str) -> Dataset:
        """Return a dataset, for those who may bring in its rows.

        Raises:
            HTTPError: 404 where there is none, 403 where the reader may not.
        """
        found = next((one for one in chapters.datasets() if one.name == name), None)
        if found is None:
            raise HTTPError(404)
        self.require(access.may_import_into(self.reader, found))
        return found

    def send_file(self, content: bytes, *, kind: str, name: str) -> None:
        """Answer with a file to be kept."""
        self.set_header("Content-Type", kind)
        self.set_header("Content-Security-Policy", "default-src 'none'; sandbox")
        self.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{quote(name, safe='')}")
        self.finish(content)

    def show_dataset(self, dataset: Dataset, *, refusal: str = "", choices: inbox.Choices | None = None) -> None:
        """Answer with a dataset's page."""
        with self.store.reading() as session:
            recent = imports.recent(session, dataset=dataset.name, limit=IMPORTS_SHOWN)
        self.render_page(
            "dataset.html.j2", refusal=refusal, choices=choices or inbox.Choices(),
            columns=columns.described(dataset), sources=sources(dataset), recent=recent,
            pending=inbox.pending(dataset=dataset.name, account_id=self.reader.account_id),
            largest=inbox.LARGEST, **self.about(dataset),
        )  # fmt: skip

    def about(self, dataset: Dataset) -> dict[str, Any]:
        """Return what every page of a dataset shows."""
        readable = access.opened_by(self.reader, access.reading(dataset))
        return {
            "dataset": dataset, "title": _(dataset.title), "description": _(dataset.description),
            "count": self.facts.count(dataset.name), "n": language.format_integer, "size": size,
            "reports": [(report, access.may_publish(self.reader, report)) for report in readable],
        }  # fmt: skip


class DataIndexHandler(DataHandler):
    """The list of datasets."""

    def get(self) -> None:
        """Show those that the reader may bring in, by chapter, or those that some words tell of."""
        self.require(access.may_import(self.reader))
        words = self.get_query_argument("q", "")[:100]
        facts = self.facts
        with self.store.reading() as session:
            latest = imports.latest(session)
        found = [
            Entry(one, _(one.title), _(one.description), facts.count(one.name), latest.get(one.name))
            for one in chapters.datasets()
            if access.may_import_into(self.reader, one)
        ]
        shown = [entry for entry in found if entry.tells_of(words)]
        names = chapters.in_order([chapters.chapter_of(entry.dataset) for entry in shown], self.reader.roles)
        by_chapter = [
            (chapters.title(name), [entry for entry in shown if chapters.chapter_of(entry.dataset) == name])
            for name in names
        ]
        self.render_page(
            "data.html.j2", chapters=by_chapter, words=words, count=len(shown), none=not found,
            n=language.format_integer,
        )  # fmt: skip


class DatasetHandler(DataHandler):
    """A dataset: what it needs, and the form for a file."""

    def get(self, name: str) -> None:
        """Show it; what checks files is made ready while its reader looks for one."""
        self.show_dataset(self.importable(name))
        worker.warm_up()


class TemplateHandler(DataHandler):
    """A file to fill in."""

    def get(self, name: str, ending: str) -> None:
        """Send it, with headings in the reader's language."""
        dataset = self.importable(name)
        kind, write = TEMPLATES[ending]
        self.send_file(write(dataset), kind=kind, name=f"{_(dataset.title)}.{ending}")


def size(count: int) -> str:
    """Return a number of bytes as people say it.

    Example:
        >>> size(900), size(1_234_567)
        ('1 KB', '1.2 MB')
    """
    if count < 1_000_000:
        return f"{language.format_integer(-(-count // 1000))} KB"
    return f"{language.format_number(count / 1_000_000, decimals=1)} MB"


def sources(dataset: Dataset) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return the ready mappings for a dataset: name, title, and the headings that they look for."""
    found = [(name, find_source(name, dataset)) for name in source_names(dataset.name)]
    return [(name, source.title or name, columns.headings_of(dataset, source)) for name, source in found]
