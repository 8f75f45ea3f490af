"""What waits for somebody, as a list to choose from: one record is opened, or several small ones are decided."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import anywidget
import traitlets
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.kit import language, visitor
from marketbook.kit.config import settings
from marketbook.kit.forms import guard, served, words
from marketbook.kit.forms.script import script, style
from marketbook.kit.language import gettext as _
from marketbook.kit.language import ngettext
from marketbook.kit.records import Party, Record, types, waiting
from marketbook.kit.records.record import OWNER
from marketbook.kit.records.waiting import Waits
from marketbook.kit.store import now
from marketbook.office import bulk, story

PAGE = 50


class WaitingList(anywidget.AnyWidget):
    """What waits for whom this kernel serves, as himself and as a deputy, the oldest first."""

    _esm = script("waiting")
    _css = style()
    described = traitlets.Dict().tag(sync=True)
    waiting = traitlets.Dict().tag(sync=True)

    def __init__(self, *, opened: Callable[[int], None], decided: Callable[[], None]) -> None:
        """Read what waits.

        Args:
            opened: Called with a record's id when it is chosen.
            decided: Called after several were decided at once.
        """
        self._opened, self._decided = opened, decided
        self._who, self._language, self._size = visitor.required(), language.current(), PAGE
        self._versions: dict[int, int] = {}
        super().__init__(described=_described(), waiting=self._read(None))
        self.on_msg(self._heard)

    def refresh(self) -> None:
        """Read what waits anew."""
        with language.speaking(self._language):
            self.waiting = self._read(self.waiting["open"])

    def mark_open(self, record_id: int) -> None:
        """Show which record is open beside the list."""
        self.waiting = {**self.waiting, "open": record_id}

    @property
    def count(self) -> int:
        """How many records the list shows."""
        return len(self.waiting["rows"])

    def _read(self, opened: int | None) -> dict[str, Any]:
        with served.store().reading() as session:
            served.check(session)
            page = waiting.inbox(session, party_id=self._who.party_id, size=self._size)
            rows = [*_rows(session, page.rows, self._who.party_id)]
        self._versions = {row.record_id: row.version for row in page.rows}
        return {"rows": rows, "groups": _groups(rows), "more": page.next is not None, "open": opened}

    def _heard(self, _widget: object, said: Mapping[str, Any], _pieces: list[memoryview]) -> None:
        """Answer a message of the script."""
        answers = {"open": self._open, "together": self._together, "more": self._more}
        about = {"id": said.get("id")}
        with language.speaking(self._language):
            try:
                self.send({**about, **answers[str(said.get("do"))](said)})
            except Exception as error:  # noqa: BLE001  # the browser hears a number
                self.send({**about, "failed": guard.told(error)})

    def _open(self, said: Mapping[str, Any]) -> dict[str, Any]:
        number = int(said["row"])
        self._opened(number)
        self.mark_open(number)
        return {}

    def _more(self, _said: Mapping[str, Any]) -> dict[str, Any]:
        self._size += PAGE
        self.refresh()
        return {}

    def _together(self, said: Mapping[str, Any]) -> dict[str, Any]:
        seen = [(number, self._versions[number]) for number in said["rows"] if number in self._versions]
        with served.store().writing() as session:
            served.check(session)
            found = bulk.decide(session, seen, key=str(said["group"]), party_id=self._who.party_id)
        self.refresh()
        self._decided()
        done = sum(not one.refused for one in found)
        text = ngettext("{count} record was decided.", "{count} records were decided.", done).format(count=done)
        return {"text": text, "refused": [[one.number, one.refused] for one in found if one.refused]}


def _described() -> dict[str, Any]:
    return {
        "tag": words.TAGS[language.current()],
        "currency": settings().currency,
        "words": {
            "title": _("Waiting for you"),
            "count": _("{count} to decide"),
            "none": _("Nothing waits for you. Well done."),
            "more": _("Show more"),
            "back": _("All that waits ({count})"),
            "next": _("Next one"),
            "choose": _("Choose {number}"),
            "chosen": _("{count} chosen, {amount}"),
            "clear": _("Clear"),
            "late": _("overdue"),
            "refused": _("Not decided:"),
            "silent": _("The server does not answer. Please open this page again."),
        },
    }


def _rows(session: Session, found: Sequence[Waits], party_id: int) -> list[dict[str, Any]]:
    names, deadline = _names(session, found), story.deadlines(session)
    limit, moment = bulk.limit(session), now()
    rows = []
    for one in found:
        small = one.role != OWNER and one.amount_minor is not None and one.amount_minor < limit
        grouped = bulk.group_of(session, session.get_one(Record, one.record_id), party_id=party_id) if small else None
        rows.append(
            {
                "id": one.record_id, "kind": _(types.named(one.type).title), "number": one.number, "title": one.title,
                "owner": names[one.owner_id], "amount": story.money(one.amount_minor), "minor": one.amount_minor,
                "since": story.moment(one.since), "late": one.role != OWNER and deadline(one.since) < moment,
                "note": _note(one, names), "group": grouped[0].key if grouped else "",
                "step": grouped[1].text if grouped else "",
            }
        )  # fmt: skip
    return rows


def _note(one: Waits, names: Mapping[int, str]) -> str:
    """Say what is special: it was sent back, or it is another's to decide."""
    if one.role == OWNER:
        return _("sent back to you")
    return _("for {name}").format(name=names[one.on_behalf_of_id]) if one.on_behalf_of_id else ""


def _groups(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the groups of several that may be decided at once, each with what its buttons say."""
    by_key: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_key.setdefault(row["group"], []).append(row)
    return [
        {
            "key": key,
            "step": found[0]["step"],
            "text": _("Choose the {count} small ones without remarks: {kind}").format(
                count=len(found), kind=found[0]["kind"]
            ),
        }
        for key, found in by_key.items() if key and len(found) > 1
    ]  # fmt: skip


def _names(session: Session, found: Sequence[Waits]) -> dict[int, str]:
    wanted = {one.owner_id for one in found} | {one.on_behalf_of_id for one in found if one.on_behalf_of_id}
    query = select(Party.id, Party.name).where(Party.id.in_(wanted))
    return {one.id: one.name for one in session.execute(query)}
