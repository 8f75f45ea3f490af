"""One browser's connection to its kernel's channels."""

from typing import Any

from jupyter_client.session import DELIM
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

from marketbook.app.server.live import answers


class Channels(ZMQChannelsWebsocketConnection):
    """Jupyter's connection, ready at once: its kernel has run cells, or is running them, when a page connects."""

    async def prepare(self) -> None:
        """Take the place of a connection that the same page had, and the kernel's key; the kernel is not waited for."""
        await self._register_session()
        self.session.key = self.kernel_manager.session.key

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
