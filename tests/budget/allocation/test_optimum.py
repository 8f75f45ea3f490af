"""The best split is held against fine grids, against its own conditions and against random problems."""

import os
from dataclasses import dataclass

import numpy as np
import pytest

from marketbook.budget.allocation.objective import Objective
from marketbook.budget.allocation.optimum import Array, best_split, gap, nearest
from marketbook.budget.allocation.quadratic import Constraints

EXPECTED = Objective()
OBJECTIVES = (EXPECTED, Objective("cvar", 0.1), Objective("quantile", 0.1))
DRAWS = 200
PROBLEMS = 500 if os.environ.get("MARKETBOOK_HEAVY") else 100


@dataclass(frozen=True)
class Power:
    """Draws of curves: ceiling x^n / (half^n + x^n); S-shaped where n is above 1."""

    ceiling: Array
    half: Array
    n: float

    def revenue(self, amounts: Array) -> Array:
        ratio = (np.maximum(amounts, 1e-9) / self.half) ** self.n
        return self.ceiling * ratio / (1 + ratio)

    def bends(self, amounts: Array) -> tuple[Array, Array, Array]:
        x, n = np.maximum(amounts, 1e-9), self.n
        ratio = (x / self.half) ** n
        height = ratio / (1 + ratio)
        slope = self.ceiling * n / x * height * (1 - height)
        return self.ceiling * height, slope, slope / x * (n * (1 - 2 * height) - 1)


def curves(seed: int, channels: int, n: float, draws: int = DRAWS) -> Power:
    rng = np.random.default_rng(seed)
    wide = rng.uniform(0.1, 0.5, channels)
    ceiling = rng.uniform(50, 200, channels) * np.exp(wide * rng.normal(size=(draws, channels)))
    return Power(ceiling, rng.uniform(20, 80, channels) * np.exp(wide * rng.normal(size=(draws, channels))), n)


def sums(total: float, lower: Array, upper: Array, *rows: tuple[list[float], float, float]) -> Constraints:
    all_rows = np.array([np.ones(len(lower)), *(row for row, _least, _most in rows)])
    ends = np.array([(total, total), *(ends for _row, *ends in rows)], dtype=float)
    return Constraints(lower, upper, all_rows, ends[:, 0], ends[:, 1])


def grid(total: float, allowed: Constraints, steps: int) -> list[Array]:
    axes = [np.linspace(low, high, steps) for low, high in zip(allowed.lower, allowed.upper, strict=True)][:-1]
    points = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, len(axes))
    split = np.column_stack([points, total - points.sum(axis=1)])
    kept = (split[:, -1] >= allowed.lower[-1]) & (split[:, -1] <= allowed.upper[-1])
    rows = split @ allowed.rows.T
    return list(split[kept & (rows >= allowed.least - 1e-9).all(axis=1) & (rows <= allowed.most + 1e-9).all(axis=1)])


@pytest.mark.parametrize("n", [0.8, 3.0], ids=["concave", "S-shaped"])
@pytest.mark.parametrize(
    "objective", [EXPECTED, Objective("cvar", 0.1), Objective("quantile", 0.1)], ids=lambda o: o.kind
)
@pytest.mark.parametrize(("channels", "steps"), [(2, 601), (3, 41)])
@pytest.mark.parametrize("seed", [0, 1])
def test_it_reaches_the_best_of_a_fine_grid(
    n: float, objective: Objective, channels: int, steps: int, seed: int
) -> None:
    made = curves(seed, channels, n)
    allowed = sums(100.0, np.zeros(channels), np.full(channels, 90.0))
    best = max(objective.value(made.revenue(split).sum(axis=1)) for split in grid(100.0, allowed, steps))
    found = best_split(made, allowed, objective)
    assert found.value == pytest.approx(objective.value(made.revenue(found.amounts).sum(axis=1)))
    assert found.value >= 0.999 * best


@pytest.mark.parametrize("n", [0.8, 3.0], ids=["concave", "S-shaped"])
def test_groups_that_hold_are_kept_and_the_best_of_a_grid_is_reached(n: float) -> None:
    made = curves(5, 3, n)
    allowed = sums(100.0, np.zeros(3), np.full(3, 80.0), ([1.0, 1.0, 0.0], 30.0, 45.0))
    found = best_split(made, allowed)
    best = max(float(made.revenue(split).mean(axis=0).sum()) for split in grid(100.0, allowed, 81))
    assert found.value >= 0.999 * best
    assert 30 - 1e-4 <= found.amounts[:2].sum() <= 45 + 1e-4


