from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from marketbook.kit.errors import DataError
from marketbook.kit.facts import Facts
from marketbook.survey import data

PEOPLE = [("2025Q1", "a"), ("2025Q1", "b"), ("2025Q2", "a"), ("2025Q2", "c")]
ANSWERS = [
    ("2025Q1", "a", "Q1", "1", None),
    ("2025Q1", "a", "Q1", "2", None),
    ("2025Q2", "c", "Q1", "2", None),
    ("2025Q1", "a", "Q2", "1", None),
    ("2025Q2", "c", "Q7", "", 9.0),
    ("2025Q1", "b", "S1", "", 4.0),
]
QUESTIONS = [("Q1", 1, "multiple"), ("Q2", 2, "single"), ("S1", 3, "scale"), ("Q7", 4, "nps")]


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    facts = Facts(tmp_path)
    people = pd.DataFrame(PEOPLE, columns=["wave", "respondent_id"])
    people = people.assign(completed_at=pd.Timestamp("2025-03-10"), seconds=300, province="上海", gender="女")
    facts.write(data.RESPONDENTS, people.assign(age_band="18-24", city_tier="一线"))
    answers = pd.DataFrame(ANSWERS, columns=["wave", "respondent_id", "question", "option", "number"])
    facts.write(data.ANSWERS, answers.assign(words=pd.Series([None] * len(answers), dtype="string")))
    questions = pd.DataFrame(QUESTIONS, columns=["question", "position", "kind"])
    facts.write(data.QUESTIONS, questions.assign(wording=questions["question"] + "?", low=0.0, high=10.0))
    options = pd.DataFrame({"question": ["Q1", "Q1", "Q2"], "option": ["2", "1", "1"], "position": [2, 1, 1]})
    facts.write(data.OPTIONS, options.assign(wording=["B", "A", "A"]))
    facts.write(data.TARGETS, pd.DataFrame({"variable": ["gender"], "category": ["女"], "share": [1.0]}))
    return facts


def test_it_reads_the_waves_up_to_one(facts: Facts) -> None:
    assert data.read_respondents(facts, until="2025Q1")["respondent_id"].tolist() == ["a", "b"]
    assert len(data.read_respondents(facts, until="2025Q2")) == 4


def test_a_multiple_response_counts_who_chose_nothing(facts: Facts) -> None:
    choices = data.read_choices(facts, data.read_respondents(facts, until="2025Q2"), "Q1")
    assert list(choices.wordings.items()) == [("1", "A"), ("2", "B")]
    assert choices.table.to_numpy().tolist() == [[1, 1], [0, 0], [0, 0], [0, 1]]


def test_a_single_response_counts_who_answered(facts: Facts) -> None:
    choices = data.read_choices(facts, data.read_respondents(facts, until="2025Q2"), "Q2")
    assert choices["1"].tolist() == pytest.approx([1, np.nan, np.nan, np.nan], nan_ok=True)


def test_answers_follow_the_respondents_given(facts: Facts) -> None:
    people = data.read_respondents(facts, until="2025Q2").iloc[[3, 0]]
    assert data.read_choices(facts, people, "Q1").table["2"].tolist() == [1, 1]
    assert data.read_recommendation(facts, people).values.tolist() == pytest.approx([9, np.nan], nan_ok=True)
    assert data.read_scales(facts, people).isna().to_numpy().all()


def test_equal_interviews_have_equal_fingerprints(facts: Facts) -> None:
    rows = [("2025Q1", "a", "Q1", "1"), ("2025Q1", "b", "Q1", "1"), ("2025Q2", "a", "Q1", "2")]
    answers = pd.DataFrame(rows, columns=["wave", "respondent_id", "question", "option"])
    facts.write(data.ANSWERS, answers.assign(number=np.nan, words=pd.Series([None] * 3, dtype="string")))
    prints = data.read_fingerprints(facts, data.read_respondents(facts, until="2025Q2"))
    assert prints.duplicated().tolist() == [False, True, False, False]
    assert prints.isna().tolist() == [False, False, False, True]


def test_it_names_the_waves_there_are(facts: Facts) -> None:
    with pytest.raises(DataError, match="wave: 2024Q1 has no respondents; waves are 2025Q1, 2025Q2"):
        data.read_respondents(facts, until="2024Q1")


def test_it_names_the_questions_of_the_kind_there_are(facts: Facts) -> None:
    people = data.read_respondents(facts, until="2025Q2")
    with pytest.raises(DataError, match="question: Q7 is not one of kind single, multiple; those are Q1, Q2"):
        data.read_choices(facts, people, "Q7")


def test_it_names_options_that_are_not_declared(facts: Facts) -> None:
    facts.write(data.OPTIONS, pd.DataFrame({"question": ["Q1"], "option": ["1"], "position": [1], "wording": ["A"]}))
    with pytest.raises(DataError, match="Q1: options 2 are not declared"):
        data.read_choices(facts, data.read_respondents(facts, until="2025Q2"), "Q1")


def test_it_names_the_margins_that_have_targets(facts: Facts) -> None:
    with pytest.raises(DataError, match="margins: province has no population targets; gender have"):
        data.read_targets(facts, ["gender", "province"])


def test_it_needs_a_question_of_recommendation(facts: Facts) -> None:
    questions = facts.read(data.QUESTIONS.name).query("kind != 'nps'")
    facts.write(data.QUESTIONS, questions)
    with pytest.raises(DataError, match="no question of kind nps"):
        data.read_recommendation(facts, data.read_respondents(facts, until="2025Q2"))
