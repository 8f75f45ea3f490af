"""The sales of some months as a report reads them: in which stage each is since when, and what was promised."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import or_

from marketbook.customer.sales.data import SALES
from marketbook.kit.config import settings
from marketbook.kit.facts import Rows, view
from marketbook.kit.records import Record, parameters, roles
from marketbook.kit.store import Store
from marketbook.office import later
from marketbook.office.opportunity import OPEN, TABLE
from marketbook.office.opportunity_params import FOLLOW_UP

MOMENTS = ("entered_at", "qualified_at", "proposal_at")
DAYS = ("closed_on", "expected_on", "contact_by", "contacted_on", "next_on", "followed_on")


@dataclass(frozen=True)
class SalesCases:
    """The sales that were entered from a day on, and those that are open or were closed since, today.

    Attributes:
        day: Today.
        since: From when on sales are counted.
        follow_days: Within how many days an order is looked after.
        sales: One row per sale: the columns of the view `opportunities`, and `entered_on`, `prospect_on`,
            `qualified_on`, `proposal_on` (the day on which it came to a stage; none where it did not).
    """

    day: date
    since: date
    follow_days: int
    sales: pd.DataFrame = field(repr=False)

    @property
    def entered(self) -> pd.DataFrame:
        """Those that were entered in the months."""
        return self.sales[self.sales["entered_on"] >= pd.Timestamp(self.since)]

    @property
    def open(self) -> pd.DataFrame:
        """Those that are neither won nor lost."""
        return self.sales[self.sales["status"].isin(OPEN)]

    @property
    def closed(self) -> pd.DataFrame:
        """Those that were won or lost in the months."""
        return self.sales[self.sales["closed_on"] >= pd.Timestamp(self.since)]

    @property
    def rows(self) -> Rows:
        """Those that were entered in the months, as rows that a number opens."""
        return Rows("opportunities").between("entered_at", self.since, self.day)


def read_sales(store: Store, *, months: int = 12) -> SalesCases:
    """Read the sales as they stand today.

    Args:
        store: The records.
        months: How many months back sales are counted, as 30 days each.
    """
    day = roles.today()
    since = day - timedelta(days=30 * months)
    counted = or_(
        Record.__table__.c.entered_at >= later.moment(since), Record.__table__.c.status.in_(OPEN),
        TABLE.c.closed_on >= since,
    )  # fmt: skip
    with store.reading() as session:
        view.note(session, SALES)
        query = SALES.query.where(counted).order_by(TABLE.c.id)  # type: ignore[attr-defined]  # a select
        rows = [_row(dict(one)) for one in session.execute(query).mappings()]
        days = parameters.value(session, FOLLOW_UP.name, on=day)
    return SalesCases(day, since, days, framed(rows))


def framed(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return sales as a frame, with days that can be counted with."""
    names = [*SALES.query.selected_columns.keys(), "entered_on", "qualified_on", "proposal_on"]
    frame = pd.DataFrame(rows, columns=names)
    for name in (*DAYS, "entered_on", "qualified_on", "proposal_on"):
        frame[name] = pd.to_datetime(frame[name])
    for name in ("amount_minor", "order_minor"):
        frame[name] = frame[name].astype("Int64")
    frame["prospect_on"] = frame["entered_on"]
    return frame


def since_stage(sales: pd.DataFrame) -> pd.Series:
    """Return on which day each open sale came to its stage."""
    found = [row[f"{row['status']}_on"] for row in sales.to_dict("records")]
    return pd.Series(pd.to_datetime(found), index=sales.index, dtype="datetime64[ns]")


def age(sales: pd.DataFrame, day: date) -> "pd.Series[Any]":
    """Return for how many days each open sale has been at its stage."""
    found: pd.Series[Any] = (pd.Timestamp(day) - since_stage(sales)).dt.days.astype(np.int64)
    return found


def _row(row: dict[str, Any]) -> dict[str, Any]:
    zone = settings().zone
    for name in MOMENTS:
        at = row[name]
        row[f"{name.removesuffix('_at')}_on"] = None if at is None else at.astimezone(zone).date()
    return row
