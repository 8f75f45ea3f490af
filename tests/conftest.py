"""What every test may ask for: the reference data, a speaking language, a workspace of its own."""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.engines import blank, postgres, store, tables

import marketbook.app  # noqa: F401  # before anything that checks schemas: it spares all a second
from marketbook.kit import config, language
from marketbook.kit.facts import connection

__all__ = ["blank", "postgres", "store", "tables"]

ROOT = Path(__file__).resolve().parents[1]
LONGEST = ("test_histories.py", "test_at_once.py", "test_pages.py", "test_claims_in_browser.py")
"""The files that take longest, which begin first, so that no worker is left alone with one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mix the files in an order that is always the same: browsers and servers are spread over the whole run."""
    items.sort(
        key=lambda item: (
            item.path.name not in LONGEST,
            hashlib.sha256(str(item.path.relative_to(ROOT)).encode()).digest(),
        )
    )


@pytest.fixture(scope="session")
def reference_data() -> Callable[[str], Path]:
    """Return a function from a name ("survey/apistrat.csv") to the reference file; skips where it is absent."""
    folder = Path(os.environ.get("MARKETBOOK_REFERENCE_DATA", ROOT.parent / "shared" / "data"))

    def find(name: str) -> Path:
        file = folder / name
        if not file.exists():
            missing = f"reference data {name} is not in {folder}; set MARKETBOOK_REFERENCE_DATA"
            pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
        return file

    return find


@pytest.fixture(autouse=True)
def _speak_english() -> Iterator[None]:
    """Tests read English message ids unless they speak another language themselves."""
    with language.speaking("en"):
        yield


@pytest.fixture(scope="module", autouse=True)
def _nothing_read_before() -> None:
    """What fixtures of another file have read is not remembered for those of this one."""
    connection._sources.clear()


@pytest.fixture(autouse=True)
def _nothing_read_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel remembers which datasets it read; a test is a kernel of its own."""
    monkeypatch.setattr(connection, "_sources", {})


@pytest.fixture(autouse=True)
def _own_settings() -> Iterator[None]:
    """What a test sets in the environment is not remembered for the next one."""
    yield
    config.settings.cache_clear()


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of the test's own, with empty notebooks/ and params/; settings point there."""
    for folder in ("notebooks", "params", "outputs"):
        (tmp_path / folder).mkdir()
    monkeypatch.setenv("MARKETBOOK_HOME", str(tmp_path))
    config.settings.cache_clear()
    return tmp_path
