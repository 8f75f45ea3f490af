"""What a run ran with: our version and commit, Python, and the libraries that results depend on."""

import platform
import subprocess
from importlib import metadata
from pathlib import Path

from marketbook.kit.language import mark

_PACKAGES = ("marketbook", "pandas", "numpy", "scipy", "statsmodels", "scikit-learn", "ibis-framework", "duckdb")


def versions(home: Path) -> dict[str, str]:
    """Return versions by name; `commit` only where the workspace is a git checkout.

    Args:
        home: The workspace.
    """
    found = {"python": platform.python_version()} | {name: _installed(name) for name in _PACKAGES}
    commit = _git(home, "rev-parse", "--short=12", "HEAD")
    if commit:
        changed = _git(home, "status", "--porcelain", "--untracked-files=no", "--", "lib", "notebooks", "params")
        found[mark("commit")] = f"{commit}-dirty" if changed else commit
    return {name: version for name, version in found.items() if version}


def _installed(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _git(home: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", "-C", home, *arguments], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
