"""Every notebook keeps the house's form: order, short cells, a sentence before each code cell, params as its model.

Screens have a form of their own: `test_screens`.
"""

import ast
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import to_jsonable_python

from marketbook.app.catalogue import params_class
from marketbook.kit.config import settings
from marketbook.kit.params import Params


def is_screen(path: Path) -> bool:
    about = json.loads(path.read_text("utf-8"))["metadata"].get("marketbook", {})
    return bool(about.get("kind") == "screen")


NOTEBOOKS = [path for path in sorted(settings().notebooks.rglob("*.ipynb")) if not is_screen(path)]
IDS = [str(path.relative_to(settings().notebooks).with_suffix("")) for path in NOTEBOOKS]

pytestmark = pytest.mark.parametrize("path", NOTEBOOKS, ids=IDS)


def cells(path: Path, kind: str = "code") -> list[dict[str, Any]]:
    return [cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == kind]


def model_of(path: Path) -> type[Params]:
    return params_class(path.relative_to(settings().notebooks).with_suffix("").as_posix())


def code(path: Path) -> list[str]:
    return ["".join(cell["source"]) for cell in cells(path)]


def parameters(path: Path) -> dict[str, Any]:
    tagged = [cell for cell in cells(path) if "parameters" in cell["metadata"].get("tags", [])]
    assert len(tagged) == 1
    tree = ast.parse("".join(tagged[0]["source"]))
    return {node.targets[0].id: ast.literal_eval(node.value) for node in tree.body if isinstance(node, ast.Assign)}


def test_it_has_one_title_and_it_comes_first(path: Path) -> None:
    markdown = ["".join(cell["source"]) for cell in cells(path, "markdown")]
    titles = [line for text in markdown for line in text.splitlines() if line.startswith("# ")]
    assert len(titles) == 1
    assert markdown[0].startswith(titles[0])


def test_its_parameters_are_those_of_its_model(path: Path) -> None:
    model = model_of(path)
    declared = {name: field.default for name, field in model.model_fields.items() if name != "language"}
    found = model.check(parameters(path))
    assert set(parameters(path)) == set(declared)
    assert to_jsonable_python(found.model_dump(exclude={"language"})) == to_jsonable_python(
        model().model_dump(exclude={"language"})
    )


def test_each_parameter_is_described_to_the_reader(path: Path) -> None:
    markdown = "\n".join("".join(cell["source"]) for cell in cells(path, "markdown"))
    assert [name for name in parameters(path) if f"`{name}`" not in markdown] == []


def test_each_parameter_has_a_title_and_a_help_text(path: Path) -> None:
    fields = model_of(path).model_fields
    assert [name for name, field in fields.items() if not (field.title and field.description)] == []


def test_it_holds_no_definition_and_no_loop(path: Path) -> None:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While, ast.Lambda, ast.Try)
    assert [
        ast.dump(node)[:60] for text in code(path) for node in ast.walk(ast.parse(text)) if isinstance(node, kinds)
    ] == []


def test_its_cells_are_short(path: Path) -> None:
    assert max(len(text.splitlines()) for text in code(path) if text) <= 10
    assert sum(line.startswith(("import ", "from ")) for text in code(path) for line in text.splitlines()) <= 3


def test_a_sentence_stands_before_each_code_cell(path: Path) -> None:
    kinds = [cell["cell_type"] for cell in json.loads(path.read_text("utf-8"))["cells"]]
    assert kinds[0] == "markdown"
    assert not [i for i, pair in enumerate(itertools.pairwise(kinds)) if pair == ("code", "code")]


def test_it_is_stored_without_outputs(path: Path) -> None:
    kept = {"keep_output", "nbval-check-output"}
    loud = [cell for cell in cells(path) if cell["outputs"] and not kept <= set(cell["metadata"].get("tags", []))]
    assert loud == []


def test_its_first_code_opens_the_run_with_its_own_model(path: Path) -> None:
    assert f"run = {model_of(path).__name__}.open(globals())" in "\n".join(code(path)[1:2])


def test_a_params_file_stands_beside_it(path: Path) -> None:
    assert (settings().params / path.relative_to(settings().notebooks)).with_suffix(".yml").exists()
