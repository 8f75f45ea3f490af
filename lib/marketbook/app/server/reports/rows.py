"""The rows behind a number of a report: told in plain words, page by page, and as files."""

import asyncio
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from tornado.web import HTTPError

from marketbook.app import catalogue
from marketbook.app.server import access
from marketbook.app.server.handler import PageHandler
from marketbook.kit import language
from marketbook.kit.config import settings
from marketbook.kit.facts import Dataset, Facts, Rows
from marketbook.kit.facts.behind import MOST_EXPORTED, Page, all_behind, behind
from marketbook.kit.facts.view import View, fingerprint
from marketbook.kit.language import gettext as _
from marketbook.kit.report import rows as told
from marketbook.kit.report.export.rows import write_csv, write_xlsx
from marketbook.kit.store import Store

ROWS_ON_A_PAGE = 100
CHUNK = 256 * 1024
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class _Rows(PageHandler):
    """What page and files share: the rows asked for, and whether the reader may see them."""

    def asked(self, dataset: str) -> tuple[dict[str, Dataset], Rows]:
        """Read the address.

        Raises:
            HTTPError: 404 where there is no such dataset, 403 where the reader may not see one that is asked.
            ParamsError: The address asks for something that the dataset has not.
        """
        declared = catalogue.with_views()
        if dataset not in declared:
            raise HTTPError(404)
        self.require(access.may_see_rows(self.reader, dataset))
        rows = Rows.decode(f"{dataset}?{self.request.query}", declared)
        self.require(all(access.may_see_rows(self.reader, name) for name in rows.datasets))
        return declared, rows


class RowsHandler(_Rows):
    """A page of rows."""

    async def get(self, dataset: str) -> None:
        """Show it."""
        declared, rows = self.asked(dataset)
        text = self.get_query_argument("_page", "1")
        facts = Facts(settings().facts)
        page = await asyncio.to_thread(_read, facts, self.store, declared, rows, int(text) if text.isdecimal() else 1)
        seen = self.get_query_argument("_seen", "")
        self.render_page(
            "rows.html.j2",
            page=page,
            headings=told.headings(page.dataset),
            cells=told.cells(page),
            said=told.said(rows, declared, page.wordings),
            sums=[(told.heading(page.dataset, name), told.written(page.dataset, name, total))
                  for name, total in page.sums.items()],
            changed=bool(seen) and seen != await asyncio.to_thread(self.fingerprint, facts, page.dataset),
            most=MOST_EXPORTED,
            turned=lambda number: rows.encode(seen=seen) + ("&" if rows.where or seen else "?") + f"_page={number}",
            file=lambda kind: f"{dataset}.{kind}" + rows.encode(seen=seen).removeprefix(dataset),
            report=self._report(),
            written=language.format_integer,
        )  # fmt: skip

    def fingerprint(self, facts: Facts, dataset: Dataset) -> str:
        """Return what the rows are like now."""
        if not isinstance(dataset, View):
            return facts.fingerprint(dataset.name)
        with self.store.reading() as session:
            return fingerprint(session, dataset)

    def _report(self) -> str:
        """Where the reader came from, if that was a report."""
        before = urlsplit(self.request.headers.get("Referer", ""))
        return before._replace(scheme="", netloc="").geturl() if before.path.startswith("/reports/") else ""


class RowsFileHandler(_Rows):
    """The rows as a file."""

    async def get(self, dataset: str, kind: str) -> None:
        """Send it."""
        declared, rows = self.asked(dataset)
        self.set_header("Content-Type", TYPES[kind])
        self.set_header("Content-Disposition", f'attachment; filename="{dataset}.{kind}"')
        with tempfile.TemporaryDirectory(prefix="marketbook-rows-") as folder:
            file = Path(folder) / f"rows.{kind}"
            await asyncio.to_thread(_write, file, self.store, declared, rows)
            with file.open("rb") as stream:
                while chunk := stream.read(CHUNK):
                    self.write(chunk)
                    await self.flush()
        await self.finish()


def _read(facts: Facts, store: Store, declared: Mapping[str, Dataset], rows: Rows, page: int) -> Page:
    facts.use_labels()
    return behind(facts, declared, rows, limit=ROWS_ON_A_PAGE, page=page, store=store)


def _write(file: Path, store: Store, declared: Mapping[str, Dataset], rows: Rows) -> None:
    facts, dataset = Facts(settings().facts), declared[rows.dataset]
    page = _read(facts, store, declared, rows, 1)
    batches = all_behind(facts, declared, rows, store=store)
    if file.suffix == ".csv":
        write_csv(file, dataset, batches)
        return
    kept = min(page.count, MOST_EXPORTED)
    counted = _("{count} rows, {kept} of them in this file").format(
        count=language.format_integer(page.count), kept=language.format_integer(kept)
    )
    write_xlsx(file, dataset, batches, [*told.said(rows, declared, page.wordings), (_("Rows"), counted)])
