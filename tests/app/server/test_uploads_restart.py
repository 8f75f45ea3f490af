"""What was sent survives a server that ends between the look at it and its import, and one that is killed."""

import os
import signal
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.app.server.client import Client
from tests.app.server.conftest import Served, serving
from tests.app.server.sending import checked, commit, send, settled, state, words

HEAD = "value,english"
ROWS = 100_000
AT_ONCE = "from marketbook.app.server.data import uploads; uploads.SETTLES_SECONDS = 0.0"
"""A server that answers before the work is done, however short it is."""


def moved(client: Client, server: Served) -> Client:
    """The same browser, at the server that was started again."""
    again = server.client()
    again.cookies = client.cookies
    return again


def english(home: Path) -> set[str]:
    return set(pq.read_table(home / ".marketbook/facts/labels.parquet")["english"].to_pylist())


def test_what_was_looked_at_is_imported_after_a_restart(home: Path) -> None:
    with serving(home) as server:
        client = server.signed_in("specialist")
        page = checked(client, "labels", f"{HEAD}\n重启,Restarted\n")
    with serving(home) as server:
        client = moved(client, server)
        assert "1 row read." in words(client.get(page))
        assert "1 row has been imported." in words(commit(client, page))
    assert "Restarted" in english(home)


@pytest.mark.parametrize("moment", ["checking", "importing"])
def test_a_server_that_is_killed_leaves_all_or_nothing(home: Path, moment: str) -> None:
    before = english(home)
    text = f"{HEAD}\n" + "".join(f"{moment}{n},{moment} {n}\n" for n in range(ROWS))
    with serving(home, code=AT_ONCE) as server:
        client = server.signed_in("specialist")
        page = send(client, "labels", text).location
        if moment == "importing":
            client.post(f"{settled(client, page)}/commit")
        killed(server, page, moment)
    with serving(home) as server:
        client = moved(client, server)
        settled(client, page)
        assert len(english(home)) - len(before) in (0, ROWS)
        client.post(f"{page}/check", update="no")
        settled(client, page)
        commit(client, page)
        assert len(english(home)) == len(before) + ROWS


def killed(server: Served, page: str, moment: str) -> None:
    """Kill the server, not its children, while one of them works on an upload."""
    own = f"/{server.process.pid}/"
    while (found := state(server, page)).status != moment or not found.process or own in found.process:
        assert found.status in ("waiting", "checking", "checked", "importing"), "it has ended before it was killed"
        time.sleep(0.002)
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait(10)
