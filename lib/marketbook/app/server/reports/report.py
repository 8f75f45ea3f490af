"""A report as an app: its parameter form, the report for the values of the address, its files and the runs before.

What has been published with just these values is shown at once; anything else is computed in a kernel of the reader's
own, finding by finding.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

from tornado.iostream import StreamClosedError
from tornado.web import HTTPError

from marketbook.app.catalogue import Report
from marketbook.app.server import shelf
from marketbook.app.server.handler import log, logged
from marketbook.app.server.home import chapters
from marketbook.app.server.live import front_end
from marketbook.app.server.live.execution import CellError
from marketbook.app.server.live.telling import Telling
from marketbook.app.server.reports import asked, computed, frame, published, runs
from marketbook.app.server.reports.asked import Asked
from marketbook.app.server.reports.computed import Computed
from marketbook.app.server.reports.notebook import NotebookHandler
from marketbook.app.server.reports.published import linked
from marketbook.kit import language
from marketbook.kit.errors import MarketbookError, ParamsError
from marketbook.kit.language import gettext as _
from marketbook.kit.report.markdown import to_html
from marketbook.kit.report.theme import TAGS
from marketbook.kit.store import now

RECORDS = 2**31
"""Where the ids of records end."""

HERE = "<!-- what is told -->"
"""Where a page is split: what comes before is sent before the kernel starts."""


class _Notebook(NotebookHandler):
    """What reports and screens share: telling a notebook live."""

    _telling: "asyncio.Future[None] | None" = None

    def on_connection_close(self) -> None:
        """Stop computing a page that is left while its cells run; its kernel ends."""
        if self._telling:
            self._telling.cancel()

    def told(self, telling: Telling) -> None:
        """Take what all cells have shown, before the page is at its end."""

    async def tell(self, telling: Telling, frame: str, **values: Any) -> None:  # noqa: ANN401  # the frame's
        """Send the frame, then what the cells show, then the rest; the kernel stays only for widgets."""
        kernels = self.kernel_manager
        if kernels.is_full:
            self.set_status(503)
            self.set_header("Retry-After", "20")
            self.render_page("busy.html.j2")
            return
        values |= {"opening": telling.opening(), "count": telling.count, "here_mark": HERE, "markdown": to_html}
        values |= {"front_end": telling.expects_widgets}
        before, _mark, after = self.page(frame, scripts=front_end.NEEDS, **values).partition(HERE)
        try:
            await self._send(before)
            self._telling = asyncio.ensure_future(self._tell_cells(telling))
            await self._telling
            if telling.is_whole:
                self.told(telling)
            await self._send(self._ending(telling) + after)
        except (StreamClosedError, asyncio.CancelledError):
            telling.widgets = False
        finally:
            if telling.kernel_id and not telling.widgets:
                await kernels.close(telling.kernel_id)
        with contextlib.suppress(StreamClosedError):
            await self.finish()

    async def _tell_cells(self, telling: Telling) -> None:
        try:
            async for done, piece in telling.pieces(self.kernel_manager, self.reader):
                await self._send(f'{linked(piece)}<script nonce="{self.nonce}">mb.told({done})</script>')
        except StreamClosedError:
            raise
        except Exception as error:  # noqa: BLE001  # the page is half sent: whatever it is, it is told there
            telling.widgets = False
            await self._send(self._failure(error))

    async def _send(self, html: str) -> None:
        self.write(html)
        await self.flush()

    def _failure(self, error: Exception) -> str:
        reference = "" if isinstance(error, MarketbookError) and not isinstance(error, CellError) else logged(error)
        if isinstance(error, CellError):
            log.error("reference %s: cell %s\n%s", reference, error.cell + 1, error.traceback)
        said = str(error) if isinstance(error, MarketbookError) else ""
        return self.fragment("failure.html.j2", said=said, reference=reference)

    def _ending(self, telling: Telling) -> str:
        """Say that all has been told; widgets come to life now, by a front end that most pages have loaded already."""
        ready = f'<script nonce="{self.nonce}">mb.ready({"true" if telling.widgets else ""})</script>'
        if not telling.widgets or telling.expects_widgets:
            return ready
        return front_end.kernel(telling.kernel_id) + self.fragment("front_end.html.j2") + ready


class ReportHandler(_Notebook):
    """A report."""

    async def get(self, name: str) -> None:
        """Show it for the values of the address, which is brought into its one form first."""
        report = self.notebook(shelf.report(name))
        wanted = asked.read(report, self.request.query)
        if wanted.problem or wanted.refusals:
            self._refuse(wanted)
        elif wanted.query != self.request.query:
            self.redirect(self.request.path + (f"?{wanted.query}" if wanted.query else ""))
        elif wanted.missing:
            self._tell_missing(wanted)
        else:
            await self._show(report, wanted)

    async def _show(self, report: Report, wanted: Asked) -> None:
        order, self._kept = wanted.order(), computed.token()
        with self.store.reading() as session:
            run = published.newest(session, order)
            values = frame.values(
                session, self.reader, wanted, path=f"/reports/{report.name}", run=run, kept=self._kept
            )  # fmt: skip
        if run:
            self.render_page("published.html.j2", published=published.page(run), **values)
            return
        self._order, self._began = order, now()
        with language.speaking(order.language):
            telling = Telling(report, {**order.parameters, "language": order.language}, spoken=order.language)
        await self.tell(telling, "live.html.j2", spoken_tag=TAGS[order.language], **values)

    def told(self, telling: Telling) -> None:
        """Keep what was computed, so that its files can be had."""
        seconds = (now() - self._began).total_seconds()
        made = Computed(self.reader.session_id, self._order, telling.executed, self._began, seconds)
        computed.keep(self._kept, made)

    def _refuse(self, wanted: Asked) -> None:
        """Show the form again with what is wrong at its field; no kernel is started."""
        self.set_status(400 if wanted.problem else 422)
        report = wanted.report
        self.render_page(
            "refused.html.j2", report=report, chapter=chapters.title(report.chapter), path=f"/reports/{report.name}",
            form=wanted.form(f"/reports/{report.name}"), said=wanted.problem,
        )  # fmt: skip

    def _tell_missing(self, wanted: Asked) -> None:
        """Say which data is missing, and where it is brought in."""
        self.set_status(409)
        report = wanted.report
        found = [dataset for dataset in chapters.datasets() if dataset.name in wanted.missing]
        self.render_page(
            "missing.html.j2", report=report, chapter=chapters.title(report.chapter),
            datasets=[(_(one.title), self.data_page(one)) for one in found],
        )  # fmt: skip


class RunHandler(_Notebook):
    """A run of a report, as it was published."""

    def get(self, name: str, run: str) -> None:
        """Show it within our page; where its files are cleared away, what the history has kept."""
        report = self.notebook(shelf.report(name))
        schema = asked.read(report, "").schema
        with self.store.reading() as session:
            found = runs.named(session, report, run)
            if found is None:
                raise HTTPError(404)
            wanted = asked.read(report, asked.query_of(schema, found.parameters, found.language))
            values = frame.values(session, self.reader, wanted, path=f"/reports/{report.name}", run=found)
        if published.is_there(found):
            self.render_page("run.html.j2", published=published.page(found), **values)
        else:
            self.set_status(410)
            self.render_page("gone.html.j2", **values)


class ScreenHandler(_Notebook):
    """A screen: a notebook of two cells, whose widgets people work with."""

    async def get(self, name: str) -> None:
        """Show it; its address may name the record to begin with."""
        screen = self.notebook(shelf.screen(name))
        record = record_number(self.get_query_arguments("record"))
        await self.tell(
            Telling(screen, None, spoken=language.current(), record=record), "screen.html.j2", report=screen
        )


def record_number(given: Sequence[str]) -> int | None:
    """Return the record that an address names; None where it names none.

    Args:
        given: What stands after `record=`, each time that it stands there.

    Raises:
        ParamsError: It is no number of a record.

    Example:
        >>> record_number(["17"]), record_number([])
        (17, None)
    """
    if not given:
        return None
    text = given[0]
    if len(given) == 1 and text.isascii() and text.isdigit() and len(text) <= 10 and 0 < int(text) < RECORDS:
        return int(text)
    raise ParamsError(
        _("record: {found!r} names no record; it is one whole number from 1 on.").format(found=", ".join(given)[:60])
    )
