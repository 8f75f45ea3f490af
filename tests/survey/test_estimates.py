import numpy as np
import pandas as pd
import pytest
from scipy import stats

from marketbook.survey import Estimate, SurveyDesign


def test_an_interval_is_that_of_student() -> None:
    low, high = Estimate(10, 2, 9).interval(0.95)
    assert (low, high) == pytest.approx((10 - 2.262157 * 2, 10 + 2.262157 * 2), abs=1e-5)


def test_a_share_nobody_has_still_has_an_interval() -> None:
    shares = SurveyDesign.of(pd.DataFrame({"y": range(50)})).mean(np.column_stack([np.zeros(50), np.ones(50)]))
    exact = stats.binomtest(0, 50).proportion_ci(method="exact")
    assert shares.share_intervals()[0] == pytest.approx([exact.low, exact.high])
    assert shares.share_intervals()[1] == pytest.approx([1 - exact.high, 1])


def test_intervals_of_shares_stay_within_0_and_1() -> None:
    answers = np.zeros(40)
    answers[0] = 1
    low, high = SurveyDesign.of(pd.DataFrame({"y": answers})).mean(answers).share_intervals()[0]
    assert 0 < low < 1 / 40 < high < 0.2


def test_a_difference_within_one_sample_uses_the_covariance() -> None:
    answers = np.random.default_rng(3).random((200, 1)) < [0.4, 0.5]
    estimates = SurveyDesign.of(pd.DataFrame(answers)).mean(answers.astype(float))
    paired = answers[:, 0].astype(float) - answers[:, 1]
    assert estimates.difference(0, 1).se == pytest.approx(paired.std(ddof=1) / 200**0.5)


def test_the_test_of_two_groups_is_nearly_welchs() -> None:
    rng = np.random.default_rng(4)
    values, groups = rng.normal(size=400), pd.Series(np.repeat(["a", "b"], 200))
    values[:200] += 0.2
    same = SurveyDesign.of(groups.to_frame()).mean_by(values, groups, among=["a", "b"]).same()
    assert same == pytest.approx(stats.ttest_ind(values[:200], values[200:], equal_var=False).pvalue, rel=0.05)


def test_equal_groups_are_rejected_as_often_as_promised() -> None:
    rng, groups = np.random.default_rng(5), pd.Series(np.repeat(["a", "b", "c"], 100))
    design = SurveyDesign.of(groups.to_frame())
    rejected = [design.mean_by(rng.normal(size=300), groups, among=["a", "b", "c"]).same() < 0.05 for _ in range(400)]
    assert 0.02 < np.mean(rejected) < 0.09


def test_groups_within_the_same_clusters_do_not_multiply_the_evidence() -> None:
    frame = pd.DataFrame({"c": np.repeat(range(8), 50), "g": ["a", "b"] * 200})
    design = SurveyDesign.of(frame, clusters=["c"])
    assert design.mean_by(np.arange(400.0), frame["g"], among=["a", "b"]).df_all == 7


def test_groups_each_of_one_mind_differ() -> None:
    groups = pd.Series(["a"] * 50 + ["b"] * 50)
    means = SurveyDesign.of(groups.to_frame()).mean_by((groups == "a").astype(float), groups, among=["a", "b"])
    assert means.same() == 0


def test_no_error_and_no_difference_have_no_evidence() -> None:
    assert Estimate(0, 0, 5).p_value == 1
    assert Estimate(1, 0, 5).p_value == 0
