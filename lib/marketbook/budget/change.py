"""Change: what the model tells of each channel now, and what it told some weeks ago."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from marketbook.budget.allocation.plan import last_year_pattern, plan_response, today_amounts
from marketbook.budget.response.model import ResponseModel, fit_response
from marketbook.budget.wording import join, ratio
from marketbook.kit.errors import DataError
from marketbook.kit.language import format_date, label, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ChangeResult(Result):
    """Each channel then and now.

    Attributes:
        channels: One row for each channel, the largest change first: `channel`, `roas_then` and `roas_now` (what a yuan
            brought in the year up to then and up to now) with their 90 % intervals, `roas_again` (what is told now of
            the year up to then), `marginal_then` and `marginal_now` (what the next yuan brings), and `change_share`,
            that of the last two.
        week: Last week known then.
        weeks: Weeks that came since.
        outside: Channels of which the next yuan now brings what lies outside the 90 % interval of then.
    """

    channels: pd.DataFrame
    week: pd.Timestamp
    weeks: int
    outside: tuple[str, ...]
    currency: str = "CNY"

    titles: ClassVar[Mapping[str, str]] = {
        "channel": mark("Channel"),
        "roas_then": mark("A yuan brought, told then"),
        "roas_again": mark("The same year, told now"),
        "roas_now": mark("A yuan brought, last year"),
        "marginal_then": mark("The next yuan, told then"),
        "marginal_now": mark("The next yuan, told now"),
        "change_share": mark("Change"),
        "largest_change_share": mark("Largest change of what the next yuan brings"),
        "count_outside": mark("Channels outside the interval of then"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("What changed since the last refresh")

    @property
    def text(self) -> str:
        """The channel that changed most, and whether that was to be expected."""
        most = self.channels.iloc[0]
        return _(
            "With the {weeks} weeks since {week}, {channel} changed most: the next yuan brings {now} yuan, where then "
            "{then} were told (a change of {change})."
        ).format(
            weeks=self.weeks,
            week=format_date(self.week),
            channel=label(most["channel"]),
            now=ratio(most["marginal_now"]),
            then=ratio(most["marginal_then"]),
            change=by_name("lift", most["change_share"]),
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row for each channel."""
        ends = [f"{name}_{end}" for name in ("roas_then", "roas_now") for end in ("low", "high")]
        return self.channels.drop(columns=ends)

    @property
    def caveats(self) -> Sequence[str]:
        """Whether the changes are more than was to be expected, and how then was told."""
        surprise = (
            _("Outside the 90% interval that was told then: {channels}. Look at what is new there.").format(
                channels=join([label(name) for name in self.outside])
            )
            if self.outside
            else _("All channels stay inside the 90% intervals that were told then.")
        )
        return [
            surprise,
            _("What was told then is the same model, fitted to the data as they are now but without the weeks since."),
        ]

    def chart(self) -> Chart:
        """What a yuan brought, then and now, with intervals."""
        parts = [
            self.channels[["channel", f"roas_{when}", f"roas_{when}_low", f"roas_{when}_high"]]
            .set_axis(["channel", "roas", "roas_low", "roas_high"], axis=1)
            .assign(told=told)
            for when, told in (("then", _("Told then")), ("now", _("Told now")))
        ]
        return Chart(
            kind="point",
            data=pd.concat(parts, ignore_index=True),
            x="roas",
            y="channel",
            color="told",
            low="roas_low",
            high="roas_high",
            title=_("Revenue for each yuan of the last year, then and now, with 90% intervals"),
            titles={"roas": _("Revenue for each yuan"), "channel": _("Channel"), "told": _("Told")},
        )

    def numbers(self) -> Mapping[str, Any]:
        """The largest change first."""
        return {
            "largest_change_share": float(self.channels["change_share"].iloc[0]),
            "count_outside": len(self.outside),
        }


def changes(
    model: ResponseModel, *, weeks: int = 4, earlier: ResponseModel | None = None, seed: int = 1
) -> ChangeResult:
    """Compare what the model tells now with what it told some weeks ago.

    Args:
        model: A fitted response model.
        weeks: Weeks since the last refresh.
        earlier: What was fitted then; None: it is fitted again without those weeks.
        seed: Seed of the random numbers.

    Returns:
        Returns by channel, then and now.

    Raises:
        DataError: The weeks before cannot carry the model, or the two models have other channels.
    """
    left = len(model.history.weeks) - weeks
    then = earlier or fit_response(model.history.until(left), model.settings, draws=len(model.noise), seed=seed)
    if then.history.channels != model.history.channels:
        raise DataError(
            _("Channels then: {then}; now: {now}. Only the same channels can be compared.").format(
                then=join(then.history.channels), now=join(model.history.channels)
            )
        )
    next_then, next_now = _next(then), _next(model)
    low, high = np.quantile(next_then, [0.05, 0.95], axis=0)
    now = next_now.mean(axis=0)
    outside = [name for name, out in zip(model.history.channels, (now < low) | (now > high), strict=True) if out]
    columns = {
        "channel": model.history.channels,
        **_with_ends("roas_then", _brought(then, then.history.weeks)),
        "roas_again": _brought(model, then.history.weeks).mean(axis=0),
        **_with_ends("roas_now", _brought(model, model.history.weeks)),
        "marginal_then": next_then.mean(axis=0),
        "marginal_now": now,
        "change_share": now / next_then.mean(axis=0) - 1.0,
    }
    frame = pd.DataFrame(columns)
    order = frame["change_share"].abs().sort_values(ascending=False, kind="stable").index
    return ChangeResult(
        channels=frame.loc[order].reset_index(drop=True),
        week=then.history.weeks[-1],
        weeks=len(model.history.weeks) - len(then.history.weeks),
        outside=tuple(outside),
        currency=model.history.currency,
    )


def _brought(model: ResponseModel, weeks: pd.DatetimeIndex) -> Array:
    """What a yuan brought in the last year of some weeks, by the model: draws x channels."""
    year = weeks[-model.history.periods_a_year :]
    inside = model.history.weeks.isin(year)
    spend = model.history.media.to_numpy(float)[inside].sum(axis=0)
    found: Array = model.weekly(model.history)[..., inside].sum(axis=2) / np.where(spend > 0, spend, np.nan)
    return found


def _next(model: ResponseModel) -> Array:
    return plan_response(model, last_year_pattern(model)).marginal(today_amounts(model).to_numpy(float))


def _with_ends(name: str, draws: Array) -> dict[str, Array]:
    low, high = np.quantile(draws, [0.05, 0.95], axis=0)
    return {name: draws.mean(axis=0), f"{name}_low": low, f"{name}_high": high}
