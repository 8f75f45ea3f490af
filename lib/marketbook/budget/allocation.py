"""Allocation: how the total should be split, what that gains over today's split, and how sure that is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from marketbook.budget.optimum import best_split
from marketbook.budget.plan import last_year_pattern, plan_response, today_amounts
from marketbook.budget.response import ResponseModel
from marketbook.budget.wording import join, money, ratio
from marketbook.kit.errors import ParamsError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import label, mark
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name

Array = npt.NDArray[np.float64]

_WORTH_MOVING = 0.005
"""Plans that move less than this share of the total are called unchanged."""
_BEYOND_SHARE = 0.05
"""A plan is flagged where more than this share of its weeks exceed the highest week ever seen."""


@dataclass(frozen=True)
class Bounds:
    """Least and most of each channel over the horizon, in currency, indexed by channel."""

    lower: pd.Series
    upper: pd.Series


def percent_bounds(today: pd.Series, lower: float, upper: float, *, fixed: Sequence[str] = ()) -> Bounds:
    """Return bounds as percent of today's spend; fixed channels keep theirs.

    Raises:
        ParamsError: A fixed channel is not known.
    """
    unknown = sorted(set(fixed) - set(today.index))
    if unknown:
        raise ParamsError(
            _("fixed_channels: {unknown} unknown; the channels are {known}.").format(
                unknown=join(unknown), known=join([str(name) for name in today.index])
            )
        )
    held = today.index.isin(list(fixed))
    return Bounds(today * np.where(held, 1.0, lower / 100), today * np.where(held, 1.0, upper / 100))


@dataclass(frozen=True)
class AllocationResult(Result):
    """The recommended split beside today's.

    Attributes:
        plan: One row for each channel: `channel`, `spend_today`, `spend_recommended`, `change_share`, marginal ROAS of
            the recommended amount with its interval, `note`. Today's is today's split at the new total.
        weeks: Weeks of the horizon.
        total: What is spent in the whole horizon.
        gain: Expected revenue above today's split, over the horizon.
        gain_ci: Its 90 % interval.
        beats_today: Chance that the plan brings more than today's split, by the rule of succession: draws that all
            agree do not make it certain.
        gross_margin: Share of revenue left before marketing.
        price: Revenue that one more yuan brings in the recommended plan.
        residual: How far the plan is from meeting the conditions for an optimum.
    """

    plan: pd.DataFrame
    weeks: int
    total: float
    gain: float
    gain_ci: tuple[float, float]
    beats_today: float
    gross_margin: float
    price: float
    residual: float
    currency: str = "CNY"

    titles: ClassVar[Mapping[str, str]] = {
        "channel": mark("Channel"),
        "spend_today": mark("Today's split"),
        "spend_recommended": mark("Recommended"),
        "change_share": mark("Change"),
        "marginal_roas": mark("The next yuan brings"),
        "note": mark("Note"),
        "revenue_gain": mark("Expected revenue gained"),
        "profit_gain": mark("Expected profit gained"),
        "beats_today_share": mark("Chance to beat today's split"),
        "spend_total": mark("Total for the horizon"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("How to split the budget")

    @property
    def text(self) -> str:
        """What to move, what it brings and how sure that is."""
        moved = (self.plan["spend_recommended"] - self.plan["spend_today"]).set_axis(self.plan["channel"])
        amount = float(moved.clip(lower=0).sum())
        if amount < _WORTH_MOVING * self.total:
            return _("Leave the split as it is: within these limits no other brings noticeably more revenue.")
        values = {
            "amount": self._money(amount),
            "givers": _largest(-moved),
            "takers": _largest(moved),
            "gain": self._money(self.gain),
            "low": self._money(self.gain_ci[0]),
            "high": self._money(self.gain_ci[1]),
            "weeks": self.weeks,
            "chance": by_name("share", self.beats_today),
        }
        return _(
            "Moving {amount} from {givers} to {takers} raises expected revenue by {gain} over {weeks} weeks at the "
            "same total (90% interval {low} to {high}); the chance that it beats today's split is {chance}."
        ).format(**values)

    @property
    def table(self) -> pd.DataFrame:
        """One row for each channel."""
        return self.plan.drop(columns=["marginal_roas_low", "marginal_roas_high"])

    @property
    def caveats(self) -> Sequence[str]:
        """Total, bounds, extrapolation and what a yuan must bring."""
        return [
            _(
                "The plan spends {total} in {weeks} weeks, {weekly} a week on average, spread as last year's spend was."
            ).format(total=self._money(self.total), weeks=self.weeks, weekly=self._money(self.total / self.weeks)),
            self._worth,
        ]

    def chart(self) -> Chart:
        """Today's split and the recommended one, channel by channel."""
        names = {"spend_today": _("Today's split"), "spend_recommended": _("Recommended")}
        data = self.plan.rename(columns=names).melt("channel", list(names.values()), "plan", "spend")
        return Chart(
            kind="bar",
            data=data,
            x="spend",
            y="channel",
            color="plan",
            title=_("Spend in {weeks} weeks by channel").format(weeks=self.weeks),
            titles={"spend": _("Spend"), "channel": _("Channel"), "plan": _("Split")},
        )

    def numbers(self) -> Mapping[str, Any]:
        """The gain first."""
        low, high = self.gain_ci
        return {
            "revenue_gain": self.gain,
            "revenue_gain_ci": self.gain_ci,
            "profit_gain": self.gain * self.gross_margin,
            "profit_gain_ci": (low * self.gross_margin, high * self.gross_margin),
            "beats_today_share": self.beats_today,
            "spend_total": self.total,
        }

    @property
    def _worth(self) -> str:
        """What the last yuan must bring to pay for itself, and what it brings."""
        pays = self.price * self.gross_margin >= 1
        verdict = _("so a larger total would pay, too") if pays else _("so a smaller total would leave more profit")
        return _(
            "At a gross margin of {margin} a yuan must bring {needed} yuan of revenue to pay for itself; the last one "
            "of this plan brings {price}, {verdict}, as far as sales within the carry-over tell."
        ).format(
            margin=by_name("share", self.gross_margin),
            needed=ratio(1 / self.gross_margin),
            price=ratio(self.price),
            verdict=verdict,
        )

    def _money(self, amount: float) -> str:
        return money(amount, self.currency)


