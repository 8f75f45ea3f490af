"""An entry of the log at a glance: what was seen where, what it was before, and what took its place."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.competitor import service
from marketbook.competitor.tables import ACTIONS, CHANNELS, PRICES, SOURCES, UNITS, CompetitorEntry
from marketbook.kit.language import format_date, format_integer, format_money, format_percent
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Party, Record
from marketbook.office import briefs
from marketbook.office.briefs import Brief, Table

MOST = 10
"""How many earlier looks at the same price are shown."""

Rows = Iterator[tuple[str, str]]


def of(session: Session, record: Record) -> Brief:
    """Return what there is to know of an entry, in the current language."""
    if not isinstance(record, CompetitorEntry):
        return Brief()
    earlier = service.series(session, record)
    return Brief(
        rows=[(label, text) for label, text in _rows(session, record) if text],
        tables=[_before(earlier)],
        warnings=[] if record.status == "noted" else [_("It does not count in lists and reports.")],
    )


def price(amount: int, currency: str, size: int, unit: str) -> str:
    """Write a price with how much of the product it buys.

    Example:
        >>> price(12_900, "CNY", 500, "ml"), price(9_900, "CNY", 1, "piece")
        ('CN¥129.00 for 500 ml', 'CN¥99.00')
    """
    money = format_money(amount / 100, currency, decimals=2)
    if (size, unit) == (1, "piece"):
        return money
    return _("{money} for {size} {unit}").format(money=money, size=format_integer(size), unit=_(UNITS[unit]))


def change(now: CompetitorEntry, former: CompetitorEntry) -> str:
    """Write by how much a price has changed, with its sign."""
    return signed(-service.fall_bp(now, former) / 10_000)


def signed(share: float) -> str:
    """Write a change with its sign.

    Example:
        >>> signed(-0.125), signed(0.03)
        ('-12.5%', '+3.0%')
    """
    return ("+" if share > 0 else "") + format_percent(share, decimals=1)


def _rows(session: Session, one: CompetitorEntry) -> Rows:
    yield _("Competitor"), session.get_one(Party, one.competitor_id).name
    yield _("Product"), one.product
    yield _("Competes with ours"), one.own_product
    yield _("What it was"), _(ACTIONS[one.action])
    yield _("Channel"), _(CHANNELS[one.channel])
    if one.price_minor is not None:
        yield _(PRICES[one.price_kind]), price(one.price_minor, one.currency, one.size, one.unit)
        yield _("Since the look before"), _since(session, one)
    yield _("What was seen"), one.seen
    yield _("Seen on"), format_date(one.seen_on)
    yield _("Source"), _(SOURCES[one.source])
    yield _("Link"), one.link
    yield _("Takes the place of"), _number(session, one.supersedes_id)
    later = select(CompetitorEntry.id).where(CompetitorEntry.supersedes_id == one.id)
    yield _("Its place is taken by"), _number(session, session.scalar(later))


def _since(session: Session, one: CompetitorEntry) -> str:
    former = service.before(session, one)
    if former is None or former.price_minor is None:
        return ""
    then = price(former.price_minor, former.currency, former.size, former.unit)
    return _("{change}, from {before} on {day}").format(
        change=change(one, former), before=then, day=format_date(former.seen_on)
    )


def _number(session: Session, number: int | None) -> str:
    return session.get_one(Record, number).number if number is not None else ""


def _before(earlier: list[CompetitorEntry]) -> Table:
    rows = [
        [
            format_date(one.seen_on), price(one.price_minor or 0, one.currency, one.size, one.unit),
            _(PRICES[one.price_kind]), one.number,
        ]
        for one in earlier[:MOST]
    ]  # fmt: skip
    heads = [_("Seen on"), _("Price"), _("Kind of price"), _("No.")]
    return Table(_("The same price before"), heads, rows, right=(1,))


briefs.register("competitor_entry", of)
