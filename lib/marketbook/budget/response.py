"""The response model: weekly or daily revenue as a base, and media that carry over and saturate.

revenue = intercept + trend + yearly waves + events + controls + sum over channels of
effect x saturation(adstock(spend)) + noise
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from marketbook.budget.adstock import FORMS as ADSTOCKS
from marketbook.budget.adstock import Adstock, Geometric, carried, lagged
from marketbook.budget.baseline import Baseline
from marketbook.budget.history import DAY, History, check_history
from marketbook.budget.inference.collapsed import Collapsed, LiftRow, rise
from marketbook.budget.inference.posterior import Posterior, draw, draw_prior
from marketbook.budget.priors import Priors, TruncatedNormal
from marketbook.budget.saturation import FORMS as SATURATIONS
from marketbook.budget.saturation import Logistic, Saturation
from marketbook.kit.errors import ParamsError
from marketbook.kit.language import gettext as _

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ModelSettings:
    """What the model is made of.

    Attributes:
        adstock: How spend carries over.
        saturation: How response flattens.
        trend: Whether the base has a straight line over time.
        fourier_modes: Count of yearly waves.
        weekday_modes: Count of waves within the week, where the history is by day.
        priors: What is believed before the data.
    """

    adstock: Adstock = field(default_factory=Geometric)
    saturation: Saturation = field(default_factory=Logistic)
    trend: bool = True
    fourier_modes: int = 2
    weekday_modes: int = 3
    priors: Priors = field(default_factory=Priors)

    @classmethod
    def of(
        cls, *, saturation: str, adstock_weeks: int, adstock: str = "geometric", priors: Priors | None = None
    ) -> "ModelSettings":
        """Choose saturation and adstock by name (the keys of their `FORMS`) and the length of the carry-over."""
        carry, curve = ADSTOCKS[adstock](adstock_weeks), SATURATIONS[saturation]()
        return cls(adstock=carry, saturation=curve, priors=priors or Priors())


@dataclass(frozen=True)
class ResponseModel:
    """A fitted response model: equally weighted draws, and how far they can be trusted.

    Attributes:
        history: What it was fitted to.
        settings: What it is made of.
        baseline: How its base is built.
        revenue_scale: Highest week of revenue.
        spend_scale: Highest week of each channel's spend.
        adstock: Parameters x draws x channels.
        saturation: Parameters x draws x channels; levels are shares of `spend_scale`.
        effect: Draws x channels, in currency a week at full saturation.
        base: Draws x columns of the base, in currency.
        noise: Standard deviation of the noise, in currency, one for each draw.
        k_hat: Pareto k-hat of importance sampling; above 0.7 the draws come from chains.
        ess: Effective sample size; of chains, the least of all coordinates.
        r_hat: Of chains, the largest R-hat of all coordinates; None where importance sampling held.
    """

    history: History
    settings: ModelSettings
    baseline: Baseline
    revenue_scale: float
    spend_scale: Array
    adstock: Array
    saturation: Array
    effect: Array
    base: Array
    noise: Array
    k_hat: float
    ess: float
    r_hat: float | None = None

    def weekly(self, history: History) -> Array:
        """Return revenue brought by each channel in each week: draws x channels x weeks."""
        before = history.carry_in.to_numpy(float) / self.spend_scale
        lags = lagged(history.media.to_numpy(float) / self.spend_scale, self.settings.adstock.l_max, before)
        level = carried(lags, self.settings.adstock.weights(self.adstock))
        return self.effect[..., None] * self.settings.saturation.response(level, self.saturation[..., None])

    def expected(self, history: History) -> Array:
        """Return expected revenue in each week: draws x weeks."""
        found: Array = self.base @ self.baseline.columns(history).T + self.weekly(history).sum(axis=1)
        return found

    def lifts(self, history: History) -> Array:
        """Return what each lift test should have measured, in currency a week: draws x tests."""
        weights = self.settings.adstock.weights(self.adstock)
        found = [
            self.effect[:, row.channel]
            * rise(self.settings.saturation, weights[:, row.channel], self.saturation[:, :, row.channel], row)
            for row in _lift_rows(history, self.spend_scale, self.revenue_scale)
        ]
        return np.column_stack(found) if found else np.empty((len(self.noise), 0))

    def predicted(self, history: History, *, seed: int) -> Array:
        """Return revenue as it may turn out, noise included: draws x weeks."""
        expected = self.expected(history)
        return expected + self.noise[:, None] * np.random.default_rng(seed).standard_normal(expected.shape)


def fit_response(
    history: History, settings: ModelSettings | None = None, *, draws: int = 1000, seed: int = 1
) -> ResponseModel:
    """Fit the response model; the same seed gives the same numbers.

    Args:
        history: Sales and media, with lift tests if any.
        settings: What the model is made of.
        draws: Equally weighted draws to return.
        seed: Seed of the random numbers.

    Returns:
        The fitted model with its diagnosis.

    Raises:
        DataError: The history cannot carry the model (see `check_history`), or its posterior cannot be drawn reliably.

    References:
        Jin et al. (2017), Bayesian methods for media mix modeling with carryover and shape effects.
    """
    return _drawn(history, settings or ModelSettings(), lambda density: draw(density, draws, seed=seed))


def prior_response(
    history: History, settings: ModelSettings | None = None, *, draws: int = 1000, seed: int = 1
) -> ResponseModel:
    """Draw the model from what is believed before the data: of the history only spend and the base's columns are used.

    Args:
        history: Sales and media; where the priors name a `revenue_scale`, revenue plays no part.
        settings: What the model is made of.
        draws: Draws to return.
        seed: Seed of the random numbers.

    Returns:
        A model like that of `fit_response`; its predictions are those of the prior.

    Raises:
        DataError: The history cannot carry the model (see `check_history`).
    """
    return _drawn(history, settings or ModelSettings(), lambda density: draw_prior(density, draws, seed=seed))


def _drawn(history: History, settings: ModelSettings, drawing: Callable[[Collapsed], Posterior]) -> ResponseModel:
    baseline = _baseline(history, settings)
    columns = baseline.columns(history)
    per_channel = 1 + len(settings.adstock.priors) + len(settings.saturation.priors)
    check_history(history, parameters=columns.shape[1] + per_channel * len(history.channels) + 1)
    mean, spread = baseline.priors(history, settings.priors)
    scale, density = _density(history, settings, columns * spread, columns @ mean)
    with threadpool_limits(limits=1):  # many small products: threads only wait for each other, and change last digits
        found = drawing(density)
    return ResponseModel(
        history=history,
        settings=settings,
        baseline=baseline,
        revenue_scale=scale,
        spend_scale=history.media.max().to_numpy(float),
        adstock=found.shape.adstock,
        saturation=found.shape.saturation,
        effect=found.effects * scale,
        base=(mean + found.base * spread) * scale,
        noise=found.shape.sigma * scale,
        k_hat=found.k_hat,
        ess=found.ess,
        r_hat=found.r_hat,
    )


def _baseline(history: History, settings: ModelSettings) -> Baseline:
    days = history.period_days
    return Baseline(
        trend=settings.trend,
        fourier_modes=settings.fourier_modes,
        start=history.weeks[0],
        weeks=len(history.weeks),
        period_days=days,
        weekday_modes=settings.weekday_modes if days == DAY else 0,
    )


def _density(history: History, settings: ModelSettings, base: Array, mean: Array) -> tuple[float, Collapsed]:
    scale = settings.priors.revenue_scale or float(history.revenue.max())
    peak = history.media.max().to_numpy(float)
    lags = lagged(history.media.to_numpy(float) / peak, settings.adstock.l_max, history.carry_in.to_numpy(float) / peak)
    density = Collapsed(
        lags=lags,
        revenue=history.revenue.to_numpy(float) / scale - mean,
        base=base,
        beta_sd=_effect_scale(history, settings, lags),
        noise_scale=settings.priors.noise_scale,
        adstock=settings.adstock,
        saturation=settings.saturation,
        lifts=tuple(_lift_rows(history, peak, scale)),
        brought=_brought(history, settings.priors, scale),
    )
    return scale, density


def _brought(history: History, priors: Priors, scale: float) -> tuple[TruncatedNormal | None, ...]:
    """Turn ranges of revenue for each unit of spend into priors of what the channels bring, in the model's scale."""
    unknown = sorted(set(priors.roas) - set(history.channels))
    if unknown:
        raise ParamsError(
            _("roas: channels without spend: {unknown}; known are {channels}.").format(
                unknown=", ".join(unknown), channels=", ".join(history.channels)
            )
        )
    paid = history.media.sum() / scale
    return tuple(
        TruncatedNormal.between(*(end * float(paid[name]) for end in priors.roas[name]))
        if name in priors.roas
        else None
        for name in history.channels
    )


