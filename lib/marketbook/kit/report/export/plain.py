"""What workbook and slides say in plain text: Markdown without its marks, and the notes that end them."""

import re

from marketbook.kit import language
from marketbook.kit.config import settings
from marketbook.kit.language import gettext as _
from marketbook.kit.report.document import Document


def plain_text(markdown: str) -> str:
    """Return Markdown without its marks, on one line.

    Example:
        >>> plain_text("**Who** knows [us](https://example.com)?")
        'Who knows us?'
    """
    linked = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    return " ".join(re.sub(r"[*`#]+|(?<!\w)_|_(?!\w)", "", linked).split())


def run_notes(document: Document) -> list[tuple[str, str, str]]:
    """Return what a reader needs to check or repeat the report: what it is about, name, value."""
    run = _("Run")
    taken = (
        [(run, _("Seconds taken"), language.format_number(document.seconds, decimals=1))] if document.seconds else []
    )
    return [
        *((_("Parameters"), p.title, p.value) for p in document.parameters),
        *((_("Data and fingerprints"), name, mark) for name, mark in document.titled(document.sources).items()),
        (run, _("Notebook"), document.notebook),
        (run, _("Run at"), f"{language.format_datetime(document.moment)} {settings().time_zone}"),
        *taken,
        *((_("Versions"), _(name), version) for name, version in document.versions.items()),
    ]
