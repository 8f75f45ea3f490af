"""environment.yml says what pyproject.toml says."""

import tomllib
from pathlib import Path

import yaml

from marketbook.app import environment

ROOT = Path(__file__).resolve().parents[2]
NAMED = ("jupyterlab", "papermill", "pandas", "scipy", "statsmodels", "ipywidgets", "voila", "nbval")


def test_it_is_up_to_date() -> None:
    assert (ROOT / "environment.yml").read_text("utf-8") == environment.environment(ROOT / "pyproject.toml")


def test_the_eight_are_visible_by_name() -> None:
    conda = [d for d in yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"] if isinstance(d, str)]
    assert set(NAMED) <= {d.partition(">")[0] for d in conda}


def test_every_dependency_is_in_it() -> None:
    text = (ROOT / "environment.yml").read_text()
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert text.count("\n  - ") + text.count("\n      - ") >= len(wanted)


def test_check_tells_the_difference(workspace: Path) -> None:
    (workspace / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    assert environment.main(["--check"]) == 1
    assert environment.main([]) == 0
    assert environment.main(["--check"]) == 0
