import json
import logging

import pytest

from marketbook.app.server.live import answers


def message(kind: str, content: object, *buffers: bytes) -> list[bytes]:
    return [b"signature", json.dumps({"msg_type": kind}).encode(), b"{}", b"{}", json.dumps(content).encode(), *buffers]


def test_messages_of_widgets_pass_as_they_are() -> None:
    told = message("comm_msg", {"data": {"name": "stderr"}}, b"\0\1")
    assert answers.passed(told) == told


@pytest.mark.parametrize("kind", ["execute_input", "execute_reply", "input_request", "debug_event", "iopub_welcome"])
def test_what_widgets_do_not_need_does_not_pass(kind: str) -> None:
    assert answers.passed(message(kind, {})) is None


def test_standard_output_passes_and_standard_error_does_not() -> None:
    assert answers.passed(message("stream", {"name": "stdout", "text": "told"})) is not None
    assert answers.passed(message("stream", {"name": "stderr", "text": "Traceback"})) is None


@pytest.mark.parametrize("kind", ["error", "comm_info_reply"])
def test_an_error_is_logged_and_told_by_its_number(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    error = {"status": "error", "evalue": "secret", "traceback": ["\x1b[31mline 3 of secret\x1b[0m"]}
    with caplog.at_level(logging.ERROR, "marketbook.server"):
        told = answers.passed(message(kind, error))
    assert told is not None
    content = json.loads(told[answers.CONTENT])
    assert "secret" not in json.dumps(content)
    assert f"reference {content['evalue']}" in caplog.text
    assert "line 3 of secret" in caplog.text
    assert "\x1b" not in caplog.text
