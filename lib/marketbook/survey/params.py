"""Parameters of the survey notebooks."""

from typing import ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.params import Confidence, Params

Banner = Literal["age_band", "city_tier", "gender"]
Margin = Literal["age_band", "city_tier", "gender", "province"]
NAMES = (mark("age_band"), mark("city_tier"), mark("gender"), mark("province"))
"""What a report's list of parameters calls them, in the catalogue."""


class AnalyseSurvey(Params):
    """Analyse a survey wave: awareness and its change, competitors, recommendation, and the sample behind it."""

    needs: ClassVar[tuple[str, ...]] = (
        "survey_questions",
        "survey_options",
        "survey_respondents",
        "survey_answers",
        "population_targets",
    )

    wave: str = Field(
        default="2025Q4", min_length=1, title=mark("Wave"), description=mark("The wave reported on, like 2025Q4.")
    )
    wave_before: str | None = Field(
        default=None,
        title=mark("Compared with"),
        description=mark("The wave to compare with; empty: the one before."),
    )
    question: str = Field(
        default="Q1",
        min_length=1,
        title=mark("Awareness question"),
        description=mark("Code of the question that shows brands and asks which are known."),
    )
    option: str = Field(
        default="1", min_length=1, title=mark("Our brand"), description=mark("Code of the answer that is our brand.")
    )
    competitors: list[str] = Field(
        default=["2", "3", "4", "5", "6"],
        min_length=1,
        title=mark("Competitors"),
        description=mark("Codes of the answers that our brand is compared with."),
    )
    banner: Banner = Field(
        default="city_tier", title=mark("By group"), description=mark("What respondents are grouped by.")
    )
    confidence: Confidence = 0.95
    minimum_seconds: int = Field(
        default=120,
        ge=0,
        title=mark("Shortest interview (s)"),
        description=mark("Interviews that took fewer seconds are left out as too fast."),
    )
    margins: list[Margin] = Field(
        default=["gender", "age_band", "city_tier"],
        min_length=1,
        title=mark("Weight to"),
        description=mark("Characteristics whose shares are fitted to the population's."),
    )
    weight_bounds: list[float] = Field(
        default=[0.2, 5.0],
        min_length=2,
        max_length=2,
        title=mark("Weight bounds"),
        description=mark("Lowest and highest weight, in multiples of the mean: the lowest below 1, the highest above."),
    )

    @model_validator(mode="after")
    def _compares_with_an_earlier_wave(self) -> Self:
        if self.wave_before is not None and self.wave_before >= self.wave:
            raise ValueError(_("wave_before must be earlier than wave"))
        return self

    @field_validator("weight_bounds")
    @classmethod
    def _holds_the_mean(cls, bounds: list[float]) -> list[float]:
        if not 0 <= bounds[0] < 1 < bounds[1]:
            raise ValueError(_("the lowest weight must be in 0 to 1 and the highest above 1"))
        return bounds
