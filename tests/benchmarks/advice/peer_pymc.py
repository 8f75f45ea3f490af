"""PyMC-Marketing's side: fit and optimise one company after the other in one process, in the peer's own environment.

Its priors are those of its example's notebook: effects half-normal by the share of spend, the rest as it comes. The
budget is optimised over the year ahead at the same total, bounds and weekly pattern as ours. Lift tests are given to it
in its own units. Where its optimiser gives up, the company stays as it is today.

Usage: python peer_pymc.py FOLDER DRAWS SECONDS
FOLDER holds a file for each company (`<number>.npz`); of each that is done within SECONDS the plan is left beside it
(`<number>.json`), with how long it took; one that is there already is not made again.
"""

import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from pymc_extras.prior import Prior
from pymc_marketing.mmm import MMM, GeometricAdstock, LogisticSaturation
from pymc_marketing.mmm.budget_optimizer import MinimizeException

YEAR = 52
FREQUENCY = "7D"


def main() -> None:
    """Take one company after the other until time is up."""
    warnings.simplefilter("ignore")
    folder, draws, allowed = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    begun = time.monotonic()
    for path in sorted(folder.glob("*.npz"), key=lambda path: int(path.stem)):
        if path.with_suffix(".json").exists():
            continue
        if time.monotonic() - begun > allowed:
            break
        found = advised(dict(np.load(path)), draws)
        path.with_suffix(".json").write_text(json.dumps(found), encoding="utf-8")
        print(f"{path.stem}: {found}", flush=True)


def advised(given: dict[str, np.ndarray], draws: int) -> dict[str, object]:
    """Fit, optimise within each bounds, and tell amounts for the year and how long it took."""
    started = time.perf_counter()
    mmm = fitted(given, draws)
    fit = time.perf_counter() - started
    spend = given["spend"]
    names, today = list(mmm.channel_columns), spend[-YEAR:].sum(axis=0)
    weekly = today / YEAR
    ahead = pd.date_range(dates(given["revenue"])[-1] + pd.Timedelta(FREQUENCY), periods=YEAR, freq=FREQUENCY)
    pattern = xr.DataArray(
        spend[-YEAR:] / today, dims=("date", "channel"), coords={"date": np.arange(YEAR), "channel": names}
    )
    optimizer = mmm.budget_optimizer(ahead[0], ahead[-1], budget_distribution_over_period=pattern)
    start = xr.DataArray(weekly, dims="channel", coords={"channel": names})
    amounts = []
    for least, most in given["bounds"]:
        ends = {"channel": names, "bound": ["lower", "upper"]}
        bounds = xr.DataArray(np.column_stack([weekly * least, weekly * most]), dims=("channel", "bound"), coords=ends)
        try:
            best = optimizer.allocate_budget(float(weekly.sum()), budget_bounds=bounds, x0=start)
        except MinimizeException as failure:
            print(f"no plan within {least} to {most}, it stays as it is: {failure}", flush=True)
            amounts.append(today.tolist())
        else:
            amounts.append((best.budgets.sel(channel=names).to_numpy() * YEAR).tolist())
    return {"amounts": amounts, "fit": fit, "optimise": time.perf_counter() - started - fit}


def fitted(given: dict[str, np.ndarray], draws: int) -> MMM:
    """Fit its model of the company's history."""
    spend, revenue = given["spend"], given["revenue"]
    names = [f"channel {place + 1}" for place in range(spend.shape[1])]
    data = pd.DataFrame(spend, columns=names).assign(
        date=dates(revenue), price=given["price"], t=np.arange(len(revenue)) / len(revenue)
    )
    events = [f"sale {place + 1}" for place in range(given["events"].shape[1])]
    data[events] = given["events"]
    share = spend.sum(axis=0) / spend.sum()
    mmm = MMM(
        date_column="date",
        channel_columns=names,
        control_columns=["price", "t", *events],
        target_column="y",
        adstock=GeometricAdstock(l_max=8),
        saturation=LogisticSaturation(),
        yearly_seasonality=2,
        model_config={
            "intercept": Prior("Normal", mu=0.5, sigma=0.2),
            "saturation_beta": Prior("HalfNormal", sigma=len(names) * share, dims="channel"),
            "likelihood": Prior("Normal", sigma=Prior("HalfNormal", sigma=6), dims="date"),
        },
    )
    target = pd.Series(revenue, name="y")
    mmm.build_model(data, target)
    if len(given["lift_tests"]):
        tests = pd.DataFrame(given["lift_tests"], columns=["place", "x", "delta_x", "delta_y", "sigma"])
        tests["channel"] = [names[int(place)] for place in tests["place"]]
        mmm.add_lift_test_measurements(tests[["channel", "x", "delta_x", "delta_y", "sigma"]])
    mmm.add_original_scale_contribution_variable(var=["channel_contribution"])
    mmm.fit(
        data, target, nuts_sampler="nutpie", chains=2, draws=draws, tune=500, random_seed=1, progressbar=False, cores=1
    )
    return mmm


def dates(revenue: np.ndarray) -> pd.DatetimeIndex:
    """The weeks of the history."""
    return pd.date_range("2023-01-02", periods=len(revenue), freq=FREQUENCY)


if __name__ == "__main__":
    main()
