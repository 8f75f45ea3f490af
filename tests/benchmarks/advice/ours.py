"""Our side: the response model and the allocation as `budget/allocate-budget` asks for them, and spend by ROAS."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize

from advice.companies import YEAR, Company
from marketbook.budget.allocation import allocate, percent_bounds
from marketbook.budget.allocation.flighting import flight
from marketbook.budget.allocation.plan import today_amounts
from marketbook.budget.history import LIFT_COLUMNS, History
from marketbook.budget.response.averaging import Averaged
from marketbook.budget.response.model import ModelSettings, ResponseModel, fit_response
from marketbook.budget.returns import returns

Array = npt.NDArray[np.float64]


def history(company: Company) -> History:
    """What the company knows, as our model takes it."""
    index = pd.date_range("2023-01-02", periods=len(company.revenue), freq="7D")
    names = [f"channel {place + 1}" for place in range(company.spend.shape[1])]
    tests = pd.DataFrame(company.lift_tests, columns=["place", "spend", "added_spend", "lift", "lift_se"])
    tests["channel"], tests["weeks"] = [names[int(place)] for place in tests["place"]], np.nan
    return History(
        revenue=pd.Series(company.revenue, index),
        spend=pd.DataFrame(company.spend, index, names),
        controls=pd.DataFrame({"price": company.price}, index),
        events=pd.DataFrame(company.events, index, ["summer sale", "winter sale"]),
        lift_tests=tests[list(LIFT_COLUMNS)],
    )


def advised(model: ResponseModel, margin: float, least: float, most: float) -> tuple[Array, float]:
    """The allocation's amounts for the year ahead, and the chance it gives them to beat today's split."""
    bounds = percent_bounds(today_amounts(model), least, most)
    found = allocate(model, bounds=bounds, gross_margin=margin)
    return found.plan["spend_recommended"].to_numpy(float), found.beats_today


def flown(model: ResponseModel, least: float, most: float) -> Array:
    """The weekly plan within the same bounds and total: weeks x channels; no week above the highest ever."""
    found = flight(model, bounds=percent_bounds(today_amounts(model), least, most))
    return found.plan[model.history.channels].to_numpy(float)


def held(model: ResponseModel, company: Company) -> float:
    """The share of channels whose 90 % interval of revenue brought last year holds the truth."""
    brought = model.weekly(model.history)[..., -YEAR:].sum(axis=2)
    low, high = np.quantile(brought, [0.05, 0.95], axis=0)
    truth = [medium.revenue(company.spend[:, place])[-YEAR:].sum() for place, medium in enumerate(company.media)]
    return float(np.mean((low <= truth) & (truth <= high)))


def by_roas(model: ResponseModel, least: float, most: float) -> Array:
    """The same total in proportion to each channel's estimated ROAS, where the same bounds allow it."""
    today = today_amounts(model).to_numpy(float)
    roas = returns(model).channels.set_index("channel").loc[model.history.channels, "roas"].to_numpy(float)
    lower, upper = today * least / 100, today * most / 100
    factor = optimize.brentq(lambda factor: np.clip(factor * roas, lower, upper).sum() - today.sum(), 0, 1e12)
    return np.clip(factor * roas, lower, upper)


def fit(company: Company) -> ResponseModel:
    """Fit with the settings that the notebook has when nothing is chosen."""
    return fit_response(history(company), ModelSettings(saturation=Averaged()))
