"""One browser's connection to its kernel's channels."""

import asyncio
from typing import Any

from jupyter_client.session import DELIM
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

from marketbook.app.server import answers

SUBSCRIBED_SECONDS = 2.0
"""How long a kernel may take to greet a new listener; one that does not is asked whether it hears us."""


class Channels(ZMQChannelsWebsocketConnection):
    """Jupyter's connection, ready at once: its kernel has run cells, or is running them, when a page connects."""

    _is_new = False

    async def prepare(self) -> None:
        """Take the place of a connection that the same page had, and the kernel's key."""
        await self._register_session()
        self.session.key = self.kernel_manager.session.key

    def create_stream(self) -> None:
        """Open sockets of our own to the kernel's channels."""
        self._is_new = True
        super().create_stream()

    def nudge(self) -> "asyncio.Future[None]":
        """Wait until we hear the kernel, which greets a new listener; channels that were kept are asked for anew."""
        return asyncio.ensure_future(self._greeted()) if self._is_new else super().nudge()

    async def _greeted(self) -> None:
        greeted = asyncio.Event()
        iopub = self.channels["iopub"]
        iopub.on_recv(lambda _message: greeted.set())
        try:
            await asyncio.wait_for(greeted.wait(), SUBSCRIBED_SECONDS)
        except TimeoutError:
            await super().nudge()
        finally:
            if not iopub.closed():
                iopub.stop_on_recv()

    def handle_outgoing_message(self, stream: Any, outgoing_msg: list[bytes]) -> None:  # noqa: ANN401  # as its base
        """Pass on what a browser may have of a message; what cells say is in the page already."""
        if not self.multi_kernel_manager.is_ready(self.kernel_id):
            return
        identities, parts = self.session.feed_identities(outgoing_msg)
        told = answers.passed(parts)
        if told is None:
            return
        if told != parts:
            told[0] = self.session.sign(told[1:5])
        super().handle_outgoing_message(stream, [*identities, DELIM, *told])
