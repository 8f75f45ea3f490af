"""Several geos fitted together: each learns from the others as far as they are alike (partial pooling).

Carry-over and saturation are alike in all geos; spend is measured for the size of a geo, so that the same spend per
head stands at the same place of the curve. Effects differ around a national mean, and how far is learned. The base is
each geo's own. Noise is alike as a share of a geo's highest week.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from marketbook.budget.history import History, check_channels, check_history, check_lift_tests
from marketbook.budget.inference.pooled import NationalLift, Pooled
from marketbook.budget.inference.posterior import PooledPosterior, Posterior, draw_pooled, draw_pooled_prior
from marketbook.budget.response.density import (
    Believed,
    Units,
    baseline_of,
    density_of,
    effect_scale,
    lift_rows,
    middle_height,
    ranges,
)
from marketbook.budget.response.model import ResponseModel, in_currency
from marketbook.budget.response.specification import ModelSettings
from marketbook.kit.errors import DataError
from marketbook.kit.language import gettext as _

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class GeoModel:
    """Fitted response models of several geos, draw by draw the same world.

    Attributes:
        geos: Each geo's model, by name; the first draw of one goes with the first draw of all others.
        mean: National effects, as shares of a geo's unit of revenue: draws x channels.
        deviation: Standard deviation of the geos' effects around them: draws x channels.
        k_hat: Pareto k-hat of importance sampling.
        ess: Effective sample size.
        r_hat: Of chains; None where importance sampling held.
    """

    geos: Mapping[str, ResponseModel]
    mean: Array
    deviation: Array
    k_hat: float
    ess: float
    r_hat: float | None = None

    @property
    def channels(self) -> list[str]:
        """The channels' names."""
        return self._first.history.channels

    @property
    def weeks(self) -> pd.DatetimeIndex:
        """The weeks of revenue."""
        return self._first.history.weeks

    def weekly(self) -> Array:
        """Return revenue brought by each channel in each week, all geos together: draws x channels x weeks."""
        found: Array = np.sum([model.weekly(model.history) for model in self.geos.values()], axis=0)
        return found

    def expected(self) -> Array:
        """Return expected revenue in each week, all geos together: draws x weeks."""
        found: Array = np.sum([model.expected(model.history) for model in self.geos.values()], axis=0)
        return found

    @property
    def _first(self) -> ResponseModel:
        return next(iter(self.geos.values()))


def fit_geos(
    histories: Mapping[str, History],
    settings: ModelSettings | None = None,
    *,
    sizes: Mapping[str, float] | None = None,
    lift_tests: pd.DataFrame | None = None,
    draws: int = 1000,
    seed: int = 1,
) -> GeoModel:
    """Fit several geos together; the same seed gives the same numbers.

    Args:
        histories: Sales and media of each geo, with the lift tests that ran in it; the same channels and weeks in all.
        settings: What the model is made of, in all geos alike; ranges of ROAS are national.
        sizes: How large each geo is, such as its population; None: its mean revenue.
        lift_tests: Lift tests of all geos together, in the columns of a history. What a test spent stands in each geo
            as the channel's spend did over all weeks, and what it measured is the geos' sum.
        draws: Equally weighted draws to return.
        seed: Seed of the random numbers.

    Returns:
        The fitted models with their diagnosis.

    Raises:
        DataError: A geo's history cannot carry the model, geos do not fit together, or the posterior cannot be drawn
            reliably.

    References:
        Sun, Wang, Jin, Chan and Koehler (2017), Geo-level Bayesian hierarchical media mix modeling.
    """
    return _drawn(histories, settings, sizes, lift_tests, lambda density: draw_pooled(density, draws, seed=seed))


def prior_geos(
    histories: Mapping[str, History],
    settings: ModelSettings | None = None,
    *,
    sizes: Mapping[str, float] | None = None,
    draws: int = 1000,
    seed: int = 1,
) -> GeoModel:
    """Draw the geos from what is believed before the data; arguments are those of `fit_geos`."""
    return _drawn(histories, settings, sizes, None, lambda density: draw_pooled_prior(density, draws, seed=seed))


def _drawn(
    histories: Mapping[str, History],
    settings: ModelSettings | None,
    sizes: Mapping[str, float] | None,
    lift_tests: pd.DataFrame | None,
    drawing: Callable[[Pooled], PooledPosterior],
) -> GeoModel:
    settings = settings or ModelSettings()
    check_geos(histories, settings)
    units = _units(histories, settings, sizes or {geo: float(h.revenue.mean()) for geo, h in histories.items()})
    density = _density(histories, settings, units)
    if lift_tests is not None and len(lift_tests):
        density = replace(density, lifts=_national(histories, units, lift_tests))
    with threadpool_limits(limits=1):
        found = drawing(density)
    models = {
        geo: in_currency(history, settings, units[geo], _of_geo(found, place))
        for place, (geo, history) in enumerate(histories.items())
    }
    return GeoModel(models, found.mean, found.deviation, found.k_hat, found.ess, found.r_hat)


