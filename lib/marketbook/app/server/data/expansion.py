"""How large a file becomes when it is opened, told from its directory before anything of it is unpacked."""

import struct
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from marketbook.kit.errors import DataError
from marketbook.kit.language import format_integer
from marketbook.kit.language import gettext as _

MOST_BYTES = 2_000_000_000
"""Bytes that a file may have when it is unpacked."""

MOST_TIMES = 150
"""How many times larger it may become; small files may become larger."""

SMALL = 64_000_000
"""Unpacked bytes that are never too many."""

MOST_ROWS = 3_000_000
"""Rows that a file may have."""


def check(file: Path) -> None:
    """Refuse a file that would fill the memory.

    Args:
        file: Of any kind; text is as large as it is.

    Raises:
        DataError: It would become too large, or its directory contradicts itself.
    """
    with file.open("rb") as stream:
        start = stream.read(176)
    size = file.stat().st_size
    if start.startswith(b"PK"):
        unpacked = _zip_bytes(file, size)
    elif start.startswith(b"PAR1"):
        unpacked = _parquet_bytes(file)
    else:
        unpacked = _spss_bytes(start) if start.startswith((b"$FL2", b"$FL3")) else size
    if unpacked > MOST_BYTES or (unpacked > SMALL and unpacked > MOST_TIMES * size):
        raise DataError(
            _("{file}: would become {unpacked} MB when it is opened; at most {most} MB are read.").format(
                file=file, unpacked=format_integer(unpacked // 1_000_000), most=format_integer(MOST_BYTES // 1_000_000)
            )
        )


def check_rows(file: Path, count: int) -> None:
    """Refuse a file with too many rows.

    Raises:
        DataError: It has.
    """
    if count > MOST_ROWS:
        raise DataError(
            _("{file}: has more than {most} rows; divide it and send the parts one after the other.").format(
                file=file, most=format_integer(MOST_ROWS)
            )
        )


def _zip_bytes(file: Path, size: int) -> int:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile:
        return size  # the reader says what is wrong with it
    if sum(entry.compress_size for entry in entries) > size:
        raise DataError(_("{file}: is damaged: its parts overlap.").format(file=file))
    return sum(entry.file_size for entry in entries)


def _parquet_bytes(file: Path) -> int:
    try:
        about = pq.read_metadata(file)
    except (pa.ArrowException, OSError):
        return 0  # the reader says what is wrong with it
    check_rows(file, about.num_rows)
    return sum(int(about.row_group(at).total_byte_size) for at in range(about.num_row_groups))


def _spss_bytes(start: bytes) -> int:
    """Cases times the width of one: both stand in the head of the file, in the byte order of its layout code."""
    if len(start) < 84:
        return 0
    order = "<" if struct.unpack("<i", start[64:68])[0] in (2, 3) else ">"
    width, cases = struct.unpack(f"{order}i", start[68:72])[0], struct.unpack(f"{order}i", start[80:84])[0]
    return int(max(0, width) * 8 * max(0, cases))
