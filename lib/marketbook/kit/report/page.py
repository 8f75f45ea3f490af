"""A finding as a piece of HTML: sentence, headline numbers, picture, table, caveats.

The same piece shows itself in a notebook, in an app and in the saved page; it needs nothing from outside.
"""

import re
from functools import lru_cache
from html import escape
from importlib import resources

from marketbook.kit.language import gettext as _
from marketbook.kit.language import speaking
from marketbook.kit.report.draw import NARROW, WIDE, svg
from marketbook.kit.report.finding import Cell, Column, Finding, Number, Table
from marketbook.kit.report.format import write
from marketbook.kit.report.theme import FONTS, TAGS
from marketbook.kit.report.thin import thin

MOST_ROWS = 60
_FIGURE = re.compile(r"<figure>.*?</figure>", re.DOTALL)


@lru_cache(maxsize=1)
def style() -> str:
    """Return the style of pieces; it touches nothing but them."""
    return (resources.files(__package__) / "piece.css").read_text("utf-8")


def as_html(finding: Finding) -> str:
    """Write a finding as a piece of HTML that needs nothing from outside, its style included."""
    return f"<style>{style()}</style>{piece(finding, figure=figure(finding))}"


def piece(finding: Finding, *, figure: str = "") -> str:
    """Write a finding without its style.

    Args:
        finding: What is shown.
        figure: Its picture, drawn; empty to leave it out.
    """
    with speaking(finding.language):
        return _section(finding, [*_said(finding), figure, *_shown(finding)])


def headline(finding: Finding) -> str:
    """Write a finding's sentence and numbers only, to open a page."""
    with speaking(finding.language):
        return _section(finding, _said(finding))


def evidence(finding: Finding, *, figure: str = "") -> str:
    """Write what stands behind a headline: picture, table and caveats."""
    with speaking(finding.language):
        return _section(finding, [figure, *_shown(finding)])


def figure(finding: Finding) -> str:
    """Draw a finding's picture twice, for wide and for narrow windows; empty where it has none."""
    if finding.picture is None or not finding.picture.data.rows:
        return ""
    with speaking(finding.language):
        picture, note = thin(finding.picture)
        wide, narrow = (svg(picture, currency=finding.currency, width=width) for width in (WIDE, NARROW))
    said = f'<p class="mb-note">{escape(note)}</p>' if note else ""
    return (
        f"<figure><figcaption>{escape(picture.title)}</figcaption>"
        f'<div class="mb-wide">{wide}</div><div class="mb-narrow">{narrow}</div>{said}</figure>'
    )


def drawn_in(html: str) -> str:
    """Return the figure that a piece of HTML made by `as_html` holds, so that it is not drawn twice."""
    found = _FIGURE.search(html)
    return found[0] if found else ""


def _section(finding: Finding, parts: list[str]) -> str:
    font = escape(FONTS[finding.language])
    attributes = f'class="mb-finding" lang="{TAGS[finding.language]}" style="font-family:{font}"'
    return f"<section {attributes}>{''.join(parts)}</section>"


def _said(finding: Finding) -> list[str]:
    heading = f'<h3 class="mb-heading">{escape(finding.heading)}</h3>'
    return [heading, f'<p class="mb-text">{escape(finding.text)}</p>', _tiles(finding.numbers)]


def _shown(finding: Finding) -> list[str]:
    return [_table(finding.table, finding.currency), _caveats(finding.caveats)]


def _tiles(numbers: tuple[Number, ...]) -> str:
    tiles = "".join(
        f'<div class="mb-tile"><dt>{escape(n.title)}</dt><dd class="mb-value">{escape(n.written)}</dd>'
        f"{_interval(n)}</div>"
        for n in numbers
    )
    return f'<dl class="mb-tiles">{tiles}</dl>' if tiles else ""


def _interval(number: Number) -> str:
    return f'<dd class="mb-ci">{escape(number.written_ci)}</dd>' if number.written_ci else ""


def _table(table: Table, currency: str) -> str:
    if not table.rows:
        return ""
    head = "".join(f"<th{_side(column)}>{escape(column.title)}</th>" for column in table.columns)
    body = "".join(_row(row, table, currency) for row in table.rows[:MOST_ROWS])
    more = _("The first {shown} of {all} rows; the workbook holds all.").format(shown=MOST_ROWS, all=len(table.rows))
    said = f'<p class="mb-note">{escape(more)}</p>' if len(table.rows) > MOST_ROWS else ""
    return f'<div class="mb-scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{said}</div>'


def _row(row: tuple[Cell, ...], table: Table, currency: str) -> str:
    cells = zip(table.columns, row, strict=True)
    return f"<tr>{''.join(f'<td{_side(c)}>{escape(write(v, c.kind, currency=currency))}</td>' for c, v in cells)}</tr>"


def _side(column: Column) -> str:
    return "" if column.kind == "text" else ' class="mb-n"'


def _caveats(caveats: tuple[str, ...]) -> str:
    items = "".join(f"<li>{escape(caveat)}</li>" for caveat in caveats)
    return f'<ul class="mb-caveats">{items}</ul>' if items else ""
