"""The list of a month's findings, and what is asked on their screen."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy import BigInteger, Date, String

from marketbook.expense.inspection import TESTS, Judged
from marketbook.expense.params import MONTH, Words
from marketbook.kit.forms.fields import Labels, LongText
from marketbook.kit.forms.given import given
from marketbook.kit.forms.rows import Rows
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark

STATES = {"open": mark("pending"), "closed": mark("settled")}
"""What becomes of a finding."""

_COLUMNS = {
    "test": String, "said": String, "amount_minor": BigInteger, "state": String, "decision": String, "by": String,
    "closed_on": Date,
}  # fmt: skip


def _month(text: str) -> str:
    if not re.fullmatch(MONTH, text):
        raise ValueError(_("is no month; write it like 2026-03"))
    return text


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FindingRow(_Strict):
    """A finding in the list; its titles are those of the audit pack."""

    test: str = Field(title=mark("Test"))
    said: str = Field(title=mark("What was found"))
    amount_minor: int = Field(title=mark("Amount"))
    state: Annotated[Literal["open", "closed"], Labels(STATES)] = Field(title=mark("State"))
    decision: str = Field(title=mark("Decision"))
    by: str = Field(title=mark("Closed by"))
    closed_on: date | None = Field(title=mark("Date"))


class MonthForm(_Strict):
    """Which month's findings are shown."""

    month: Annotated[
        Words,
        Field(min_length=7, max_length=7, title=mark("Month"), description=mark("Written as 2026-03")),
        AfterValidator(_month),
    ]


class ClosingForm(_Strict):
    """An auditor's decision on a finding."""

    decision: LongText = Field(
        min_length=1,
        max_length=2_000,
        title=mark("Decision"),
        description=mark("What was found out, and what follows from it. It stays as it is written."),
    )


def rows(found: Sequence[Judged]) -> Rows:
    """Return findings as rows of a list, in their order; a row's id is its place, from 1 on."""
    return given(_COLUMNS, [_row(one) for one in found])


def _row(one: Judged) -> tuple[object, ...]:
    about = one.finding
    state = "closed" if one.decision else "open"
    return _(TESTS[about.test]), about.text, about.amount, state, one.decision, one.by, one.on
