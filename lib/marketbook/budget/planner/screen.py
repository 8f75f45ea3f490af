"""The screen on which a split of the budget is looked for by sliders, kept as a scenario, and recommended."""

from collections.abc import Mapping, Sequence
from functools import partial

from ipywidgets import VBox, Widget
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from marketbook.budget.data import read_history
from marketbook.budget.planner import face as planner_face
from marketbook.budget.planner import service
from marketbook.budget.planner.kept import KeptPlan
from marketbook.budget.planner.planner import Planned, Planner, Wish
from marketbook.budget.planner.proposal import PROPOSING, Proposing
from marketbook.budget.response.averaging import Averaged
from marketbook.budget.response.model import ModelSettings, fit_response
from marketbook.kit.config import settings
from marketbook.kit.errors import RecordError
from marketbook.kit.facts import Facts
from marketbook.kit.forms import screen
from marketbook.kit.forms.limits import Together
from marketbook.kit.forms.listing import Listing, Opening
from marketbook.kit.forms.record_form import Form, Sent
from marketbook.kit.forms.screen import Panel
from marketbook.kit.forms.sliders import Answer, Sliders
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.visitor import Visitor

ROLES = (*PROPOSING, "finance", "auditor")
HISTORY_WEEKS = 156


class NewScenario(BaseModel):
    """What a plan is kept as."""

    name: str = Field(
        min_length=1, max_length=200, title=mark("Name"), examples=[mark("More short video, outdoor halved")]
    )


class ScenarioRow(BaseModel):
    """A plan that was kept, in the list."""

    name: str = Field(title=mark("Name"))
    made_by: str = Field(title=mark("Kept by"))
    made_at: str = Field(title=mark("Kept at"))


def show() -> None:
    """Show the planner to those who plan, decide on and check the budget."""
    screen.show(_build, roles=ROLES)


def _build(who: Visitor) -> Widget:
    facts = Facts(settings().facts)
    facts.use_labels()
    model = fit_response(read_history(facts, weeks=HISTORY_WEEKS), ModelSettings(saturation=Averaged()))
    return _Planning(Planner(model), who).widget


class _Planning:
    """The sliders, the form that keeps their plan, the plans that were kept, and the one that is open."""

    def __init__(self, planner: Planner, who: Visitor) -> None:
        self.planner, self.who = planner, who
        self.found: Planned | None = planner.plan(Wish())
        self.near = self.found
        self.sliders = Sliders(
            planner_face.sliders(planner, self.near.wish), planner_face.face(planner), answer=self.answer
        )
        self.panel = Panel()
        self.listing = Listing(
            ScenarioRow, service.plans(), title=_("Scenarios"), opening=Opening(row=self.open), roles=ROLES
        )
        keeping = [self._keeping()] if who.roles & set(PROPOSING) else []
        self.widget = VBox([self.sliders, VBox([*keeping, self.listing]), self.panel])

    def answer(self, values: Mapping[str, float], together: Sequence[Together]) -> Answer:
        """Plan anew, beginning near the plan before; what cannot be met leaves no plan to keep."""
        wish, self.found = planner_face.wish_of(self.planner, values, together), None
        self.near = self.planner.plan(wish, start=self.near.channels["planned"].to_numpy(float))
        self.found = self.near
        return planner_face.answer(self.planner, self.found)

    def open(self, number: int) -> None:
        """Open a plan that was kept: what it says, and what becomes of it."""
        Proposing(number, self.who, self.panel, again=self.again).open()

    def again(self, plan: KeptPlan) -> None:
        """Put the sliders where they stood when a plan was kept."""
        wish = plan.wish(self.planner.model.history.channels)
        self.sliders.turn(planner_face.values_of(self.planner, wish), wish.together)

    def _keeping(self) -> Form[NewScenario]:
        return Form(
            NewScenario,
            name="budget/keep-scenario",
            title=_("Keep this plan as a scenario"),
            submit=_("Save the scenario"),
            roles=PROPOSING,
            on_submit=self._kept,
        )

    def _kept(self, session: Session, entry: NewScenario) -> Sent:
        if self.found is None:
            raise RecordError(_("There is no plan to keep: the limits above cannot be met together."))
        made = service.keep(session, entry.name, self.planner, self.found, actor=self.who.party_id)
        return Sent(_("Scenario {number} was saved.").format(number=made.id), then=partial(self._after, made.id))

    def _after(self, number: int) -> None:
        self.listing.refresh()
        self.open(number)
