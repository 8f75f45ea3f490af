"""Which process keeps a run going, written so that a later one can tell whether it is still there."""

import os
import platform
from functools import lru_cache
from pathlib import Path

_PROC = Path("/proc")


@lru_cache(maxsize=1)
def own() -> str:
    """Return this process's mark: machine, boot, number and start, so that a reused number deceives nobody."""
    return _mark(os.getpid())


def is_gone(mark: str) -> bool:
    """Tell whether the process of a mark has ended; a process of another machine is given the benefit of the doubt.

    Example:
        >>> is_gone(own())
        False
    """
    machine, boot, pid, _started = mark.rsplit("/", 3)
    if machine != platform.node():
        return False
    return boot != _boot() or not _exists(int(pid)) or _mark(int(pid)) != mark


def _mark(pid: int) -> str:
    return f"{platform.node()}/{_boot()}/{pid}/{_started(pid)}"


@lru_cache(maxsize=1)
def _boot() -> str:
    file = _PROC / "sys/kernel/random/boot_id"
    return file.read_text().strip() if file.exists() else "-"


def _started(pid: int) -> str:
    """Return when a process started, in ticks since boot; the name before it may hold spaces and brackets."""
    try:
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return "-"


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
