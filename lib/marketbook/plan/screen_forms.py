"""What the forms of plans, tasks, reports and recommendations ask."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from marketbook.kit.forms.fields import Hidden, Labels, LongText, Reference
from marketbook.kit.language import mark
from marketbook.office import activity, metric, report
from marketbook.office.budget_line import CATEGORIES
from marketbook.plan.tables import KINDS, TOPICS

Words = Annotated[str, StringConstraints(strip_whitespace=True)]
Title = Annotated[Words, Field(min_length=1, max_length=200, title=mark("Title"))]
Metric = Annotated[Reference, Field(title=mark("Metric"))]
Figure = Annotated[float, Field(allow_inf_nan=False)]
AS_TYPED = mark("A share as 0.35, money in yuan.")
Long = Annotated[LongText, Field(max_length=20_000)]
PlanOf = Annotated[Reference | None, Field(title=mark("Plan"))]
Day = date | None

PlanKind = Annotated[
    Literal[
        "marketing", "research", "brand_building", "brand_promotion", "product_promotion", "sales_promotion",
        "channel_expansion", "recruitment", "training", "campaign",
    ],
    Labels(KINDS), Field(title=mark("Kind")),
]  # fmt: skip
ActivityKind = Annotated[
    Literal[
        "task", "advertising", "event", "public_relations", "content", "research", "call", "visit", "care",
        "recommendation", "training", "review_meeting", "product_change", "corrective_action", "issue", "inspection",
    ],
    Labels(activity.KINDS), Field(title=mark("Kind")),
]  # fmt: skip
ReportKind = Annotated[
    Literal[
        "research", "market_note", "campaign_review", "plan_review", "brand_health", "product_review",
        "channel_review", "decision_proposal", "budget_variance", "progress", "inspection",
    ],
    Labels(report.KINDS), Field(title=mark("Kind")),
]  # fmt: skip
Topic = Annotated[
    Literal["market_size", "market_trend", "competitors", "customer_needs", "consumer_behaviour"], Labels(TOPICS)
]
Category = Literal["research", "advertising", "promotion", "channel", "staff"]
Unit = Literal["count", "share", "money", "score", "days"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ObjectiveLine(_Strict):
    """An objective in a plan's form."""

    text: Annotated[Words, Field(min_length=1, max_length=1_000, title=mark("Objective"))]
    metric: Metric
    target: Annotated[Figure | None, Field(title=mark("Target"), description=AS_TYPED)] = None


class BasisLine(_Strict):
    """A report that a plan stands on."""

    report: Annotated[Reference, Field(title=mark("Accepted report"))]


class UnbudgetedLine(_Strict):
    """A category that gets no money."""

    category: Annotated[Category, Labels(CATEGORIES), Field(title=mark("Category"))]
    reason: Annotated[Words, Field(min_length=1, max_length=500, title=mark("Reason"))]


class PlanForm(_Strict):
    """A plan; its budget is set on the budget's screen, what is to be done is entered as tasks."""

    version: Hidden = ""
    pressed: Hidden = ""
    kind: PlanKind = "campaign"
    title: Title
    fiscal_year: Annotated[int, Field(ge=2000, le=2999, title=mark("Year"))]
    parent_id: Annotated[Reference | None, Field(title=mark("Part of"))] = None
    starts_on: Annotated[Day, Field(title=mark("Begins on"))] = None
    ends_on: Annotated[Day, Field(title=mark("Ends on"))] = None
    theme: Annotated[Words, Field(max_length=1_000, title=mark("Theme"))] = ""
    objectives: Annotated[list[ObjectiveLine], Field(max_length=50, title=mark("Objectives"))] = []
    strategy: Annotated[Long, Field(title=mark("Strategy"))] = ""
    feasibility: Annotated[Long, Field(title=mark("Feasibility"))] = ""
    basis: Annotated[list[BasisLine], Field(max_length=100, title=mark("Stands on these reports"))] = []
    scope: Annotated[list[Topic], Field(title=mark("Covers"))] = []
    unbudgeted: Annotated[list[UnbudgetedLine], Field(max_length=5, title=mark("Categories without money"))] = []


class ActivityForm(_Strict):
    """Something dated that someone must do."""

    version: Hidden = ""
    kind: ActivityKind = "task"
    title: Title
    plan_id: PlanOf = None
    owner_id: Annotated[Reference | None, Field(title=mark("Owner"))] = None
    starts_on: Annotated[Day, Field(title=mark("Begins on"))] = None
    due_on: Annotated[date, Field(title=mark("Due on"))]
    qty_planned: Annotated[int | None, Field(ge=1, title=mark("Planned quantity"))] = None
    qty_unit: Annotated[Words, Field(max_length=20, title=mark("Unit"))] = ""
    quality_standard: Annotated[Words, Field(max_length=1_000, title=mark("Quality standard"))] = ""
    channel: Annotated[Words, Field(max_length=100, title=mark("Channel"))] = ""
    method: Annotated[Words, Field(max_length=50, title=mark("Method"))] = ""


