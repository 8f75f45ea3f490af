"""The best split is held against a fine grid, against its own conditions and against 500 random problems."""

import itertools
from collections.abc import Callable

import numpy as np
import pytest

from marketbook.budget.optimum import Array, best_split, project

Curves = tuple[Callable[[Array], Array], Callable[[Array], Array]]


def concave(ceiling: Array, scale: Array) -> Curves:
    return (
        lambda x: ceiling * np.tanh(x / scale),
        lambda x: ceiling / scale * (1 - np.tanh(x / scale) ** 2),
    )


def s_shaped(ceiling: Array, half: Array) -> Curves:
    return (
        lambda x: ceiling * x**3 / (half**3 + x**3),
        lambda x: ceiling * 3 * x**2 * half**3 / (half**3 + x**3) ** 2,
    )


def grid_best(value: Callable[[Array], Array], total: float, lower: Array, upper: Array, steps: int) -> float:
    axes = [np.linspace(lower[i], upper[i], steps) for i in range(len(lower) - 1)]
    split = np.array([[*point, total - sum(point)] for point in itertools.product(*axes)])
    allowed = split[(split[:, -1] >= lower[-1]) & (split[:, -1] <= upper[-1])]
    return float(max(value(point).sum() for point in allowed))


@pytest.mark.parametrize("shape", [concave, s_shaped], ids=["concave", "S-shaped"])
@pytest.mark.parametrize(("channels", "steps"), [(2, 4001), (3, 121)])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_it_reaches_the_best_of_a_fine_grid(shape: Callable[..., Curves], channels: int, steps: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    value, marginal = shape(rng.uniform(50, 200, channels), rng.uniform(20, 80, channels))
    lower, upper = np.zeros(channels), np.full(channels, 90.0)
    found = best_split(value, marginal, total=100.0, lower=lower, upper=upper)
    assert value(found.amounts).sum() >= 0.999 * grid_best(value, 100.0, lower, upper, steps)


def test_500_random_problems_spend_the_total_within_bounds_and_meet_the_conditions() -> None:
    rng = np.random.default_rng(7)
    residuals = []
    for _ in range(500):
        channels = int(rng.integers(2, 9))
        value, marginal = concave(rng.uniform(1, 100, channels), rng.uniform(1, 100, channels))
        lower = rng.uniform(0, 10, channels)
        upper = lower + rng.uniform(0, 50, channels)
        total = float(rng.uniform(lower.sum(), upper.sum()))
        found = best_split(value, marginal, total=total, lower=lower, upper=upper)
        assert found.amounts.sum() == pytest.approx(total, rel=1e-6)
        assert ((found.amounts >= lower - 1e-9) & (found.amounts <= upper + 1e-9)).all()
        residuals.append(found.residual)
    assert np.quantile(residuals, 0.99) < 1e-3


def test_equal_channels_share_equally_and_no_room_leaves_no_choice() -> None:
    value, marginal = concave(np.full(4, 10.0), np.full(4, 5.0))
    even = best_split(value, marginal, total=20.0, lower=np.zeros(4), upper=np.full(4, 20.0))
    assert even.amounts == pytest.approx(5.0, rel=1e-5)
    lower = np.array([1.0, 2.0, 3.0, 4.0])
    assert best_split(value, marginal, total=10.0, lower=lower, upper=2 * lower).amounts == pytest.approx(lower)


def test_a_channel_that_brings_nothing_gets_its_least() -> None:
    value, marginal = concave(np.array([10.0, 0.0]), np.array([5.0, 5.0]))
    found = best_split(value, marginal, total=8.0, lower=np.array([0.0, 1.0]), upper=np.array([20.0, 20.0]))
    assert found.amounts == pytest.approx([7.0, 1.0])


def test_projection_keeps_what_is_allowed_already() -> None:
    inside = np.array([2.0, 3.0, 5.0])
    assert project(inside, 10.0, np.zeros(3), np.full(3, 6.0)) == pytest.approx(inside)
