"""What goes over the Unix socket between an owner, its warm process and a kernel: JSON until the sender's side closes.

A request starts with one byte, which is all that the warm process reads of a request for a kernel: the rest, which may
hold a password, is read by the kernel alone, so that no other kernel is forked with it in memory.
"""

import json
import socket
from collections.abc import Mapping
from typing import Any

KERNEL, ENDED, LIVING = b"k", b"e", b"l"
"""Asks for a kernel; asks with which code a kernel ended; asks how many live."""


def say(connection: socket.socket, what: Mapping[str, Any], *, first: bytes = b"") -> None:
    """Send, and close our side for sending."""
    connection.sendall(first + json.dumps(what).encode())
    connection.shutdown(socket.SHUT_WR)


def hear(connection: socket.socket) -> dict[str, Any] | None:
    """Return what the other side sends until it closes; None where it sent nothing."""
    heard = hear_bytes(connection)
    said: dict[str, Any] | None = json.loads(heard) if heard else None
    return said


def hear_bytes(connection: socket.socket) -> bytes:
    """Return what the other side sends until it closes, as it was sent."""
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)