def check_geos(histories: Mapping[str, History], settings: ModelSettings) -> None:
    """Check that geos can be fitted together; what is wrong is named with its geo.

    Raises:
        DataError: There is one geo only, a geo's history is not sound, or channels or weeks are not the same in all.
    """
    if len(histories) < 2:
        raise DataError(_("Geos: {found}; pooling needs at least 2.").format(found=len(histories)))
    first = next(iter(histories.values()))
    for geo, history in histories.items():
        columns = baseline_of(history, settings).count(history)
        try:
            check_history(history, parameters=columns + 1, pooled=True)
        except DataError as error:
            raise DataError(_("Geo {geo}: {error}").format(geo=geo, error=error)) from error
        if history.channels != first.channels:
            _refuse(geo, history.channels, first.channels)
        if not history.weeks.equals(first.weeks):
            raise DataError(
                _("Geo {geo}: {found} weeks from {start}, others {weeks} from {first}; give the same weeks.").format(
                    geo=geo,
                    found=len(history.weeks),
                    start=f"{history.weeks[0]:%Y-%m-%d}",
                    weeks=len(first.weeks),
                    first=f"{first.weeks[0]:%Y-%m-%d}",
                )
            )
    check_channels(pd.concat([_per_size(history) for history in histories.values()]))


def _refuse(geo: str, found: Sequence[str], wanted: Sequence[str]) -> None:
    raise DataError(
        _("Geo {geo}: channels {found}, the others {wanted}; give the same, in the same order; no spend is 0.").format(
            geo=geo, found=", ".join(found), wanted=", ".join(wanted)
        )
    )


def _per_size(history: History) -> pd.DataFrame:
    return history.media / float(history.revenue.mean())


def _units(histories: Mapping[str, History], settings: ModelSettings, sizes: Mapping[str, float]) -> dict[str, Units]:
    """Measure each geo's revenue in its highest week, and spend by its size in the highest week of all together.

    So a level means what it means in a model of the country, and priors of saturation do, too. A channel that only some
    geos use is measured by the size of these.
    """
    spent = np.stack([history.media.to_numpy(float) for history in histories.values()])
    size = np.array([sizes[geo] for geo in histories])
    highest = spent.sum(axis=0).max(axis=0) / (size[:, None] * spent.any(axis=1)).sum(axis=0)
    return {
        geo: Units(Units.of(history, settings.priors).revenue, highest * sizes[geo])
        for geo, history in histories.items()
    }


def _density(histories: Mapping[str, History], settings: ModelSettings, units: Mapping[str, Units]) -> Pooled:
    whole = sum(unit.revenue for unit in units.values())
    sizes = np.array([unit.revenue / whole for unit in units.values()])
    believed = _believed(histories, settings, units, sizes)
    parts = [
        density_of(history, settings, baseline_of(history, settings), units[geo], believed)
        for geo, history in histories.items()
    ]
    return Pooled(tuple(parts), sizes)


def _national(
    histories: Mapping[str, History], units: Mapping[str, Units], tests: pd.DataFrame
) -> tuple[NationalLift, ...]:
    """Divide national lift tests among the geos, in the model's units."""
    first, every = next(iter(histories.values())), list(histories.values())
    whole = replace(
        first,
        revenue=pd.concat([history.revenue for history in every], axis=1).sum(axis=1),
        spend=sum((history.media for history in every[1:]), start=first.media),
        lift_tests=tests,
    )
    check_lift_tests(whole)
    paid, revenue = whole.spend.sum(), sum(unit.revenue for unit in units.values())
    rows = []
    for geo, history in histories.items():
        share = tests["channel"].map(history.media.sum() / paid)
        part = tests.assign(spend=tests["spend"] * share, added_spend=tests["added_spend"] * share)
        rows.append(lift_rows(replace(history, lift_tests=part), units[geo]))
    amounts = tests[["lift", "lift_se"]].to_numpy(float) / revenue
    return tuple(
        NationalLift(parts, float(lift), float(error))
        for parts, (lift, error) in zip(zip(*rows, strict=True), amounts, strict=True)
    )


def _believed(
    histories: Mapping[str, History], settings: ModelSettings, units: Mapping[str, Units], sizes: Array
) -> Believed:
    """Turn a national share of revenue, or national ranges of ROAS, into priors of the national effects."""
    spend = pd.concat([history.media for history in histories.values()]).sum()
    whole = sum(unit.revenue for unit in units.values())
    heights = [
        middle_height(settings, units[geo].lags(history, settings.adstock.l_max)) for geo, history in histories.items()
    ]
    revenue = sum(float(history.revenue.sum()) for history in histories.values()) / whole
    scale = effect_scale(spend, revenue, np.einsum("g,gc->c", sizes, np.array(heights)), settings.priors)
    return Believed(scale, ranges(spend / whole, settings.priors))


def _of_geo(found: PooledPosterior, place: int) -> Posterior:
    return Posterior(found.shape, found.effects[:, place], found.base[place], found.k_hat, found.ess, found.r_hat)
