"""One plan, task, report or recommendation on the screen: its form while it may be edited, its story and its steps."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from ipywidgets import Widget
from sqlalchemy.orm import Session

from marketbook.kit.forms import served
from marketbook.kit.forms.record_form import Form, Sent
from marketbook.kit.forms.screen import Panel
from marketbook.kit.forms.search import Search
from marketbook.kit.forms.told import sentence
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import Record, advance, advancing, roles, types
from marketbook.kit.visitor import Visitor
from marketbook.office import activity, deciding, decision, report
from marketbook.office.activity import Activity
from marketbook.office.decision import Decision
from marketbook.office.params import ResultEntry
from marketbook.plan import screen_entries, screen_finding, service
from marketbook.plan.screen_forms import ActivityForm, DecisionForm, EffectForm, PlanForm, ReportForm, ResultForm

HAND_IN, DONE = "submitted", "done"


@dataclass(frozen=True)
class Kind:
    """How records of a type are entered here.

    Attributes:
        form: What is asked.
        new: The heading of an empty form.
        typed: Returns a record as its form takes it.
        enter, correct: Write it.
        searches: How its references are found, by field.
        handed_in: It is handed in with a step of its own.
    """

    form: type[Any]
    new: str
    typed: Callable[[Session, Any], dict[str, Any]]
    enter: Callable[..., Record]
    correct: Callable[..., Record]
    searches: Callable[[], Mapping[str, Search]]
    handed_in: bool = False


def _plan_searches() -> dict[str, Search]:
    return {
        "parent_id": screen_finding.plans(),
        "objectives.metric": screen_finding.metrics(),
        "basis.report": screen_finding.reports(accepted=True),
    }


def _decision_searches() -> dict[str, Search]:
    lines = screen_finding.budget_lines()
    return {
        "report_id": screen_finding.reports(), "owner_id": screen_finding.colleagues(),
        "metric": screen_finding.metrics(), "from_line": lines, "to_line": lines,
    }  # fmt: skip


KINDS: Mapping[str, Kind] = {
    "plan": Kind(
        PlanForm, mark("New plan"), screen_entries.typed_plan,
        lambda s, form, **who: service.enter(s, screen_entries.of_plan(s, form), **who),
        lambda s, one, form, **who: service.correct(s, one, screen_entries.of_plan(s, form), **who),
        _plan_searches, handed_in=True,
    ),
    "activity": Kind(
        ActivityForm, mark("New task"), screen_entries.typed_activity,
        lambda s, form, **who: activity.enter(s, screen_entries.of_activity(form), **who),
        lambda s, one, form, **who: activity.correct(s, one, screen_entries.of_activity(form), **who),
        lambda: {"plan_id": screen_finding.plans(), "owner_id": screen_finding.colleagues()},
    ),
    "report": Kind(
        ReportForm, mark("New report"), screen_entries.typed_report,
        lambda s, form, **who: report.enter(s, screen_entries.of_report(form), **who),
        lambda s, one, form, **who: report.correct(s, one, screen_entries.of_report(form), **who),
        lambda: {"plan_id": screen_finding.plans()}, handed_in=True,
    ),
    "decision": Kind(
        DecisionForm, mark("New recommendation"), screen_entries.typed_decision,
        lambda s, form, **who: decision.propose(s, screen_entries.of_decision(s, form), **who),
        lambda s, one, form, **who: decision.correct(s, one, screen_entries.of_decision(s, form), **who),
        _decision_searches,
    ),
}  # fmt: skip
"""The types of records that are entered here."""


class OpenWork:
    """What stands below the lists: a record that is begun, or one that is there."""

    def __init__(self, who: Visitor, panel: Panel, *, changed: Callable[[], None]) -> None:
        """Make it.

        Args:
            who: The reader.
            panel: Where it is shown.
            changed: Called when a record has changed.
        """
        self.who, self.panel, self._changed = who, panel, changed
        self.type, self.record_id, self._shape = "", 0, ""
        self.story: list[Widget] = []

    def begin(self, of: str) -> None:
        """Open an empty form for a record of a type."""
        self.type, self.record_id = of, 0
        self.panel.turn_to(self._form(_(KINDS[of].new)))

    def show(self, record_id: int, *told: Widget) -> None:
        """Open a record.

        Args:
            record_id: Which one.
            told: What has just been done with it.
        """
        with served.store().reading() as session:
            record = session.get(Record, record_id)
            self.type, self.record_id = record.type if record is not None else "", record_id
            self._shape = self._shaped(session, record)
            title = f"{_(types.named(record.type).title)} {record.number}" if record is not None else ""
        self.story = deciding.widgets(record_id, done=self._stepped, without=self._elsewhere())
        self.panel.turn_to(*told, *self._own(title), *self.story)

    def _shaped(self, session: Session, record: Record | None) -> str:
        """Return what may be typed of a record: its content, its results, its effect, or nothing."""
        if record is None or record.type not in KINDS:
            return ""
        if record.owner_id == self.who.party_id and types.state(session, record).editable:
            return "content"
        steps = {one.to_status for one in advancing.open_steps(session, record, actor=self.who.party_id)}
        if record.type == "activity" and steps & {DONE, "in_progress"} and record.status in ("in_progress", "blocked"):
            return "result"
        return "effect" if record.type == "decision" and "reviewed" in steps else ""

    def _elsewhere(self) -> tuple[str, ...]:
        """The steps that a form of this screen takes."""
        found = {"content": (HAND_IN,) if self._hands_in() else (), "result": (DONE,), "effect": ("reviewed",)}
        return found.get(self._shape, ())

    def _hands_in(self) -> bool:
        by_role = self.type != "plan" or "manager" in self.who.roles
        return KINDS[self.type].handed_in and by_role

    def _own(self, title: str) -> list[Widget]:
        forms = {"content": lambda: self._form(title), "result": self._result_form, "effect": self._effect_form}
        return [forms[self._shape]()] if self._shape else []

    def _form(self, title: str) -> Form[Any]:
        kind, hand_in = KINDS[self.type], self._hands_in()
        return Form(
            kind.form,
            name=f"plan/{self.type}",
            record_id=self.record_id or None,
            initial=self._initial if self.record_id else self._first(),
            title=title,
            submit=_("Save as a draft") if hand_in else _("Save"),
            also={HAND_IN: _("Save and hand in")} if hand_in else None,
            main=HAND_IN if hand_in else "",
            searches=kind.searches(),
            on_submit=self._kept,
        )

    def _first(self) -> dict[str, Any]:
        return {"fiscal_year": roles.today().year} if self.type == "plan" else {}

    def _initial(self, session: Session) -> dict[str, Any]:
        return KINDS[self.type].typed(session, session.get_one(Record, self.record_id))

    def _kept(self, session: Session, given: Any) -> Sent:  # noqa: ANN401  # a form of one of the kinds
        record = self._write(session, given)
        handed_in = getattr(given, "pressed", "") == HAND_IN
        if handed_in:
            advance(session, record, HAND_IN, actor=self.who.party_id, version=record.version)
        said = _("{number} was handed in.") if handed_in else _("{number} was saved.")
        return self._sent(record.id, said.format(number=record.number))

    def _write(self, session: Session, given: Any) -> Record:  # noqa: ANN401
        kind, me = KINDS[self.type], self.who.party_id
        if not self.record_id:
            return kind.enter(session, given, actor=me)
        record = session.get_one(Record, self.record_id)
        return kind.correct(session, record, given, actor=me, version=int(given.version))

    def _result_form(self) -> Form[Any]:
        return Form(
            ResultForm, name="plan/result", record_id=self.record_id, initial=self._result, title=_("What came of it"),
            submit=_("Note it"), also={DONE: _("Note it and close")}, main=DONE, on_submit=self._noted,
        )  # fmt: skip

    def _result(self, session: Session) -> dict[str, Any]:
        one = session.get_one(Activity, self.record_id)
        names = ("done_on", "qty_done", "quality", "outcome")
        return {**{name: getattr(one, name) for name in names}, "version": str(one.version)}

    def _noted(self, session: Session, given: ResultForm) -> Sent:
        one, version = session.get_one(Activity, self.record_id), int(given.version)
        entry = ResultEntry.model_validate(given.model_dump(exclude={"version", "pressed"}))
        write = activity.finish if given.pressed == DONE else activity.note
        write(session, one, entry, actor=self.who.party_id, version=version)
        said = _("{number} is done.") if given.pressed == DONE else _("The result was noted at {number}.")
        return self._sent(one.id, said.format(number=one.number))

    def _effect_form(self) -> Form[Any]:
        return Form(
            EffectForm, name="plan/effect", record_id=self.record_id, initial=self._version, title=_("Review"),
            submit=_("Hold it against the prediction"), on_submit=self._reviewed,
        )  # fmt: skip

    def _version(self, session: Session) -> dict[str, Any]:
        return {"version": str(session.get_one(Record, self.record_id).version)}

    def _reviewed(self, session: Session, given: EffectForm) -> Sent:
        one = session.get_one(Decision, self.record_id)
        review = partial(decision.review, actor=self.who.party_id, version=int(given.version), reason=given.reason)
        review(session, one, screen_entries.of_effect(one, given))
        said = _("{number}: the interval held.") if one.held else _("{number}: the interval did not hold.")
        return self._sent(one.id, said.format(number=one.number))

    def _sent(self, record_id: int, said: str) -> Sent:
        """Say what was done, in the record that is opened anew."""

        def turn() -> None:
            self._changed()
            self.show(record_id, sentence(said))

        return Sent(said, then=turn)

    def _stepped(self) -> None:
        """Show the lists anew, and a record of which other things may be typed now, in its other shape."""
        self._changed()
        with served.store().reading() as session:
            turned = self._shaped(session, session.get(Record, self.record_id)) != self._shape
        if turned:
            self.show(self.record_id, *deciding.last(self.story))
