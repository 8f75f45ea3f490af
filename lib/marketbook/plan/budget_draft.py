"""A budget that its owner still enters: a grid that takes a paste, and a workbook that leaves and comes back."""

from collections.abc import Callable

from ipywidgets import VBox, Widget
from sqlalchemy.orm import Session

from marketbook.kit.errors import RecordError
from marketbook.kit.forms import served
from marketbook.kit.forms.listing import Listing
from marketbook.kit.forms.record_form import Form, Sent
from marketbook.kit.language import gettext as _
from marketbook.kit.language import ngettext
from marketbook.kit.records.stale import StaleError
from marketbook.kit.visitor import Visitor
from marketbook.plan import budget_service
from marketbook.plan.budget_entry import BudgetItem, YearBudget

EDITING = ("manager", "director", "executive")


class DraftBudget:
    """The form and the workbook of a plan that is a draft, for its owner."""

    def __init__(self, plan_id: int, who: Visitor, *, done: Callable[[], None]) -> None:
        """Make them.

        Args:
            plan_id: Of which plan.
            who: Its owner.
            done: Called after something was written.
        """
        self.plan_id, self.who, self._done = plan_id, who, done
        self._seen = 0
        with served.store().reading() as session:
            self.title = budget_service.named(session, plan_id).title
        self.place = VBox([self._form()])

    def widgets(self) -> list[Widget]:
        """Return what is shown."""
        return [self.place, self._workbook()]

    def _form(self) -> Form[YearBudget]:
        return Form(
            YearBudget,
            name="plan/set-budget",
            record_id=self.plan_id,
            initial=lambda session: budget_service.year(session, self.plan_id),
            title=self.title,
            submit=_("Save the budget"),
            roles=EDITING,
            on_submit=self._saved,
        )

    def _saved(self, session: Session, record: YearBudget) -> Sent:
        try:
            budget_service.save(session, self.plan_id, record, actor=self.who.party_id, seen=self._seen)
        except StaleError as error:
            self._seen = budget_service.named(session, self.plan_id).version
            raise RecordError(budget_service.told(error)) from error
        count = len(record.lines)
        text = ngettext("The budget is saved: {count} item.", "The budget is saved: {count} items.", count)
        return Sent(text.format(count=count), then=self._done)

    def _workbook(self) -> Listing[BudgetItem]:
        return Listing(
            BudgetItem,
            budget_service.items(self.plan_id),
            title=_("The budget as a workbook"),
            services=budget_service.returning(self.plan_id, actor=self.who.party_id),
            roles=EDITING,
            bare=True,
            written=self._written,
        )

    def _written(self) -> None:
        """What came back is in the grid; what was typed there and not saved is its draft still."""
        before = self.place.children
        self.place.children = [self._form()]
        for one in before:
            one.close()
        self._done()
