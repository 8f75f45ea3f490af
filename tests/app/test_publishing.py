"""Publishing: whole or not at all, the newest last, the oldest away."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from marketbook.app import publishing

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def published(outputs: Path, number: int, after: int = 0) -> Path:
    folder = publishing.begin(outputs, NOON + timedelta(seconds=after), "en", number)
    (folder / "run.json").write_text("{}")
    return publishing.publish(folder, "en")


def test_unfinished_work_is_hidden(tmp_path: Path) -> None:
    assert publishing.begin(tmp_path, NOON, "en", 7).name == ".20261123T120000Z-en.7"
    assert publishing.latest(tmp_path, "en") is None


def test_latest_points_to_the_newest_whatever_the_order(tmp_path: Path) -> None:
    newer, older = published(tmp_path, 1, after=5), published(tmp_path, 2)
    assert older < newer
    assert publishing.latest(tmp_path, "en") == newer


def test_two_runs_of_one_second_have_their_own_folders(tmp_path: Path) -> None:
    first, second = published(tmp_path, 1), published(tmp_path, 2)
    assert (first.name, second.name) == ("20261123T120000Z-en", "20261123T120000Z-en-2")
    assert publishing.latest(tmp_path, "en") == second


def test_only_the_last_runs_are_kept(tmp_path: Path) -> None:
    runs = [published(tmp_path, n, after=n) for n in range(4)]
    publishing.keep_last(tmp_path, "en", 2)
    assert sorted(f for f in tmp_path.iterdir() if not f.is_symlink()) == runs[2:]


def test_nothing_is_kept_of_a_run_that_left_nothing(tmp_path: Path) -> None:
    assert publishing.set_aside(publishing.begin(tmp_path, NOON, "en", 1)) is None
    assert list(tmp_path.iterdir()) == []


def test_the_last_failed_runs_are_kept_out_of_the_way(tmp_path: Path) -> None:
    for number in range(publishing.FAILED_KEPT + 2):
        folder = publishing.begin(tmp_path, NOON + timedelta(seconds=number), "en", number)
        (folder / "report.ipynb").write_text("{}")
        publishing.set_aside(folder)
    assert len(list((tmp_path / ".failed").iterdir())) == publishing.FAILED_KEPT


def test_work_of_runs_that_are_over_is_discarded(tmp_path: Path) -> None:
    gone, alive = (publishing.begin(tmp_path / "a", NOON, "en", number) for number in (1, 2))
    publishing.discard_abandoned(tmp_path, {1})
    assert (gone.exists(), alive.exists()) == (False, True)
