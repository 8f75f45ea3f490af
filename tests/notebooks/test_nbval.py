"""Notebooks run by nbval as they are stored, from top to bottom, and what output they keep comes out again.

These are the screens, the template and whatever keeps outputs. The other reports run from top to bottom in two
languages where they are published, which `test_reports` looks at.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests.notebooks.conftest import REPORTS, Ran

from marketbook.app.kernels import owner
from marketbook.kit.config import settings


def is_run_here(path: Path) -> bool:
    name = path.relative_to(settings().notebooks).with_suffix("").as_posix()
    keeps = any(cell.get("outputs") for cell in json.loads(path.read_text("utf-8"))["cells"])
    return name not in REPORTS or name == "template" or keeps


NOTEBOOKS = [path for path in sorted(settings().notebooks.rglob("*.ipynb")) if is_run_here(path)]


@pytest.fixture(scope="module")
def cells(demo_facts: Path, published: Ran, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What each cell of each notebook said where it failed, empty where it did not; all run one after another."""
    told = tmp_path_factory.mktemp("nbval") / "cells.xml"
    own = {"MARKETBOOK_FACTS_PATH": str(demo_facts), "MARKETBOOK_STORE_URL": f"sqlite:///{published.outputs}/store.db"}
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-p", "no:xdist", "-o", "addopts=", f"--junitxml={told}"]
    subprocess.run(
        [*command, *map(str, NOTEBOOKS)],
        env=os.environ | own | {owner.ADDRESS: owner.address()},
        capture_output=True,
        check=False,
    )
    found: dict[str, list[str]] = {}
    for cell in ET.parse(told).iter("testcase"):
        found.setdefault(cell.attrib["classname"], []).append("".join(cell.itertext()))
    return found


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_it_runs_and_its_kept_outputs_hold(path: Path, cells: dict[str, list[str]]) -> None:
    name = ".".join(path.relative_to(settings().notebooks.parent).parts)
    assert name in cells
    assert [said for said in cells[name] if said] == []
