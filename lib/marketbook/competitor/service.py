"""The competitor log: noting what was seen, correcting it by another entry, and telling of a price that falls."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from marketbook.competitor.params import DROP, LogEntry
from marketbook.competitor.rules import ENTRY, WRITERS
from marketbook.competitor.tables import BASES, CompetitorEntry
from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.forms.fields import Attached
from marketbook.kit.language import format_date
from marketbook.kit.language import gettext as _
from marketbook.kit.records import (
    Notification,
    Party,
    StatusChange,
    advance,
    documents,
    files,
    line,
    notices,
    parameters,
    person,
    roles,
    stale,
)
from marketbook.kit.records.search import folded
from marketbook.kit.store import acting
from marketbook.office import measurement, metric
from marketbook.office.metric import Metric
from marketbook.office.params import MeasurementEntry, MetricEntry

PRICE = "competitor_price"
"""The metric of competitors' prices, of one piece, 100 g, 100 ml or a month."""

DROPPED = "price_drop"
"""The kind of notice of a price that has fallen."""

SERIES = ("competitor_id", "product", "channel", "currency", "unit")
"""What two prices have in common that are compared."""

TITLE = 40
"""How many characters of what was seen make a title."""

_SAME = (*SERIES, "seen_on", "price_minor", "price_kind", "size")


def enter(session: Session, entry: LogEntry, *, actor: int) -> CompetitorEntry:
    """Note what was seen of a competitor.

    Raises:
        RecordError: There is no such competitor, it was seen later than today, or the same was noted already.
        AccessError: The actor does not write into the log.
    """
    return _note(session, entry, actor=actor)


def correct(
    session: Session, old: CompetitorEntry, entry: LogEntry, *, actor: int, version: int, reason: str
) -> CompetitorEntry:
    """Put an entry in another one's place, which stays to be read.

    Raises:
        StaleError: Someone changed it since the actor saw it.
        RecordError: It does not stand any more, there is no reason, or as for `enter`.
        AccessError: It is another's, and the actor is no manager.
    """
    stale.check(session, old, version)
    if old.status != "noted":
        raise RecordError(
            _("{number} is {status}; only what stands is corrected.").format(
                number=old.number, status=ENTRY.called(old.status)
            )
        )
    made = _note(session, entry, actor=actor, corrects=old)
    advance(session, old, "corrected", actor=actor, version=version, reason=reason)
    return made


def withdraw(session: Session, entry: CompetitorEntry, *, actor: int, version: int, reason: str) -> StatusChange:
    """Take an entry out of all lists and reports, as it should not have been made; it stays to be read.

    Raises:
        StaleError: Someone changed it since the actor saw it.
        RecordError: It does not stand any more, or there is no reason.
        AccessError: It is another's, and the actor is no manager.
    """
    return advance(session, entry, "withdrawn", actor=actor, version=version, reason=reason)


def competitor(session: Session, name: str, *, actor: int) -> Party:
    """Return the competitor with a name, who is entered where there is none.

    Raises:
        RecordError: The name is empty or too long.
        AccessError: The actor does not write into the log.
    """
    _check_writer(session, actor)
    known = select(Party).where(Party.kind == "competitor", Party.status == "active").order_by(Party.id)
    for one in session.scalars(known):
        if folded(one.name) == folded(name):
            return one
    with acting(session, actor):
        return person.add(session, kind="competitor", name=name)


def series(session: Session, entry: CompetitorEntry) -> list[CompetitorEntry]:
    """Return the looks at the same price up to an entry's day, but for itself, the last one first."""
    if entry.price_minor is None:
        return []
    return list(session.scalars(_others(entry, CompetitorEntry.seen_on <= entry.seen_on)))


def before(session: Session, entry: CompetitorEntry) -> CompetitorEntry | None:
    """Return the last look at the same price before an entry; None where it is the first one."""
    return session.scalar(_others(entry, CompetitorEntry.seen_on <= entry.seen_on).limit(1))


def comparable(price_minor: int, size: int, unit: str) -> float:
    """Return the price of one piece, 100 g, 100 ml or a month.

    Example:
        >>> comparable(12_900, 500, "ml"), comparable(9_900, 1, "piece")
        (2580.0, 9900.0)
    """
    return price_minor * BASES[unit] / size


