"""The full demo company and its reports in three languages, made once for all tests and all their processes."""

import fcntl
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from marketbook.app import catalogue
from marketbook.app.kernels import owner
from marketbook.app.orders import Order, prepare
from marketbook.app.runner import Done, Runner
from marketbook.demo import make
from marketbook.kit import config
from marketbook.kit.facts import Facts

REPORTS = (
    "template",
    "survey/analyse-survey",
    "segmentation/segment-market",
    "budget/allocate-budget",
    "budget/compare-scenarios",
    "budget/model-response",
    "campaign/evaluate-campaign",
    "expense/review-budget",
    "expense/reconcile-month",
    "expense/audit-month",
    "plan/review-week",
    "plan/build-year",
    "customer/review-complaints",
    "customer/find-causes",
    "customer/review-customers",
    "customer/review-pipeline",
    "competitor/digest-competitors",
    "office/prove-clauses",
    "team/prove-duties",
)

TRADITIONAL = (
    "template",
    "survey/analyse-survey",
    "expense/reconcile-month",
    "customer/find-causes",
    "team/prove-duties",
)
"""Reports that are also made in traditional Chinese, which is derived from simplified, character by character."""

CHANGED = {
    "template": ["year=2024"],
    "survey/analyse-survey": ["wave=2025Q3"],
    "segmentation/segment-market": ["as_of=2024-12-31", "resamples=5"],
    "budget/allocate-budget": ["seed=7"],
    "budget/compare-scenarios": ["scenarios=[1,2]"],
    "budget/model-response": ["seed=7"],
    "campaign/evaluate-campaign": ["confidence=0.9"],
    "expense/review-budget": ["month=2025-09"],
    "expense/reconcile-month": ["month=2025-10"],
    "expense/audit-month": ["month=2025-09"],
    "plan/review-week": ["as_of=2025-09-30"],
    "plan/build-year": ["year=2025"],
    "customer/review-complaints": ["as_of=2025-06-30"],
    "customer/find-causes": ["month=2025-06"],
    "customer/review-customers": ["months=24"],
    "customer/review-pipeline": ["months=6"],
    "competitor/digest-competitors": ["span=month"],
    "office/prove-clauses": ["as_of=2025-12-31"],
    "team/prove-duties": ["quarter=2025-Q2"],
}
"""Parameters of each report by which its numbers change."""

LANGUAGES = ("zh_Hans", "en", "zh_Hant")


def made_in(*languages: str) -> list[tuple[str, str]]:
    """The reports that are made in each of some languages."""
    return [(report, one) for one in languages for report in (TRADITIONAL if one == "zh_Hant" else REPORTS)]


IN_ONE_PROCESS = """
import json, sys
from marketbook.app import cli
codes = []
for line in json.loads(sys.argv[1]):
    try:
        cli.command()(line, prog_name="marketbook")
    except SystemExit as ended:
        codes.append(ended.code or 0)
sys.exit(max(codes))
"""
"""Several command lines of `marketbook`: what is imported and forked from is there for all of them."""


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    said: str
    outputs: Path

    def folder(self, report: str, language: str) -> Path:
        """The published run of a report in a language."""
        return next((self.outputs / report).glob(f"*-{language}"))


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], None]], Path]:
    """Return a function that lets one process fill a folder and the others wait for it."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base

    def once(name: str, fill: Callable[[Path], None]) -> Path:
        folder, done = base / name, base / f"{name}.done"
        with (base / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                folder.mkdir(exist_ok=True)
                fill(folder)
                done.touch()
        return folder

    return once


@pytest.fixture(scope="session")
def demo_facts(shared: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    """The folder of the full demo company's datasets."""
    return shared("demo-facts", lambda folder: make(Facts(folder)) and None)


@pytest.fixture(scope="session")
def surroundings(demo_facts: Path) -> Callable[[Path], dict[str, str]]:
    """Return a function that tells the settings of runs on the demo with outputs and history of their own."""

    def of(outputs: Path) -> dict[str, str]:
        return {
            "MARKETBOOK_FACTS_PATH": str(demo_facts),
            "MARKETBOOK_OUTPUTS_PATH": str(outputs),
            "MARKETBOOK_STORE_URL": f"sqlite:///{outputs}/store.db",
            owner.ADDRESS: owner.address(),
        }

    return of


@pytest.fixture(scope="session")
def published(
    shared: Callable[[str, Callable[[Path], None]], Path], surroundings: Callable[[Path], dict[str, str]]
) -> Ran:
    """All reports in two languages, and some in the third, regenerated by the command of the README."""

    def fill(folder: Path) -> None:
        lines = [["run", "--all", "-l", "zh_Hans", "-l", "en"], ["run", *TRADITIONAL, "-l", "zh_Hant"]]
        ran = subprocess.run(
            [sys.executable, "-c", IN_ONE_PROCESS, json.dumps(lines)],
            env=os.environ | surroundings(folder), capture_output=True, text=True, check=False,
        )  # fmt: skip
        (folder / "said").write_text(f"{ran.returncode}\n{ran.stdout}{ran.stderr}", "utf-8")

    folder = shared("outputs", fill)
    code, _, said = (folder / "said").read_text("utf-8").partition("\n")
    return Ran(int(code), said, folder)


@pytest.fixture(scope="session")
def changed(
    published: Ran, surroundings: Callable[[Path], dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Ran:
    """The page of every report with parameters other than the published one's, on the same records."""
    folder = tmp_path_factory.mktemp("changed")
    with (
        closing(sqlite3.connect(published.outputs / "store.db")) as records,
        closing(sqlite3.connect(folder / "store.db")) as copied,
    ):
        records.backup(copied)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in surroundings(folder).items():
            patch.setenv(name, value)
        config.settings.cache_clear()
        orders = [order for report in REPORTS for order in ordered(report)]
        errors = [done.error for done in Runner(Unwatched()).run(orders) if done.error]
    config.settings.cache_clear()
    return Ran(len(errors), "\n".join(errors), folder)


def ordered(report: str) -> list[Order]:
    return prepare(catalogue.find([report]), given=CHANGED[report], languages=["zh_Hans"], formats=["html"])


class Unwatched:
    """Nobody looks on."""

    def started(self, order: Order) -> None:
        pass

    def advanced(self, order: Order, cells: int, of: int) -> None:
        pass

    def done(self, done: Done) -> None:
        pass

    def tick(self) -> None:
        pass
