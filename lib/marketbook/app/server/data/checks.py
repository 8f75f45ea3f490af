"""Where uploads are worked on: each in a process of its own, within a time, one after the other for a dataset."""

import asyncio
import os
from collections import defaultdict
from multiprocessing.process import BaseProcess

from marketbook.app import process, worker
from marketbook.app.server.data import inbox
from marketbook.app.server.data.checking import SECONDS, Job, work
from marketbook.app.server.data.inbox import State, Upload

AT_ONCE = 2
"""Files that are read at one time."""

SWEEP_SECONDS = 3600


class Desk:
    """The work that is going on."""

    def __init__(self) -> None:
        """Begin with an inbox that holds nothing left over."""
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._room = asyncio.Semaphore(AT_ONCE)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._swept_at = float("-inf")
        inbox.sweep()

    def begin(self, upload: Upload, job: Job) -> None:
        """Have a job done; nothing happens where one is being done on this upload already."""
        self._sweep_now_and_then()
        if upload.key in self._tasks:
            return
        before = upload.state()
        upload.put(before.model_copy(update={"status": "waiting", "process": process.own(), "count": 0}))
        task = asyncio.get_running_loop().create_task(self._work(upload, job, before))
        self._tasks[upload.key] = task
        task.add_done_callback(lambda _done: self._tasks.pop(upload.key, None))

    async def is_free(self, upload: Upload) -> bool:
        """Tell whether nobody works on an upload, here or in a process that outlived a server."""
        if not upload.state().is_busy and (ending := self._tasks.get(upload.key)):
            await asyncio.wait([ending])
        return not upload.state().is_busy

    async def settle(self, upload: Upload, seconds: float) -> None:
        """Wait a moment for a job to be done."""
        task = self._tasks.get(upload.key)
        if task:
            await asyncio.wait([task], timeout=seconds)

    async def forget(self, upload: Upload) -> None:
        """End what is being done on an upload, and delete it."""
        task = self._tasks.get(upload.key)
        if task:
            task.cancel()
            await asyncio.wait([task])
        await asyncio.to_thread(upload.forget)

    async def _work(self, upload: Upload, job: Job, before: State) -> None:
        async with self._turns[upload.dataset], self._room:
            if job == "import":  # which needs what the check has found; a check starts from nothing
                upload.put(before.model_copy(update={"status": "importing", "process": process.own()}))
            started = await asyncio.to_thread(_start, upload, job)
            try:
                await _ended(started, SECONDS)
            finally:
                await asyncio.shield(asyncio.to_thread(_stop, started))
                _tell_break(upload)

    def _sweep_now_and_then(self) -> None:
        passed = asyncio.get_running_loop().time()
        if passed - self._swept_at > SWEEP_SECONDS:
            self._swept_at = passed
            inbox.sweep()


def _start(upload: Upload, job: Job) -> BaseProcess:
    worker.warm_up()
    made = worker.context().Process(target=work, args=(upload, job, dict(os.environ)), name="upload", daemon=True)
    made.start()
    return made


async def _ended(started: BaseProcess, seconds: float) -> None:
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(started.sentinel, done.set)
    try:
        await asyncio.wait_for(done.wait(), seconds)
    except TimeoutError:
        return
    finally:
        loop.remove_reader(started.sentinel)


def _stop(started: BaseProcess) -> None:
    if started.is_alive():
        started.kill()
    started.join()


def _tell_break(upload: Upload) -> None:
    """A process that ended before its work did has left a state that says it is busy."""
    if upload.folder.is_dir() and (found := upload.state()).status in ("waiting", "checking", "importing"):
        upload.put(found.model_copy(update={"status": "failed", "process": "", "error": ""}))
