"""The widgets' script and style. A widget takes one module, so its files are put together in the order they need.

The files are modules that import only one another; nothing is fetched, and nothing is ever run from text.
"""

import re
from functools import lru_cache
from importlib import resources

_IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+)\.js";\n', re.MULTILINE)
_STYLES = ("form.css", "widget/widget.css", "widget/told.css", "widget/waiting.css", "widget/calendar.css",
           "widget/board.css", "widget/sliders.css",
)  # fmt: skip
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


@lru_cache(maxsize=8)
def script(name: str) -> str:
    """Return a widget's module: the file of that name after all that it imports.

    Args:
        name: A file of `widget/`, without its ending.
    """
    return "\n".join(_parts(name, []))


@lru_cache(maxsize=1)
def style() -> str:
    """Return the widgets' style: that of the plain forms, and what is more in a widget."""
    own = resources.files(__package__)
    return "".join((own / name).read_text("utf-8") for name in _STYLES)


def _parts(name: str, seen: list[str]) -> list[str]:
    if name in seen:
        return []
    seen.append(name)
    text = (resources.files(__package__) / "widget" / f"{name}.js").read_text("utf-8")
    before = [part for needed in _IMPORT.findall(text) for part in _parts(needed, seen)]
    return [*before, _EXPORT.sub("", _IMPORT.sub("", text))]