def _effect_scale(history: History, settings: ModelSettings, lags: Array) -> Array:
    """Return the scale of each effect's prior, so that media bring the expected share of revenue, split by spend."""
    if settings.priors.beta_sd is not None:
        return np.array(settings.priors.beta_sd, dtype=float)
    share = history.media.sum().to_numpy(float) / float(history.media.to_numpy(float).sum())
    scale = settings.priors.revenue_scale or float(history.revenue.max())
    brought = settings.priors.media_share * share * float(history.revenue.sum()) / scale
    found: Array = brought / _middle_height(settings, lags) / np.sqrt(2 / np.pi)
    return found


def effect_of_return(history: History, settings: ModelSettings) -> Array:
    """Return the effect (currency a week at full saturation) that a ROAS of 1 stands for, by channel.

    It is what spend comes to over what the channel's response adds up to where adstock and saturation are in the middle
    of their priors; in the model a range of ROAS holds at any adstock and saturation.
    """
    peak = history.media.max().to_numpy(float)
    lags = lagged(history.media.to_numpy(float) / peak, settings.adstock.l_max, history.carry_in.to_numpy(float) / peak)
    found: Array = history.media.sum().to_numpy(float) / _middle_height(settings, lags)
    return found


def _middle_height(settings: ModelSettings, lags: Array) -> Array:
    """Return what each channel's response adds up to in the middle of the priors of adstock and saturation."""
    middle = np.zeros((1, lags.shape[0]))
    carry = settings.adstock.weights(np.stack([prior.value(middle) for prior in settings.adstock.priors]))
    curve = np.stack([prior.value(middle) for prior in settings.saturation.priors])[..., None]
    found: Array = settings.saturation.response(carried(lags, carry), curve)[0].sum(axis=1)
    return found


def _lift_rows(history: History, peak: Array, scale: float) -> list[LiftRow]:
    place = {name: position for position, name in enumerate(history.channels)}
    return [
        LiftRow(
            channel=place[test["channel"]],
            before=test["spend"] / peak[place[test["channel"]]],
            added=test["added_spend"] / peak[place[test["channel"]]],
            weeks=0 if pd.isna(test["weeks"]) else int(test["weeks"]),
            lift=test["lift"] / scale,
            error=test["lift_se"] / scale,
        )
        for test in history.lift_tests.to_dict("records")
    ]
