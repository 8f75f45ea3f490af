"""A screen: widgets that people work with. Its notebook has two cells: an import, and `screen.show()`.

Only the app server's kernels serve somebody. In JupyterLab, and to whoever holds none of its roles, it says why there
is nothing to see.
"""

from collections.abc import Callable, Collection
from html import escape

from IPython.display import HTML, display
from ipywidgets import VBox, Widget

from marketbook.kit import language, visitor
from marketbook.kit.errors import MarketbookError
from marketbook.kit.forms import served
from marketbook.kit.forms.record_form import Form
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


class Panel(VBox):  # type: ignore[misc]  # ipywidgets is untyped
    """Where a screen opens its forms: each time others, which come into view."""

    def turn_to(self, first: Form, *more: Form) -> None:  # type: ignore[type-arg]
        """Show forms in place of those that stand there."""
        before = self.children  # type: ignore[has-type]
        first.described = {**first.described, "focus": True}
        self.children = (first, *more)
        for one in before:
            one.close()
