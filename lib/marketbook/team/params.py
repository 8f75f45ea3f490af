"""What the team's forms ask and its lists hold, and what its reports can be asked."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from marketbook.kit.config import LanguageName
from marketbook.kit.forms.fields import Hidden, Labels, Reference
from marketbook.kit.language import mark
from marketbook.kit.params import Params
from marketbook.kit.records.person import ROLES

RoleName = Annotated[
    Literal["executive", "director", "manager", "specialist", "sales", "service", "finance", "auditor", "admin"],
    Labels(ROLES),
]
Roles = Annotated[list[RoleName], Field(title=mark("Roles"), description=mark("Finance and Auditor stand alone."))]
Language = Annotated[LanguageName, Field(title=mark("Language"))]
Superior = Annotated[Reference | None, Field(title=mark("Superior"), description=mark("Whose decisions count."))]
Login = Annotated[
    str,
    Field(
        min_length=2,
        max_length=50,
        title=mark("Login name"),
        description=mark("Letters, digits, '.', '_', '-' and '@'; capitals do not count."),
    ),
]
Name = Annotated[str, Field(min_length=1, max_length=100, title=mark("Full name"))]

STATES = {
    "open": mark("open"),
    "must_choose": mark("must choose a password"),
    "disabled": mark("disabled"),
}
State = Annotated[Literal["open", "must_choose", "disabled"], Labels(STATES)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewPerson(_Strict):
    """Somebody who gets an account."""

    name: Name
    login: Login
    roles: Roles = Field(min_length=1)
    superior_id: Superior = None
    language: Language = "zh_Hans"


class Person(_Strict):
    """What may be changed of somebody who has one."""

    version: Hidden = ""
    roles: Roles
    superior_id: Superior = None
    language: Language


class Account(_Strict):
    """A row of the list of accounts."""

    name: Name
    login: Login
    roles: Roles
    state: State = Field(title=mark("State"))
    superior: str | None = Field(default=None, title=mark("Superior"))
    language: Language


class Nothing(_Strict):
    """A form that asks nothing but to be sent."""


class ProveDuties(Params):
    """What `team/prove-duties` can be asked."""

    views: ClassVar[tuple[str, ...]] = (
        "activities",
        "care_occasions",
        "documents",
        "figures",
        "files",
        "opportunities",
        "posts",
        "report_records",
        "steps",
    )

    quarter: Annotated[str, Field(pattern=r"^20\d\d-Q[1-4]$")] | None = Field(
        default=None,
        title=mark("Quarter"),
        description=mark("Which quarter, like 2026-Q2; empty: the last one that is over."),
    )
