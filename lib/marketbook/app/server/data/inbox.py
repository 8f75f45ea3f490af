"""Uploaded files: each in a folder of its own under `.marketbook/uploads/`, until it is thrown away or a day is over.

A folder has a name that nobody can guess, holds the file under a name of ours, and says what is known of it:
`upload.json` (what was sent, by whom, how it is to be read) and `state.json` (what has become of it). What a browser
calls the file is shown and never used as a path.
"""

import hashlib
import os
import re
import secrets
import shutil
import time
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, Literal

from pydantic import BaseModel, ConfigDict

from marketbook.app import process
from marketbook.kit.config import settings
from marketbook.kit.facts import ImportReport
from marketbook.kit.store import now

LARGEST = 200_000_000
"""Bytes of the largest file that is taken."""

KEPT = timedelta(days=1)
"""How long an upload is kept."""

HALF_DONE = timedelta(hours=1)
"""How long a file may take to arrive."""

MOST = 10
"""Uploads that an account may have; beyond it the oldest goes."""

_KEY = re.compile(r"[A-Za-z0-9_-]{32}")
_SUFFIXES = (".csv", ".txt", ".tsv", ".xls", ".xlsx", ".xlsm", ".parquet", ".sav", ".zsav")
_BY_CONTENT = {
    b"PK\x03\x04": ".xlsx",
    b"\xd0\xcf\x11\xe0": ".xls",
    b"PAR1": ".parquet",
    b"$FL2": ".sav",
    b"$FL3": ".sav",
}

Status = Literal["waiting", "checking", "checked", "failed", "importing", "imported"]


class Choices(BaseModel):
    """How a file is to be read and what becomes of rows that differ."""

    model_config = ConfigDict(frozen=True)

    source: str = ""
    sheet: str = ""
    update: bool = False


