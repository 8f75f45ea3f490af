from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.reference import survey as reference
from tests.survey.conftest import draw, targets

from marketbook.kit.errors import DataError
from marketbook.survey import SurveyDesign, rake
from marketbook.survey.weights import efficiency

TYPES = targets("stype", reference.SCHOOLS_BY_TYPE, "count")
WIDE = targets("sch.wide", reference.SCHOOLS_BY_WIDE, "count")
EVEN = pd.concat([targets("gender", {"女": 0.5, "男": 0.5}), targets("age", {"y": 0.5, "o": 0.5})])


def test_post_stratification_gives_the_published_errors(
    one_stage: pd.DataFrame, one_stage_design: SurveyDesign
) -> None:
    design = rake(one_stage_design, one_stage, TYPES).design
    mean, total = design.mean(one_stage["api00"]), design.total(one_stage["enroll"])
    assert (mean.value, mean.se.item()) == pytest.approx(reference.POST_STRATIFIED_MEAN, abs=0.001)
    assert (round(total.value), round(total.se.item())) == reference.POST_STRATIFIED_TOTAL


def test_raking_gives_the_published_errors(one_stage: pd.DataFrame, one_stage_design: SurveyDesign) -> None:
    design = rake(one_stage_design, one_stage, pd.concat([TYPES, WIDE])).design
    mean, total = design.mean(one_stage["api00"]), design.total(one_stage["enroll"])
    assert (round(mean.value, 2), round(mean.se.item(), 3)) == reference.RAKED_MEAN
    assert round(total.se.item()) == reference.RAKED_TOTAL_SE


def test_the_masculinity_weights_have_the_known_effective_size(reference_data: Callable[[str], Path]) -> None:
    men = pd.read_csv(reference_data("survey/raw-responses.csv"), encoding="cp1252")
    found = efficiency(men["weight"].to_numpy(), np.zeros(len(men), dtype=np.int64), [""])
    assert found["n_effective"].item() == pytest.approx(reference.MASCULINITY_EFFECTIVE_N, abs=0.001)
    assert round(found["design_effect"].item(), 2) == reference.MASCULINITY_DESIGN_EFFECT


def test_the_margins_hold_after_raking_and_design_weights_are_honoured() -> None:
    frame = draw(np.random.default_rng(1)).assign(w=np.random.default_rng(2).uniform(0.5, 2, 400))
    raked = rake(SurveyDesign.of(frame, weights="w"), frame, EVEN)
    assert raked.margins["share_after"].to_numpy() == pytest.approx(raked.margins["share_population"].to_numpy())
    assert raked.design.weights.sum() == pytest.approx(frame["w"].sum())
    factor = raked.design.weights / frame["w"]
    assert factor.groupby([frame["gender"], frame["age"]]).std().max() == pytest.approx(0, abs=1e-9)


def test_weights_stay_within_their_bounds() -> None:
    frame = draw(np.random.default_rng(1))
    raked = rake(SurveyDesign.of(frame), frame, EVEN, bounds=(0.6, 1.8))
    assert 0.6 - 1e-9 <= raked.design.weights.min() <= raked.design.weights.max() <= 1.8 + 1e-9


def test_bounds_that_margins_cannot_keep_are_told() -> None:
    frame = draw(np.random.default_rng(1))
    raked = rake(SurveyDesign.of(frame), frame, EVEN, bounds=(0.95, 1.05))
    assert raked.gap > 0.1
    assert "misses its target by up to" in " ".join(raked.caveats)


def test_each_wave_is_raked_on_its_own() -> None:
    frame = draw(np.random.default_rng(1)).assign(wave=["1"] * 100 + ["2"] * 300)
    raked = rake(SurveyDesign.of(frame), frame, EVEN, within="wave")
    assert raked.design.weights[:100].sum() == pytest.approx(100)
    assert raked.showing("2").numbers()["n"] == 300
    assert raked.showing("2").table["share_after"].tolist() == pytest.approx([0.5] * 4)


def test_a_sample_like_the_population_keeps_its_weights() -> None:
    frame = pd.DataFrame({"gender": ["女", "男"] * 10, "age": ["y", "y", "o", "o"] * 5})
    raked = rake(SurveyDesign.of(frame), frame, EVEN)
    assert raked.design.weights == pytest.approx(np.ones(20))
    assert raked.numbers()["design_effect"] == pytest.approx(1)


def test_raked_intervals_hold_the_truth_as_often_as_promised() -> None:
    rng, held = np.random.default_rng(7), []
    for _ in range(300):
        frame = draw(rng)
        mean = rake(SurveyDesign.of(frame), frame, EVEN).design.mean(frame["knows"])
        low, high = mean.share_intervals(0.9)[0]
        held.append(low <= 0.5 <= high)
    assert 0.85 < np.mean(held) < 0.95


def test_standard_errors_credit_the_raking() -> None:
    frame = draw(np.random.default_rng(8), 2000)
    raked = rake(SurveyDesign.of(frame), frame, EVEN).design
    fixed = SurveyDesign.of(frame.assign(w=raked.weights), weights="w")
    assert raked.mean(frame["knows"]).se.item() < 0.95 * fixed.mean(frame["knows"]).se.item()


def test_its_text_tells_what_the_sample_is_worth() -> None:
    frame = draw(np.random.default_rng(1))
    assert "the 400 respondents say as much as 3" in rake(SurveyDesign.of(frame), frame, EVEN).text


@pytest.mark.parametrize(
    ("goal", "message"),
    [
        (targets("gender", {"女": 1.0}), "gender: 2 respondents are '男', which has no target; targets are '女'"),
        (targets("gender", {"女": 0.5, "男": 0.6}), "gender: the population's shares sum to 1.1000"),
        (targets("gender", {"女": 0.5, "男": 0.3, "x": 0.2}), "gender: no respondent is x; merge it"),
        (targets("city", {"a": 1.0}), "city: the sample has no such column"),
        (targets("gender", {}), "no population targets"),
    ],
)
def test_it_names_what_targets_and_sample_do_not_share(goal: pd.DataFrame, message: str) -> None:
    frame = pd.DataFrame({"gender": ["女", "男", "女", "男"]})
    with pytest.raises(DataError, match=message):
        rake(SurveyDesign.of(frame), frame, goal)


def test_it_refuses_margins_that_cannot_all_hold() -> None:
    frame = pd.DataFrame({"gender": ["女", "男"], "age": ["y", "o"]})
    goal = pd.concat([targets("gender", {"女": 0.5, "男": 0.5}), targets("age", {"y": 0.3, "o": 0.7})])
    with pytest.raises(DataError, match="The margins cannot all hold"):
        rake(SurveyDesign.of(frame), frame, goal)


def test_it_refuses_bounds_without_the_mean() -> None:
    frame = draw(np.random.default_rng(1))
    with pytest.raises(DataError, match=r"bounds: found 1\.5 and 3"):
        rake(SurveyDesign.of(frame), frame, EVEN, bounds=(1.5, 3))
