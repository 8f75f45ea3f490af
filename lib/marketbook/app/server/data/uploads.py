"""Uploads: a file is sent, checked, shown as it would come in, and then imported or thrown away.

Nothing is written to a dataset before its reader says so, and what is imported then is what was shown.
"""

from collections.abc import Awaitable
from typing import Any

from tornado.web import HTTPError, stream_request_body

from marketbook.app.server.data import inbox, multipart
from marketbook.app.server.data.datasets import TEMPLATES, DataHandler, sources
from marketbook.app.server.data.inbox import Choices, Upload
from marketbook.kit import language
from marketbook.kit.facts import Dataset, source_names
from marketbook.kit.language import gettext as _

DRAINED = 1_000_000_000
"""Bytes of a file that is too large that are read all the same: a browser shows an answer only to what it has sent."""

ARRIVES_SECONDS = 1800.0
"""How long a file may take to arrive."""

SETTLES_SECONDS = 1.5
"""How long a page waits for the check, so that small files need no page of progress."""

_FORM_BYTES = 65_536
"""What a request holds beside the file."""


class _UploadHandler(DataHandler):
    """What the pages of an upload share."""

    def upload(self, dataset: Dataset, key: str) -> Upload | None:
        """Return the reader's own upload; where there is none (any more), say so and return None."""
        found = inbox.find(key, dataset=dataset.name, account_id=self.reader.account_id)
        if found is None:
            self.set_status(404)
            self.render_page("upload_gone.html.j2", **self.about(dataset))
        return found

    def go_to(self, upload: Upload) -> None:
        """Lead to an upload's page."""
        self.redirect(f"/data/{upload.dataset}/uploads/{upload.key}", status=303)


@stream_request_body
class ReceiveHandler(_UploadHandler):
    """The arrival of a file: it goes to its folder piece by piece, once the token of the form has been checked."""

    dataset: Dataset
    form: multipart.Form | None = None
    arriving: inbox.Arriving | None = None
    name = ""
    problem: HTTPError | None = None
    too_large = False

    async def prepare(self) -> None:
        """Refuse who may not send, and what is far too large, before anything is read."""
        await super().prepare()
        if self._finished or self.request.method != "POST":
            return
        self.dataset = self.importable(self.path_kwargs["name"])
        connection: Any = self.request.connection
        connection.set_max_body_size(DRAINED)
        connection.set_body_timeout(ARRIVES_SECONDS)
        given = self.request.headers.get("Content-Length", "")
        length = int(given) if given.isdecimal() else 0
        if length > DRAINED:
            raise HTTPError(413)
        self.too_large = length > inbox.LARGEST + _FORM_BYTES
        try:
            self.form = multipart.Form(self.request.headers.get("Content-Type", ""), opened=self._opened)
        except multipart.FormError as error:
            self.problem = HTTPError(400, str(error))

    def check_xsrf_cookie(self) -> None:
        """Put the check off: the token comes in the form, and before the file."""

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        """Take a piece of the request."""
        if self.form and not (self.problem or self.too_large):
            try:
                self.form.feed(chunk)
            except multipart.FormError as error:
                self.problem = HTTPError(400, str(error))
            except HTTPError as error:
                self.problem = error
        return None

    async def post(self, name: str) -> None:  # noqa: ARG002  # the dataset is known since `prepare`
        """Keep the file, begin its check, and lead to its page."""
        if self.problem:
            raise self.problem
        choices = self._choices()
        if self.too_large or not (self.form and self.form.whole and self.arriving):
            self._refuse(choices)
            return
        inbox.make_room(self.reader.account_id)
        upload = self.arriving.keep(
            self.name, dataset=self.dataset.name, account_id=self.reader.account_id,
            language=language.current(), choices=choices,
        )  # fmt: skip
        self.arriving = None
        self.desk.begin(upload, "check")
        await self.desk.settle(upload, SETTLES_SECONDS)
        self.go_to(upload)

    def on_finish(self) -> None:
        """Delete what was not kept."""
        if self.arriving:
            self.arriving.drop()

    def on_connection_close(self) -> None:
        """Delete what has arrived of a file whose sender has gone."""
        super().on_connection_close()
        self.on_finish()

    def _opened(self, name: str) -> multipart.Sink:
        self.request.arguments["_xsrf"] = [self.form.fields.get("_xsrf", "").encode()] if self.form else []
        super().check_xsrf_cookie()
        if self.arriving:
            raise HTTPError(400, "more than one file")
        self.name, self.arriving = name, inbox.Arriving()
        return _Limited(self)

    def _choices(self) -> Choices:
        return inbox.known_choices(self.form.fields if self.form else {}, source_names(self.dataset.name))

    def _refuse(self, choices: Choices) -> None:
        if self.too_large:
            self.set_status(413)
            said = _("The file is too large: at most {most} MB are taken. Divide it, or send it as Parquet.").format(
                most=inbox.LARGEST // 1_000_000
            )
        else:
            self.set_status(422)
            said = _("No file has arrived. Choose one and send it again.")
        self.show_dataset(self.dataset, refusal=said, choices=choices)


