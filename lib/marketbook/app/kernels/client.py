"""A kernel's client that is ready when the kernel is: the stock one then listens 0.2 s for broadcasts to throw away.

Who executes cells tells broadcasts apart by the request that they belong to; nothing needs to be thrown away.
"""

import time
from queue import Empty

from jupyter_client.asynchronous.client import AsyncKernelClient


class PromptClient(AsyncKernelClient):
    """Set as a manager's `client_factory`."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel has answered and its broadcasts are heard.

        Args:
            timeout: In seconds; None waits as long as the kernel lives.

        Raises:
            RuntimeError: The kernel died first, or did not answer in time.
        """
        deadline = time.monotonic() + (float("inf") if timeout is None else timeout)
        while not await self._answered():
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > deadline:
                raise RuntimeError(f"Kernel didn't respond in {timeout:g} seconds")

    async def _answered(self) -> bool:
        self.kernel_info()
        try:
            self._handle_kernel_info_reply(await self.shell_channel.get_msg(timeout=1))
            await self.iopub_channel.get_msg(timeout=0.2)  # not yet connected: ask again
        except Empty:
            return False
        return True
