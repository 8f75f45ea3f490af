"""Carry-over: how long a week's spend goes on working."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from marketbook.budget.history import WEEK
from marketbook.budget.response.model import ResponseModel
from marketbook.budget.wording import join
from marketbook.kit.language import format_number, label, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Chart, Result

Array = npt.NDArray[np.float64]

_CUT = 0.02
"""Where more than this share of an effect falls on the last week that may count, it may well last longer."""


@dataclass(frozen=True)
class CarryOverResult(Result):
    """How spend carries over, by channel.

    Attributes:
        channels: One row for each channel: `channel`, `weeks_half` and `weeks_most`, after which half and 90 % of an
            effect have come, the first with its 90 % interval, and `later_share`, what comes after the first week.
        lags: One row for each channel and week after the spend: `channel`, `lag` in weeks (0: the same one),
        `share_effect`.
    """

    channels: pd.DataFrame
    lags: pd.DataFrame
    currency: str = "CNY"

    titles: ClassVar[Mapping[str, str]] = {
        "channel": mark("Channel"),
        "weeks_half": mark("Weeks until half of it has come"),
        "weeks_half_low": mark("Low end"),
        "weeks_half_high": mark("High end"),
        "weeks_most": mark("Weeks until 90% of it has come"),
        "later_share": mark("Comes after the first week"),
        "longest_weeks": mark("Weeks until half has come, longest"),
        "shortest_weeks": mark("Weeks until half has come, shortest"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("How long spend works")

    @property
    def text(self) -> str:
        """The channel that works longest and the one that works shortest."""
        short, long = self._ends
        return _(
            "{long} works longest: half of its effect has come after {long_weeks} weeks (90% interval {low} to "
            "{high}); {short} works shortest, with {short_weeks} weeks."
        ).format(
            long=label(long["channel"]),
            long_weeks=_number(long["weeks_half"]),
            low=_number(long["weeks_half_low"]),
            high=_number(long["weeks_half_high"]),
            short=label(short["channel"]),
            short_weeks=_number(short["weeks_half"]),
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row for each channel."""
        return self.channels

    @property
    def caveats(self) -> Sequence[str]:
        """Where effects may be cut off."""
        last = self.lags[self.lags["lag"] == self.lags["lag"].max()]
        cut = last.loc[last["share_effect"] > _CUT, "channel"]
        found = [_("A week's own share counts as coming evenly over it.")]
        if len(cut):
            found.append(
                _("The effect has not faded by the last week that may count in {channels}: allow more weeks.").format(
                    channels=join([label(channel) for channel in cut])
                )
            )
        return found

    def chart(self) -> Chart:
        """The share of an effect that comes in each week after the spend."""
        return Chart(
            kind="line",
            data=self.lags,
            x="lag",
            y="share_effect",
            color="channel",
            title=_("Share of the effect by weeks after the spend"),
            titles={
                "lag": _("Weeks after the spend"),
                "share_effect": _("Share of the effect"),
                "channel": _("Channel"),
            },
        )

    def numbers(self) -> Mapping[str, Any]:
        """The longest first."""
        short, long = self._ends
        return {
            "longest_weeks": long["weeks_half"],
            "longest_weeks_ci": (long["weeks_half_low"], long["weeks_half_high"]),
            "shortest_weeks": short["weeks_half"],
            "shortest_weeks_ci": (short["weeks_half_low"], short["weeks_half_high"]),
        }

    @property
    def _ends(self) -> tuple[pd.Series, pd.Series]:
        half = self.channels["weeks_half"]
        return self.channels.iloc[int(half.argmin())], self.channels.iloc[int(half.argmax())]


def carry_over(model: ResponseModel) -> CarryOverResult:
    """Tell how long each channel's spend works.

    Args:
        model: A fitted response model.

    Returns:
        Weeks until half and most of an effect have come, and how it is spread.
    """
    weights = model.settings.adstock.weights(model.adstock)
    channels, lags = model.history.channels, weights.shape[2]
    length = model.history.period_days / WEEK
    half, most = length * weeks_until(weights, 0.5), length * weeks_until(weights, 0.9)
    low, high = np.quantile(half, [0.05, 0.95], axis=0)
    mean = weights.mean(axis=0)
    return CarryOverResult(
        channels=pd.DataFrame(
            {
                "channel": channels,
                "weeks_half": half.mean(axis=0),
                "weeks_half_low": low,
                "weeks_half_high": high,
                "weeks_most": most.mean(axis=0),
                "later_share": 1.0 - mean[:, : round(1 / length)].sum(axis=1),
            }
        ),
        lags=pd.DataFrame(
            {
                "channel": np.repeat(channels, lags),
                "lag": np.tile(length * np.arange(lags), len(channels)),
                "share_effect": mean.ravel(),
            }
        ),
        currency=model.history.currency,
    )


def weeks_until(weights: Array, share: float) -> Array:
    """Return the periods after which a share of the effect has come, each one's part spread evenly over it.

    Args:
        weights: Of lags, on the last axis, adding up to 1.
        share: Between 0 and 1.

    Example:
        >>> weeks_until(np.array([0.4, 0.2, 0.4]), 0.5).round(6).item()
        1.5
    """
    come = np.cumsum(weights, axis=-1)
    week = np.minimum((come < share).sum(axis=-1, keepdims=True), weights.shape[-1] - 1)
    part = np.take_along_axis(weights, week, axis=-1)
    before = np.take_along_axis(come, week, axis=-1) - part
    found: Array = (week + (share - before) / np.maximum(part, 1e-12))[..., 0]
    return found


def _number(value: float) -> str:
    return format_number(float(value), decimals=1)
