"""The view of the competitor log that reports stand on: what stands in it, without what was corrected or withdrawn."""

from datetime import date, datetime
from typing import Any

from pydantic import Field
from sqlalchemy import Select, exists, select

from marketbook.competitor.tables import ACTIONS, CHANNELS, PRICES, SOURCES, UNITS, CompetitorEntry
from marketbook.kit.facts import Row
from marketbook.kit.facts.view import View
from marketbook.kit.language import mark
from marketbook.kit.records import Attachment, Party, Record


class CompetitorEntryRow(Row):
    """One look at a competitor."""

    entry: str = Field(title=mark("Entry"))
    competitor: str = Field(title=mark("Competitor"))
    product: str = Field(title=mark("Product"))
    own_product: str = Field(title=mark("Competes with ours"))
    channel: str = Field(title=mark("Channel"))
    action: str = Field(title=mark("What it was"))
    price_minor: int | None = Field(title=mark("Price"))
    currency: str = Field(title=mark("Currency"))
    size: int = Field(title=mark("For how much"))
    unit: str = Field(title=mark("Unit"))
    price_kind: str = Field(title=mark("Kind of price"))
    seen: str = Field(title=mark("What was seen"))
    source: str = Field(title=mark("Source"))
    seen_on: date = Field(title=mark("Seen on"))
    screenshot: bool = Field(title=mark("With a screenshot"))
    noted_by: str = Field(title=mark("Noted by"))
    entered_at: datetime = Field(title=mark("Entered at"))


def _entries() -> Select[Any]:
    record, own, file = Record.__table__.c, CompetitorEntry.__table__.c, Attachment.__table__.c
    party, owner = Party.__table__.alias("competitor"), Party.__table__.alias("owner")
    pictured = exists().where(file.record_id == own.id, file.kind == "screenshot", file.removed_at.is_(None))
    return (
        select(
            record.number.label("entry"), party.c.name.label("competitor"), own.product, own.own_product, own.channel,
            own.action, own.price_minor, own.currency, own.size, own.unit, own.price_kind, own.seen, own.source,
            own.seen_on, pictured.label("screenshot"), owner.c.name.label("noted_by"), record.entered_at,
        )
        .select_from(CompetitorEntry.__table__)
        .join(Record.__table__, record.id == own.id)
        .join(party, party.c.id == own.competitor_id)
        .join(owner, owner.c.id == record.owner_id)
        .where(record.status == "noted")
    )  # fmt: skip


COMPETITOR_ENTRIES = View(
    "competitor_entries", CompetitorEntryRow, ("seen_on", "entry"), mark("Competitor log"),
    mark("One look at a competitor; what was corrected or withdrawn is left out."),
    codes={"channel": CHANNELS, "action": ACTIONS, "price_kind": PRICES, "source": SOURCES, "unit": UNITS},
    query=_entries(), tables=("record", "competitor_entry", "attachment"),
)  # fmt: skip
DATASETS = ()
VIEWS = (COMPETITOR_ENTRIES,)
