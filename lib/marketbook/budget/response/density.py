"""The model's density of a history: currency turned into the units that it is computed in."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from marketbook.budget.history import DAY, History
from marketbook.budget.inference.collapsed import Collapsed, LiftRow
from marketbook.budget.response.adstock import carried, lagged
from marketbook.budget.response.averaging import Averaged
from marketbook.budget.response.baseline import Baseline
from marketbook.budget.response.priors import Priors, TruncatedNormal
from marketbook.budget.response.specification import ModelSettings
from marketbook.kit.errors import ParamsError
from marketbook.kit.language import gettext as _

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Units:
    """What revenue and spend are measured in.

    Attributes:
        revenue: Amount that is 1 in the model.
        spend: Amount a week that is a level of 1, one for each channel.
    """

    revenue: float
    spend: Array

    @classmethod
    def of(cls, history: History, priors: Priors) -> "Units":
        """Measure revenue in its highest week (or what the priors say), spend in each channel's highest week."""
        return cls(priors.revenue_scale or float(history.revenue.max()), history.media.max().to_numpy(float))

    def lags(self, history: History, l_max: int) -> Array:
        """Return levels of spend by lag: channels x lags x weeks."""
        levels, before = history.media.to_numpy(float) / self.spend, history.carry_in.to_numpy(float) / self.spend
        return lagged(levels, l_max, before)


@dataclass(frozen=True)
class Believed:
    """What is believed of the channels' effects, in the model's units.

    Attributes:
        scale: Of each half-normal effect.
        brought: Of what a channel brings over all weeks, where a range of ROAS was given.
    """

    scale: Array
    brought: tuple[TruncatedNormal | None, ...]

    @classmethod
    def of(cls, history: History, settings: ModelSettings, units: Units) -> "Believed":
        """Turn a share of revenue, or ranges of ROAS, into priors of effects."""
        height = middle_height(settings, units.lags(history, settings.adstock.l_max))
        revenue = float(history.revenue.sum()) / units.revenue
        spend = history.media.sum()
        return cls(
            effect_scale(spend, revenue, height, settings.priors), ranges(spend / units.revenue, settings.priors)
        )


def baseline_of(history: History, settings: ModelSettings) -> Baseline:
    """Return how a history's base is built."""
    days = history.period_days
    return Baseline(
        trend=settings.trend,
        fourier_modes=settings.fourier_modes,
        start=history.weeks[0],
        weeks=len(history.weeks),
        period_days=days,
        weekday_modes=settings.weekday_modes if days == DAY else 0,
    )


def density_of(
    history: History, settings: ModelSettings, baseline: Baseline, units: Units, believed: Believed
) -> Collapsed:
    """Return the density of a history in the model's units."""
    columns = baseline.columns(history)
    mean, spread = baseline.priors(history, settings.priors)
    return Collapsed(
        lags=units.lags(history, settings.adstock.l_max),
        revenue=history.revenue.to_numpy(float) / units.revenue - columns @ mean,
        base=columns * spread,
        beta_sd=believed.scale,
        noise_scale=settings.priors.noise_scale,
        adstock=settings.adstock,
        saturation=settings.saturation,
        lifts=tuple(lift_rows(history, units)),
        brought=believed.brought,
    )


def ranges(paid: pd.Series, priors: Priors) -> tuple[TruncatedNormal | None, ...]:
    """Turn ranges of revenue for each unit of spend into priors of what the channels bring.

    Args:
        paid: Spend over all weeks by channel, in the model's unit of revenue.
        priors: What is believed.

    Raises:
        ParamsError: A range is of a channel without spend, or no range.
    """
    unknown = sorted(set(priors.roas) - set(paid.index))
    if unknown:
        raise ParamsError(
            _("roas: channels without spend: {unknown}; known are {channels}.").format(
                unknown=", ".join(unknown), channels=", ".join(paid.index)
            )
        )
    ends = {name: [end * float(paid[name]) for end in given] for name, given in priors.roas.items()}
    return tuple(TruncatedNormal.between(*ends[name]) if name in ends else None for name in paid.index)


def effect_scale(spend: pd.Series, revenue: float, height: Array, priors: Priors) -> Array:
    """Return the scale of each effect's prior, so that media bring the expected share of revenue, split by spend.

    Args:
        spend: Over all weeks by channel.
        revenue: Over all weeks, in the model's unit.
        height: What each channel's response adds up to in the middle of the priors.
        priors: What is believed.
    """
    if priors.beta_sd is not None:
        return np.array(priors.beta_sd, dtype=float)
    share = spend.to_numpy(float) / float(spend.sum())
    found: Array = priors.media_share * share * revenue / height / np.sqrt(2 / np.pi)
    return found


def effect_of_return(history: History, settings: ModelSettings) -> Array:
    """Return the effect (currency a week at full saturation) that a ROAS of 1 stands for, by channel.

    It is what spend comes to over what the channel's response adds up to where adstock and saturation are in the middle
    of their priors; in the model a range of ROAS holds at any adstock and saturation.
    """
    lags = Units.of(history, settings.priors).lags(history, settings.adstock.l_max)
    found: Array = history.media.sum().to_numpy(float) / middle_height(settings, lags)
    return found


def middle_height(settings: ModelSettings, lags: Array) -> Array:
    """Return what each channel's response adds up to in the middle of the priors of adstock and saturation.

    Over several forms of saturation it is the mean of theirs.
    """
    if isinstance(settings.saturation, Averaged):
        each = [middle_height(replace(settings, saturation=form), lags) for form in settings.saturation.forms]
        mean: Array = np.mean(each, axis=0)
        return mean
    middle = np.zeros((1, lags.shape[0]))
    carry = settings.adstock.weights(np.stack([prior.value(middle) for prior in settings.adstock.priors]))
    curve = np.stack([prior.value(middle) for prior in settings.saturation.priors])[..., None]
    found: Array = settings.saturation.response(carried(lags, carry), curve)[0].sum(axis=1)
    return found


def lift_rows(history: History, units: Units) -> list[LiftRow]:
    """Return the lift tests of a history in the model's units."""
    peak = units.spend
    place = {name: position for position, name in enumerate(history.channels)}
    return [
        LiftRow(
            channel=place[test["channel"]],
            before=test["spend"] / peak[place[test["channel"]]],
            added=test["added_spend"] / peak[place[test["channel"]]],
            weeks=0 if pd.isna(test["weeks"]) else int(test["weeks"]),
            lift=test["lift"] / units.revenue,
            error=test["lift_se"] / units.revenue,
        )
        for test in history.lift_tests.to_dict("records")
    ]
