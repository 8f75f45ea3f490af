"""How a report's kernel starts: the one place to change when kernels come from elsewhere."""

import os
from typing import Any

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "NUMBA_NUM_THREADS")


def environment(*, side_by_side: bool) -> dict[str, str]:
    """Return the environment of kernels: ours, with one thread each for linear algebra where several run side by side.

    Args:
        side_by_side: Whether kernels share the cores.
    """
    from marketbook.kit.config import settings

    quiet = {"PYDEVD_DISABLE_FILE_VALIDATION": "1", "MARKETBOOK_HOME": str(settings().home)}
    threads = {name: os.environ.get(name, "1") for name in THREADS} if side_by_side else {}
    return dict(os.environ) | quiet | threads


def manager(name: str) -> Any:  # noqa: ANN401  # jupyter_client is untyped
    """Return the manager that starts, watches and ends one kernel."""
    from jupyter_client.manager import AsyncKernelManager

    return AsyncKernelManager(kernel_name=name)
