"""A form as a widget: made from a record's model, checked at the field, and saved as a draft while it is typed.

The browser keeps the draft: its script sends what is typed to the app server itself, so that a lost kernel loses
nothing. What is submitted is checked here again, and written in one transaction, which also drops the draft.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

import anywidget
import traitlets
from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session

from marketbook.kit import language, visitor
from marketbook.kit.errors import MarketbookError
from marketbook.kit.forms import attachments, guard, served, typed, words
from marketbook.kit.forms.checking import Checked, check
from marketbook.kit.forms.described import described
from marketbook.kit.forms.fields import Attached, FormField, fields
from marketbook.kit.forms.script import script, style
from marketbook.kit.forms.search import Found, Offer, Search
from marketbook.kit.forms.uploads import Uploads
from marketbook.kit.language import gettext as _
from marketbook.kit.records import draft

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Sent:
    """What is said after a form was submitted.

    Attributes:
        text: What was done.
        shown: Something to be read and copied now and never again, such as a one-time password.
        then: Called once it is written, such as a list's `refresh`.
    """

    text: str
    shown: str = ""
    then: Callable[[], None] | None = None


OnSubmit = Callable[[Session, Model], Sent | str]
Refused = Callable[[MarketbookError], None]
Ahead = Callable[[Session, Model], str]
Initial = Mapping[str, Any] | Callable[[Session], Mapping[str, Any]]


class Form(anywidget.AnyWidget, Generic[Model]):
    """A form for a record.

    Example:
        >>> class Note(BaseModel):
        ...     text: str
        >>> form = Form(Note, name="doc/note", on_submit=lambda session, note: "Kept.")
        >>> form.type({"text": "Hello"}).record
        Note(text='Hello')
    """

    _esm = script("form")
    _css = style()
    described = traitlets.Dict().tag(sync=True)
    values = traitlets.Dict().tag(sync=True, no_echo=True)
    refusals = traitlets.Dict().tag(sync=True)
    ahead = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        model: type[Model],
        *,
        name: str,
        on_submit: OnSubmit[Model],
        record_id: int | None = None,
        initial: Initial | None = None,
        title: str = "",
        submit: str = "",
        also: Mapping[str, str] | None = None,
        main: str = "",
        searches: Mapping[str, Search] | None = None,
        offers: Mapping[str, Offer] | None = None,
        ahead: Ahead[Model] | None = None,
        roles: Collection[str] = (),
        refused: Refused | None = None,
        folded: bool = False,
    ) -> None:
        """Make a form in the current language, with the visitor's draft in it if there is one.

        Args:
            model: What is asked.
            name: Of the form, for its drafts: `expense/claim`.
            on_submit: Keeps the record with services, in the session's transaction, and returns what to say. What it
                raises of our errors is shown at the form.
            record_id: Which record is changed; None for a new one.
            initial: The record as it is, by field, or a function that reads it (then the form shows it anew after it
                was sent); defaults where it says nothing.
            title: Its heading; none where it is empty.
            submit: What the button says.
            also: Further buttons that send the form: what each says, by what it puts into the model's hidden field
                `pressed`, which is empty where the first button was pressed.
            main: Which of the further buttons stands out, where it is not the first one.
            searches: How references find their records, by field, or `FIELD.COLUMN` in a table.
            offers: What is offered for texts while they are typed, by field.
            ahead: What is said above the button of a record that could be sent as it stands, such as who decides on it.
            roles: Who may submit it, as of then; everybody with an account where it is empty.
            folded: On a phone only its heading is shown, which opens it.
            refused: Called with what `on_submit` raised of our errors, when its transaction has ended without a trace.
        """
        self.asked, self.model, self.name, self.record_id = fields(model, record=True), model, name, record_id
        self._ahead, self._refused = ahead, refused
        self._on_submit, self._roles, self._searches = on_submit, frozenset(roles), dict(searches or {})
        self._offers = dict(offers or {})
        self._language, self._uploads = language.current(), Uploads(attachments.LARGEST)
        self._last: dict[str, Any] = {}
        self._initial = initial or {}
        self._first = self._read_first()
        kept = served.load_draft(name, record_id)
        about = self._described(title, submit or _("Save"), kept)
        about["also"] = [{"pressed": pressed, "text": text} for pressed, text in (also or {}).items()]
        about["main"], about["folded"] = main, folded
        super().__init__(described=about, values=self._known_only(kept))
        self.on_msg(self._heard)
        self.observe(self._when_typed, "values")

    def type(self, values: typed.Typed) -> Checked[Model]:
        """Check what was typed, as texts by field."""
        if not self._searches or visitor.served() is None:
            return self._check(values, None)
        with served.store().reading() as session:
            return self._check(values, session)

    def _described(self, title: str, submit: str, kept: Mapping[str, Any] | None) -> dict[str, Any]:
        who = visitor.served()
        return {
            "name": self.name,
            "record": self.record_id,
            "title": title,
            "submit": submit,
            "fields": [{**one, "offers": one["name"] in self._offers} for one in described(self.asked)],
            "words": words.of_forms(),
            "initial": self._first,
            "labels": self._labels(self._first, kept["values"] if kept else {}),
            "server": {"url": f"{who.server}drafts", "account": who.account_id} if who else None,
            "draft": {"at": kept["at"], "moment": kept["moment"]} if kept else None,
            "tag": words.TAGS[self._language],
        }

    def _read_first(self, session: Session | None = None) -> dict[str, Any]:
        """Return the record as it is, as typed text."""
        if not callable(self._initial):
            return typed.write(self.asked, self._initial)
        if session is not None:
            return typed.write(self.asked, self._initial(session))
        with served.store().reading() as own:
            return typed.write(self.asked, self._initial(own))

    def _known_only(self, kept: Mapping[str, Any] | None) -> dict[str, Any]:
        """An old draft may know fields that the model has lost, and lack others."""
        if kept is None:
            return self._first
        return {name: kept["values"].get(name, first) for name, first in self._first.items()}

    def _labels(self, *filled: Mapping[str, Any]) -> dict[str, str]:
        """Return the labels of the references that stand in the form, by `FIELD:ID`."""
        wanted = {
            (one.name, str(values.get(one.name)))
            for values in filled
            for one in self.asked
            if one.kind == "reference" and str(values.get(one.name, "")).isdecimal()
        }
        if not wanted or visitor.served() is None:
            return {}
        with served.store().reading() as session:
            found = {(name, number): self._searches[name].get(session, int(number)) for name, number in wanted}
        return {f"{name}:{number}": one.label for (name, number), one in found.items() if one}

    def _check(self, values: typed.Typed, session: Session | None) -> Checked[Model]:
        known, finders = {}, {}
        if session is not None:
            get = {name: search for name, search in self._searches.items() if "." not in name}
            known = {name: partial(_exists, session, search) for name, search in get.items()}
            finders = {name: partial(s.named, session) for name, s in self._searches.items() if "." in name}
        found = check(self.model, self.asked, values, known=known, finders=finders)
        lost = {one.name: _("is not here any more; please choose the file again") for one in self._lost_files(values)}
        return Checked(None, found.refusals | lost) if lost else found

    def _lost_files(self, values: typed.Typed) -> list[FormField]:
        asked = [one for one in self.asked if one.kind == "attachment" and values.get(one.name)]
        return [one for one in asked if not _is_kept(values[one.name])]

    def _when_typed(self, _change: Mapping[str, Any]) -> None:
        with language.speaking(self._language):
            try:
                found = self.type(self.values)
                self.refusals = found.refusals
                self.ahead = self._said_ahead(found.record)
            except Exception as error:  # noqa: BLE001  # the browser hears a number
                self.refusals = {"": guard.told(error)}

    def _said_ahead(self, record: Model | None) -> str:
        if self._ahead is None or record is None or visitor.served() is None:
            return ""
        with served.store().reading() as session:
            try:
                return self._ahead(session, record)
            except MarketbookError as error:
                return str(error)

    def _heard(self, _widget: object, said: Mapping[str, Any], pieces: list[memoryview]) -> None:
        """Answer a message of the script."""
        answers = {"submit": self._submit, "search": self._search, "upload": self._upload}
        about = {"id": said.get("id")}
        with language.speaking(self._language):
            try:
                self.send({**about, **answers[str(said.get("do"))](said, pieces)})
            except Exception as error:  # noqa: BLE001  # the browser hears a number
                self.send({**about, "failed": guard.told(error)})

    def _submit(self, said: Mapping[str, Any], _pieces: list[memoryview]) -> dict[str, Any]:
        """A second message of the same attempt gets the first one's answer, and writes nothing."""
        if not self._last or self._last["attempt"] != said["attempt"]:
            self._last = {"attempt": said["attempt"], **self._write(said["values"], said.get("draft"))}
        return self._last

    def _write(self, values: typed.Typed, seen: Mapping[str, Any] | None = None) -> dict[str, Any]:
        try:
            found, sent, fresh = self._written(values, seen)
        except MarketbookError as error:
            if self._refused is not None:
                self._refused(error)
            raise
        if found.record is None:
            return {"refusals": found.refusals}
        if sent.then is not None:
            sent.then()
        again = self.record_id is None or callable(self._initial)
        return {"text": sent.text, "shown": sent.shown, "fresh": fresh if again else None}

    def _written(
        self, values: typed.Typed, seen: Mapping[str, Any] | None
    ) -> tuple[Checked[Model], Sent, dict[str, Any]]:  # fmt: skip
        """Write what was sent in one transaction; return what is said, and the record as it is then."""
        who = visitor.required()
        with served.store().writing() as session:
            served.check(session, self._roles)
            found = self._check(values, session)
            if found.record is None:
                return found, Sent(""), {}
            sent = self._on_submit(session, found.record)
            self._settle(session, who.account_id, seen)
            session.flush()
            return found, sent if isinstance(sent, Sent) else Sent(sent), self._read_first(session)

    def _settle(self, session: Session, account_id: int, seen: Mapping[str, Any] | None) -> None:
        """Drop the draft that was sent; where the browser says which one it has seen, no other."""
        if seen is None:
            draft.discard(session, account_id=account_id, form=self.name, record_id=self.record_id)
        else:
            draft.settle(
                session, account_id=account_id, form=self.name, record_id=self.record_id, tab=seen.get("tab"),
                after=seen.get("after"),
            )  # fmt: skip

    def _search(self, said: Mapping[str, Any], _pieces: list[memoryview]) -> dict[str, Any]:
        name, text = str(said["field"]), str(said["text"])[:100]
        with served.store().reading() as session:
            served.check(session)
            if name in self._offers:
                offered = self._offers[name](session, text)
                return {"found": [{"id": one, "label": one, "about": about} for one, about in offered.items()]}
            return {"found": [_told(one) for one in self._searches[name].find(session, text)]}

    def _upload(self, said: Mapping[str, Any], pieces: list[memoryview]) -> dict[str, Any]:
        visitor.required()
        arrived = self._uploads.take(said, bytes(pieces[0]))
        return {"attached": dict(attachments.keep(arrived.name, arrived.content))} if arrived else {}


def _exists(session: Session, search: Search, number: int) -> bool:
    return search.get(session, number) is not None


def _told(one: Found) -> dict[str, Any]:
    return {"id": str(one.id), "label": one.label, "about": one.about}


def _is_kept(value: object) -> bool:
    try:
        return attachments.is_kept(Attached.model_validate(value))
    except ValidationError:
        return True  # what it is not is the model's to refuse
