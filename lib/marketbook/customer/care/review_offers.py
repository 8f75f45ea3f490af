"""What recommending brings, against who was held out, and how many customers come back.

References:
    R. G. Newcombe, "Interval estimation for the difference between independent proportions: comparison of eleven
    methods", Statistics in Medicine 17 (1998), 873-890, method 10.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from marketbook.customer.care.reviewing import Customers, last_day, over
from marketbook.kit.facts import Rows
from marketbook.kit.language import format_date, format_integer, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Behind, Chart, Result
from marketbook.kit.report.format import by_name
from marketbook.kit.report.intervals import wilson

WITHIN = 28
"""So many days after a recommendation what was bought counts for it."""

AGAIN = 180
"""So many days after a purchase the next one counts as coming back."""

QUARTERS = 6
OFFERS = Rows("recommendations")
ARMS = {"told": mark("Was recommended something"), "held_out": mark("Held out")}


@dataclass(frozen=True)
class OfferEffect(Result):
    """What recommending brings.

    Attributes:
        customers: What was read.
        level: How often an interval should hold the truth.
        rows: The two groups: `n` customers whose days are over, `bought_share` of them bought what was (to be)
            recommended, with its interval; `count_offers` in all, and `count_accepted` that were wanted at once.
        effect: The difference of the two shares, with its interval; three times nan where one group is empty.
    """

    customers: Customers = field(repr=False)
    level: float
    rows: pd.DataFrame = field(repr=False)
    effect: tuple[float, float, float]
    titles: ClassVar[Mapping[str, str]] = {
        "arm": mark("Which customers"),
        "count_offers": mark("Customers"),
        "count_accepted": mark("Wanted it at once"),
        "n": mark("Whose four weeks are over"),
        "bought_share": mark("Bought it"),
        "bought_share_low": mark("Bought it, low"),
        "bought_share_high": mark("Bought it, high"),
        "lift_bought": mark("Difference of the shares"),
        "accepted_share": mark("Wanted it at once"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("What does recommending bring?")

    @property
    def text(self) -> str:
        """The difference, or why none can be told."""
        told, held = (self.rows.iloc[place] for place in (0, 1))
        if not self.rows["count_offers"].sum():
            return _("Nothing was recommended since {day}.").format(day=format_date(self.customers.offers_since))
        said = _("Of {count} recommendations since {day}, {accepted} were wanted at once.").format(
            count=format_integer(told["count_offers"]), day=format_date(self.customers.offers_since),
            accepted=format_integer(told["count_accepted"]),
        )  # fmt: skip
        if not (told["n"] and held["n"]):
            return said + " " + _("Whether they bring anything cannot be told yet: too few have had their four weeks.")
        return said + " " + _(
            "Within four weeks {share} bought what was recommended, and {other} of those who were held out: a "
            "difference of {lift} {ci}."
        ).format(
            share=by_name("share", told["bought_share"]), other=by_name("share", held["bought_share"]),
            lift=by_name("lift", self.effect[0]), ci=by_name("lift_ci", self.effect[1:]),
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """The two groups."""
        return self.rows.assign(arm=[_(ARMS[one]) for one in self.rows["arm"]])

    @property
    def caveats(self) -> Sequence[str]:
        """How the groups were drawn, and what the interval means."""
        return [_("Who is held out is drawn by a hash before anybody is called; whoever was drawn counts, called or "
                  "not. An interval that holds zero says that nothing is proven.")]  # fmt: skip

    def chart(self) -> Chart | None:
        """The two shares with their intervals."""
        shown = self.table[self.rows["n"] > 0]
        if shown.empty:
            return None
        names = ["arm", "bought_share", "bought_share_low", "bought_share_high"]
        return Chart(
            kind="point", data=shown[names], x="bought_share", y="arm", low="bought_share_low",
            high="bought_share_high", title=_("Bought it within four weeks"),
            titles={name: _(self.titles[name]) for name in names},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """The difference, and how many wanted it at once."""
        told = self.rows.iloc[0]
        share = told["count_accepted"] / told["count_offers"] if told["count_offers"] else float("nan")
        return {"lift_bought": self.effect[0], "lift_bought_ci": self.effect[1:], "accepted_share": share}

    def behind(self) -> Behind:
        """The recommendations of each group."""
        rows = OFFERS.between("made_on", self.customers.offers_since)
        each = [rows.being(held_out=one == "held_out") for one in self.rows["arm"]]
        accepted = [one.being(response="accepted") for one in each]
        return Behind(whole=rows, table=each, cells={"count_accepted": accepted})


@dataclass(frozen=True)
class Retention(Result):
    """How many customers come back.

    Attributes:
        customers: What was read.
        level: How often an interval should hold the truth.
        rows: One row per quarter whose days are over, the last one last: `quarter` begins, `n` customers bought,
            `again_share` of them again within `AGAIN` days, with its interval.
    """

    customers: Customers = field(repr=False)
    level: float
    rows: pd.DataFrame = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = {
        "quarter_on": mark("Quarter from"),
        "n": mark("Buyers of the quarter"),
        "again_share": mark("Bought again"),
        "again_share_low": mark("Bought again, low"),
        "again_share_high": mark("Bought again, high"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Do customers come back?")

    @property
    def text(self) -> str:
        """The last quarter, beside that of a year before."""
        if self.rows.empty:
            return _("There are no purchases of a quarter whose {days} days are over.").format(days=AGAIN)
        last = self.rows.iloc[-1]
        said = _("Of {n} customers who bought in the quarter from {day}, {share} {ci} bought again within {days} days.")
        told = said.format(
            n=format_integer(last["n"]), day=format_date(last["quarter_on"]), days=AGAIN,
            share=by_name("share", last["again_share"]),
            ci=by_name("share_ci", (last["again_share_low"], last["again_share_high"])),
        )  # fmt: skip
        if len(self.rows) < 5:
            return told
        return told + _(" A year before it was {share}.").format(
            share=by_name("share", self.rows.iloc[-5]["again_share"])
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row per quarter."""
        return self.rows

    @property
    def caveats(self) -> Sequence[str]:
        """Of whom it tells."""
        return [_("All customers of the shop count, whether there is a card of them or not. Why they come back is not "
                  "told.")]  # fmt: skip

    def chart(self) -> Chart | None:
        """The share by quarter."""
        if self.rows.empty:
            return None
        names = ["quarter_on", "again_share", "again_share_low", "again_share_high"]
        return Chart(
            kind="point", data=self.rows[names], x="quarter_on", y="again_share", low="again_share_low",
            high="again_share_high", title=_("Bought again within {days} days").format(days=AGAIN),
            titles={name: _(self.titles[name]) for name in names},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """That of the last quarter."""
        if self.rows.empty:
            return {"again_share": float("nan")}
        last = self.rows.iloc[-1]
        return {
            "again_share": last["again_share"],
            "again_share_ci": (last["again_share_low"], last["again_share_high"]),
        }

    def behind(self) -> Behind:
        """The order lines of each quarter; the cards where there are no purchases."""
        if self.rows.empty:
            return Behind(whole=Rows("customer_cards"))
        starts = [one.date() for one in self.rows["quarter_on"]]
        each = [Rows("transactions").between("ordered_at", one, _quarter_end(one)) for one in starts]
        return Behind(whole=Rows("transactions"), table=each)


def offer_effect(customers: Customers, *, level: float = 0.95) -> OfferEffect:
    """Hold who was recommended something against who was held out; whoever was drawn counts.

    Args:
        customers: What was read.
        level: How often an interval should hold the truth.
    """
    offers = customers.offers
    done = [over(day, customers.orders, days=WITHIN) for day in offers["made_on"]]
    known = offers[offers["shop"].notna() & np.array(done, dtype=bool)]
    bought = pd.Series([_bought(one, customers.orders) for one in known.itertuples()], index=known.index, dtype=bool)
    rows = pd.DataFrame([_arm(name, offers, known, bought) for name in ARMS])
    low, high = wilson(rows["count_bought"].to_numpy(float), rows["n"].to_numpy(float), level=level)
    share = (rows["count_bought"] / rows["n"].where(rows["n"] > 0)).to_numpy(float)
    made = rows.assign(bought_share=share, bought_share_low=low, bought_share_high=high)
    columns = [name for name in OfferEffect.titles if name in made]
    return OfferEffect(customers, level, made[columns], newcombe(share, low, high))


def newcombe(
    share: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> tuple[float, float, float]:  # fmt: skip
    """Return the difference of two shares with its interval, from their score intervals.

    Example:
        >>> low, high = wilson(np.array([56.0, 48.0]), np.array([70.0, 80.0]))
        >>> [round(one, 4) for one in newcombe(np.array([56 / 70, 48 / 80]), low, high)]  # Newcombe (1998), table II
        [0.2, 0.0524, 0.3339]
    """
    difference = share[0] - share[1]
    below = np.hypot(share[0] - low[0], high[1] - share[1])
    above = np.hypot(high[0] - share[0], share[1] - low[1])
    return float(difference), float(difference - below), float(difference + above)


def retention(customers: Customers, *, level: float = 0.95) -> Retention:
    """Say how many customers come back, by quarter.

    Args:
        customers: What was read.
        level: How often an interval should hold the truth.
    """
    days = customers.orders[["customer_id", "day"]].drop_duplicates().sort_values(["customer_id", "day"])
    following = days.groupby("customer_id")["day"].shift(-1)
    again = (following - days["day"]) <= pd.Timedelta(days=AGAIN)
    each = days.assign(again=again, quarter_on=days["day"].dt.to_period("Q").dt.start_time)
    firsts = each.drop_duplicates(["customer_id", "quarter_on"])
    found = firsts.groupby("quarter_on")["again"].agg(["size", "sum"]).reset_index()
    last = last_day(customers.orders)
    whole = [
        last is not None and _quarter_end(one.date()) + timedelta(AGAIN) <= last.date() for one in found["quarter_on"]
    ]
    shown = found[np.array(whole, dtype=bool)].tail(QUARTERS)
    low, high = wilson(shown["sum"].to_numpy(float), shown["size"].to_numpy(float), level=level)
    rows = pd.DataFrame(
        {
            "quarter_on": shown["quarter_on"], "n": shown["size"], "again_share": shown["sum"] / shown["size"],
            "again_share_low": low, "again_share_high": high,
        }
    )  # fmt: skip
    return Retention(customers, level, rows.reset_index(drop=True))


def _arm(name: str, offers: pd.DataFrame, known: pd.DataFrame, bought: pd.Series) -> dict[str, Any]:
    held = name == "held_out"
    mine = offers["held_out"].astype(bool) == held
    over_ = known["held_out"].astype(bool) == held
    return {
        "arm": name,
        "count_offers": int(mine.sum()),
        "count_accepted": int((offers["response"] == "accepted")[mine].sum()),
        "n": int(over_.sum()),
        "count_bought": int(bought[over_].sum()),
    }


def _bought(one: Any, orders: pd.DataFrame) -> bool:  # noqa: ANN401  # a row
    first = pd.Timestamp(one.made_on)
    theirs = orders[(orders["customer_id"] == one.shop) & (orders["category"] == one.category)]
    return bool(((theirs["day"] > first) & (theirs["day"] <= first + pd.Timedelta(days=WITHIN))).any())


def _quarter_end(start: Any) -> Any:  # noqa: ANN401  # a day
    return (pd.Timestamp(start) + pd.DateOffset(months=3) - pd.Timedelta(days=1)).date()
