"""Environments of the peers: each its own, in a cache folder outside the repository, made once; nothing enters ours."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

UV = Path(sys.executable).with_name("uv")
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "marketbook" / "bench"
PEERS = {
    "pymc-marketing": ("pymc-marketing==1.3.*", "nutpie"),
    "meridian": ("google-meridian==2.1.*",),
}


def python_of(peer: str) -> Path | None:
    """The Python that has a peer installed; None, said why, where it cannot be had."""
    folder = CACHE / peer
    python = folder / "bin" / "python"
    if (folder / "ready").exists():
        return python
    base = python_312()
    if base is None:
        print(f"{peer}: left out, it needs Python 3.12 and none was found (on PATH, or in PYENV_ROOT)", flush=True)
        return None
    print(f"{peer}: installing into {folder} ...", flush=True)
    make = [str(UV), "venv", "--quiet", "--clear", "--no-python-downloads", "--python", str(base), str(folder)]
    fill = [str(UV), "pip", "install", "--quiet", "--python", str(python), *PEERS[peer]]
    for command in (make, fill):
        went = subprocess.run(command, capture_output=True, text=True)
        if went.returncode:
            print(f"{peer}: left out, it could not be installed: {went.stderr.strip()[-500:]}", flush=True)
            return None
    (folder / "ready").touch()
    return python


def python_312() -> Path | None:
    """A Python 3.12: from PYENV_ROOT, or on the path."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    places = [*sorted(root.glob("versions/3.12*/bin/python")), Path(shutil.which("python3.12") or "/nowhere")]
    for place in places:
        if place.exists() and _answers(place):
            return place
    return None


def _answers(python: Path) -> bool:
    asked = [str(python), "-c", "import sys; print('{}.{}'.format(*sys.version_info))"]
    return subprocess.run(asked, capture_output=True, text=True).stdout.strip() == "3.12"
