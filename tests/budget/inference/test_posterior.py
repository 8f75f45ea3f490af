"""What importance sampling cannot do is done by chains, and refused where they do not agree."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tests.budget.inference.test_collapsed import small

from marketbook.budget.history import History
from marketbook.budget.inference import chains, nuts, posterior
from marketbook.budget.inference.convergence import ESS_LIMIT, R_HAT_LIMIT
from marketbook.budget.inference.importance import K_HAT_LIMIT
from marketbook.budget.response.adstock import geometric_adstock
from marketbook.budget.response.model import ModelSettings, ResponseModel, fit_response
from marketbook.budget.response.saturation import logistic
from marketbook.budget.validation import validate
from marketbook.kit.errors import DataError


def crowded(channels: int = 4, weeks: int = 60) -> History:
    """Draw a company whose channels move nearly together, in few weeks with little noise."""
    rng = np.random.default_rng(1)
    index = pd.date_range("2022-01-03", periods=weeks, freq="7D")
    spend = 0.8 * rng.gamma(2, 1, (weeks, 1)) + 0.2 * rng.gamma(2, 1, (weeks, channels))
    levels = [geometric_adstock(spend[:, i], rng.uniform(0.1, 0.7)) / spend[:, i].max() for i in range(channels)]
    brought = sum(rng.uniform(0.5, 1.5) * logistic(level, rng.uniform(2, 6)) for level in levels) / channels
    season = 0.1 * np.sin(2 * np.pi * np.arange(weeks) / 52)
    revenue = pd.Series(1e6 * (1 + season + brought + rng.normal(0, 0.01, weeks)), index=index)
    names = [f"c{i}" for i in range(channels)]
    return History(
        revenue, pd.DataFrame(spend * 1e5, index, names), pd.DataFrame(index=index), pd.DataFrame(index=index)
    )


@pytest.fixture
def only_chains(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take importance sampling away."""
    monkeypatch.setattr(posterior, "K_HAT_LIMIT", -np.inf)


@pytest.mark.usefixtures("only_chains")
def test_chains_and_importance_sampling_draw_from_the_same_posterior(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chains, "_DRAWS", 400)
    monkeypatch.setattr(posterior, "R_HAT_LIMIT", 1.02)
    by_chains = posterior.draw(small(), 2000, seed=1)
    monkeypatch.setattr(posterior, "K_HAT_LIMIT", K_HAT_LIMIT)
    by_weights = posterior.draw(small(), 2000, seed=1)
    assert by_weights.r_hat is None
    assert by_chains.r_hat is not None
    assert by_chains.ess > ESS_LIMIT
    for one, other in zip(draws(by_weights), draws(by_chains), strict=True):
        assert other.mean(axis=0) == pytest.approx(one.mean(axis=0), abs=0.2 * one.std())
        assert other.std(axis=0) == pytest.approx(one.std(axis=0), rel=0.2)


@pytest.mark.usefixtures("only_chains")
def test_chains_too_give_the_same_numbers_for_the_same_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nuts, "_WARM_UP", 20)
    monkeypatch.setattr(chains, "_WARM_UP", (20,))
    monkeypatch.setattr(chains, "_DRAWS", 20)
    for limit, value in (("R_HAT_LIMIT", np.inf), ("ESS_LIMIT", 0.0), ("DIVERGED_LIMIT", 1.0)):
        monkeypatch.setattr(posterior, limit, value)
    first, again, other = (posterior.draw(small(), 50, seed=seed).effects for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_crowded_history_is_refused_with_a_reason_where_chains_do_not_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nuts, "_WARM_UP", 10)
    monkeypatch.setattr(chains, "_WARM_UP", (5,))
    monkeypatch.setattr(chains, "_DRAWS", 20)
    settings = ModelSettings.of(saturation="hill", adstock="weibull_pdf", adstock_weeks=8)
    with pytest.raises(DataError, match=r"importance sampling does not hold .*, and chains do not agree") as refused:
        fit_response(crowded(), settings)
    assert f"allowed up to {K_HAT_LIMIT:.2f}" in str(refused.value)
    assert f"allowed up to {R_HAT_LIMIT}" in str(refused.value)
    assert "Give more weeks or lift tests" in str(refused.value)


def test_the_reader_is_told_how_the_draws_were_made(model: ResponseModel) -> None:
    found = replace(validate(model), k_hat=0.93, r_hat=1.004)
    assert "Draws by chains, because importance sampling did not hold (Pareto k-hat 0.93" in found.caveats[0]
    assert "R-hat 1.00 (allowed up to 1.01)" in found.caveats[0]


def draws(found: posterior.Posterior) -> tuple[np.ndarray, ...]:
    return found.effects, found.base, found.shape.adstock[0], found.shape.saturation[0], found.shape.sigma
