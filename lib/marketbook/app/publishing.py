"""Where runs are published: whole or not at all, by rename.

outputs/survey/analyse-survey/20261123T070000Z-zh_Hans/   a good run
outputs/survey/analyse-survey/latest-zh_Hans              a link to the last good run in a language
outputs/survey/analyse-survey/.failed/<run>/              the partial notebook of a run that failed
outputs/survey/analyse-survey/.<run>.<number>/            work that is not finished
"""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from marketbook.kit.errors import RunError
from marketbook.kit.language import gettext as _

FAILED_KEPT = 5
"""How many failed runs are kept of each report."""


def begin(outputs: Path, started: datetime, language: str, number: int) -> Path:
    """Make the hidden folder in which a run is written.

    Args:
        outputs: The report's folder.
        started: When the run began.
        language: Its language.
        number: Its number in the history: no two runs share a folder.
    """
    folder = outputs / f".{run_name(started, language)}.{number}"
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise RunError(_("{folder}: cannot be written: {problem}").format(folder=folder, problem=error)) from None
    return folder


def run_name(started: datetime, language: str) -> str:
    """Return the name of a run's folder: names sort by time.

    Example:
        >>> run_name(datetime(2026, 11, 23, 7, tzinfo=UTC), "en")
        '20261123T070000Z-en'
    """
    return f"{started.astimezone(UTC):%Y%m%dT%H%M%SZ}-{language}"


def publish(folder: Path, language: str) -> Path:
    """Publish a finished folder and point `latest` to it.

    Returns:
        The folder under its public name.
    """
    for file in folder.iterdir():
        _sync(file)
    published = _rename(folder, folder.parent)
    _point(folder.parent / f"latest-{language}", published.name)
    return published


def set_aside(folder: Path) -> Path | None:
    """Keep what a failed run left, beside the good ones but out of their way; None where it left nothing."""
    if not folder.exists():
        return None
    if not any(folder.iterdir()):
        folder.rmdir()
        return None
    failed = folder.parent / ".failed"
    failed.mkdir(exist_ok=True)
    kept = _rename(folder, failed)
    for old in sorted(failed.iterdir())[:-FAILED_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return kept


def latest(outputs: Path, language: str) -> Path | None:
    """Return the last good run in a language, or None."""
    link = outputs / f"latest-{language}"
    return link.resolve() if link.exists() else None


def keep_last(outputs: Path, language: str, count: int) -> None:
    """Delete the oldest good runs in a language beyond a count; the last one always stays."""
    runs = sorted(folder for folder in _runs(outputs) if language in folder.name.split("-"))
    for old in runs[: -max(count, 1)]:
        shutil.rmtree(old, ignore_errors=True)


def discard_abandoned(outputs: Path, numbers: set[int]) -> None:
    """Delete unfinished work of runs that are known to be over, by their number in the history."""
    for folder in outputs.rglob(".*Z-*.*"):
        if folder.suffix[1:].isdigit() and int(folder.suffix[1:]) in numbers:
            shutil.rmtree(folder, ignore_errors=True)


def _runs(outputs: Path) -> Iterator[Path]:
    return (f for f in outputs.iterdir() if f.is_dir() and not f.is_symlink() and not f.name.startswith("."))


def _rename(folder: Path, into: Path) -> Path:
    """Move a folder under its run's name; of two runs in one second the later gets a number."""
    name = folder.name.lstrip(".").rpartition(".")[0]
    for turn in range(1, 1000):
        target = into / (name if turn == 1 else f"{name}-{turn}")
        if target.exists():
            continue
        try:
            folder.rename(target)
        except OSError:
            if not target.exists():
                raise
        else:
            return target
    raise RunError(_("{folder}: there are too many runs of one second.").format(folder=into / name))


def _point(link: Path, target: str) -> None:
    if link.is_symlink() and os.readlink(link) > target:  # noqa: PTH115  # the text of the link is meant
        return
    fresh = link.with_name(f".{link.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target, target_is_directory=True)
    fresh.replace(link)


def _sync(file: Path) -> None:
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
