"""Acquisition: what an order that a channel brought cost, and what the next one costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from marketbook.budget.response.model import ResponseModel
from marketbook.budget.returns import last_yuan
from marketbook.budget.wording import money
from marketbook.kit.errors import ParamsError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import label, mark
from marketbook.kit.report import Chart, Result

Array = npt.NDArray[np.float64]

_COSTS = ("cost_order", "cost_next")
_COLUMNS = ("channel", "n_orders", *(f"{name}{end}" for name in _COSTS for end in ("", "_low", "_high")))


@dataclass(frozen=True)
class AcquisitionResult(Result):
    """Cost of an order by channel, in currency.

    Attributes:
        channels: One row for each channel, the cheapest next order first: `channel`, `n_orders` brought a year,
            `cost_order` (spend for each of them) and `cost_next` (what one more costs), with 90 % intervals.
        order_value: Revenue of an order on average; None where no orders were counted, and nothing can be told.
    """

    channels: pd.DataFrame
    order_value: float | None
    currency: str = "CNY"

    titles: ClassVar[Mapping[str, str]] = {
        "channel": mark("Channel"),
        "n_orders": mark("Orders brought"),
        "cost_order": mark("Cost of an order"),
        "cost_order_low": mark("Low end"),
        "cost_order_high": mark("High end"),
        "cost_next": mark("Cost of the next order"),
        "cost_next_low": mark("Low end"),
        "cost_next_high": mark("High end"),
        "cost_best_next": mark("Next order in the cheapest channel"),
        "cost_worst_next": mark("Next order in the dearest channel"),
        "revenue_order": mark("Average order value"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("What an order costs")

    @property
    def text(self) -> str:
        """Where the next order is cheapest and where it is dearest."""
        if self.order_value is None:
            return _("No orders were counted in the last year, so what one costs cannot be told.")
        best, worst = self.channels.iloc[0], self.channels.iloc[-1]
        return _(
            "The next order costs least in {best}, {best_cost} (90% interval {best_low} to {best_high}), and most in "
            "{worst}, {worst_cost} ({worst_low} to {worst_high})."
        ).format(**self._named("best", best), **self._named("worst", worst))

    @property
    def table(self) -> pd.DataFrame:
        """One row for each channel."""
        return self.channels

    @property
    def caveats(self) -> Sequence[str]:
        """How revenue was turned into orders."""
        if self.order_value is None:
            return []
        return [
            _(
                "Orders are revenue brought, divided by the average order value of {value}: a channel whose orders are "
                "larger than average costs more for each than is shown."
            ).format(value=money(self.order_value, self.currency))
        ]

    def chart(self) -> Chart | None:
        """What an order cost beside what the next one costs, with intervals."""
        if self.order_value is None:
            return None
        parts = [
            self.channels[["channel", name, f"{name}_low", f"{name}_high"]]
            .set_axis(["channel", "cost", "cost_low", "cost_high"], axis=1)
            .assign(order=_(self.titles[name]))
            for name in _COSTS
        ]
        return Chart(
            kind="point",
            data=pd.concat(parts, ignore_index=True),
            x="cost",
            y="channel",
            color="order",
            low="cost_low",
            high="cost_high",
            title=_("Cost of an order by channel, with 90% intervals"),
            titles={"cost": _("Cost of an order"), "channel": _("Channel"), "order": _("Order")},
        )

    def numbers(self) -> Mapping[str, Any]:
        """The cheapest channel's next order first."""
        if self.order_value is None:
            return {}
        best, worst = self.channels.iloc[0], self.channels.iloc[-1]
        return {
            "cost_best_next": best["cost_next"],
            "cost_best_next_ci": (best["cost_next_low"], best["cost_next_high"]),
            "cost_worst_next": worst["cost_next"],
            "cost_worst_next_ci": (worst["cost_next_low"], worst["cost_next_high"]),
            "revenue_order": self.order_value,
        }

    def _named(self, name: str, channel: pd.Series) -> dict[str, str]:
        ends = {"cost": "cost_next", "low": "cost_next_low", "high": "cost_next_high"}
        told = {f"{name}_{end}": money(channel[column], self.currency) for end, column in ends.items()}
        return {name: label(channel["channel"]), **told}


def acquisition(model: ResponseModel, *, order_value: float | None, weeks: int | None = None) -> AcquisitionResult:
    """Tell what an order cost in each channel in the last weeks, and what the next one costs.

    The next order is paid for by yuan that are spread over the weeks as last year's were.

    Args:
        model: A fitted response model.
        order_value: Revenue of an order on average, in currency; 1 where the history counts orders in place of revenue;
            None where it is not known.
        weeks: Count of weeks; None: a year.

    Returns:
        Costs with 90 % intervals; what a channel costs on average is its spend over the orders expected of it.

    Raises:
        ParamsError: The order's value is not above 0.
    """
    if order_value is None:
        return AcquisitionResult(pd.DataFrame(columns=list(_COLUMNS)), None, currency=model.history.currency)
    if order_value <= 0:
        raise ParamsError(_("order_value: found {found}; must be > 0.").format(found=order_value))
    weeks = weeks or model.history.periods_a_year
    spend = model.history.media.iloc[-weeks:].sum().to_numpy(float)
    brought, following = last_yuan(model, weeks)
    frame = pd.DataFrame(
        {
            "channel": model.history.channels,
            "n_orders": brought.mean(axis=0) * spend / order_value,
            **_costs("cost_order", brought, order_value),
            **_costs("cost_next", following, order_value),
        }
    )
    ranked = frame.sort_values("cost_next", kind="stable", ignore_index=True)
    return AcquisitionResult(ranked, order_value, currency=model.history.currency)


def _costs(name: str, roas: Array, order_value: float) -> dict[str, Array]:
    """Turn revenue for each unit of currency into costs of an order; the interval's ends change places."""
    low, high = np.quantile(roas, [0.05, 0.95], axis=0)
    return {name: order_value / roas.mean(axis=0), f"{name}_low": order_value / high, f"{name}_high": order_value / low}
