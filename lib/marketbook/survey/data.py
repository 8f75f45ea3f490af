"""The datasets of surveys: waves, their questionnaire, respondents, answers in long form, and population targets."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from marketbook.kit.facts import Dataset, Row
from marketbook.kit.language import mark

QuestionKind = Literal["single", "multiple", "scale", "nps", "number", "open", "maxdiff", "price"]


class Wave(Row):
    """One wave of one survey."""

    wave: str = Field(min_length=1, title=mark("Wave"), description=mark("Sorts by time, like 2026Q1."))
    survey: str = Field(min_length=1, title=mark("Survey"))
    started_on: date = Field(title=mark("Started on"))
    ended_on: date = Field(title=mark("Ended on"))
    invited: int = Field(ge=0, title=mark("Invited"))


class Question(Row):
    """One question of the survey; a multiple-response question is one question."""

    question: str = Field(min_length=1, title=mark("Question code"))
    position: int = Field(ge=1, title=mark("Position"))
    kind: QuestionKind = Field(title=mark("Kind"))
    wording: str = Field(min_length=1, title=mark("Wording"))
    low: float | None = Field(default=None, title=mark("Lowest answer"))
    high: float | None = Field(default=None, title=mark("Highest answer"))


class Option(Row):
    """One answer that may be chosen."""

    question: str = Field(min_length=1, title=mark("Question code"))
    option: str = Field(min_length=1, title=mark("Option code"))
    position: int = Field(ge=1, title=mark("Position"))
    wording: str = Field(min_length=1, title=mark("Wording"))


class Respondent(Row):
    """One respondent in one wave. A respondent who answered in two waves has two rows."""

    wave: str = Field(min_length=1, title=mark("Wave"))
    respondent_id: str = Field(min_length=1, title=mark("Respondent number"))
    completed_at: datetime = Field(title=mark("Completed at"))
    seconds: int = Field(ge=0, title=mark("Time taken (s)"))
    province: str = Field(title=mark("Province"))
    gender: Literal["女", "男"] = Field(title=mark("Gender"))
    age_band: Literal["18-24", "25-34", "35-44", "45-54", "55+"] = Field(title=mark("Age band"))
    city_tier: Literal["一线", "新一线", "二线", "三线及以下"] = Field(title=mark("City tier"))


class Answer(Row):
    """One answer: an option chosen, a number given, or words; a multiple response has a row for each option chosen.

    In a MaxDiff block `question` is `<code>.<task>`, `option` an item shown, `number` 1 best, -1 worst, 0 neither.
    """

    wave: str = Field(min_length=1, title=mark("Wave"))
    respondent_id: str = Field(min_length=1, title=mark("Respondent number"))
    question: str = Field(min_length=1, title=mark("Question code"))
    option: str = Field(default="", title=mark("Option code"))
    number: float | None = Field(default=None, title=mark("Number"))
    words: str | None = Field(default=None, title=mark("Words"))


class PopulationTarget(Row):
    """What share of the population a category has."""

    variable: str = Field(min_length=1, title=mark("Variable"), description=mark("gender, age_band, city_tier, .."))
    category: str = Field(min_length=1, title=mark("Category"))
    share: float = Field(ge=0, le=1, title=mark("Share of the population"))


WAVES = Dataset("survey_waves", Wave, ("wave",), mark("Survey waves"), mark("One wave of one survey."))
QUESTIONS = Dataset("survey_questions", Question, ("question",), mark("Survey questions"), mark("One question."))
OPTIONS = Dataset(
    "survey_options", Option, ("question", "option"), mark("Survey options"), mark("One possible answer.")
)
RESPONDENTS = Dataset(
    "survey_respondents",
    Respondent,
    ("wave", "respondent_id"),
    mark("Survey respondents"),
    mark("One respondent in one wave."),
)
ANSWERS = Dataset(
    "survey_answers",
    Answer,
    ("wave", "respondent_id", "question", "option"),
    mark("Survey answers"),
    mark("One answer."),
)
TARGETS = Dataset(
    "population_targets",
    PopulationTarget,
    ("variable", "category"),
    mark("Population targets"),
    mark("One category's share of the population."),
)
DATASETS = (WAVES, QUESTIONS, OPTIONS, RESPONDENTS, ANSWERS, TARGETS)