def allocate(
    model: ResponseModel,
    *,
    weeks: int = 52,
    total: float | None = None,
    bounds: Bounds | None = None,
    pattern: pd.DataFrame | None = None,
    gross_margin: float = 1.0,
) -> AllocationResult:
    """Split a total so that expected revenue is highest.

    Spend keeps its weekly pattern; the plan is taken to repeat, so that carry-over into the first and out of the last
    week are the same.

    Args:
        model: A fitted response model.
        weeks: Weeks of the horizon.
        total: For all channels and the whole horizon, in currency; None: as much as last year.
        bounds: Least and most of each channel; None: half to one and a half times today's spend.
        pattern: How each channel's amount is spread over the weeks (columns add up to 1); None: as last year.
        gross_margin: Share of revenue left before marketing.

    Returns:
        The recommended split, its gain and how sure it is.

    Raises:
        ParamsError: The bounds cannot be met together; the message says which clash.
    """
    today = today_amounts(model, weeks)
    total = float(today.sum()) if total is None else total
    bounds = bounds or percent_bounds(today, 50, 150)
    lower, upper = _checked(bounds, model, total)
    pattern = last_year_pattern(model, weeks) if pattern is None else pattern
    response = plan_response(model, pattern)
    coarse = response.thinned(200)
    optimum = best_split(
        lambda amounts: response.revenue(amounts).mean(axis=0),
        lambda amounts: response.marginal(amounts).mean(axis=0),
        total=total,
        lower=lower,
        upper=upper,
        coarse=lambda amounts: coarse.revenue(amounts).mean(axis=0),
    )
    now = today.to_numpy(float) * total / float(today.sum())
    gains = (response.revenue(optimum.amounts) - response.revenue(now)).sum(axis=1)
    low, high = np.quantile(gains, [0.05, 0.95])
    return AllocationResult(
        plan=_plan(model, pattern, (now, optimum.amounts), (lower, upper), response.marginal(optimum.amounts)),
        weeks=weeks,
        total=total,
        gain=float(gains.mean()),
        gain_ci=(float(low), float(high)),
        beats_today=float((np.sum(gains > 0) + 1) / (len(gains) + 2)),
        gross_margin=gross_margin,
        price=optimum.price,
        residual=optimum.residual,
        currency=model.history.currency,
    )


