"""The datasets of surveys: waves, their questionnaire, respondents, answers in long form, and population targets.

Below the declarations stand the loaders: each gives the frame that a method needs, one row per respondent.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal, get_args

import ibis
import numpy as np
import pandas as pd
from pydantic import Field

from marketbook.kit.errors import DataError
from marketbook.kit.facts import Dataset, Facts, Row
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.survey.answers import Choices, Scores
from marketbook.survey.groups import Codes

VARIABLES = {
    "gender": mark("Gender"),
    "age_band": mark("Age band"),
    "city_tier": mark("City tier"),
    "province": mark("Province"),
}
"""What respondents may be weighted to or grouped by, and what it is called."""

QuestionKind = Literal["single", "multiple", "scale", "nps", "number", "open", "maxdiff", "price"]


class Wave(Row):
    """One wave of one survey."""

    wave: str = Field(
        min_length=1, title=mark("Wave"), description=mark("Sorts by time, like 2026Q1."), examples=["2026Q1"]
    )
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

    wave: str = Field(min_length=1, title=mark("Wave"), examples=["2026Q1"])
    respondent_id: str = Field(min_length=1, title=mark("Respondent number"))
    completed_at: datetime = Field(title=mark("Completed at"))
    seconds: int = Field(ge=0, title=mark("Time taken (s)"))
    province: str = Field(title=mark("Province"), examples=["广东"])
    gender: Literal["女", "男"] = Field(title=mark("Gender"))
    age_band: Literal["18-24", "25-34", "35-44", "45-54", "55+"] = Field(title=mark("Age band"))
    city_tier: Literal["一线", "新一线", "二线", "三线及以下"] = Field(title=mark("City tier"))


class Answer(Row):
    """One answer: an option chosen, a number given, or words; a multiple response has a row for each option chosen.

    In a MaxDiff block `question` is `<code>.<task>`, `option` an item shown, `number` 1 best, -1 worst, 0 neither.
    """

    wave: str = Field(min_length=1, title=mark("Wave"), examples=["2026Q1"])
    respondent_id: str = Field(min_length=1, title=mark("Respondent number"))
    question: str = Field(min_length=1, title=mark("Question code"))
    option: str = Field(default="", title=mark("Option code"))
    number: float | None = Field(default=None, title=mark("Number"))
    words: str | None = Field(default=None, title=mark("Words"))


class PopulationTarget(Row):
    """What share of the population a category has."""

    variable: str = Field(
        min_length=1, title=mark("Variable"), description=mark("gender, age_band, city_tier, .."), examples=["gender"]
    )
    category: str = Field(min_length=1, title=mark("Category"), examples=["女"])
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
    words={"question": "survey_questions.wording", "option": "survey_options.wording"},
)
TARGETS = Dataset(
    "population_targets",
    PopulationTarget,
    ("variable", "category"),
    mark("Population targets"),
    mark("One category's share of the population."),
    codes={"variable": VARIABLES},
)
DATASETS = (WAVES, QUESTIONS, OPTIONS, RESPONDENTS, ANSWERS, TARGETS)


def read_respondents(facts: Facts, *, until: str) -> pd.DataFrame:
    """Read the respondents of a wave and of those before it, by wave and number; one row per respondent and wave.

    Raises:
        DataError: The wave is not in the data; the message lists those that are.
    """
    table = facts.table(RESPONDENTS.name)
    waves = sorted(table.select("wave").distinct().to_pyarrow().to_pandas()["wave"])
    if until not in waves:
        raise DataError(
            _("wave: {wave} has no respondents; waves are {waves}.").format(wave=until, waves=", ".join(waves))
        )
    frame: pd.DataFrame = table.filter(table.wave <= until).order_by(["wave", "respondent_id"]).to_pyarrow().to_pandas()
    return frame


def read_choices(facts: Facts, respondents: pd.DataFrame, question: str) -> Choices:
    """Read who chose which option of a single- or multiple-response question.

    A single-response question counts those who answered it. A multiple-response question counts every respondent of
    the waves that asked it: in the data, choosing nothing leaves no row.

    Args:
        facts: Where the datasets are.
        respondents: One row per respondent; the answers come in its order.
        question: The question's code.
    """
    asked = _question(facts, question, ("single", "multiple"))
    options = facts.read(OPTIONS.name).query("question == @question").sort_values("position")
    found = _answers(facts, [question], "option")
    rows = _rows(respondents, found)
    columns = pd.Index(options["option"]).get_indexer(pd.Index(found["option"]))
    if (columns < 0).any():
        unknown = ", ".join(sorted(found["option"][columns < 0].unique())[:5])
        raise DataError(_("{question}: options {found} are not declared.").format(question=question, found=unknown))
    table = np.full((len(respondents), len(options)), np.nan)
    base = np.isin(respondents["wave"], found["wave"].unique()) if asked["kind"] == "multiple" else rows[rows >= 0]
    table[base] = 0.0
    table[rows[rows >= 0], columns[rows >= 0]] = 1.0
    return Choices(
        question=question,
        wording=str(asked["wording"]),
        wordings=dict(zip(options["option"], options["wording"], strict=True)),
        table=pd.DataFrame(table, index=respondents.index, columns=list(options["option"])),
    )


def read_scores(facts: Facts, respondents: pd.DataFrame, question: str) -> Scores:
    """Read the numbers given to a question (a scale, a recommendation from 0 to 10, a number).

    Args:
        facts: Where the datasets are.
        respondents: One row per respondent; the answers come in its order.
        question: The question's code.
    """
    asked = _question(facts, question, ("scale", "nps", "number"))
    grid = _grid(respondents, _answers(facts, [question], "number"), [question])
    return Scores(question=question, wording=str(asked["wording"]), values=grid[question])


def read_recommendation(facts: Facts, respondents: pd.DataFrame) -> Scores:
    """Read the answers to the questionnaire's (first) question of recommendation from 0 to 10.

    Raises:
        DataError: The questionnaire has no such question.
    """
    found = facts.read(QUESTIONS.name).query("kind == 'nps'").sort_values("position")["question"]
    if found.empty:
        raise DataError(_("The questionnaire has no question of kind nps."))
    return read_scores(facts, respondents, str(found.iloc[0]))


def read_scales(facts: Facts, respondents: pd.DataFrame) -> pd.DataFrame:
    """Read all scale questions: one row per respondent, one column per question, missing where not answered."""
    questions = facts.read(QUESTIONS.name).query("kind == 'scale'").sort_values("position")["question"].tolist()
    return _grid(respondents, _answers(facts, questions, "number"), questions)


def read_fingerprints(facts: Facts, respondents: pd.DataFrame) -> pd.Series:
    """Read one number per respondent that stands for everything answered; two alike are the same interview twice.

    Missing for who answered nothing.
    """
    answers = facts.table(ANSWERS.name)
    number, words = answers.number.cast("string").fill_null(""), answers.words.fill_null("")
    said = answers.question + "=" + answers.option + ":" + number + words
    numbers = answers.group_by(["wave", "respondent_id"]).agg(print=said.hash().bit_xor()).to_pyarrow().to_pandas()
    rows = _rows(respondents, numbers)
    found = pd.Series(pd.NA, index=respondents.index, dtype="Int64")
    found.iloc[rows[rows >= 0]] = numbers["print"][rows >= 0].to_numpy()
    return found


def categories(variable: str) -> list[str]:
    """Return the categories of a respondents' variable in their order: the youngest first, the largest cities first.

    Example:
        >>> categories("gender")
        ['女', '男']
    """
    return list(get_args(Respondent.model_fields[variable].annotation))


def read_targets(facts: Facts, margins: Sequence[str]) -> pd.DataFrame:
    """Read the population's shares of some variables.

    Raises:
        DataError: A variable has no targets; the message lists those that have.
    """
    targets = facts.read(TARGETS.name)
    for variable in margins:
        if variable not in set(targets["variable"]):
            known = ", ".join(sorted(targets["variable"].unique()))
            raise DataError(
                _("margins: {variable} has no population targets; {known} have.").format(variable=variable, known=known)
            )
    return targets[targets["variable"].isin(list(margins))].reset_index(drop=True)


def _question(facts: Facts, question: str, kinds: Sequence[str]) -> pd.Series:
    questions = facts.read(QUESTIONS.name).set_index("question")
    fitting = questions.index[questions["kind"].isin(list(kinds))]
    if question not in fitting:
        raise DataError(
            _("question: {question} is not one of kind {kinds}; those are {known}.").format(
                question=question, kinds=", ".join(kinds), known=", ".join(fitting)
            )
        )
    return questions.loc[[question]].iloc[0]


def _answers(facts: Facts, questions: Sequence[str], value: str) -> pd.DataFrame:
    answers = facts.table(ANSWERS.name)
    kept = answers.filter(answers.question.isin(list(questions)) if questions else ibis.literal(value=False))
    frame: pd.DataFrame = kept.select("wave", "respondent_id", "question", value).to_pyarrow().to_pandas()
    return frame


def _grid(respondents: pd.DataFrame, answers: pd.DataFrame, questions: Sequence[str]) -> pd.DataFrame:
    rows, columns = _rows(respondents, answers), pd.Index(list(questions)).get_indexer(pd.Index(answers["question"]))
    table = np.full((len(respondents), len(questions)), np.nan)
    table[rows[rows >= 0], columns[rows >= 0]] = answers["number"].to_numpy(float)[rows >= 0]
    return pd.DataFrame(table, index=respondents.index, columns=list(questions))


def _rows(respondents: pd.DataFrame, answers: pd.DataFrame) -> Codes:
    """The row of the respondent that gave each answer; -1 where it is not among them."""
    known = pd.MultiIndex.from_frame(respondents[["wave", "respondent_id"]])
    return known.get_indexer(pd.MultiIndex.from_frame(answers[["wave", "respondent_id"]])).astype(np.int64)
