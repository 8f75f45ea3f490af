"""Private dirty memory of a server and everything that it started, while pages are drawn and kept."""

import asyncio
import contextlib
import threading
from pathlib import Path
from typing import Self

import psutil

from apps.servers import SURVEY, Served
from apps.sessions import Client

FEW, MANY = 2, 8


async def per_session(served: Served) -> float:
    """Return the megabytes of a further session of the survey report: the peaks of a few and of many, drawn at once."""
    few = await _peak(served, FEW, first=0)
    many = await _peak(served, MANY, first=FEW)
    return (many - few) / (MANY - FEW)


async def _peak(served: Served, count: int, *, first: int) -> float:
    """Draw so many pages at once, each with another confidence, keep them connected, and return the peak."""
    clients = [
        Client(served, place, f"/reports/{SURVEY}?confidence=0.{800 + first + place}&language=en")
        for place in range(count)
    ]
    with _Watch(served.pid) as watch:
        await asyncio.gather(*(client.load() for client in clients))
        await asyncio.gather(*(client.connect() for client in clients))
        await asyncio.sleep(2)
    for client in clients:
        await client.leave()
    await asyncio.sleep(3)
    print(f"memory: {count} sessions, peak {watch.peak:.0f} MB, at rest {watch.last:.0f} MB", flush=True)
    return watch.peak


class _Watch(threading.Thread):
    """Keeps the largest sum of private dirty memory."""

    def __init__(self, pid: int) -> None:
        super().__init__()
        self.peak = self.last = 0.0
        self._pid, self._stop_now = pid, threading.Event()

    def run(self) -> None:
        while not self._stop_now.wait(0.1):
            self.last = private_dirty(self._pid)
            self.peak = max(self.peak, self.last)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_known: object) -> None:
        self._stop_now.set()
        self.join()


def private_dirty(pid: int) -> float:
    """Return the megabytes of private dirty memory of a process and all that descend from it."""
    server = psutil.Process(pid)
    return sum(_private_dirty(one.pid) for one in (server, *server.children(recursive=True))) / 1024


def _private_dirty(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Private_Dirty:"):
                return int(line.split()[1])
    return 0
