"""The lists of follow-ups: what is due comes first, and a customer with several cards is on it once."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, Table, and_, select
from sqlalchemy.orm import Session, aliased

from marketbook.customer import family
from marketbook.customer.card import Customer
from marketbook.customer.care import doing
from marketbook.customer.care.tables import CUSTOMER, OCCASIONS, CareOccasion
from marketbook.customer.grade import GRADES
from marketbook.kit.forms.fields import Labels
from marketbook.kit.forms.listing import View
from marketbook.kit.forms.rows import Order, Page, Place, Row, Rows
from marketbook.kit.language import format_date, mark, ngettext
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Party, Record, roles
from marketbook.office.activity import KINDS, Activity, Participation

SHOWN: Mapping[str, str] = {name: KINDS[name] for name in ("call", "visit", "care", "recommendation")}
"""The kinds of activities that are on the lists."""

MOST = 500
"""So many are counted at most."""

MANAGERS = frozenset({"manager"})

_RECORD = cast("Table", Record.__table__)


class FollowUpRow(BaseModel):
    """A row of the lists."""

    model_config = ConfigDict(extra="forbid")

    when: Annotated[str, Field(title=mark("Due"))] = ""
    customer: Annotated[str, Field(title=mark("Customer"))]
    what: Annotated[str, Field(title=mark("What"))] = ""
    grade: Annotated[Literal["A", "B", "C"] | None, Labels(GRADES), Field(title=mark("Class"))] = None
    owner: Annotated[str, Field(title=mark("Who does it"))] = ""
    due_on: Annotated[date, Field(title=mark("Due on"))]


@dataclass(frozen=True)
class ByDay(Rows):
    """Rows of which those come first that are due first."""

    def page(self, session: Session, order: Order, *, after: Place | None = None, size: int = 50) -> Page:
        """Read a page, by the day where nothing else is asked for."""
        wanted = order if order.sort else replace(order, sort="due_on")
        return super().page(session, wanted, after=after, size=size)


def views(party_id: int, held: Collection[str]) -> list[View]:
    """Return the lists of the screen.

    Args:
        party_id: The reader.
        held: The reader's roles.
    """
    own = [View(_("Today"), today(party_id)), View(_("Coming days"), coming(party_id))]
    return [*own, View(_("Everybody's, due"), everybodys(), MANAGERS)] if MANAGERS & set(held) else own


def today(party_id: int) -> Rows:
    """Return what is due for somebody, what is overdue first."""
    return _rows(_RECORD.c.owner_id == party_id, Activity.due_on <= roles.today())


def coming(party_id: int) -> Rows:
    """Return what is on somebody's list for later."""
    return _rows(_RECORD.c.owner_id == party_id, Activity.due_on > roles.today())


def everybodys() -> Rows:
    """Return what is due for everybody."""
    return _rows(_RECORD.c.id > 0, Activity.due_on <= roles.today())


def count(session: Session, party_id: int) -> tuple[int, int]:
    """Return how much is due for somebody, and how much of it is overdue."""
    rows = first(session, party_id, size=MOST)
    return len(rows), sum(row["due_on"] < roles.today() for row in rows)


def first(session: Session, party_id: int, *, size: int = 1) -> list[Row]:
    """Return what is due first for somebody."""
    return today(party_id).page(session, Order(), size=size).rows


def when(due_on: date) -> str:
    """Say how far away a day is."""
    days = (due_on - roles.today()).days
    if days < 0:
        return ngettext("{count} day late", "{count} days late", -days).format(count=-days)
    if days == 0:
        return _("today")
    return format_date(due_on)


def what(kind: str, occasion: str | None) -> str:
    """Say what is to be done: the occasion of a greeting, else the kind."""
    return _(OCCASIONS[occasion]) if occasion else _(SHOWN[kind])


def _rows(mine: ColumnElement[bool], due: ColumnElement[bool]) -> Rows:
    open_ones = _RECORD.c.status.in_(doing.OPEN)
    few = select(_RECORD.c.id).where(_RECORD.c.type == "activity", open_ones, mine)
    return ByDay(_selected(mine, due), complete=_complete, texts=("customer",), few=few)


def _selected(mine: ColumnElement[bool], due: ColumnElement[bool]) -> Any:  # noqa: ANN401  # a query
    party, owner = aliased(Party), aliased(Party)
    return (
        select(
            Activity.id.label("id"), Activity.due_on.label("due_on"), Activity.kind.label("kind"),
            party.name.label("customer"), party.id.label("party_id"), party.merged_into_id.label("merged_into_id"),
            Customer.grade.label("grade"), CareOccasion.occasion.label("occasion"), owner.name.label("owner"),
        )
        .select_from(Activity)
        .join(Participation, and_(Participation.activity_id == Activity.id, Participation.role == CUSTOMER))
        .join(party, party.id == Participation.party_id)
        .join(Customer, Customer.id == party.id)
        .join(owner, owner.id == Activity.owner_id)
        .outerjoin(CareOccasion, CareOccasion.activity_id == Activity.id)
        .where(Activity.status.in_(doing.OPEN), Activity.kind.in_(SHOWN), mine, due)
    )  # fmt: skip


def _complete(session: Session, rows: list[Row]) -> None:
    """Call customers by the card that was kept, and leave out what another row stands for."""
    kept = {row["id"]: _kept(session, row) for row in rows}
    first = _first_of_each(session, set(kept.values()))
    rows[:] = [row for row in rows if first.get(row["id"], True)]
    for row in rows:
        if row.pop("party_id") != kept[row["id"]]:
            row["customer"] = session.get_one(Party, kept[row["id"]]).name
        row.pop("merged_into_id")
        row["when"], row["what"] = when(row["due_on"]), what(row.pop("kind"), row.pop("occasion"))


def _kept(session: Session, row: Row) -> int:
    number: int = row["party_id"]
    return number if row["merged_into_id"] is None else family.kept(session, number)


def _first_of_each(session: Session, customer_ids: set[int]) -> dict[int, bool]:
    """Tell of what is on the lists for customers with several cards whether it is the one that is shown.

    For each thing that is to be done with such a customer one is shown: that of the card that was kept, else the first
    one; and none for an occasion that the customer was greeted for already.
    """
    of = family.of_many(session, customer_ids)
    cards = Counter(of.values())
    several = {one: kept for one, kept in of.items() if cards[kept] > 1}
    query = (
        select(
            Activity.id, Activity.status, Participation.party_id, CareOccasion.occasion, CareOccasion.period,
            CareOccasion.sent_at,
        )
        .select_from(Activity)
        .join(Participation, and_(Participation.activity_id == Activity.id, Participation.role == CUSTOMER))
        .outerjoin(CareOccasion, CareOccasion.activity_id == Activity.id)
        .where(Participation.party_id.in_(several), Activity.kind.in_(SHOWN), Activity.status != "cancelled")
        .order_by(Activity.id)
    )  # fmt: skip
    groups: dict[tuple[object, ...], list[Any]] = {}
    for one in session.execute(query) if several else ():
        if one.status in doing.OPEN or one.sent_at is not None:
            groups.setdefault((several[one.party_id], one.occasion, one.period), []).append(one)
    return {one.id: one.id == _chosen(group, several) for group in groups.values() for one in group}


def _chosen(group: list[Any], kept: Mapping[int, int]) -> int:
    sent = [one for one in group if one.sent_at is not None]
    own = [one for one in group if one.party_id == kept[one.party_id]]
    return int((sent or own or group)[0].id)
