"""Notices, sent to where people look: 企业微信, 飞书, 钉钉 or mail, by apprise.

Somebody's notices go out together, in that person's language, each with a link that opens the decision on a phone too.
A notice is claimed before it is sent, so that two processes never send it twice; one that nothing took is given back
and tried again. No address of a channel is ever logged: it holds the channel's secret.
"""

import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby
from typing import Any
from urllib.parse import quote, unquote

import apprise
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, aliased

from marketbook.kit import language
from marketbook.kit.config import settings
from marketbook.kit.errors import ConfigError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark, ngettext
from marketbook.kit.records import Account, Notification, Party, Record, RoleGrant, Waiting, roles, types
from marketbook.kit.store import Store, now

LOGIN = "{login}"
"""What stands in a channel's address for the recipient's login name; such a channel is everybody's own."""

DAYS = 3
"""Older notices are not sent any more: whoever first names a channel is not flooded with what is long settled."""

SHOWN = 10
"""How many of somebody's notices one message lists."""

TITLES = {
    "waiting": mark("To decide: {kind} {amount}"),
    "returned": mark("Sent back to you: {kind} {number}"),
    "decided": mark("{kind} {number}: {status}"),
    "mentioned": mark("You were mentioned: {kind} {number}"),
    "assigned": mark("Passed on to you: {kind} {number}"),
    "respond_soon": mark("Answer soon: {kind} {number}"),
    "respond_late": mark("Answer is late: {kind} {number}"),
    "respond_very_late": mark("Answer is very late: {kind} {number}"),
    "resolve_soon": mark("Solve soon: {kind} {number}"),
    "resolve_late": mark("Solution is late: {kind} {number}"),
    "resolve_very_late": mark("Solution is very late: {kind} {number}"),
    "price_drop": mark("A competitor's price has fallen: {title}"),
}

log = logging.getLogger("marketbook.notices")


@dataclass(frozen=True)
class Notice:
    """A notice to be sent.

    Attributes:
        id: Of the row.
        kind: One of `kit.records.tables.NOTICES`.
        name, login, language: Of the recipient; no login name where there is no account.
        record_id, type, number, title, status, amount: Of the record.
        owner, entered_by: Whose the record is, and who has entered it: their names.
    """

    id: int
    kind: str
    name: str
    login: str
    language: str
    record_id: int
    type: str
    number: str
    title: str
    status: str
    amount: int | None
    owner: str
    entered_by: str


@dataclass
class Sending:
    """What came of it.

    Attributes:
        sent, left: How many notices were sent, and how many are tried again.
        broken: The channels that took nothing, by their place in the settings.
    """

    sent: int = 0
    left: int = 0
    broken: set[int] = field(default_factory=set)


def send(store: Store) -> Sending:
    """Send what is to be sent.

    Raises:
        ConfigError: A channel's address is none that apprise knows, or nothing says where our pages are reached.
    """
    check()
    types.load()
    done = Sending()
    with store.reading() as session:
        found = pending(session)
    for _recipient, own in groupby(found, key=lambda one: (one.name, one.login)):
        _send_one(store, list(own), done)
    return done


def check() -> None:
    """Refuse settings by which nothing could be sent.

    Raises:
        ConfigError: As `send`.
    """
    if settings().notify_urls and not settings().public_url:
        raise ConfigError(_("MARKETBOOK_NOTIFY_URLS needs MARKETBOOK_PUBLIC_URL: under which address people reach us."))
    for place, url in enumerate(settings().notify_urls, 1):
        if not apprise.Apprise().add(url.replace(LOGIN, "login")):
            raise ConfigError(
                _("MARKETBOOK_NOTIFY_URLS: the address at place {place} ({kind}) is none that apprise knows.").format(
                    place=place, kind=_kind(url)
                )
            )


def pending(session: Session) -> list[Notice]:
    """Return what is to be sent, by recipient: not what was seen, has grown old, or waits for its recipient no more."""
    owner, author, today = aliased(Party), aliased(Party), roles.today()
    represents = select(RoleGrant.id).where(
        RoleGrant.party_id == Notification.recipient_id, RoleGrant.on_behalf_of_id == Waiting.party_id,
        RoleGrant.valid_from <= today, RoleGrant.valid_to > today,
    )  # fmt: skip
    still = select(Waiting.record_id).where(
        Waiting.record_id == Notification.record_id,
        or_(Waiting.party_id == Notification.recipient_id, represents.exists()),
    )
    query = (
        select(
            Notification.id, Notification.kind, Party.name, Account.login, Account.language,
            Notification.record_id, Record.type, Record.number, Record.title, Record.status,
            Record.amount_minor.label("amount"), owner.name.label("owner"), author.name.label("entered_by"),
        )
        .join(Party, Party.id == Notification.recipient_id)
        .outerjoin(Account, (Account.party_id == Party.id) & Account.disabled_at.is_(None))
        .join(Record, Record.id == Notification.record_id)
        .join(owner, owner.id == Record.owner_id)
        .join(author, author.id == Record.entered_by_id)
        .where(Notification.sent_at.is_(None), Notification.seen_at.is_(None), Party.status == "active")
        .where(Notification.made_at >= now() - timedelta(days=DAYS))
        .where(or_(Notification.kind != "waiting", still.exists()))
        .order_by(Party.name, Account.login, Notification.id)
    )  # fmt: skip
    return [_notice(**row) for row in session.execute(query).mappings()]


