"""What is entered of a customer."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from marketbook.customer import contacts
from marketbook.customer.contacts import KINDS
from marketbook.kit.errors import RecordError
from marketbook.kit.forms.fields import Labels
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark

DAYS = {1: 31, 2: 29, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}

_BIRTHDAY = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


def birthday(text: str) -> str:
    """Return a birthday as mm-dd; empty for none.

    Example:
        >>> birthday("3月5日"), birthday("2/29"), birthday("")
        ('03-05', '02-29', '')
    """
    if not text.strip():
        return ""
    found = _BIRTHDAY.fullmatch(text.strip())
    month, day = (int(part) for part in found.groups()) if found else (0, 0)
    if not 1 <= day <= DAYS.get(month, 0):
        raise ValueError(_("must be a month and a day, such as 03-05"))
    return f"{month:02}-{day:02}"


def one_line(text: object) -> object:
    """Return a text without line ends and doubled spaces."""
    return " ".join(text.split()) if isinstance(text, str) else text


Birthday = Annotated[
    str,
    AfterValidator(birthday),
    Field(title=mark("Birthday"), description=mark("Month and day, such as 03-05; the year is not kept.")),
]
Words = Annotated[str, BeforeValidator(one_line)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class ContactEntry(_Strict):
    """A contact point, as it was typed."""

    kind: Annotated[Literal["mobile", "phone", "email", "wechat"], Labels(KINDS), Field(title=mark("Kind"))] = "mobile"
    value: Annotated[
        Words,
        Field(
            min_length=1, max_length=300, title=mark("Number or address"),
            description=mark("One customer's alone; abroad with the country's code, such as +852."),
        ),
    ]  # fmt: skip
    shared: Annotated[bool, Field(title=mark("Shared"), description=mark("Several customers are reached there."))] = (
        False
    )

    @property
    def point(self) -> tuple[str, str]:
        """The kind, and the value in the form in which it is kept.

        Raises:
            RecordError: It is none.
        """
        return self.kind, contacts.normalised(self.kind, self.value)


class CustomerEntry(_Strict):
    """A customer, as somebody enters or corrects it."""

    name: Annotated[Words, Field(min_length=1, max_length=100)]
    company: bool = False
    birthday: Birthday = ""
    lunar_birthday: bool = False
    contacts: list[ContactEntry] = []
    needs: Annotated[str, Field(max_length=2_000)] = ""
    preferences: Annotated[str, Field(max_length=2_000)] = ""
    met_on: date | None = None
    owner_id: int | None = None


def points(entries: list[ContactEntry]) -> dict[tuple[str, str], bool]:
    """Return the contact points of an entry with whether each is shared.

    Raises:
        RecordError: One is none, or stands there twice.
    """
    found: dict[tuple[str, str], bool] = {}
    for one in entries:
        point = one.point
        if point in found:
            raise RecordError(_("{contact} is entered twice.").format(contact=contacts.masked(*point)))
        found[point] = one.shared
    return found