class _Limited:
    """Where a file goes: its folder, as long as it is not too large."""

    def __init__(self, handler: ReceiveHandler) -> None:
        self._handler = handler

    def write(self, piece: bytes) -> None:
        """Take a piece."""
        arriving = self._handler.arriving
        if arriving and arriving.size + len(piece) <= inbox.LARGEST:
            arriving.write(piece)
        else:
            self._handler.too_large = True


class UploadHandler(_UploadHandler):
    """An upload: how far its check is, what would come in, what has come in."""

    def get(self, name: str, key: str) -> None:
        """Show it."""
        dataset = self.importable(name)
        upload = self.upload(dataset, key)
        if upload:
            self.render_page(
                "upload.html.j2", upload=upload, state=upload.state(), choices=upload.choices,
                sources=sources(dataset), titles=dataset.title_of,
                has_workbook=upload.rejects_workbook.exists(),
                **self.about(dataset),
            )  # fmt: skip


class UploadStateHandler(_UploadHandler):
    """How far the work on an upload is, for scripts."""

    def get(self, name: str, key: str) -> None:
        """Tell it."""
        dataset = self.importable(name)
        found = inbox.find(key, dataset=dataset.name, account_id=self.reader.account_id)
        if found is None:
            raise HTTPError(404)
        state = found.state()
        self.finish({"busy": state.is_busy, "status": state.status, "count": language.format_integer(state.count)})


class CheckHandler(_UploadHandler):
    """Checking again, with other choices."""

    async def post(self, name: str, key: str) -> None:
        """Begin it."""
        dataset = self.importable(name)
        upload = self.upload(dataset, key)
        if upload is None:
            return
        if await self.desk.is_free(upload) and upload.state().status != "imported":
            given = {field: self.get_body_argument(field, "") for field in ("source", "sheet", "update")}
            chosen = inbox.known_choices(given, source_names(dataset.name))
            upload = upload.choose(chosen, language=language.current())
            self.desk.begin(upload, "check")
            await self.desk.settle(upload, SETTLES_SECONDS)
        self.go_to(upload)


class CommitHandler(_UploadHandler):
    """The import of what was shown."""

    async def post(self, name: str, key: str) -> None:
        """Begin it, once; who asks again is led to the page."""
        upload = self.upload(self.importable(name), key)
        if upload is None:
            return
        if await self.desk.is_free(upload) and upload.state().status == "checked":
            self.desk.begin(upload, "import")
            await self.desk.settle(upload, SETTLES_SECONDS)
        self.go_to(upload)


class DiscardHandler(_UploadHandler):
    """The end of an upload that is not wanted."""

    async def post(self, name: str, key: str) -> None:
        """Delete it; what is being imported is not interrupted."""
        dataset = self.importable(name)
        upload = self.upload(dataset, key)
        if upload is None:
            return
        if upload.state().status == "importing":
            self.go_to(upload)
            return
        await self.desk.forget(upload)
        self.redirect(f"/data/{dataset.name}", status=303)


class RejectsHandler(_UploadHandler):
    """The refused rows, to be corrected and sent again."""

    def get(self, name: str, key: str, ending: str) -> None:
        """Send them."""
        upload = self.upload(self.importable(name), key)
        if upload is None:
            return
        file = upload.rejects if ending == "csv" else upload.rejects_workbook
        if not file.is_file():
            raise HTTPError(404)
        title = _("{file} refused rows").format(file=upload.name.rpartition(".")[0] or upload.name)
        self.send_file(file.read_bytes(), kind=TEMPLATES[ending][0], name=f"{title}.{ending}")
