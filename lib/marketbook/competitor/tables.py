"""The table of the competitor log: one look at a competitor each, never edited; a correction takes its place."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketbook.kit.language import mark
from marketbook.kit.records import Record
from marketbook.kit.store import Minor
from marketbook.kit.store.money import whole

ACTIONS = {
    "price": mark("Price seen"),
    "promotion": mark("Promotion"),
    "new_product": mark("New product"),
    "new_channel": mark("New channel"),
    "advertising": mark("Advertising"),
    "pr": mark("Public relations"),
    "personnel": mark("Personnel"),
    "other": mark("Something else"),
}
"""What was seen of a competitor."""

CHANNELS = {
    "tmall": mark("Tmall"),
    "jd": mark("JD"),
    "douyin": mark("Douyin"),
    "pinduoduo": mark("Pinduoduo"),
    "kuaishou": mark("Kuaishou"),
    "xiaohongshu": mark("Xiaohongshu"),
    "wechat": mark("WeChat"),
    "own_app": mark("Their own app"),
    "website": mark("Their website"),
    "store": mark("Shops"),
    "distributor": mark("Distributors"),
    "other": mark("Another channel"),
}
"""Where it was seen."""

PRICES = {"list": mark("List price"), "promotion": mark("Promotion price")}
"""What kind of price it was."""

UNITS = {"piece": mark("pieces"), "g": mark("g"), "ml": mark("ml"), "month": mark("months")}
"""In what a product's size is told."""

BASES = {"piece": 1, "g": 100, "ml": 100, "month": 1}
"""For how many of a unit prices are compared."""

CURRENCIES = {
    "CNY": mark("Chinese yuan"),
    "HKD": mark("Hong Kong dollar"),
    "USD": mark("US dollar"),
    "EUR": mark("Euro"),
}
"""In what prices are noted."""

SOURCES = {
    "shop": mark("Their shop's page"),
    "visit": mark("A visit"),
    "advertisement": mark("An advertisement"),
    "press": mark("Press"),
    "social": mark("Social media"),
    "customer": mark("A customer"),
    "partner": mark("A partner"),
    "report": mark("A market report"),
}
"""Where it is known from."""

LEAST = 4
"""How many characters say what was seen, where no price does."""


def listed(names: dict[str, str]) -> str:
    """Write names as a list in SQL."""
    return ", ".join(f"'{name}'" for name in names)


CLOSED = {"action": ACTIONS, "channel": CHANNELS, "price_kind": PRICES, "unit": UNITS, "source": SOURCES}
RULES = {
    **{name: f"{name} IN ({listed(names)})" for name, names in CLOSED.items()},
    "price_minor": f"price_minor > 0 AND {whole('price_minor')}",
    "priced": "price_minor IS NULL OR product <> ''",
    "told": f"price_minor IS NOT NULL OR (action <> 'price' AND length(trim(seen)) >= {LEAST})",
    "currency": "length(currency) = 3 AND currency = upper(currency)",
    "size": "size BETWEEN 1 AND 1000000",
    "seen_on": "seen_on <= entered_on",
    "link": "link = '' OR substr(link, 1, 8) = 'https://' OR substr(link, 1, 7) = 'http://'",
}
"""What every row must satisfy, whoever writes it."""


class CompetitorEntry(Record):
    """One look at a competitor.

    Attributes:
        product: Theirs; empty where it is about the company.
        own_product: Which of ours it competes with; empty where it does with none.
        price_minor: What was asked for it, in minor units of the currency; None where no price was seen.
        size, unit: How much of it that buys, such as 500 ml.
        price_kind: One of `PRICES`.
        seen: What was seen, in words.
        source, link: Where it is known from.
        seen_on: Not later than it was entered.
        supersedes_id: The entry whose place it takes.
    """

    found_by = ("competitor_id",)

    __tablename__ = "competitor_entry"
    __table_args__ = (
        *(CheckConstraint(rule, name=name) for name, rule in RULES.items()),
        Index("ix_competitor_entry_seen", "seen_on", "id"),
        Index("ix_competitor_entry_series", "competitor_id", "product", "channel", "seen_on"),
        Index("uq_competitor_entry_supersedes_id", "supersedes_id", unique=True),
    )
    __mapper_args__ = {"polymorphic_identity": "competitor_entry"}  # noqa: RUF012  # as SQLAlchemy reads it

    id: Mapped[int] = mapped_column(ForeignKey("record.id"), primary_key=True)
    competitor_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    product: Mapped[str] = mapped_column(String(100))
    own_product: Mapped[str] = mapped_column(String(100))
    channel: Mapped[str] = mapped_column(String(20))
    action: Mapped[str] = mapped_column(String(20))
    price_minor: Mapped[int | None] = mapped_column(Minor)
    currency: Mapped[str] = mapped_column(String(3))
    size: Mapped[int]
    unit: Mapped[str] = mapped_column(String(10))
    price_kind: Mapped[str] = mapped_column(String(10))
    seen: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(20))
    link: Mapped[str] = mapped_column(String(500))
    seen_on: Mapped[date]
    entered_on: Mapped[date]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("competitor_entry.id"))
