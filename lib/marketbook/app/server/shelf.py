"""The catalogue as the server sees it: read again when a notebook or a params file has changed."""

import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from marketbook.app import catalogue
from marketbook.app.catalogue import Report
from marketbook.kit.config import settings
from marketbook.kit.errors import MarketbookError

LOOK_AGAIN_SECONDS = 1.0

log = logging.getLogger("marketbook.server")


@dataclass
class _Shelf:
    looked_at: float = float("-inf")
    stamp: tuple[tuple[str, int], ...] = ()
    reports: list[Report] = field(default_factory=list)
    screens: list[Report] = field(default_factory=list)


_shelf = _Shelf()


def reports() -> list[Report]:
    """Return the reports, by name."""
    return _current().reports


def screens() -> list[Report]:
    """Return the screens, by name."""
    return _current().screens


def report(name: str) -> Report | None:
    """Return the report of exactly this name."""
    return next((one for one in reports() if one.name == name), None)


def screen(name: str) -> Report | None:
    """Return the screen of exactly this name."""
    return next((one for one in screens() if one.name == name), None)


def _current() -> _Shelf:
    if time.monotonic() - _shelf.looked_at > LOOK_AGAIN_SECONDS:
        stamp = tuple(_stamps())
        if stamp != _shelf.stamp:
            _read_again(stamp)
        _shelf.looked_at = time.monotonic()
    return _shelf


def _read_again(stamp: tuple[tuple[str, int], ...]) -> None:
    """Read the catalogue; while somebody is half-way through a change, it stays as it was."""
    try:
        _shelf.reports, _shelf.screens = list(_whole(catalogue.reports())), catalogue.screens()
    except MarketbookError as error:
        if not _shelf.stamp:
            raise
        log.warning("the catalogue stays as it was: %s", error)
    _shelf.stamp = stamp


def _whole(found: Iterable[Report]) -> Iterator[Report]:
    """Leave out a report whose parameters nobody has written yet: the others' pages are not to fail with it."""
    for one in found:
        try:
            one.schema()
        except MarketbookError as error:
            log.warning("%s is left out: %s", one.name, error)
        else:
            yield one


def _stamps() -> Iterator[tuple[str, int]]:
    for folder, pattern in ((settings().notebooks, "*.ipynb"), (settings().params, "*.y*ml")):
        for file in sorted(folder.rglob(pattern)):
            yield _stamp(file)


def _stamp(file: Path) -> tuple[str, int]:
    return str(file), file.stat().st_mtime_ns
