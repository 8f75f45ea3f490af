"""Cells of a workbook that hold an error (#DIV/0!, #N/A), which the reader of workbooks gives as empty ones."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

_CELL = re.compile(rb'<c\b([^>]*\bt="e"[^>]*)>(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)?<v>([^<]*)</v>')
_PLACE = re.compile(rb'\br="([A-Z]+)(\d+)"')
_SHEET = re.compile(rb'<sheet\b[^>]*\br:id="([^"]+)"')
_RELATION = re.compile(rb"<Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb'(\w+)="([^"]*)"')
_BLOCK = 1 << 20


def error_cells(file: Path, number: int) -> dict[int, dict[int, str]]:
    """Find a sheet's errors.

    Args:
        file: An XLSX workbook; one of another kind has none that can be found.
        number: Which sheet, from 0 in the workbook's order.

    Returns:
        Row (from 1), column (from 0) and the error as it is shown.
    """
    if not zipfile.is_zipfile(file):
        return {}
    found: dict[int, dict[int, str]] = {}
    with zipfile.ZipFile(file) as archive:
        part = _part(archive, number)
        for piece in _pieces(archive, part) if part in archive.namelist() else ():
            for attributes, shown in _CELL.findall(piece) if b't="e"' in piece else ():
                if place := _PLACE.search(attributes):
                    found.setdefault(int(place[2]), {})[_column(place[1])] = shown.decode()
    return found


def _part(archive: zipfile.ZipFile, number: int) -> str:
    """The name of a sheet's part: the workbook lists relations, the relations list parts."""
    if "xl/workbook.xml" not in archive.namelist():
        return ""
    identity = _SHEET.findall(archive.read("xl/workbook.xml"))[number]
    relations = _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {a[b"Id"]: a[b"Target"].decode() for a in (dict(_ATTRIBUTE.findall(tag)) for tag in relations)}
    target = targets.get(identity, "")
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The part in pieces that end with a whole cell."""
    rest = b""
    with archive.open(part) as stream:
        while block := stream.read(_BLOCK):
            whole, end, rest = (rest + block).rpartition(b"</c>")
            yield whole + end


def _column(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1
