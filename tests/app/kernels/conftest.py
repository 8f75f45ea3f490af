"""Real kernels, of one warm process for each test file."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from jupyter_client.manager import KernelManager, start_new_kernel

from marketbook.app.kernels import owner

Ask = Callable[[str], str]
Start = Callable[..., tuple[KernelManager, Ask]]


@pytest.fixture(scope="module", autouse=True)
def _end_warm_process() -> Iterator[None]:
    yield
    owner.end()


@pytest.fixture
def start() -> Iterator[Start]:
    """Return a function that starts a kernel and returns its manager and a function that runs code in it."""
    running = []

    def start_one(**options: Any) -> tuple[KernelManager, Ask]:
        manager, client = start_new_kernel(kernel_name="marketbook", **options)
        running.append((manager, client))

        pid = manager.provisioner.pid

        def ask(code: str) -> str:
            if manager.provisioner.pid != pid:  # restarted: our sockets have to find it again
                client.wait_for_ready(timeout=30)
            said: list[str] = []
            client.execute_interactive(
                code, timeout=30, output_hook=lambda message: said.append(message["content"].get("text", ""))
            )
            return "".join(said).strip()

        return manager, ask

    yield start_one
    for manager, client in running:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
