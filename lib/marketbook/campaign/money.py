"""Money: an effect on revenue as incremental revenue, gross profit and return, each with one meaning everywhere.

Incremental revenue is what was sold more because of the campaign. ROAS is incremental revenue per yuan spent. Return is
(incremental revenue x gross margin - cost) / cost.
"""

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from marketbook.campaign.wording import round_percent
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.report import Chart
from marketbook.kit.report.format import by_name

MONEY_TITLES = {
    "item": mark("Item"),
    "amount": mark("Amount"),
    "amount_low": mark("Low end"),
    "amount_high": mark("High end"),
    "revenue_incremental": mark("Incremental revenue"),
    "cost": mark("Cost"),
    "roas": mark("ROAS"),
    "rate_return": mark("Return on cost"),
}


@dataclass(frozen=True)
class Money:
    """What a campaign brought in and cost, in yuan."""

    revenue: float
    revenue_ci: tuple[float, float]
    cost: float
    gross_margin: float

    @property
    def roas(self) -> float:
        """Incremental revenue per yuan spent; NaN where nothing was spent."""
        return self.revenue / self.cost if self.cost else math.nan

    @property
    def roas_ci(self) -> tuple[float, float]:
        """Its interval; the cost is known."""
        low, high = self.revenue_ci
        return (low / self.cost, high / self.cost) if self.cost else (math.nan, math.nan)

    @property
    def rate_return(self) -> float:
        """Profit after cost per yuan spent."""
        return self.roas * self.gross_margin - 1

    @property
    def rate_return_ci(self) -> tuple[float, float]:
        """Its interval."""
        low, high = self.roas_ci
        return low * self.gross_margin - 1, high * self.gross_margin - 1

    @property
    def said(self) -> str:
        """Revenue, cost and return as the end of a sentence."""
        low, high = self.revenue_ci
        if low > 0 or high < 0:
            gain = _("{revenue} {interval} of revenue gained").format(
                revenue=_short(self.revenue), interval=by_name("revenue_ci", self.revenue_ci, short=True)
            )
        else:
            gain = _("between {low} and {high} of revenue gained").format(low=_short(low), high=_short(high))
        if not self.cost:
            return _("{gain}, at no cost.").format(gain=gain)
        return _("{gain} for {cost} spent, at a gross margin of {margin} a return of {rate} {interval}.").format(
            gain=gain,
            cost=_short(self.cost),
            margin=round_percent(self.gross_margin),
            rate=by_name("rate_return", self.rate_return),
            interval=by_name("rate_return_ci", self.rate_return_ci),
        )

    def table(self, *, known: bool = True) -> pd.DataFrame:
        """Return revenue, gross profit, cost and profit, one row each; the effect is left empty where not known."""
        scale = 1.0 if known else math.nan
        low, high = (end * scale for end in self.revenue_ci)
        middle, margin = self.revenue * scale, self.gross_margin
        rows = [
            (_("Incremental revenue"), middle, low, high),
            (_("Gross profit on it"), middle * margin, low * margin, high * margin),
            (_("Cost of the campaign"), self.cost, math.nan, math.nan),
            (_("Profit after cost"), *(value * margin - self.cost for value in (middle, low, high))),
        ]
        return pd.DataFrame(rows, columns=["item", "amount", "amount_low", "amount_high"])

    def chart(self) -> Chart:
        """Draw revenue and gross profit against the cost."""
        return Chart(
            kind="point",
            data=self.table().iloc[:2],
            x="amount",
            y="item",
            low="amount_low",
            high="amount_high",
            rule=self.cost,
            title=_("What the campaign brought in; the line marks its cost"),
            titles={name: _(title) for name, title in MONEY_TITLES.items()},
        )

    def numbers(self) -> dict[str, Any]:
        """Return incremental revenue, cost, ROAS and return."""
        return {
            "revenue_incremental": self.revenue,
            "revenue_incremental_ci": self.revenue_ci,
            "cost": self.cost,
            "roas": self.roas,
            "roas_ci": self.roas_ci,
            "rate_return": self.rate_return,
            "rate_return_ci": self.rate_return_ci,
        }


def _short(amount: float) -> str:
    return by_name("revenue", amount, short=True)
