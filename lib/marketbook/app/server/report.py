"""A report as an app: its parameter form, the report for the values of the address, its files and the runs before.

What has been published with just these values is shown at once; anything else is computed in a kernel of the reader's
own, finding by finding.
"""

import contextlib
from typing import Any
from urllib.parse import quote

from tornado.iostream import StreamClosedError
from tornado.web import HTTPError

from marketbook.app import history
from marketbook.app.catalogue import Report
from marketbook.app.history import NotebookRun
from marketbook.app.server import access, asked, published, shelf
from marketbook.app.server.asked import Asked
from marketbook.app.server.execution import CellError
from marketbook.app.server.handler import PageHandler, log, logged
from marketbook.app.server.live import Telling, front_end
from marketbook.app.server.published import DOWNLOADS, linked
from marketbook.kit import language
from marketbook.kit.errors import MarketbookError, ParamsError
from marketbook.kit.report.markdown import to_html

HERE = "<!-- what is told -->"
"""Where a page is split: what comes before is sent before the kernel starts."""

FRONT_END_NEEDS = ("'unsafe-eval'", "blob:")
"""What Voilà's front end asks of the security policy: its settings' schemas are compiled, modules come as blobs."""

RUNS_SHOWN = 12


class _Notebook(PageHandler):
    """What reports and screens share: finding the notebook, and telling it live."""

    def notebook(self, found: Report | None) -> Report:
        """Return the notebook, for those who may open it.

        Raises:
            HTTPError: 404 where there is none, 403 where the reader may not open it.
        """
        if found is None:
            raise HTTPError(404)
        self.require(access.may_open(self.reader, found))
        return found

    async def tell(self, telling: Telling, frame: str, **values: Any) -> None:  # noqa: ANN401  # the frame's
        """Send the frame, then what the cells show, then the rest; the kernel stays only for widgets."""
        kernels = self.kernel_manager
        if kernels.is_full:
            self.set_status(503)
            self.set_header("Retry-After", "20")
            self.render_page("busy.html.j2")
            return
        values |= {"opening": telling.opening(), "count": telling.count, "here_mark": HERE, "markdown": to_html}
        before, _mark, after = self.page(frame, scripts=FRONT_END_NEEDS, **values).partition(HERE)
        try:
            await self._send(before)
            await self._tell_cells(telling)
            await self._send(self._ending(telling) + after)
        except StreamClosedError:
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
        ready = f'<script nonce="{self.nonce}">mb.ready()</script>'
        if not telling.widgets:
            return ready
        config = self.settings["front_end"]
        source = f"{config['fullStaticUrl']}/voila.js"
        return f'{front_end(config, telling.kernel_id)}{ready}<script nonce="{self.nonce}" src="{source}"></script>'


class ReportHandler(_Notebook):
    """A report."""

    async def get(self, name: str) -> None:
        """Show it for the values of the address, which is brought into its one form first."""
        report = self.notebook(shelf.report(name))
        wanted = asked.read(report, self.request.query)
        if wanted.problem or wanted.refusals:
            self.set_status(400 if wanted.problem else 422)
            self.render_page("refused.html.j2", report=report, form=wanted.form(self.request.path), said=wanted.problem)
        elif wanted.query != self.request.query:
            self.redirect(self.request.path + (f"?{wanted.query}" if wanted.query else ""))
        else:
            await self._show(report, wanted)

    async def _show(self, report: Report, wanted: Asked) -> None:
        order = wanted.order()
        with self.store.reading() as session:
            run = published.newest(session, order)
            values = {
                "report": report, "form": wanted.form(self.request.path), "query": wanted.query, "run": run,
                "running": history.running(session, identity=order.identity),
                "failed": self._failed(session, run, order),
                "before": history.recent(session, notebook=report.notebook, variant=report.variant, limit=RUNS_SHOWN),
                "may_publish": access.may_publish(self.reader, report), "shown": order.shown,
                "files": published.files(run) if run else [],
            }  # fmt: skip
        if run:
            self.render_page("published.html.j2", published=published.page(run), **values)
            return
        with language.speaking(order.language):
            telling = Telling(report, {**order.parameters, "language": order.language}, spoken=order.language)
        await self.tell(telling, "live.html.j2", **values)

    def _failed(self, session: Any, run: NotebookRun | None, order: Any) -> NotebookRun | None:  # noqa: ANN401
        """Return the last run where it failed after what is shown."""
        last = history.recent(session, notebook=order.report.notebook, variant=order.report.variant, limit=1)
        return last[0] if last and last[0].status == "failed" and (run is None or last[0].id > run.id) else None


class PublishHandler(_Notebook):
    """Run and publish now."""

    def post(self, name: str) -> None:
        """Start the run; the report's page shows how it goes."""
        report = self.notebook(shelf.report(name))
        self.require(access.may_publish(self.reader, report))
        wanted = asked.read(report, self.get_body_argument("query", ""))
        if wanted.problem or wanted.refusals:
            raise ParamsError(wanted.problem or "; ".join(wanted.refusals.values()))
        published.start(wanted.order())
        self.redirect(f"/reports/{report.name}" + (f"?{wanted.query}" if wanted.query else ""), status=303)

    def get(self, name: str) -> None:
        """Tell whether such a run is going on."""
        report = self.notebook(shelf.report(name))
        order = asked.read(report, self.request.query).order()
        with self.store.reading() as session:
            self.finish({"running": history.running(session, identity=order.identity) is not None})


class RunFileHandler(_Notebook):
    """A file of a published run."""

    async def get(self, name: str, run: str, file: str) -> None:
        """Send it: the page to be read, the others to be kept."""
        report = self.notebook(shelf.report(name))
        found = published.file_of(report, run, file)
        if found is None:
            raise HTTPError(404)
        self.set_header("Content-Type", DOWNLOADS[file])
        self.set_header(
            "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
        )
        if file != "report.html" or self.get_query_argument("download", ""):
            title = quote(f"{report.title} {run}.{file.rpartition('.')[2]}")
            self.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{title}")
        self.finish(found.read_bytes())


class ScreenHandler(_Notebook):
    """A screen: a notebook of two cells, whose widgets people work with."""

    async def get(self, name: str) -> None:
        """Show it."""
        screen = self.notebook(shelf.screen(name))
        await self.tell(Telling(screen, None, spoken=language.current()), "screen.html.j2", report=screen)
