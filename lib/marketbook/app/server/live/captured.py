"""What Output widgets take while the cells run; later, the page's front end does the same."""

from collections.abc import Mapping
from typing import Any

from marketbook.app.server.live import answers

KINDS = {"display_data", "execute_result", "stream", "error"}


class Captured:
    """The Output widgets of a kernel (`with output:`): what is shown while one is open is its own, not the cell's."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401  # jupyter_client's
        """Listen to nothing yet.

        Args:
            client: A client of the kernel, over which the widgets are told what they hold.
        """
        self._client = client
        self._outputs: dict[str, list[dict[str, Any]]] = {}
        self._open: dict[str, str] = {}
        self._clearing: set[str] = set()

    def take(self, message: Mapping[str, Any]) -> bool:
        """Take a message of the kernel; return whether an Output widget has it, so that the cell does not show it."""
        kind, content = message["msg_type"], message["content"]
        if kind in ("comm_open", "comm_msg"):
            self._follow(content["comm_id"], content["data"])
            return False
        widget = next((one for one, asked in self._open.items() if asked == message["parent_header"].get("msg_id")), "")
        if not widget or (kind not in KINDS and kind != "clear_output"):
            return False
        self._add(widget, kind, content)
        return True

    def _follow(self, widget: str, data: Mapping[str, Any]) -> None:
        state = data.get("state", {})
        if state.get("_model_name") == "OutputModel":
            self._outputs[widget] = []
        if widget not in self._outputs or "msg_id" not in state:
            return
        if self._open.pop(widget, ""):
            self._tell(widget)
        if state["msg_id"]:
            self._open = {widget: state["msg_id"], **self._open}

    def _add(self, widget: str, kind: str, content: Mapping[str, Any]) -> None:
        outputs = self._outputs[widget]
        if kind == "clear_output" and content["wait"]:
            self._clearing.add(widget)
            return
        if kind == "clear_output" or widget in self._clearing:
            self._clearing.discard(widget)
            outputs.clear()
        if kind == "stream" and outputs and outputs[-1].get("name") == content["name"]:
            outputs[-1]["text"] += content["text"]
        elif kind != "clear_output":
            told = answers.without_traceback(content) if kind == "error" else content
            outputs.append({"output_type": kind, **told})

    def _tell(self, widget: str) -> None:
        """Set the widget's outputs; the kernel hears of it when it has run what it was sent before."""
        data = {"method": "update", "state": {"outputs": self._outputs[widget]}, "buffer_paths": []}
        message = self._client.session.msg("comm_msg", {"comm_id": widget, "data": data})
        self._client.shell_channel.send(message)
