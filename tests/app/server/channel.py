"""A kernel's websocket without a browser: it says anything, well-formed or not, and tells what came back."""

import asyncio
import json
import re
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from tests.app.server.client import Client
from tornado.httpclient import HTTPRequest
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError, websocket_connect

V1 = "v1.kernel.websocket.jupyter.org"
KERNEL_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def kernel_of(client: Client, path: str) -> str:
    """Open a page with widgets and return its kernel's id."""
    found = KERNEL_ID.search(client.get(path).text)
    assert found, f"{path} has no kernel"
    return found[0]


class Channel:
    """A connection to a kernel's channels, as a context."""

    def __init__(self, client: Client, kernel_id: str, *, v1: bool = True) -> None:
        """Say where; `with` connects."""
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        address = f"ws://{client.netloc}/api/kernels/{kernel_id}/channels?session_id={uuid.uuid4().hex}"
        self._asked = HTTPRequest(address, headers={"Cookie": cookies})
        self._runner, self._v1 = asyncio.Runner(), v1
        self._socket: WebSocketClientConnection

    def __enter__(self) -> Self:
        try:
            self._socket = self._runner.run(self._connect())
        except BaseException:
            self._runner.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._runner.run(self._close())
        self._runner.close()

    @property
    def close_code(self) -> int | None:
        """With which code the server ended it; None while it is open."""
        return self._socket.close_code

    def send(self, kind: str, content: Mapping[str, Any] | None = None, *, channel: str = "shell") -> None:
        """Send a message of any kind."""
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": "t", "username": "", "version": "5.3"}
        parts = {"header": header, "parent_header": {}, "metadata": {}, "content": dict(content or {})}
        if self._v1:
            self.send_raw(serialize_msg_to_ws_v1([json.dumps(part).encode() for part in parts.values()], channel))
        else:
            self.send_raw(json.dumps({"channel": channel, "buffers": [], **parts}))

    def send_raw(self, message: str | bytes) -> None:
        """Send anything."""
        self._runner.run(self._write(message))

    def heard(self, *, until: str = "", seconds: float = 10) -> list[tuple[str, dict[str, Any]]]:
        """Return kinds and contents of what comes until a kind has come, the connection ends or time is up."""
        return self._runner.run(self._hear(until, seconds))

    async def _connect(self) -> WebSocketClientConnection:
        made = await websocket_connect(self._asked, subprotocols=[V1] if self._v1 else None)
        assert made.protocol is not None
        self._stream = made.protocol.stream
        return made

    async def _write(self, message: str | bytes) -> None:
        with suppress(StreamClosedError, WebSocketClosedError):  # who is refused may have been cut off already
            await self._socket.write_message(message, binary=isinstance(message, bytes))

    async def _close(self) -> None:
        self._socket.close()
        deadline = time.monotonic() + 2
        while not self._stream.closed() and time.monotonic() < deadline:
            await asyncio.sleep(0.01)
        self._stream.close()
        await asyncio.sleep(0)

    async def _hear(self, until: str, seconds: float) -> list[tuple[str, dict[str, Any]]]:
        heard: list[tuple[str, dict[str, Any]]] = []
        deadline = time.monotonic() + seconds
        while not (heard and heard[-1][0] == until) and (left := deadline - time.monotonic()) > 0:
            try:
                message = await asyncio.wait_for(asyncio.shield(self._socket.read_message()), left)
            except TimeoutError:
                break
            if message is None:
                break
            heard.append(self._read(message))
        return heard

    def _read(self, message: str | bytes) -> tuple[str, dict[str, Any]]:
        if isinstance(message, str):
            said = json.loads(message)
            return said["header"]["msg_type"], said["content"]
        parts = deserialize_msg_from_ws_v1(message)[1]
        return json.loads(parts[0])["msg_type"], json.loads(parts[3])


def refused(client: Client, kernel_id: str, headers: Mapping[str, str] | None = None) -> int:
    """Return with which status a connection is refused; 0 where it is not."""
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    key = {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    answer = client.request("GET", f"/api/kernels/{kernel_id}/channels", headers=upgrade | key | dict(headers or {}))
    return 0 if answer.status == 101 else answer.status
