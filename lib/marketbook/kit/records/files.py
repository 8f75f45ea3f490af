"""Files at records: their type is read from the content, the content is kept once, and a row says who attached it.

A file may be added at any time, as an invoice may come after the payment; it is taken away only while the record may
be edited, and its row stays.
"""

import hashlib
import io
import os
import re
import unicodedata
import zipfile
from collections.abc import Collection
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.kit.config import settings
from marketbook.kit.errors import RecordError
from marketbook.kit.language import format_integer
from marketbook.kit.language import gettext as _
from marketbook.kit.records import documents, types
from marketbook.kit.records.record import Record
from marketbook.kit.records.tables import Attachment
from marketbook.kit.store import acting, now

LARGEST = 20_000_000
"""How many bytes a file may have."""

_BEGINNINGS = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
}
_OFFICE = "application/vnd.openxmlformats-officedocument."
_ENTRIES = {
    "OFD.xml": "application/ofd",
    "word/document.xml": f"{_OFFICE}wordprocessingml.document",
    "xl/workbook.xml": f"{_OFFICE}spreadsheetml.sheet",
    "ppt/presentation.xml": f"{_OFFICE}presentationml.presentation",
}
_ENDINGS = {
    "application/pdf": {".pdf"},
    "image/png": {".png"},
    "image/jpeg": {".jpg", ".jpeg"},
    "image/gif": {".gif"},
    "image/webp": {".webp"},
    "video/mp4": {".mp4"},
    "application/ofd": {".ofd"},
    f"{_OFFICE}wordprocessingml.document": {".docx"},
    f"{_OFFICE}spreadsheetml.sheet": {".xlsx"},
    f"{_OFFICE}presentationml.presentation": {".pptx"},
    "application/xml": {".xml"},
    "text/plain": {".txt", ".csv", ".md"},
}
"""What is kept, and how such files are called; 数电票 come as PDF, OFD or XML."""


def attach(
    session: Session, record: Record, content: bytes, *, name: str, kind: str, actor: int, largest: int = LARGEST
) -> Attachment:
    """Attach a file to a record.

    Args:
        session: A writing session.
        record: Which one; whatever its status.
        content: Of the file.
        name: As the person called it; only its last part is kept.
        kind: What it is for, such as `invoice`.
        actor: Who attaches it.
        largest: How many bytes it may have.

    Raises:
        RecordError: It is empty, too large, of a type that is not kept or not the one its name says, or attached.
    """
    called = file_name(name)
    check_size(called, len(content), largest)
    media_type = _checked_type(called, content)
    sha256 = keep(content)
    if any((one.sha256, one.kind) == (sha256, kind) for one in listed(session, record_id=record.id)):
        raise RecordError(_("{file}: is attached to {number} already.").format(file=called, number=record.number))
    made = Attachment(
        record_id=record.id, kind=kind, name=called, media_type=media_type, sha256=sha256, bytes=len(content),
        attached_by_id=documents.at_work(session, actor).id, attached_at=now(),
    )  # fmt: skip
    with acting(session, actor):
        session.add(made)
    return made


def attach_kept(
    session: Session, record: Record, *, sha256: str, name: str, kind: str, actor: int, largest: int = LARGEST
) -> Attachment:
    """Attach a file whose content a form has kept already; it is looked at like any other.

    Raises:
        RecordError: It is not there, or as for `attach`.
    """
    place = path(sha256)
    if not re.fullmatch(r"[0-9a-f]{64}", sha256) or not place.is_file():
        raise RecordError(_("{file}: its content is not what was attached.").format(file=file_name(name)))
    return attach(session, record, place.read_bytes(), name=name, kind=kind, actor=actor, largest=largest)


def remove(session: Session, attachment: Attachment, *, actor: int) -> None:
    """Take a file away from a record that may be edited; its row and its content stay.

    Raises:
        RecordError: The record was handed in, or the file was taken away before.
    """
    record = session.get_one(Record, attachment.record_id)
    if not types.state(session, record).editable or attachment.removed_at is not None:
        raise RecordError(
            _("{file}: stays at {number}, which was handed in.").format(file=attachment.name, number=record.number)
        )
    with acting(session, documents.at_work(session, actor).id):
        attachment.removed_by_id, attachment.removed_at = actor, now()


