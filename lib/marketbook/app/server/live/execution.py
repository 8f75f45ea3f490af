"""The cells of a page, run in its kernel: all sent at once, their outputs given as they come."""

import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from queue import Empty
from typing import Any

from marketbook.app.server.live.captured import Captured
from marketbook.kit.errors import DataError, ParamsError, RunError
from marketbook.kit.language import gettext as _

START_SECONDS = 60.0
ASKED_AGAIN_SECONDS = 0.2
SILENCE_SECONDS = 300.0
"""How long a page's cells may say nothing."""


FOR_THE_READER = frozenset({DataError.__name__, ParamsError.__name__})
"""Errors whose words are written for a reader: what was found in the data or the values, and what is allowed."""


class CellError(RunError):
    """A cell stopped with an error: its traceback is for the log only, its words where they are for the reader.

    Attributes:
        cell: Its place among the code cells.
        traceback: What Python said.
    """

    def __init__(self, cell: int, traceback: str, said: str = "") -> None:
        super().__init__(said or _("This page could not be computed."))
        self.cell = cell
        self.traceback = traceback


@dataclass
class Ran:
    """A code cell that has run.

    Attributes:
        place: Its place among the code cells, from 0.
        outputs: What it shows, as nbformat's outputs.
    """

    place: int
    outputs: list[dict[str, Any]] = field(default_factory=list)


async def hear(client: Any, *, alive: Any) -> None:  # noqa: ANN401  # jupyter_client
    """Wait until we hear the kernel: it is asked, again and again, until we do.

    jupyter_client's own waiting ends with a fifth of a second of silence.

    Args:
        client: A client of the kernel whose channels are open.
        alive: Asked whether the kernel still lives.

    Raises:
        RunError: The kernel died or does not answer.
    """
    began = time.monotonic()
    client.kernel_info()
    while await _next(client, ASKED_AGAIN_SECONDS) is None:
        client.kernel_info()
        await _must_live(alive)
        if time.monotonic() - began > START_SECONDS:
            raise RunError(_("the kernel did not start within {n:g} seconds.").format(n=START_SECONDS))


async def run(client: Any, sources: Sequence[str], *, alive: Any) -> AsyncIterator[Ran]:  # noqa: ANN401  # jupyter_client
    """Run code cells and give each when it is done.

    Args:
        client: A client of the kernel whose channels are open.
        sources: The cells, in order.
        alive: Asked whether the kernel still lives.

    Raises:
        CellError: A cell raised; the later ones do not run.
        RunError: The kernel died or is silent.
    """
    sent = [client.execute(source, store_history=False, allow_stdin=False) for source in sources]
    cells = {message_id: Ran(place) for place, message_id in enumerate(sent)}
    captured = Captured(client)
    for message_id in sent:
        async for message in _until_idle(client, message_id, alive):
            if not captured.take(message):
                _take(cells, message)
        yield cells[message_id]


async def _until_idle(client: Any, message_id: str, alive: Any) -> AsyncIterator[dict[str, Any]]:  # noqa: ANN401
    heard = time.monotonic()
    while True:
        message = await _next(client)
        if message is None:
            await _must_live(alive)
            if time.monotonic() - heard > SILENCE_SECONDS:
                raise RunError(_("the page said nothing for {n:g} seconds.").format(n=SILENCE_SECONDS))
            continue
        heard = time.monotonic()
        if message["msg_type"] == "status" and message["parent_header"].get("msg_id") == message_id:
            if message["content"]["execution_state"] == "idle":
                return
            continue
        yield message


async def _next(client: Any, seconds: float = 1) -> dict[str, Any] | None:  # noqa: ANN401  # jupyter_client
    """Return the next message; None where there is none for so long."""
    try:
        message: dict[str, Any] = await client.get_iopub_msg(timeout=seconds)
    except (Empty, TimeoutError):
        return None
    return message


async def _must_live(alive: Any) -> None:  # noqa: ANN401  # jupyter_client
    if not await alive():
        raise RunError(_("the kernel died; often it ran out of memory."))


def _take(cells: dict[str, Ran], message: dict[str, Any]) -> None:
    cell = cells.get(message["parent_header"].get("msg_id", ""))
    kind, content = message["msg_type"], message["content"]
    if cell is None:
        return
    if kind == "error":
        said = content["evalue"] if content["ename"] in FOR_THE_READER else ""
        raise CellError(cell.place, "\n".join(content["traceback"]), said)
    if kind == "clear_output":
        cell.outputs.clear()
    elif kind in ("display_data", "execute_result"):
        cell.outputs.append({"output_type": "display_data", "data": content["data"], "metadata": content["metadata"]})
    elif kind == "stream" and content["name"] == "stdout":
        cell.outputs.append({"output_type": "stream", "name": "stdout", "text": content["text"]})
