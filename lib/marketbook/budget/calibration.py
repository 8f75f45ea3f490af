"""Calibration by simulation: in worlds that the model itself draws, the truth must fall anywhere in the posterior.

Worlds are drawn from the prior and fitted; the rank of each truth among its posterior draws is uniform when the draws
are right, and an interval of 80 % holds the truth in 80 % of the worlds.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from marketbook.budget.history import LIFT_COLUMNS, History
from marketbook.budget.response.averaging import Averaged
from marketbook.budget.response.geos import GeoModel, fit_geos, prior_geos
from marketbook.budget.response.model import ModelSettings, ResponseModel, fit_response, prior_response
from marketbook.kit.errors import DataError, ParamsError
from marketbook.kit.language import gettext as _

Array = npt.NDArray[np.float64]

LEVELS = (0.5, 0.8, 0.95)
"""Intervals whose coverage is counted."""
BINS = 20
DRAWS = 999
"""One less than a multiple of the bins, so that all bins are equally likely."""


@dataclass(frozen=True)
class World:
    """A world that the model drew, and what was found of it.

    Attributes:
        ranks: Count of draws below the truth, by quantity: 0 to `DRAWS`.
        inside: By quantity and level, whether the interval holds the truth.
        by_chains: Whether importance sampling did not hold.
        k_hat: Pareto k-hat of importance sampling.
        ess: Effective sample size.
    """

    ranks: Mapping[str, int]
    inside: Mapping[tuple[str, float], bool]
    by_chains: bool
    k_hat: float
    ess: float


@dataclass(frozen=True)
class Calibration:
    """What many worlds tell.

    Attributes:
        worlds: Those that were fitted.
        refused: Count of those whose posterior could not be drawn reliably.
    """

    worlds: Sequence[World]
    refused: int

    @property
    def ranks(self) -> pd.DataFrame:
        """Worlds x quantities; what is the same but for known spend, ROAS, ranks as contributions do."""
        ranks = pd.DataFrame([world.ranks for world in self.worlds])
        return ranks[[name for name in ranks if not str(name).startswith("roas")]]

    def uniform(self) -> pd.DataFrame:
        """Return p-values of uniform ranks by quantity: chi-square over bins, and the largest distance of the ECDF.

        References:
            Talts, Betancourt, Simpson, Vehtari and Gelman (2018), Validating Bayesian inference algorithms with
            simulation-based calibration, section 4.
        """
        within = (self.ranks + 0.5) / (DRAWS + 1)
        counts = within.apply(lambda column: np.histogram(column, BINS, (0, 1))[0])
        return pd.DataFrame(
            {
                "chi_square": [float(stats.chisquare(counts[name]).pvalue) for name in within],
                "ecdf": [float(stats.kstest(within[name], "uniform").pvalue) for name in within],
            },
            index=within.columns,
        )

    def coverage(self, *names: str) -> dict[float, float]:
        """Return the share of truths inside their intervals, by level, over quantities that begin with a name."""
        return {
            level: float(np.mean([held for world in self.worlds for held in _held(world, level, names)]))
            for level in LEVELS
        }


def calibrate(
    design: Callable[[np.random.Generator], History], settings: ModelSettings, *, worlds: int, seed: int = 1
) -> Calibration:
    """Draw worlds from the prior, fit each and rank its truth among the draws.

    Args:
        design: Makes a world's spend, controls and events; its revenue plays no part, its lift tests are measured anew.
        settings: What worlds are drawn from and fitted by; `priors.revenue_scale` must be given.
        worlds: Count of worlds.
        seed: Seed of the random numbers; each world has its own.

    Returns:
        Ranks and intervals of all worlds.
    """
    _check(settings)
    found = [_world(design, settings, place) for place in np.random.SeedSequence(seed).spawn(worlds)]
    return Calibration([world for world in found if world], sum(world is None for world in found))


def _check(settings: ModelSettings) -> None:
    if settings.priors.revenue_scale is None:
        raise ParamsError(_("priors.revenue_scale: missing; the prior would depend on what is drawn from it."))


def calibrate_geos(
    design: Callable[[np.random.Generator], Mapping[str, History]],
    settings: ModelSettings,
    *,
    sizes: Mapping[str, float],
    worlds: int,
    seed: int = 1,
) -> Calibration:
    """Do the same for worlds of several geos.

    Args:
        design: Makes the geos' spend, controls and events.
        settings: What worlds are drawn from and fitted by; `priors.revenue_scale` must be given.
        sizes: How large each geo is.
        worlds: Count of worlds.
        seed: Seed of the random numbers.
    """
    _check(settings)
    places = np.random.SeedSequence(seed).spawn(worlds)
    found = [_world_of_geos(design, settings, sizes, place) for place in places]
    return Calibration([world for world in found if world], sum(world is None for world in found))


def _world_of_geos(
    design: Callable[[np.random.Generator], Mapping[str, History]],
    settings: ModelSettings,
    sizes: Mapping[str, float],
    place: np.random.SeedSequence,
) -> World | None:
    numbers = [int(number) for number in place.generate_state(4)]
    truth = prior_geos(design(np.random.default_rng(numbers[0])), settings, sizes=sizes, draws=1, seed=numbers[1])
    rng = np.random.default_rng(numbers[2])
    histories = {geo: _told(model, seed=int(rng.integers(2**31))) for geo, model in truth.geos.items()}
    try:
        model = fit_geos(histories, settings, sizes=sizes, draws=DRAWS, seed=numbers[3])
    except DataError:
        return None
    true, drawn = quantities_of_geos(truth, histories), quantities_of_geos(model, histories)
    ranks = {name: int((drawn[name] < true[name][0]).sum()) for name in true}
    return World(ranks, _inside(true, drawn), model.r_hat is not None, model.k_hat, model.ess)


def quantities_of_geos(model: GeoModel, histories: Mapping[str, History]) -> dict[str, Array]:
    """Return what is ranked: the first geo's numbers, national ones, and how far effects differ."""
    first = next(iter(histories))
    found = quantities(model.geos[first], histories[first])
    brought = np.sum([part.weekly(histories[geo]).sum(axis=2) for geo, part in model.geos.items()], axis=0)
    for place, channel in enumerate(model.channels):
        found |= {f"contribution national {channel}": brought[:, place], f"mean {channel}": model.mean[:, place]}
        found |= {f"deviation {channel}": model.deviation[:, place]}
    return found


