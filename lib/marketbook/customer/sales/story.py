"""What a customer's card tells of sales: the purchases, and to who sees the sales how they went."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.kit.language import format_date
from marketbook.kit.language import gettext as _
from marketbook.kit.records import StatusChange, documents
from marketbook.office import activity, opportunity_access
from marketbook.office.activity import Activity
from marketbook.office.briefs import Table
from marketbook.office.budget_line import money
from marketbook.office.opportunity import Opportunity
from marketbook.office.opportunity_rules import OPPORTUNITY

PURCHASES = 20
"""How many purchases a card shows, the newest first."""

Told = tuple[datetime, int, str, str]
"""When, who, what, and more about it."""


def purchases(session: Session, customer_ids: Sequence[int]) -> Table:
    """Return what a customer has ordered, the newest first."""
    won = select(Opportunity).where(Opportunity.party_id.in_(customer_ids), Opportunity.status == "won")
    rows = [
        (
            one.order_no or "", one.title, money(one.order_minor or 0),
            "" if one.closed_on is None else format_date(one.closed_on),
        )
        for one in session.scalars(won.order_by(Opportunity.closed_on.desc(), Opportunity.id.desc()).limit(PURCHASES))
    ]  # fmt: skip
    heads = (_("Order number"), _("Product"), _("Order amount"), _("Won on"))
    return Table(_("Purchases"), heads, rows)


def needs(session: Session, customer_ids: Sequence[int], *, reader: int) -> Table:
    """Return what a customer wants by the open sales that the reader sees."""
    rows = [
        (one.number, one.title, OPPORTUNITY.called(one.status), one.needs)
        for one in _seen(session, customer_ids, reader) if one.status not in ("won", "lost")
    ]  # fmt: skip
    return Table(_("Open opportunities"), (_("No."), _("Product"), _("Stage"), _("Needs")), rows)


def told(session: Session, customer_ids: Sequence[int], *, reader: int) -> Iterator[Told]:
    """Return what happened with the sales of a customer that the reader sees."""
    for one in _seen(session, customer_ids, reader):
        text = _("{number}: {title}").format(number=one.number, title=one.title)
        yield one.entered_at, one.entered_by_id, _("opportunity"), text
        for step in documents.history(session, record_id=one.id):
            what = OPPORTUNITY.called(step.to_status)
            yield step.at, step.actor_id, what, "\n".join(filter(None, (text, step.reason)))
        yield from _done(session, one)


def _done(session: Session, one: Opportunity) -> Iterator[Told]:
    """Return what came of the steps of a sale."""
    query = (
        select(Activity, StatusChange.at, StatusChange.actor_id)
        .join(StatusChange, StatusChange.record_id == Activity.id)
        .where(Activity.about_id == one.id, StatusChange.to_status == "done")
    )
    for step, at, actor in session.execute(query):
        yield at, actor, _(activity.KINDS[step.kind]), f"{step.title}\n{step.outcome}"


def _seen(session: Session, customer_ids: Sequence[int], reader: int) -> list[Opportunity]:
    query = select(Opportunity).where(Opportunity.party_id.in_(customer_ids))
    owners = opportunity_access.owners(session, party_id=reader)
    if owners is not None:
        query = query.where(Opportunity.owner_id.in_(sorted(owners)))
    return list(session.scalars(query.order_by(Opportunity.id.desc())))
