"""PyMC-Marketing's side: its example's model by nutpie. Runs in the peer's own environment, never in ours.

Usage: python peer_pymc.py DATA OUT DRAWS TUNE FITS FOURIER
FOURIER is `Laplace`, as in the example, or `Normal`, as in our model, of the same variance.
Prints seconds and memory as JSON in its last line, and leaves the draws of the last fit in OUT.
"""

import json
import resource
import sys
import time

STARTED = time.perf_counter()

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from example import CHANNELS, CONTROLS, NAMES, WAVES, WEEKS  # noqa: E402
from pymc_extras.prior import Prior  # noqa: E402
from pymc_marketing.mmm import MMM, GeometricAdstock, LogisticSaturation  # noqa: E402


def main() -> None:
    """Fit as often as asked, and tell how long each fit took."""
    path, out, draws, tune, fits, fourier = sys.argv[1:]
    data = pd.read_csv(path, parse_dates=["date_week"])
    imported = time.perf_counter() - STARTED
    seconds = []
    for turn in range(int(fits)):
        begun = time.perf_counter()
        mmm = model(data, fourier)
        mmm.fit(
            data.drop(columns="y"),
            data["y"],
            nuts_sampler="nutpie",
            chains=4,
            draws=int(draws),
            tune=int(tune),
            random_seed=turn + 1,
            progressbar=False,
        )
        seconds.append(time.perf_counter() - begun)
    found = parameters(mmm.idata["posterior"])
    np.save(out, found)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer = time.perf_counter() - STARTED
    print(json.dumps({"import": imported, "fits": seconds, "answer": answer, "peak_mb": peak, "ess_min": least(found)}))


def model(data: pd.DataFrame, fourier: str) -> MMM:
    """The example's model with its priors."""
    spend = data[list(CHANNELS)].sum().to_numpy()
    waves = Prior("Laplace", mu=0, b=0.2) if fourier == "Laplace" else Prior("Normal", mu=0, sigma=0.2 * 2**0.5)
    waves.dims = ("fourier_mode",)
    return MMM(
        date_column="date_week",
        channel_columns=list(CHANNELS),
        control_columns=list(CONTROLS),
        target_column="y",
        adstock=GeometricAdstock(l_max=WEEKS),
        saturation=LogisticSaturation(),
        yearly_seasonality=WAVES,
        model_config={
            "intercept": Prior("Normal", mu=0.5, sigma=0.2),
            "saturation_beta": Prior("HalfNormal", sigma=2 * spend / spend.sum(), dims="channel"),
            "saturation_lam": Prior("Gamma", alpha=3, beta=1, dims="channel"),
            "adstock_alpha": Prior("Beta", alpha=1, beta=3, dims="channel"),
            "gamma_control": Prior("Normal", mu=0, sigma=0.05, dims="control"),
            "gamma_fourier": waves,
            "likelihood": Prior("Normal", sigma=Prior("HalfNormal", sigma=6), dims="date"),
        },
    )


def parameters(posterior: "object") -> np.ndarray:
    """Chains x draws x parameters, in the order of the example's names."""
    columns = []
    for name in NAMES:
        variable, *place = name.split()
        found = posterior["intercept_contribution" if variable == "intercept" else variable]
        axis = [dim for dim in found.dims if dim not in ("chain", "draw")]
        columns.append(found.sel({axis[0]: place[0]}) if place else found)
    return np.stack([np.asarray(column) for column in columns], axis=-1)


def least(found: np.ndarray) -> float:
    """The least effective sample size of all parameters."""
    import arviz as az

    return float(min(float(az.ess(found[..., i])) for i in range(found.shape[-1])))


if __name__ == "__main__":
    main()
