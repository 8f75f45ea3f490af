"""Files that people attach: kept when they are chosen, before the form is sent, so a draft that comes back has them.

Where they are kept is `marketbook.kit.records.files`, which looks at them once more when they are attached.
"""

from marketbook.kit.forms.fields import Attached
from marketbook.kit.records import files
from marketbook.kit.records.files import LARGEST, path

__all__ = ["LARGEST", "is_kept", "keep", "path"]


def keep(name: str, content: bytes) -> Attached:
    """Keep a file's content and return what a record says of it.

    Raises:
        RecordError: It is empty or too large.
    """
    files.check_size(name, len(content))
    return Attached(name=files.file_name(name), sha256=files.keep(content), size=len(content))


def is_kept(attached: Attached) -> bool:
    """Tell whether a file's content is here, as long as it says."""
    place = path(attached.sha256)
    return place.is_file() and place.stat().st_size == attached.size
