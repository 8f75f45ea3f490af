"""The kernel's own addresses, for who opened it and nobody else: Jupyter's handlers, each guarded."""

from typing import Any

from jupyter_server.base.handlers import APIHandler
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError

from marketbook.app.server.handler import FromHere, log, logged
from marketbook.app.server.live.messages import V1, is_admitted

NOT_ADMITTED = 1008


class _Owned(FromHere):
    """Refuses everything about a kernel that the session did not open; whether it exists is not told."""

    who: Any
    kernel_manager: Any
    path_kwargs: dict[str, str]

    def check_owner(self) -> str:
        """Return the kernel's id.

        Raises:
            HTTPError: 404 for everybody but the owner.
        """
        kernel_id = self.path_kwargs["kernel_id"]
        if not self.kernel_manager.is_owned(kernel_id, self.who):
            raise HTTPError(404)
        return kernel_id

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:  # noqa: ANN401, ARG002  # tornado's
        """Log what is our fault, without the address, which names the kernel."""
        if not isinstance(value, HTTPError | StreamClosedError):
            logged(value)


class KernelHandler(_Owned, APIHandler):
    """The kernel's description."""

    async def get(self, kernel_id: str) -> None:  # noqa: ARG002  # as the route names it
        """Tell its state."""
        self.finish(self.kernel_manager.kernel_model(self.check_owner()))

    async def delete(self, kernel_id: str) -> None:  # noqa: ARG002  # as the route names it
        """End it."""
        await self.kernel_manager.close(self.check_owner())
        self.set_status(204)
        self.finish()


class ShutdownHandler(_Owned, APIHandler):
    """What the page says when it is left."""

    async def post(self, kernel_id: str) -> None:  # noqa: ARG002  # as the route names it
        """End the kernel."""
        await self.kernel_manager.close(self.check_owner())
        self.set_status(204)
        self.finish()


class ChannelsHandler(_Owned, KernelWebsocketHandler):
    """The kernel's channels: `messages` says what may be sent there, `answers` what comes back."""

    async def pre_get(self) -> None:
        """Let the owner in."""
        self.check_owner()
        await super().pre_get()

    async def open(self, kernel_id: str) -> None:
        """Connect; the connection ends when the kernel does."""
        self.kernel_manager.connect(kernel_id, self)
        await super().open(kernel_id)

    def on_message(self, ws_message: str | bytes) -> None:
        """Pass a message on; who sends another kind is no page of ours, and is disconnected."""
        if is_admitted(ws_message, v1=self.selected_subprotocol == V1):
            self.kernel_manager.note_use(self.kernel_id)
            super().on_message(ws_message)
        else:
            log.warning("kernel %s: a message that no page sends was refused", self.kernel_id)
            self.close(NOT_ADMITTED, "refused")

    def on_close(self) -> None:
        """Let go of the kernel."""
        self.kernel_manager.disconnect(self.kernel_id, self)
        super().on_close()
