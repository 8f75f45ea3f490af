import numpy as np
import pandas as pd
import pytest
from tests.demo.conftest import Company

from marketbook.demo.survey import WAVES

MARGINS = ("gender", "age_band", "city_tier")
KEY = ["wave", "respondent_id"]


def rake(people: pd.DataFrame, targets: pd.DataFrame) -> pd.Series:
    weight = pd.Series(1.0, index=people.index)
    for _ in range(40):
        for margin in MARGINS:
            share = targets[targets["variable"] == margin].set_index("category")["share"]
            weight *= people[margin].map(share / (weight.groupby(people[margin]).sum() / weight.sum()))
    return weight


@pytest.fixture(scope="module")
def people(company: Company) -> pd.DataFrame:
    people, answers = company["survey_respondents"], company["survey_answers"]
    targets = company["population_targets"]
    parts = [rake(wave, targets) for _, wave in people.groupby("wave")]
    knows = answers.query("question == 'Q1' and option == '1'")[KEY].assign(aware=1.0)
    score = answers.query("question == 'Q7'")[[*KEY, "number"]].rename(columns={"number": "score"})
    people = people.assign(weight=pd.concat(parts)).merge(knows, on=KEY, how="left").merge(score, on=KEY, how="left")
    return people.fillna({"aware": 0.0})


def estimate(values: pd.Series, weight: pd.Series) -> tuple[float, float]:
    mean = float(np.average(values, weights=weight))
    return mean, float(np.sqrt((weight**2 * (values - mean) ** 2).sum()) / weight.sum())


@pytest.mark.parametrize("number", range(4))
def test_raked_awareness_is_the_populations(company: Company, people: pd.DataFrame, number: int) -> None:
    wave = people[people["wave"] == WAVES[number]]
    found, error = estimate(wave["aware"], wave["weight"])
    assert abs(found - company.truth.survey.waves[number].awareness["青禾优品"]) < 3 * error


def test_unweighted_awareness_is_too_high(company: Company, people: pd.DataFrame) -> None:
    truth = np.mean([wave.awareness["青禾优品"] for wave in company.truth.survey.waves])
    found, error = estimate(people["aware"], pd.Series(1.0, index=people.index))
    assert found - truth > 5 * error


def test_raked_promoter_score_is_the_populations(company: Company, people: pd.DataFrame) -> None:
    asked = people[people["score"].notna()]
    points = 100.0 * (asked["score"] >= 9) - 100.0 * (asked["score"] <= 6)
    found, error = estimate(points, asked["weight"])
    assert abs(found - np.mean([wave.nps for wave in company.truth.survey.waves])) < 3 * error


def test_targets_of_a_variable_sum_to_one(company: Company) -> None:
    assert company["population_targets"].groupby("variable")["share"].sum().to_list() == pytest.approx([1, 1, 1])


def test_only_those_who_know_us_are_asked_about_us(company: Company, people: pd.DataFrame) -> None:
    answers = company["survey_answers"]
    about_us = answers[answers["question"].isin(["Q5", "Q6_1", "Q7", "Q9"])]
    aware = people[people["aware"] == 1][KEY]
    assert len(about_us.merge(aware, on=KEY)) == len(about_us)


def test_the_planted_share_answers_in_one_column(company: Company) -> None:
    scales = company["survey_answers"].query("question.str.startswith('Q6_')", engine="python")
    spread = scales.groupby(KEY)["number"].agg(np.ptp)
    same = spread == 0
    assert same.mean() == pytest.approx(company.truth.survey.straight_liner_share, abs=0.025)


def test_the_planted_share_rushes(company: Company) -> None:
    seconds = company["survey_respondents"]["seconds"]
    assert (seconds < 130).mean() == pytest.approx(company.truth.survey.speeder_share, abs=0.015)


def test_each_task_shows_four_items_one_best_one_worst(company: Company) -> None:
    tasks = company["survey_answers"].query("question.str.startswith('Q10.')", engine="python")
    per_task = tasks.groupby([*KEY, "question"])["number"].agg(["size", "max", "min", "sum"])
    assert (per_task == [4, 1, -1, 0]).all(axis=None)
    assert tasks.groupby("option").size().std() < 0.03 * len(tasks) / 8


def test_best_minus_worst_ranks_as_the_utilities_do(company: Company) -> None:
    tasks = company["survey_answers"].query("question.str.startswith('Q10.')", engine="python")
    score = tasks.groupby("option")["number"].mean().to_numpy()
    assert np.corrcoef(score, list(company.truth.survey.maxdiff_utilities.values()))[0, 1] > 0.98


def test_prices_rise_through_the_four_questions_but_for_a_few(company: Company) -> None:
    prices = company["survey_answers"].query("question.str.startswith('Q11_')", engine="python")
    wide = prices.pivot_table(index=KEY, columns="question", values="number")
    falling = (wide["Q11_1"] > wide["Q11_4"]).mean()
    assert falling == pytest.approx(company.truth.survey.inconsistent_price_share, abs=0.01)
    assert wide["Q11_2"].median() < company.truth.survey.fair_price < wide["Q11_3"].median()


def test_comments_are_in_both_languages_and_varied(company: Company) -> None:
    words = company["survey_answers"].query("question == 'Q9'")["words"]
    english = words.str.isascii().mean()
    assert 0.05 < english < 0.2
    assert words.nunique() > 0.5 * len(words)
