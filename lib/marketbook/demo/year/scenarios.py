"""Plans of the planner that the manager kept: with today's limits, with an eye on bad cases, and with a tenth more.

Of the last, two channels have a limit together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from marketbook.budget.data import read_history
from marketbook.budget.planner import kept
from marketbook.budget.planner.planner import Planner, Wish
from marketbook.budget.response.model import fit_response
from marketbook.demo.year import days
from marketbook.demo.year.play import Event, Stage
from marketbook.kit.facts import Facts
from marketbook.kit.forms.limits import Together
from marketbook.office import scenario
from marketbook.office.params import ScenarioEntry

HISTORY_WEEKS = 156
WISHES = {
    "稳步调整": Wish(),
    "顾及最差情形": Wish(lower=50, upper=150, worst=0.1),
    "总额加一成": Wish(total=110, lower=50, upper=180, together=(Together(("抖音", "小红书"), None, 120.0),)),
}


@dataclass(frozen=True)
class Plan:
    """A plan as it is kept: its name, what was asked and what was answered."""

    name: str
    asked: Mapping[str, Any]
    answered: Mapping[str, Any]


def draw(facts: Facts) -> list[Plan]:
    """Return the plans: the planner's own, from the company's data."""
    planner = Planner(fit_response(read_history(facts, weeks=HISTORY_WEEKS)))
    found = {name: planner.plan(wish) for name, wish in WISHES.items()}
    return [Plan(name, kept.asked_of(planner, one), kept.answered_of(planner, one)) for name, one in found.items()]


def events(stage: Stage, plans: Sequence[Plan], *, today: date) -> Iterator[Event]:
    """Return when each is kept."""
    for place, plan in enumerate(plans):
        yield days.moment(days.before(today, 6 - place), 200), lambda plan=plan: _keep(stage, plan)  # type: ignore[misc]


def _keep(stage: Stage, plan: Plan) -> None:
    entry = ScenarioEntry(
        name=plan.name, notebook=kept.NOTEBOOK, parameters=dict(plan.asked), result=dict(plan.answered)
    )
    scenario.keep(stage.session, entry, actor=stage.parties["manager"])
