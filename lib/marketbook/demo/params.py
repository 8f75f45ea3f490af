"""The parameters of the template notebook."""

from typing import ClassVar

from pydantic import Field

from marketbook.kit.language import mark
from marketbook.kit.params import Confidence, Params


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
    confidence: Confidence = 0.95
