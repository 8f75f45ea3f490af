"""What was promised: first contacts in time, and orders that are looked after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from marketbook.customer.sales.cases import SalesCases
from marketbook.kit.facts import Rows
from marketbook.kit.language import format_date, format_integer, label, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Behind, Chart, Result
from marketbook.kit.report.format import by_name
from marketbook.kit.report.intervals import wilson

SHOWN = 50
"""How many orders are listed."""


@dataclass(frozen=True)
class FirstContacts(Result):
    """How many prospects were contacted in time, by who answers for them.

    Attributes:
        cases: The sales; counted are those that were entered in the months.
        rows: One row per owner, the most prospects first, and one, the last, of all: `owner`, `count_entered`,
            `n_due` (contacted, or overdue), `in_time_share` of them, with its interval.
    """

    cases: SalesCases = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = {
        "owner": mark("Owner"),
        "count_entered": mark("Opportunities entered"),
        "n_due": mark("Contacted or overdue"),
        "in_time_share": mark("Contacted in time"),
        "in_time_share_low": mark("Contacted in time, low"),
        "in_time_share_high": mark("Contacted in time, high"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("First contacts in time")

    @property
    def text(self) -> str:
        """The share of all."""
        whole, day = self.rows.iloc[-1], format_date(self.cases.since)
        if not whole["n_due"]:
            return _("No first contact was owed since {day}.").format(day=day)
        return _("Since {day}, {share} of {n} prospects were contacted in time.").format(
            day=day, share=by_name("share", whole["in_time_share"]), n=format_integer(whole["n_due"])
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row per owner, and one of all."""
        names = [*(label(one) for one in self.rows["owner"].iloc[:-1]), _("All together")]
        return self.rows.assign(owner=names)[list(self.titles)]

    @property
    def caveats(self) -> Sequence[str]:
        """What counts."""
        return [_("In time is the day that was written at entry, in working days. A contact is a call or a visit that "
                  "was entered as done: what nobody entered is not seen.")]  # fmt: skip

    def chart(self) -> Chart | None:
        """The shares with their intervals."""
        shown = self.table[self.table["in_time_share"].notna()]
        if shown.empty:
            return None
        names = ["owner", "in_time_share", "in_time_share_low", "in_time_share_high"]
        return Chart(
            kind="point", data=shown[names], x="in_time_share", y="owner", low="in_time_share_low",
            high="in_time_share_high", title=_("Prospects contacted in time"),
            titles={name: _(self.titles[name]) for name in names},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """The share of all with its interval."""
        whole = self.rows.iloc[-1]
        return {
            "in_time_share": float(whole["in_time_share"]),
            "in_time_share_ci": (float(whole["in_time_share_low"]), float(whole["in_time_share_high"])),
            "n_due": int(whole["n_due"]),
        }

    def behind(self) -> Behind:
        """The sales of each owner."""
        rows = self.cases.rows
        return Behind(whole=rows, table=[*(rows.being(owner=one) for one in self.rows["owner"].iloc[:-1]), rows])


@dataclass(frozen=True)
class OrdersAlone(Result):
    """The orders for which nothing was done after they were won.

    Attributes:
        cases: The sales; counted are those that were won in the months.
        rows: One row per order without a follow-up in time, the oldest first: `opportunity`, `owner`, `closed_on`,
            `days` since, `order_minor`.
        n_orders: How many orders are old enough to have been looked after.
    """

    cases: SalesCases = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    n_orders: int
    titles: ClassVar[Mapping[str, str]] = {
        "opportunity": mark("Opportunity"),
        "owner": mark("Owner"),
        "closed_on": mark("Won on"),
        "days": mark("Days since then"),
        "order_minor": mark("Order amount"),
        "count_alone": mark("Orders without a follow-up"),
        "n_orders": mark("Orders"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Orders without a follow-up")

    @property
    def text(self) -> str:
        """How many, of how many."""
        return _(
            "For {count} of {n} orders nothing was done within {days} days after they were won, nor since."
        ).format(count=format_integer(len(self.rows)), n=format_integer(self.n_orders), days=self.cases.follow_days)

    @property
    def table(self) -> pd.DataFrame:
        """One row per order."""
        return self.rows.head(SHOWN)[list(self.titles)[:5]]

    def chart(self) -> None:
        """Nothing: the table says it."""

    def numbers(self) -> Mapping[str, Any]:
        """How many."""
        return {"count_alone": len(self.rows), "n_orders": self.n_orders}

    def behind(self) -> Behind:
        """The orders themselves."""
        won = Rows("opportunities").being(status="won").between("closed_on", self.cases.since, self.cases.day)
        each = [Rows("opportunities").being(opportunity=one) for one in self.rows["opportunity"].head(SHOWN)]
        return Behind(whole=won, table=each, numbers={"count_alone": won.missing("followed_on")})


def first_contacts(cases: SalesCases, *, level: float = 0.95) -> FirstContacts:
    """Count the first contacts in time.

    Args:
        cases: The sales.
        level: How often an interval should hold the truth.
    """
    found, today = cases.entered, pd.Timestamp(cases.day)
    due = found["contacted_on"].notna() | (found["contact_by"] < today)
    found = found.assign(due=due, in_time=due & (found["contacted_on"] <= found["contact_by"]))
    owners = list(found["owner"].value_counts().index)
    rows = [_owned(one, found[found["owner"].eq(one)]) for one in owners] + [_owned("", found)]
    frame = pd.DataFrame(rows)
    hits, n = frame["hits"].to_numpy(np.float64), frame["n_due"].to_numpy(np.float64)
    low, high = wilson(hits, n, level=level)
    with np.errstate(invalid="ignore"):
        share = hits / n
    return FirstContacts(cases, frame.assign(in_time_share=share, in_time_share_low=low, in_time_share_high=high))


def orders_alone(cases: SalesCases) -> OrdersAlone:
    """List the orders for which nothing was done after they were won.

    Args:
        cases: The sales.
    """
    won = cases.closed[cases.closed["status"].eq("won")]
    days = (pd.Timestamp(cases.day) - won["closed_on"]).dt.days
    old = won.assign(days=days)[days >= cases.follow_days]
    alone = old[old["followed_on"].isna()].sort_values(["closed_on", "opportunity"]).reset_index(drop=True)
    return OrdersAlone(cases, alone, len(old))


def _owned(owner: str, sales: pd.DataFrame) -> dict[str, Any]:
    return {
        "owner": owner, "count_entered": len(sales), "n_due": int(sales["due"].sum()),
        "hits": int(sales["in_time"].sum()),
    }  # fmt: skip
