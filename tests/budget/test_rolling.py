from dataclasses import replace

import numpy as np
import pytest

from marketbook.budget.comparison import ComparisonResult, compare, forms
from marketbook.budget.history import History
from marketbook.budget.response.model import ResponseModel, fit_response
from marketbook.budget.rolling import RollingResult, roll
from marketbook.budget.validation import validate
from marketbook.kit.errors import DataError
from marketbook.kit.language import speaking


@pytest.fixture(scope="module")
def few(history: History) -> ResponseModel:
    return fit_response(history, draws=300)


@pytest.fixture(scope="module")
def found(few: ResponseModel) -> RollingResult:
    return roll(few, cuts=3, weeks=10)


def test_each_cut_predicts_the_weeks_that_followed_it(found: RollingResult, history: History) -> None:
    assert found.cuts["n_learned"].tolist() == [126, 136, 146]
    assert found.cuts["week"].tolist() == [history.weeks[place] for place in (126, 136, 146)]
    assert found.weeks["revenue"].tolist() == history.revenue.iloc[126:].tolist()


def test_the_last_cut_alone_is_the_weeks_held_out(few: ResponseModel) -> None:
    alone, held = roll(few, cuts=1, weeks=13, seed=1).cuts.iloc[0], validate(few, weeks=13, seed=1).scores
    assert alone["error_rate"] == pytest.approx(held["error_rate"][0])
    assert alone["naive_error_rate"] == pytest.approx(held["error_rate"][1])
    assert alone["revenue_error"] == pytest.approx(held["revenue_error"][0])


def test_it_beats_repeating_last_year_in_its_own_world(found: RollingResult) -> None:
    assert found.better > 0.3
    assert 0 < found.better_se < 0.2
    assert found.caveats[0].startswith("By CRPS, which counts how sure")
    assert found.text.startswith("Fitted anew at 3 points of the past, the model was off by")


def test_wider_intervals_hold_more_weeks(found: RollingResult) -> None:
    covered = found.coverage["covered_share"].to_numpy()
    assert (np.diff(covered) > 0).all()
    assert covered[1] == pytest.approx(0.8, abs=0.2)
    assert covered[2] > 0.85


def test_a_cut_that_leaves_too_little_is_left_out_and_said(history: History) -> None:
    found = roll(fit_response(history.until(80), draws=200), cuts=2, weeks=20)
    assert found.cuts["n_learned"].tolist() == [60]
    assert found.caveats[-1].startswith("Left out: the cut at 2023-10-09. 40 weeks held out leave 40 to learn from")


def test_it_refuses_where_no_cut_is_left(few: ResponseModel) -> None:
    with pytest.raises(DataError, match="120 weeks held out leave 36 to learn from; at least 52"):
        roll(few, cuts=1, weeks=120)


@pytest.fixture(scope="module")
def compared(history: History) -> ComparisonResult:
    asked = forms(("geometric",), ("logistic", "root", "michaelis_menten"))
    with speaking("en"):
        return compare(history, asked, cuts=2, weeks=13, draws=200)


def test_models_are_ranked_by_what_they_predicted(compared: ComparisonResult) -> None:
    models = compared.models
    assert models["revenue_error"].is_monotonic_increasing
    assert models["revenue_behind"].tolist() == pytest.approx(models["revenue_error"] - models["revenue_error"][0])
    assert (compared.n_weeks, compared.n_cuts) == (26, 2)


def test_the_form_that_is_true_is_not_told_to_be_worse(compared: ComparisonResult) -> None:
    level = compared.models.head(compared.numbers()["count_level"])
    assert "logistic" in level["saturation"].tolist()
    assert "cannot be told from it" in compared.text


def test_a_model_that_cannot_be_fitted_is_left_out_and_said(history: History) -> None:
    asked = forms(("geometric", "delayed"), ("logistic",))
    asked["delayed", "logistic"] = replace(asked["delayed", "logistic"], fourier_modes=40)
    found = compare(history.until(80), asked, cuts=1, weeks=13, draws=200)
    assert len(found.models) == 1
    assert found.caveats[-1].startswith(
        "Left out: delayed with logistic. History: 67 weeks for a model of 97 parameters"
    )


def test_it_refuses_where_no_model_can_be_fitted(history: History) -> None:
    with pytest.raises(DataError, match="60 weeks held out leave 18 to learn from"):
        compare(history.until(78), forms(("geometric",), ("logistic",)), cuts=1, weeks=60)
