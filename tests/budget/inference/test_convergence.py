import numpy as np
import pytest
from tests.reference.budget import CONVERGENCE

from marketbook.budget.inference.convergence import Array, bulk_ess, r_hat


def series(rng: np.random.Generator, carry: float, shift: float) -> Array:
    found, noise = np.zeros((4, 200)), rng.standard_normal((4, 200))
    for draw in range(1, 200):
        found[:, draw] = carry * found[:, draw - 1] + noise[:, draw]
    return found + shift * np.arange(4)[:, None]


def test_it_agrees_with_arviz() -> None:
    rng = np.random.default_rng(11)
    for carry, shift, hat, ess in CONVERGENCE:
        chains = series(rng, carry, shift)
        assert r_hat(chains) == pytest.approx(hat, rel=1e-6)
        assert bulk_ess(chains) == pytest.approx(ess, rel=0.05)  # ArviZ adds one more term to the sum


def test_chains_that_never_move_agree_only_where_they_stand_together() -> None:
    assert r_hat(np.zeros((4, 100))) == 1.0
    assert r_hat(np.repeat(np.arange(4.0)[:, None], 100, axis=1)) > 1e6
