"""Prices by quarter: each that is watched, and how they stand to our own list prices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from marketbook.competitor.brief import signed
from marketbook.competitor.log import SERIES, Log, quarter_called
from marketbook.competitor.tables import CHANNELS
from marketbook.kit.language import format_percent, label, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Behind, Chart, Result


@dataclass(frozen=True)
class QuarterPrices(Result):
    """What each price is in this quarter, and was in the one before.

    Attributes:
        log: The competitor log.
        rows: One row per price that was seen in one of the two quarters: `own_product`, `competitor`, `product`,
            `channel`, `before_minor`, `now_minor`, `change_share`, `own_minor`, `index_share`; and of all quarters
            of the table `n` looks, `low_minor`, `high_minor`, `last_on`.
    """

    log: Log = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    currency: str = "CNY"
    titles: ClassVar[Mapping[str, str]] = {
        "own_product": mark("Competes with ours"),
        "competitor": mark("Competitor"),
        "product": mark("Product"),
        "channel": mark("Channel"),
        "before_minor": mark("Quarter before"),
        "now_minor": mark("This quarter"),
        "change_share": mark("Change"),
        "own_minor": mark("Our list price"),
        "index_share": mark("Of our list price"),
        "n": mark("Looks"),
        "low_minor": mark("Lowest"),
        "high_minor": mark("Highest"),
        "last_on": mark("Last seen on"),
        "count_prices": mark("Prices seen"),
        "count_below": mark("Below our list price"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Prices in {quarter}").format(quarter=quarter_called(self.log.quarters[-1]))

    @property
    def text(self) -> str:
        """How many are watched, how many are below ours, and the biggest move."""
        found = self.numbers()
        said = _("{count} prices were seen in {quarter}; {below} of the {known} that stand beside a list price of ours "
                 "are below it.").format(
            count=found["count_prices"], quarter=quarter_called(self.log.quarters[-1]), below=found["count_below"],
            known=int((self.rows["own_minor"].notna() & self.rows["now_minor"].notna()).sum()),
        )  # fmt: skip
        moved = self.rows[self.rows["change_share"].fillna(0) != 0]
        if moved.empty:
            return said
        most = moved.sort_values("change_share", key=abs).iloc[-1]
        told = _(" Biggest move since the quarter before: {competitor}'s {product} ({channel}), {change}.")
        return said + told.format(
            competitor=label(most["competitor"]), product=label(most["product"]), channel=_(CHANNELS[most["channel"]]),
            change=signed(most["change_share"]),
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """One row per price."""
        named = self.rows.assign(channel=[_(CHANNELS[one]) for one in self.rows["channel"]])
        return named[[name for name in self.titles if name in named]]

    @property
    def caveats(self) -> Sequence[str]:
        """What is compared."""
        return self.log.caveats()

    def chart(self) -> Chart | None:
        """How each price stands to ours."""
        data = self.table[self.table["index_share"].notna()]
        if data.empty:
            return None
        named = data["product"].map(label) + " · " + data["channel"]
        return Chart(
            kind="bar", data=pd.DataFrame({"name": named, "index_share": data["index_share"]}), x="index_share",
            y="name", rule=1.0, title=_("Prices as a share of our own list price; the line is our price"),
            titles={"name": _("Product"), "index_share": _("Of our list price")},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """How many are watched first."""
        now = self.rows[self.rows["now_minor"].notna()]
        return {"count_prices": len(now), "count_below": int((now["index_share"] < 1).sum())}

    def behind(self) -> Behind:
        """The looks at each price."""
        first = pd.Period(self.log.quarters[0], "Q").start_time.date()
        table = [
            self.log.rows.between("seen_on", first).being(**{name: row[name] for name in SERIES if name in row})
            .present("price_minor")
            for row in self.rows.to_dict("records")
        ]  # fmt: skip
        quarter = pd.Period(self.log.quarters[-1], "Q").start_time.date()
        whole = self.log.rows.between("seen_on", quarter).present("price_minor")
        return Behind(whole=whole, table=table)


@dataclass(frozen=True)
class PriceIndex(Result):
    """How competitors' prices stand to our list prices, quarter by quarter.

    Attributes:
        log: The competitor log.
        rows: One row per product of ours with a list price and quarter in which it was competed with: `own_product`,
            `quarter`, `n` prices, `own_minor`, `mean_minor`, `low_minor`, `high_minor`, and `index_share`, `index_low`,
            `index_high` as shares of our price.
    """

    log: Log = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    currency: str = "CNY"
    titles: ClassVar[Mapping[str, str]] = {
        "own_product": mark("Our product"),
        "quarter": mark("Quarter"),
        "n": mark("Prices"),
        "own_minor": mark("Our list price"),
        "mean_minor": mark("Mean of theirs"),
        "low_minor": mark("Lowest"),
        "high_minor": mark("Highest"),
        "index_share": mark("Price index"),
        "mean_share": mark("Price index of all"),
        "before_share": mark("In the quarter before"),
        "n_prices": mark("Prices it stands on"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Price index by quarter")

    @property
    def text(self) -> str:
        """The index of this quarter, its range, and that of the quarter before."""
        found = self.numbers()
        if np.isnan(found["mean_share"]):
            return _("No competitor's price of {quarter} stands beside a list price of ours.").format(
                quarter=quarter_called(self.log.quarters[-1])
            )
        low, high = found["mean_share_ci"]
        said = _("In {quarter} competitors ask {index} of our list prices on average, from {low} to {high} by product "
                 "(n = {n}).").format(
            quarter=quarter_called(self.log.quarters[-1]), index=_percent(found["mean_share"]), low=_percent(low),
            high=_percent(high), n=found["n_prices"],
        )  # fmt: skip
        before = found["before_share"]
        return said if np.isnan(before) else said + _(" In the quarter before it was {index}.").format(
            index=_percent(before)
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """One row per product and quarter."""
        named = self.rows.assign(quarter=self.rows["quarter"].map(quarter_called))
        return named[[name for name in self.titles if name in named]]

    @property
    def caveats(self) -> Sequence[str]:
        """What the index is."""
        return [
            _("The index of a product is the mean of each competing offer's last price of the quarter, divided by our "
              "list price at the quarter's end; that of all is the mean of the products. The range is that of the "
              "products, no interval of an estimate: the offers are chosen, not drawn.")
        ]  # fmt: skip

    def chart(self) -> Chart | None:
        """The index of each product, quarter by quarter."""
        if self.rows.empty:
            return None
        return Chart(
            kind="line", data=self.table[["quarter", "own_product", "index_share"]], x="quarter", y="index_share",
            color="own_product", rule=1.0, title=_("Competitors' prices as a share of our list price"),
            titles={name: _(self.titles[name]) for name in ("quarter", "own_product", "index_share")},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """The index of all products in this quarter first, with the range of the products."""
        now, before = (self._of(self.log.quarters[place]) for place in (-1, -2))
        each = now["index_share"]
        return {
            "mean_share": float(each.mean()) if len(now) else np.nan,
            "mean_share_ci": (float(each.min()), float(each.max())) if len(now) else (np.nan, np.nan),
            "before_share": float(before["index_share"].mean()) if len(before) else np.nan,
            "n_prices": int(now["n"].sum()),
        }

    def behind(self) -> Behind:
        """The looks of each product and quarter."""
        table = [
            self._looks(row["quarter"]).being(own_product=row["own_product"]) for row in self.rows.to_dict("records")
        ]
        now, before = (self._looks(self.log.quarters[place]) for place in (-1, -2))
        return Behind(whole=now, table=table, numbers={"before_share": before})

    def _of(self, quarter: str) -> pd.DataFrame:
        return self.rows[self.rows["quarter"] == quarter]

    def _looks(self, quarter: str) -> Any:  # noqa: ANN401  # rows
        period = pd.Period(quarter, "Q")
        last = min(period.end_time.date(), self.log.as_of)
        return self.log.rows.between("seen_on", period.start_time.date(), last).present("price_minor")


def by_quarter(log: Log) -> QuarterPrices:
    """Tell what each price is in this quarter, and was in the one before.

    Args:
        log: The competitor log.

    Returns:
        One row per price, by our product and what is asked for theirs.
    """
    looks = log.home[log.home["quarter"].isin(log.quarters)]
    each = looks.groupby(SERIES, as_index=False).agg(
        own_product=("own_product", "last"), n=("entry", "size"), low_minor=("per_unit", "min"),
        high_minor=("per_unit", "max"), last_on=("seen_on", "max"),
    )  # fmt: skip
    for name, quarter in {"before_minor": log.quarters[-2], "now_minor": log.quarters[-1]}.items():
        last = looks[looks["quarter"] == quarter].groupby(SERIES)["per_unit"].last().rename(name)
        each = each.merge(last, how="left", left_on=SERIES, right_index=True)
    each = each[each["before_minor"].notna() | each["now_minor"].notna()]
    own = [log.own.get((product, log.quarters[-1]), np.nan) for product in each["own_product"]]
    each = each.assign(own_minor=own, change_share=each["now_minor"] / each["before_minor"] - 1)
    each = each.assign(index_share=each["now_minor"] / each["own_minor"])
    return QuarterPrices(
        log, each.sort_values(["own_product", "now_minor", *SERIES]).reset_index(drop=True), currency=log.currency
    )  # fmt: skip


def index(log: Log) -> PriceIndex:
    """Tell how competitors' prices stand to our list prices.

    Args:
        log: The competitor log.

    Returns:
        One row per product of ours and quarter.
    """
    looks = log.home[log.home["quarter"].isin(log.quarters)]
    last = looks.groupby([*SERIES, "quarter"], as_index=False).last()
    own = [log.own.get(key, np.nan) for key in zip(last["own_product"], last["quarter"], strict=True)]
    last = last.assign(own_minor=own)
    last = last[last["own_minor"].notna()]
    rows = last.groupby(["own_product", "quarter"], as_index=False).agg(
        n=("entry", "size"), own_minor=("own_minor", "first"), mean_minor=("per_unit", "mean"),
        low_minor=("per_unit", "min"), high_minor=("per_unit", "max"),
    )  # fmt: skip
    return PriceIndex(log, rows.assign(index_share=rows["mean_minor"] / rows["own_minor"]), currency=log.currency)


def _percent(share: float) -> str:
    return format_percent(share, decimals=0)
