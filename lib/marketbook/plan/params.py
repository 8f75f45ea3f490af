"""What is entered of plans, and what the reports of plans can be asked."""

from datetime import date
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.params import Params
from marketbook.office import period

Words = Annotated[str, StringConstraints(strip_whitespace=True)]
Category = Literal["research", "advertising", "promotion", "channel", "staff"]
Topic = Literal["market_size", "market_trend", "competitors", "customer_needs", "consumer_behaviour"]


def _period(text: str) -> str:
    if text:
        period.days(text)
    return text


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ObjectiveEntry(_Strict):
    """What a plan wants to reach: a metric's code, and its target for a period, the plan's year if none is given."""

    text: Words = Field(min_length=1, max_length=1_000)
    metric: Words
    target: float | None = Field(default=None, allow_inf_nan=False)
    period: Annotated[Words, AfterValidator(_period)] = ""


class PlanEntry(_Strict):
    """A plan; the budget is entered as lines, and what is to be done as activities, once it is there."""

    kind: Literal[
        "marketing", "research", "brand_building", "brand_promotion", "product_promotion", "sales_promotion",
        "channel_expansion", "recruitment", "training", "campaign",
    ] = "marketing"  # fmt: skip
    title: Words = Field(min_length=1, max_length=200)
    fiscal_year: int = Field(ge=2000, le=2999, strict=True)
    theme: Words = Field(default="", max_length=1_000)
    parent_id: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    objectives: list[ObjectiveEntry] = Field(default_factory=list, max_length=50)
    strategy: Words = Field(default="", max_length=20_000)
    feasibility: Words = Field(default="", max_length=20_000)
    scope: list[Topic] = Field(default_factory=list)
    basis: list[int] = Field(default_factory=list, max_length=100)
    unbudgeted: dict[Category, Words] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.starts_on and self.ends_on and self.starts_on > self.ends_on:
            raise ValueError(_("it ends before it starts"))
        if self.kind == "marketing" and self.parent_id is not None:
            raise ValueError(_("the year's marketing plan is part of no other"))
        codes = [one.metric for one in self.objectives]
        if twice := sorted({code for code in codes if codes.count(code) > 1}):
            raise ValueError(_("two objectives have the metric {metric}").format(metric=twice[0]))
        return self


class ReviewWeek(Params):
    """What `plan/review-week` can be asked."""

    views: ClassVar[tuple[str, ...]] = ("activities", "competitor_entries", "figures")

    as_of: date | None = Field(
        default=None, title=mark("Day"), description=mark("On which day, like 2026-06-26; empty: today.")
    )
    plan: str = Field(
        default="",
        title=mark("Plan"),
        description=mark("The number of one plan; empty: all plans in force of the day's year."),
    )
    days: int = Field(
        default=7, ge=1, le=92, title=mark("Days ahead"), description=mark("How far tasks are told that come due.")
    )


class BuildYear(Params):
    """What `plan/build-year` can be asked."""

    views: ClassVar[tuple[str, ...]] = ("budget_lines", "plans")

    year: int | None = Field(
        default=None,
        ge=2000,
        le=2999,
        title=mark("Year"),
        description=mark("For which year the plan is; empty: the last one that has a marketing plan."),
    )
