"""What a kernel's websocket lets through: messages of widgets, and nothing that runs code, on no channel."""

import json
import struct
from pathlib import Path

import pytest
from jupyter_server.services.kernels.connection.base import serialize_msg_to_ws_v1
from tests.app.server.channel import Channel, kernel_of
from tests.app.server.client import Client
from tests.app.server.conftest import Served

from marketbook.app.server.live.kernels import GONE
from marketbook.app.server.live.messages import ADMITTED, SHELL, is_admitted

REFUSED = 1008
CHANNELS = ("shell", "control", "stdin", "iopub", "hb", "")
KINDS = (
    *("execute_request", "inspect_request", "complete_request", "history_request", "is_complete_request"),
    *(
        "debug_request",
        "interrupt_request",
        "shutdown_request",
        "input_reply",
        "create_subshell_request",
        "usage_request",
    ),
    *(
        "usage_request",
        "connect_request",
        "execute_reply",
        "stream",
        "error",
        "status",
        "display_data",
        "update_display_data",
        "",
        "x",
    ),
)


def v1(kind: object, content: object = None, channel: str = "shell") -> bytes:
    parts = [{"msg_type": kind, "msg_id": "1"}, {}, {}, content or {}]
    return serialize_msg_to_ws_v1([json.dumps(part).encode() for part in parts], channel)


def before(kind: object, content: object = None, channel: object = "shell") -> str:
    return json.dumps({"channel": channel, "header": {"msg_type": kind}, "content": content or {}})


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_of_message_that_runs_code_is_admitted_on_any_channel(channel: str, kind: str) -> None:
    assert not is_admitted(v1(kind, {"code": "1"}, channel), v1=True)
    assert not is_admitted(before(kind, {"code": "1"}, channel), v1=False)


@pytest.mark.parametrize("kind", sorted(SHELL))
def test_messages_of_widgets_are_admitted_on_the_shell_channel_only(kind: str) -> None:
    content = {"target_name": "jupyter.widget.control"}
    answers = {channel: is_admitted(v1(kind, content, channel), v1=True) for channel in CHANNELS}
    assert [channel for channel, admitted in answers.items() if admitted] == [
        channel for channel in CHANNELS if kind in ADMITTED.get(channel, ())
    ]
    assert is_admitted(before(kind, content), v1=False)


@pytest.mark.parametrize("target", ["jupyter.widget", "ipython.inline", "", None, {}, ["jupyter.widget.control"]])
def test_a_browser_opens_nothing_but_the_question_for_states(target: object) -> None:
    content = {"target_name": target}
    assert not is_admitted(v1("comm_open", content), v1=True)
    assert not is_admitted(before("comm_open", content), v1=False)


TWO_WAYS = b'{"msg_type": "execute_request", "msg_type": "comm_msg"}'
BROKEN = {
    "empty": b"",
    "more parts than bytes": (1 << 60).to_bytes(8, "little") + b"x" * 64,
    "no parts": (0).to_bytes(8, "little") + b"x" * 64,
    "too few parts": serialize_msg_to_ws_v1([b"{}"], "shell"),
    "no JSON": serialize_msg_to_ws_v1([b"{", b"{}", b"{}", b"{}"], "shell"),
    "a list": serialize_msg_to_ws_v1([b"[]", b"{}", b"{}", b"{}"], "shell"),
    "deep": serialize_msg_to_ws_v1([b"[" * 100_000, b"{}", b"{}", b"{}"], "shell"),
    "two kinds at once": serialize_msg_to_ws_v1([TWO_WAYS, b"{}", b"{}", b"{}"], "shell"),
    "no channel": serialize_msg_to_ws_v1([b'{"msg_type": "comm_msg"}', b"{}", b"{}", b"{}"], "\\u0000"),
    "legacy, more parts than bytes": struct.pack("!i", 2**31 - 1) + b"x" * 64,
    "legacy, fewer than none": struct.pack("!i", -1) + b"x" * 64,
    "legacy, no channel": b'{"header": {"msg_type": "comm_msg"}}',
    "legacy, a number": b"5",
}


@pytest.mark.parametrize("message", BROKEN.values(), ids=BROKEN)
def test_a_message_that_cannot_be_read_in_just_one_way_is_refused(message: bytes) -> None:
    assert not is_admitted(message, v1=True)
    assert not is_admitted(message, v1=False)
    assert not is_admitted(message.decode("latin1"), v1=True)
    assert not is_admitted(message.decode("latin1"), v1=False)


@pytest.fixture(scope="module")
def client(common_server: Served) -> Client:
    return common_server.signed_in("manager")


@pytest.fixture(scope="module")
def kernel(client: Client) -> str:
    return kernel_of(client, "/screens/trial/slider")


@pytest.mark.parametrize("newest", [True, False], ids=["v1", "legacy"])
@pytest.mark.parametrize("channel", ["shell", "control", "stdin", "iopub"])
def test_code_that_is_sent_does_not_run(
    client: Client, kernel: str, tmp_path: Path, channel: str, newest: bool
) -> None:
    code = {"code": f"open({str(tmp_path / 'ran')!r}, 'w')", "silent": False}
    with Channel(client, kernel, v1=newest) as attacker:
        attacker.send("execute_request", code, channel=channel)
        assert "execute_reply" not in dict(attacker.heard(until="closed"))
        assert attacker.close_code == REFUSED
    with Channel(client, kernel, v1=newest) as page:
        page.send("kernel_info_request")
        assert "kernel_info_reply" in dict(page.heard(until="kernel_info_reply"))
    assert not (tmp_path / "ran").exists()


def test_a_frame_that_would_keep_the_stock_reader_busy_is_refused_at_once(client: Client, kernel: str) -> None:
    with Channel(client, kernel) as attacker:
        attacker.send_raw(BROKEN["more parts than bytes"])
        attacker.heard(until="closed")
        assert attacker.close_code == REFUSED
    assert client.get("/").status == 200


def test_a_message_that_is_too_large_ends_the_connection_and_nothing_else(client: Client, kernel: str) -> None:
    with Channel(client, kernel) as attacker:
        attacker.send("comm_msg", {"data": "x" * (9 * 1024 * 1024)})
        attacker.heard(until="closed")
        assert attacker.close_code in (1006, 1009, None)
    assert client.get(f"/api/kernels/{kernel}").status == 200


def test_signing_out_ends_the_kernel_and_its_connection(common: Served) -> None:
    client = common.signed_in("specialist")
    kernel = kernel_of(client, "/screens/trial/slider")
    with Channel(client, kernel) as channel:
        client.post("/sign-out")
        channel.heard(until="closed")
        assert channel.close_code == GONE
    assert common.signed_in("specialist").get(f"/api/kernels/{kernel}").status == 404


def test_signing_a_user_out_by_the_command_line_ends_open_pages(common: Served) -> None:
    client = common.signed_in("specialist")
    with Channel(client, kernel_of(client, "/screens/trial/slider")) as channel:
        assert "specialist" in common.sign_out("specialist")
        channel.heard(until="closed")
        assert channel.close_code == GONE
    assert client.get("/").status == 302