def test_random_problems_spend_the_total_within_all_bounds_and_meet_the_conditions() -> None:
    rng = np.random.default_rng(7)
    residuals = []
    for seed in range(PROBLEMS):
        channels = int(rng.integers(2, 9))
        made = curves(seed, channels, 0.7, draws=20)
        lower = rng.uniform(0, 10, channels)
        upper = lower + rng.uniform(0, 50, channels)
        row = (rng.random(channels) < 0.5).astype(float)
        inside = lower + rng.random() * (upper - lower)
        total = float(inside.sum())
        least, most = 0.9 * float(row @ inside), 1.05 * float(row @ inside)
        allowed = sums(total, lower, upper, (list(row), least, most))
        found = best_split(made, allowed, Objective("cvar", 0.2) if seed % 5 == 0 else EXPECTED)
        assert found.amounts.sum() == pytest.approx(total, rel=1e-4)
        assert ((found.amounts >= lower) & (found.amounts <= upper)).all()
        assert least - 1e-4 * total <= row @ found.amounts <= most + 1e-4 * total
        residuals.append(found.residual)
    assert np.quantile(residuals, 0.99) < 1e-3


def test_a_start_that_is_not_optimal_is_never_handed_back() -> None:
    made, allowed = curves(3, 5, 0.8), sums(100.0, np.zeros(5), np.full(5, 60.0))
    even = np.full(5, 20.0)
    found = best_split(made, allowed, start=even)
    assert found.value > float(made.revenue(even).mean(axis=0).sum()) * 1.001
    assert found.residual < 1e-5
    assert best_split(made, allowed, start=found.amounts).amounts == pytest.approx(found.amounts, rel=1e-3)


def test_room_and_price_are_what_another_yuan_brings() -> None:
    made = curves(4, 3, 0.8)
    upper = np.array([20.0, 90.0, 90.0])
    found = best_split(made, sums(100.0, np.zeros(3), upper))
    wider = best_split(made, sums(100.0, np.zeros(3), np.array([20.01, 90.0, 90.0])))
    larger = best_split(made, sums(100.01, np.zeros(3), upper))
    assert found.amounts[0] == pytest.approx(20.0)
    assert found.room[0] == pytest.approx((wider.value - found.value) / 0.01, rel=0.02)
    assert found.price == pytest.approx((larger.value - found.value) / 0.01, rel=0.02)
    assert found.room[1:] == pytest.approx([0, 0])


def test_a_groups_room_is_what_another_yuan_in_it_brings() -> None:
    made, lower, upper = curves(4, 3, 0.8), np.zeros(3), np.full(3, 90.0)
    tight = [best_split(made, sums(100.0, lower, upper, ([1.0, 1.0, 0.0], 0.0, most))) for most in (20.0, 20.1)]
    assert tight[0].group_room[0] == pytest.approx((tight[1].value - tight[0].value) / 0.1, rel=0.02)


def test_equal_channels_share_equally_and_no_room_leaves_no_choice() -> None:
    made = Power(np.full((1, 4), 10.0), np.full((1, 4), 5.0), 0.9)
    even = best_split(made, sums(20.0, np.zeros(4), np.full(4, 20.0)))
    assert even.amounts == pytest.approx(5.0, rel=1e-4)
    lower = np.array([1.0, 2.0, 3.0, 4.0])
    assert best_split(made, sums(10.0, lower, 2 * lower)).amounts == pytest.approx(lower, abs=1e-4)


def test_a_channel_that_brings_nothing_gets_its_least() -> None:
    made = Power(np.array([[10.0, 0.0]]), np.array([[5.0, 5.0]]), 0.9)
    found = best_split(made, sums(8.0, np.array([0.0, 1.0]), np.array([20.0, 20.0])))
    assert found.amounts == pytest.approx([7.0, 1.0], abs=1e-4)


def test_what_is_allowed_already_is_nearest_and_the_gap_of_an_optimum_is_nothing() -> None:
    allowed = sums(10.0, np.zeros(3), np.full(3, 6.0))
    inside = np.array([2.0, 3.0, 5.0])
    assert nearest(inside, allowed) == pytest.approx(inside, abs=1e-6)
    assert gap(np.ones(3), inside, allowed) == pytest.approx(0, abs=1e-6)
    assert gap(np.array([2.0, 1.0, 1.0]), inside, allowed) == pytest.approx(4.0, abs=1e-6)


def test_the_smooth_stand_in_has_the_slope_it_says() -> None:
    rng = np.random.default_rng(1)
    revenue, way = rng.normal(100, 10, 300), rng.normal(0, 1, 300)
    for objective in (Objective("cvar", 0.2), Objective("quantile", 0.2)):
        ahead, back = (objective.smooth(revenue + off * way) for off in (1e-4, -1e-4))
        assert objective.pull(revenue).weight @ way == pytest.approx((ahead - back) / 2e-4, rel=0.02, abs=1e-3)


def test_the_mean_of_the_worst_share_counts_a_part_of_a_draw() -> None:
    revenue = np.array([5.0, 1.0, 2.0, 3.0, 4.0])
    assert Objective("cvar", 0.5).value(revenue) == pytest.approx((1 + 2 + 0.5 * 3) / 2.5)
    assert Objective("cvar", 1.0).value(revenue) == pytest.approx(3.0)
    assert Objective("quantile", 0.25).value(revenue) == pytest.approx(2.0)
