"""What the forms of sales ask."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from marketbook.customer import finding
from marketbook.customer.opening import OfCustomer, Words
from marketbook.kit.forms.fields import Hidden, Labels, LongText, Reference
from marketbook.kit.forms.search import Search
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.office.opportunity import LOST, SELLERS, SOURCES
from marketbook.office.opportunity_params import Reason, Source, StepEntry, order_no

MOST = 20
"""How many are offered at once."""

STEPS = {
    "call": mark("Call or message"),
    "visit": mark("Visit"),
    "task": mark("Something to prepare or send"),
    "event": mark("Event"),
}
"""What a next step can be."""

StepKind = Literal["call", "visit", "task", "event"]
Product = Annotated[Words, Field(min_length=1, max_length=200, title=mark("Product of interest"))]
Estimated = Annotated[int | None, Field(gt=0, le=10**14, title=mark("Estimated amount"))]
Expected = Annotated[date | None, Field(title=mark("Order expected on"))]
CameFrom = Annotated[Source, Labels(SOURCES), Field(title=mark("Came from"))]
Needs = Annotated[LongText, Field(max_length=2_000, title=mark("What the customer needs"))]
Kind = Annotated[StepKind, Labels(STEPS), Field(title=mark("Next step"))]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class NewForm(OfCustomer):
    """A new sale, with what is to be done next."""

    product: Product
    step_title: Annotated[Words, Field(min_length=1, max_length=200, title=mark("What is to be done next"))]
    step_on: Annotated[date, Field(title=mark("Until when"))]
    step_kind: Kind = "call"
    amount_minor: Estimated = None
    expected_on: Expected = None
    source: CameFrom = "visit"
    said: Annotated[
        LongText,
        Field(
            max_length=2_000, title=mark("What was said already"),
            description=mark("Only where there was a contact already: it counts as the first one."),
        ),
    ] = ""  # fmt: skip
    needs: Needs = ""

    @property
    def next_step(self) -> StepEntry:
        """What is to be done next."""
        return StepEntry(kind=self.step_kind, title=self.step_title, due_on=self.step_on)


class GivenForm(NewForm):
    """A new sale that a manager may give to one of his people."""

    owner_id: Annotated[
        Reference | None, Field(title=mark("Whose it is"), description=mark("Yours, where it is empty."))
    ] = None


class SaleForm(_Strict):
    """What is known of a sale."""

    version: Hidden = ""
    product: Product
    amount_minor: Estimated = None
    expected_on: Expected = None
    source: CameFrom = "visit"
    needs: Needs = ""


class DoneForm(_Strict):
    """What came of a step, and what is next."""

    step: Hidden = ""
    version: Hidden = ""
    outcome: Annotated[LongText, Field(min_length=1, max_length=5_000, title=mark("What came of it"))]
    step_title: Annotated[Words, Field(max_length=200, title=mark("What is to be done next"))] = ""
    step_on: Annotated[date | None, Field(title=mark("Until when"))] = None
    step_kind: Kind = "call"

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if bool(self.step_title) != (self.step_on is not None):
            raise ValueError(_("a next step says what is to be done, and until when"))
        return self

    @property
    def next_step(self) -> StepEntry | None:
        """What is to be done next."""
        if self.step_on is None:
            return None
        return StepEntry(kind=self.step_kind, title=self.step_title, due_on=self.step_on)


class StepForm(_Strict):
    """Something more to be done."""

    step_title: Annotated[Words, Field(min_length=1, max_length=200, title=mark("What is to be done"))]
    step_on: Annotated[date, Field(title=mark("Until when"))]
    step_kind: Annotated[StepKind, Labels(STEPS), Field(title=mark("Kind"))] = "call"

    @property
    def step(self) -> StepEntry:
        """What is to be done."""
        return StepEntry(kind=self.step_kind, title=self.step_title, due_on=self.step_on)


class WonForm(_Strict):
    """The order."""

    version: Hidden = ""
    order_no: Annotated[str, Field(min_length=1, max_length=100, title=mark("Order number")), AfterValidator(order_no)]
    order_minor: Annotated[int, Field(gt=0, le=10**14, title=mark("Order amount"))]
    follow_up: Annotated[Words, Field(min_length=1, max_length=200, title=mark("How the order is looked after"))]
    follow_on: Annotated[date, Field(title=mark("Until when"))]

    @property
    def step(self) -> StepEntry:
        """How the order is looked after."""
        return StepEntry(kind="call", title=self.follow_up, due_on=self.follow_on)


class LostForm(_Strict):
    """Why it was lost."""

    version: Hidden = ""
    reason: Annotated[Reason, Labels(LOST), Field(title=mark("Why it was lost"))]
    text: Annotated[LongText, Field(max_length=1_500, title=mark("In words"))] = ""


def sellers() -> Search:
    """Return how those are found who keep sales, by name."""
    return finding.employees(SELLERS)
