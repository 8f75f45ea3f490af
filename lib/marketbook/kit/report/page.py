"""A finding as a piece of HTML: sentence, headline numbers, picture, table, caveats.

The same piece shows itself in a notebook, in an app and in the saved page; it needs nothing from outside.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from importlib import resources

from marketbook.kit.language import gettext as _
from marketbook.kit.language import speaking
from marketbook.kit.report.draw import NARROW, WIDE, svg
from marketbook.kit.report.finding import Cell, Column, Finding, Number
from marketbook.kit.report.format import decimals_of, write
from marketbook.kit.report.measure import width_of
from marketbook.kit.report.theme import FONTS, TAGS
from marketbook.kit.report.thin import thin

MOST_ROWS, PRINTED_ROWS = 200, 15
LONG_TEXT, SHORT_HEAD, MANY_COLUMNS = 13, 7, 7
_FRAME = ".mb-finding{padding:.9em 1.1em;border-radius:6px}.mb-finding.mb-finding.mb-finding tbody tr{background:none}"
_FIGURE = re.compile(r"<figure>.*?</figure>", re.DOTALL)


@lru_cache(maxsize=1)
def style() -> str:
    """Return the style of pieces; it touches nothing but them."""
    return (resources.files(__package__) / "piece.css").read_text("utf-8")


def as_html(finding: Finding) -> str:
    """Write a finding as a piece of HTML that needs nothing from outside, its style included."""
    return f"<style>{_insistent_style()}</style>{piece(finding, figure=figure(finding))}"


@lru_cache(maxsize=1)
def _insistent_style() -> str:
    """JupyterLab's own rules for tables and headings are specific; in a notebook ours must be more so."""
    return style().replace(".mb-finding ", ".mb-finding.mb-finding.mb-finding ") + _FRAME


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
    return [heading, f'<p class="mb-text">{escape(finding.text)}</p>', _tiles(finding)]


def _shown(finding: Finding) -> list[str]:
    return [_table(finding), _caveats(finding.caveats)]


def _tiles(finding: Finding) -> str:
    tiles = "".join(
        f'<div class="mb-tile"><dt>{escape(n.title)}</dt>'
        f'<dd class="mb-value">{_opening(n.written, finding.behind.number(n.name), n.value)}</dd>{_interval(n)}</div>'
        for n in finding.numbers
    )
    return f'<dl class="mb-tiles">{tiles}</dl>' if tiles else ""


def _interval(number: Number) -> str:
    return f'<dd class="mb-ci">{escape(number.written_ci)}</dd>' if number.written_ci else ""


def _opening(written: str, rows: str, value: Cell) -> str:
    """Wrap a number in what opens its rows: no link by itself; the app's server makes one of `data-rows`."""
    if not rows or value is None:
        return escape(written)
    return f'<a class="mb-rows" data-rows="{escape(rows)}">{escape(written)}</a>'


def _table(finding: Finding) -> str:
    table = finding.table
    if not table.rows:
        return ""
    head = "".join(f'<th class="{_classes(column.title, column, head=True)}">{escape(column.title)}</th>'
                   for column in table.columns)  # fmt: skip
    decimals = [decimals_of(table.values(column.name)) for column in table.columns]
    body = "".join(_row(finding, place, decimals) for place in range(min(len(table.rows), MOST_ROWS)))
    box = "mb-scroll mb-long" if len(table.rows) > PRINTED_ROWS else "mb-scroll"
    many = ' class="mb-many"' if len(table.columns) > MANY_COLUMNS else ""
    rows = f"<table{many}><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="{box}">{rows}</div>{_left_out(len(table.rows))}'


def _left_out(rows: int) -> str:
    """A long table is cut, on paper sooner than on the screen."""
    said = _("The first {shown} of {all} rows; the workbook holds all.")
    if rows > MOST_ROWS:
        return f'<p class="mb-note">{escape(said.format(shown=MOST_ROWS, all=rows))}</p>'
    if rows > PRINTED_ROWS:
        return f'<p class="mb-note mb-printed">{escape(said.format(shown=PRINTED_ROWS, all=rows))}</p>'
    return ""


def _row(finding: Finding, place: int, decimals: Sequence[int]) -> str:
    cells = zip(finding.table.rows[place], finding.table.columns, decimals, strict=True)
    return f"<tr>{''.join(_cell(finding, place, *cell) for cell in cells)}</tr>"


def _cell(finding: Finding, place: int, value: Cell, column: Column, decimals: int) -> str:
    written = write(value, column.kind, currency=finding.currency, decimals=decimals)
    rows = finding.behind.cell(column.name, place) if _numeric(column) else ""
    return f'<td class="{_classes(written, column)}">{_opening(written, rows, value)}</td>'


def _numeric(column: Column) -> bool:
    return column.kind not in ("text", "date", "month")


def _classes(written: str, column: Column, *, head: bool = False) -> str:
    """Numbers keep their digits under one another and their line whole; long text gets room to break."""
    name = "mb-n" if _numeric(column) else ""
    if not head and not name:
        return "mb-w" if width_of(written) > LONG_TEXT else "mb-s"
    return f"{name} mb-s".strip() if width_of(written) <= SHORT_HEAD else name


def _caveats(caveats: tuple[str, ...]) -> str:
    items = "".join(f"<li>{escape(caveat)}</li>" for caveat in caveats)
    return f'<ul class="mb-caveats">{items}</ul>' if items else ""
