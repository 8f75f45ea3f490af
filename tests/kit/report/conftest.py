"""The invented report, made once in each language."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pytest
from tests.kit.report.invented import document

from marketbook.kit.report import export
from marketbook.kit.report.document import Document


@pytest.fixture(scope="session")
def invented_document() -> Callable[[str], Document]:
    """Return a function from a language to the invented report."""
    return lru_cache(maxsize=3)(document)


@pytest.fixture(scope="session")
def exported(
    invented_document: Callable[[str], Document], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Path]:
    """Return a function from a language to the folder with the report's files."""

    @lru_cache(maxsize=3)
    def files(spoken: str) -> Path:
        folder = tmp_path_factory.mktemp(spoken)
        export.write(invented_document(spoken), folder)
        return folder

    return files
