"""What is entered of the records that several chapters share, and what reports of them can be asked."""

from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.params import Params
from marketbook.office import period

Words = Annotated[str, StringConstraints(strip_whitespace=True)]
Figure = Annotated[float, Field(allow_inf_nan=False)]


def _period(text: str) -> str:
    period.days(text)
    return text


class Strict(BaseModel):
    """An entry that takes no field it does not know."""

    model_config = ConfigDict(extra="forbid")


class MetricEntry(Strict):
    """A metric; `direction` is 1 where more is better, -1 where less is."""

    code: Words = Field(min_length=1, max_length=50, pattern=r"^[a-z][a-z0-9_.]*$")
    name: Words = Field(min_length=1, max_length=100)
    unit: Literal["count", "share", "money", "score", "days"]
    direction: Literal[1, -1]
    definition: Words = Field(min_length=1, max_length=2_000)
    source: Words = Field(default="", max_length=500)


class MeasurementEntry(Strict):
    """A figure of a metric for a period, of a record or of the company: `value` in the metric's unit."""

    metric: Words
    basis: Literal["target", "actual", "forecast"]
    period: Annotated[Words, AfterValidator(_period)]
    value: Figure
    subject_id: int | None = None
    n: int | None = Field(default=None, ge=1)
    standard_error: Figure | None = Field(default=None, ge=0)
    run_id: int | None = None


class ActivityEntry(Strict):
    """Something dated that someone must do."""

    kind: Literal[
        "task", "advertising", "event", "public_relations", "content", "research", "call", "visit", "care",
        "recommendation", "training", "review_meeting", "product_change", "corrective_action", "issue", "inspection",
    ]  # fmt: skip
    title: Words = Field(min_length=1, max_length=200)
    plan_id: int | None = None
    about_id: int | None = None
    channel: Words = Field(default="", max_length=100)
    method: Words = Field(default="", max_length=50)
    starts_on: date | None = None
    due_on: date
    qty_planned: int | None = Field(default=None, ge=1, strict=True)
    qty_unit: Words = Field(default="", max_length=20)
    quality_standard: Words = Field(default="", max_length=1_000)
    owner_id: int | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.starts_on is not None and self.starts_on > self.due_on:
            raise ValueError(_("it is due before it starts"))
        return self


class ResultEntry(Strict):
    """What came of an activity."""

    done_on: date | None = None
    qty_done: int | None = Field(default=None, ge=0, strict=True)
    quality: int | None = Field(default=None, ge=1, le=5, strict=True)
    outcome: Words = Field(default="", max_length=5_000)


class ReportEntry(Strict):
    """A report in four parts; all of them are there when it is handed in."""

    kind: Literal[
        "research", "market_note", "campaign_review", "plan_review", "brand_health", "product_review",
        "channel_review", "decision_proposal", "budget_variance", "progress", "inspection",
    ]  # fmt: skip
    title: Words = Field(min_length=1, max_length=200)
    period: Annotated[Words, AfterValidator(_period)]
    plan_id: int | None = None
    overview: Words = ""
    findings: Words = ""
    conclusions: Words = ""
    recommendations: Words = ""
    run_id: int | None = None


class TransferEntry(Strict):
    """A budget transfer that a decision sets in motion; `amount` in fen."""

    amount: int = Field(gt=0, strict=True)
    from_line: int | None = None
    to_line: int | None = None


class DecisionEntry(Strict):
    """A recommendation with what it is expected to bring; `cost` in fen, the effect in the metric's unit.

    `activity` and `transfer` are what is set in motion when it is accepted.
    """

    title: Words = Field(min_length=1, max_length=200)
    recommendation: Words = Field(min_length=1, max_length=5_000)
    metric: Words
    predicted: Figure
    low: Figure
    high: Figure
    level_bp: int = Field(default=9_000, ge=1, le=9_999, strict=True)
    cost: int = Field(default=0, ge=0, strict=True)
    review_on: date
    owner_id: int | None = None
    report_id: int | None = None
    scenario_id: int | None = None
    activity: ActivityEntry | None = None
    transfer: TransferEntry | None = None

    @model_validator(mode="after")
    def _inside(self) -> Self:
        if not self.low <= self.predicted <= self.high:
            raise ValueError(_("the predicted effect lies outside its interval"))
        if self.report_id is not None and self.scenario_id is not None:
            raise ValueError(_("it comes from a report or from a scenario, not from both"))
        return self


class ScenarioEntry(Strict):
    """A calculation that someone kept: the notebook, what it was asked and what it answered."""

    name: Words = Field(min_length=1, max_length=200)
    notebook: Words = Field(min_length=1, max_length=100)
    parameters: dict[str, Any] = Field(default_factory=dict)
    result: dict[str, Any] = Field(default_factory=dict)
    run_id: int | None = None


class CriterionEntry(Strict):
    """What a scorecard looks at; `weight_bp` in 1/10,000."""

    dimension: Literal["performance", "ability", "attitude", "cooperation", "compliance"]
    name: Words = Field(min_length=1, max_length=100)
    standard: Words = Field(min_length=1, max_length=1_000)
    weight_bp: int = Field(ge=1, le=10_000, strict=True)
    metric: Words | None = None


class TemplateEntry(Strict):
    """A scorecard's template."""

    title: Words = Field(min_length=1, max_length=200)
    kind: Literal["employee", "partner"]
    cadence: Literal["quarter", "year"] = "quarter"
    criteria: list[CriterionEntry] = Field(default_factory=list, max_length=50)


class ProveClauses(Params):
    """What `office/prove-clauses` can be asked."""

    views: ClassVar[tuple[str, ...]] = (
        "activities", "audit_log", "budget_lines", "care_occasions", "claim_lines", "complaint_actions", "complaints",
        "customer_cards", "documents", "figures", "files", "opportunities", "plans", "posts", "recommendations",
        "report_records", "runs", "steps",
    )  # fmt: skip

    as_of: date | None = Field(
        default=None, title=mark("Day"), description=mark("On which day, like 2026-06-26; empty: today.")
    )