def listed(session: Session, *, record_id: int, kinds: Collection[str] = ()) -> list[Attachment]:
    """Return the files at a record, the first one first, without those that were taken away."""
    query = select(Attachment).where(Attachment.record_id == record_id, Attachment.removed_at.is_(None))
    if kinds:
        query = query.where(Attachment.kind.in_(kinds))
    return list(session.scalars(query.order_by(Attachment.id)))


def content(attachment: Attachment) -> bytes:
    """Return a file's content.

    Raises:
        RecordError: It is gone, or is not what was attached.
    """
    place = path(attachment.sha256)
    found = place.read_bytes() if place.is_file() else b""
    if hashlib.sha256(found).hexdigest() != attachment.sha256:
        raise RecordError(_("{file}: its content is not what was attached.").format(file=attachment.name))
    return found


def check_size(name: str, size: int, largest: int = LARGEST) -> None:
    """Refuse a file that is empty or too large.

    Raises:
        RecordError: It is.
    """
    if size == 0:
        raise RecordError(_("{file}: is empty.").format(file=file_name(name)))
    if size > largest:
        raise RecordError(
            _("{file}: has {size} bytes; at most {largest} are kept.").format(
                file=file_name(name), size=format_integer(size), largest=format_integer(largest)
            )
        )


def keep(content: bytes) -> str:
    """Keep a content in the folder, once, and return its hash."""
    sha256 = hashlib.sha256(content).hexdigest()
    place = path(sha256)
    if place.exists():
        place.touch()  # it is wanted again
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        fresh = place.with_name(f".{sha256}.{os.getpid()}")
        fresh.write_bytes(content)
        fresh.replace(place)
    return sha256


def path(sha256: str) -> Path:
    """Return where a content is kept."""
    return settings().state / "attachments" / sha256[:2] / sha256


def media_type(content: bytes) -> str:
    r"""Return what a content is, whatever its file is called; empty where it is nothing that is kept.

    Example:
        >>> media_type(b"%PDF-1.7 ..."), media_type(b"MZ\x90\x00")
        ('application/pdf', '')
    """
    for beginning, found in _BEGINNINGS.items():
        if content.startswith(beginning):
            return found
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp":
        return "video/mp4"
    if content.startswith(b"PK\x03\x04"):
        return _zipped(content)
    return _written(content)


def file_name(name: str) -> str:
    r"""Return a name without folders and without characters that are not printed.

    Example:
        >>> file_name("C:\\tmp\\发票 1.pdf"), file_name("../../etc/passwd")
        ('发票 1.pdf', 'passwd')
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    clean = "".join(letter for letter in unicodedata.normalize("NFC", last) if letter.isprintable()).strip(" .")
    return clean[-200:] or "file"


def _checked_type(name: str, content: bytes) -> str:
    found, ending = media_type(content), Path(name).suffix.lower()
    allowed = sorted(one for endings in _ENDINGS.values() for one in endings)
    if not found:
        raise RecordError(
            _("{file}: its content is of no type that is kept; allowed are {allowed}.").format(
                file=name, allowed=", ".join(allowed)
            )
        )
    if ending not in _ENDINGS[found]:
        raise RecordError(
            _("{file}: its content is {found}, which its name does not say; it must end in {endings}.").format(
                file=name, found=found, endings=", ".join(sorted(_ENDINGS[found]))
            )
        )
    return found


def _zipped(content: bytes) -> str:
    try:
        names = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
    except zipfile.BadZipFile:
        return ""
    return next((found for entry, found in _ENTRIES.items() if entry in names), "")


def _written(content: bytes) -> str:
    """Return the type of a text; Chinese Excel writes its CSV files in GB18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(ord(letter) < 32 and letter not in "\t\r\n" for letter in text):
            return ""
        return "application/xml" if text.lstrip().startswith("<?xml") else "text/plain"
    return ""
