from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from tests.budget.inference.test_collapsed import small

from marketbook.budget.inference.collapsed import Array, Collapsed, LiftRow
from marketbook.budget.inference.joint import Joint
from marketbook.budget.response.adstock import FORMS as ADSTOCKS
from marketbook.budget.response.adstock import lagged
from marketbook.budget.response.priors import TruncatedNormal
from marketbook.budget.response.saturation import FORMS as SATURATIONS

LIFTS = (LiftRow(0, 0.3, 0.2, 0, 0.05, 0.01), LiftRow(1, 0.2, 0.3, 2, 0.03, 0.02))


def two_channels(adstock: str, saturation: str) -> Collapsed:
    spend = np.random.default_rng(7).gamma(2, 0.2, (40, 2)) * [[1.0, 1.0]]
    spend[::3, 1] = 0.0
    one = small(*LIFTS)
    forms = {"adstock": ADSTOCKS[adstock](4), "saturation": SATURATIONS[saturation]()}
    return replace(one, lags=lagged(spend, 4), beta_sd=np.array([0.4, 0.2]), **forms)


def differenced(joint: Joint, point: Array) -> Array:
    steps = 1e-5 * np.eye(len(point))
    return (joint.gradient(point + steps)[0] - joint.gradient(point - steps)[0]) / 2e-5


@pytest.mark.parametrize(
    ("adstock", "saturation"),
    [
        ("geometric", "logistic"),
        ("delayed", "hill"),
        ("weibull_cdf", "tanh"),
        ("weibull_pdf", "root"),
        ("geometric", "michaelis_menten"),
    ],
)
def test_the_gradient_is_that_of_the_density(adstock: str, saturation: str) -> None:
    joint = Joint(replace(two_channels(adstock, saturation), brought=(None, TruncatedNormal(2.0, 1.5))))
    points = np.random.default_rng(1).normal(0, 0.7, (3, joint.dimensions))
    points[:, joint.collapsed.dimensions - 1] = np.log([0.05, 0.08, 0.2])
    found = joint.gradient(points)[1]
    for row, point in enumerate(points):
        assert found[row] == pytest.approx(differenced(joint, point), rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("brought", [(), (TruncatedNormal(3.0, 1.0),)], ids=["half-normal", "ROAS"])
def test_integrating_the_effects_out_gives_the_collapsed_density(brought: tuple[TruncatedNormal, ...]) -> None:
    density = replace(small(LIFTS[0]), brought=brought)
    joint, normal = Joint(density), np.linspace(-7, 7, 4001)
    places = np.array([[0.0, 0.0, np.log(0.05)], [0.8, -0.5, np.log(0.1)], [-1.0, 1.0, np.log(0.06)]])
    whole = []
    for place in places:
        heights = joint.gradient(np.column_stack([np.tile(place, (len(normal), 1)), normal]))[0]
        whole.append(np.log(np.trapezoid(np.exp(heights - heights.max()), normal)) + heights.max())
    found = density.log_density(places, np.full((3, 1), 0.5))
    assert np.diff(whole) == pytest.approx(np.diff(found), abs=1e-4)


def test_effects_follow_their_half_normal_prior() -> None:
    joint = Joint(small())
    normal = np.array([-6.0, -1.0, 0.0, 2.0, 6.0])
    points = np.column_stack([np.zeros((5, joint.collapsed.dimensions)), normal])
    expected = stats.halfnorm(scale=0.4).ppf(stats.norm.cdf(normal))
    assert joint.split(points)[1][:, 0] == pytest.approx(expected, rel=1e-6)
