"""Something told on a screen as HTML: written by an escaping template, never by hand."""

from typing import Any

import anywidget
import traitlets
from markupsafe import Markup

from marketbook.kit.forms import words
from marketbook.kit.forms.script import script, style
from marketbook.kit.language import current


class Told(anywidget.AnyWidget):
    """A piece of a screen that is read.

    Example:
        >>> Told(Markup("<p>{}</p>").format("a < b")).described["html"]
        '<p>a &lt; b</p>'
    """

    _esm = script("told")
    _css = style()
    described = traitlets.Dict().tag(sync=True)

    def __init__(self, html: Markup, **more: Any) -> None:  # noqa: ANN401  # a widget's
        """Show it.

        Args:
            html: What templates with autoescape and `Markup.format` give; its first `mb-title` takes the focus when it
                comes into view.
            more: As for any widget.
        """
        if not isinstance(html, Markup):
            raise TypeError("only what a template has escaped is shown as HTML")
        super().__init__(described={"html": str(html), "tag": words.TAGS[current()]}, **more)


def sentence(text: str, *, refused: bool = False) -> Told:
    """Return what was done, or why it could not be, as a sentence that is read out and comes into view.

    Example:
        >>> sentence("Saved.").described["html"]
        '<p class="mb-done" role="status" tabindex="-1">Saved.</p>'
    """
    kind, role = ("mb-refused", "alert") if refused else ("mb-done", "status")
    return Told(Markup('<p class="{}" role="{}" tabindex="-1">{}</p>').format(kind, role, text))
