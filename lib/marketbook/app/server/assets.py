"""Style and scripts of our pages, kept by browsers for as long as they stay the same."""

import gzip
import hashlib
from functools import lru_cache
from importlib import resources

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.web import HTTPError

from marketbook.app.server.handler import PageHandler, read_asset
from marketbook.kit import forms
from marketbook.kit.report.export.html import style as report_style

TYPES = {
    "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml; charset=utf-8",
    "woff2": "font/woff2",
}  # fmt: skip
FRONT = ("front.css", "front.js", "fontawesome-webfont.woff2")
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
        self.set_header("Content-Type", TYPES[name.rpartition(".")[2]])
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")
        self.set_header("Vary", "Accept-Encoding")
        if name.endswith("woff2") or "gzip" not in self.request.headers.get("Accept-Encoding", ""):
            self.finish(found)
        else:
            self.set_header("Content-Encoding", "gzip")
            self.finish(_compressed(name))


@lru_cache(maxsize=1)
def everything() -> dict[str, bytes]:
    """Return the files by name."""
    own = {name: read_asset(name) for name in FILES} | {name: _front(name) for name in FRONT}
    return own | {"report.css": report_style().encode(), "form.css": forms.style().encode()}


@lru_cache(maxsize=64)
def _compressed(name: str) -> bytes:
    return gzip.compress(everything()[name], 9, mtime=0)


def _front(name: str) -> bytes:
    return (resources.files(__package__) / "front" / "built" / name).read_bytes()


def asset(name: str) -> str:
    """Return the address of a file, with its digest."""
    return f"/assets/{name}?v={hashlib.sha256(everything()[name]).hexdigest()[:12]}"
