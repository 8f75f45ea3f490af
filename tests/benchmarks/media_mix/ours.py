"""Our side: the example's model by `fit_response`, and what else is asked of ours alone.

Usage: python ours.py answer DATA OUT         one fit of a cold process, draws left in OUT
       python ours.py fits DATA OUT           fits of a warm process
       python ours.py crowded                 a history that needs chains
       python ours.py allocate                the first allocation of a process
Prints figures as JSON in its last line.
"""

import json
import resource
import sys
import time

STARTED = time.perf_counter()

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from example import CHANNELS, CONTROLS, WAVES, WEEKS  # noqa: E402

from marketbook.budget.history import History  # noqa: E402
from marketbook.budget.response.adstock import Geometric, geometric_adstock  # noqa: E402
from marketbook.budget.response.model import ModelSettings, ResponseModel, fit_response  # noqa: E402
from marketbook.budget.response.priors import Beta, Gamma, Priors  # noqa: E402
from marketbook.budget.response.saturation import Logistic, logistic  # noqa: E402
from marketbook.kit.errors import DataError  # noqa: E402

DRAWS = 4000
FITS = 5


def main() -> None:
    """Do what was asked."""
    what, *rest = sys.argv[1:]
    asked = {"answer": answer, "fits": fits, "crowded": crowded, "allocate": allocate}
    print(json.dumps(asked[what](*rest)))


def answer(path: str, out: str) -> dict[str, float]:
    """From the start of the process to the draws."""
    model = fit(path)
    np.save(out, parameters(model))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"answer": time.perf_counter() - STARTED, "peak_mb": peak, "ess_min": model.ess, "k_hat": model.k_hat}


def fits(path: str, out: str) -> dict[str, object]:
    """Several fits in one process; the first is not counted."""
    fit(path)
    seconds = []
    for turn in range(FITS):
        begun = time.perf_counter()
        model = fit(path, seed=turn + 2)
        seconds.append(time.perf_counter() - begun)
    np.save(out, parameters(model))
    return {"fits": seconds}


def crowded() -> dict[str, object]:
    """A history that importance sampling cannot do: channels that move together, in few weeks with little noise."""
    rng = np.random.default_rng(1)
    weeks, channels = 60, 4
    index = pd.date_range("2022-01-03", periods=weeks, freq="7D")
    spend = 0.8 * rng.gamma(2, 1, (weeks, 1)) + 0.2 * rng.gamma(2, 1, (weeks, channels))
    levels = [geometric_adstock(spend[:, i], rng.uniform(0.1, 0.7)) / spend[:, i].max() for i in range(channels)]
    brought = sum(rng.uniform(0.5, 1.5) * logistic(level, rng.uniform(2, 6)) for level in levels) / channels
    revenue = pd.Series(1e6 * (1 + brought + rng.normal(0, 0.01, weeks)), index=index)
    nothing = pd.DataFrame(index=index)
    media = pd.DataFrame(spend * 1e5, index, [f"channel {i + 1}" for i in range(channels)])
    begun = time.perf_counter()
    found: dict[str, object] = {}
    try:
        settings = ModelSettings.of(saturation="hill", adstock="weibull_pdf", adstock_weeks=8)
        model = fit_response(History(revenue, media, nothing, nothing), settings)
        found = {"k_hat": round(model.k_hat, 2), "r_hat": model.r_hat, "ess": round(model.ess)}
    except DataError as refusal:
        found = {"refused": str(refusal)}
    return found | {"seconds": round(time.perf_counter() - begun, 1)}


def allocate() -> dict[str, float]:
    """The first allocation of 5 channels with 1,000 draws."""
    from marketbook.budget.allocation import allocate as best

    model = fit_response(company(5, 156))
    begun = time.perf_counter()
    best(model)
    return {"first_call": time.perf_counter() - begun}


def fit(path: str, seed: int = 1) -> ResponseModel:
    """Fit the example with its priors."""
    data = pd.read_csv(path, parse_dates=["date_week"]).set_index("date_week")
    spend = data[list(CHANNELS)]
    scale = 2 * spend.sum() / spend.to_numpy().sum()
    history = History(data["y"], spend, data[list(CONTROLS)].astype(float), pd.DataFrame(index=data.index))
    priors = Priors(
        beta_sd=tuple(scale), intercept=(0.5, 0.2), control_sd=0.05, fourier_sd=0.2 * 2**0.5, noise_scale=6.0
    )
    settings = ModelSettings(
        Geometric(WEEKS, Beta(1.0, 3.0)), Logistic(Gamma(3.0, 1.0)), trend=False, fourier_modes=WAVES, priors=priors
    )
    return fit_response(history, settings, draws=DRAWS, seed=seed)


def parameters(model: ResponseModel) -> np.ndarray:
    """Draws x parameters, in the order of the example's names."""
    base = model.base / model.revenue_scale
    effect, noise = model.effect / model.revenue_scale, model.noise / model.revenue_scale
    return np.column_stack([model.adstock[0], model.saturation[0], effect, base, noise])


def company(channels: int, weeks: int) -> History:
    """Simulate a company whose media bring a third of its revenue."""
    rng = np.random.default_rng(channels + weeks)
    index = pd.date_range("2020-01-06", periods=weeks, freq="7D")
    names = [f"channel {i + 1}" for i in range(channels)]
    spend = pd.DataFrame(rng.gamma(1.5, 1.0, (weeks, channels)), index=index, columns=names)
    levels = [geometric_adstock(spend[name], rng.uniform(0.1, 0.7)) / spend[name].max() for name in names]
    brought = sum(rng.uniform(0.5, 1.5) * logistic(level, rng.uniform(2, 6)) for level in levels) / channels
    season = 0.1 * np.sin(2 * np.pi * np.arange(weeks) / 52)
    revenue = pd.Series(1.0 + season + brought + rng.normal(0, 0.05, weeks), index=index)
    nothing = pd.DataFrame(index=index)
    return History(1e6 * revenue, 1e5 * spend, nothing, nothing)


if __name__ == "__main__":
    main()
