"""The screen of the company's rules: what holds, what is coming, and what should change; two people change a rule."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ipywidgets import VBox, Widget
from pydantic import BaseModel
from sqlalchemy.orm import Session

from marketbook.kit.errors import RecordError
from marketbook.kit.forms import screen, served
from marketbook.kit.forms.listing import Listing, Opening
from marketbook.kit.forms.record_form import Form, Sent
from marketbook.kit.forms.rows import Row, Rows
from marketbook.kit.forms.screen import Panel
from marketbook.kit.forms.told import Told
from marketbook.kit.language import gettext as _
from marketbook.kit.records import RuleChange, Transition, parameters, roles, types
from marketbook.kit.records import rules as proposing
from marketbook.kit.visitor import Visitor
from marketbook.office import deciding
from marketbook.team import page, rules
from marketbook.team.rules_params import (
    ChangeRow,
    NewStep,
    NewThreshold,
    ParameterRow,
    StepRow,
    ThresholdRow,
    first,
    proposal,
    proposed,
)

ROLES = ("executive", "director", "admin", "auditor")


def show() -> None:
    """Show the rules to those who propose, decide on and audit them."""
    types.load()
    screen.show(lambda who: _Rules(who).widget, roles=ROLES)


class _Rules:
    """The lists, each with a place below it where a row opens."""

    def __init__(self, who: Visitor) -> None:
        self._who = who
        self.panels = {name: Panel() for name in ("changes", "parameters", "thresholds", "steps")}
        self.rows = {"thresholds": rules.threshold_rows(), "steps": rules.step_rows()}
        self.lists = {
            "changes": self._list(ChangeRow, rules.change_rows(), _("Changes"), self.open_change),
            "parameters": self._list(
                ParameterRow,
                rules.parameter_rows(),
                _("Parameters"),
                self.open_parameter,
                shown=("title", "value", "since", "coming", "approved_by"),
            ),
            "thresholds": self._list(
                ThresholdRow, self.rows["thresholds"], _("From which amount who decides"), self.open_threshold
            ),
            "steps": self._list(StepRow, self.rows["steps"], _("Steps, whatever the amount"), self.open_step),
        }
        places = [part for name, one in self.lists.items() for part in (one, self.panels[name])]
        self.widget = VBox(places, layout={"grid_gap": "12px"})
        if who.record is not None:
            self.open_change(who.record)

    def _list(
        self, model: type[BaseModel], rows: Rows, title: str, opens: Callable[[int], None], shown: Sequence[str] = ()
    ) -> Widget:
        return Listing(model, rows, title=title, opening=Opening(row=opens), roles=ROLES, shown=shown)

    def open_change(self, number: int) -> None:
        """Open a change: its story, and the steps that the reader may take."""
        self.panels["changes"].turn_to(*deciding.widgets(number, done=self._refresh))

    def open_parameter(self, number: int) -> None:
        """Open a parameter: what it was and is going to be, and the form to propose another value."""
        made = parameters.everything()[number - 1]
        with served.store().reading() as session:
            dated = rules.dated(session, made.name)
            value = parameters.value(session, made.name, on=roles.today())
        columns = [_("Value"), _("Holds from"), _("Approved by"), _("Source")]
        told = Told(page.written("parameter.html.j2", title=_(made.title), rows=dated, columns=columns))

        def propose(session: Session, given: Any) -> RuleChange:  # noqa: ANN401  # its model
            wanted = proposed(made, given)
            title = f"{_(made.title)}: {rules.shown(made.name, made.check(wanted))}"
            return proposing.propose_parameter(
                session, name=made.name, value=wanted, valid_from=given.valid_from, source=given.source,
                actor=self._who.party_id, title=title,
            )  # fmt: skip

        form = self._proposal("parameter", number, proposal(made), first(made, value), propose)
        self.panels["parameters"].turn_to(told, *form)

    def open_threshold(self, number: int) -> None:
        """Open a threshold: the form to propose another amount."""
        row = self._row("thresholds", number)
        key = {name: row[name] for name in ("type", "from_status")} | {
            "category": row["category_key"], "amount_from": row["amount_minor"],
        }  # fmt: skip

        def propose(session: Session, given: NewThreshold) -> RuleChange:
            return proposing.propose_threshold(
                session, key=key, amount=given.amount_minor, source=given.source, actor=self._who.party_id,
                title=rules.threshold_title(row, given.amount_minor),
            )  # fmt: skip

        told = self._told(_("{records}, {category}").format(records=row["record"], category=row["category"]))
        start = {"amount_minor": row["amount_minor"]}
        self.panels["thresholds"].turn_to(told, *self._proposal("threshold", number, NewThreshold, start, propose))

    def open_step(self, number: int) -> None:
        """Open a step: the form to propose another rule for it."""
        row = self._row("steps", number)
        key = {name: row[name] for name in ("type", "from_status", "to_status", "role", "category")}
        start = {name: row[name] for name in ("four_eyes", "needs_reason")}

        def propose(session: Session, given: NewStep) -> RuleChange:
            if session.get(Transition, {**key, "amount_from": 0}) is None:
                raise RecordError(_("There is no such step any more."))
            value = {"four_eyes": given.four_eyes, "needs_reason": given.needs_reason, "in_line": bool(row["in_line"])}
            return proposing.propose_transition(
                session, key=key, value=value, source=given.source, actor=self._who.party_id,
                title=rules.step_title(row),
            )  # fmt: skip

        told = self._told(f"{row['record']}: {row['step']}")
        self.panels["steps"].turn_to(told, *self._proposal("step", number, NewStep, start, propose))

    def _row(self, name: str, number: int) -> Row:
        with served.store().reading() as session:
            found = self.rows[name].some(session, [number])
        if number not in found:
            raise RecordError(_("It has just changed; please open the list again."))
        return found[number]

    def _told(self, title: str) -> Widget:
        return Told(page.written("heading.html.j2", title=title))

    def _proposal(
        self, name: str, number: int, model: type[Any], start: Mapping[str, Any],
        propose: Callable[[Session, Any], RuleChange],
    ) -> list[Widget]:  # fmt: skip
        """Return the form of a proposal, for an administrator; others see what holds."""
        if "admin" not in self._who.roles:
            return []

        def send(session: Session, given: Any) -> Sent:  # noqa: ANN401  # its model
            made = propose(session, given)
            text = _("{number} was proposed; the director decides.").format(number=made.number)
            return Sent(text, then=self._refresh)

        form = Form(
            model, name=f"team/propose-{name}", record_id=number, title=_("Propose a change"), submit=_("Propose"),
            initial=start, roles=("admin",), on_submit=send,
        )  # fmt: skip
        return [form]

    def _refresh(self) -> None:
        for one in self.lists.values():
            one.refresh()
