"""The encoding of a text file: told by its mark, or UTF-8, or GB18030; damage is named with its line, never patched."""

import codecs
import re
from pathlib import Path

from marketbook.kit.errors import DataError
from marketbook.kit.language import gettext as _

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_BLOCK = 1 << 20


def encoding_of(file: Path, given: str | None = None) -> str:
    """Return the encoding that the whole file can be read in.

    Args:
        file: A text file.
        given: What the user says it is; then nothing else is tried.

    Raises:
        DataError: The file cannot be decoded to its end; the message names the line.
    """
    if given:
        return _proved(file, _known(given))
    with file.open("rb") as stream:
        start = stream.read(4096)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return _proved(file, name)
    if b"\0" in start:
        raise DataError(
            _("{file}: not a text file, or UTF-16 without its mark; say which with --encoding.").format(file=file)
        )
    damage = _damage(file, "utf-8")
    if damage is None:
        return "utf-8"
    before, _reason = damage
    if _CHINESE.search(before.decode("utf-8", errors="ignore")):
        raise _broken(file, "UTF-8", before)
    return _proved(file, "gb18030")


def ends_whole(file: Path) -> bool:
    """Tell whether the last line of a text file has its line end."""
    with file.open("rb") as stream:
        stream.seek(max(0, file.stat().st_size - 2))
        return stream.read().rstrip(b"\0")[-1:] in (b"\n", b"\r")


def _known(name: str) -> str:
    try:
        found = codecs.lookup(name).name
    except LookupError:
        raise DataError(
            _("{name}: not an encoding; allowed are utf-8, gb18030, utf-16 and the others that Python knows.").format(
                name=name
            )
        ) from None
    return {"gbk": "gb18030", "gb2312": "gb18030", "utf-8": "utf-8-sig"}.get(found, found)


def _proved(file: Path, encoding: str) -> str:
    damage = _damage(file, encoding)
    if damage:
        raise _broken(file, encoding.removesuffix("-sig").upper(), damage[0])
    return encoding


def _damage(file: Path, encoding: str) -> tuple[bytes, str] | None:
    """Return what stands before the first byte that cannot be decoded, or None where all can."""
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0
    with file.open("rb") as stream:
        while True:
            block = stream.read(_BLOCK)
            pending = len(decoder.getstate()[0])
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                stream.seek(0)
                return stream.read(max(0, done - pending + error.start)), error.reason
            if not block:
                return None
            done += len(block)


def _broken(file: Path, encoding: str, before: bytes) -> DataError:
    return DataError(
        _(
            "{file}: broken off or damaged: line {line} (byte {byte}) cannot be read as {encoding}. "
            "Nothing was imported."
        ).format(file=file, line=before.count(b"\n") + 1, byte=len(before) + 1, encoding=encoding)
    )
