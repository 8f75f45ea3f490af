"""What the forms of follow-ups ask."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from marketbook.customer.care.tables import RESPONSES
from marketbook.kit.forms.fields import Hidden, Labels, LongText
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark

AGAIN = "again"
"""What the second button of a follow-up puts into `pressed`: nobody was reached."""

SKIP = "skip"
"""What the second button of a greeting puts into `pressed`: it is not needed."""

WAYS = {"message": mark("by message"), "call": mark("by telephone"), "in_person": mark("in person")}


def _reasoned(note: str, info: ValidationInfo) -> str:
    if not note.strip() and info.data.get("pressed") == SKIP:
        raise ValueError(_("please say why it is left out"))
    return note.strip()


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ContactForm(_Strict):
    """What came of a follow-up, and when the customer is contacted next."""

    version: Hidden = ""
    pressed: Hidden = ""
    result: Annotated[
        LongText,
        Field(
            max_length=4_000, title=mark("What came of the contact"),
            description=mark("Needed, unless nobody was reached."),
        ),
    ] = ""  # fmt: skip
    next_on: Annotated[
        date | None, Field(title=mark("Next contact on"), description=mark("By the customer's class, if it is empty."))
    ] = None

    @field_validator("result")
    @classmethod
    def _said(cls, result: str, info: ValidationInfo) -> str:
        if not result.strip() and info.data.get("pressed") != AGAIN:
            raise ValueError(_("please say what came of it"))
        return result.strip()


class CareForm(_Strict):
    """How a customer was greeted, or asked."""

    version: Hidden = ""
    pressed: Hidden = ""
    way: Annotated[Literal["message", "call", "in_person"], Labels(WAYS), Field(title=mark("How"))] = "message"
    note: Annotated[
        LongText,
        Field(
            max_length=2_000, title=mark("What the customer said"), description=mark("Or why it is left out."),
        ),
    ] = ""  # fmt: skip

    @field_validator("note")
    @classmethod
    def _why(cls, note: str, info: ValidationInfo) -> str:
        return _reasoned(note, info)


class RecommendationForm(_Strict):
    """What a customer said of a recommendation."""

    version: Hidden = ""
    pressed: Hidden = ""
    response: Annotated[
        Literal["accepted", "thinking", "declined"], Labels(RESPONSES), Field(title=mark("The customer"))
    ] = "thinking"
    note: Annotated[
        LongText,
        Field(max_length=2_000, title=mark("What the customer said"), description=mark("Or why it is left out.")),
    ] = ""

    @field_validator("note")
    @classmethod
    def _why(cls, note: str, info: ValidationInfo) -> str:
        return _reasoned(note, info)


class Nothing(_Strict):
    """A form that asks nothing but to be sent."""

    version: Hidden = ""
