"""A workspace with small notebooks of its own; history is tested on SQLite and on PostgreSQL."""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import ClassVar, Literal

import nbformat
import pytest
from pydantic import Field

from marketbook.kit.params import Params

Make = Callable[..., Path]


class CountThings(Params):
    """Parameters of the notebook `trial/count-things`."""

    needs: ClassVar[tuple[str, ...]] = ()
    n: int = Field(default=3, ge=1, le=10, title="How many", description="A whole number.")
    day: date = Field(default=date(2025, 1, 1), title="Day")
    channels: tuple[str, ...] = Field(default=("抖音",), title="Channels")
    kind: Literal["2024", "2025"] = Field(default="2025", title="Kind")


class NeedThings(Params):
    """Parameters of a notebook that needs a dataset."""

    needs: ClassVar[tuple[str, ...]] = ("sales_weeks",)


@pytest.fixture
def make(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Return a function that writes a notebook of the invented domain `trial`, and its params file."""
    module = ModuleType("marketbook.trial.params")
    module.CountThings, module.NeedThings = CountThings, NeedThings  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "marketbook.trial", ModuleType("marketbook.trial"))
    monkeypatch.setitem(sys.modules, "marketbook.trial.params", module)

    def write(name: str = "count-things", *cells: str, params: str | None = None, like: str = "CountThings") -> Path:
        capitals = "".join(part.capitalize() for part in name.split("-"))
        setattr(module, capitals, getattr(module, like))
        file = workspace / "notebooks" / "trial" / f"{name}.ipynb"
        file.parent.mkdir(exist_ok=True)
        nbformat.write(notebook(*cells), file)
        if params is not None:
            (workspace / "params" / "trial").mkdir(exist_ok=True)
            (workspace / "params" / "trial" / f"{name}.yml").write_text(params, "utf-8")
        return file

    return write


def notebook(*cells: str) -> nbformat.NotebookNode:
    parameters = nbformat.v4.new_code_cell("n = 3", metadata={"tags": ["parameters"]})
    code = [nbformat.v4.new_code_cell(cell) for cell in cells]
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Count things"), parameters, *code])
    made.metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "marketbook": {"chapter": "trial", "roles": ["specialist"]},
    }
    return made