class Counts(BaseModel):
    """The counts of an `ImportReport`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    read: int
    added: int
    unchanged: int
    updated: int
    rejected: int
    skipped: int
    differing: int

    @classmethod
    def of(cls, report: ImportReport) -> "Counts":
        """Take them from a report."""
        return cls.model_validate(vars(report))

    @property
    def refused(self) -> int:
        """Rows that break a rule."""
        return self.rejected - self.differing

    @property
    def coming(self) -> int:
        """Rows that the import writes."""
        return self.added + self.updated


class Refusal(BaseModel):
    """A refused row: its number, and of each fault the heading, the value and the reason."""

    line: int
    faults: tuple[tuple[str, str, str], ...]


class State(BaseModel):
    """What has become of an upload.

    Attributes:
        status: `failed` is a file that could not be read, or whose work was broken off.
        process: Who works on it.
        count: Rows read so far.
        sheets: Of a workbook.
        counts: What importing it would do, or has done.
        headings, rows: The first good rows, as text.
        refused: The first refused rows.
        basis: Fingerprint of the dataset that it was compared with.
        error: Why it failed, in the words of the reader.
        changed: Whether the dataset was changed after the check before, so that this is another one.
    """

    status: Status
    process: str = ""
    count: int = 0
    sheets: tuple[str, ...] = ()
    counts: Counts | None = None
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    refused: tuple[Refusal, ...] = ()
    basis: str = ""
    error: str = ""
    changed: bool = False

    @property
    def is_busy(self) -> bool:
        """Whether somebody works on it, or is about to."""
        return self.status in ("waiting", "checking", "importing")


class Upload(BaseModel):
    """A file that was sent.

    Attributes:
        key: The name of its folder.
        dataset: What it is for.
        account_id: Whose it is.
        name: What its owner calls it; for showing only.
        file: What we call it.
        size: In bytes.
        sha256: Of its content.
        language: In which the check speaks.
        sent_at: When it came.
        choices: How it is to be read.
    """

    model_config = ConfigDict(frozen=True)

    key: str
    dataset: str
    account_id: int
    name: str
    file: str
    size: int
    sha256: str
    language: str
    sent_at: datetime
    choices: Choices = Choices()

    @property
    def folder(self) -> Path:
        """Its folder."""
        return root() / self.key

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / self.file

    @property
    def rejects(self) -> Path:
        """Where its refused rows are, for text editors."""
        return self.folder / f"{self.file}.rejects.csv"

    @property
    def rejects_workbook(self) -> Path:
        """Where they are for spreadsheets."""
        return self.folder / "rejects.xlsx"

    @property
    def is_over(self) -> bool:
        """Whether its time is over."""
        return now() - self.sent_at > KEPT

    def state(self) -> State:
        """Return what has become of it; work whose process is gone has failed."""
        try:
            found = State.model_validate_json((self.folder / "state.json").read_text("utf-8"))
        except OSError:  # it is being thrown away
            return State(status="failed")
        if found.is_busy and found.process and process.is_gone(found.process):
            return found.model_copy(update={"status": "failed", "error": ""})
        return found

    def put(self, state: State) -> None:
        """Say what has become of it."""
        _write(self.folder / "state.json", state)

    def choose(self, choices: Choices, *, language: str) -> "Upload":
        """Say how it is to be read from now on."""
        changed = self.model_copy(update={"choices": choices, "language": language})
        _write(self.folder / "upload.json", changed)
        return changed

    def forget(self) -> None:
        """Delete it."""
        shutil.rmtree(self.folder, ignore_errors=True)


class Arriving:
    """A file while it arrives."""

    def __init__(self) -> None:
        """Make its folder, which only we may enter."""
        self.key = secrets.token_urlsafe(24)
        self.folder = root() / self.key
        root().mkdir(parents=True, exist_ok=True)
        self.folder.mkdir(mode=0o700)
        self.size = 0
        self._start = b""
        self._digest = hashlib.sha256()
        self._stream: BinaryIO | None = (self.folder / "arriving").open("wb")

    def write(self, piece: bytes) -> None:
        """Take a piece."""
        if self._stream:
            self._stream.write(piece)
            self._digest.update(piece)
            self._start = self._start or piece[:4]
            self.size += len(piece)

    def keep(self, name: str, **known: Any) -> Upload:  # noqa: ANN401  # fields of Upload
        """Keep it, now that it is whole.

        Args:
            name: What its owner calls it.
            known: Dataset, account, language and choices.
        """
        shown = shown_name(name)
        file = f"upload{_suffix(shown, self._start)}"
        self._close()
        (self.folder / "arriving").replace(self.folder / file)
        made = Upload(
            key=self.key, name=shown, file=file, size=self.size, sha256=self._digest.hexdigest(), sent_at=now(), **known
        )
        made.put(State(status="waiting", process=process.own()))
        _write(self.folder / "upload.json", made)
        return made

    def drop(self) -> None:
        """Delete what has arrived, unless it was kept."""
        if self._stream:
            self._close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _close(self) -> None:
        if self._stream:
            self._stream.close()
            self._stream = None


def root() -> Path:
    """Return where uploads are kept."""
    return settings().state / "uploads"


def find(key: str, *, dataset: str, account_id: int) -> Upload | None:
    """Return an upload to whose it is; None where there is none, or where its time is over."""
    found = _read(root() / key) if _KEY.fullmatch(key) else None
    if found is None or found.is_over or (found.dataset, found.account_id) != (dataset, account_id):
        return None
    return found


def pending(*, dataset: str, account_id: int) -> list[Upload]:
    """List what somebody has sent for a dataset and not imported, newest first."""
    found = [u for u in _all() if (u.dataset, u.account_id) == (dataset, account_id) and not u.is_over]
    return [u for u in found if u.state().status != "imported"]


def make_room(account_id: int) -> None:
    """Delete the oldest uploads of an account that has too many."""
    own = [upload for upload in _all() if upload.account_id == account_id and not upload.state().is_busy]
    for upload in own[MOST - 1 :]:
        upload.forget()


def sweep() -> None:
    """Delete what is over, and what never arrived whole."""
    for folder in root().iterdir() if root().is_dir() else ():
        upload = _read(folder)
        if upload is None:
            late = time.time() - folder.stat().st_mtime > HALF_DONE.total_seconds()
        else:
            late = upload.is_over and not upload.state().is_busy
        if late:
            shutil.rmtree(folder, ignore_errors=True)


def shown_name(name: str) -> str:
    r"""Return what a browser calls a file, without folders and what is not printed; never a path of ours.

    Example:
        >>> shown_name("C:\\tmp\\订单 1.csv"), shown_name("../../x.csv"), shown_name("a\0b"), shown_name("")
        ('订单 1.csv', 'x.csv', 'ab', '?')
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in unicodedata.normalize("NFC", last) if sign.isprintable()).strip()[-120:] or "?"


def _suffix(name: str, start: bytes) -> str:
    """The ending that a name promises, which the reader holds against the content; else that of the content."""
    promised = Path(name).suffix.lower()
    return promised if promised in _SUFFIXES else _BY_CONTENT.get(start, ".csv")


def _all() -> list[Upload]:
    found = [upload for folder in _folders() if (upload := _read(folder))]
    return sorted(found, key=lambda upload: upload.sent_at, reverse=True)


def _folders() -> Iterator[Path]:
    return root().iterdir() if root().is_dir() else iter(())


def _read(folder: Path) -> Upload | None:
    try:
        return Upload.model_validate_json((folder / "upload.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None


def _write(file: Path, content: BaseModel) -> None:
    """Replace a file at once or not at all."""
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    fresh.write_text(content.model_dump_json(), "utf-8")
    fresh.replace(file)


def known_choices(given: Mapping[str, str], sources: list[str]) -> Choices:
    """Return what a form chose; a source that there is not is none."""
    source = given.get("source", "")
    return Choices(
        source=source if source in sources else "",
        sheet=given.get("sheet", "")[:100],
        update=given.get("update") == "yes",
    )
