"""The two servers: ours with its sign-in, and stock Voilà with its own template and kernel, on the same notebook."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode

import nbformat

from marketbook.demo import make, people
from marketbook.kit.facts import Facts

ROOT = Path(__file__).resolve().parents[3]
BIN = Path(sys.executable).parent
NOTEBOOK = Path(__file__).parent / "session.ipynb"
SURVEY = "survey/analyse-survey"
START_SECONDS = 120.0


@dataclass(frozen=True)
class Served:
    """A server that answers.

    Attributes:
        address: Without a slash at its end.
        page: The path of the notebook.
        pid: Of the process that we started.
        cookie: What a signed-in reader sends; empty where nobody signs in.
        cookies: Of several readers, to be taken in turn.
    """

    address: str
    page: str
    pid: int
    cookies: list[str] = field(default_factory=lambda: [""])


@contextlib.contextmanager
def stock(home: Path) -> Iterator[Served]:
    """Serve the notebook with the command `voila`."""
    port = free_port()
    command = [
        str(BIN / "voila"),
        str(home / "notebooks" / "bench" / "session.ipynb"),
        "--no-browser",
        f"--port={port}",
    ]
    with _running(command, dict(os.environ), f"http://127.0.0.1:{port}/voila/static/voila.js", home) as pid:
        yield Served(f"http://127.0.0.1:{port}", "/", pid)


@contextlib.contextmanager
def ours(home: Path) -> Iterator[Served]:
    """Serve the workspace with `marketbook apps`, some of the demo company's people signed in."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [str(BIN / "marketbook"), "apps", "--port", str(port)]
    environment = os.environ | {"MARKETBOOK_HOME": str(home), "MARKETBOOK_LIVE_KERNELS": "64"}
    with _running(command, environment, f"{address}/sign-in", home) as pid:
        cookies = [sign_in(address, login) for login in ("manager", "specialist", "director", "executive")]
        yield Served(address, "/screens/bench/session", pid, cookies)


@contextlib.contextmanager
def _running(command: list[str], environment: dict[str, str], asked: str, home: Path) -> Iterator[int]:
    with (home / "log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=home, start_new_session=True)
    try:
        _wait(asked, process)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _wait(asked: str, process: Any) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(asked, timeout=5).read()
        except HTTPError:
            return
        except (URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"{asked} does not answer")


def make_home(folder: Path) -> Path:
    """Make a workspace with the demo company, the notebook, and the survey report with a widget at its end."""
    (folder / "notebooks" / "bench").mkdir(parents=True)
    (folder / "params").mkdir()
    shutil.copy(NOTEBOOK, folder / "notebooks" / "bench")
    make(Facts(folder / ".marketbook" / "facts"))
    notebook = nbformat.read(ROOT / "notebooks" / f"{SURVEY}.ipynb", 4)
    notebook.cells.append(nbformat.v4.new_code_cell("import ipywidgets\nipywidgets.IntSlider()"))
    (folder / "notebooks" / "survey").mkdir()
    nbformat.write(notebook, folder / "notebooks" / f"{SURVEY}.ipynb")
    return folder


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def sign_in(address: str, login: str) -> str:
    """Sign somebody of the demo company in; return the cookies to send."""
    jar: SimpleCookie = SimpleCookie()
    opener = urllib.request.build_opener(_NoRedirect)
    answer = opener.open(f"{address}/sign-in")
    jar.load("; ".join(answer.headers.get_all("Set-Cookie") or []))
    body = urlencode({"login": login, "password": people.PASSWORD, "next": "/", "_xsrf": jar["_xsrf"].value})
    asked = urllib.request.Request(f"{address}/sign-in", body.encode(), {"Cookie": f"_xsrf={jar['_xsrf'].value}"})
    try:
        answer = opener.open(asked)
    except HTTPError as error:
        answer = error
    jar.load("; ".join(answer.headers.get_all("Set-Cookie") or []))
    return "; ".join(f"{name}={jar[name].value}" for name in ("_xsrf", "marketbook_session"))


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_known: Any) -> None:
        return None
