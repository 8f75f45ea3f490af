"""Drawing for all kernels of one warm process: a JavaScript engine costs 0.4 s and 60 MB, so kernels share it.

The warm process starts as many drawing processes as there are cores; all of them answer at one Unix socket. A kernel's
`vl_convert.vegalite_to_svg` asks there, and draws by itself where nobody answers. What was drawn lately is kept, for
people who open the same report see the same charts.
"""

import json
import os
import socket
import sys
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from marketbook.app.kernels import line
from marketbook.app.kernels.parent import end_with

KEPT_BYTES = 16 * 2**20
SECONDS, PATIENCE_SECONDS = 60.0, 10.0
"""How long a kernel waits for a chart before it draws by itself; how long it may take to say what it wants."""

_FIRST = {"data": {"values": [{"a": "图", "b": 1}]}, "mark": "bar", "encoding": {"x": {"field": "a"}}}
_FONT = {"font": "Noto Sans CJK SC"}


def begin(address: str, count: int) -> None:
    """Start drawing processes; they end with us.

    Args:
        address: Where they are to answer; in a folder that only its owner may enter.
        count: How many there are to be.
    """
    with socket.socket(socket.AF_UNIX) as listener:  # theirs alone, so that nobody waits for one that has ended
        listener.bind(address)
        listener.listen(64)
        listener.set_inheritable(True)
        command = [sys.executable, "-m", "marketbook.app.kernels.drawing", str(listener.fileno()), str(os.getpid())]
        for _ in range(count):
            nothing = (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
            os.posix_spawn(sys.executable, command, os.environ, file_actions=[nothing])


def lend(address: str) -> None:
    """Let this kernel's `vl_convert` draw at an address."""
    import vl_convert

    vl_convert.vegalite_to_svg = _asking(address, vl_convert.vegalite_to_svg)


def _asking(address: str, here: Callable[..., str]) -> Callable[..., str]:
    def vegalite_to_svg(*given: Any, **named: Any) -> str:  # noqa: ANN401  # as vl_convert's
        with suppress(OSError, TypeError, ValueError), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(SECONDS)
            connection.connect(address)
            line.say(connection, {"given": given, "named": named})
            answer = line.hear(connection)
            if answer is not None and "svg" in answer:
                return str(answer["svg"])
        return here(*given, **named)  # and if the description is at fault, say so

    return vegalite_to_svg


class Drawer:
    """One drawing process, in one thread: vl-convert does not let others run while it draws."""

    def __init__(self, draw: Callable[..., str]) -> None:
        """Draw once, so that engine and fonts are there."""
        self._draw = draw
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._size = 0
        draw(_FIRST | {"config": _FONT})

    def serve(self, listener: socket.socket) -> None:
        """Answer for ever."""
        while True:
            connection = listener.accept()[0]
            connection.settimeout(PATIENCE_SECONDS)
            with suppress(OSError), connection:
                asked = line.hear_bytes(connection)
                if asked:
                    connection.sendall(self.answer(asked))

    def answer(self, asked: bytes) -> bytes:
        """Return the answer to a request: drawn lately, or drawn now."""
        if asked in self._kept:
            self._kept.move_to_end(asked)
            return self._kept[asked]
        about = json.loads(asked)
        try:
            drawn = json.dumps({"svg": self._draw(*about["given"], **about["named"])}).encode()
        except ValueError:
            return b"{}"
        self._keep(asked, drawn)
        return drawn

    def _keep(self, asked: bytes, drawn: bytes) -> None:
        self._kept[asked] = drawn
        self._size += len(asked) + len(drawn)
        while self._size > KEPT_BYTES:
            self._size -= sum(map(len, self._kept.popitem(last=False)))


def main(descriptor: int, parent: int) -> None:
    """Be a drawing process."""
    end_with(parent)
    from vl_convert import vegalite_to_svg

    Drawer(vegalite_to_svg).serve(socket.socket(fileno=descriptor))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
