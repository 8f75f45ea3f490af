"""What all pages of one notebook share: it is there, and the reader may open it."""

from tornado.web import HTTPError

from marketbook.app.catalogue import Report
from marketbook.app.server import access
from marketbook.app.server.handler import PageHandler


class NotebookHandler(PageHandler):
    """A page of a report or a screen."""

    def notebook(self, found: Report | None) -> Report:
        """Return the notebook, for those who may open it.

        Raises:
            HTTPError: 404 where there is none, 403 where the reader may not open it.
        """
        if found is None:
            raise HTTPError(404)
        self.require(access.may_open(self.reader, found))
        return found

    @property
    def data_page(self) -> str:
        """Where data is brought in, for those who may; empty for others and where the server has no such page."""
        return page_at(self, "/data") if access.may_import(self.reader) else ""


def page_at(handler: PageHandler, path: str) -> str:
    """Return a path of ours; empty where no page answers it."""
    rules = handler.application.wildcard_router.rules[:-1]  # the last one answers everything, with 404
    return path if any(rule.matcher.regex.match(path) for rule in rules) else ""
