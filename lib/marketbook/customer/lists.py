"""The lists of customers and of who may be the same one, and what a row says; numbers are masked for everybody."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from marketbook.customer import card_params, contacts, family, index, quality
from marketbook.customer.card import STATUSES, Consent, ContactPoint, Customer, DuplicatePair
from marketbook.customer.duplicates import REASONS
from marketbook.customer.quality import Card
from marketbook.kit.config import settings
from marketbook.kit.forms.fields import Labels
from marketbook.kit.forms.rows import Row, Rows
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import Party, roles

Status = Annotated[Literal["prospect", "active", "dormant", "merged"], Labels(STATUSES)]


class CustomerRow(BaseModel):
    """A row of a list of customers."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(title=mark("Name"))]
    contact: Annotated[str, Field(title=mark("Contact (masked)"))] = ""
    grade: Annotated[str | None, Field(title=mark("Class"))] = None
    status: Annotated[Status, Field(title=mark("Status"))]
    owner: Annotated[str, Field(title=mark("Owner"))]
    complete_share: Annotated[float, Field(ge=0, le=1, title=mark("Complete"))] = 0
    looked_on: Annotated[date | None, Field(title=mark("Last checked"))] = None
    remark: Annotated[str, Field(title=mark("Remark"))] = ""


class PairRow(BaseModel):
    """A row of the list of customers who may be the same one."""

    model_config = ConfigDict(extra="forbid")

    first: Annotated[str, Field(title=mark("Customer"))]
    first_contact: Annotated[str, Field(title=mark("Contact (masked)"))] = ""
    second: Annotated[str, Field(title=mark("Other customer"))]
    second_contact: Annotated[str, Field(title=mark("Other's contact (masked)"))] = ""
    reason: Annotated[str, Field(title=mark("Why they may be the same"))] = ""


def everybody() -> Rows:
    """Return all customers, without the cards that are merged into others."""
    return _rows()


def own(party_id: int) -> Rows:
    """Return the customers for whom somebody answers."""
    return _rows(Customer.owner_id == party_id, few=select(Customer.id).where(Customer.owner_id == party_id))


def pairs() -> Rows:
    """Return the customers who may be the same one."""
    first, second = aliased(Party), aliased(Party)
    query: Any = (
        select(
            DuplicatePair.id.label("id"), first.name.label("first"), second.name.label("second"),
            DuplicatePair.reasons.label("reasons"), DuplicatePair.first_id.label("first_id"),
            DuplicatePair.second_id.label("second_id"),
        )
        .join(first, first.id == DuplicatePair.first_id)
        .join(second, second.id == DuplicatePair.second_id)
    )  # fmt: skip
    return Rows(query, complete=_with_reasons, texts=(), sorts=())


def masked(session: Session, ids: Iterable[int]) -> Mapping[int, str]:
    """Return the contact points of some customers, as lists show them."""
    found: dict[int, list[str]] = {}
    for customer, kind, value in points(session, ids):
        found.setdefault(customer, []).append(contacts.masked(kind, value))
    return {customer: _(", ").join(several) for customer, several in found.items()}


def _rows(*where: ColumnElement[bool], few: Any = None) -> Rows:  # noqa: ANN401  # a query
    owner = aliased(Party)
    query: Any = (
        select(
            Customer.id.label("id"), Party.name.label("name"), Customer.grade.label("grade"),
            Party.status.label("status"), owner.name.label("owner"), Party.checked_on.label("checked_on"),
            Party.birthday.label("birthday"), Customer.company.label("company"), Customer.needs.label("needs"),
            Customer.preferences.label("preferences"), Customer.entered_at.label("entered_at"),
        )
        .join(Party, Party.id == Customer.id)
        .join(owner, owner.id == Customer.owner_id)
        .where(Party.merged_into_id.is_(None), *where)
    )  # fmt: skip
    return Rows(query, complete=_complete, newest_first=True, texts=("name",), hits=index.hits, few=few, sorts=())


def _complete(session: Session, rows: list[Row]) -> None:
    ids = [row["id"] for row in rows]
    reached: dict[int, list[tuple[str, str]]] = {}
    for customer, kind, value in points(session, ids):
        reached.setdefault(customer, []).append((kind, value))
    of = family.of_many(session, ids)
    said = {of[one] for one in session.scalars(select(Consent.customer_id).where(Consent.customer_id.in_(of)))}
    stale_days = card_params.stale_days(session, on=roles.today())
    for row in rows:
        _judge(row, reached.get(row["id"], []), said=row["id"] in said, stale_days=stale_days)


def _judge(row: Row, points: list[tuple[str, str]], *, said: bool, stale_days: int) -> None:
    """Say how good a row's data are, and leave out what a list does not show."""
    entered_on = row.pop("entered_at").astimezone(settings().zone).date()
    row["looked_on"] = row.pop("checked_on")
    filled = {name for name in ("needs", "preferences", "birthday") if row.pop(name)} | ({"consent"} if said else set())
    card = Card(row.pop("company"), points, filled, row["looked_on"] or entered_on)
    found = quality.looked_at(card, on=roles.today(), stale_days=stale_days)
    row["contact"] = _(", ").join(contacts.masked(*point) for point in points)
    row["complete_share"] = found.complete_bp / 10_000
    remarks = ([_("cannot be reached")] if found.wrong else []) + ([_("look at it again")] if found.stale else [])
    row["remark"] = _(", ").join(remarks)


def _with_reasons(session: Session, rows: list[Row]) -> None:
    numbers = masked(session, {row[name] for row in rows for name in ("first_id", "second_id")})
    for row in rows:
        row["reason"] = _("; ").join(_(REASONS[one]) for one in row.pop("reasons"))
        for name in ("first", "second"):
            number = row.pop(f"{name}_id")
            row[name], row[f"{name}_contact"] = f"{row[name]} ({number})", numbers.get(number, "")


def points(session: Session, ids: Iterable[int]) -> list[tuple[int, str, str]]:
    """Return the contact points in use of some cards, as they are; those of merged cards are the kept one's.

    Args:
        session: A session of either kind.
        ids: Of the cards.

    Returns:
        The card, the kind and the value of each, what was entered first in front.
    """
    of = family.of_many(session, ids)
    query = select(ContactPoint.id, ContactPoint.customer_id, ContactPoint.kind, ContactPoint.value)
    used = query.where(ContactPoint.customer_id.in_(of), ContactPoint.removed_at.is_(None))
    found = sorted(session.execute(used), key=lambda row: row.id)
    return [(of[row.customer_id], row.kind, row.value) for row in found]
