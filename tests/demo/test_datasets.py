import re

import pandas as pd
import pytest
from tests.demo.conftest import Company

from marketbook.demo.build import DATASETS
from marketbook.kit.facts import Dataset

BY_NAME = pytest.mark.parametrize("dataset", DATASETS, ids=lambda d: d.name)
WORDS_OF_RESPONDENTS = ("words", "path")


@BY_NAME
def test_rows_satisfy_their_model(company: Company, dataset: Dataset) -> None:
    frame = company[dataset.name]
    rows = frame.sample(min(len(frame), 400), random_state=1).astype(object)
    for row in rows.where(rows.notna(), None).to_dict("records"):
        dataset.row.model_validate(row)


@BY_NAME
def test_keys_are_unique(company: Company, dataset: Dataset) -> None:
    assert not company[dataset.name].duplicated(list(dataset.key)).any()


@BY_NAME
def test_every_chinese_value_has_an_english_word(company: Company, dataset: Dataset) -> None:
    frame, known = company[dataset.name], set(company["labels"]["value"])
    for column in frame.select_dtypes(["object", "string"]):
        if column not in WORDS_OF_RESPONDENTS and dataset.name != "labels":
            values = {v for v in frame[column].dropna().unique() if re.search("[\u4e00-\u9fff]", str(v))}
            assert values <= known, column


@pytest.mark.parametrize(
    ("child", "parent", "columns"),
    [
        ("transactions", "customers", ["customer_id"]),
        ("experiment_users", "campaigns", ["campaign"]),
        ("lift_tests", "media_weeks", ["channel"]),
        ("survey_respondents", "survey_waves", ["wave"]),
        ("survey_answers", "survey_respondents", ["wave", "respondent_id"]),
        ("survey_options", "survey_questions", ["question"]),
    ],
)
def test_what_is_referred_to_is_there(company: Company, child: str, parent: str, columns: list[str]) -> None:
    known = set(company[parent][columns].itertuples(index=False, name=None))
    assert set(company[child][columns].itertuples(index=False, name=None)) <= known


def test_users_of_experiments_are_customers(company: Company) -> None:
    assert set(company["experiment_users"]["user_id"]) <= set(company["customers"]["customer_id"])


def test_every_option_chosen_is_one_offered(company: Company) -> None:
    answers = company["survey_answers"]
    asked = answers["question"].str.split(".").str[0]
    assert set(asked) == set(company["survey_questions"]["question"])
    offered = set(company["survey_options"][["question", "option"]].itertuples(index=False, name=None))
    chosen = answers["option"] != ""
    assert set(zip(asked[chosen], answers["option"][chosen], strict=True)) <= offered


def test_answers_stay_within_their_questions_range(company: Company) -> None:
    answers = company["survey_answers"].merge(company["survey_questions"], on="question")
    given = answers[answers["low"].notna()]
    assert len(given) > 1000
    assert given["number"].between(given["low"], given["high"]).all()


def test_wording_of_paths_is_of_known_channels(company: Company) -> None:
    touched = set(company["conversion_paths"]["path"].str.split(" > ").explode())
    assert touched <= set(company["labels"]["value"])


def test_there_are_as_many_rows_as_promised(company: Company) -> None:
    rows = {name: len(company[name]) for name in ("transactions", "customers", "media_weeks", "sales_weeks")}
    assert rows == {"transactions": 150_000, "customers": 18_000, "media_weeks": 8 * 156, "sales_weeks": 156}
    assert company["survey_respondents"].groupby("wave").size().to_list() == [600] * 4


def test_the_weeks_are_all_there(company: Company) -> None:
    weeks = pd.to_datetime(company["sales_weeks"]["week"])
    assert weeks.to_list() == list(pd.date_range("2023-01-02", "2025-12-22", freq="W-MON"))
