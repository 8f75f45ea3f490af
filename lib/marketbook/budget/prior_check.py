"""Prior check: what the model holds possible before it has seen revenue, beside what came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from marketbook.budget.history import History
from marketbook.budget.response.density import effect_of_return
from marketbook.budget.response.model import ModelSettings, prior_response
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name

Array = npt.NDArray[np.float64]

_LEVEL = 0.9
_FEW = 0.8
"""Where the prior's intervals hold less of the weeks than this, it hardly allows what was seen."""


@dataclass(frozen=True)
class PriorCheckResult(Result):
    """What the priors allow, in terms of the business.

    Attributes:
        channels: One row for each channel, and media together last: `channel`, `roas` and `revenue_share`, each with
            the 90 % interval (`_low`, `_high`) that it has before the data, and `amount_effect`, the effect a week at
            full saturation that a ROAS of 1 stands for.
        weeks: One row for each week: `week`, `revenue` that came, and the prior's `expected` with its 90 % interval.
        inside: Share of weeks whose revenue is inside the interval.
    """

    channels: pd.DataFrame
    weeks: pd.DataFrame
    inside: float
    currency: str = "CNY"

    titles: ClassVar[Mapping[str, str]] = {
        "channel": mark("Channel"),
        "roas": mark("A yuan brings, as believed before"),
        "roas_low": mark("Low end"),
        "roas_high": mark("High end"),
        "revenue_share": mark("Share of revenue, as believed before"),
        "revenue_share_low": mark("Low end"),
        "revenue_share_high": mark("High end"),
        "amount_effect": mark("Weekly effect that one yuan per yuan stands for"),
        "inside_share": mark("Weeks that the prior allows"),
        "media_share": mark("Share of revenue by media, before the data"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("What is believed before the data")

    @property
    def text(self) -> str:
        """What media may bring, and whether what was seen is possible."""
        media = self._media
        return _(
            "Before the data, media may bring {low} to {high} of revenue (90% interval), and the revenue that came is "
            "held possible in {inside} of all weeks."
        ).format(
            low=by_name("share", media["revenue_share_low"]),
            high=by_name("share", media["revenue_share_high"]),
            inside=by_name("share", self.inside),
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row for each channel, and one for all media."""
        return self.channels

    @property
    def caveats(self) -> Sequence[str]:
        """How the figures were turned into the model's, and whether the prior is too narrow."""
        found = [
            _(
                "What a yuan brings is turned into the model's effect by dividing spend by the response that it adds "
                "up to; the last column shows it for the middle of the priors of carry-over and saturation."
            )
        ]
        if self.inside < _FEW:
            found.append(
                _("The priors hardly allow what was seen: widen the share or the ranges before reading the answers.")
            )
        if self.weeks["expected_low"].min() < 0:
            found.append(
                _("The priors allow weeks with revenue below 0 too: they are wide, and the data have to speak.")
            )
        return found

    def chart(self) -> Chart:
        """Revenue as it came, and where the prior held it possible."""
        seen = self.weeks[["week", "revenue"]].assign(series=_("Booked"))
        held = self.weeks[["week", "expected", "expected_low", "expected_high"]].assign(series=_("Before the data"))
        held.columns = pd.Index(["week", "revenue", "revenue_low", "revenue_high", "series"])
        return Chart(
            kind="line",
            data=pd.concat([seen, held], ignore_index=True),
            x="week",
            y="revenue",
            color="series",
            low="revenue_low",
            high="revenue_high",
            title=_("Weekly revenue, and where the priors alone hold it possible (90% intervals)"),
            titles={"week": _("Week"), "revenue": _("Revenue"), "series": _("Series")},
        )

    def numbers(self) -> Mapping[str, Any]:
        """The share of weeks that the prior allows, first."""
        media = self._media
        return {
            "inside_share": self.inside,
            "media_share": media["revenue_share"],
            "media_share_ci": (media["revenue_share_low"], media["revenue_share_high"]),
        }

    @property
    def _media(self) -> pd.Series:
        return self.channels.iloc[-1]


def prior_check(
    history: History, settings: ModelSettings | None = None, *, draws: int = 2000, seed: int = 1
) -> PriorCheckResult:
    """Draw revenue from what is believed before the data, and compare it with what came.

    Args:
        history: Sales and media.
        settings: What the model is made of.
        draws: Draws from the prior.
        seed: Seed of the random numbers.

    Returns:
        What the priors allow for each channel, and for revenue week by week (of a daily history, too).

    Raises:
        DataError: The history cannot carry the model.

    References:
        Gelman, Vehtari, Simpson et al. (2020), Bayesian workflow, section 2.4.
    """
    settings = settings or ModelSettings()
    model = prior_response(history, settings, draws=draws, seed=seed)
    brought = model.weekly(history).sum(axis=2)
    predicted = history.in_weeks(model.predicted(history, seed=seed))
    low, high = np.quantile(predicted, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2], axis=0)
    booked = history.in_weeks(history.revenue.to_numpy(float))
    expected = history.in_weeks(model.expected(history)).mean(axis=0)
    weeks = {"week": history.week_starts, "revenue": booked, "expected": expected}
    return PriorCheckResult(
        channels=_channels(history, settings, np.column_stack([brought, brought.sum(axis=1)])),
        weeks=pd.DataFrame(weeks | {"expected_low": low, "expected_high": high}),
        inside=float(np.mean((booked >= low) & (booked <= high))),
        currency=history.currency,
    )


def _channels(history: History, settings: ModelSettings, brought: Array) -> pd.DataFrame:
    spend = history.media.sum().to_numpy(float)
    roas, share = brought / np.append(spend, spend.sum()), brought / float(history.revenue.sum())
    columns: dict[str, Any] = {"channel": [*history.channels, _("All media")]}
    for name, draws in {"roas": roas, "revenue_share": share}.items():
        low, high = np.quantile(draws, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2], axis=0)
        columns |= {name: draws.mean(axis=0), f"{name}_low": low, f"{name}_high": high}
    return pd.DataFrame(columns | {"amount_effect": [*effect_of_return(history, settings), np.nan]})
