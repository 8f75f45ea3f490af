"""A sale at a glance: who wants what, for how much and when, what is to be done next, and what is late."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.kit.language import format_date
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Party, Record, roles, types
from marketbook.office import activity, briefs, opportunity
from marketbook.office.activity import Activity
from marketbook.office.briefs import Brief, Table
from marketbook.office.budget_line import money
from marketbook.office.opportunity import LOST, OPEN, SOURCES, Opportunity
from marketbook.office.opportunity_rules import OPPORTUNITY

OTHERS = 5
"""How many other sales of the customer are shown."""


def of(session: Session, record: Record) -> Brief:
    """Return what there is to know of a sale, in the current language."""
    if not isinstance(record, Opportunity):
        return Brief()
    return Brief(
        rows=[(label, text) for label, text in _rows(session, record) if text],
        tables=[_steps(session, record), _others(session, record)],
        warnings=list(_warnings(session, record)),
    )


def _rows(session: Session, one: Opportunity) -> Iterator[tuple[str, str]]:
    contacted = opportunity.contacted_on(session, one)
    yield _("Customer"), session.get_one(Party, one.party_id).name
    yield _("Needs"), one.needs
    yield _("Estimated amount"), "" if one.amount_minor is None else money(one.amount_minor)
    yield _("Order expected on"), format_date(one.expected_on) if one.expected_on else ""
    yield _("Came from"), _(SOURCES[one.source])
    yield _("First contact"), format_date(contacted) if contacted else _until(one)
    yield _("Order number"), one.order_no or ""
    yield _("Order amount"), "" if one.order_minor is None else money(one.order_minor)
    yield _("Why it was lost"), _(LOST[one.lost_reason]) if one.lost_reason else ""
    yield _("In words"), one.lost_text


def _until(one: Opportunity) -> str:
    return _("owed until {day}").format(day=format_date(one.contact_by)) if one.status in OPEN else ""


def _steps(session: Session, one: Opportunity) -> Table:
    query = select(Activity).where(Activity.about_id == one.id).order_by(Activity.due_on.desc(), Activity.id.desc())
    rows = [
        [
            found.number, _(activity.KINDS[found.kind]), found.title, session.get_one(Party, found.owner_id).name,
            format_date(found.due_on), types.named("activity").called(found.status), found.outcome,
        ]
        for found in session.scalars(query)
    ]  # fmt: skip
    heads = [_("No."), _("Kind"), _("What is to be done"), _("Owner"), _("Due on"), _("Status"), _("What came of it")]
    return Table(_("Steps"), heads, rows, minor=(0, 1, 3))


def _others(session: Session, one: Opportunity) -> Table:
    query = select(Opportunity).where(
        Opportunity.party_id == one.party_id, Opportunity.id != one.id, Opportunity.owner_id == one.owner_id
    )
    rows = [
        [found.number, found.title, OPPORTUNITY.called(found.status)]
        for found in session.scalars(query.order_by(Opportunity.id.desc()).limit(OTHERS))
    ]
    return Table(_("Other opportunities with this customer"), [_("No."), _("Product"), _("Stage")], rows, minor=(0,))


def _warnings(session: Session, one: Opportunity) -> Iterator[str]:
    today, due = roles.today(), opportunity.steps(session, one)
    if one.status in OPEN and not due:
        yield _("It has no next step.")
    for step in due:
        if step.due_on < today:
            yield _("“{step}” was due on {day}.").format(step=step.title, day=format_date(step.due_on))
    if one.status in OPEN and one.contact_by < today and opportunity.contacted_on(session, one) is None:
        yield _("The first contact was owed until {day}.").format(day=format_date(one.contact_by))
    if one.status in OPEN and one.expected_on is not None and one.expected_on < today:
        yield _("The order was expected on {day}.").format(day=format_date(one.expected_on))


briefs.register("opportunity", of)
