"""What is entered into the competitor log, what the company may set for it, and what its report can be asked."""

import re
from datetime import date
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from marketbook.competitor.tables import LEAST
from marketbook.kit.forms.fields import Attached
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.params import Params
from marketbook.kit.records import parameters

Words = Annotated[str, StringConstraints(strip_whitespace=True)]
Action = Literal["price", "promotion", "new_product", "new_channel", "advertising", "pr", "personnel", "other"]
Channel = Literal[
    "tmall", "jd", "douyin", "pinduoduo", "kuaishou", "xiaohongshu", "wechat", "own_app", "website", "store",
    "distributor", "other",
]  # fmt: skip
PriceKind = Literal["list", "promotion"]
Unit = Literal["piece", "g", "ml", "month"]
Source = Literal["shop", "visit", "advertisement", "press", "social", "customer", "partner", "report"]
Currency = Literal["CNY", "HKD", "USD", "EUR"]


def _line(text: str) -> str:
    written = " ".join(text.split())
    if not written.isprintable():
        raise ValueError(_("holds characters that cannot be printed"))
    return written


def _link(text: str) -> str:
    if text and not re.fullmatch(r"https?://\S+", text):
        raise ValueError(_("must begin with https:// or http:// and hold no spaces"))
    return text


Line = Annotated[str, AfterValidator(_line)]
Link = Annotated[Words, AfterValidator(_link)]

DROP = parameters.declare(
    parameters.Declared(
        name="competitor.drop_bp",
        title=mark("From which fall of a competitor's price on the managers are told at once, in 1/10,000"),
        kind=Annotated[int, Field(ge=1, le=10_000)],
        default=1_000,
        source=mark("clause 7.2.4: in time; the house's default"),
    )
)
STALE_DAYS = parameters.declare(
    parameters.Declared(
        name="competitor.stale_days",
        title=mark("After how many days without a look a competitor's prices count as old"),
        kind=Annotated[int, Field(ge=1, le=1_000)],
        default=14,
        source=mark("the house's default"),
    )
)
OWN_PRICES = parameters.declare(
    parameters.Declared(
        name="competitor.own_prices",
        title=mark("Our own list prices beside those of competitors, in fen for a piece, 100 g, 100 ml or a month"),
        kind=dict[Annotated[str, Field(min_length=1, max_length=100)], Annotated[int, Field(gt=0)]],
        default={},
        source=mark("clause 6.1.2; nothing until the company sets it"),
    )
)


class LogEntry(BaseModel):
    """One look at a competitor; prices in minor units of the currency."""

    model_config = ConfigDict(extra="forbid")

    competitor_id: int
    product: Line = Field(default="", max_length=100)
    own_product: Line = Field(default="", max_length=100)
    channel: Channel
    action: Action = "price"
    price_minor: int | None = Field(default=None, gt=0, strict=True)
    currency: Currency = "CNY"
    size: int = Field(default=1, ge=1, le=1_000_000)
    unit: Unit = "piece"
    price_kind: PriceKind = "list"
    seen: Words = Field(default="", max_length=4_000)
    source: Source = "shop"
    link: Link = Field(default="", max_length=500)
    seen_on: date
    screenshot: Attached | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        check_whole(self.action, self.product, self.price_minor, self.seen)
        return self


def check_whole(action: str, product: str, price_minor: int | None, seen: str) -> None:
    """Refuse an entry that says too little.

    Raises:
        ValueError: A price has no product, or neither a price nor words say what was seen.
    """
    if price_minor is not None and not product:
        raise ValueError(_("name the product that has this price"))
    if action == "price" and price_minor is None:
        raise ValueError(_("enter the price that was seen, or choose what else it was"))
    if price_minor is None and len(seen) < LEAST:
        raise ValueError(_("say what was seen, in at least {least} characters").format(least=LEAST))


SPANS = (mark("week"), mark("month"))
"""What the spans of a digest are called: the catalogue has their words."""


class DigestCompetitors(Params):
    """What `competitor/digest-competitors` can be asked."""

    views: ClassVar[tuple[str, ...]] = ("competitor_entries",)

    as_of: date | None = Field(
        default=None, title=mark("Day"), description=mark("On which day, like 2026-06-26; empty: today.")
    )
    span: Literal["week", "month"] = Field(
        default="week", title=mark("Since when"), description=mark("What moved: since Monday, or in this month.")
    )
    quarters: int = Field(
        default=5, ge=2, le=12, title=mark("Quarters"), description=mark("How many quarters the tables have.")
    )