def _checked(bounds: Bounds, model: ResponseModel, total: float) -> tuple[Array, Array]:
    lower = bounds.lower.reindex(model.history.channels)
    upper = bounds.upper.reindex(model.history.channels)
    crossed = lower.index[(lower > upper) | lower.isna() | upper.isna() | (lower < 0)]
    money = {name: by_name("amount", amount, currency=model.history.currency) for name, amount in
             {"total": total, "lower": lower.sum(), "upper": upper.sum()}.items()}  # fmt: skip
    if len(crossed):
        raise ParamsError(
            _("Bounds of {channels}: the least must be given, >= 0 and not above the most.").format(
                channels=join([label(name) for name in crossed])
            )
        )
    slack = 1e-9 * total
    if lower.sum() > total + slack:
        raise ParamsError(
            _(
                "The least of all channels adds up to {lower}, above the total of {total}; lower the least (the "
                "largest: {channels}) or raise the total."
            ).format(**money, channels=_largest(lower, 3))
        )
    if upper.sum() < total - slack:
        raise ParamsError(
            _(
                "The most of all channels adds up to {upper}, below the total of {total}; raise the most (the largest: "
                "{channels}) or lower the total."
            ).format(**money, channels=_largest(upper, 3))
        )
    return lower.to_numpy(float), upper.to_numpy(float)


def _plan(
    model: ResponseModel,
    pattern: pd.DataFrame,
    amounts: tuple[Array, Array],
    bounds: tuple[Array, Array],
    marginal: Array,
) -> pd.DataFrame:
    now, best = amounts
    low, high = np.quantile(marginal, [0.05, 0.95], axis=0)
    return pd.DataFrame(
        {
            "channel": model.history.channels,
            "spend_today": now,
            "spend_recommended": best,
            "change_share": best / np.where(now > 0, now, np.nan) - 1.0,
            "marginal_roas": marginal.mean(axis=0),
            "marginal_roas_low": low,
            "marginal_roas_high": high,
            "note": _notes(model, pattern, best, bounds),
        }
    )


def _notes(model: ResponseModel, pattern: pd.DataFrame, best: Array, bounds: tuple[Array, Array]) -> list[str]:
    weekly = pattern[model.history.channels].to_numpy(float) * best
    seen = model.history.spend.max().to_numpy(float)
    beyond = (weekly > 1.001 * seen).mean(axis=0)
    lower, upper = bounds
    near = 1e-6 * best.sum()
    notes = []
    for channel in range(len(best)):
        parts = []
        if upper[channel] - lower[channel] <= near:
            parts.append(_("fixed"))
        elif best[channel] >= upper[channel] - near:
            parts.append(_("at its upper limit"))
        elif best[channel] <= lower[channel] + near:
            parts.append(_("at its lower limit"))
        if beyond[channel] > _BEYOND_SHARE:
            parts.append(
                _("beyond spend ever seen in {share} of weeks").format(share=by_name("share", beyond[channel]))
            )
        notes.append(_("; ").join(parts))
    return notes


def _largest(amounts: pd.Series, count: int = 2) -> str:
    """Name the channels with the largest amounts, and say whether others matter, too."""
    found = amounts[amounts > 0.02 * amounts.clip(lower=0).sum()].sort_values(ascending=False)
    names = [label(name) for name in found.index[:count]]
    return join(names) if len(found) <= count else _("{names} and others").format(names=_(", ").join(names))
