"""The view of sales that reports stand on: no customer's name, and nothing of what was said."""

from datetime import date, datetime
from typing import Any

from pydantic import Field
from sqlalchemy import ScalarSelect, Select, func, select

from marketbook.customer.sales import orders
from marketbook.kit.facts import Row
from marketbook.kit.facts.view import View
from marketbook.kit.language import mark
from marketbook.kit.records import Party, Record, StatusChange
from marketbook.office.opportunity import LOST, SALE, SOURCES, TABLE
from marketbook.office.opportunity_rules import OPPORTUNITY

_record = Record.__table__.c
_owner = Party.__table__.alias("owner")


class SaleRow(Row):
    """One sale, without its words."""

    opportunity: str = Field(title=mark("Opportunity"))
    customer_id: int = Field(title=mark("Customer number"))
    status: str = Field(title=mark("Stage"))
    source: str = Field(title=mark("Came from"))
    owner: str = Field(title=mark("Owner"))
    owner_id: int = Field(title=mark("Owner's number"))
    amount_minor: int | None = Field(title=mark("Estimated amount"))
    order_minor: int | None = Field(title=mark("Order amount"))
    lost_reason: str | None = Field(title=mark("Why it was lost"))
    entered_at: datetime = Field(title=mark("Entered at"))
    qualified_at: datetime | None = Field(title=mark("Qualified at"))
    proposal_at: datetime | None = Field(title=mark("Proposal made at"))
    closed_on: date | None = Field(title=mark("Won or lost on"))
    expected_on: date | None = Field(title=mark("Order expected on"))
    contact_by: date = Field(title=mark("First contact owed by"))
    contacted_on: date | None = Field(title=mark("First contact on"))
    next_on: date | None = Field(title=mark("Next step on"))
    followed_on: date | None = Field(title=mark("Order looked after on"))


def _sales() -> Select[Any]:
    one = TABLE.c
    return (
        select(
            _record.number.label("opportunity"), one.party_id.label("customer_id"), _record.status, one.source,
            _owner.c.name.label("owner"), _record.owner_id, _record.amount_minor, one.order_minor, one.lost_reason,
            _record.entered_at, _reached("qualified").label("qualified_at"),
            _reached("proposal").label("proposal_at"), one.closed_on,
            one.expected_on, one.contact_by, orders.contacted_on(one.id).label("contacted_on"),
            orders.next_on(one.id).label("next_on"), orders.followed_on().label("followed_on"),
        )
        .select_from(TABLE)
        .join(Record.__table__, _record.id == one.id)
        .join(_owner, _owner.c.id == _record.owner_id)
        .where(_record.category == SALE)
    )  # fmt: skip


def _reached(status: str) -> ScalarSelect[datetime]:
    """Return when a sale came to a stage."""
    step = StatusChange.__table__.c
    return select(func.min(step.at)).where(step.record_id == TABLE.c.id, step.to_status == status).scalar_subquery()


SALES = View(
    "opportunities", SaleRow, ("opportunity",), mark("Opportunities"),
    mark("One opportunity: its stages, its amounts, and what was promised when; never what was said."),
    codes={"status": OPPORTUNITY.statuses, "source": SOURCES, "lost_reason": LOST}, query=_sales(),
    tables=("record", "opportunity"),
)  # fmt: skip
VIEWS = (SALES,)
