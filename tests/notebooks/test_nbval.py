"""Every notebook runs from top to bottom as it is stored, and what output it keeps is what comes out again."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests.notebooks.conftest import Ran

from marketbook.kit.config import settings

NOTEBOOKS = sorted(settings().notebooks.rglob("*.ipynb"))


@pytest.fixture(scope="module")
def cells(demo_facts: Path, published: Ran, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What each cell of each notebook said where it failed, empty where it did not; all run one after another."""
    told = tmp_path_factory.mktemp("nbval") / "cells.xml"
    store = f"sqlite:///{published.outputs}/store.db"
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-p", "no:xdist", "-o", "addopts=", f"--junitxml={told}"]
    subprocess.run(
        [*command, *map(str, NOTEBOOKS)],
        env=os.environ | {"MARKETBOOK_FACTS_PATH": str(demo_facts), "MARKETBOOK_STORE_URL": store},
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
