"""Uploads on the disk: who finds them, and when they go."""

import json
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest

from marketbook.app import process
from marketbook.app.server.data import inbox
from marketbook.app.server.data.inbox import Choices, State, Upload
from marketbook.kit.store import now

pytestmark = pytest.mark.usefixtures("workspace")


def sent(name: str = "a.csv", *, account_id: int = 1, content: bytes = b"x") -> Upload:
    arriving = inbox.Arriving()
    arriving.write(content)
    return arriving.keep(name, dataset="labels", account_id=account_id, language="en")


def aged(upload: Upload, **by: int) -> None:
    file = upload.folder / "upload.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"sent_at": (now() - timedelta(**by)).isoformat()}))


def test_an_upload_is_found_by_whose_it_is() -> None:
    made = sent()
    assert inbox.find(made.key, dataset="labels", account_id=1) == made
    assert inbox.find(made.key, dataset="labels", account_id=2) is None
    assert inbox.find(made.key, dataset="orders", account_id=1) is None


@pytest.mark.parametrize("key", ["", ".", "..", "../uploads", "x" * 32, "/etc", "a/b"])
def test_no_key_leads_out_of_the_folder(key: str) -> None:
    assert inbox.find(key, dataset="labels", account_id=1) is None


def test_what_is_over_is_neither_found_nor_kept() -> None:
    old, fresh = sent(), sent()
    old.put(State(status="checked"))
    aged(old, hours=25)
    assert inbox.find(old.key, dataset="labels", account_id=1) is None
    inbox.sweep()
    assert not old.folder.exists()
    assert fresh.folder.exists()


def test_what_is_being_imported_is_not_swept_away() -> None:
    old = sent()
    aged(old, hours=25)
    old.put(State(status="importing", process=process.own()))
    inbox.sweep()
    assert old.folder.exists()


def test_what_never_arrived_whole_goes_after_an_hour(workspace: Path) -> None:
    arriving = inbox.Arriving()
    inbox.sweep()
    assert arriving.folder.exists()
    os.utime(arriving.folder, times=(time.time() - 4000, time.time() - 4000))
    inbox.sweep()
    assert not arriving.folder.exists()
    arriving.drop()
    assert list((workspace / ".marketbook/uploads").iterdir()) == []


def test_work_whose_process_is_gone_has_failed() -> None:
    made = sent()
    made.put(State(status="importing", process=process.own().replace(f"/{os.getpid()}/", "/999999999/")))
    assert made.state().status == "failed"


@pytest.mark.parametrize(
    ("name", "content", "file"),
    [
        ("a.csv", b"x", "upload.csv"),
        ("A.XLSX", b"x", "upload.xlsx"),
        ("a.exe", b"x", "upload.csv"),
        ("a", b"PK\x03\x04", "upload.xlsx"),
        ("a", b"PAR1", "upload.parquet"),
        ("../../etc/passwd", b"x", "upload.csv"),
    ],
)
def test_a_file_is_kept_under_a_name_of_ours(name: str, content: bytes, file: str) -> None:
    assert sent(name, content=content).file == file


def test_choices_are_only_those_there_are() -> None:
    given = {"source": "../x", "sheet": "s" * 500, "update": "on"}
    assert inbox.known_choices(given, ["oceanengine"]) == Choices(source="", sheet="s" * 100, update=False)
