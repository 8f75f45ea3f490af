"""What a browser may send to a kernel: messages of widgets, on the shell channel, and nothing that runs code.

Both protocols of Jupyter's websockets are read here as the kernel reads them, and a message that can be read in two
ways is not admitted.
"""

import json
import struct
from collections.abc import Callable
from typing import Any

from jupyter_server.services.kernels.connection.base import deserialize_binary_message, deserialize_msg_from_ws_v1

V1 = "v1.kernel.websocket.jupyter.org"

SHELL = frozenset({"comm_open", "comm_msg", "comm_close", "comm_info_request", "kernel_info_request"})
ADMITTED = {"shell": SHELL, "control": frozenset({"kernel_info_request"})}
"""The kinds of messages by channel."""

TARGETS = frozenset({"jupyter.widget.control"})
"""What a browser may open: the question for the states of widgets. Widgets themselves are made by the kernel only."""

LARGEST_MESSAGE = 8 * 1024 * 1024
"""Bytes of the largest message."""

PARTS = 4
"""Header, parent header, metadata and content; buffers follow."""

_Read = tuple[Any, Any, Callable[[], Any]]
"""A message's channel, its header, and its content when asked for."""


def is_admitted(message: str | bytes, *, v1: bool) -> bool:
    """Tell whether a message may pass.

    Args:
        message: What came over the websocket.
        v1: Whether in the protocol of Jupyter's version 1, else in the one before.

    Example:
        >>> asks = '{"channel": "shell", "header": {"msg_type": "execute_request"}, "content": {"code": "1"}}'
        >>> is_admitted(asks, v1=False), is_admitted(asks.replace("execute", "kernel_info"), v1=False)
        (False, True)
    """
    try:
        channel, header, content = _read_v1(message) if v1 else _read(message)
        kind = header["msg_type"]
        return kind in ADMITTED[channel] and (kind != "comm_open" or content()["target_name"] in TARGETS)
    except (ValueError, LookupError, TypeError, struct.error, RecursionError):
        return False


def _read_v1(message: str | bytes) -> _Read:
    """Read a frame; one that names more parts than it has would keep the stock reader busy for ever."""
    if isinstance(message, str) or not PARTS + 2 <= int.from_bytes(message[:8], "little") <= len(message) // 8 - 1:
        raise ValueError
    channel, parts = deserialize_msg_from_ws_v1(message)
    return channel, json.loads(parts[0], object_pairs_hook=_once), lambda: json.loads(parts[3], object_pairs_hook=_once)


def _read(message: str | bytes) -> _Read:
    if isinstance(message, str):
        found = json.loads(message)
    elif int.from_bytes(message[:4], "big") <= len(message) // 4 - 1:
        found = deserialize_binary_message(message)
    else:
        raise ValueError
    return found["channel"], found["header"], lambda: found["content"]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found
