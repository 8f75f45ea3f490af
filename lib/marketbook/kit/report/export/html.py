"""The page: one HTML file that opens and prints without a network, the headline first."""

from functools import lru_cache
from html import escape
from importlib import resources

import jinja2

from marketbook.kit import language
from marketbook.kit.config import settings
from marketbook.kit.report import page as pieces
from marketbook.kit.report.document import Code, Document, Output, Prose, Shown
from marketbook.kit.report.markdown import to_html
from marketbook.kit.report.theme import FONTS, TAGS


def page(document: Document) -> str:
    """Write a report as one HTML page in the document's language."""
    headline = document.shown[0] if document.shown else None
    with language.speaking(document.language):
        return _template().render(
            document=document,
            tag=TAGS[document.language],
            font=FONTS[document.language],
            style=pieces.style(),
            headline=pieces.headline(headline.finding) if headline else "",
            question=to_html(document.question),
            blocks=[_block(block, first=block is headline) for block in document.blocks],
            method=[_block(block) for block in document.method],
            ran_at=language.format_datetime(document.moment),
            zone=settings().time_zone,
            seconds=language.format_number(document.seconds, decimals=1),
        )


@lru_cache(maxsize=1)
def style() -> str:
    """Return the style of a page of findings."""
    return (resources.files(__package__) / "report.css").read_text("utf-8") + pieces.style()


@lru_cache(maxsize=1)
def _template() -> jinja2.Template:
    folder = resources.files(__package__)
    files = {name: (folder / name).read_text("utf-8") for name in ("report.html.j2", "report.css")}
    environment = jinja2.Environment(autoescape=True, loader=jinja2.DictLoader(files), undefined=jinja2.StrictUndefined)
    environment.globals["_"] = language.gettext
    return environment.get_template("report.html.j2")


def _block(block: Prose | Shown | Output | Code, *, first: bool = False) -> str:
    if isinstance(block, Prose):
        return f'<div class="prose">{to_html(block.markdown)}</div>'
    if isinstance(block, Code):
        return f'<pre translate="no"><code>{escape(block.source)}</code></pre>'
    if isinstance(block, Output):
        return _output(block)
    figure = block.figure or pieces.figure(block.finding)
    return pieces.evidence(block.finding, figure=figure) if first else pieces.piece(block.finding, figure=figure)


def _output(output: Output) -> str:
    if output.png:
        return f'<img class="output" alt="" src="data:image/png;base64,{escape(output.png)}">'
    return f'<pre class="output" translate="no">{escape(output.text)}</pre>'
