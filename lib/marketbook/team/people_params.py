"""What the forms about people ask, and what their list holds."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from marketbook.kit.forms.fields import Labels, Reference
from marketbook.kit.language import mark
from marketbook.team.params import Name, RoleName, Superior

AT_WORK = {"active": mark("at work"), "left": mark("has left")}

Deputy = Annotated[Reference, Field(title=mark("Deputy"), description=mark("Decides in the name of who is away."))]
FirstDay = Annotated[date | None, Field(title=mark("First day"), description=mark("Today where it is empty."))]
LastDay = Annotated[date, Field(title=mark("Last day"), description=mark("The role still holds on this day."))]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Employee(_Strict):
    """A row of the list of people."""

    name: Name
    roles: str = Field(title=mark("Roles today"))
    superior: str | None = Field(default=None, title=mark("Superior"))
    deputies: str = Field(title=mark("Represented by"))
    open_records: int = Field(title=mark("Open records"))
    status: Annotated[Literal["active", "left"], Labels(AT_WORK)] = Field(title=mark("State"))


class NewDeputy(_Strict):
    """A deputy, for some days."""

    deputy_id: Deputy
    first: FirstDay = None
    last: LastDay
    grant_id: Annotated[
        Reference | None, Field(title=mark("Only in this role"), description=mark("Every role where it is empty."))
    ] = None


class NewRole(_Strict):
    """A role, from a day on."""

    role: RoleName = Field(title=mark("Role"))
    first: FirstDay = None
    last: Annotated[
        date | None, Field(title=mark("Last day"), description=mark("The role stays where it is empty."))
    ] = None


class Ending(_Strict):
    """That a role or a deputy ends."""

    grant_id: Reference = Field(title=mark("Role or deputy"))
    last: Annotated[
        date | None, Field(title=mark("Last day"), description=mark("It ends at once where it is empty."))
    ] = None


class Standing(_Strict):
    """Under whom somebody stands."""

    superior_id: Superior = None


class Leaving(_Strict):
    """That somebody has left."""

    successor_id: Reference = Field(
        title=mark("Successor"),
        description=mark("Gets the open records and those who stood below; the account is shut, the roles end."),
    )
