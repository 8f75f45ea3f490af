"""A record's story as HTML: what it is, for whom it waits and till when, what the decision needs, and what was done."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

import jinja2
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.kit import language
from marketbook.kit.config import settings
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import (
    Attachment,
    Comment,
    Party,
    Record,
    StatusChange,
    Waiting,
    calendar,
    comments,
    documents,
    files,
    parameters,
    roles,
    types,
)
from marketbook.kit.records.person import ROLES
from marketbook.kit.records.record import OWNER
from marketbook.kit.store import now
from marketbook.office import briefs
from marketbook.office.briefs import Brief

DECIDE_WITHIN = parameters.declare(
    parameters.Declared(
        name="office.decision_hours",
        title=mark("How many working hours a decision may take"),
        kind=int,
        default=24,
        source=mark("clause 9.2.1: three working days of eight hours"),
    )
)

COMMENTS = 200
"""How many comments are shown."""


@dataclass(frozen=True)
class Wait:
    """For whom a record waits.

    Attributes:
        names: Who, with the role in which each decides.
        since: Since when.
        due: Until when a decision is asked for; None where it waits for its owner.
        is_late: Whether that is over.
    """

    names: Sequence[str]
    since: datetime
    due: datetime | None
    is_late: bool


@dataclass(frozen=True)
class Event:
    """Something that was done with a record, or said about it.

    Attributes:
        at: When.
        who: The name, with the role and whom it was done for.
        what: The step; empty for a comment.
        text: The reason, or what was said.
    """

    at: datetime
    who: str
    what: str
    text: str


@dataclass(frozen=True)
class Story:
    """What is told of a record.

    Attributes:
        record: The record.
        kind, status: What people call its type and its status.
        owner: Its owner's name.
        amount: What it is about, as money; empty where it is about none.
        wait: For whom it waits; None where it waits for nobody.
        brief: What the decision needs.
        files: What is attached.
        events: What was done and said, in order.
        said, refused: What has just been done, or why it could not be; told above all else.
        server: The path under which the app server is reached.
    """

    record: Record
    kind: str
    status: str
    owner: str
    amount: str
    wait: Wait | None
    brief: Brief
    files: Sequence[Attachment]
    events: Sequence[Event] = field(default=())
    said: str = ""
    refused: str = ""
    server: str = "/"

    def heading(self) -> Markup:
        """Write what stands above the decision."""
        return Markup(_template("story.html.j2").render(story=self))  # noqa: S704  # the template escapes

    def history(self) -> Markup:
        """Write what was done and said."""
        return Markup(_template("history.html.j2").render(story=self))  # noqa: S704  # the template escapes


def of(session: Session, record: Record, *, said: str = "", refused: str = "", server: str = "/") -> Story:
    """Gather a record's story, in the current language.

    Args:
        session: A session of either kind.
        record: Which one.
        said: What has just been done.
        refused: Why what was just tried could not be done.
        server: The path under which the app server is reached.
    """
    kind = types.named(record.type)
    steps, said_of_it = (
        documents.history(session, record_id=record.id),
        comments.listed(session, record_id=record.id, size=COMMENTS),
    )
    names = _names(session, record, steps, said_of_it)
    return Story(
        record=record, kind=_(kind.title), status=kind.called(record.status), owner=names[record.owner_id],
        amount=money(record.amount_minor), wait=_wait(session, record), brief=briefs.of(session, record),
        files=files.listed(session, record_id=record.id), events=_events(record, kind, steps, said_of_it, names),
        said=said, refused=refused, server=server,
    )  # fmt: skip


def money(amount: int | None) -> str:
    """Write an amount in fen; nothing where there is none.

    Example:
        >>> money(123450)[-8:], money(None)
        ('1,234.50', '')
    """
    return "" if amount is None else language.format_money(amount / 100, settings().currency, decimals=2)


def role(name: str) -> str:
    """Return what people call a role, the owner among them."""
    return _("owner") if name == OWNER else _(ROLES[name])


def moment(at: datetime) -> str:
    """Write a moment to the minute, on the company's clock."""
    return language.format_datetime(at.astimezone(settings().zone))


def size(count: int) -> str:
    """Write how large a file is."""
    return f"{max(1, round(count / 1000)):,} KB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def deadlines(session: Session) -> Callable[[datetime], datetime]:
    """Return a function from the moment since which something waits to the one until which it is to be decided.

    It counts working time.
    """
    hours = timedelta(hours=int(parameters.value(session, DECIDE_WITHIN.name, on=roles.today())))
    clock = calendar.read(session)
    return lambda since: clock.after(since, hours).at


def _wait(session: Session, record: Record) -> Wait | None:
    query = select(Party.name, Waiting.role, Waiting.since).join(Party, Party.id == Waiting.party_id)
    found = session.execute(query.where(Waiting.record_id == record.id).order_by(Waiting.since, Party.name)).all()
    if not found:
        return None
    since = found[0].since
    until = None if found[0].role == OWNER else deadlines(session)(since)
    names = [_("{name} ({role})").format(name=one.name, role=role(one.role)) for one in found]
    return Wait(names, since, until, until is not None and until < now())


def _names(
    session: Session, record: Record, steps: Iterable[StatusChange], said: Iterable[Comment]
) -> Mapping[int, str]:
    wanted = {record.owner_id, record.entered_by_id, *(one.author_id for one in said)}
    for step in steps:
        wanted |= {step.actor_id} | ({step.on_behalf_of_id} if step.on_behalf_of_id else set())
    query = select(Party.id, Party.name).where(Party.id.in_(wanted))
    return {one.id: one.name for one in session.execute(query)}


def _events(
    record: Record, kind: types.RecordType, steps: Iterable[StatusChange], said: Iterable[Comment],
    names: Mapping[int, str],
) -> list[Event]:  # fmt: skip
    entered = Event(record.entered_at, names[record.entered_by_id], _("entered"), "")
    done = [Event(one.at, _actor(one, names), kind.called(one.to_status), one.reason) for one in steps]
    told = [Event(one.at, names[one.author_id], "", one.text) for one in said]
    return [entered, *sorted([*done, *told], key=lambda one: one.at)]


def _actor(step: StatusChange, names: Mapping[int, str]) -> str:
    name = _("{name} ({role})").format(name=names[step.actor_id], role=role(step.acted_as))
    if step.on_behalf_of_id is None:
        return name
    return _("{name} for {other}").format(name=name, other=names[step.on_behalf_of_id])


@lru_cache(maxsize=4)
def _template(name: str) -> jinja2.Template:
    made = jinja2.Environment(
        autoescape=True, loader=jinja2.PackageLoader("marketbook.office", "."), undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.globals.update(_=_, moment=moment, size=size)
    return made.get_template(name)
