"""The competitor log as reports and the screen read it: a frame of looks up to a day, and what they can be asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import pandas as pd
from sqlalchemy.orm import Session

from marketbook.competitor.data import COMPETITOR_ENTRIES
from marketbook.competitor.params import DROP, OWN_PRICES, STALE_DAYS
from marketbook.competitor.tables import BASES
from marketbook.kit.config import settings
from marketbook.kit.errors import DataError
from marketbook.kit.facts import Rows, view
from marketbook.kit.language import format_date, ngettext
from marketbook.kit.language import gettext as _
from marketbook.kit.records import parameters, roles
from marketbook.kit.store import Store

SERIES = ["competitor", "product", "channel", "currency", "unit"]
"""What two prices have in common that are compared."""


@dataclass(frozen=True)
class Log:
    """The competitor log on a day.

    Attributes:
        as_of: The day; what was seen later is not known yet.
        since: From which day on something has moved.
        looks: One row per look, as the view `competitor_entries` has them, by day and number; `seen_on` as a
            timestamp; `per_unit`: the price of one piece, 100 g, 100 ml or a month in minor units, not a number where
            no price was seen.
        own: Our list prices by product and quarter (`2026Q1`), in fen for the same.
        quarters: The quarters of the tables, the last one holds the day.
        drop_share: From which fall on managers are told.
        stale_days: After how many days a look is old.
        currency: The company's.
    """

    as_of: date
    since: date
    looks: pd.DataFrame = field(repr=False)
    own: Mapping[tuple[str, str], int] = field(repr=False)
    quarters: list[str]
    drop_share: float
    stale_days: int
    currency: str = "CNY"

    @property
    def rows(self) -> Rows:
        """The looks as rows that a number opens."""
        return Rows("competitor_entries").between("seen_on", None, self.as_of)

    @property
    def prices(self) -> pd.DataFrame:
        """The looks at prices."""
        return self.looks[self.looks["per_unit"].notna()]

    @property
    def home(self) -> pd.DataFrame:
        """The looks at prices in the company's currency, each with its `quarter`."""
        found = self.prices[self.prices["currency"] == self.currency]
        return found.assign(quarter=found["seen_on"].dt.to_period("Q").astype(str))

    @property
    def foreign(self) -> int:
        """How many looks are at prices in other currencies, which tables of money leave out."""
        return len(self.prices) - len(self.home)

    def caveats(self) -> list[str]:
        """Say what tables of prices compare, and what they leave out."""
        found = [_("Prices are those of one piece, 100 g, 100 ml or a month, as they were last seen.")]
        if self.foreign:
            told = ngettext("{count} look at a price in another currency is left out.",
                            "{count} looks at prices in other currencies are left out.", self.foreign)  # fmt: skip
            found.append(told.format(count=self.foreign))
        return found


def read_log(store: Store, *, as_of: date | None = None, span: str = "week", quarters: int = 5) -> Log:
    """Read the log for a report.

    Args:
        store: The records.
        as_of: On which day; None: today.
        span: `week`: what moved since Monday; `month`: what moved in the day's month.
        quarters: How many quarters the tables have.

    Raises:
        DataError: Nothing was noted up to that day.
    """
    day = as_of or roles.today()
    with store.reading() as session:
        found = of(session, as_of=day, since=beginning(day, span), quarters=quarters)
    if found.looks.empty:
        raise DataError(_("The competitor log has no entry up to {day}.").format(day=format_date(day)))
    return found


def read_week(store: Store, *, as_of: date | None = None) -> Log:
    """Read the log for another chapter's review: what moved since Monday; it may be empty.

    Args:
        store: The records.
        as_of: On which day; None: today.
    """
    day = as_of or roles.today()
    with store.reading() as session:
        return of(session, as_of=day, since=beginning(day, "week"))


def of(session: Session, *, as_of: date, since: date, quarters: int = 1, first: date | None = None) -> Log:
    """Read the log up to a day.

    Args:
        session: A session of either kind.
        as_of: The day.
        since: From which day on something has moved.
        quarters: How many quarters the tables have.
        first: Leave out what was seen before it.
    """
    looks = view.read(session, COMPETITOR_ENTRIES, Rows("competitor_entries").between("seen_on", first, as_of))
    names = [str(one) for one in pd.period_range(end=pd.Period(as_of, "Q"), periods=quarters, freq="Q")]
    return Log(
        as_of=as_of, since=since, looks=_dated(looks), own=_own(session, names, as_of), quarters=names,
        drop_share=parameters.value(session, DROP.name, on=as_of) / 10_000,
        stale_days=parameters.value(session, STALE_DAYS.name, on=as_of), currency=settings().currency,
    )  # fmt: skip


def quarter_called(quarter: str) -> str:
    """Write a quarter for a reader: `2026 Q3`."""
    return _("{year} Q{quarter}").format(year=quarter[:4], quarter=quarter[-1])


def beginning(day: date, span: str) -> date:
    """Return the Monday of a day's week, or the first day of its month.

    Example:
        >>> beginning(date(2026, 6, 26), "week").isoformat(), beginning(date(2026, 6, 26), "month").isoformat()
        ('2026-06-22', '2026-06-01')
    """
    return day.replace(day=1) if span == "month" else day - timedelta(days=day.weekday())


def _dated(looks: pd.DataFrame) -> pd.DataFrame:
    bases = [BASES[unit] / size for unit, size in zip(looks["unit"], looks["size"], strict=True)]
    per_unit = looks["price_minor"].astype("float64") * pd.Series(bases, index=looks.index, dtype="float64")
    return looks.assign(seen_on=pd.to_datetime(looks["seen_on"]), per_unit=per_unit)


def _own(session: Session, quarters: list[str], as_of: date) -> dict[tuple[str, str], int]:
    """Return our list prices as they held at the end of each quarter."""
    found: dict[tuple[str, str], int] = {}
    for quarter in quarters:
        last = min(pd.Period(quarter, "Q").end_time.date(), as_of)
        prices: dict[str, int] = parameters.value(session, OWN_PRICES.name, on=last)
        found |= {(product, quarter): price for product, price in prices.items()}
    return found
