"""The screen on which a year's budget is entered, read and moved."""

from functools import partial

from ipywidgets import VBox, Widget

from marketbook.kit.forms import screen, served
from marketbook.kit.forms.listing import Listing, Opening
from marketbook.kit.forms.matrix import Matrix
from marketbook.kit.forms.screen import Panel
from marketbook.kit.language import gettext as _
from marketbook.kit.visitor import Visitor
from marketbook.office import deciding
from marketbook.plan import budget_grid, budget_service
from marketbook.plan.budget_draft import DraftBudget
from marketbook.plan.budget_entry import PlanRow
from marketbook.plan.budget_moves import Moves
from marketbook.plan.tables import Plan

ROLES = ("manager", "director", "executive", "specialist", "finance", "auditor")


def show() -> None:
    """Show the budgets to those who plan, decide on and check them."""
    screen.show(_build, roles=ROLES)


def _build(who: Visitor) -> Widget:
    made = _Budgets(who)
    if who.record is not None:
        made.begin_with(who.record)
    return made.widget


class _Budgets:
    """The list of plans, and below it the budget that is open."""

    def __init__(self, who: Visitor) -> None:
        self.who, self.room, self.story = who, Panel(), VBox()
        rows = budget_service.plans()
        self.listing = Listing(PlanRow, rows, title=_("Budgets"), opening=Opening(row=self.open), roles=ROLES)
        self.widget = VBox([self.listing, self.room])

    def open(self, plan_id: int, *, transfer: int | None = None) -> None:
        """Open a plan's budget with the plan's story, and one of its transfers."""
        self._show(plan_id, VBox(self._story(plan_id)), transfer=transfer)

    def _show(self, plan_id: int, story: VBox, *, transfer: int | None = None) -> None:
        with served.store().reading() as session:
            plan = budget_service.named(session, plan_id)
            is_own, is_open = (
                plan.status == "draft" and plan.owner_id == self.who.party_id,
                budget_service.is_open(plan),
            )
        changed = partial(self._changed, plan_id)
        if is_own:
            shown = DraftBudget(plan_id, self.who, done=changed).widgets()
        elif is_open:
            shown = Moves(plan_id, self.who, roles=ROLES, done=changed).widgets(transfer)
        else:
            shown = [Matrix(lambda session: budget_grid.sheet(session, plan_id), roles=ROLES)]
        self.story = story
        self.room.turn_to(*shown, story)

    def begin_with(self, record_id: int) -> None:
        """Open what the page's address names: a plan, or a transfer in its plan."""
        with served.store().reading() as session:
            own = record_id if session.get(Plan, record_id) else None
            of_transfer = None if own else budget_service.plan_of_transfer(session, record_id)
        if own is not None:
            self.open(own)
        elif of_transfer is not None:
            self.open(of_transfer, transfer=record_id)

    def _story(self, plan_id: int) -> list[Widget]:
        return deciding.widgets(plan_id, done=partial(self._decided, plan_id))

    def _changed(self, plan_id: int) -> None:
        """The budget has other lines: the plan's story is told anew, and everything else stays as it stands."""
        self.listing.refresh()
        before = self.story.children
        self.story.children = self._story(plan_id)
        for one in before:
            one.close()

    def _decided(self, plan_id: int) -> None:
        """The budget may be in another shape now; the story, which says what was decided, stays."""
        self.listing.refresh()
        self._show(plan_id, self.story)
