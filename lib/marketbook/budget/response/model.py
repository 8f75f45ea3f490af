"""The response model: weekly or daily revenue as a base, and media that carry over and saturate.

revenue = intercept + trend + yearly waves + events + controls + sum over channels of
effect x saturation(adstock(spend)) + noise
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import special
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from marketbook.budget.history import History, check_history
from marketbook.budget.inference.collapsed import Collapsed, rise
from marketbook.budget.inference.posterior import Posterior, draw, draw_prior
from marketbook.budget.response.adstock import carried, lagged
from marketbook.budget.response.averaging import Averaged, counts, stacked
from marketbook.budget.response.baseline import Baseline
from marketbook.budget.response.density import Believed, Units, baseline_of, density_of, lift_rows
from marketbook.budget.response.saturation import Saturation
from marketbook.budget.response.specification import ModelSettings
from marketbook.kit.errors import DataError

__all__ = ["ModelSettings", "ResponseModel", "fit_response", "forms_of", "in_currency", "prior_response"]

Array = npt.NDArray[np.float64]


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
        log_evidence: How likely the data are, up to a constant that is the same for all forms; None of chains.
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
    log_evidence: float | None = None

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
            for row in lift_rows(history, Units(self.revenue_scale, self.spend_scale))
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

    Averaged over several forms of saturation, each is fitted by itself and has as many draws as its evidence says. A
    form that importance sampling does not hold for is left out; where it holds for none, the first is drawn by chains.

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
    settings = settings or ModelSettings()
    if not isinstance(settings.saturation, Averaged):
        return _drawn(history, settings, lambda density: draw(density, draws, seed=seed))
    parts = dict(_of_each(history, settings, settings.saturation.forms, draws=draws, seed=seed))
    if not parts:
        first = replace(settings, saturation=settings.saturation.forms[0])
        return _averaged(settings, {0: fit_response(history, first, draws=draws, seed=seed)}, [draws])
    evidence = np.array([part.log_evidence for part in parts.values()], dtype=float)
    return _averaged(settings, parts, counts(special.softmax(evidence), draws))


def forms_of(model: ResponseModel) -> dict[str, float]:
    """Return each form's share of the draws by its name, where several are averaged; none of a form that has none."""
    averaged = model.settings.saturation
    if not isinstance(averaged, Averaged):
        return {}
    shares = zip(averaged.names, averaged.shares(model.saturation).tolist(), strict=True)
    return {name: share for name, share in shares if share}


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
    settings = settings or ModelSettings()
    if not isinstance(settings.saturation, Averaged):
        return _drawn(history, settings, lambda density: draw_prior(density, draws, seed=seed))
    forms = settings.saturation.forms
    parts = {
        place: prior_response(history, replace(settings, saturation=form), draws=draws, seed=seed)
        for place, form in enumerate(forms)
    }
    drawn = np.random.default_rng(seed).multinomial(draws, np.full(len(forms), 1.0 / len(forms)))
    return _averaged(settings, parts, drawn.tolist())


def _of_each(
    history: History, settings: ModelSettings, forms: Sequence[Saturation], *, draws: int, seed: int
) -> Iterator[tuple[int, ResponseModel]]:
    """Fit each form for which importance sampling holds; with its place."""
    for place, form in enumerate(forms):
        with suppress(DataError):
            yield (
                place,
                _drawn(
                    history,
                    replace(settings, saturation=form),
                    lambda density: draw(density, draws, seed=seed, chains_too=False),
                ),
            )


def _averaged(settings: ModelSettings, parts: Mapping[int, ResponseModel], draws: Sequence[int]) -> ResponseModel:
    """Join models that differ in their form of saturation, each with some of its draws."""
    kept = {place: _spread_over(parts[place], count) for place, count in zip(parts, draws, strict=True) if count}
    each = list(kept.values())
    part = np.array([len(model.noise) / sum(draws) for model in each])
    r_hats = [model.r_hat for model in each if model.r_hat is not None]
    return replace(
        each[0],
        settings=settings,
        adstock=np.concatenate([model.adstock for model in each], axis=1),
        saturation=stacked({place: model.saturation for place, model in kept.items()}),
        effect=np.concatenate([model.effect for model in each]),
        base=np.concatenate([model.base for model in each]),
        noise=np.concatenate([model.noise for model in each]),
        k_hat=max(model.k_hat for model in each),
        ess=float(1.0 / np.sum(part**2 / np.array([model.ess for model in each]))),
        r_hat=max(r_hats, default=None),
        log_evidence=None,
    )


def _spread_over(model: ResponseModel, count: int) -> ResponseModel:
    """Return a model with fewer of its draws, taken evenly."""
    taken = (np.arange(count) * len(model.noise)) // count
    return replace(
        model,
        adstock=model.adstock[:, taken],
        saturation=model.saturation[:, taken],
        effect=model.effect[taken],
        base=model.base[taken],
        noise=model.noise[taken],
    )


def _drawn(history: History, settings: ModelSettings, drawing: Callable[[Collapsed], Posterior]) -> ResponseModel:
    baseline = baseline_of(history, settings)
    per_channel = 1 + len(settings.adstock.priors) + len(settings.saturation.priors)
    parameters = baseline.count(history) + per_channel * len(history.channels) + 1
    check_history(history, parameters=parameters)
    units = Units.of(history, settings.priors)
    density = density_of(history, settings, baseline, units, Believed.of(history, settings, units))
    with threadpool_limits(limits=1):  # many small products: threads only wait for each other, and change last digits
        found = drawing(density)
    return in_currency(history, settings, units, found)


def in_currency(history: History, settings: ModelSettings, units: Units, found: Posterior) -> ResponseModel:
    """Turn draws in the model's units into a model in currency."""
    baseline = baseline_of(history, settings)
    mean, spread = baseline.priors(history, settings.priors)
    return ResponseModel(
        history=history,
        settings=settings,
        baseline=baseline,
        revenue_scale=units.revenue,
        spend_scale=units.spend,
        adstock=found.shape.adstock,
        saturation=found.shape.saturation,
        effect=found.effects * units.revenue,
        base=(mean + found.base * spread) * units.revenue,
        noise=found.shape.sigma * units.revenue,
        k_hat=found.k_hat,
        ess=found.ess,
        r_hat=found.r_hat,
        log_evidence=found.log_evidence,
    )
