"""How the fit of the response model grows with channels, weeks and geos: time, Pareto k-hat and effective sample size.

Companies are simulated: media bring a third of revenue, carry-over and saturation differ by channel, effects by geo.
Each cell is one fit of 1,000 draws in a warm process; where importance sampling does not hold chains take over (`r_hat`
is then given), and where they do not agree the reason is. `five_channels`, `ten_channels` and `twenty_geos` (five
channels, three years) repeat the cells that are asked for most.

Usage: make bench NAME=growth   (MARKETBOOK_BENCH_CELLS=national,geos,data)
"""

import json
import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from marketbook.budget.geo_data import histories_of
from marketbook.budget.history import History
from marketbook.budget.response.adstock import geometric_adstock
from marketbook.budget.response.geos import GeoModel, fit_geos
from marketbook.budget.response.model import ResponseModel, fit_response
from marketbook.budget.response.saturation import logistic
from marketbook.kit.errors import DataError

NATIONAL = ((2, 156), (5, 52), (5, 104), (5, 156), (5, 260), (10, 156), (10, 260), (20, 260))
GEOS = ((5, 5, 156), (20, 2, 156), (20, 5, 104), (20, 5, 156), (40, 5, 156), (20, 10, 156))
CELLS = os.environ.get("MARKETBOOK_BENCH_CELLS", "national,geos,data").split(",")
DATA = Path(os.environ.get("MARKETBOOK_REFERENCE_DATA", Path(__file__).resolve().parents[3] / "shared/data")) / "budget"


def main() -> None:
    """Fit all cells, and print the figures."""
    fit_response(company(2, 104, seed=0), draws=100)
    found: dict[str, Any] = {}
    for channels, weeks in NATIONAL if "national" in CELLS else ():
        history = company(channels, weeks, seed=channels + weeks)
        found[f"{channels} channels x {weeks} weeks"] = timed(partial(fit_response, history))
    for geos, channels, weeks in GEOS if "geos" in CELLS else ():
        histories = companies(geos, channels, weeks)
        found[f"{geos} geos x {channels} channels x {weeks} weeks"] = timed(partial(fit_geos, histories))
    if "data" in CELLS and DATA.exists():
        for name, given in published():
            found[f"{name}, {len(given)} geos"] = timed(partial(fit_geos, given))
    asked = {
        "five_channels": found.get("5 channels x 156 weeks"),
        "ten_channels": found.get("10 channels x 156 weeks"),
        "twenty_geos": found.get("20 geos x 5 channels x 156 weeks"),
    }
    print(json.dumps(asked | {"growth": found, "cores": os.cpu_count()}))


def published() -> list[tuple[str, dict[str, History]]]:
    """The data sets of geos that Meridian and PyMC-Marketing publish, where they are at hand."""
    found = []
    for file, channels in (("geo_media.csv", 4), ("geo_all_channels.csv", 5)):
        data = pd.read_csv(DATA / file)
        data = data.assign(week=data["time"], revenue=data["conversions"] * data["revenue_per_conversion"])
        names = [f"Channel{number}_spend" for number in range(channels)]
        media = data.melt(["week", "geo"], names, var_name="channel", value_name="spend")
        found.append((file, histories_of(data, media)))
    data = pd.read_csv(DATA / "mmm_multidimensional_example.csv").rename(columns={"date": "week", "y": "revenue"})
    media = data.melt(["week", "geo"], ["x1", "x2"], var_name="channel", value_name="spend")
    return [*found, ("mmm_multidimensional_example.csv", histories_of(data, media))]


def timed(fit: Callable[[], ResponseModel | GeoModel]) -> dict[str, Any]:
    """Fit once, and tell how it went."""
    begun, spent = time.perf_counter(), time.process_time()
    told: dict[str, Any]
    try:
        model = fit()
        told = {"k_hat": round(model.k_hat, 2), "ess": round(model.ess)}
        told |= {"r_hat": round(model.r_hat, 4)} if model.r_hat else {}
    except DataError as refusal:
        told = {"refused": str(refusal)}
    seconds = {"seconds": round(time.perf_counter() - begun, 2), "cpu_seconds": round(time.process_time() - spent, 2)}
    print(json.dumps(seconds | told), flush=True)
    return seconds | told


def company(channels: int, weeks: int, *, seed: int) -> History:
    """Simulate a company whose media bring a third of its revenue."""
    return companies(1, channels, weeks, seed=seed)["geo 1"]


def companies(geos: int, channels: int, weeks: int, *, seed: int = 1) -> dict[str, History]:
    """Simulate geos of different size whose effects differ by a fifth around their mean."""
    rng = np.random.default_rng(seed)
    index = pd.date_range("2020-01-06", periods=weeks, freq="7D")
    names = [f"channel {number + 1}" for number in range(channels)]
    carry, bend = rng.uniform(0.1, 0.7, channels), rng.uniform(2.0, 6.0, channels)
    effect = rng.uniform(0.5, 1.5, channels) / channels
    found = {}
    for geo in range(geos):
        size = float(rng.uniform(0.3, 2.0)) if geos > 1 else 1.0
        spend = rng.gamma(1.5, 1.0, (weeks, channels))
        own = effect * (rng.normal(1.0, 0.2, channels) if geos > 1 else 1.0)
        levels = [geometric_adstock(spend[:, place], carry[place]) / 8.0 for place in range(channels)]
        brought = sum(own[place] * logistic(levels[place], bend[place]) for place in range(channels))
        season = 0.1 * np.sin(2 * np.pi * np.arange(weeks) / 52 + rng.uniform(0, 1))
        revenue = 1e6 * size * (1.0 + season + brought + rng.normal(0, 0.05, weeks))
        nothing = pd.DataFrame(index=index)
        frame = pd.DataFrame(1e5 * size * spend, index, names)
        found[f"geo {geo + 1}"] = History(pd.Series(revenue, index), frame, nothing, nothing)
    return found


if __name__ == "__main__":
    main()
