"""Our media mix model beside PyMC-Marketing (nutpie) and Meridian, on `mmm_example.csv`, in one run.

PyMC-Marketing fits its example's model with its priors, 4 chains of 1,000 draws, its caches warm; what it takes with
empty caches stands beside. Ours fits the same model, but for the prior of the yearly waves, which is normal with the
variance of the example's Laplace. Whether our draws are right is told against a long NUTS run of the same model by
PyMC-Marketing: the largest difference of any parameter's mean, and of its 5 and 95 % quantiles, in standard deviations;
against the draws with the example's Laplace prior the same stands beside (`_laplace`). `fit` is a fit in a warm
process, `cold` a process from its start to the draws. Meridian fits its own model of the same data, so only its times
are compared. `allocate_first_call_s` is the first allocation of a process (5 channels, 1,000 draws), `flighting_s` a
weekly plan of 20 channels and 52 weeks, `planner_move_p95_ms` a slider's move in the browser until it is painted.

The peers live in environments of their own in a cache folder (`~/.cache/marketbook/bench`), which the first run makes;
they need Python 3.12. The data is read from `../shared/data`, or where MARKETBOOK_REFERENCE_DATA says.

Usage: make bench NAME=media_mix   (MARKETBOOK_BENCH_ROUNDS=3, MARKETBOOK_BENCH_DRAWS=1000, MARKETBOOK_BENCH_LONG=5000,
MARKETBOOK_BENCH_PARTS=pymc,meridian,allocate,flighting,planner; `chains` besides: a history that needs chains)
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from media_mix.environment import python_of
from media_mix.example import NAMES

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).with_name("media_mix")
DATA = Path(os.environ.get("MARKETBOOK_REFERENCE_DATA", ROOT.parent / "shared" / "data")) / "budget/mmm_example.csv"
ROUNDS = int(os.environ.get("MARKETBOOK_BENCH_ROUNDS", "3"))
DRAWS = os.environ.get("MARKETBOOK_BENCH_DRAWS", "1000")
LONG = os.environ.get("MARKETBOOK_BENCH_LONG", "5000")
PARTS = os.environ.get("MARKETBOOK_BENCH_PARTS", "pymc,meridian,allocate,flighting,planner").split(",")


def main() -> None:
    """Run all sides, and print the figures."""
    if not DATA.exists():
        sys.exit(f"{DATA} is missing; say where the reference data is: MARKETBOOK_REFERENCE_DATA=...")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        found = ours(work)
        if "pymc" in PARTS:
            found |= pymc(work, found)
        if "meridian" in PARTS:
            found |= meridian(found)
    if "chains" in PARTS:
        found["chains"] = run("ours, by chains", sys.executable, HERE / "ours.py", "crowded")
    if "allocate" in PARTS:
        first = [run("ours", sys.executable, HERE / "ours.py", "allocate")["first_call"] for _turn in range(ROUNDS)]
        found["allocate_first_call_s"] = round(statistics.median(first), 3)
    for part in ("flighting", "planner"):
        if part in PARTS:
            found |= run(f"ours, {part}", sys.executable, HERE / f"{part}.py")
    print(json.dumps(found | {"cores": os.cpu_count()}))


def ours(work: Path) -> dict[str, Any]:
    """Cold processes and warm fits of ours."""
    script = HERE / "ours.py"
    cold = [run("ours", sys.executable, script, "answer", DATA, work / "ours.npy") for _turn in range(ROUNDS)]
    warm = run("ours", sys.executable, script, "fits", DATA, work / "warm.npy")
    return {
        "seconds_fit": round(statistics.median(warm["fits"]), 3),
        "seconds_cold": round(statistics.median(one["answer"] for one in cold), 2),
        "peak_mb": round(max(one["peak_mb"] for one in cold)),
        "ess_min": round(cold[0]["ess_min"]),
        "k_hat": round(cold[0]["k_hat"], 2),
    }


def pymc(work: Path, mine: dict[str, Any]) -> dict[str, Any]:
    """PyMC-Marketing: first with empty caches, then with what that left; then the long runs."""
    python = python_of("pymc-marketing")
    if python is None:
        return {}
    script, draws = HERE / "peer_pymc.py", work / "peer.npy"
    caches = {"PYTENSOR_FLAGS": f"base_compiledir={work}/pytensor", "NUMBA_CACHE_DIR": f"{work}/numba"}
    empty = run("PyMC-Marketing, empty caches", python, script, DATA, draws, DRAWS, DRAWS, 1, "Laplace", env=caches)
    cold, fits = [], []
    for _turn in range(ROUNDS):
        one = run("PyMC-Marketing", python, script, DATA, draws, DRAWS, DRAWS, 1, "Laplace", env=caches)
        cold.append(one["answer"])
    warm = run("PyMC-Marketing, warm process", python, script, DATA, draws, DRAWS, DRAWS, 3, "Laplace", env=caches)
    fits = warm["fits"][1:]
    found = {
        "times_faster_pymc_marketing_fit": round(statistics.median(fits) / mine["seconds_fit"], 1),
        "times_faster_pymc_marketing_cold": round(statistics.median(cold) / mine["seconds_cold"], 1),
        "times_faster_pymc_marketing_cold_empty_caches": round(empty["answer"] / mine["seconds_cold"], 1),
        "seconds_fit_pymc_marketing": round(statistics.median(fits), 2),
        "seconds_cold_pymc_marketing": round(statistics.median(cold), 1),
        "seconds_cold_pymc_marketing_empty_caches": round(empty["answer"], 1),
        "peak_mb_pymc_marketing": round(warm["peak_mb"]),
        "ess_min_pymc_marketing": round(warm["ess_min"]),
    }
    run("long NUTS", python, script, DATA, work / "long.npy", LONG, DRAWS, 1, "Normal", env=caches)
    found |= distance(work / "ours.npy", work / "long.npy")
    found |= {f"{name}_laplace": off for name, off in distance(work / "ours.npy", draws).items()}
    return found


def meridian(mine: dict[str, Any]) -> dict[str, Any]:
    """Meridian, where it can be installed."""
    python = python_of("meridian")
    if python is None:
        return {}
    one = run("Meridian", python, HERE / "peer_meridian.py", DATA, DRAWS, DRAWS)
    return {
        "times_faster_meridian": round(one["fit"] / mine["seconds_fit"], 1),
        "times_faster_meridian_cold": round(one["answer"] / mine["seconds_cold"], 1),
        "seconds_fit_meridian": round(one["fit"], 1),
        "peak_mb_meridian": round(one["peak_mb"]),
    }


def distance(mine: Path, long: Path) -> dict[str, float]:
    """The largest differences of means and of 5 and 95 % quantiles, in standard deviations of the long run."""
    ours, nuts = np.load(mine), np.load(long).reshape(-1, len(NAMES))
    spread = nuts.std(axis=0)
    mean = np.abs(ours.mean(axis=0) - nuts.mean(axis=0)) / spread
    ends = np.abs(np.quantile(ours, [0.05, 0.95], axis=0) - np.quantile(nuts, [0.05, 0.95], axis=0)) / spread
    print(f"  furthest mean {NAMES[int(mean.argmax())]}, furthest quantile {NAMES[int(ends.max(axis=0).argmax())]}")
    return {"mean_off_sd": round(float(mean.max()), 3), "quantile_off_sd": round(float(ends.max()), 3)}


def run(side: str, python: object, *command: object, env: dict[str, str] | None = None) -> dict[str, Any]:
    """Run one side in a process of its own, and read the JSON in its last line."""
    asked = [str(part) for part in (python, *command)]
    went = subprocess.run(asked, env=os.environ | (env or {}), capture_output=True, text=True, cwd=ROOT)
    if went.returncode:
        sys.exit(f"{side} failed:\n{went.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(went.stdout.strip().splitlines()[-1])
    print(f"{side}: {json.dumps(found)}", flush=True)
    return found


if __name__ == "__main__":
    main()
