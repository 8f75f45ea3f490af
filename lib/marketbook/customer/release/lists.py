"""The list that leaves with its contact data, and the list of who asked for one."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from marketbook.customer import contacts, lists
from marketbook.customer.card import PURPOSES, Consent, Customer
from marketbook.customer.contacts import KINDS, NUMBERS
from marketbook.customer.release.tables import ContactRelease
from marketbook.kit.forms.fields import Labels
from marketbook.kit.forms.rows import Row, Rows
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import Party, Record, types
from marketbook.kit.records.exports import ListExport


class ReleasedRow(BaseModel):
    """A customer on a list that leaves with its contact data."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(title=mark("Name"))]
    mobile: Annotated[str, Field(title=KINDS["mobile"])] = ""
    phone: Annotated[str, Field(title=KINDS["phone"])] = ""
    email: Annotated[str, Field(title=KINDS["email"])] = ""
    wechat: Annotated[str, Field(title=KINDS["wechat"])] = ""
    grade: Annotated[str | None, Field(title=mark("Class"))] = None
    owner: Annotated[str, Field(title=mark("Owner"))]


class AskedRow(BaseModel):
    """A request to take contact data out, as a list shows it."""

    model_config = ConfigDict(extra="forbid")

    number: Annotated[str, Field(title=mark("No."))]
    title: Annotated[str, Field(title=mark("Title"))]
    status: Annotated[str, Field(title=mark("Status"))]
    purpose: Annotated[
        Literal["care", "promotion", "personal", "survey"], Labels(PURPOSES), Field(title=mark("Used for"))
    ]
    until: Annotated[date, Field(title=mark("Until"))]
    taken: Annotated[str, Field(title=mark("Taken out"))] = ""


def released(*, scope: str, grade: str | None, purpose: str, party_id: int) -> Rows:
    """Return the customers on a list who may allow a purpose; who does is said by `consents.allowing`.

    Args:
        scope: Of `SCOPES`.
        grade: Of this class alone; of every class where it is None.
        purpose: For what they are reached.
        party_id: Whose customers one's own are.
    """
    owner, merged = aliased(Party), aliased(Party)
    said = select(Consent.customer_id).where(Consent.purpose == purpose, Consent.given)
    joined = select(merged.merged_into_id).where(merged.merged_into_id.is_not(None))
    query: Any = (
        select(
            Customer.id.label("id"), Party.name.label("name"), Customer.grade.label("grade"),
            owner.name.label("owner"),
        )
        .join(Party, Party.id == Customer.id)
        .join(owner, owner.id == Customer.owner_id)
        .where(Party.merged_into_id.is_(None), or_(Customer.id.in_(said), Customer.id.in_(joined)))
    )  # fmt: skip
    query = query.where(Customer.owner_id == party_id) if scope == "own" else query
    query = query.where(Customer.grade == grade) if grade else query
    return Rows(query, complete=_with_contacts, texts=(), sorts=())


def asked(party_id: int) -> Rows:
    """Return what somebody has asked for."""
    query: Any = (
        select(
            ContactRelease.id.label("id"), Record.number, Record.title, Record.status, ContactRelease.purpose,
            ContactRelease.until, ContactRelease.times,
        )
        .join_from(ContactRelease.__table__, Record.__table__, Record.__table__.c.id == ContactRelease.__table__.c.id)
        .where(Record.__table__.c.entered_by_id == party_id)
    )  # fmt: skip
    return Rows(query, complete=_with_taken, newest_first=True, texts=(), sorts=())


def taken(session: Session, ids: Iterable[int]) -> dict[int, int]:
    """Return how often lists were taken out on some approvals; one is missing on which none was."""
    query = select(ListExport.record_id, func.count()).where(ListExport.record_id.in_(list(ids)))
    return {number: count for number, count in session.execute(query.group_by(ListExport.record_id)) if number}


def _with_contacts(session: Session, rows: list[Row]) -> None:
    found: dict[tuple[int, str], list[str]] = {}
    for customer, kind, value in lists.points(session, [row["id"] for row in rows]):
        found.setdefault((customer, kind), []).append(_dialled(kind, value))
    for row in rows:
        row.update({kind: _(", ").join(found.get((row["id"], kind), [])) for kind in KINDS})


def _dialled(kind: str, value: str) -> str:
    """Numbers leave without spaces, as what sends messages takes them."""
    return contacts.shown(kind, value).replace(" ", "") if kind in NUMBERS else value


def _with_taken(session: Session, rows: list[Row]) -> None:
    kind, found = types.named("contact_release"), taken(session, [row["id"] for row in rows])
    for row in rows:
        times = row.pop("times")
        row["taken"] = _("{count} of {times}").format(count=found.get(row["id"], 0), times=times)
        row["status"] = kind.called(row["status"])
