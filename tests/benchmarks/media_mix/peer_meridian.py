"""Meridian's side: the example's data by its own national model and default priors. Runs in the peer's environment.

Its model is another (Hill saturation, priors on ROI, knots instead of waves), so only times are compared.

Usage: python peer_meridian.py DATA DRAWS TUNE
"""

import json
import os
import resource
import sys
import time

STARTED = time.perf_counter()
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import pandas as pd  # noqa: E402
from example import CHANNELS, CONTROLS, WEEKS  # noqa: E402
from meridian.data.data_frame_input_data_builder import DataFrameInputDataBuilder  # noqa: E402
from meridian.model.model import Meridian  # noqa: E402
from meridian.model.spec import ModelSpec  # noqa: E402


def main() -> None:
    """Fit once, and tell how long it took."""
    path, draws, tune = sys.argv[1:]
    data = pd.read_csv(path)
    data["one"] = 1.0
    imported = time.perf_counter() - STARTED
    begun = time.perf_counter()
    channels = list(CHANNELS)
    builder = DataFrameInputDataBuilder(kpi_type="revenue")
    builder = builder.with_kpi(data, kpi_col="y", time_col="date_week")
    builder = builder.with_revenue_per_kpi(data, revenue_per_kpi_col="one", time_col="date_week")
    builder = builder.with_controls(data, control_cols=list(CONTROLS), time_col="date_week")
    builder = builder.with_media(data, channels, channels, channels, time_col="date_week")
    model = Meridian(input_data=builder.build(), model_spec=ModelSpec(max_lag=WEEKS, knots=12))
    model.sample_posterior(n_chains=4, n_adapt=int(tune) // 2, n_burnin=int(tune) // 2, n_keep=int(draws), seed=1)
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"import": imported, "fit": seconds, "answer": time.perf_counter() - STARTED, "peak_mb": peak}))


if __name__ == "__main__":
    main()
