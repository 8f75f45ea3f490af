"""The lists of claims: whose they are, and what a row says."""

from collections.abc import Collection
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, aliased

from marketbook.expense.rules import CLAIM
from marketbook.expense.tables import KINDS, ExpenseClaim
from marketbook.kit.config import settings
from marketbook.kit.forms.fields import Labels
from marketbook.kit.forms.rows import Row, Rows
from marketbook.kit.language import mark
from marketbook.kit.records import Party, Record, Waiting, search

Status = Annotated[
    Literal[
        "draft", "submitted", "manager_approved", "director_approved", "finance_reviewed", "paid", "open", "closed",
        "rejected", "withdrawn",
    ],
    Labels(CLAIM.statuses),
]  # fmt: skip


class ClaimRow(BaseModel):
    """A row of a list of claims."""

    model_config = ConfigDict(extra="forbid")

    number: Annotated[str, Field(title=mark("Claim number"))]
    title: Annotated[str, Field(title=mark("Title"))]
    kind: Annotated[Literal["request", "vendor_payment", "reimbursement"], Labels(KINDS), Field(title=mark("Kind"))]
    owner: Annotated[str, Field(title=mark("Claimant"))]
    vendor: Annotated[str | None, Field(title=mark("Vendor"))] = None
    amount_minor: Annotated[int | None, Field(title=mark("Amount"))] = None
    status: Annotated[Status, Field(title=mark("Status"))]
    entered_on: Annotated[date, Field(title=mark("Entered on"))]


def own(party_id: int) -> Rows:
    """Return someone's own claims."""
    return _rows(ExpenseClaim.owner_id == party_id, few=select(Record.id).where(Record.owner_id == party_id))


def of_line(party_id: int) -> Rows:
    """Return the claims of those who stand below someone."""
    below = select(Party.id).where(Party.manager_id == party_id).cte("below", recursive=True)
    further = aliased(Party)
    everybody = below.union(select(further.id).join(below, further.manager_id == below.c.id))
    few = select(Record.id).where(Record.owner_id.in_(select(everybody.c.id)))
    # + 0: where they are many, read on in order until a page is full instead of sorting all that the index by owner has
    return _rows((ExpenseClaim.owner_id + 0).in_(select(everybody.c.id)), few=few)


def at_finance() -> Rows:
    """Return the claims that wait for finance."""
    few = select(Waiting.record_id).where(Waiting.role == "finance").distinct()
    waits = select(Waiting.record_id).where(Waiting.record_id == Record.id, Waiting.role == "finance")
    return _rows(waits.correlate(Record).exists(), few=few)


def some(ids: Collection[int]) -> Rows:
    """Return the claims of some ids."""
    return _rows(ExpenseClaim.id.in_(ids))


def everything() -> Rows:
    """Return all claims."""
    return _rows()


def _rows(*where: ColumnElement[bool], few: Any = None) -> Rows:  # noqa: ANN401  # a query
    owner, vendor = aliased(Party), aliased(Party)
    query: Any = (
        select(
            Record.id.label("id"), Record.number.label("number"), Record.title.label("title"),
            ExpenseClaim.kind.label("kind"), owner.name.label("owner"), vendor.name.label("vendor"),
            Record.amount_minor.label("amount_minor"), Record.status.label("status"),
            Record.entered_at.label("entered_at"), Record.type.label("type"), ExpenseClaim.id.label("claim_id"),
        )
        .select_from(ExpenseClaim)
        .join(owner, owner.id == Record.owner_id)
        .outerjoin(vendor, vendor.id == ExpenseClaim.vendor_id)
        .where(*where)
    )  # fmt: skip
    return Rows(
        query, complete=_complete, newest_first=True, few=few, texts=("number", "title", "owner", "vendor"), hits=_hits,
        sorts=("number", "title", "kind", "amount_minor", "status"), keys=dict.fromkeys(("id", "kind"), "claim_id"),
        always=("type", CLAIM.name), as_entered=("number",),
    )  # fmt: skip


def _hits(session: Session, text: str) -> Select[Any]:
    return search.records(session, text, prefix=CLAIM.prefix, kinds=("employee", "vendor"))


def _complete(_session: Session, rows: list[Row]) -> None:
    for row in rows:
        row["entered_on"] = row["entered_at"].astimezone(settings().zone).date()
