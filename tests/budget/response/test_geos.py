"""Several geos fitted together; their density is held to sums by hand in `inference/test_pooled.py`."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd
import pytest
from tests.budget.worlds import SIZES, four_geos, settings_of_geos
from tests.reference.budget import K_HAT_LIMIT

from marketbook.budget.calibration import calibrate_geos
from marketbook.budget.geo_contribution import by_geo, geo_contributions
from marketbook.budget.geo_data import histories_of
from marketbook.budget.history import LIFT_COLUMNS, History
from marketbook.budget.inference.collapsed import Array
from marketbook.budget.response.adstock import geometric_adstock
from marketbook.budget.response.geos import GeoModel, check_geos, fit_geos
from marketbook.budget.response.model import ModelSettings, ResponseModel
from marketbook.kit.errors import DataError

EFFECT = {"华东": 60_000.0, "华北": 40_000.0, "华南": 80_000.0, "西南": 30_000.0}


def geos(weeks: int = 104) -> dict[str, History]:
    """Geos whose search brings about in proportion to their size; social brings as much everywhere but in the last."""
    rng = np.random.default_rng(8)
    found = {}
    for geo, history in four_geos(rng, weeks).items():
        size = SIZES[geo]
        brought = searched(history, geo) + 30_000 * size * np.tanh(carried(history, geo, "社交") / 30_000)
        revenue = pd.Series(200_000 * size + brought + rng.normal(0, 4_000 * size, weeks), history.weeks)
        found[geo] = replace(history, revenue=revenue, controls=history.controls[[]], events=history.events[[]])
    return found


def searched(history: History, geo: str) -> Array:
    """Return what search truly brings in each week."""
    found: Array = EFFECT[geo] * np.tanh(carried(history, geo, "搜索") / 20_000)
    return found


def carried(history: History, geo: str, channel: str) -> Array:
    return geometric_adstock(history.spend[channel], 0.3) / SIZES[geo]


@pytest.fixture(scope="module")
def histories() -> dict[str, History]:
    return geos()


@pytest.fixture(scope="module")
def model(histories: dict[str, History]) -> GeoModel:
    return fit_geos(histories, ModelSettings(fourier_modes=1), sizes=SIZES, draws=500)


def test_what_each_geo_brought_is_found(histories: dict[str, History], model: GeoModel) -> None:
    for geo, history in histories.items():
        found = model.geos[geo].weekly(history)[:, 0].sum(axis=1)
        low, high = np.quantile(found, [0.005, 0.995])
        assert low < searched(history, geo).sum() < high
    assert model.k_hat < K_HAT_LIMIT
    assert model.ess > 1000


def test_a_channel_that_a_geo_does_not_use_brings_nothing_there(model: GeoModel) -> None:
    assert model.geos["西南"].weekly(model.geos["西南"].history)[:, 1].tolist() == np.zeros((500, 104)).tolist()


def test_geos_add_up_to_the_whole(model: GeoModel) -> None:
    found = geo_contributions(model)
    assert found.geos["revenue"].iloc[:-1].sum() == pytest.approx(found.geos["revenue"].iloc[-1])
    assert model.weekly()[..., -52:].sum(axis=(1, 2)).mean() == pytest.approx(found.geos["revenue"].iloc[-1])
    channels = found.channels[found.channels["geo"] == "华东"]
    assert channels["revenue"].sum() == pytest.approx(found.geos.set_index("geo").loc["华东", "revenue"])
    assert "In all geos media brought" in found.text


def test_it_says_how_sure_the_order_of_geos_is(model: GeoModel) -> None:
    found = geo_contributions(model)
    best, worst = found.geos.iloc[:-1]["roas"].max(), found.geos.iloc[:-1]["roas"].min()
    assert found.apart[0] == pytest.approx(best - worst)
    assert found.apart[1] < found.apart[0] < found.apart[2]
    assert "is not sure" in replace(found, apart=(0.2, -0.1, 0.5)).caveats[0]
    assert "yuan more in" in replace(found, apart=(0.2, 0.1, 0.5)).caveats[0]


@pytest.mark.parametrize(("histories", "said"), [(None, "Not computed"), ({}, "There are no sales and media by geo")])
def test_without_geos_it_says_why(histories: dict[str, History] | None, said: str) -> None:
    country = cast("ResponseModel", None)
    found = by_geo(histories, country=country)
    assert said in found.text
    assert (found.chart(), dict(found.numbers()), len(found.table)) == (None, {}, 0)


def test_geos_learn_from_each_other(histories: dict[str, History], model: GeoModel) -> None:
    """The smallest geo alone knows less of its search than among the others."""
    alone = fit_geos({geo: histories[geo] for geo in ("西南", "华北")}, ModelSettings(fourier_modes=1), draws=500)
    among, pair = (m.geos["西南"].weekly(histories["西南"])[:, 0].sum(axis=1).std() for m in (model, alone))
    assert among < pair


def test_the_same_seed_gives_the_same_numbers(histories: dict[str, History]) -> None:
    settings = ModelSettings(fourier_modes=1)
    first, again = (fit_geos(histories, settings, sizes=SIZES, draws=50, seed=4) for _turn in range(2))
    assert np.array_equal(first.weekly(), again.weekly())


def test_worlds_of_geos_are_found_again() -> None:
    found = calibrate_geos(four_geos, settings_of_geos(), sizes=SIZES, worlds=8, seed=6)
    assert found.refused == 0
    assert found.uniform().to_numpy().min() > 1e-4


def national_test(histories: dict[str, History], error: float = 0.02, channel: str = "搜索") -> pd.DataFrame:
    """A lift test of all geos together whose result is exactly true: search at half as much again for good."""
    spend = {geo: float(history.spend["搜索"].mean()) for geo, history in histories.items()}
    ends = [
        sum(EFFECT[geo] * np.tanh(more * paid / SIZES[geo] / 20_000) for geo, paid in spend.items())
        for more in (1.0, 1.5)
    ]
    whole, lift = sum(spend.values()), float(ends[1] - ends[0])
    row = [channel, np.nan, whole, 0.5 * whole, lift, error * lift]
    return pd.DataFrame([row], columns=list(LIFT_COLUMNS))


def test_a_national_lift_test_teaches_what_geos_bring_together(histories: dict[str, History], model: GeoModel) -> None:
    true = sum(float(searched(history, geo).sum()) for geo, history in histories.items())
    tested = fit_geos(
        histories, ModelSettings(fourier_modes=1), sizes=SIZES, lift_tests=national_test(histories), draws=500
    )
    with_test, without = (found.weekly()[:, 0].sum(axis=1) for found in (tested, model))
    low, high = np.quantile(with_test, [0.005, 0.995])
    assert low < true < high
    assert with_test.std() < without.std()
    assert tested.k_hat < K_HAT_LIMIT


def test_it_refuses_a_national_lift_test_of_an_unknown_channel(histories: dict[str, History]) -> None:
    with pytest.raises(DataError, match="Lift tests of channels without spend: 户外; known are 搜索, 社交"):
        fit_geos(histories, sizes=SIZES, lift_tests=national_test(histories, channel="户外"))


def test_it_refuses_a_national_lift_test_in_other_units(histories: dict[str, History]) -> None:
    hundredfold = national_test(histories).assign(spend=1e9)
    with pytest.raises(DataError, match=r"搜索 was tested at .* more than 20 times its highest week"):
        fit_geos(histories, sizes=SIZES, lift_tests=hundredfold)


def test_it_names_the_geo_that_is_wrong(histories: dict[str, History]) -> None:
    gaps = histories["华南"].revenue.drop(histories["华南"].weeks[[7]])
    with pytest.raises(DataError, match=r"Geo 华南: Weeks missing .* 2023-02-20"):
        check_geos(histories | {"华南": replace(histories["华南"], revenue=gaps)}, ModelSettings())


def test_it_refuses_geos_of_other_channels(histories: dict[str, History]) -> None:
    other = replace(histories["华北"], spend=histories["华北"].spend.rename(columns={"搜索": "户外"}))
    with pytest.raises(DataError, match="Geo 华北: channels 户外, 社交, the others 搜索, 社交"):
        check_geos(histories | {"华北": other}, ModelSettings())


def test_it_refuses_geos_of_other_weeks(histories: dict[str, History]) -> None:
    with pytest.raises(DataError, match="Geo 华北: 90 weeks from 2023-01-02, others 104"):
        check_geos(histories | {"华北": histories["华北"].until(90)}, ModelSettings())


def test_it_refuses_a_channel_that_no_geo_used(histories: dict[str, History]) -> None:
    silent = {geo: replace(h, spend=h.spend.assign(社交=0.0)) for geo, h in histories.items()}
    with pytest.raises(DataError, match="Channels without any spend: 社交"):
        check_geos(silent, ModelSettings())


def test_it_refuses_a_single_geo(histories: dict[str, History]) -> None:
    with pytest.raises(DataError, match="Geos: 1; pooling needs at least 2"):
        check_geos({"华东": histories["华东"]}, ModelSettings())


def meridian(file: Path, channels: int) -> dict[str, History]:
    """Read a data set of Meridian's."""
    found = {}
    for geo, rows in pd.read_csv(file, parse_dates=["time"]).groupby("geo", sort=False):
        frame = rows.set_index("time")
        names = [f"Channel{number}" for number in range(channels)]
        spend = frame[[f"{name}_spend" for name in names]].set_axis(names, axis=1)
        controls = frame[[name for name in frame if str(name).endswith("_control")]]
        revenue = frame["conversions"] * frame["revenue_per_conversion"]
        found[str(geo)] = History(revenue, spend, controls, pd.DataFrame(index=frame.index))
    return found


def test_twenty_geos_of_three_years_are_fitted(reference_data: Callable[[str], Path]) -> None:
    found = fit_geos(meridian(reference_data("budget/geo_media.csv"), 4), draws=200)
    assert (len(found.geos), len(found.weeks)) == (20, 156)
    assert found.k_hat < K_HAT_LIMIT
    assert found.ess > 1000


def test_two_geos_of_two_channels_are_fitted(reference_data: Callable[[str], Path]) -> None:
    data = pd.read_csv(reference_data("budget/mmm_multidimensional_example.csv")).rename(
        columns={"date": "week", "y": "revenue"}
    )
    media = data.melt(["week", "geo"], ["x1", "x2"], var_name="channel", value_name="spend")
    found = fit_geos(histories_of(data, media), draws=200)
    assert found.k_hat < K_HAT_LIMIT
    assert (geo_contributions(found).geos["roas"] > 0).all()
