"""What the forms about customers ask."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from marketbook.customer.card import METHODS, PURPOSES
from marketbook.customer.cards import FIELDS
from marketbook.customer.entries import Birthday, ContactEntry, CustomerEntry, Words
from marketbook.kit.forms.fields import Hidden, Labels, LongText, Reference
from marketbook.kit.language import mark

APART = "apart"
"""What the second button of a comparison puts into `pressed`."""

ANSWERS = {"given": mark("allows it"), "withdrawn": mark("does not allow it (any more)")}
SIDES = {"first": mark("the first card"), "second": mark("the second card")}

Field_ = Literal["name", "company", "birthday", "needs", "preferences", "owner_id", "met_on"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class CustomerForm(_Strict):
    """A customer."""

    version: Hidden = ""
    name: Annotated[Words, Field(min_length=1, max_length=100, title=mark("Name"))]
    company: Annotated[bool, Field(title=mark("A company"))] = False
    contacts: Annotated[list[ContactEntry], Field(max_length=50, title=mark("Contact"))] = []
    needs: Annotated[LongText, Field(max_length=2_000, title=mark("Needs"))] = ""
    preferences: Annotated[LongText, Field(max_length=2_000, title=mark("Preferences"))] = ""
    birthday: Birthday = ""
    lunar_birthday: Annotated[
        bool,
        Field(title=mark("By the lunar calendar"), description=mark("The birthday is a day of the lunar calendar.")),
    ] = False
    met_on: Annotated[
        date | None, Field(title=mark("First contact on"), description=mark("Today where it is empty."))
    ] = None
    owner_id: Annotated[
        Reference | None, Field(title=mark("Owner"), description=mark("Yourself where it is empty."))
    ] = None

    @property
    def entry(self) -> CustomerEntry:
        """What is entered."""
        return CustomerEntry.model_validate(self.model_dump(exclude={"version"}))


class ConsentForm(_Strict):
    """What a customer said about a purpose."""

    purpose: Annotated[
        Literal["care", "promotion", "personal", "survey"], Labels(PURPOSES), Field(title=mark("Used for"))
    ]
    answer: Annotated[Literal["given", "withdrawn"], Labels(ANSWERS), Field(title=mark("The customer"))]
    method: Annotated[
        Literal["form", "phone", "message", "contract", "in_person"],
        Labels(METHODS),
        Field(title=mark("How it was said")),
    ]
    said_on: Annotated[date | None, Field(title=mark("Said on"), description=mark("Today where it is empty."))] = None


class KnownAsForm(_Strict):
    """By what another system knows a customer."""

    system: Annotated[Words, Field(min_length=1, max_length=30, title=mark("System"), description=mark("Such as crm."))]
    known_as: Annotated[Words, Field(min_length=1, max_length=100, title=mark("Number there"))]


class MergeForm(_Strict):
    """That two cards are one customer's."""

    pressed: Hidden = ""
    keep: Annotated[Literal["first", "second"], Labels(SIDES), Field(title=mark("Card that stays"))] = "first"
    take: Annotated[
        list[Annotated[Field_, Labels(FIELDS)]],
        Field(
            title=mark("Taken from the other card"),
            description=mark("What is empty on the card that stays is taken anyway; numbers and consents stay all."),
        ),
    ] = []  # fmt: skip
    reason: Annotated[LongText, Field(max_length=500, title=mark("Why they are the same"))] = ""


class MergeWith(_Strict):
    """With whom a card is compared."""

    other_id: Annotated[
        Reference,
        Field(title=mark("Other customer"), description=mark("Search by name, pinyin, number or card number.")),
    ]


class Nothing(_Strict):
    """A form that asks nothing but to be sent."""
