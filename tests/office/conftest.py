"""Money is tested on SQLite and on PostgreSQL, with files in a workspace of the test's own."""

from pathlib import Path

import pytest
from tests.office.company import house
from tests.office.selling import shop

__all__ = ["house", "shop"]


@pytest.fixture(autouse=True)
def _own_workspace(workspace: Path) -> Path:
    return workspace