class ResultForm(_Strict):
    """How far a task is, or what came of it."""

    version: Hidden = ""
    pressed: Hidden = ""
    done_on: Annotated[Day, Field(title=mark("Done on"))] = None
    qty_done: Annotated[int | None, Field(ge=0, title=mark("Quantity done"))] = None
    quality: Annotated[int | None, Field(ge=1, le=5, title=mark("Quality (1 to 5)"))] = None
    outcome: Annotated[LongText, Field(max_length=5_000, title=mark("Outcome"))] = ""


class ReportForm(_Strict):
    """A report in four parts."""

    version: Hidden = ""
    pressed: Hidden = ""
    kind: ReportKind = "research"
    title: Title
    period: Annotated[
        Words,
        Field(
            min_length=4, max_length=10, title=mark("Period"), description=mark("Written as 2026, 2026-Q1 or 2026-03")
        ),
    ]
    plan_id: PlanOf = None
    overview: Annotated[Long, Field(title=mark("Overview"))] = ""
    findings: Annotated[Long, Field(title=mark("Main findings"))] = ""
    conclusions: Annotated[Long, Field(title=mark("Conclusions"))] = ""
    recommendations: Annotated[Long, Field(title=mark("Recommendations"))] = ""


class DecisionForm(_Strict):
    """A recommendation, what it should bring, and what is set in motion when it is accepted."""

    version: Hidden = ""
    title: Title
    recommendation: Annotated[LongText, Field(min_length=1, max_length=5_000, title=mark("Recommendation"))]
    report_id: Annotated[Reference | None, Field(title=mark("From a report"))] = None
    owner_id: Annotated[Reference | None, Field(title=mark("Owner"))] = None
    metric: Metric
    predicted: Annotated[Figure, Field(title=mark("Expected effect"), description=AS_TYPED)]
    low: Annotated[Figure, Field(title=mark("At least"))]
    high: Annotated[Figure, Field(title=mark("At most"))]
    level_share: Annotated[
        float, Field(gt=0, lt=1, title=mark("How often such an interval holds"))
    ] = 0.9  # fmt: skip
    cost_minor: Annotated[int, Field(ge=0, title=mark("Cost"))] = 0
    review_on: Annotated[date, Field(title=mark("Review on"))]
    task_title: Annotated[Words, Field(max_length=200, title=mark("Task that it starts"))] = ""
    task_due_on: Annotated[Day, Field(title=mark("Task due on"))] = None
    from_line: Annotated[Reference | None, Field(title=mark("Money from the budget line"))] = None
    to_line: Annotated[Reference | None, Field(title=mark("Money to the budget line"))] = None
    amount_minor: Annotated[int | None, Field(gt=0, title=mark("Amount"))] = None


class EffectForm(_Strict):
    """The effect that a recommendation had."""

    version: Hidden = ""
    period: Annotated[Words, Field(min_length=4, max_length=10, title=mark("Period"))]
    value: Annotated[Figure, Field(title=mark("Measured effect"), description=AS_TYPED)]
    n: Annotated[int | None, Field(ge=1, title=mark("Number of observations"))] = None
    standard_error: Annotated[Figure | None, Field(ge=0, title=mark("Standard error"))] = None
    reason: Annotated[LongText, Field(max_length=2_000, title=mark("What was learned"))] = ""


class MetricForm(_Strict):
    """A metric."""

    code: Annotated[
        Words, Field(min_length=1, max_length=50, pattern=r"^[a-z][a-z0-9_.]*$", title=mark("Code"),
                     description=mark("Small letters, such as brand.awareness"))
    ]  # fmt: skip
    name: Annotated[Words, Field(min_length=1, max_length=100, title=mark("Name"))]
    unit: Annotated[Unit, Labels(metric.UNITS), Field(title=mark("Unit"))] = "count"
    better: Annotated[
        Literal["more", "less"], Labels({"more": mark("more"), "less": mark("less")}), Field(title=mark("Better is"))
    ] = "more"
    definition: Annotated[LongText, Field(min_length=1, max_length=2_000, title=mark("How it is counted"))]
    source: Annotated[Words, Field(max_length=500, title=mark("Source"))] = ""


class MonthForm(_Strict):
    """Which months the timeline and the calendar show."""

    month: Annotated[
        Words, Field(min_length=7, max_length=7, title=mark("From the month"), description=mark("Written as 2026-03"))
    ]
    mine: Annotated[bool, Field(title=mark("Only my own"))] = False
