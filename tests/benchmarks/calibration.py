"""Calibration of the response model by simulation: worlds drawn from the prior, fitted, and their truths ranked.

Each world has three channels over two years, one with a range of ROAS as its prior and one with a lift test. Ranks of
adstock, saturation, effects, contributions, noise, base and likelihood among 999 draws must be uniform (chi-square over
20 bins, and the largest distance of the ECDF), and intervals must hold the truth as often as they say. The smallest
p-value stands beside how small the smallest of that many would be by chance, if they were independent. Times play no
part.

Usage: make bench NAME=calibration   (MARKETBOOK_BENCH_WORLDS=300, MARKETBOOK_BENCH_FORMS=geometric+logistic,...,geos)
"""

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.budget.worlds import SIZES, four_geos, settings, settings_of_geos, year_pair  # noqa: E402

from marketbook.budget.calibration import Calibration, calibrate, calibrate_geos  # noqa: E402

WORLDS = int(os.environ.get("MARKETBOOK_BENCH_WORLDS", "300"))
FORMS = os.environ.get(
    "MARKETBOOK_BENCH_FORMS", "geometric+logistic,geometric+hill,delayed+tanh,geometric+averaged,geos"
).split(",")


def main() -> None:
    """Calibrate each form, and print the figures."""
    found = {form: told(form, calibrated(form)) for form in FORMS}
    print(json.dumps(found[FORMS[0]] | {"forms": {form: found[form] for form in FORMS[1:]}}))


def calibrated(form: str) -> Calibration:
    """Calibrate one form, or several geos."""
    if form == "geos":
        return calibrate_geos(four_geos, settings_of_geos(), sizes=SIZES, worlds=WORLDS, seed=20)
    return calibrate(year_pair, settings(form), worlds=WORLDS, seed=20)


def told(form: str, found: Calibration) -> dict[str, object]:
    """What is asked of a calibration, printed in full beside."""
    uniform = found.uniform()
    print(f"{form}:\n{uniform.round(3).to_string()}", flush=True)
    smallest = float(uniform.to_numpy().min())
    return {
        "worlds": len(found.worlds),
        "refused": found.refused,
        "by_chains_share": round(sum(world.by_chains for world in found.worlds) / len(found.worlds), 3),
        "smallest_p": round(smallest, 5),
        "smallest_p_by_chance": round(1 - (1 - smallest) ** uniform.size, 3),
        "quantities": len(uniform),
        "coverage_contribution": {str(level): share for level, share in found.coverage("contribution").items()},
        "coverage_roas": {str(level): share for level, share in found.coverage("roas").items()},
        "k_hat_max": round(max(world.k_hat for world in found.worlds), 2),
        "ess_min": round(min(world.ess for world in found.worlds)),
    }


if __name__ == "__main__":
    main()
