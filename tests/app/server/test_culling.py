"""No kernel outlives its page: left, abandoned half-way, dead, or one too many."""

import os
import re
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.app.server import trial
from tests.app.server.channel import Channel, kernel_of
from tests.app.server.client import Client
from tests.app.server.conftest import Served, serving, workspace_of

from marketbook.app.server.live import kernels
from marketbook.app.server.live.kernels import GONE

SHORT = trial.QUICK.replace("ALONE_SECONDS = 8", "ALONE_SECONDS = 1.5")


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory, small_facts: Path) -> Iterator[Served]:
    """A server of two kernels at most, which waits shortly."""
    home = workspace_of(tmp_path_factory.mktemp("narrow"), small_facts)
    trial.write(home)
    with serving(home, code=SHORT, MARKETBOOK_LIVE_KERNELS="2") as served:
        yield served


@pytest.fixture(scope="module")
def client(narrow: Served) -> Client:
    return narrow.signed_in("manager")


def until(true: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.05)
    return true()


def is_gone(client: Client, kernel: str) -> bool:
    return client.get(f"/api/kernels/{kernel}").status == 404


def test_a_kernel_ends_within_a_minute_of_its_page() -> None:
    assert kernels.ALONE_SECONDS + 2 * kernels.LOOK_EVERY_SECONDS < 60


def test_a_kernel_whose_page_never_connects_ends(client: Client) -> None:
    kernel = kernel_of(client, "/screens/trial/slider")
    assert until(lambda: is_gone(client, kernel))


def test_a_kernel_stays_while_its_page_is_open_and_ends_when_it_has_gone(client: Client) -> None:
    kernel = kernel_of(client, "/screens/trial/slider")
    with Channel(client, kernel) as channel:
        channel.heard(until="nothing", seconds=3)
        assert not is_gone(client, kernel)
    assert until(lambda: is_gone(client, kernel))


def test_a_page_that_says_good_bye_leaves_no_kernel(client: Client) -> None:
    kernel = kernel_of(client, "/screens/trial/slider")
    assert client.post(f"/voila/api/shutdown/{kernel}").status == 204
    assert is_gone(client, kernel)


def test_a_page_left_while_its_cells_run_ends_its_kernel(narrow: Served, client: Client) -> None:
    told = narrow.home / "slow.pid"
    host, _colon, port = client.netloc.partition(":")
    cookie = f"marketbook_session={client.cookies['marketbook_session']}"
    with socket.create_connection((host, int(port))) as page:
        page.sendall(f"GET /screens/trial/slow HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n".encode())
        assert until(lambda: told.exists() and told.read_text() != "")
    assert until(lambda: not Path(f"/proc/{told.read_text()}").exists())


def test_a_kernel_that_has_died_is_told_to_its_page_and_makes_room(narrow: Served, client: Client) -> None:
    kernel = kernel_of(client, "/screens/trial/slider")
    with Channel(client, kernel) as channel:
        channel.send("kernel_info_request")
        channel.heard(until="kernel_info_reply")
        os.kill(int((narrow.home / "slider.pid").read_text()), signal.SIGKILL)
        channel.heard(until="nothing")
        assert channel.close_code == GONE
    assert is_gone(client, kernel)


def test_one_page_too_many_is_told_so_and_is_no_error(client: Client) -> None:
    held = [kernel_of(client, "/screens/trial/slider") for _each in range(2)]
    with Channel(client, held[0]), Channel(client, held[1]):
        answer = client.get("/screens/trial/slider")
        assert (answer.status, answer.headers["retry-after"]) == (503, "20")
        assert "<h1>One moment, please</h1>" in answer.text
        assert client.get("/").status == 200
    assert until(lambda: is_gone(client, held[1]))
    assert client.get("/screens/trial/slider").status == 200


def test_a_cell_that_ends_its_kernel_is_told_in_plain_words(client: Client) -> None:
    assert until(lambda: client.get("/screens/trial/fatal").status == 200)
    text = client.get("/screens/trial/fatal").text
    assert "the kernel died" in text
    assert not re.search(r"Traceback|File &quot;|os\._exit", text)
