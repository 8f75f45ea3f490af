"""The views that several chapters share: the audit log, without what it keeps of each row."""

from pydantic import Field
from sqlalchemy import select

from marketbook.kit.facts import Row
from marketbook.kit.facts.view import View
from marketbook.kit.language import mark
from marketbook.kit.store.audit import AuditLog


class AuditLogRow(Row):
    """One change of a kept row."""

    seq: int = Field(title=mark("Row"))
    at: str = Field(title=mark("When (UTC)"))
    actor: str = Field(title=mark("Actor"))
    table_name: str = Field(title=mark("Table"))
    row_key: str = Field(title=mark("Key"))
    op: str = Field(title=mark("Change"))
    hash: str = Field(title=mark("Hash"))


AUDIT_LOG = View(
    "audit_log", AuditLogRow, ("seq",), mark("Audit log"), mark("One change of a kept row."),
    codes={"op": {"INSERT": mark("added"), "UPDATE": mark("changed"), "DELETE": mark("removed")}},
    query=select(*(getattr(AuditLog, name) for name in AuditLogRow.model_fields)),
)  # fmt: skip
DATASETS = ()
VIEWS = (AUDIT_LOG,)
