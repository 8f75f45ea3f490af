"""A request for contact data at a glance: which people, how many, for what, and what has left on it already."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.customer.card import PURPOSES
from marketbook.customer.release import service
from marketbook.customer.release.tables import SCOPES, ContactRelease
from marketbook.kit.config import settings
from marketbook.kit.forms.rows import MOST
from marketbook.kit.language import format_date, format_datetime, format_integer
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Record, roles
from marketbook.kit.records.exports import ListExport
from marketbook.office import briefs
from marketbook.office.briefs import Brief, Table

DECIDED = ("rejected", "withdrawn")
"""The statuses in which nobody needs to know any more how many people it would be."""


def of(session: Session, record: Record) -> Brief:
    """Return what there is to know of a request, in the current language."""
    if not isinstance(record, ContactRelease):
        return Brief()
    count = _count(session, record) if record.status not in DECIDED else 0
    return Brief(
        rows=list(_rows(record, count)), tables=[_taken(session, record)], warnings=list(_warnings(record, count))
    )


def _rows(one: ContactRelease, count: int) -> Iterator[tuple[str, str]]:
    yield _("Whose customers"), _(SCOPES[one.scope])
    yield _("Class"), one.grade or _("every class")
    yield _("Used for"), _(PURPOSES[one.purpose])
    yield _("What is to be done with it, and why"), one.reason
    yield _("For how many people at most"), format_integer(one.most)
    if one.status not in DECIDED:
        yield _("People who allow it today"), format_integer(count) if count <= MOST else _("more than can leave")
    yield _("Until when it is needed"), format_date(one.until)
    yield _("How often it is taken out"), format_integer(one.times)


def _warnings(one: ContactRelease, count: int) -> Iterator[str]:
    if one.status not in DECIDED and count > one.most:
        yield _("More people are on the list today than are asked for: it could not leave so.")
    if one.status == "approved" and one.until < roles.today():
        yield _("It has ended: nothing leaves on it any more.")


def _count(session: Session, one: ContactRelease) -> int:
    return service.counted(
        session, scope=one.scope, grade=one.grade, purpose=one.purpose, party_id=one.entered_by_id
    )  # fmt: skip


def _taken(session: Session, one: ContactRelease) -> Table:
    query = select(ListExport.at, ListExport.count).where(ListExport.record_id == one.id).order_by(ListExport.id)
    zone = settings().zone
    rows = [[format_datetime(at.astimezone(zone)), format_integer(count)] for at, count in session.execute(query)]
    return Table(_("Taken out"), [_("At"), _("Customers")], rows, right=(1,))


briefs.register("contact_release", of)
