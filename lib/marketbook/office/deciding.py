"""One record on a screen: its story, the steps that the reader may take with it today, and a word about it.

Every step carries the version that was shown: who decides on what has changed meanwhile is told the difference, sees
the record as it is now, and keeps the reason that was typed.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ipywidgets import VBox, Widget
from markupsafe import Markup
from pydantic import BaseModel, Field, ValidationInfo, field_validator
from sqlalchemy.orm import Session

from marketbook.kit import visitor
from marketbook.kit.errors import MarketbookError
from marketbook.kit.forms import screen, served
from marketbook.kit.forms.fields import Hidden, LongText
from marketbook.kit.forms.record_form import Form, Sent
from marketbook.kit.forms.told import Told, sentence
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import Record, StaleError, advance, advancing, comments, notices, reading, types
from marketbook.office import story

LAST = ("draft", "returned", "rejected", "withdrawn", "cancelled")
"""The steps that undo or end something: their buttons come last, in this order."""


class Remark(BaseModel):
    """Something to say about a record."""

    text: LongText = Field(
        min_length=1,
        title=mark("Comment"),
        description=mark("An @ before a colleague's name tells him of it."),
    )


@dataclass(frozen=True)
class Choice:
    """A step that the reader may take.

    Attributes:
        to: The record's status after it.
        text: What its button says.
        needs_reason: Whether a reason must be given.
        missing: What the record lacks for it, in sentences; the step can be taken where it lacks nothing.
    """

    to: str
    text: str
    needs_reason: bool
    missing: tuple[str, ...] = ()


def widgets(record_id: int, *, done: Callable[[], None], without: Collection[str] = ()) -> list[Widget]:
    """Return one record's story and its steps, for whom this kernel serves.

    Args:
        record_id: Which record; whoever may not read it is told so, and sees nothing of it.
        done: Called after a step was taken, such as a list's `refresh`.
        without: Steps that are taken elsewhere on the screen, by the status that they lead to.
    """
    types.load()
    try:
        return [Deciding(record_id, done, without)]
    except MarketbookError as error:
        refused = Markup('<p class="mb-title mb-refused" tabindex="-1" role="alert">{}</p>')
        return [Told(refused.format(str(error)))]


def last(shown: Iterable[Widget]) -> list[Told]:
    """Return what `widgets` that are shown told last of a step, for a screen that shows other forms after it."""
    found = (one.last for one in shown if isinstance(one, Deciding))
    return [sentence(text, refused=refused) for text, refused in filter(None, found)]


def choices(session: Session, record: Record, *, party_id: int) -> list[Choice]:
    """Return the steps that someone may take with a record today, what is meant most often first.

    A step that its type does not have (a request is opened, not reviewed) is left out where another one goes on.
    """
    kind, found = types.named(record.type), dict[str, Choice]()
    for step in advancing.open_steps(session, record, actor=party_id):
        missing = tuple(kind.missing(session, record, step.to_status))
        made = Choice(step.to_status, kind.step_called(step.to_status), step.needs_reason, missing)
        found.setdefault(step.to_status, made)
    ordered = sorted(found.values(), key=lambda one: LAST.index(one.to) if one.to in LAST else -1)
    goes_on = any(not one.missing and one.to not in LAST for one in ordered)
    return [one for one in ordered if not (one.missing and goes_on)]


class Deciding(VBox):  # type: ignore[misc]  # ipywidgets is untyped
    """The story, the form of the steps, what was done and said, and the form of a comment.

    Attributes:
        last: What was told of the last step that was tried, and whether it was refused; None before one.
    """

    def __init__(self, record_id: int, done: Callable[[], None], without: Collection[str] = ()) -> None:
        """Draw them, and note that the reader has seen the record.

        Raises:
            AccessError: The record is not for the reader.
        """
        super().__init__()
        self.record_id, self._done, self._who = record_id, done, visitor.required()
        self._without = frozenset(without)
        self.last: tuple[str, bool] | None = None
        self._draw()
        with served.store().writing() as session:
            notices.seen(session, party_id=self._who.party_id, record_id=record_id)

    def _draw(self, *, said: str = "", refused: str = "") -> None:
        before = self.children  # type: ignore[has-type]
        self.last = (said or refused, bool(refused)) if said or refused else None
        with served.store().reading() as session:
            served.check(session)
            record = self._readable(session)
            told = story.of(session, record, said=said, refused=refused, server=self._who.server)
            every = choices(session, record, party_id=self._who.party_id)
            found = [one for one in every if one.to not in self._without]
            version = record.version
        self.children = (Told(told.heading()), *self._steps(found, version), Told(told.history()), self._remark())
        if before:
            screen.bring_forward(self.children)
        for one in before:
            one.close()

    def _steps(self, found: Sequence[Choice], version: int) -> list[Widget]:
        ready = [one for one in found if not one.missing]
        shown: list[Widget] = [_lacking(one) for one in found if one.missing]
        return [*shown, self._form(ready, version)] if ready else shown

    def _form(self, ready: Sequence[Choice], version: int) -> Form[Any]:
        first, *others = ready
        made: Form[Any] = Form(
            _model(ready),
            name="office/decide",
            record_id=self.record_id,
            submit=first.text,
            also={one.to: one.text for one in others},
            on_submit=lambda session, given: self._advanced(session, given, first.to, version),
            refused=self._refused,
        )
        made.add_class("mb-deciding")
        return made

    def _advanced(self, session: Session, given: Any, first: str, version: int) -> Sent:  # noqa: ANN401  # its model
        record, to = self._readable(session), given.pressed or first
        advance(session, record, to, actor=self._who.party_id, version=version, reason=getattr(given, "reason", ""))
        kind = types.named(record.type)
        text = _("{step}: {number} is now {status}.").format(
            step=kind.step_called(to), number=record.number, status=kind.called(record.status)
        )
        return Sent(text, then=lambda: self._decided(text))

    def _refused(self, error: MarketbookError) -> None:
        """Show what has changed meanwhile; a form stays as it is where its record does."""
        if isinstance(error, StaleError):
            self._draw(refused=str(error))
            self._done()

    def _decided(self, text: str) -> None:
        self._draw(said=text)
        self._done()

    def _remark(self) -> Form[Remark]:
        return Form(
            Remark,
            name="office/comment",
            record_id=self.record_id,
            initial=lambda _session: {"text": ""},
            submit=_("Comment"),
            on_submit=self._commented,
        )

    def _commented(self, session: Session, given: Remark) -> Sent:
        comments.comment(session, self._readable(session), given.text, actor=self._who.party_id)
        return Sent(_("The comment was added."), then=self._retell)

    def _retell(self) -> None:
        """Show what was said, and leave everything else as it stands."""
        *others, before, remark = self.children
        with served.store().reading() as session:
            told = story.of(session, self._readable(session))
        self.children = (*others, Told(told.history()), remark)
        before.close()

    def _readable(self, session: Session) -> Record:
        return reading.readable(session, self.record_id, party_id=self._who.party_id)


def _lacking(choice: Choice) -> Told:
    missing = Markup("").join(Markup("<li>{}</li>").format(one) for one in choice.missing)
    text = Markup('<div class="mb-lacking"><p>{}</p><ul>{}</ul></div>')
    return Told(text.format(_("“{step}” is not possible yet:").format(step=choice.text), missing))


def _model(ready: Sequence[Choice]) -> type[BaseModel]:
    """Return what is asked: which step, and a reason where one of them needs it."""
    needing = {one.to for one in ready if one.needs_reason} | ({""} if ready[0].needs_reason else set())

    class Step(BaseModel):
        pressed: Hidden = ""

    class ReasonedStep(Step):
        reason: LongText = Field(
            default="",
            title=mark("Reason"),
            description=_("Needed for: {steps}.").format(
                steps=_(", ").join(one.text for one in ready if one.needs_reason)
            ),
        )

        @field_validator("reason")
        @classmethod
        def _given(cls, reason: str, about: ValidationInfo) -> str:
            if not reason.strip() and about.data.get("pressed") in needing:
                raise ValueError(_("This step needs a reason."))
            return reason

    return ReasonedStep if needing else Step
