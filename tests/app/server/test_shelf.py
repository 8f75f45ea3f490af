"""The catalogue as the server sees it, while somebody writes a notebook."""

import logging
from pathlib import Path

import pytest
from tests.app.conftest import Make

from marketbook.app.server import shelf


@pytest.fixture(autouse=True)
def _nothing_read_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "_shelf", shelf._Shelf())


def test_a_report_without_a_parameter_class_is_left_out_and_told(
    make: Make, workspace: Path, caplog: pytest.LogCaptureFixture
) -> None:
    half_way = make("count-things", "n").with_name("count-others.ipynb")
    half_way.write_bytes((workspace / "notebooks" / "trial" / "count-things.ipynb").read_bytes())
    with caplog.at_level(logging.WARNING, logger="marketbook.server"):
        assert [report.name for report in shelf.reports()] == ["trial/count-things"]
    assert "trial/count-others is left out: " in caplog.text
    assert "CountOthers" in caplog.text
