"""Small screens for tests, in the invented chapter `trial`: what a page does when things go well, and when not."""

import shutil
from pathlib import Path

import nbformat

QUICK = "from marketbook.app.server.live import kernels; kernels.LOOK_EVERY_SECONDS = 0.2; kernels.ALONE_SECONDS = 8"
"""Code for a server that notices sooner: nobody waits for it in tests."""

SLIDER = """\
import ipywidgets, os, pathlib
pathlib.Path(os.environ["MARKETBOOK_HOME"], "slider.pid").write_text(str(os.getpid()))
slider, label = ipywidgets.IntSlider(value=3, max=10, description="n"), ipywidgets.Label("n is 3")
slider.observe(lambda change: setattr(label, "value", f"n is {change['new']}"), "value")
ipywidgets.VBox([slider, label])"""

LOOK = """\
import os, pathlib
from marketbook.kit import visitor
seen = [os.getpid(), sorted(os.environ.items()), pathlib.Path("/proc/self/environ").read_bytes()]
print(seen, visitor.served())"""

SLOW = """\
import os, pathlib, time
pathlib.Path(os.environ["MARKETBOOK_HOME"], "slow.pid").write_text(str(os.getpid()))
time.sleep(600)"""

SCREENS = {
    "slider": (("manager", "specialist"), SLIDER),
    "look": (("manager",), LOOK),
    "slow": (("manager",), SLOW),
    "wrong": (("manager",), "key = 'planted-in-a-cell'\nraise ValueError(key)"),
    "fatal": (("manager",), "import os\nos._exit(1)"),
}
"""Each screen's roles and its cell."""


def write(home: Path) -> None:
    """Put the screens into a workspace, beside copies of the notebooks that it links to."""
    ours = (home / "notebooks").resolve()
    (home / "notebooks").unlink()
    shutil.copytree(ours, home / "notebooks", ignore=shutil.ignore_patterns("pictures", ".*"))
    (home / "notebooks" / "trial").mkdir()
    for name, (roles, cell) in SCREENS.items():
        nbformat.write(_screen(name, roles, cell), home / "notebooks" / "trial" / f"{name}.ipynb")


def _screen(name: str, roles: tuple[str, ...], cell: str) -> nbformat.NotebookNode:
    made = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell(f"# Trial {name}"), nbformat.v4.new_code_cell(cell)]
    )
    made.metadata = {
        "kernelspec": {"name": "marketbook", "display_name": "Marketbook", "language": "python"},
        "marketbook": {"chapter": "trial", "roles": list(roles), "kind": "screen"},
    }
    return made
