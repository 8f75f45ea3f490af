"""What all pages of one notebook share: it is there, and the reader may open it."""

from tornado.web import HTTPError

from marketbook.app.catalogue import Report
from marketbook.app.server import access
from marketbook.app.server.handler import PageHandler
from marketbook.kit.facts import Dataset


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

    def data_page(self, dataset: Dataset) -> str:
        """Return where a dataset's rows are brought in, for those who may; empty for others."""
        return f"/data/{dataset.name}" if access.may_import_into(self.reader, dataset) else ""
