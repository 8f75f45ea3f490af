"""Which address of the data pages is answered by which handler."""

from typing import Any

from marketbook.app.server.data import datasets, uploads
from marketbook.app.server.data.checks import Desk

DATASET = r"/data/(?P<name>[a-z0-9_]+)"
UPLOAD = rf"{DATASET}/uploads/(?P<key>[A-Za-z0-9_-]+)"


def routes() -> list[tuple[Any, ...]]:
    """Return the routes; all their handlers share one desk."""
    desk = {"desk": Desk()}
    return [
        (r"/data", datasets.DataIndexHandler, desk),
        (DATASET, datasets.DatasetHandler, desk),
        (rf"{DATASET}/template\.(?P<ending>csv|xlsx)", datasets.TemplateHandler, desk),
        (rf"{DATASET}/uploads", uploads.ReceiveHandler, desk),
        (UPLOAD, uploads.UploadHandler, desk),
        (rf"{UPLOAD}/state", uploads.UploadStateHandler, desk),
        (rf"{UPLOAD}/check", uploads.CheckHandler, desk),
        (rf"{UPLOAD}/commit", uploads.CommitHandler, desk),
        (rf"{UPLOAD}/discard", uploads.DiscardHandler, desk),
        (rf"{UPLOAD}/rejects\.(?P<ending>csv|xlsx)", uploads.RejectsHandler, desk),
    ]