def fall_bp(entry: CompetitorEntry, former: CompetitorEntry) -> int:
    """Return by how much a price has fallen since another look, in 1/10,000, rounded down; negative where it rose."""
    now_, then = (one.price_minor or 0 for one in (entry, former))
    return 10_000 - -(-now_ * former.size * 10_000 // (then * entry.size))


def _note(
    session: Session, entry: LogEntry, *, actor: int, corrects: CompetitorEntry | None = None
) -> CompetitorEntry:  # fmt: skip
    _check_writer(session, actor)
    made = CompetitorEntry(**entry.model_dump(exclude={"screenshot"}), entered_on=roles.today())
    made.supersedes_id = corrects.id if corrects else None
    made.title = _title(session, made)
    _check(session, made)
    documents.enter(session, made, actor=actor)
    if entry.screenshot is not None:
        _attach(session, made, entry.screenshot, actor)
    advance(session, made, "noted", actor=actor, version=made.version)
    if made.price_minor is not None:
        _measure(session, made, made.price_minor, actor)
        _tell(session, made, actor)
    return made


def _check_writer(session: Session, actor: int) -> None:
    if not roles.held(session, party_id=documents.at_work(session, actor).id) & set(WRITERS):
        raise AccessError(_("You do not write into the competitor log."))


def _title(session: Session, entry: CompetitorEntry) -> str:
    about = session.get(Party, entry.competitor_id)
    if about is None or about.kind != "competitor" or about.status != "active":
        raise RecordError(_("There is no competitor {number}.").format(number=entry.competitor_id))
    seen = " ".join(entry.seen.split())
    told = seen if len(seen) <= TITLE else f"{seen[:TITLE]}…"
    return f"{about.name} · {entry.product or told}"


def _check(session: Session, entry: CompetitorEntry) -> None:
    if entry.seen_on > entry.entered_on:
        raise RecordError(_("It cannot have been seen later than today, {day}.").format(day=format_date(roles.today())))
    if entry.price_minor is None:
        return
    same = select(CompetitorEntry).filter_by(status="noted", **{name: getattr(entry, name) for name in _SAME})
    found = session.scalar(same.where(CompetitorEntry.id != (entry.supersedes_id or 0)).limit(1))
    if found is not None:
        raise RecordError(
            _("The same price was noted for that day already: {number}, by {name}.").format(
                number=found.number, name=session.get_one(Party, found.owner_id).name
            )
        )


def _attach(session: Session, entry: CompetitorEntry, screenshot: Attached, actor: int) -> None:
    file = files.attach_kept(
        session, entry, sha256=screenshot.sha256, name=screenshot.name, kind="screenshot", actor=actor
    )
    if not file.media_type.startswith(("image/", "application/pdf")):
        raise RecordError(_("{file}: a screenshot is a picture or a PDF file.").format(file=file.name))


def _measure(session: Session, entry: CompetitorEntry, price_minor: int, actor: int) -> None:
    """Keep a price as a figure, which reviews of plans and products read."""
    if session.scalar(select(Metric.id).where(Metric.code == PRICE)) is None:
        about = MetricEntry(
            code=PRICE,
            name=_("Price of a competitor"),
            unit="money",
            direction=1,
            definition=_("What was asked for one piece, 100 g, 100 ml or a month, in fen or the currency's own unit"),
            source=_("competitor log"),
        )
        metric.define(session, about, actor=actor)
    value = comparable(price_minor, entry.size, entry.unit)
    figure = MeasurementEntry(
        metric=PRICE, basis="actual", period=entry.seen_on.isoformat(), value=value, subject_id=entry.id
    )
    measurement.record(session, figure, actor=actor)


def _tell(session: Session, entry: CompetitorEntry, actor: int) -> None:
    """Tell the managers once of a price that has fallen; of what is long over, or was told before, they are not."""
    former = before(session, entry)
    if former is None or session.scalar(_others(entry, CompetitorEntry.seen_on > entry.seen_on).limit(1)):
        return
    if fall_bp(entry, former) < parameters.value(session, DROP.name, on=roles.today()):
        return
    company = line.read(session, on=roles.today())
    managers = {party for role in ("manager", "director") for party in company.holders(role)} - {actor}
    told = managers - set(_told(session, entry.supersedes_id))
    notices.add(session, record_id=entry.id, recipients=told, kind=DROPPED)


def _told(session: Session, number: int | None) -> Iterable[int]:
    """Return who was told of the price that an entry corrects, or of one that it has corrected itself."""
    while number is not None:
        mine = (Notification.record_id == number) & (Notification.kind == DROPPED)
        yield from session.scalars(select(Notification.recipient_id).where(mine))
        number = session.get_one(CompetitorEntry, number).supersedes_id


def _others(entry: CompetitorEntry, *where: ColumnElement[bool]) -> Select[CompetitorEntry]:
    """Return the other looks at the same price, the last one first."""
    series = {name: getattr(entry, name) for name in SERIES}
    query = select(CompetitorEntry).filter_by(status="noted", **series)
    aside = (entry.id, entry.supersedes_id or 0)
    query = query.where(CompetitorEntry.price_minor.is_not(None), CompetitorEntry.id.not_in(aside), *where)
    return query.order_by(CompetitorEntry.seen_on.desc(), CompetitorEntry.id.desc())
