"""What the advice is worth: a year of simulated companies under our allocation, and under what else they might do.

Each company (`advice/companies.py`: three to six channels, two to three years of weeks, some with lift tests) spends
the same total in the year ahead in four ways, each channel between the same bounds, spread over the weeks as last year:
as today; as our allocation says; in proportion to the ROAS that our model estimates; and as PyMC-Marketing's optimiser
says after its own fit. The year is judged by the profit that is truly made: gross margin of revenue, carry-over from
the history included, less spend. `median_gain_over_...` is the median over companies of our profit over the other's,
less 1; `p10_gain` the 10th percentile over today's. `channels_inside_90_interval` and `mean_chance_told` (to beat
today's plan, beside `share_better_than_today`) tell how far what the model says of itself holds in such worlds: its
form is not theirs. All is told within 70 to 130 % of today's spend by channel, as the notebook has it, and within 50 to
150 % (`_wide`). A company whose history our model refuses stays as it is today, and counts.

`..._with_flighting` is our weekly plan in place of last year's weeks, beside the split of ours spread evenly: in these
worlds a week's spend works the same in every season, so what even spread gains is an upper end of what timing brings.
Beside PyMC-Marketing's amounts, which its optimiser spreads evenly unless told otherwise, the weekly plan stands, too.

PyMC-Marketing fits with its example's priors, nutpie, 2 chains of MARKETBOOK_BENCH_DRAWS draws (500), one company after
the other in one process, in the environment that `media_mix` makes; it begins none after MARKETBOOK_BENCH_SECONDS, and
is compared on those it did (`companies_pymc_marketing`).

Usage: make bench NAME=advice   (MARKETBOOK_BENCH_COMPANIES=200, MARKETBOOK_BENCH_PEER_COMPANIES=100,
MARKETBOOK_BENCH_DRAWS=500, MARKETBOOK_BENCH_SECONDS=3600)
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from advice import ours
from advice.companies import YEAR, Company, company
from media_mix.environment import python_of

from marketbook.kit.errors import DataError

HERE = Path(__file__).with_name("advice")
COMPANIES = int(os.environ.get("MARKETBOOK_BENCH_COMPANIES", "200"))
PEER_COMPANIES = int(os.environ.get("MARKETBOOK_BENCH_PEER_COMPANIES", "100"))
DRAWS = os.environ.get("MARKETBOOK_BENCH_DRAWS", "500")
SECONDS = os.environ.get("MARKETBOOK_BENCH_SECONDS", "3600")
FOLDER = os.environ.get("MARKETBOOK_BENCH_FOLDER", "")
ALIKE = 0.0001
"""Profits nearer than this share of them are called alike."""
BOUNDS = {"": (70.0, 130.0), "_wide": (50.0, 150.0)}
"""Percent of today's spend that a channel keeps at least and gets at most: the notebook's, and those of `allocate`."""


def main() -> None:
    """Advise all companies, and print what the advice was worth."""
    begun = time.perf_counter()
    profits = pd.DataFrame([profits_of(company(number)) for number in range(COMPANIES)])
    found = {"seconds_ours": round(time.perf_counter() - begun, 1)} | summary(profits)
    print(json.dumps(found), flush=True)
    with tempfile.TemporaryDirectory() as passing:
        found |= pymc(Path(FOLDER or passing), profits)
    print(json.dumps(found | {"cores": os.cpu_count()}))


def profits_of(one: Company) -> dict[str, float]:
    """True profit of the year ahead under each plan of ours."""
    today = one.profit(one.today)
    try:
        model = ours.fit(one)
    except DataError as refusal:
        print(f"refused: {refusal}", flush=True)
        plans = [f"{plan}{end}" for plan in ("ours", "roas", "flown", "even") for end in BOUNDS]
        return dict.fromkeys(("today", *plans), today) | {"refused": 1.0}
    found = {"today": today, "held": ours.held(model, one), "refused": 0.0}
    for end, bounds in BOUNDS.items():
        amounts, chance = ours.advised(model, one.margin, *bounds)
        found |= {f"ours{end}": one.profit(amounts), f"chance{end}": chance}
        found[f"roas{end}"] = one.profit(ours.by_roas(model, *bounds))
        found[f"even{end}"] = one.profit_of(evenly(amounts))
        found[f"flown{end}"] = one.profit_of(ours.flown(model, *bounds))
    return found


def summary(profits: pd.DataFrame) -> dict[str, Any]:
    """Gains of our allocation over today's plan and over spend by ROAS, within each bounds."""
    found = {
        "companies": len(profits),
        "refused": int(profits["refused"].sum()),
        "channels_inside_90_interval": rounded(profits["held"].mean()),
    }
    for end in BOUNDS:
        gain, roas, flown, even = (
            profits[f"{plan}{end}"] / profits["today"] - 1 for plan in ("ours", "roas", "flown", "even")
        )
        over_roas = profits[f"ours{end}"] / profits[f"roas{end}"] - 1
        told = {
            "median_gain_over_today": gain.median(),
            "median_gain_over_roas": over_roas.median(),
            "p10_gain": gain.quantile(0.1),
            "worst_gain": gain.min(),
            "share_better_than_today": (gain > 0).mean(),
            "mean_chance_told": profits[f"chance{end}"].mean(),
            "share_better_than_roas": (over_roas > 0).mean(),
            "median_gain_of_roas_over_today": roas.median(),
            "p10_gain_of_roas": roas.quantile(0.1),
            "median_gain_with_flighting": flown.median(),
            "p10_gain_with_flighting": flown.quantile(0.1),
            "median_gain_spread_evenly": even.median(),
        }
        found |= {f"{name}{end}": rounded(value) for name, value in told.items()}
    return found


