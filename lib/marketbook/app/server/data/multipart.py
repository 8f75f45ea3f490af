"""A form with a file, taken apart while it arrives: nothing is kept in memory but its fields."""

import re
from collections.abc import Callable
from typing import Protocol
from urllib.parse import unquote

LONGEST_FIELD = 4096
LONGEST_HEAD = 8192
MOST_PARTS = 20

_BOUNDARY = re.compile(r'multipart/form-data\s*;.*\bboundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))', re.IGNORECASE)
_NAME = re.compile(r';\s*name="([^"]*)"', re.IGNORECASE)
_FILE = re.compile(r';\s*filename="([^"]*)"', re.IGNORECASE)
_FILE_ENCODED = re.compile(r";\s*filename\*=UTF-8''([^\s;]*)", re.IGNORECASE)


class FormError(ValueError):
    """What arrives is not a form as browsers send it."""


class Sink(Protocol):
    """Where a file goes."""

    def write(self, piece: bytes) -> object:
        """Take a piece."""


class Form:
    """A form that arrives.

    Attributes:
        fields: Its fields that are no files.
        whole: Whether its end has come.
    """

    def __init__(self, content_type: str, *, opened: Callable[[str], Sink]) -> None:
        """Begin.

        Args:
            content_type: The request's.
            opened: Told the name of a file that was chosen, when its content begins; returns where it goes. The fields
                before it are there by then.

        Raises:
            FormError: It is no multipart form.
        """
        found = _BOUNDARY.match(content_type)
        if not found:
            raise FormError("not multipart/form-data")
        self.fields: dict[str, str] = {}
        self.whole = False
        self._opened = opened
        self._line = b"\r\n--" + (found[1] or found[2]).encode("latin-1", "replace")
        self._buffer = bytearray(b"\r\n")
        self._step: Callable[[], bool] = self._preamble
        self._parts = 0
        self._field = ""
        self._value = bytearray()
        self._sink: Sink | None = None

    def feed(self, piece: bytes) -> None:
        """Take a piece of the request's body.

        Raises:
            FormError: It is no form, or one with too many or too large fields.
        """
        self._buffer += piece
        while self._step():
            pass

    def _preamble(self) -> bool:
        return self._upto_boundary(lambda _piece: None)

    def _upto_boundary(self, take: Callable[[bytes], object]) -> bool:
        """Hand on what stands before the next boundary; what may be the beginning of one waits."""
        at = self._buffer.find(self._line)
        if at >= 0:
            take(bytes(self._buffer[:at]))
            del self._buffer[: at + len(self._line)]
            self._step = self._after_boundary
            return True
        safe = len(self._buffer) - len(self._line) + 1
        if safe > 0:
            take(bytes(self._buffer[:safe]))
            del self._buffer[:safe]
        return False

    def _after_boundary(self) -> bool:
        if len(self._buffer) < 2:
            return False
        self._end_field()
        if self._buffer.startswith(b"--"):
            self.whole, self._step = True, self._epilogue
        elif self._buffer.startswith(b"\r\n"):
            self._step = self._head
        else:
            raise FormError("a boundary does not end its line")
        return True

    def _head(self) -> bool:
        at = self._buffer.find(b"\r\n\r\n")
        if at < 0:
            if len(self._buffer) > LONGEST_HEAD:
                raise FormError("a part's head is too long")
            return False
        self._begin(bytes(self._buffer[:at]).decode("utf-8", "replace"))
        del self._buffer[: at + 4]
        return True

    def _begin(self, head: str) -> None:
        self._parts += 1
        name = _NAME.search(head)
        if not name or self._parts > MOST_PARTS:
            raise FormError("a part without a name, or too many")
        file = _file_name(head)
        if file is None:
            self._field, self._step = name[1], self._text
        else:
            self._sink, self._step = self._opened(file) if file else None, self._content

    def _text(self) -> bool:
        return self._upto_boundary(self._gather)

    def _gather(self, piece: bytes) -> None:
        self._value += piece
        if len(self._value) > LONGEST_FIELD:
            raise FormError("a field is too long")

    def _content(self) -> bool:
        return self._upto_boundary(lambda piece: self._sink.write(piece) if self._sink and piece else None)

    def _end_field(self) -> None:
        if self._field:
            self.fields[self._field] = self._value.decode("utf-8", "replace")
        self._field, self._sink = "", None
        self._value.clear()

    def _epilogue(self) -> bool:
        self._buffer.clear()
        return False


def _file_name(head: str) -> str | None:
    """The name of a part's file; empty where none was chosen, None where the part is no file."""
    if encoded := _FILE_ENCODED.search(head):
        return unquote(encoded[1], errors="replace")
    plain = _FILE.search(head)
    return plain[1].replace("%22", '"').replace("%0D", "").replace("%0A", "") if plain else None
