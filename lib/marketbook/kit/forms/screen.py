"""A screen: widgets that people work with. Its notebook has two cells: an import, and `screen.show()`.

Only the app server's kernels serve somebody. In JupyterLab, and to whoever holds none of its roles, it says why there
is nothing to see.
"""

from collections.abc import Callable, Collection, Iterable
from html import escape

from IPython.display import HTML, display
from ipywidgets import Box, VBox, Widget

from marketbook.kit import language, visitor
from marketbook.kit.errors import MarketbookError
from marketbook.kit.forms import served
from marketbook.kit.visitor import Visitor


def show(build: Callable[[Visitor], Widget], *, roles: Collection[str]) -> None:
    """Show a screen to who is served, in the visitor's language.

    Args:
        build: Makes it.
        roles: Who may see it, as of today.
    """
    try:
        who = visitor.required()
        language.use(who.language)
        with served.store().reading() as session:
            served.check(session, roles)
        display(build(who))  # type: ignore[no-untyped-call]  # IPython is untyped
    except MarketbookError as error:
        told = HTML(f'<p class="mb-notice" role="status">{escape(str(error))}</p>')  # type: ignore[no-untyped-call]
        display(told)  # type: ignore[no-untyped-call]


def bring_forward(shown: Iterable[Widget]) -> None:
    """Have the first form, or what is told, come into view when it is shown."""
    found = [one for one in shown if hasattr(one, "described") or isinstance(one, Box)]
    if found and isinstance(found[0], Box):
        bring_forward(found[0].children)
    elif found:
        found[0].described = {**found[0].described, "focus": True}


class Panel(VBox):  # type: ignore[misc]  # ipywidgets is untyped
    """Where a screen opens its forms: each time others, which come into view."""

    def turn_to(self, *shown: Widget) -> None:
        """Show forms, and what is told beside them, in place of those that stand there; the first one gets the keys."""
        before = self.children  # type: ignore[has-type]
        bring_forward(shown)
        self.children = shown
        for one in before:
            if one not in shown:
                one.close()
