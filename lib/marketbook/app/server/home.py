"""The first screen: what a reader of these roles has to know and to do."""

from marketbook.app.server import access, shelf
from marketbook.app.server.handler import PageHandler


class HomeHandler(PageHandler):
    """The first screen."""

    def get(self) -> None:
        """Show it."""
        reports = access.opened_by(self.reader, shelf.reports())
        self.render_page("home.html.j2", reports=reports, screens=access.opened_by(self.reader, shelf.screens()))
