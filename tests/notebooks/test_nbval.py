"""Every notebook runs from top to bottom as it is stored, and what output it keeps is what comes out again."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.notebooks.conftest import Ran

from marketbook.kit.config import settings

NOTEBOOKS = sorted(settings().notebooks.rglob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_it_runs_and_its_kept_outputs_hold(path: Path, demo_facts: Path, published: Ran) -> None:
    store = f"sqlite:///{published.outputs}/store.db"
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-p", "no:xdist", "-o", "addopts=", str(path)]
    done = subprocess.run(
        command,
        env=os.environ | {"MARKETBOOK_FACTS_PATH": str(demo_facts), "MARKETBOOK_STORE_URL": store},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
