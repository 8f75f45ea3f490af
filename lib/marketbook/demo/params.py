"""The parameters of the template notebook."""

from typing import ClassVar

from pydantic import Field

from marketbook.kit.language import mark
from marketbook.kit.params import Params


class Template(Params):
    """The template: a year's revenue beside the year before."""

    needs: ClassVar[tuple[str, ...]] = ("sales_weeks",)

    year: int = Field(
        default=2025,
        ge=2000,
        le=2100,
        title=mark("Year"),
        description=mark("The year reported on; the year before must be in the data too."),
    )
    confidence: float = Field(
        default=0.95,
        gt=0.5,
        lt=1,
        title=mark("Confidence level"),
        description=mark("How often the interval should hold the truth, between 0.5 and 1."),
    )
