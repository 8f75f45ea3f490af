"""How a report's kernel starts: forked from a warm process of this run where that is to be had, else cold."""

import os
from collections.abc import Mapping
from typing import Any

from marketbook.app.kernels import owner

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "NUMBA_NUM_THREADS")
SHARED = {
    *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH"),
    *("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"),
}
FAMILIES = ("LC_", "PYTHON")
"""What kernels of the app server may know of the server's environment, beside the settings that are not secret."""

STORE = "MARKETBOOK_STORE_URL"
OURS, STOCK = "marketbook", "python3"
"""The kernelspec whose kernels are forked, and the one that each stands in for where the other is not installed."""


def warm_up() -> None:
    """Start the warm process, so that its imports go on while parameters are checked."""
    from marketbook.app.kernels.provisioner import can_fork

    if can_fork():
        owner.address()


def environment(*, side_by_side: bool) -> dict[str, str]:
    """Return the environment of kernels: ours, with one thread each for linear algebra where several run side by side.

    Args:
        side_by_side: Whether kernels share the cores.
    """
    from marketbook.app.kernels.provisioner import can_fork
    from marketbook.kit.config import settings

    home = {"MARKETBOOK_HOME": str(settings().home)}
    threads = {name: os.environ.get(name, "1") for name in THREADS} if side_by_side else {}
    warm = {owner.ADDRESS: owner.address()} if can_fork() else {}
    known = app_environment() | _store() if _secretive else dict(os.environ)
    return known | home | threads | warm


_secretive = False


def keep_secrets() -> None:
    """Let kernels of this process know nothing of its environment but what `app_environment` lists."""
    global _secretive  # one owner is one process
    _secretive = True
    owner.use_environment(app_environment())


def without_store(environment: Mapping[str, str], kernel_name: str) -> tuple[dict[str, str], dict[str, Any]]:
    """Take the store's URL, which may hold a password, out of a kernel's environment.

    Returns:
        The environment, and what more a kernel of ours is started with: the URL goes over its private channel.
    """
    rest = dict(environment)
    url = rest.pop(STORE, "") if kernel_name == OURS else ""
    return rest, {"visitor": {"store": url}} if url else {}


def _store() -> dict[str, str]:
    return {STORE: os.environ[STORE]} if STORE in os.environ else {}


def app_environment() -> dict[str, str]:
    """Return the environment of the app server's kernels: what is on the list below, and nothing that is secret."""
    from marketbook.kit.config import Settings, settings  # a secret one is kept out of its repr

    ours = {f"MARKETBOOK_{name.upper()}" for name, field in Settings.model_fields.items() if field.repr}
    known = {name: value for name, value in os.environ.items() if name in ours | SHARED or name.startswith(FAMILIES)}
    return known | {"MARKETBOOK_HOME": str(settings().home)} | dict.fromkeys(THREADS, "1")


def arguments(manager: Any) -> list[str]:  # noqa: ANN401  # jupyter_client is untyped
    """Return the kernel's own arguments: a cold one would warn that it is not encrypted; a forked one is quiet."""
    return [] if manager.kernel_name == OURS else ["--IPKernelApp.log_level=40"]


def manager(name: str) -> Any:  # noqa: ANN401  # jupyter_client is untyped
    """Return the manager that starts, watches and ends one kernel.

    Args:
        name: The kernelspec that the notebook names.
    """
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    from marketbook.app.kernels.client import PromptClient

    if name in (OURS, STOCK):
        name = OURS if OURS in KernelSpecManager().find_kernel_specs() else STOCK
    return AsyncKernelManager(kernel_name=name, client_factory=PromptClient)
