import numpy as np
import pandas as pd
import pytest
from tests.reference import survey as reference

from marketbook.kit.errors import DataError
from marketbook.survey import SurveyDesign


def test_a_stratified_sample_gives_the_published_mean_and_total(stratified: pd.DataFrame) -> None:
    design = SurveyDesign.of(stratified, weights="pw", strata="stype", populations=["fpc"])
    mean, total = design.mean(stratified["api00"]), design.total(stratified["enroll"])
    assert (round(mean.value, 2), round(mean.se.item(), 4)) == reference.STRATIFIED_MEAN
    assert (round(total.value), round(total.se.item())) == pytest.approx(reference.STRATIFIED_TOTAL, abs=1)


def test_a_cluster_sample_gives_the_published_mean(one_stage: pd.DataFrame, one_stage_design: SurveyDesign) -> None:
    mean = one_stage_design.mean(one_stage["api00"])
    assert (round(mean.value, 2), round(mean.se.item(), 3)) == reference.ONE_STAGE_MEAN
    assert mean.df.item() == 14


def test_a_cluster_sample_gives_the_published_ratio(one_stage: pd.DataFrame, one_stage_design: SurveyDesign) -> None:
    ratio = one_stage_design.ratio(one_stage["api.stu"], one_stage["enroll"])
    assert (round(ratio.value, 7), round(ratio.se.item(), 9)) == reference.ONE_STAGE_RATIO


def test_two_stages_give_the_published_mean(two_stage: pd.DataFrame) -> None:
    design = SurveyDesign.of(two_stage, weights="pw", clusters=["dnum", "snum"], populations=["fpc1", "fpc2"])
    mean = design.mean(two_stage["api00"])
    assert (round(mean.value, 2), round(mean.se.item(), 3)) == reference.TWO_STAGE_MEAN


def test_group_means_are_the_means_of_the_groups(stratified: pd.DataFrame) -> None:
    design = SurveyDesign.of(stratified, weights="pw", strata="stype", populations=["fpc"])
    both = design.mean_by(stratified["api00"], stratified["stype"], among=["E", "H", "M"])
    only = SurveyDesign.of(stratified.query("stype == 'H'"), weights="pw", populations=["fpc"])
    alone = only.mean(stratified.query("stype == 'H'")["api00"])
    assert both[1].value == pytest.approx(alone.value)
    assert both[1].se == pytest.approx(alone.se.item())
    assert both.df[1] == 49


def test_a_census_has_no_standard_error() -> None:
    frame = pd.DataFrame({"y": [1.0, 2, 5], "population": 3})
    assert SurveyDesign.of(frame, populations=["population"]).mean(frame["y"]).se.item() == pytest.approx(0)


def test_a_simple_sample_has_the_textbook_standard_error() -> None:
    values = np.random.default_rng(1).normal(size=50)
    design = SurveyDesign.of(pd.DataFrame({"y": values}))
    assert design.mean(values).se.item() == pytest.approx(values.std(ddof=1) / 50**0.5)


def test_who_did_not_answer_stays_out_of_the_mean() -> None:
    frame = pd.DataFrame({"y": [1.0, 3, np.nan, np.nan]})
    mean = SurveyDesign.of(frame).mean(frame["y"])
    assert (mean.value, mean.n.item(), mean.df.item()) == (2, 2, 1)


def test_the_same_cluster_name_in_two_strata_is_two_clusters() -> None:
    frame = pd.DataFrame({"s": ["a", "a", "b", "b"], "c": [1, 2, 1, 2], "y": [1.0, 2, 3, 5]})
    assert SurveyDesign.of(frame, strata="s", clusters=["c"]).mean(frame["y"]).df.item() == 2


def test_people_asked_twice_make_a_change_more_certain() -> None:
    rng = np.random.default_rng(2)
    trait = rng.normal(size=300)
    frame = pd.DataFrame(
        {"who": np.tile(np.arange(300), 2), "wave": np.repeat(["1", "2"], 300), "y": np.tile(trait, 2)}
    )
    frame["y"] += rng.normal(scale=0.3, size=600)
    panel = SurveyDesign.of(frame, clusters=["who"]).mean_by(frame["y"], frame["wave"], among=["1", "2"])
    apart = SurveyDesign.of(frame).mean_by(frame["y"], frame["wave"], among=["1", "2"])
    assert panel.difference(1, 0).se < 0.5 * apart.difference(1, 0).se


def test_it_names_how_many_weights_are_negative() -> None:
    with pytest.raises(DataError, match="w: 1 of 2 values are negative; weights must be >= 0"):
        SurveyDesign.of(pd.DataFrame({"w": [1.0, -1.0]}), weights="w")


def test_it_names_a_column_that_is_not_there() -> None:
    with pytest.raises(DataError, match="Column pw is not in the sample; it has w"):
        SurveyDesign.of(pd.DataFrame({"w": [1.0]}), weights="pw")


def test_it_counts_missing_strata() -> None:
    with pytest.raises(DataError, match="s: 1 of 2 values are missing"):
        SurveyDesign.of(pd.DataFrame({"s": ["a", None]}), strata="s")


def test_it_refuses_an_empty_sample() -> None:
    with pytest.raises(DataError, match="no respondents"):
        SurveyDesign.of(pd.DataFrame({"y": []}))


def test_it_refuses_a_stratum_with_one_unit() -> None:
    design = SurveyDesign.of(pd.DataFrame({"s": ["a", "b", "b"]}), strata="s")
    with pytest.raises(DataError, match="1 strata have a single sampling unit"):
        design.mean([1.0, 2, 3])


def test_it_refuses_a_sample_larger_than_its_population() -> None:
    design = SurveyDesign.of(pd.DataFrame({"N": [2, 2, 2]}), populations=["N"])
    with pytest.raises(DataError, match="more units in the sample than in the population"):
        design.mean([1.0, 2, 3])


def test_it_refuses_more_populations_than_stages() -> None:
    with pytest.raises(DataError, match="more population columns than stages"):
        SurveyDesign.of(pd.DataFrame({"N": [9, 9], "M": [9, 9]}), populations=["N", "M"])


def test_it_refuses_a_total_with_gaps() -> None:
    with pytest.raises(DataError, match="A total needs a value from every respondent"):
        SurveyDesign.of(pd.DataFrame({"y": [1, 2]})).total([1.0, np.nan])


def test_it_refuses_a_mean_of_nobody() -> None:
    with pytest.raises(DataError, match="Nobody of any weight answered in 1 groups"):
        SurveyDesign.of(pd.DataFrame({"y": [1, 2]})).mean([np.nan, np.nan])
