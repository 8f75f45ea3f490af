"""A run's client executes as soon as its kernel answers, and does not wait for one that has died."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from marketbook.app import kernel
from marketbook.app.kernels import provisioner

pytestmark = [
    pytest.mark.skipif(not provisioner.can_fork(), reason="kernels are forked on Linux alone"),
    pytest.mark.filterwarnings("ignore"),  # jupyter_client's own sockets and loops
]


@asynccontextmanager
async def started() -> AsyncIterator[tuple[Any, Any]]:
    manager = kernel.manager("marketbook")
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    yield manager, client
    client.stop_channels()
    await manager.shutdown_kernel(now=True)


def test_what_is_executed_at_once_is_heard() -> None:
    async def hear() -> list[str]:
        async with started() as (_, client):
            await client.wait_for_ready(timeout=30)
            said: list[str] = []
            await client.execute_interactive(
                "print(1)", timeout=30, output_hook=lambda message: said.append(message["content"].get("text", ""))
            )
            return said

    assert "1\n" in asyncio.run(hear())


def test_a_kernel_that_died_is_not_waited_for() -> None:
    async def wait() -> None:
        async with started() as (manager, client):
            os.kill(manager.provisioner.pid, signal.SIGKILL)
            await client.wait_for_ready(timeout=30)

    with pytest.raises(RuntimeError, match="Kernel died before replying to kernel_info"):
        asyncio.run(wait())
