"""On the demo company the methods find what is true of its market."""

import numpy as np
import pandas as pd
import pytest

from marketbook import demo, survey
from marketbook.kit.facts import Facts
from marketbook.survey import Choices, SurveyDesign, data

OWN = "青禾优品"


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    facts = Facts(tmp_path_factory.mktemp("survey") / "facts")
    demo.make(facts, size=0.5)
    return facts


@pytest.fixture(scope="module")
def people(facts: Facts) -> pd.DataFrame:
    return data.read_respondents(facts, until="2025Q4")


@pytest.fixture(scope="module")
def design(facts: Facts, people: pd.DataFrame) -> SurveyDesign:
    targets = data.read_targets(facts, ["gender", "age_band", "city_tier"])
    sample = SurveyDesign.of(people, clusters=["respondent_id"])
    return survey.rake(sample, people, targets, within="wave", bounds=(0.2, 5)).design


@pytest.fixture(scope="module")
def known(facts: Facts, people: pd.DataFrame) -> Choices:
    return data.read_choices(facts, people, "Q1")


def test_raked_awareness_holds_the_truth_of_every_brand_and_wave(
    facts: Facts, people: pd.DataFrame, design: SurveyDesign, known: Choices
) -> None:
    held = []
    for truth in demo.Truth.read(facts).survey.waves:
        shares = design.mean(known.among(people["wave"] == truth.wave).table.iloc[:, :6])
        for wording, (low, high) in zip(known.wordings.values(), shares.share_intervals(0.95), strict=False):
            held.append(low <= truth.awareness[wording] <= high)
    assert len(held) == 24
    assert np.mean(held) > 0.8


def test_awareness_without_weights_is_too_high(facts: Facts, people: pd.DataFrame, known: Choices) -> None:
    truth = demo.Truth.read(facts).survey.waves[-1].awareness[OWN]
    plain = SurveyDesign.of(people).mean(known.among(people["wave"] == "2025Q4").table.iloc[:, [0]])
    assert plain.share_intervals()[0, 0] > truth


def test_the_net_promoter_score_holds_the_truth(facts: Facts, people: pd.DataFrame, design: SurveyDesign) -> None:
    scores = data.read_recommendation(facts, people)
    held = []
    for truth in demo.Truth.read(facts).survey.waves:
        points = scores.among(people["wave"] == truth.wave).recommendation()
        low, high = design.mean(points)[0].interval(0.95)
        held.append(low <= truth.nps <= high)
    assert sum(held) >= 3
