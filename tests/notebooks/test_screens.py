"""A screen is two cells below its title: an import, and `screen.show()`; whom it is for stands in its metadata."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.notebooks.test_structure import is_screen

from marketbook.app import catalogue
from marketbook.kit.config import settings
from marketbook.kit.records.person import ROLES

SCREENS = [path for path in sorted(settings().notebooks.rglob("*.ipynb")) if is_screen(path)]

pytestmark = pytest.mark.parametrize("path", SCREENS, ids=[path.stem for path in SCREENS])


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def test_it_is_a_title_an_import_and_a_call(path: Path) -> None:
    title, imported, shown = ["".join(cell["source"]) for cell in read(path)["cells"]]
    assert title.startswith("# ")
    assert title.count("\n# ") == 0
    assert re.fullmatch(rf"from marketbook\.{path.parent.name}(\.\w+)? import (\w+ as )?screen", imported)
    assert shown == "screen.show()"


def test_it_is_stored_without_outputs_on_our_kernel(path: Path) -> None:
    assert [cell["outputs"] for cell in read(path)["cells"] if cell["cell_type"] == "code"] == [[], []]
    assert read(path)["metadata"]["kernelspec"]["name"] == "marketbook"


def test_it_names_its_chapter_and_its_roles(path: Path) -> None:
    about = read(path)["metadata"]["marketbook"]
    assert about["chapter"] == path.parent.name
    assert about["roles"]
    assert set(about["roles"]) <= set(ROLES)


def test_it_is_a_screen_and_no_report(path: Path) -> None:
    name = path.relative_to(settings().notebooks).with_suffix("").as_posix()
    assert name in [screen.name for screen in catalogue.screens()]
    assert name not in [report.name for report in catalogue.reports()]
