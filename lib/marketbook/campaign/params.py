"""The parameters of the campaign notebooks."""

from typing import ClassVar, Literal

from pydantic import Field

from marketbook.kit.language import mark
from marketbook.kit.params import Confidence, Params

METRICS = (mark("revenue"), mark("orders"), mark("visits"), mark("order_value"), mark("orders_per_visit"))
"""The metrics' names are shown where a report tells its parameters."""


class EvaluateCampaign(Params):
    """Did a campaign work, what did it bring in, and can it be believed?"""

    needs: ClassVar[tuple[str, ...]] = ("campaigns", "experiment_users", "geo_days")

    campaign: str = Field(
        default="C2501",
        min_length=1,
        title=mark("A/B test"),
        description=mark("Code of a campaign that was tried on some users and not on others."),
    )
    geo_campaign: str = Field(
        default="C2502",
        min_length=1,
        title=mark("Geo campaign"),
        description=mark("Code of a campaign that ran in some regions only."),
    )
    metric: Literal["revenue", "orders", "visits", "order_value", "orders_per_visit"] = Field(
        default="revenue",
        title=mark("Metric"),
        description=mark("What the A/B test is judged by; the money always counts revenue."),
    )
    confidence: Confidence = 0.95
    use_cuped: bool = Field(
        default=True,
        title=mark("Allow for earlier purchases"),
        description=mark("Take out of the comparison what users bought in the weeks before (CUPED)."),
    )
    weeks_before: int = Field(
        default=52,
        ge=8,
        le=104,
        title=mark("Weeks before"),
        description=mark("Weeks before a geo campaign from which its regions are compared with others."),
    )
    gross_margin: float = Field(
        default=0.6,
        gt=0,
        le=1,
        title=mark("Gross margin"),
        description=mark("Share of revenue left after the cost of goods."),
    )
