"""What published runs of a report remember for those that follow: the figures that these compare their own with."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from marketbook.kit.config import settings
from marketbook.kit.report.finding import called
from marketbook.kit.report.result import RESULT_MIME, Result

LAST = 20
"""How many runs are looked through, the last ones first."""


@dataclass(frozen=True)
class Earlier:
    """What a run remembers.

    Attributes:
        ran_at: When the run began.
        remembered: What the result has later runs compare with, as plain JSON values.
    """

    ran_at: datetime
    remembered: Mapping[str, Any]


def remembered(report: str, kind: type[Result]) -> Iterator[Earlier]:
    """Yield what published runs of a report remember, the last run first, in whatever language it was made.

    A run that cannot be read any more, or that remembers nothing, is left out.

    Args:
        report: Its name: `budget/model-response`.
        kind: Whose result it is.
    """
    outputs = settings().outputs / report
    if not outputs.is_dir():
        return
    runs = sorted(folder for folder in outputs.iterdir() if folder.is_dir() and folder.name[:1].isdigit())
    for folder in reversed(runs[-LAST:]):
        with suppress(OSError, ValueError, KeyError, TypeError):  # deleted meanwhile, or of another version
            began = datetime.fromisoformat(json.loads((folder / "run.json").read_text("utf-8"))["started_at"])
            yield from (Earlier(began, one) for one in _of(folder, called(kind)))


def _of(folder: Path, name: str) -> list[Mapping[str, Any]]:
    notebook = json.loads((folder / "report.ipynb").read_text("utf-8"))
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", ())]
    found = [output.get("data", {}).get(RESULT_MIME, {}) for output in outputs]
    return [one["remembered"] for one in found if one.get("name") == name and one.get("remembered")]
