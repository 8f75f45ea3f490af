"""Runs entered into a store as if they had been run."""

from datetime import UTC, datetime, timedelta
from typing import Any

from marketbook.app.catalogue import Report
from marketbook.app.history import NotebookRun
from marketbook.app.server.home.figures import standing_hash
from marketbook.kit.store import Store

MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)


def numbers(share: float = 0.5, n: int = 100) -> list[dict[str, Any]]:
    """Two headline numbers of a finding, and one of another."""
    return [
        {"finding": "trend", "name": "share", "title": "知名度", "kind": "share", "value": share,
         "low": share - 0.02, "high": share + 0.02, "written": f"{share:.1%}", "written_ci": "[..]"},
        {"finding": "trend", "name": "p_value", "title": "p", "kind": "p", "value": 0.01, "written": "0.010"},
        {"finding": "trend", "name": "n", "title": "受访人数", "kind": "count", "value": n, "written": str(n)},
        {"finding": "other", "name": "n", "title": "其他", "kind": "count", "value": 5, "written": "5"},
    ]  # fmt: skip


def enter(store: Store, report: Report, *, weeks_ago: int = 0, **known: Any) -> int:
    """Enter a run that began on a Monday; everything can be said otherwise."""
    began = MONDAY - timedelta(weeks=weeks_ago)
    values = {
        "notebook": report.notebook, "variant": report.variant, "language": "zh_Hans", "status": "succeeded",
        "parameters_hash": standing_hash(report), "scheduled_for": began, "started_at": began, "process": "test",
        "ended_at": began + timedelta(seconds=8), "parameters": {}, "versions": {}, "data": {"sales": f"{weeks_ago}"},
        "numbers": numbers(), "headline": "一半的人知道青禾优品。", "folder": f"{report.name}/{weeks_ago}", "error": "",
    }  # fmt: skip
    run = NotebookRun(**(values | known))
    with store.writing() as session:
        session.add(run)
        session.flush()
        return run.id
