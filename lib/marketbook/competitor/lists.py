"""The lists of the competitor log, and what a row of them says: it leaves as a workbook, and new rows come back."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from marketbook.competitor import service
from marketbook.competitor.brief import price
from marketbook.competitor.params import (
    Action,
    Channel,
    Currency,
    Line,
    Link,
    LogEntry,
    PriceKind,
    Source,
    Unit,
    Words,
    check_whole,
)
from marketbook.competitor.rules import ENTRY
from marketbook.competitor.tables import ACTIONS, CHANNELS, CURRENCIES, PRICES, SOURCES, UNITS, CompetitorEntry
from marketbook.kit.errors import RecordError
from marketbook.kit.forms.comparison import Services
from marketbook.kit.forms.fields import Labels
from marketbook.kit.forms.listing import View
from marketbook.kit.forms.rows import Row, Rows
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import Party, Record, search

SHOWN = ("seen_on", "title", "channel", "price", "price_kind", "action", "seen", "number")
"""What a screen shows of a row; its workbook has all."""

FIXED = ("number", "title", "price")
"""What follows from the rest."""


class EntryRow(BaseModel):
    """A row of the competitor log."""

    model_config = ConfigDict(extra="forbid")

    seen_on: Annotated[date, Field(title=mark("Seen on"))]
    title: Annotated[str, Field(title=mark("Competitor · product"))] = ""
    competitor: Annotated[Line, Field(min_length=1, max_length=100, title=mark("Competitor"))]
    product: Annotated[Line, Field(max_length=100, title=mark("Product"))] = ""
    channel: Annotated[Channel, Labels(CHANNELS), Field(title=mark("Channel"))]
    price: Annotated[str, Field(title=mark("Price as seen"))] = ""
    price_minor: Annotated[int | None, Field(gt=0, title=mark("Price"))] = None
    currency: Annotated[Currency, Labels(CURRENCIES), Field(title=mark("Currency"))] = "CNY"
    size: Annotated[int, Field(ge=1, le=1_000_000, title=mark("For how much"))] = 1
    unit: Annotated[Unit, Labels(UNITS), Field(title=mark("Unit"))] = "piece"
    price_kind: Annotated[PriceKind, Labels(PRICES), Field(title=mark("Kind of price"))] = "list"
    action: Annotated[Action, Labels(ACTIONS), Field(title=mark("What it was"))] = "price"
    own_product: Annotated[Line, Field(max_length=100, title=mark("Competes with ours"))] = ""
    seen: Annotated[Words, Field(max_length=4_000, title=mark("What was seen"))] = ""
    source: Annotated[Source, Labels(SOURCES), Field(title=mark("Source"))] = "shop"
    link: Annotated[Link, Field(max_length=500, title=mark("Link"))] = ""
    number: Annotated[str, Field(title=mark("Entry number"))] = ""

    @model_validator(mode="after")
    def _whole(self) -> "EntryRow":
        check_whole(self.action, self.product, self.price_minor, self.seen)
        return self


def views(party_id: int) -> list[View]:
    """Return the lists of the screen.

    Args:
        party_id: The reader.
    """
    return [
        View(_("All entries"), everything()),
        View(_("Prices"), prices()),
        View(_("What else they do"), actions()),
        View(_("Mine"), own(party_id)),
        View(_("Corrected or withdrawn"), gone()),
    ]


def everything() -> Rows:
    """Return what stands in the log, what was seen last first."""
    return _rows(Record.status == "noted")


def prices() -> Rows:
    """Return the looks at prices."""
    return _rows(Record.status == "noted", CompetitorEntry.price_minor.is_not(None))


def actions() -> Rows:
    """Return what competitors did beside asking prices."""
    return _rows(Record.status == "noted", CompetitorEntry.action != "price")


def own(party_id: int) -> Rows:
    """Return what somebody has noted."""
    few = select(Record.id).where(Record.owner_id == party_id, Record.type == ENTRY.name)
    return _rows(Record.owner_id == party_id, Record.status == "noted", few=few)


def gone() -> Rows:
    """Return what was corrected or withdrawn."""
    ended = ("corrected", "withdrawn")
    few = select(Record.id).where(Record.type == ENTRY.name, Record.status.in_(ended))
    return _rows(Record.status.in_(ended), few=few)


def services(actor: int) -> Services[EntryRow]:
    """Return how rows that come back are written: new ones are noted; what was noted is corrected on its own page.

    Args:
        actor: Who sends them.
    """

    def add(session: Session, row: EntryRow) -> None:
        about = service.competitor(session, row.competitor, actor=actor)
        entry = row.model_dump(exclude={"competitor", *FIXED})
        service.enter(session, LogEntry(competitor_id=about.id, **entry), actor=actor)

    def change(_session: Session, _number: int, row: EntryRow) -> None:
        raise RecordError(
            _("{number} is never changed; open it and put another in its place.").format(number=row.number)
        )

    return Services(add=add, change=change, fixed=FIXED)


def _rows(*where: ColumnElement[bool], few: Any = None) -> Rows:  # noqa: ANN401  # a query
    about = aliased(Party)
    own_ = CompetitorEntry
    query: Any = (
        select(
            Record.id.label("id"), Record.number.label("number"), Record.title.label("title"),
            about.name.label("competitor"), own_.product, own_.own_product, own_.channel, own_.action,
            own_.price_minor, own_.currency, own_.size, own_.unit, own_.price_kind, own_.seen, own_.source,
            own_.link, own_.seen_on, Record.type.label("type"), own_.id.label("entry_id"),
        )
        .select_from(own_)
        .join(about, about.id == own_.competitor_id)
        .where(*where)
    )  # fmt: skip
    return Rows(
        query, complete=_complete, newest_first=True, texts=("number", "title", "competitor"), hits=_hits, few=few,
        sorts=("number", "title", "seen_on"), as_entered=("number",), keys=dict.fromkeys(("id", "seen_on"), "entry_id"),
        always=("type", ENTRY.name),
    )  # fmt: skip


def _hits(session: Session, text: str) -> Any:  # noqa: ANN401  # a query
    return search.records(session, text, prefix=ENTRY.prefix, kinds=("competitor",))


def _complete(_session: Session, rows: list[Row]) -> None:
    for row in rows:
        amount = row["price_minor"]
        row["price"] = "" if amount is None else price(amount, row["currency"], row["size"], row["unit"])
