"""Returns: what a yuan in each channel brought, and what the next one would bring."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from marketbook.budget.allocation.plan import last_year_pattern, plan_response, today_amounts
from marketbook.budget.response.model import ResponseModel
from marketbook.budget.wording import ratio
from marketbook.kit.language import gettext as _
from marketbook.kit.language import label, mark
from marketbook.kit.report import Chart, Result

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ReturnResult(Result):
    """Return on spend by channel, in revenue for each unit of currency.

    Attributes:
        channels: One row for each channel, best next yuan first: `channel`, `roas` and `marginal_roas`, each with its
            90 % interval (`_low`, `_high`).
        break_even: Revenue that a yuan must bring to pay for itself.
    """

    channels: pd.DataFrame
    break_even: float
    currency: str = "CNY"

    titles: ClassVar[Mapping[str, str]] = {
        "channel": mark("Channel"),
        "roas": mark("A yuan brought"),
        "roas_low": mark("Low end"),
        "roas_high": mark("High end"),
        "marginal_roas": mark("The next yuan brings"),
        "marginal_roas_low": mark("Low end"),
        "marginal_roas_high": mark("High end"),
        "best_marginal_roas": mark("The next yuan in the best channel"),
        "worst_marginal_roas": mark("The next yuan in the last channel"),
        "break_even_roas": mark("Needed to pay for itself"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("What the next yuan brings")

    @property
    def text(self) -> str:
        """Where the next yuan works best and worst."""
        best, worst = self.ends
        return _(
            "The next yuan brings most in {best}, {best_roas} yuan of revenue (90% interval {best_low} to "
            "{best_high}), and least in {worst}, {worst_roas} ({worst_low} to {worst_high})."
        ).format(**_named("best", best), **_named("worst", worst))

    @property
    def table(self) -> pd.DataFrame:
        """One row for each channel."""
        return self.channels

    @property
    def caveats(self) -> Sequence[str]:
        """How many channels pay for themselves at the margin."""
        paying = self.channels["marginal_roas"] >= self.break_even
        return [
            _(
                "It takes {needed} yuan of revenue for a yuan to pay for itself; the next one does so in {count} of "
                "{all} channels."
            ).format(needed=ratio(self.break_even), count=int(paying.sum()), all=len(paying))
        ]

    def chart(self) -> Chart:
        """What a yuan brought beside what the next one brings, with intervals."""
        ends = ["", "_low", "_high"]
        parts = [
            self.channels[["channel", *(f"{name}{end}" for end in ends)]]
            .set_axis(["channel", "roas", "roas_low", "roas_high"], axis=1)
            .assign(yuan=_(self.titles[name]))
            for name in ("roas", "marginal_roas")
        ]
        return Chart(
            kind="point",
            data=pd.concat(parts, ignore_index=True),
            x="roas",
            y="channel",
            color="yuan",
            low="roas_low",
            high="roas_high",
            rule=self.break_even,
            title=_("Revenue for each yuan, with 90% intervals; the line is where a yuan pays for itself"),
            titles={"roas": _("Revenue for each yuan"), "channel": _("Channel"), "yuan": _("Yuan")},
        )

    def numbers(self) -> Mapping[str, Any]:
        """The best channel's next yuan first."""
        best, worst = self.ends
        return {
            "best_marginal_roas": best["marginal_roas"],
            "best_marginal_roas_ci": (best["marginal_roas_low"], best["marginal_roas_high"]),
            "worst_marginal_roas": worst["marginal_roas"],
            "worst_marginal_roas_ci": (worst["marginal_roas_low"], worst["marginal_roas_high"]),
            "break_even_roas": self.break_even,
        }

    @property
    def ends(self) -> tuple[pd.Series, pd.Series]:
        """The channel where the next yuan brings most, and the one where it brings least."""
        return self.channels.iloc[0], self.channels.iloc[-1]


def returns(model: ResponseModel, *, weeks: int | None = None, gross_margin: float = 1.0) -> ReturnResult:
    """Tell what a yuan in each channel brought in the last weeks, and what the next one brings.

    The next yuan is spread over the weeks as last year's spend was; what it brings later is counted.

    Args:
        model: A fitted response model.
        weeks: Count of weeks; None: a year.
        gross_margin: Share of revenue left before marketing.

    Returns:
        Returns with 90 % intervals.
    """
    brought, following = last_yuan(model, weeks)
    columns: dict[str, Any] = {"channel": model.history.channels}
    for name, draws in {"roas": brought, "marginal_roas": following}.items():
        low, high = np.quantile(draws, [0.05, 0.95], axis=0)
        columns |= {name: draws.mean(axis=0), f"{name}_low": low, f"{name}_high": high}
    ranked = pd.DataFrame(columns).sort_values("marginal_roas", ascending=False, ignore_index=True)
    return ReturnResult(ranked, 1.0 / gross_margin, currency=model.history.currency)


def last_yuan(model: ResponseModel, weeks: int | None = None) -> tuple[Array, Array]:
    """Return what a yuan brought in the last weeks, and what the next one brings: draws x channels each."""
    weeks = weeks or model.history.periods_a_year
    spend = model.history.media.iloc[-weeks:].sum().to_numpy(float)
    brought = model.weekly(model.history)[..., -weeks:].sum(axis=2) / np.where(spend > 0, spend, np.nan)
    following = plan_response(model, last_year_pattern(model)).marginal(today_amounts(model).to_numpy(float))
    return brought, following


def _named(name: str, channel: pd.Series) -> dict[str, str]:
    return {
        name: label(channel["channel"]),
        f"{name}_roas": ratio(channel["marginal_roas"]),
        f"{name}_low": ratio(channel["marginal_roas_low"]),
        f"{name}_high": ratio(channel["marginal_roas_high"]),
    }
