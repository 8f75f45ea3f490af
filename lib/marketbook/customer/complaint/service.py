"""Complaints: taking them in, working on them, and what came of them. Their steps are `advance`'s."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from marketbook.customer.complaint import ticker
from marketbook.customer.complaint.params import ClosingEntry, ComplaintEntry, ResolutionEntry
from marketbook.customer.complaint.rules import COMPLAINT, DESK
from marketbook.customer.complaint.tables import DEPARTMENTS, Complaint
from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Party, StatusChange, advance, comments, documents, notices, roles
from marketbook.kit.store import now
from marketbook.office import activity, later
from marketbook.office.activity import Activity
from marketbook.office.params import ActivityEntry

TITLE = 40
"""How many characters of what was said make the title."""

_CONTACT = re.compile(r"\S+@\S+|\+?\d[\d\s-]{5,}\d")
"""What a title never shows: addresses, and numbers long enough to reach somebody by."""


def enter(session: Session, entry: ComplaintEntry, *, actor: int) -> Complaint:
    """Take a complaint in; who does answers for it to the end, and until when it is due is written now.

    Raises:
        RecordError: There is no such customer, or it comes from the future.
        AccessError: The actor takes no complaints in.
    """
    _check_desk(session, actor)
    made = Complaint(**_content(session, entry), received_at=entry.received_at or now())
    if made.received_at > now():
        raise RecordError(_("A complaint cannot have come later than now."))
    ticker.write_due(session, made)
    documents.enter(session, made, actor=actor)
    ticker.wind(session, made)
    return made


def correct(session: Session, complaint: Complaint, entry: ComplaintEntry, *, actor: int, version: int) -> Complaint:
    """Write anew what was taken in, before anybody works on it; another severity has other due times.

    Raises:
        StaleError: Someone changed it since the actor saw it.
        RecordError: It was taken, or as for `enter`.
        AccessError: It is another's.
    """
    content = _content(session, entry)
    with documents.editing(session, complaint, actor=actor, version=version):
        for name, value in content.items():
            setattr(complaint, name, value)
        ticker.write_due(session, complaint)
    ticker.wind(session, complaint)
    return complaint


def take(session: Session, complaint: Complaint, *, actor: int, version: int) -> StatusChange:
    """Begin to work on a complaint, or go on with it after the customer has answered.

    Raises:
        StaleError: Someone was faster.
        AccessError: The actor works on no complaints.
    """
    return advance(session, complaint, "in_progress", actor=actor, version=version)


def assign(
    session: Session, complaint: Complaint, *, department: str, handler_id: int | None, actor: int, version: int
) -> Complaint:
    """Say which department has to do with a complaint and who works on it, who is told.

    Raises:
        StaleError: Someone changed it since the actor saw it.
        RecordError: It is over, or there is no such department.
        AccessError: The actor, or who is to work on it, works on no complaints.
    """
    if department not in DEPARTMENTS:
        raise RecordError(_("There is no department {name!r}.").format(name=department))
    if handler_id is not None:
        _check_desk(session, handler_id)
    with _written(session, complaint, ("open", "in_progress", "waiting_customer"), actor=actor, version=version):
        before, complaint.department, complaint.handler_id = complaint.handler_id, department, handler_id
    if handler_id is not None and handler_id not in (before, actor):
        notices.add(session, record_id=complaint.id, recipients=[handler_id], kind="assigned")
    return complaint


def respond(session: Session, complaint: Complaint, text: str, *, actor: int, version: int) -> Complaint:
    """Note what the customer was told; the first time it stops the clock of the answer.

    Raises:
        StaleError: Someone changed it since the actor saw it.
        RecordError: Nobody works on it, or it does not say what was told.
        AccessError: The actor works on no complaints.
    """
    with _written(session, complaint, ("in_progress",), actor=actor, version=version):
        complaint.responded_at = complaint.responded_at or now()
    comments.comment(session, complaint, text, actor=actor)
    ticker.wind(session, complaint)
    return complaint


def wait(session: Session, complaint: Complaint, question: str, *, actor: int, version: int) -> StatusChange:
    """Ask the customer something; the clock stands until the answer comes.

    Raises:
        StaleError: Someone changed it since the actor saw it.
        RecordError: Nobody works on it, or it does not say what was asked.
        AccessError: The actor works on no complaints.
    """
    return advance(session, complaint, "waiting_customer", actor=actor, version=version, reason=question)


def resolve(
    session: Session, complaint: Complaint, entry: ResolutionEntry, *, actor: int, version: int
) -> StatusChange:
    """Write down how a complaint was solved; the clock stops.

    Raises:
        StaleError: Someone changed it since the actor saw it.
        RecordError: Nobody works on it.
        AccessError: The actor works on no complaints.
    """
    with _written(session, complaint, ("in_progress",), actor=actor, version=version):
        complaint.resolution = entry.resolution
        complaint.cause, complaint.cause_text = entry.cause or complaint.cause, entry.cause_text or complaint.cause_text
    return advance(session, complaint, "resolved", actor=actor, version=complaint.version)


def close(session: Session, complaint: Complaint, entry: ClosingEntry, *, actor: int, version: int) -> StatusChange:
    """Close a complaint with its cause and what the customer says of it in the end.

    Raises:
        StaleError: Someone changed it since the actor saw it.
        RecordError: It is not solved, or its cause or a corrective action is missing.
        AccessError: The actor works on no complaints.
    """
    with _written(session, complaint, ("resolved",), actor=actor, version=version):
        for name, value in entry.model_dump().items():
            setattr(complaint, name, value or getattr(complaint, name))
    return advance(session, complaint, "closed", actor=actor, version=complaint.version)


def reopen(session: Session, complaint: Complaint, reason: str, *, actor: int, version: int) -> StatusChange:
    """Open a complaint again that was solved or closed; its clock goes on where it stopped.

    Raises:
        StaleError: Someone changed it since the actor saw it.
        RecordError: There is no reason, or it was too long ago.
        AccessError: The actor works on no complaints.
    """
    return advance(session, complaint, "in_progress", actor=actor, version=version, reason=reason)


def follow_up(session: Session, complaint: Complaint, entry: ActivityEntry, *, actor: int) -> Activity:
    """Enter something to be done about a complaint: a call, a task, a corrective action.

    Raises:
        RecordError: Its owner is no employee at work.
        AccessError: The actor works on no complaints.
    """
    _check_desk(session, actor)
    return activity.enter(session, entry.model_copy(update={"about_id": complaint.id}), actor=actor)


@contextmanager
def _written(
    session: Session, complaint: Complaint, statuses: tuple[str, ...], *, actor: int, version: int
) -> Iterator[None]:
    """Write into a complaint that is as far as it must be, as one new version of it."""
    with later.written(session, complaint, actor=actor, version=version):
        if complaint.status not in statuses:
            raise RecordError(
                _("{number} is {status}; this is written only while it is {allowed}.").format(
                    number=complaint.number, status=COMPLAINT.called(complaint.status),
                    allowed=_(", ").join(COMPLAINT.called(one) for one in statuses),
                )
            )  # fmt: skip
        yield


def _check_desk(session: Session, party_id: int) -> None:
    party = documents.at_work(session, party_id)
    if not roles.held(session, party_id=party_id) & set(DESK):
        raise AccessError(
            _("{name} takes no complaints: that is customer service's and the manager's.").format(name=party.name)
        )


def _content(session: Session, entry: ComplaintEntry) -> dict[str, object]:
    customer = session.get(Party, entry.party_id)
    if customer is None or customer.kind != "customer":
        raise RecordError(_("There is no customer {number}.").format(number=entry.party_id))
    about = entry.model_dump(exclude={"received_at", "party_id"})
    return {**about, "party_id": customer.merged_into_id or customer.id, "title": titled(entry.content)}


def titled(content: str) -> str:
    """Return what a complaint is called: how it begins, without what somebody can be reached by.

    Example:
        >>> titled("Call me at 138 0013 8000: the box came broken.")
        'Call me at …: the box came broken.'
    """
    plain = "".join(one if one.isprintable() else " " for one in _CONTACT.sub("…", content))
    words = " ".join(plain.split())
    return words if len(words) <= TITLE else f"{words[: TITLE - 1]}…"
