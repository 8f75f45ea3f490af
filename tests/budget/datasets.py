"""The public data sets of media mix models as histories: what each calls spend, revenue and the rest."""

from pathlib import Path

import pandas as pd

from marketbook.budget.history import History


def example(path: Path) -> History:
    """PyMC-Marketing's example: two channels, two events, a trend."""
    data = pd.read_csv(path, parse_dates=["date_week"]).set_index("date_week")
    return History(data["y"], data[["x1", "x2"]], data[["t"]].astype(float), data[["event_1", "event_2"]])


def two_geos(path: Path) -> History:
    """PyMC-Marketing's example of two places, added up."""
    data = pd.read_csv(path, parse_dates=["date"])
    sums = data.groupby("date")[["x1", "x2", "y"]].sum()
    events = data.groupby("date")[["event_1", "event_2"]].max().astype(float)
    return History(sums["y"], sums[["x1", "x2"]], pd.DataFrame(index=sums.index), events)


def roas(path: Path, *, confounder: bool = True) -> History:
    """PyMC-Marketing's example of ROAS, in which `z` moves both sales and spend on x1."""
    data = pd.read_csv(path, parse_dates=["date"]).set_index("date")
    controls = data[["z"]] if confounder else pd.DataFrame(index=data.index)
    return History(data["y"], data[["x1", "x2"]], controls, pd.DataFrame(index=data.index))


def roas_brought(path: Path) -> pd.Series:
    """What each of its channels truly brought: sales less those without it."""
    data = pd.read_csv(path)
    return pd.Series({"x1": (data["y"] - data["y01"]).sum(), "x2": (data["y"] - data["y02"]).sum()})


def robyn(path: Path) -> History:
    """Robyn's simulated weeks: five paid channels, competitors and a newsletter beside them."""
    data = pd.read_csv(path, parse_dates=["DATE"]).set_index("DATE")
    context = data[["competitor_sales_B", "newsletter"]]
    events = pd.get_dummies(data["events"].where(data["events"] != "na"), dtype=float)
    return History(data["revenue"], data[["tv_S", "ooh_S", "print_S", "facebook_S", "search_S"]],
                   context / context.max(), events)  # fmt: skip


def meridian(path: Path) -> History:
    """Meridian's simulated weeks; places are added up, what is the same kind of number everywhere is averaged."""
    data = pd.read_csv(path, parse_dates=["time"])
    data["revenue"] = data["conversions"] * data["revenue_per_conversion"]
    weeks = data.groupby("time")
    spend = weeks[[name for name in data if name.endswith("_spend")]].sum()
    averaged = [name for name in data if name.endswith("_control") or name == "Promo"]
    organic = weeks[[name for name in data if name.startswith("Organic")]].sum()
    controls = weeks[averaged].mean().join(organic / organic.max())
    return History(weeks["revenue"].sum(), spend, controls, pd.DataFrame(index=spend.index))


READ = {
    "mmm_example.csv": example,
    "mmm_multidimensional_example.csv": two_geos,
    "mmm_roas_data.csv": roas,
    "dt_simulated_weekly.csv": robyn,
    "national_media.csv": meridian,
    "geo_media.csv": meridian,
    "geo_all_channels.csv": meridian,
}
"""Every data set of media and sales by its file's name; `dt_prophet_holidays.csv` is a calendar, not a history."""
