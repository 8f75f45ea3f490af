"""A reader's session without a browser: the page's HTML, then its kernel's websocket until a widget has answered."""

import asyncio
import json
import re
import time
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tornado.httpclient import HTTPRequest
from tornado.simple_httpclient import SimpleAsyncHTTPClient
from tornado.websocket import WebSocketClientConnection, websocket_connect

from apps.servers import Served

LONGEST = 600.0
CONFIG = re.compile(r'id="?jupyter-config-data"?[^>]*>(.*?)</script>', re.DOTALL)
SHELL = b"<h1"
"""What the first part of our page holds: its heading, before anything has run."""


@dataclass
class Session:
    """How a session went, in seconds since it was asked for.

    Attributes:
        shell: When the page's frame had come.
        html: When the HTML was complete.
        answered: When a widget had answered through its kernel; None where none has.
        problem: Why none has.
    """

    shell: float | None = None
    html: float | None = None
    answered: float | None = None
    problem: str = ""


async def at_once(served: Served, count: int) -> list[Session]:
    """Open so many sessions at the same moment, and return when each has been answered or has failed."""
    made = [Client(served, place) for place in range(count)]
    try:
        return list(await asyncio.gather(*(client.session() for client in made)))
    finally:
        await asyncio.gather(*(client.leave() for client in made))


async def one_page(served: Served) -> Session:
    """Load the page's HTML, and leave it."""
    client = Client(served, 0)
    try:
        await client.load()
        client.kernel_id()
    finally:
        await client.leave()
    return client.went


class Client:
    """One reader."""

    def __init__(self, served: Served, place: int, page: str = "") -> None:
        self.went = Session()
        self._served, self._page = served, page or served.page
        self._headers = {"Cookie": served.cookies[place % len(served.cookies)]}
        self._http = SimpleAsyncHTTPClient(force_instance=True, max_clients=4, max_body_size=1 << 28)
        self._html = b""
        self._socket: WebSocketClientConnection | None = None
        self._session_id = uuid.uuid4().hex

    async def session(self) -> Session:
        """Load the page and use it."""
        try:
            await self.load()
            await asyncio.wait_for(self.use(), LONGEST)
        except Exception as error:  # noqa: BLE001  # a session that fails is counted
            self.went.problem = f"{type(error).__name__}: {error}"
        return self.went

    async def load(self) -> None:
        """Load the HTML."""
        self._start = time.perf_counter()
        url, seconds = self._served.address + self._page, {"request_timeout": LONGEST, "connect_timeout": LONGEST}
        asked = HTTPRequest(url, headers=self._headers, streaming_callback=self._hear, **seconds)
        answer = await self._http.fetch(asked)
        self.went.html = self._seconds()
        for cookie in answer.headers.get_list("Set-Cookie"):
            self._headers["Cookie"] += "; " + cookie.partition(";")[0]

    def kernel_id(self) -> str:
        """Return the kernel that the page names."""
        found = CONFIG.search(self._html.decode())
        if found is None:
            raise RuntimeError("the page names no kernel")
        kernel: str = json.loads(found.group(1))["kernelId"]
        return kernel

    async def connect(self) -> None:
        """Open the kernel's websocket."""
        where = urlsplit(self._served.address).netloc
        url = f"ws://{where}/api/kernels/{self.kernel_id()}/channels?session_id={self._session_id}"
        asked = HTTPRequest(url, headers=self._headers | {"Origin": self._served.address}, request_timeout=LONGEST)
        self._socket = await websocket_connect(asked, max_message_size=1 << 28)

    async def use(self) -> None:
        """Set the slider and wait for what the kernel writes into the label."""
        await self.connect()
        models = await self._models()
        slider = next(one for one, state in models.items() if state["_model_name"] == "IntSliderModel")
        label = next(one for one, state in models.items() if state.get("value") == "unanswered")
        await self._send("comm_msg", {"comm_id": slider, "data": _update({"value": 200})})
        while True:
            content = (await self._hear_message("comm_msg"))["content"]
            told = content["data"].get("state", {}).get("value", "")
            if content["comm_id"] == label and str(told).startswith("answered 200"):
                self.went.answered = self._seconds()
                return

    async def leave(self) -> None:
        """Close the page as a browser does: its kernel is told to end."""
        if self._socket is not None:
            self._socket.close()
        found = CONFIG.search(self._html.decode())
        if found:
            await self._shut_down(json.loads(found.group(1))["kernelId"])
        self._http.close()

    async def _shut_down(self, kernel_id: str) -> None:
        xsrf = re.search("_xsrf=([^;]+)", self._headers["Cookie"])
        headers = self._headers | ({"X-XSRFToken": xsrf.group(1)} if xsrf else {})
        url = f"{self._served.address}/voila/api/shutdown/{kernel_id}"
        leaving = HTTPRequest(url, method="POST", body="", headers=headers, request_timeout=60)
        await self._http.fetch(leaving, raise_error=False)

    async def _models(self) -> dict[str, dict[str, Any]]:
        """Ask for every widget's state, as a front end does."""
        await self._send("comm_info_request", {"target_name": "jupyter.widget"})
        known = (await self._hear_message("comm_info_reply"))["content"]["comms"]
        states: dict[str, dict[str, Any]] = {}
        for one in known:
            await self._send("comm_msg", {"comm_id": one, "data": {"method": "request_state"}})
        while len(states) < len(known):
            content = (await self._hear_message("comm_msg"))["content"]
            if content["data"].get("method") == "update":
                states[content["comm_id"]] = content["data"]["state"]
        return states

    async def _send(self, kind: str, content: dict[str, Any]) -> None:
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": self._session_id}
        header |= {"username": "", "version": "5.3", "date": "2026-01-01T00:00:00Z"}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
        assert self._socket is not None
        await self._socket.write_message(json.dumps(message | {"buffers": []}))

    async def _hear_message(self, kind: str) -> dict[str, Any]:
        assert self._socket is not None
        while True:
            heard = await self._socket.read_message()
            if heard is None:
                raise RuntimeError("the websocket closed")
            if isinstance(heard, str) and (message := json.loads(heard))["header"]["msg_type"] == kind:
                found: dict[str, Any] = message
                return found

    def _hear(self, part: bytes) -> None:
        self._html += part
        if self.went.shell is None and SHELL in self._html:
            self.went.shell = self._seconds()

    def _seconds(self) -> float:
        return time.perf_counter() - self._start


def _update(state: dict[str, Any]) -> dict[str, Any]:
    return {"method": "update", "state": state, "buffer_paths": []}