def _notice(*, login: str | None, language: str | None, **known: Any) -> Notice:  # noqa: ANN401  # the row's
    """Who has no account is told in the company's language."""
    return Notice(login=login or "", language=language or settings().language, **known)


def message(own: Sequence[Notice]) -> tuple[str, str]:
    """Write somebody's notices: a title and a text, in the recipient's language."""
    with language.speaking(own[0].language):
        if len(own) == 1:
            return _title(own[0]), "\n".join(_lines(own[0], named=True))
        title = ngettext("{name}: {count} notice", "{name}: {count} notices", len(own))
        parts = ["\n".join([_title(one), *_lines(one)]) for one in own[:SHOWN]]
        more = [_("and {count} more").format(count=len(own) - SHOWN)] if len(own) > SHOWN else []
        return title.format(name=own[0].name, count=len(own)), "\n\n".join([*parts, *more])


def _title(one: Notice) -> str:
    kind = types.named(one.type)
    amount = "" if one.amount is None else language.format_money(one.amount / 100, settings().currency, decimals=2)
    told = _(TITLES[one.kind]).format(
        kind=_(kind.title),
        number=one.number,
        status=kind.called(one.status),
        amount=amount or one.number,
        title=one.title,
    )
    return told.strip()


def _lines(one: Notice, *, named: bool = False) -> Iterable[str]:
    if named:
        yield _("For {name}").format(name=one.name)
    if one.kind == "assigned":
        yield _("{number} {title}, entered by {name}").format(number=one.number, title=one.title, name=one.entered_by)
    else:
        yield _("{number} {title}, of {owner}").format(number=one.number, title=one.title, owner=one.owner)
    yield f"{settings().public_url}/screens/office/decide?record={one.record_id}"


def _send_one(store: Store, own: list[Notice], done: Sending) -> None:
    """Send somebody's notices, to each channel; they are sent where one of them took them."""
    claimed = _claim(store, own)
    wanted = [one for one in own if one.id in claimed]
    if not wanted:
        return
    title, text = message(wanted)
    took = [_deliver(place, url, own[0].login, title, text, done) for place, url in enumerate(settings().notify_urls)]
    if any(took):
        done.sent += len(wanted)
    else:
        _give_back(store, claimed)
        done.left += len(wanted)


def _deliver(place: int, url: str, login: str, title: str, text: str, done: Sending) -> bool:
    """Send a message by a channel, unless it has failed in this round or is everybody's own and this one has none."""
    if place in done.broken or (LOGIN in url and not login):
        return False
    channel = apprise.Apprise()
    channel.add(url.replace(LOGIN, quote(login, safe="")))
    with apprise.LogCapture(level=logging.WARNING) as said:  # type: ignore[no-untyped-call]  # apprise's
        took = bool(channel.notify(title=title, body=text, body_format=apprise.NotifyFormat.TEXT))
        told = said.getvalue()
    if not took:
        done.broken.add(place)
        log.error("channel %d (%s) took no notice: %s", place + 1, _kind(url), redacted(told, url))
    return took


def redacted(told: str, url: str) -> str:
    """Take every part of an address out of what is told of it.

    Example:
        >>> redacted("no answer from hooks.example: key 7f3c-99", "json://hooks.example/7f3c-99")
        'no answer from ***.***: key ***'
    """
    for part in sorted(set(re.findall(r"[\w-]{3,}", unquote(url.partition("://")[2]))), key=len, reverse=True):
        told = told.replace(part, "***")
    return " ".join(told.split())


def _kind(url: str) -> str:
    """Return of what kind a channel is: all of its address that holds no secret."""
    return url.partition("://")[0][:20] if "://" in url else "?"


def _claim(store: Store, own: Sequence[Notice]) -> set[int]:
    """Mark notices as sent before they are, so that no other process sends them too; return those that are ours."""
    mine = update(Notification).where(Notification.id.in_([one.id for one in own]), Notification.sent_at.is_(None))
    with store.writing() as session:
        return set(session.scalars(mine.values(sent_at=now()).returning(Notification.id)))


def _give_back(store: Store, numbers: set[int]) -> None:
    with store.writing() as session:
        session.execute(update(Notification).where(Notification.id.in_(numbers)).values(sent_at=None))
