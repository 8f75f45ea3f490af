"""What a kernel may say to a browser: what widgets need, and of errors no more than a number that the log knows."""

import json
import logging
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

log = logging.getLogger("marketbook.server")

ADMITTED = frozenset(
    {
        *("comm_open", "comm_msg", "comm_close", "comm_info_reply", "kernel_info_reply", "status"),
        *("display_data", "execute_result", "update_display_data", "clear_output", "stream", "error"),
    }
)
"""The kinds of messages."""

COLOURS = re.compile(r"\x1b\[[0-9;]*m")
"""IPython's, which a log does not want."""

BUSY = b'"busy"'
"""Of no use to a page, which waits for the end."""

LONGEST_KEPT = 20_000
"""How much of what a kernel says is logged at once."""

HEADER, CONTENT = 1, 4
"""Where a message's header and content are, after its signature and before its buffers."""


def passed(parts: Sequence[bytes]) -> list[bytes] | None:
    """Return a kernel's message as a browser may have it; None where it may not.

    Args:
        parts: Signature, header, parent header, metadata, content, buffers.
    """
    kind = json.loads(parts[HEADER])["msg_type"]
    if kind not in ADMITTED:
        return None
    if kind == "status" and BUSY in parts[CONTENT]:
        return None
    if kind not in ("stream", "error") and not kind.endswith("_reply"):
        return list(parts)
    content = json.loads(parts[CONTENT])
    if content.get("name") == "stderr":
        log.warning("a kernel says: %s", COLOURS.sub("", content["text"])[:LONGEST_KEPT])
        return None
    told = without_traceback(content) if kind == "error" or content.get("status") == "error" else content
    return [*parts[:CONTENT], json.dumps(told).encode(), *parts[CONTENT + 1 :]]


def without_traceback(content: Mapping[str, Any]) -> dict[str, Any]:
    """Log an error that a kernel tells, and return what the reader is told of it: the number in the log."""
    reference = secrets.token_hex(4)
    said = "\n".join(content.get("traceback", [])) or f"{content.get('ename')}: {content.get('evalue')}"
    log.error("reference %s: a widget's callback\n%s", reference, COLOURS.sub("", said)[:LONGEST_KEPT])
    return {"status": "error", "ename": "", "evalue": reference, "traceback": []}
