"""environment.yml for conda users, generated from pyproject.toml: `python -m marketbook.app.environment [--check]`."""

import re
import sys
import tomllib
from pathlib import Path

from marketbook.kit.config import settings

ONLY_ON_PYPI = frozenset({"chinesecalendar", "opencc"})
"""Packages that conda-forge does not have as Python packages."""

CONDA_NAMES = {"duckdb": "python-duckdb", "ibis-framework[duckdb]": "ibis-duckdb"}
"""What conda-forge calls differently."""

HEAD = """\
# Generated from pyproject.toml by `make environment`; do not edit.
# conda env create -f environment.yml && conda activate marketbook
name: marketbook
channels:
  - conda-forge
dependencies:
"""


def environment(project: Path) -> str:
    """Return the text of environment.yml.

    Args:
        project: The pyproject.toml.
    """
    declared = tomllib.loads(project.read_text("utf-8"))["project"]
    wanted = [*declared["dependencies"], *declared["optional-dependencies"]["postgres"]]
    conda = [f"python{declared['requires-python']}", *(_conda(w) for w in wanted if _name(w) not in ONLY_ON_PYPI)]
    pip = [w.replace(" ", "") for w in wanted if _name(w) in ONLY_ON_PYPI]
    lines = [*(f'  - "{spec}"' for spec in [*conda, "pip"]), "  - pip:", *(f'      - "{spec}"' for spec in pip)]
    return HEAD + "\n".join([*lines, '      - "--editable ."']) + "\n"


def main(arguments: list[str]) -> int:
    """Write environment.yml at the root of the checkout, or only check it."""
    root = settings().home
    file, wanted = root / "environment.yml", environment(root / "pyproject.toml")
    if "--check" not in arguments:
        file.write_text(wanted, "utf-8")
        return 0
    if file.exists() and file.read_text("utf-8") == wanted:
        return 0
    sys.stderr.write(f"{file} differs from pyproject.toml; run 'make environment'.\n")
    return 1


def _name(requirement: str) -> str:
    return re.split(r"[<>=!~\[ ]", requirement, maxsplit=1)[0].lower()


def _conda(requirement: str) -> str:
    match = re.fullmatch(r"([\w.-]+(?:\[\w+\])?)\s*(.*)", requirement)
    if match is None:
        raise ValueError(requirement)
    name, versions = match.groups()
    return CONDA_NAMES.get(name, name.partition("[")[0]).lower() + versions.replace(" ", "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
