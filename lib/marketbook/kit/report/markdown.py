"""Markdown as HTML for a page that asks nothing of other hosts: raw HTML is shown, pictures must be inside."""

from functools import lru_cache
from html import escape
from typing import Any


def to_html(markdown: str) -> str:
    """Write Markdown as HTML.

    Example:
        >>> to_html("**A** <b>").strip()
        '<p><strong>A</strong> &lt;b&gt;</p>'
    """
    return str(_writer()(markdown))


@lru_cache(maxsize=1)
def _writer() -> Any:  # noqa: ANN401  # mistune's callable
    import mistune  # a kernel never needs it

    class Offline(mistune.HTMLRenderer):
        def image(self, text: str, url: str, title: str | None = None) -> str:  # noqa: ARG002
            return f'<img alt="{escape(text)}" src="{escape(url)}">' if url.startswith("data:image/") else escape(text)

        def inline_math(self, text: str) -> str:
            return f'<span class="math" translate="no">{escape(text)}</span>'

        def block_math(self, text: str) -> str:
            return f'<div class="math" translate="no">{escape(text)}</div>'

    return mistune.create_markdown(renderer=Offline(escape=True), plugins=["table", "strikethrough", "math"])
