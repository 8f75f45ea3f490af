"""Style and scripts of our pages, kept by browsers for as long as they stay the same."""

import hashlib
from functools import lru_cache

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.web import HTTPError

from marketbook.app.server.handler import PageHandler, read_asset
from marketbook.kit import forms
from marketbook.kit.report.export.html import style as report_style

TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
FILES = ("app.css", "app.js", "data.css", "data.js")


class AssetHandler(PageHandler):
    """Answers with a file."""

    before_password = True

    @allow_unauthenticated
    def get(self, name: str) -> None:
        """Send it; its address changes when it does."""
        found = everything().get(name)
        if found is None:
            raise HTTPError(404)
        self.set_header("Content-Type", f"{TYPES[name.rpartition('.')[2]]}; charset=utf-8")
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")
        self.finish(found)


@lru_cache(maxsize=1)
def everything() -> dict[str, bytes]:
    """Return the files by name."""
    own = {name: read_asset(name) for name in FILES}
    return own | {"report.css": report_style().encode(), "form.css": forms.style().encode()}


def asset(name: str) -> str:
    """Return the address of a file, with its digest."""
    return f"/assets/{name}?v={hashlib.sha256(everything()[name]).hexdigest()[:12]}"
