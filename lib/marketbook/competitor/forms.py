"""What the forms of the log ask, and what they search for: a price that is watched already needs only the new price."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.competitor.brief import price
from marketbook.competitor.params import (
    Action,
    Channel,
    Currency,
    Line,
    Link,
    PriceKind,
    Source,
    Unit,
    check_whole,
)
from marketbook.competitor.service import SERIES
from marketbook.competitor.tables import ACTIONS, CHANNELS, CURRENCIES, PRICES, SOURCES, UNITS, CompetitorEntry
from marketbook.kit.forms.fields import Attached, Hidden, Labels, LongText, Reference
from marketbook.kit.forms.search import Found, Search
from marketbook.kit.language import format_date, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Party
from marketbook.kit.records.search import folded
from marketbook.office.finding import MOST, parties
from marketbook.office.report import KINDS as REPORTS

LOOKS = 2_000
"""So many looks back a price is still watched."""

Seen = Annotated[LongText, Field(max_length=4_000, title=mark("What was seen"))]
SeenOn = Annotated[date, Field(title=mark("Seen on"))]
Kind = Annotated[PriceKind, Labels(PRICES), Field(title=mark("Kind of price"))]
Linked = Annotated[Link, Field(max_length=500, title=mark("Link"))]
Screenshot = Annotated[
    Attached | None, Field(title=mark("Screenshot"), description=mark("Choose a file, or paste a picture."))
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LookForm(_Strict):
    """Another look at a price that is watched already."""

    like_id: Annotated[
        Reference,
        Field(title=mark("Watched price"), description=mark("Search by competitor, product or channel.")),
    ]
    price_minor: Annotated[int, Field(gt=0, title=mark("Price now"))]
    price_kind: Kind = "list"
    seen_on: SeenOn
    seen: Seen = ""
    screenshot: Screenshot = None


class EntryForm(_Strict):
    """Anything that was seen of a competitor."""

    version: Hidden = ""
    competitor_id: Annotated[
        Reference | None,
        Field(title=mark("Competitor"), description=mark("A new one has a field of its own.")),
    ] = None
    new_competitor: Annotated[Line, Field(max_length=100, title=mark("New competitor's name"))] = ""
    action: Annotated[Action, Labels(ACTIONS), Field(title=mark("What it was"))] = "price"
    channel: Annotated[Channel, Labels(CHANNELS), Field(title=mark("Channel"))]
    product: Annotated[Line, Field(max_length=100, title=mark("Product"), description=mark("As they call it."))] = ""
    price_minor: Annotated[int | None, Field(gt=0, title=mark("Price"))] = None
    price_kind: Kind = "list"
    size: Annotated[
        int, Field(ge=1, le=1_000_000, title=mark("For how much"), description=mark("1 piece, 500 ml, 12 months."))
    ] = 1
    unit: Annotated[Unit, Labels(UNITS), Field(title=mark("Unit"))] = "piece"
    own_product: Annotated[Line, Field(max_length=100, title=mark("Competes with ours"))] = ""
    seen: Seen = ""
    screenshot: Screenshot = None
    seen_on: SeenOn
    source: Annotated[Source, Labels(SOURCES), Field(title=mark("Source"))] = "shop"
    link: Linked = ""
    currency: Annotated[Currency, Labels(CURRENCIES), Field(title=mark("Currency"))] = "CNY"

    @model_validator(mode="after")
    def _whole(self) -> "EntryForm":
        if (self.competitor_id is None) == (not self.new_competitor):
            raise ValueError(_("choose the competitor, or enter the name of a new one"))
        check_whole(self.action, self.product, self.price_minor, self.seen)
        return self


class CorrectionForm(EntryForm):
    """An entry that takes another one's place."""

    reason: Annotated[LongText, Field(min_length=1, max_length=2_000, title=mark("Why it is corrected"))]


class TaskForm(_Strict):
    """Something to be done about what was seen."""

    title: Annotated[Line, Field(min_length=1, max_length=200, title=mark("What is to be done"))]
    due_on: Annotated[date, Field(title=mark("Until when"))]


class ProposalForm(_Strict):
    """A draft of a market note or of a proposal for a decision that stands on what was seen."""

    kind: Annotated[
        Literal["market_note", "decision_proposal"], Labels(REPORTS), Field(title=mark("What it becomes"))
    ] = "market_note"
    conclusions: Annotated[LongText, Field(max_length=4_000, title=mark("What follows from it"))] = ""
    recommendations: Annotated[LongText, Field(max_length=4_000, title=mark("What should be done"))] = ""


def competitors() -> Search:
    """Return how competitors are found, by name."""
    return parties("competitor")


def products(session: Session, text: str) -> dict[str, str]:
    """Return the competitors' products in the log whose name holds a text, each with whose it is."""
    found: dict[str, list[str]] = {}
    query = select(CompetitorEntry.product, Party.name).join(Party, Party.id == CompetitorEntry.competitor_id)
    named = query.where(CompetitorEntry.product != "", CompetitorEntry.product.icontains(text.strip(), autoescape=True))
    standing = named.where(CompetitorEntry.status == "noted").distinct().order_by(CompetitorEntry.product, Party.name)
    for product, competitor in session.execute(standing):
        found.setdefault(product, []).append(competitor)
    return {product: _(", ").join(names) for product, names in islice(found.items(), MOST)}


def own_products(session: Session, text: str) -> dict[str, str]:
    """Return our products in the log whose name holds a text."""
    known = select(CompetitorEntry.own_product).where(
        CompetitorEntry.status == "noted", CompetitorEntry.own_product != "",
        CompetitorEntry.own_product.icontains(text.strip(), autoescape=True),
    )  # fmt: skip
    return dict.fromkeys(session.scalars(known.distinct().order_by(CompetitorEntry.own_product).limit(MOST)), "")


OFFERS = {"product": products, "own_product": own_products}
"""What is offered for texts, by field, so that one product goes by one name; a new one is typed."""


def watched() -> Search:
    """Return how the prices that are watched are found: the last look at each, the last one first."""

    def find(session: Session, text: str) -> list[Found]:
        asked = folded(text)
        offered = (_watched(session, one) for one in _last_looks(session))
        return list(islice((one for one in offered if asked in folded(one.label)), MOST))

    def get(session: Session, number: int) -> Found | None:
        one = session.get(CompetitorEntry, number)
        return _watched(session, one) if one is not None and one.price_minor is not None else None

    return Search(find=find, get=get)


def _last_looks(session: Session) -> Iterator[CompetitorEntry]:
    """Return the last look at each price, among the last looks at any."""
    query = select(CompetitorEntry).where(CompetitorEntry.status == "noted", CompetitorEntry.price_minor.is_not(None))
    seen: set[tuple[object, ...]] = set()
    for one in session.scalars(query.order_by(CompetitorEntry.seen_on.desc(), CompetitorEntry.id.desc()).limit(LOOKS)):
        series = tuple(getattr(one, name) for name in SERIES)
        if series not in seen:
            seen.add(series)
            yield one


def _watched(session: Session, one: CompetitorEntry) -> Found:
    name = session.get_one(Party, one.competitor_id).name
    last = price(one.price_minor or 0, one.currency, one.size, one.unit)
    told = _("last {price}, on {day}").format(price=last, day=format_date(one.seen_on))
    others = [
        *([_(UNITS[one.unit])] if one.unit != "piece" else []),
        *([one.currency] if one.currency != "CNY" else []),
    ]
    return Found(one.id, " · ".join((name, one.product, _(CHANNELS[one.channel]), *others)), told)
