"""What the reports of customers and complaints can be asked."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from marketbook.kit.language import mark
from marketbook.kit.params import Confidence, Params

MONTH = r"^20\d\d-(0[1-9]|1[0-2])$"
Month = Annotated[str, StringConstraints(pattern=MONTH)]


class ReviewComplaints(Params):
    """What `customer/review-complaints` can be asked."""

    views: ClassVar[tuple[str, ...]] = ("complaints", "complaint_warnings")

    as_of: date | None = Field(
        default=None, title=mark("Day"), description=mark("Up to which day, like 2026-06-26; empty: up to now.")
    )
    weeks: int = Field(
        default=8,
        ge=1,
        le=104,
        title=mark("Weeks"),
        description=mark("How many weeks before that day's week are counted."),
    )
    confidence: Confidence = 0.95


class FindCauses(Params):
    """What `customer/find-causes` can be asked."""

    views: ClassVar[tuple[str, ...]] = ("complaints", "complaint_actions")

    month: Month | None = Field(
        default=None,
        title=mark("Month"),
        description=mark("Which month, like 2026-06; empty: the last that is over in which a complaint came."),
    )
    confidence: Confidence = 0.95


class ReviewPipeline(Params):
    """What `customer/review-pipeline` can be asked."""

    views: ClassVar[tuple[str, ...]] = ("opportunities",)

    months: int = Field(
        default=12,
        ge=1,
        le=60,
        title=mark("Months"),
        description=mark("How many months back opportunities are counted, of 30 days each."),
    )
    stalled_days: int = Field(
        default=30,
        ge=1,
        le=365,
        title=mark("Stalled after"),
        description=mark("After how many days at its stage an opportunity has stalled."),
    )
    confidence: Confidence = 0.95
    forecast_level: Confidence = Field(
        default=0.8,
        title=mark("Level of the forecast"),
        description=mark("How often the forecast's interval should hold the sum that comes."),
    )
    seed: int = Field(default=1, ge=0, title=mark("Seed"), description=mark("Of the forecast's draws."))


class ReviewCustomers(Params):
    """What `customer/review-customers` can be asked."""

    views: ClassVar[tuple[str, ...]] = ("customer_cards", "contact_clocks", "care_occasions", "recommendations")

    months: int = Field(
        default=12,
        ge=1,
        le=60,
        title=mark("Months"),
        description=mark("How many months of greetings and recommendations count."),
    )
    confidence: Confidence = 0.95
