"""The log is tested on SQLite and on PostgreSQL, with files in a workspace of the test's own."""

from pathlib import Path

import pytest
from tests.competitor.watch import watch

__all__ = ["watch"]


@pytest.fixture(autouse=True)
def _own_workspace(workspace: Path) -> Path:
    return workspace