def pymc(folder: Path, profits: pd.DataFrame) -> dict[str, Any]:
    """PyMC-Marketing on the first companies, as many as fit into the time."""
    python = python_of("pymc-marketing")
    if python is None or PEER_COMPANIES == 0:
        return {}
    asked = {number: company(number) for number in range(min(PEER_COMPANIES, COMPANIES))}
    folder.mkdir(exist_ok=True)
    for number, one in asked.items():
        given(folder / f"{number}.npz", one)
    command = [str(python), str(HERE / "peer_pymc.py"), str(folder), DRAWS, SECONDS]
    went = subprocess.run(command, stdout=sys.stdout, stderr=subprocess.PIPE, text=True)
    if went.returncode:
        sys.exit(f"PyMC-Marketing failed:\n{went.stderr[-2000:]}")
    plans = {number: folder / f"{number}.json" for number in asked}
    told = {number: json.loads(path.read_text(encoding="utf-8")) for number, path in plans.items() if path.exists()}
    seconds = [one["fit"] + one["optimise"] for one in told.values()]
    found = {
        "companies_pymc_marketing": len(told),
        "seconds_pymc_marketing_per_company": round(float(np.median(seconds)), 1),
    }
    for place, end in enumerate(BOUNDS):
        theirs = pd.Series(
            {number: asked[number].profit(np.array(one["amounts"][place])) for number, one in told.items()}
        )
        found |= beside(profits.loc[theirs.index], theirs, end)
        even = pd.Series(
            {number: asked[number].profit_of(evenly(one["amounts"][place])) for number, one in told.items()}
        )
        found |= weekly(profits.loc[even.index], even, end)
    return found


def given(path: Path, one: Company) -> None:
    """Write what the peer is given of a company; a plan of other figures is not kept."""
    before = path.read_bytes() if path.exists() else b""
    known = {name: getattr(one, name) for name in ("spend", "revenue", "price", "events", "lift_tests")}
    np.savez(path, **known, bounds=np.array(list(BOUNDS.values())) / 100)
    if path.read_bytes() != before:
        path.with_suffix(".json").unlink(missing_ok=True)


def evenly(amounts: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Amounts of a year by channel, the same in each week: weeks x channels."""
    return np.tile(np.asarray(amounts, dtype=float) / YEAR, (YEAR, 1))


def weekly(profits: pd.DataFrame, theirs: pd.Series, end: str) -> dict[str, Any]:
    """Gains of our weekly plan over the peer's amounts spread evenly, which is what its optimiser takes them to be."""
    gain = profits[f"flown{end}"] / theirs - 1
    told = {
        "median_gain_with_flighting_over_pymc_marketing_evenly": gain.median(),
        "share_better_with_flighting_than_pymc_marketing_evenly": (gain > ALIKE).mean(),
    }
    return {f"{name}{end}": rounded(value) for name, value in told.items()}


def beside(profits: pd.DataFrame, theirs: pd.Series, end: str) -> dict[str, Any]:
    """Gains of our allocation over the peer's, of the same companies."""
    gain, today = profits[f"ours{end}"] / theirs - 1, profits["today"]
    told = {
        "median_gain_over_pymc_marketing": gain.median(),
        "mean_gain_over_pymc_marketing": gain.mean(),
        "share_better_than_pymc_marketing": (gain > ALIKE).mean(),
        "share_worse_than_pymc_marketing": (gain < -ALIKE).mean(),
        "median_gain_of_pymc_marketing_over_today": (theirs / today - 1).median(),
        "p10_gain_of_pymc_marketing": (theirs / today - 1).quantile(0.1),
        "median_gain_over_today_same_companies": (profits[f"ours{end}"] / today - 1).median(),
        "p10_gain_same_companies": (profits[f"ours{end}"] / today - 1).quantile(0.1),
    }
    return {f"{name}{end}": rounded(value) for name, value in told.items()}


def rounded(value: float) -> float:
    """A share to the thousandth of a percent."""
    return round(float(value), 5) + 0.0


if __name__ == "__main__":
    main()
