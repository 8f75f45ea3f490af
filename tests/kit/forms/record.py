"""A record's model with a field of every kind, and a table of fourteen columns."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from marketbook.kit.forms.fields import Attached, Hidden, LongText, Reference, Sums


class Line(BaseModel):
    what: str = Field(min_length=1, title="What")
    day: date = Field(title="Day")
    amount_minor: int = Field(gt=0, title="Amount")
    kind: Literal["travel", "print", "media"] = Field(default="travel", title="Kind")
    share: float = Field(default=1, ge=0, le=1, title="Share")
    pieces: int | None = Field(default=None, title="Pieces")
    paid: bool = Field(default=False, title="Paid")
    channel_id: Reference | None = Field(default=None, title="Channel")
    city: str = Field(default="", title="City")
    person: str = Field(default="", title="Person")
    vendor: str = Field(default="", title="Vendor")
    invoice: str = Field(default="", title="Invoice")
    price_minor: int | None = Field(default=None, title="Price")
    note: str = Field(default="", title="Note")


class Claim(BaseModel):
    version: Hidden = ""
    purpose: str = Field(min_length=1, max_length=40, title="Purpose", description="In a few words.")
    reason: LongText = Field(default="", title="Reason")
    total_minor: int = Field(gt=0, title="Total")
    quota: float | None = Field(default=None, title="Quota")
    since: date = Field(title="Since", ge=date(2020, 1, 1))
    kind: Literal["request", "payment"] = Field(title="Kind")
    tags: list[Literal["urgent", "foreign"]] = Field(default=[], title="Tags")
    foreign: bool = Field(default=False, title="Foreign")
    owner_id: Reference | None = Field(default=None, title="Owner")
    receipt: Attached | None = Field(default=None, title="Receipt")
    lines: list[Line] = Field(default=[], max_length=600, title="Lines")


class Share(BaseModel):
    item: str = Field(min_length=1, title="Item")
    june_minor: int = Field(default=0, ge=0, title="June")
    july_minor: int = Field(default=0, ge=0, title="July")


class Year(BaseModel):
    lines: Annotated[list[Share], Sums(pinned=1)] = Field(default=[], max_length=600, title="Lines")
