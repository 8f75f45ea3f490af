"""Uploads are worked on within a time, within a memory, and one after the other for a dataset."""

import asyncio
from pathlib import Path

import pytest

from marketbook.app.server.data import checking, checks, inbox
from marketbook.app.server.data.checks import Desk
from marketbook.app.server.data.inbox import Upload
from marketbook.kit.errors import DataError
from marketbook.kit.facts import Facts

pytestmark = pytest.mark.usefixtures("workspace")


def sent(rows: int) -> Upload:
    arriving = inbox.Arriving()
    arriving.write(b"value,english\n")
    arriving.write("".join(f"v{n},e{n}\n" for n in range(rows)).encode())
    return arriving.keep("a.csv", dataset="labels", account_id=1, language="en")


async def worked(*uploads: Upload, job: checking.Job = "check") -> None:
    desk = Desk()
    for upload in uploads:
        desk.begin(upload, job)
        desk.begin(upload, job)
    for upload in uploads:
        await desk.settle(upload, 120)


def test_an_import_that_cannot_be_noted_is_told_as_done(workspace: Path, caplog: pytest.LogCaptureFixture) -> None:
    upload = sent(3)
    upload.put(checking.perform(upload, "check"))
    assert checking.perform(upload, "import").status == "imported"  # there is no account 1 in this store
    assert "imported but not noted: account 1" in caplog.text
    assert Facts(workspace / ".marketbook/facts").count("labels") == 3


def test_files_of_a_dataset_are_imported_one_after_the_other(workspace: Path) -> None:
    first, second = sent(3), sent(3)
    asyncio.run(worked(first, second))
    asyncio.run(worked(first, second, job="import"))
    assert first.state().status == "imported"
    assert (second.state().status, second.state().changed) == ("checked", True)
    assert Facts(workspace / ".marketbook/facts").count("labels") == 3


def test_work_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    upload = sent(400_000)
    monkeypatch.setattr(checks, "SECONDS", 0.05)
    asyncio.run(worked(upload))
    assert (upload.state().status, upload.state().error) == ("failed", "")


@pytest.mark.parametrize("error", [MemoryError(), ValueError("a path of ours"), DataError("a.csv: wrong")])
def test_whatever_a_file_does_its_owner_is_told(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(_file: Path) -> None:
        raise error

    monkeypatch.setattr(checking.expansion, "check", fail)
    state = checking.perform(sent(1), "check")
    assert state.status == "failed"
    assert state.error.startswith("a.csv: ")
    assert "ours" not in state.error


def test_a_file_with_too_many_rows_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking.expansion, "MOST_ROWS", 30_000)
    state = checking.perform(sent(50_000), "check")
    assert state.error == "a.csv: has more than 30,000 rows; divide it and send the parts one after the other."
