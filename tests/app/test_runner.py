"""Runs from end to end, with real kernels: true status, whole reports, and the others run on."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.app.conftest import Make

from marketbook.app import catalogue, history, publishing, worker
from marketbook.app.orders import Order, prepare
from marketbook.app.runner import Done, Runner
from marketbook.app.task import Limits
from marketbook.kit import language
from marketbook.kit.config import settings
from marketbook.kit.store import Store

GOOD = ("print(n)",)


class Quiet:
    """An observer that only counts."""

    def __init__(self) -> None:
        self.begun: list[Order] = []

    def started(self, order: Order) -> None:
        self.begun.append(order)

    def advanced(self, order: Order, cells: int, of: int) -> None:
        pass

    def done(self, done: Done) -> None:
        pass

    def tick(self) -> None:
        pass


def run(*names: str, limits: Limits | None = None, **options: int) -> dict[str, Done]:
    orders = prepare(catalogue.find(names) if names else catalogue.reports(), languages=["en"], formats=["html"])
    done = Runner(Quiet(), limits=limits, **options).run(orders)
    return {one.order.report.notebook.removeprefix("trial/"): one for one in done}


def outputs(name: str = "count-things") -> Path:
    return settings().outputs / "trial" / name


def statuses() -> list[tuple[str, int | None]]:
    store = Store(settings().store)
    with store.reading() as session:
        found = [(one.status, one.error_cell) for one in history.recent(session)]
    store.close()
    return found


def test_a_good_run_publishes_everything(make: Make) -> None:
    make("count-things", *GOOD, "n * 2", params="parameters: {n: 4}")
    done = run()["count-things"]
    assert done.error == ""
    assert publishing.latest(outputs(), "en") == done.folder
    account = json.loads((outputs() / "latest-en/run.json").read_text("utf-8"))
    assert (account["status"], account["parameters"]["n"]) == ("succeeded", 4)
    assert {"report.html", "report.ipynb"} <= set(account["files"])
    executed = json.loads((outputs() / "latest-en/report.ipynb").read_text("utf-8"))
    assert executed["cells"][-1]["outputs"][0]["data"]["text/plain"] == ["8"]
    assert statuses() == [("succeeded", None)]


BAD = {
    "raises": ("x = 1", "assert n > 3, 'too few'"),
    "killed": ("x = 1", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"),
    "slow": ("x = 1", "import time\ntime.sleep(60)"),
    "leaves": ("x = 1", "import sys\nsys.exit(0)", "x = 2"),
}


@pytest.fixture(scope="module")
def module_limits() -> Limits:
    return Limits(cell=12)


def test_failing_notebooks_are_told_true_and_the_others_run(make: Make, module_limits: Limits) -> None:
    for name, cells in BAD.items():
        make(f"{name}-things", *cells, like="CountThings")
    make("count-things", *GOOD)
    done = run(limits=module_limits, workers=2)
    errors = {name.removesuffix("-things"): one.error for name, one in done.items()}
    assert errors.pop("count") == ""
    assert errors["raises"] == "cell [4], `assert n > 3, 'too few'`: AssertionError: too few"
    assert errors["killed"].startswith("cell [4], `import os, signal`: the kernel died")
    assert errors["slow"] == "cell [4], `import time`: the cell took longer than 12 seconds."
    assert errors["leaves"].startswith("cell [4], `import sys`: ")
    assert sorted(statuses(), key=str) == [("failed", 4)] * 4 + [("succeeded", None)]
    for name in BAD:
        partial = done[f"{name}-things"].folder
        assert partial is not None
        assert partial.parent.name == ".failed"
        assert json.loads((partial / "report.ipynb").read_text("utf-8"))["cells"][3]["execution_count"] == 3
        assert json.loads((partial / "run.json").read_text("utf-8"))["status"] == "failed"


def test_a_failed_run_leaves_the_last_good_report(make: Make) -> None:
    make("count-things", *GOOD)
    good = run()["count-things"].folder
    make("count-things", "1 / 0")
    assert "ZeroDivisionError" in run()["count-things"].error
    assert publishing.latest(outputs(), "en") == good
    assert sorted(f.name for f in outputs().iterdir()) == sorted([".failed", "latest-en", good.name if good else ""])


def test_the_whole_run_has_a_limit_too(make: Make) -> None:
    make("count-things", *(["import time; time.sleep(4)"] * 6))
    error = run(limits=Limits(cell=60, whole=10))["count-things"].error
    assert error.endswith("the report took longer than 10 seconds.")


def test_two_runs_at_once_of_the_same_identity_are_one(make: Make) -> None:
    make("count-things", "import time; time.sleep(3)")
    found: list[Done] = []

    def run_in_english() -> None:
        with language.speaking("en"):
            found.extend(run().values())

    threads = [threading.Thread(target=run_in_english) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(bool(one.error) for one in found) == [False, True]
    assert "running already" in next(one.error for one in found if one.error)


def seen_while(writing: threading.Thread, link: Path) -> Iterator[Path]:
    while writing.is_alive():
        if link.exists():
            yield link.resolve()
        time.sleep(0.005)


def test_a_reader_never_sees_half_a_report(make: Make) -> None:
    make("count-things", "'x' * 2_000_000")
    writing = threading.Thread(target=lambda: [run() for _ in range(2)])
    writing.start()
    seen = set()
    for folder in seen_while(writing, outputs() / "latest-en"):
        account = json.loads((folder / "run.json").read_text("utf-8"))
        assert all((folder / name).stat().st_size > 0 for name in account["files"])
        json.loads((folder / "report.ipynb").read_text("utf-8"))
        seen.add(folder.name)
    writing.join()
    assert seen


def test_a_worker_that_dies_is_a_failed_run(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    make("count-things", *GOOD)
    start = worker.start

    def start_and_kill(task: object) -> worker.Worker:
        started = start(task)  # type: ignore[arg-type]
        started.process.kill()
        return started

    monkeypatch.setattr(worker, "start", start_and_kill)
    assert "the worker process ended by itself (code -9)" in run()["count-things"].error
    assert statuses() == [("failed", None)]
    assert not outputs().exists() or [f for f in outputs().iterdir() if f.name != ".failed"] == []
