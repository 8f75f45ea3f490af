"""The one sentence at the top of the home page: what is new, what changed most, what failed, what comes next."""

from collections.abc import Iterator, Sequence

from marketbook.app.server import moments
from marketbook.app.server.home.blocks import Reading
from marketbook.app.server.home.figures import Card, Figure
from marketbook.kit.language import gettext as _
from marketbook.kit.language import ngettext


def summary(reading: Reading) -> str:
    """Sum up what a reader's reports say, in one sentence; empty where there is nothing to say."""
    parts = list(_parts(reading))
    text = _("{told}.").format(told=_("; ").join(parts)) if parts else ""
    return text[:1].upper() + text[1:]


def changed_most(cards: Sequence[Card]) -> tuple[Card, Figure] | None:
    """Return the headline number that has changed most as a part of what it was, and its report."""
    moved = [(card, one) for card in cards for one in card.figures if one.change and one.change.rise]
    return max(moved, key=lambda pair: pair[1].change.size if pair[1].change else 0.0, default=None)


def _parts(reading: Reading) -> Iterator[str]:
    if count := len(reading.waiting.rows):
        told = ngettext("{n} record waits for your decision", "{n} records wait for your decision", count)
        yield told.format(n=f"{count}+" if reading.waiting.next else count)
    fresh = sum(1 for card in reading.cards if moments.is_today(card.run.ended_at or card.run.started_at))
    if fresh:
        yield ngettext("{n} report is new today", "{n} reports are new today", fresh).format(n=fresh)
    elif reading.reports:
        yield _("no report is new today")
    if found := changed_most(reading.cards):
        yield _changed(*found)
    if reading.failures:
        count = len(reading.failures)
        yield ngettext("{n} report failed", "{n} reports failed", count).format(n=count)
    if reading.refused:
        rows = sum(one.entry.rejected for one in reading.refused)
        yield ngettext("{n} row of your files was refused", "{n} rows of your files were refused", rows).format(n=rows)
    if reading.due:
        yield _("the next is due {moment}").format(moment=moments.ahead(reading.due[0].scheduled_for))


def _changed(card: Card, figure: Figure) -> str:
    written = figure.change.written if figure.change else ""
    told = _("{number} changed most: {change} ({report})")
    return told.format(number=figure.title, change=written, report=card.report.title)
