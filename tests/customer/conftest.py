"""Complaints are tested on SQLite and on PostgreSQL, with files in a workspace of the test's own."""

from pathlib import Path

import pytest
from tests.customer.complaint.desk import desk

__all__ = ["desk"]


@pytest.fixture(autouse=True)
def _own_workspace(workspace: Path) -> Path:
    return workspace