def _world(
    design: Callable[[np.random.Generator], History], settings: ModelSettings, place: np.random.SeedSequence
) -> World | None:
    numbers = [int(number) for number in place.generate_state(4)]
    truth = prior_response(design(np.random.default_rng(numbers[0])), settings, draws=1, seed=numbers[1])
    history = _told(truth, seed=numbers[2])
    try:
        model = fit_response(history, settings, draws=DRAWS, seed=numbers[3])
    except DataError:
        return None
    true, drawn = quantities(truth, history), quantities(model, history)
    ranks = {name: int((drawn[name] < true[name][0]).sum()) for name in true}
    return World(ranks, _inside(true, drawn), model.r_hat is not None, model.k_hat, model.ess)


def _told(truth: ResponseModel, *, seed: int) -> History:
    """Return the history of a world: revenue with its noise, and its lift tests with theirs."""
    rng = np.random.default_rng(seed)
    tests = truth.history.lift_tests
    if len(tests):
        lifts = truth.lifts(truth.history)[0] + tests["lift_se"].to_numpy(float) * rng.standard_normal(len(tests))
        tests = tests.assign(lift=lifts)[list(LIFT_COLUMNS)]
    revenue = truth.predicted(truth.history, seed=int(rng.integers(2**31)))[0]
    return replace(truth.history, revenue=pd.Series(revenue, truth.history.weeks), lift_tests=tests)


def quantities(model: ResponseModel, history: History) -> dict[str, Array]:
    """Return what is ranked: one number for each draw, by name; no parameters of curves where forms differ."""
    brought = model.weekly(history).sum(axis=2)
    paid = history.media.sum().to_numpy(float)
    found = {"noise": model.noise, "contribution all": brought.sum(axis=1), "fit": _fit(model, history)}
    found |= {f"base {place}": model.base[:, place] for place in range(min(model.base.shape[1], 2))}
    for place, channel in enumerate(history.channels):
        found |= {f"adstock {number} {channel}": values[:, place] for number, values in enumerate(model.adstock)}
        curves = () if isinstance(model.settings.saturation, Averaged) else model.saturation
        found |= {f"saturation {number} {channel}": values[:, place] for number, values in enumerate(curves)}
        found |= {f"effect {channel}": model.effect[:, place], f"contribution {channel}": brought[:, place]}
        found |= {f"roas {channel}": brought[:, place] / paid[place]}
    return found


def _fit(model: ResponseModel, history: History) -> Array:
    """Return the log likelihood: a rank that sees what ranks of parameters alone can miss (Modrák et al. 2023)."""
    rest = (history.revenue.to_numpy(float) - model.expected(history)) / model.noise[:, None]
    found: Array = -0.5 * np.sum(rest**2, axis=1) - rest.shape[1] * np.log(model.noise)
    return found


def _inside(true: dict[str, Array], drawn: dict[str, Array]) -> dict[tuple[str, float], bool]:
    found = {}
    for level in LEVELS:
        for name, draws in drawn.items():
            low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
            found[name, level] = bool(low <= true[name][0] <= high)
    return found


def _held(world: World, level: float, names: tuple[str, ...]) -> list[bool]:
    return [held for (name, at), held in world.inside.items() if at == level and name.startswith(names)]
