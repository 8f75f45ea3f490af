"""Files on their way from a browser: pieces of a size that every websocket lets through, put together here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marketbook.kit.errors import RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.records.files import file_name

AT_ONCE = 5
"""How many files may be on their way."""


@dataclass
class _Coming:
    name: str
    content: bytearray = field(default_factory=bytearray)


@dataclass(frozen=True)
class Arrived:
    """A whole file."""

    name: str
    content: bytes


class Uploads:
    """The files that are coming in at one widget."""

    def __init__(self, largest: int) -> None:
        """Begin.

        Args:
            largest: How many bytes a file may have.
        """
        self.largest = largest
        self._coming: dict[str, _Coming] = {}

    def take(self, said: Mapping[str, Any], piece: bytes) -> Arrived | None:
        """Take a piece; return the file when it is whole.

        Args:
            said: the number of its `upload`, its `name`, which `part` this is from 0, of how many `parts`.
            piece: Its bytes.

        Raises:
            RecordError: It is too large, or a piece is missing.
        """
        number, part = str(said.get("upload")), said.get("part")
        if part == 0:
            self._begin(number, str(said.get("name")))
        coming = self._coming.get(number)
        if coming is None:
            raise RecordError(_("The file did not arrive whole; please choose it again."))
        coming.content += piece
        if len(coming.content) > self.largest:
            del self._coming[number]
            raise RecordError(
                _("{file}: is too large; at most {largest} MB are taken.").format(
                    file=coming.name, largest=self.largest // 1_000_000
                )
            )
        if part != said.get("parts", 0) - 1:
            return None
        del self._coming[number]
        return Arrived(coming.name, bytes(coming.content))

    def _begin(self, number: str, name: str) -> None:
        while len(self._coming) >= AT_ONCE:
            del self._coming[next(iter(self._coming))]
        self._coming[number] = _Coming(file_name(name))
