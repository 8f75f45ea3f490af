"""A weekly plan of 20 channels and 52 weeks, by 1,000 draws: its seconds, and how far it can be from the best.

Usage: python flighting.py     prints figures as JSON in its last line.
"""

import json
import time
from dataclasses import replace

import numpy as np
from ours import company

from marketbook.budget.allocation.flighting import flight
from marketbook.budget.response.model import ResponseModel, fit_response

CHANNELS = 20


def main() -> None:
    """Fit five channels, and plan twenty that are like them."""
    model = widened(fit_response(company(5, 156)))
    begun = time.perf_counter()
    found = flight(model)
    seconds = time.perf_counter() - begun
    print(json.dumps({"flighting_s": round(seconds, 2), "flighting_gap_share": found.residual}))


def widened(model: ResponseModel) -> ResponseModel:
    """Repeat a model's channels with other spend and other effects; the draws of its curves stay."""
    rng = np.random.default_rng(1)
    place = np.arange(CHANNELS) % len(model.history.channels)
    spend = model.history.spend.iloc[:, place] * rng.uniform(0.7, 1.3, CHANNELS)
    spend.columns = [f"channel {number + 1}" for number in range(CHANNELS)]
    return replace(
        model,
        history=replace(model.history, spend=spend),
        spend_scale=spend.max().to_numpy(float),
        adstock=model.adstock[:, :, place],
        saturation=model.saturation[:, :, place],
        effect=model.effect[:, place] * rng.uniform(0.5, 1.5, CHANNELS),
    )


if __name__ == "__main__":
    main()
