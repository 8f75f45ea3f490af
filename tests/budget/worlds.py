"""Worlds that calibration draws: how their media are spent, and what is believed of them before."""

from dataclasses import replace

import numpy as np
import pandas as pd

from marketbook.budget.history import LIFT_COLUMNS, History
from marketbook.budget.response.model import ModelSettings
from marketbook.budget.response.priors import Priors

SCALE = 1_000_000.0
ROAS = (1.0, 8.0)
NAMES = ("电视", "搜索", "社交")


def year_pair(rng: np.random.Generator, weeks: int = 104) -> History:
    """Spend of two years in three channels: one in flights, one steady, one that grows; a lift test of the last."""
    index = pd.date_range("2023-01-02", periods=weeks, freq="7D")
    spend = pd.DataFrame(rng.gamma(2.0, 10_000, (weeks, 3)), index, NAMES)
    spend["电视"] *= (np.arange(weeks) + rng.integers(8)) % 8 < 4
    spend["社交"] *= np.linspace(0.6, 1.4, weeks)
    test = [NAMES[2], 4, 20_000.0, 15_000.0, 0.0, 12_000.0]
    price = pd.DataFrame({"price": rng.normal(0, 0.5, weeks)}, index)
    sale = pd.DataFrame({"大促": (np.arange(weeks) % 52 == 44).astype(float)}, index)
    nothing = pd.Series(np.linspace(1.0, 2.0, weeks), index)
    return History(nothing, spend, price, sale, pd.DataFrame([test], columns=list(LIFT_COLUMNS)))


SIZES = {"华东": 1.0, "华北": 0.7, "华南": 1.3, "西南": 0.5}


def four_geos(rng: np.random.Generator, weeks: int = 60) -> dict[str, History]:
    """Spend of two channels in four geos of different size; the second is not used in the last."""
    found = {}
    for geo, size in SIZES.items():
        one = year_pair(rng, weeks)
        spend = one.spend[["搜索", "社交"]] * size
        if geo == "西南":
            spend = spend.assign(社交=0.0)
        found[geo] = History(one.revenue, spend, one.controls, one.events)
    return found


def settings_of_geos() -> ModelSettings:
    """The model of the geos: the second channel has a national range of ROAS."""
    one = settings()
    priors = replace(one.priors, roas={"社交": ROAS}, beta_sd=(0.2, 0.2))
    return replace(one, priors=priors)


def settings(form: str = "geometric+logistic") -> ModelSettings:
    """A model whose prior is one of companies: revenue about a million a week, media about a quarter of it."""
    adstock, saturation = form.split("+")
    chosen = ModelSettings.of(adstock=adstock, saturation=saturation, adstock_weeks=6)
    priors = Priors(
        roas={NAMES[0]: ROAS},
        revenue_scale=SCALE,
        beta_sd=(0.2, 0.15, 0.25),
        intercept=(1.0, 0.1),
        trend_sd=0.1,
        fourier_sd=0.05,
        event_sd=0.2,
        control_sd=0.05,
        noise_scale=0.08,
    )
    return ModelSettings(chosen.adstock, chosen.saturation, fourier_modes=1, priors=priors)
