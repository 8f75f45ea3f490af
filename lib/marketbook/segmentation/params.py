"""The parameters of the segmentation notebooks."""

from datetime import date
from typing import ClassVar, Literal, Self

import pandas as pd
from pydantic import Field, model_validator

from marketbook.kit.language import mark
from marketbook.kit.params import Params


class SegmentMarket(Params):
    """Parameters of `segmentation/segment-market`."""

    needs: ClassVar[tuple[str, ...]] = ("customers", "transactions")

    as_of: date = Field(
        default=date(2025, 12, 31),
        title=mark("As of"),
        description=mark("Last day of the purchases that are looked at."),
    )
    months: int = Field(
        default=12,
        ge=1,
        le=60,
        title=mark("Months of history"),
        description=mark("How many months of purchases up to that day describe a customer."),
    )
    score_groups: int = Field(
        default=5,
        ge=2,
        le=10,
        title=mark("Score groups"),
        description=mark("Highest score for recency, frequency and monetary value; the lowest is 1."),
    )
    fewest_segments: int = Field(
        default=3, ge=2, le=8, title=mark("Fewest segments"), description=mark("Smallest number of segments tried.")
    )
    most_segments: int = Field(
        default=8, ge=2, le=10, title=mark("Most segments"), description=mark("Largest number of segments tried.")
    )
    stability_bound: float = Field(
        default=0.85,
        gt=0,
        lt=1,
        title=mark("Stability bound"),
        description=mark("How far every segment must overlap with itself when customers are resampled (0 to 1)."),
    )
    resamples: int = Field(
        default=20,
        ge=5,
        le=500,
        title=mark("Resamples"),
        description=mark("How often customers are resampled to see whether the segments are stable."),
    )
    sample_size: int = Field(
        default=8000,
        ge=200,
        le=1_000_000,
        title=mark("Sample size"),
        description=mark("How many customers the grouping is found on; all customers are then assigned."),
    )
    reach_by: Literal["province", "city_tier", "age_band", "gender"] = Field(
        default="age_band",
        title=mark("Reach by"),
        description=mark("Where a segment is reached, beside the channel that brought its customers in."),
    )
    seed: int = Field(
        default=20251231, ge=0, title=mark("Seed"), description=mark("Start of the random numbers; keep it to compare.")
    )

    @property
    def year_before(self) -> date:
        """The same day a year before, from which the champions are followed."""
        return (pd.Timestamp(self.as_of) - pd.DateOffset(years=1)).date()

    @property
    def months_followed(self) -> int:
        """Months before each of the two dates that are compared: a year at most, or the windows would overlap."""
        return min(self.months, 12)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.fewest_segments > self.most_segments:
            raise ValueError(
                f"fewest_segments {self.fewest_segments} is above most_segments {self.most_segments}; must not be above"
            )
        return self
