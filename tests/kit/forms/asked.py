"""A model with a field of every kind."""

from datetime import date
from enum import Enum
from typing import Annotated, Literal

from pydantic import Field

from marketbook.kit.params import Params


class Channel(Enum):
    SEARCH = "search"
    VIDEO = "video"


class Everything(Params):
    name: str = Field(default="spring", min_length=1, max_length=20, title="Name", description="What it is called.")
    note: str | None = None
    weeks: int = Field(default=52, ge=1, lt=105)
    factor: float = Field(default=1.5, gt=0)
    gross_margin: float = Field(default=0.6, gt=0, le=1)
    budget_minor: int = Field(default=123450, ge=0, le=100_000_000)
    ceiling_minor: int | None = None
    as_of: date = Field(default=date(2025, 12, 31), gt=date(2019, 12, 31), le=date(2030, 12, 31))
    since: date | None = None
    form: Literal["hill", "logistic"] = "hill"
    channel: Channel = Channel.VIDEO
    rank: Literal[1, 2, 3] | None = None
    margins: list[Literal["age_band", "gender", "province"]] = Field(default=["gender", "age_band"], min_length=1)
    channels: tuple[Channel, ...] = ()
    fast: bool = True
    known: bool | None = None
    codes: list[Annotated[str, Field(pattern="^[A-Z]")]] = Field(default=["A1"])
    bounds: list[float] = Field(default=[0.5, 2.0], min_length=2, max_length=2)
    days: list[Annotated[int, Field(ge=0, le=6)]] | None = Field(default=None, max_length=7)
