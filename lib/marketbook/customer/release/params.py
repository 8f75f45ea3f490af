"""What is asked of who wants to take contact data out, and what the company may set for it."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from marketbook.customer.card import PURPOSES
from marketbook.customer.release.tables import SCOPES, TIMES
from marketbook.kit.forms.fields import Labels, LongText
from marketbook.kit.forms.rows import MOST
from marketbook.kit.language import mark
from marketbook.kit.records import parameters

DAYS = parameters.declare(
    parameters.Declared(
        name="customer.release_days",
        title=mark("For how many days a list may be taken out with its contact data at most"),
        kind=Annotated[int, Field(ge=1, le=365)],
        default=30,
        source=mark("clause 1.3.5: the law is kept; the house's default"),
    )
)


class ReleaseEntry(BaseModel):
    """A request to take a list out with its contact data."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)

    scope: Annotated[Literal["own", "all"], Labels(SCOPES), Field(title=mark("Whose customers"))] = "own"
    grade: Annotated[
        Literal["A", "B", "C"] | None, Field(title=mark("Class"), description=mark("Every class where it is empty."))
    ] = None
    purpose: Annotated[
        Literal["care", "promotion", "personal", "survey"],
        Labels(PURPOSES),
        Field(title=mark("Used for"), description=mark("Who does not allow it is not in the file.")),
    ]
    reason: Annotated[
        LongText, Field(min_length=4, max_length=1_000, title=mark("What is to be done with it, and why"))
    ]
    most: Annotated[int, Field(ge=1, le=MOST, title=mark("For how many people at most"))]
    until: Annotated[date, Field(title=mark("Until when it is needed"))]
    times: Annotated[int, Field(ge=1, le=TIMES, title=mark("How often it is taken out"))] = 1
