from typing import Any

from marketbook.app.server.live.captured import Captured


class Client:
    """A client that keeps what is sent to the kernel."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.session = self.shell_channel = self

    def msg(self, kind: str, content: Any) -> Any:
        return kind, content

    def send(self, message: Any) -> None:
        self.sent.append(message)


def message(kind: str, content: Any, parent: str = "cell") -> dict[str, Any]:
    return {"msg_type": kind, "content": content, "parent_header": {"msg_id": parent}}


def update(widget: str, **state: Any) -> dict[str, Any]:
    return message("comm_msg", {"comm_id": widget, "data": {"method": "update", "state": state}})


def opened(client: Client) -> Captured:
    captured = Captured(client)
    made = {"comm_id": "w", "data": {"state": {"_model_name": "OutputModel", "msg_id": ""}}}
    assert not captured.take(message("comm_open", made))
    assert not captured.take(update("w", msg_id="cell"))
    return captured


def stream(text: str) -> dict[str, Any]:
    return message("stream", {"name": "stdout", "text": text})


def outputs(client: Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.sent[-1][1]["data"]["state"]["outputs"]
    return found


def test_what_is_shown_while_it_is_open_is_its_own_and_in_one_piece() -> None:
    client = Client()
    captured = opened(client)
    assert all(captured.take(stream(text)) for text in ("a", "b"))
    captured.take(update("w", msg_id=""))
    assert [output["text"] for output in outputs(client)] == ["ab"]


def test_what_is_shown_elsewhere_is_not() -> None:
    captured = opened(Client())
    assert not captured.take(stream("a") | {"parent_header": {"msg_id": "another"}})
    captured.take(update("w", msg_id=""))
    assert not captured.take(stream("a"))


def test_clearing_that_waits_clears_when_the_next_comes() -> None:
    client = Client()
    captured = opened(client)
    for told in (stream("a"), message("clear_output", {"wait": True}), stream("b")):
        captured.take(told)
    captured.take(update("w", msg_id=""))
    assert [output["text"] for output in outputs(client)] == ["b"]


def test_an_error_within_is_kept_by_its_number_only() -> None:
    client = Client()
    captured = opened(client)
    captured.take(message("error", {"ename": "KeyError", "evalue": "secret", "traceback": ["secret"]}))
    captured.take(update("w", msg_id=""))
    assert "secret" not in str(outputs(client))
