import numpy as np
import pytest
from scipy import stats

from marketbook.budget.response.model import ResponseModel
from marketbook.budget.validation import ValidationResult, crps, validate
from marketbook.kit.errors import DataError


@pytest.fixture(scope="module")
def found(model: ResponseModel) -> ValidationResult:
    return validate(model, weeks=13, seed=1)


def test_the_score_of_a_normal_prediction_is_the_published_one() -> None:
    draws = stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000)[:, None]
    at = 0.7
    density, share = stats.norm.pdf(at), stats.norm.cdf(at)
    expected = at * (2 * share - 1) + 2 * density - 1 / np.sqrt(np.pi)  # Gneiting and Raftery (2007), eq. 21 f.
    assert crps(draws, np.array([at])) == pytest.approx([expected], rel=1e-3)


def test_the_model_beats_repeating_last_year_in_its_own_world(found: ValidationResult) -> None:
    assert found.scores["error_rate"].iloc[0] < found.scores["error_rate"].iloc[1]
    assert found.scores["covered_share"].iloc[0] >= 0.7
    assert not any("Repeating last year" in caveat for caveat in found.caveats)


def test_the_weeks_held_out_are_the_last_ones(found: ValidationResult, model: ResponseModel) -> None:
    assert found.weeks["week"].tolist() == model.history.weeks[-13:].tolist()
    assert found.weeks["revenue"].to_numpy() == pytest.approx(model.history.revenue.iloc[-13:].to_numpy())


def test_the_diagnosis_is_told(found: ValidationResult, model: ResponseModel) -> None:
    assert found.numbers()["k_hat"] == model.k_hat
    assert "they can be relied on" in found.caveats[0]


def test_it_refuses_to_hold_out_nearly_everything(model: ResponseModel) -> None:
    with pytest.raises(DataError, match="120 weeks held out leave 36 to learn from; at least 52"):
        validate(model, weeks=120)
