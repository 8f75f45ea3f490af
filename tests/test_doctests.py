"""The examples in the docstrings of the library are true."""

import doctest
import importlib
from pathlib import Path

import pytest

LIBRARY = Path(__file__).parents[1] / "lib"
MODULES = [
    ".".join(file.relative_to(LIBRARY).with_suffix("").parts)
    for file in sorted(LIBRARY.rglob("*.py"))
    if ">>> " in file.read_text("utf-8")
]


@pytest.mark.parametrize("name", [name.removesuffix(".__init__") for name in MODULES])
def test_its_examples_are_true(name: str) -> None:
    module = importlib.import_module(name)
    done = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    assert done.attempted > 0
    assert done.failed == 0
