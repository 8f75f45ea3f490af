"""What is asked of the audit log, and what its list holds."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from marketbook.kit.forms.fields import Labels, Reference
from marketbook.kit.language import mark

TABLES = {
    "record": mark("records"),
    "status_change": mark("steps and decisions"),
    "attachment": mark("files"),
    "comment": mark("comments"),
    "rule_change": mark("changes of rules"),
    "parameter": mark("parameters"),
    "state": mark("states"),
    "transition": mark("steps that can be taken"),
    "party": mark("people and companies"),
    "role_grant": mark("roles and deputies"),
    "account": mark("accounts"),
    "calendar": mark("working calendar"),
    "external_id": mark("ids of other systems"),
    "plan": mark("plans"),
    "budget_line": mark("budget lines"),
    "budget_transfer": mark("transfers of budget"),
    "expense_claim": mark("claims"),
    "expense_line": mark("lines of claims"),
    "invoice": mark("invoices"),
    "complaint": mark("complaints"),
    "opportunity": mark("opportunities"),
    "list_export": mark("lists of people that left"),
}
"""What people call the tables that the log watches; one that is not here goes by its own name."""

TableName = Annotated[
    Literal[
        "record", "status_change", "attachment", "comment", "rule_change", "parameter", "state", "transition", "party",
        "role_grant", "account", "calendar", "external_id", "plan", "budget_line", "budget_transfer", "expense_claim",
        "expense_line", "invoice", "complaint", "opportunity", "list_export",
    ],
    Labels(TABLES),
]  # fmt: skip


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Entry(_Strict):
    """A row of the audit log."""

    at: str = Field(title=mark("When it was done"))
    actor: str = Field(title=mark("Who did it"))
    table: str = Field(title=mark("What was done"))
    number: str = Field(title=mark("Record"))
    op: str = Field(title=mark("Kind of change"))
    told: str = Field(title=mark("What changed"))
    seq: int = Field(title=mark("Row of the log"))


class Asked(_Strict):
    """What is looked for; all that is given must be so."""

    number: str = Field(default="", max_length=30, title=mark("Number of a record"))
    actor_id: Annotated[Reference | None, Field(title=mark("Who changed it"))] = None
    table: Annotated[TableName | None, Field(title=mark("What was changed"))] = None
    first: Annotated[date | None, Field(title=mark("From day"))] = None
    last: Annotated[date | None, Field(title=mark("To day"))] = None
