"""The kernel provisioner: a kernel is a fork of the warm process where fork is to be had, else a process of its own."""

import asyncio
import json
import os
import select
import signal
import subprocess
import sys
import uuid
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_core.paths import jupyter_runtime_dir
from traitlets.log import get_logger

from marketbook.app.kernels import line, owner
from marketbook.kit.errors import RunError

STOCK, COLD = "ipykernel_launcher", "marketbook.app.kernels.cold"
"""The module that the kernelspec's command starts, and ours in its place where there is a visitor."""

ENDING_SECONDS = 1.0

LONGEST_SOCKET = 100
"""How many bytes a Unix socket's path may have, a little less than Linux and macOS allow."""

Visitor = Mapping[str, Any] | None


class ForkProvisioner(LocalProvisioner):
    """Starts kernels for papermill, Voilà, JupyterLab and nbval alike; named in the kernelspec `marketbook`."""

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401  # as its base
        """Have the kernel answer at Unix sockets: a port that is free now may be another's when the kernel listens."""
        if self.parent is not None and not self.parent.shell_port:
            use_unix_sockets(self.parent)
        found: dict[str, Any] = await super().pre_launch(**kwargs)
        return found

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:  # noqa: ANN401  # as its base
        """Fork a kernel from the warm process; start it cold where that cannot be.

        Args:
            cmd: The cold command; its arguments after the module's name are the kernel's.
            kwargs: `env` and `cwd` of the kernel, and `visitor`: what `marketbook.kit.visitor` is told in it, over a
                channel that shows neither in its environment nor in its arguments nor in the connection file.
        """
        visitor = kwargs.pop("visitor", None)
        if not can_fork():
            return await self._launch_cold(cmd, visitor, kwargs)
        try:
            kernel = await asyncio.to_thread(fork, cmd, kwargs, visitor)
        except (RunError, OSError) as error:
            get_logger().warning("marketbook: %s Starting the kernel cold.", error)
            return await self._launch_cold(cmd, visitor, kwargs)
        self.process = cast("subprocess.Popen[Any]", kernel)
        self.pid = self.pgid = kernel.pid
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel and see it end: the manager looks only ten times a second."""
        kernel = self.process
        await super().kill(restart)
        if isinstance(kernel, ForkedKernel):
            with suppress(TimeoutError):
                await asyncio.wait_for(kernel.ended(), ENDING_SECONDS)

    async def _launch_cold(self, cmd: list[str], visitor: Visitor, kwargs: dict[str, Any]) -> KernelConnectionInfo:
        """Start a process of its own, which reads its visitor from its standard input."""
        if visitor is None:
            return await super().launch_kernel(cmd, **kwargs)
        cmd = [COLD if part == STOCK else part for part in cmd]
        reads, writes = os.pipe()
        try:
            return await super().launch_kernel(cmd, **kwargs, stdin=reads)
        finally:
            os.close(reads)
            with suppress(BrokenPipeError), os.fdopen(writes, "w", encoding="utf-8") as channel:
                json.dump(visitor, channel)


class ForkedKernel:
    """A kernel that is not our child, with the part of `subprocess.Popen` that jupyter_client uses."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, warm: str) -> None:
        """Hold on to the process, not to its number: a number may be given to another."""
        self.pid = pid
        self.returncode: int | None = None
        self._warm = warm
        self._handle = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """Return its exit code once it has ended, None before; -9 where nobody knows it."""
        if self.returncode is None and select.select([self._handle], [], [], 0)[0]:
            try:
                code = owner.ask(self._warm, line.ENDED, {"pid": self.pid})["code"]
            except (RunError, OSError):
                code = None
            self.returncode = -signal.SIGKILL if code is None else code
            os.close(self._handle)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end.

        Raises:
            subprocess.TimeoutExpired: It still runs after so many seconds.
        """
        if self.poll() is None and not select.select([self._handle], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("kernel", timeout or 0)
        code = self.poll()
        return -signal.SIGKILL if code is None else code

    async def ended(self) -> None:
        """Wait for its end."""
        if self.poll() is not None:
            return
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        handle = os.dup(self._handle)  # a poll elsewhere may close ours
        loop.add_reader(handle, over.set)
        try:
            await over.wait()
        finally:
            loop.remove_reader(handle)
            os.close(handle)

    def send_signal(self, number: int) -> None:
        """Send it a signal; nothing where it has ended."""
        if self.poll() is None:
            signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


def use_unix_sockets(manager: Any) -> None:  # noqa: ANN401  # jupyter_client is half typed
    """Put a kernel's sockets beside its connection file, where others have no way in; ports where the path is long."""
    file = manager.connection_file or str(Path(jupyter_runtime_dir()) / f"kernel-{uuid.uuid4()}.json")
    sockets = f"{Path(file).absolute().with_suffix('')}-ipc"
    if len(os.fsencode(sockets)) <= LONGEST_SOCKET:
        Path(file).absolute().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        manager.connection_file, manager.transport, manager.ip, manager.cache_ports = file, "ipc", sockets, False


def can_fork() -> bool:
    """Tell whether kernels can be forked here: Linux with pidfd (macOS has fork, but its frameworks do not bear it)."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


def fork(cmd: list[str], kwargs: dict[str, Any], visitor: Visitor = None) -> ForkedKernel:
    """Fork a kernel for a cold command line `python -m ipykernel_launcher ARGUMENTS`."""
    warm = owner.address()
    env = {name: value for name, value in kwargs.get("env", os.environ).items() if name != owner.ADDRESS}
    about = {
        "arguments": cmd[cmd.index(STOCK) + 1 :],
        "cwd": str(kwargs.get("cwd") or Path.cwd()),
        "env": env,
        "visitor": visitor,
    }
    return ForkedKernel(owner.ask(warm, line.KERNEL, about)["pid"], warm)
