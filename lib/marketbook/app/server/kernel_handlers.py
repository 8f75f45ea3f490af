"""The kernel's own addresses, for who opened it and nobody else: Jupyter's handlers, each guarded."""

from typing import Any

from jupyter_server.base.handlers import APIHandler
from tornado.web import HTTPError
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler


class _Owned:
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


class ChannelsHandler(_Owned, VoilaKernelWebsocketHandler):
    """The kernel's channels, for messages of widgets only (the kernel manager's list says which pass)."""

    async def pre_get(self) -> None:
        """Let the owner in."""
        self.check_owner()
        await super().pre_get()
