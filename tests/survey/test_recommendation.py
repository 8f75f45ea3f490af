import numpy as np
import pandas as pd
import pytest

from marketbook.kit.errors import DataError
from marketbook.survey import Recommendation, Scores, SurveyDesign, recommend

GROUPS = pd.Series(["a"] * 100 + ["b"] * 100)


def recommendation(values: list[float]) -> Recommendation:
    scores = Scores("Q7", "Would you recommend us?", pd.Series(values))
    return recommend(SurveyDesign.of(GROUPS.to_frame()), scores, GROUPS, among=["a", "b"])


def test_the_score_is_promoters_less_detractors() -> None:
    found = recommendation([10.0] * 30 + [8.0] * 60 + [3.0] * 10 + [9.0] * 30 + [7.0] * 60 + [6.0] * 10)
    assert (found.overall.value, found.share_promoters, found.share_detractors) == pytest.approx((20, 0.3, 0.1))
    assert found.text.endswith("30.0% would recommend us, 10.0% would not; the groups do not differ beyond chance.")


def test_its_error_is_that_of_a_mean_of_three_values() -> None:
    """The variance of +1, 0 and -1 is p + d - (p - d)^2."""
    found = recommendation([10.0] * 60 + [8.0] * 120 + [3.0] * 20)
    assert found.overall.se == pytest.approx(100 * ((0.3 + 0.1 - 0.2**2) / 199) ** 0.5)


def test_groups_that_differ_are_named() -> None:
    found = recommendation([10.0] * 80 + [3.0] * 20 + [10.0] * 40 + [3.0] * 60)
    assert found.p_value < 0.001
    assert found.text.endswith("highest in a (60.0), lowest in b (-20.0).")


def test_who_was_not_asked_does_not_count() -> None:
    found = recommendation([10.0] * 50 + [np.nan] * 50 + [10.0] * 25 + [0.0] * 25 + [np.nan] * 50)
    assert found.groups["n"].tolist() == [50, 50]
    assert found.groups["nps"].tolist() == [100, 0]


def test_it_names_answers_out_of_range() -> None:
    with pytest.raises(DataError, match="Q7: 1 answers are not in 0 to 10, the first is 11"):
        recommendation([11.0] + [5.0] * 199)


def test_it_names_a_question_nobody_answered() -> None:
    with pytest.raises(DataError, match="Q7: nobody answered"):
        recommendation([np.nan] * 200)
