"""Asking for a list with its contact data, and taking it out once it is approved."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from marketbook.customer import access, consents
from marketbook.customer.card import PURPOSES, Customer
from marketbook.customer.release import lists
from marketbook.customer.release.params import DAYS, ReleaseEntry
from marketbook.customer.release.tables import SCOPES, ContactRelease
from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.forms.rows import MOST, Leaving, Row
from marketbook.kit.language import format_date, format_integer, mark, ngettext
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Party, Record, RecordType, advance, documents, exports, parameters, roles, types
from marketbook.kit.store import acting

LIST = "customers"
"""Under which name it is noted that the list left, as without contact data."""


def ask(session: Session, entry: ReleaseEntry, *, actor: int) -> ContactRelease:
    """Ask for a list with its contact data, and hand the request in at once.

    Raises:
        RecordError: The day is over, or too far ahead.
        AccessError: The actor does not work with customers.
    """
    _check_reader(session, actor)
    made = ContactRelease(**entry.model_dump(), title=_title(entry))
    documents.enter(session, made, actor=actor)
    advance(session, made, "submitted", actor=actor, version=made.version)
    return made


def take(session: Session, release: ContactRelease, rows: Sequence[Row], *, actor: int) -> Leaving:
    """Return which rows may leave with their contact data, and note that they do.

    Args:
        session: A writing session; what it writes is undone where the file is not made.
        release: On whose approval.
        rows: Of `lists.released`, with their ids.
        actor: Who takes them out.

    Raises:
        AccessError: Another asked for it, or the actor does not work with customers any more.
        RecordError: It is not approved, its day is over, it was used, or there are more people than it is for.
    """
    check_usable(session, release, actor=actor)
    allowed = consents.allowing(session, [row["id"] for row in rows], release.purpose)
    leaving = [row for row in rows if row["id"] in allowed]
    _check_count(release, len(leaving))
    with acting(session, actor):
        exports.note(
            session, party_id=actor, name=LIST, count=len(leaving), record_id=release.id, purpose=release.purpose
        )
    return Leaving(leaving, _left(session, release, len(leaving)))


def check_usable(session: Session, release: ContactRelease, *, actor: int) -> None:
    """Refuse to let a list leave with its contact data where nobody has allowed it to.

    Raises:
        AccessError: Another asked for it, or the actor does not work with customers any more.
        RecordError: It is not approved, its day is over, or it was used.
    """
    _check_reader(session, actor)
    if release.entered_by_id != actor:
        name = session.get_one(Party, release.entered_by_id).name
        raise AccessError(_("{number} is for {name} alone.").format(number=release.number, name=name))
    if fault := _fault(session, release):
        raise RecordError(_("{fault} The list without contact data can be taken out as always.").format(fault=fault))


def counted(session: Session, *, scope: str, grade: str | None, purpose: str, party_id: int) -> int:
    """Return how many people would be in a file now, `MOST` and one more where there are too many to say.

    Args:
        session: A session of either kind.
        scope: Of `SCOPES`.
        grade: Of this class alone; of every class where it is None.
        purpose: For what they are reached.
        party_id: Whose customers one's own are.
    """
    rows = lists.released(scope=scope, grade=grade, purpose=purpose, party_id=party_id)
    ids = list(session.scalars(rows.query.with_only_columns(Customer.id).limit(MOST + 1)))
    return len(ids) if len(ids) > MOST else len(consents.allowing(session, ids, purpose))


def _fault(session: Session, release: ContactRelease) -> str:
    number, used = release.number, lists.taken(session, [release.id]).get(release.id, 0)
    if release.status != "approved":
        return _("{number} is {status}; contact data leaves only when it is approved.").format(
            number=number, status=RELEASE.called(release.status)
        )
    if release.until < roles.today():
        return _("{number} ended on {day}; ask anew.").format(number=number, day=format_date(release.until))
    if used >= release.times:
        told = ngettext("{number} was for {times} time, and was used.", "{number} was for {times} times, and was used.",
                        release.times)  # fmt: skip
        return told.format(number=number, times=release.times)
    return ""


def _check_count(release: ContactRelease, count: int) -> None:
    if count > release.most:
        raise RecordError(
            _("{count} people would be in the file, and {number} is for {most} at most; ask anew.").format(
                count=format_integer(count), number=release.number, most=format_integer(release.most)
            )
        )


def _left(session: Session, release: ContactRelease, count: int) -> str:
    more = release.times - lists.taken(session, [release.id])[release.id]
    text = ngettext(
        "{count} person left, for “{purpose}”; who does not allow it is not in the file. It can be taken out {more} "
        "more times until {day}.",
        "{count} people left, for “{purpose}”; who does not allow it is not in the file. It can be taken out {more} "
        "more times until {day}.",
        count,
    )
    purpose = _(PURPOSES[release.purpose])
    return text.format(count=format_integer(count), purpose=purpose, more=more, day=format_date(release.until))


def _check_reader(session: Session, actor: int) -> None:
    if not roles.held(session, party_id=documents.at_work(session, actor).id) & set(access.ROLES):
        raise AccessError(_("You do not work with customers."))


def _title(entry: ReleaseEntry) -> str:
    which = _(SCOPES[entry.scope])
    return _("{list} · class {grade}").format(list=which, grade=entry.grade) if entry.grade else which


def _missing(session: Session, record: Record, to: str) -> Iterable[str]:
    if not isinstance(record, ContactRelease) or to not in ("submitted", "approved"):
        return
    today = roles.today()
    if record.until < today:
        yield _("It would end on {day}, which is over.").format(day=format_date(record.until))
    days = int(parameters.value(session, DAYS.name, on=today))
    if (record.until - today).days > days:
        yield _("It would end on {day}; at most {days} days are allowed.").format(
            day=format_date(record.until), days=days
        )


RELEASE = types.register(
    RecordType(
        name="contact_release",
        title=mark("List with contact data"),
        prefix="XC",
        first="draft",
        statuses={
            "draft": mark("being written"),
            "submitted": mark("submitted"),
            "approved": mark("approved"),
            "rejected": mark("rejected"),
            "withdrawn": mark("withdrawn"),
        },
        missing=_missing,
        tables=("contact_release",),
    )
)
