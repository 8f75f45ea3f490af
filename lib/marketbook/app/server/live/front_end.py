"""What a page needs to bring its widgets to life: our own front end (its sources are in `front/`), and its kernel."""

import json
import re
from collections.abc import Iterable
from typing import Any

from marketbook.app.server.live.messages import LARGEST_MESSAGE
from marketbook.kit.language import gettext as _

NEEDS = ("blob:",)
"""What it asks of a page's security policy: anywidget's modules come as blobs. No text is compiled into code."""

NAMES_WIDGETS = re.compile(r"\b(ipywidgets|anywidget|traitlets|interact\w*|screen)\b")


def is_expected(sources: Iterable[str]) -> bool:
    """Tell whether a notebook's code looks as if it showed widgets: then the browser loads the front end meanwhile.

    Example:
        >>> is_expected(["import ipywidgets"]), is_expected(["from marketbook.plan import screen"]), is_expected(["1"])
        (True, True, False)
    """
    return any(NAMES_WIDGETS.search(source) for source in sources)


def kernel(kernel_id: str) -> str:
    """Return the element of the page that names its kernel."""
    told = {
        "kernelId": kernel_id,
        "largest": LARGEST_MESSAGE,
        "texts": {
            "failed": _("This did not work. Reference: {number}"),
            "tooLarge": _("That is too large to be sent."),
            "close": _("Close"),
        },
    }
    return f'<script type="application/json" id="jupyter-config-data">{_in_page(told)}</script>'


def _in_page(content: Any) -> str:  # noqa: ANN401  # any JSON
    """Write JSON so that nothing in it can end the element that it stands in."""
    written = json.dumps(content, ensure_ascii=False)
    for sign, code in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        written = written.replace(sign, code)
    return written
