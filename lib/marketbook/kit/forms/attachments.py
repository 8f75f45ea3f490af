"""Files that people attach: kept once each, in a folder, under the hash of their content.

They are kept when they are chosen, before the form is sent, so that a draft that comes back still has them.
"""

import hashlib
import os
import unicodedata
from pathlib import Path

from marketbook.kit.config import settings
from marketbook.kit.errors import RecordError
from marketbook.kit.forms.fields import Attached
from marketbook.kit.language import format_integer
from marketbook.kit.language import gettext as _

LARGEST = 20_000_000
"""How many bytes a file may have."""


def keep(name: str, content: bytes) -> Attached:
    """Keep a file's content and return what a record says of it.

    Raises:
        RecordError: It is empty or too large.
    """
    check_size(name, len(content))
    found = hashlib.sha256(content).hexdigest()
    place = path(found)
    if place.exists():
        place.touch()  # it is wanted again
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        fresh = place.with_name(f".{found}.{os.getpid()}")
        fresh.write_bytes(content)
        fresh.replace(place)
    return Attached(name=file_name(name), sha256=found, size=len(content))


def check_size(name: str, size: int) -> None:
    """Refuse a file that is empty or too large.

    Raises:
        RecordError: It is.
    """
    if size == 0:
        raise RecordError(_("{file}: is empty.").format(file=file_name(name)))
    if size > LARGEST:
        raise RecordError(
            _("{file}: has {size} MB; at most {largest} MB are kept.").format(
                file=file_name(name), size=format_integer(-(-size // 1_000_000)), largest=LARGEST // 1_000_000
            )
        )


def path(sha256: str) -> Path:
    """Return where a content is kept."""
    return settings().state / "attachments" / sha256[:2] / sha256


def is_kept(attached: Attached) -> bool:
    """Tell whether a file's content is here, as long as it says."""
    place = path(attached.sha256)
    return place.is_file() and place.stat().st_size == attached.size


def file_name(name: str) -> str:
    r"""Return a name without folders and without characters that are not printed.

    Example:
        >>> file_name("C:\\tmp\\发票 1.pdf"), file_name("../..")
        ('发票 1.pdf', '..')
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    clean = "".join(letter for letter in unicodedata.normalize("NFC", last) if letter.isprintable()).strip()
    return clean[-200:] or "file"
