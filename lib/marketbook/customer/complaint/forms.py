"""What the forms of complaints ask, and what they search for."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from marketbook.customer import finding
from marketbook.customer.complaint.params import Cause, Department, Severity, Source, Words
from marketbook.customer.complaint.rules import DESK
from marketbook.customer.complaint.tables import CAUSES, DEPARTMENTS, SEVERITIES, SOURCES
from marketbook.customer.opening import OfCustomer
from marketbook.kit.forms.fields import Hidden, Labels, LongText, Reference
from marketbook.kit.forms.search import Search
from marketbook.kit.language import mark
from marketbook.office.activity import KINDS

MOST = 20
"""How many are offered at once."""

FOLLOW_UPS = {one: KINDS[one] for one in ("corrective_action", "product_change", "issue", "call", "visit", "task")}

Solution = Annotated[LongText, Field(min_length=1, max_length=4_000, title=mark("How it was solved"))]
Coded = Annotated[Cause | None, Labels(CAUSES), Field(title=mark("Cause"), description=mark("Needed to close it."))]
InWords = Annotated[LongText, Field(max_length=2_000, title=mark("Cause in words"))]
Concerned = Annotated[Department, Labels(DEPARTMENTS), Field(title=mark("Department"))]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class IntakeForm(OfCustomer):
    """A complaint as it comes in."""

    version: Hidden = ""
    pressed: Hidden = ""
    content: Annotated[LongText, Field(min_length=10, max_length=4_000, title=mark("What is complained of"))]
    severity: Annotated[Severity, Labels(SEVERITIES), Field(title=mark("Severity"))] = "normal"
    source: Annotated[Source, Labels(SOURCES), Field(title=mark("Came by"))] = "phone"
    department: Concerned = "service"


class AnswerForm(_Strict):
    """What the customer was told."""

    version: Hidden = ""
    text: Annotated[LongText, Field(min_length=1, max_length=4_000, title=mark("What the customer was told"))]


class SolutionForm(_Strict):
    """How it was solved."""

    version: Hidden = ""
    resolution: Solution
    cause: Coded = None
    cause_text: InWords = ""


class ClosingForm(_Strict):
    """What is known at the end."""

    version: Hidden = ""
    cause: Coded = None
    cause_text: InWords = ""
    satisfaction: Annotated[
        int | None, Field(ge=1, le=5, title=mark("Satisfaction (1 to 5)"), description=mark("As the customer says."))
    ] = None


class AssignForm(_Strict):
    """Whose it is."""

    version: Hidden = ""
    department: Concerned
    handler_id: Annotated[Reference | None, Field(title=mark("Who works on it"))] = None


class FollowUpForm(_Strict):
    """Something to be done about it."""

    kind: Annotated[
        Literal["corrective_action", "product_change", "issue", "call", "visit", "task"],
        Labels(FOLLOW_UPS),
        Field(title=mark("Kind")),
    ] = "corrective_action"
    title: Annotated[Words, Field(min_length=1, max_length=200, title=mark("What is to be done"))]
    due_on: Annotated[date, Field(title=mark("Until when"))]
    owner_id: Annotated[
        Reference | None, Field(title=mark("Who does it"), description=mark("You, where it is empty."))
    ] = None


def agents() -> Search:
    """Return how those are found who work on complaints, by name."""
    return finding.employees(DESK)
