"""A kept plan on the screen: what it says, and the recommendation that it becomes, shown line by line before."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from ipywidgets import Widget
from markupsafe import Markup
from pydantic import BaseModel, Field
from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Session

from marketbook.budget.planner import service
from marketbook.budget.planner.kept import KeptPlan
from marketbook.budget.planner.moves import Move
from marketbook.budget.planner.service import Proposal, Wanted
from marketbook.budget.wording import money
from marketbook.kit.forms import served
from marketbook.kit.forms.fields import Reference
from marketbook.kit.forms.given import given
from marketbook.kit.forms.listing import Listing
from marketbook.kit.forms.record_form import Form, Sent
from marketbook.kit.forms.screen import Panel
from marketbook.kit.forms.search import Found, Search
from marketbook.kit.forms.told import Told, sentence
from marketbook.kit.language import format_month, format_percent, label, mark, ngettext
from marketbook.kit.language import gettext as _
from marketbook.kit.report.format import by_name
from marketbook.kit.visitor import Visitor
from marketbook.office import metric

PROPOSING = ("manager", "director", "executive", "specialist")

_TOLD = Markup('<header class="mb-story"><h2 class="mb-title" tabindex="-1">{}</h2></header>{}')
_PARAGRAPH = Markup("<p>{}</p>")
_COLUMNS = {"month": String, "giver": String, "taker": String, "amount_minor": BigInteger}


class Recommendation(BaseModel):
    """How a plan is recommended."""

    title: str = Field(min_length=1, max_length=200, title=mark("Recommendation"))
    metric_id: Reference = Field(title=mark("What it is to move"))
    review_on: date = Field(title=mark("Look at its effect on"))
    transfers: bool = Field(
        default=True,
        title=mark("With its transfers"),
        description=mark("Each is entered as a draft of yours; hand it in once the recommendation is accepted."),
    )


class Nothing(BaseModel):
    """A form that asks nothing but to be sent."""


class MoveRow(BaseModel):
    """A transfer that a plan asks for, in the list."""

    month: str = Field(title=mark("Month"))
    giver: str = Field(title=mark("From channel"))
    taker: str = Field(title=mark("To channel"))
    amount_minor: int = Field(title=mark("Amount"))


class Proposing:
    """A kept plan, and the form that recommends it."""

    def __init__(self, number: int, who: Visitor, panel: Panel) -> None:
        """Make it.

        Args:
            number: The scenario's.
            who: The reader.
            panel: Where it is shown.
        """
        self.number, self.who, self.panel = number, who, panel
        self.shown: Proposal

    def open(self, *told: Widget) -> None:
        """Show the plan, what would be done line by line, and the form."""
        with served.store().reading() as session:
            self.shown = service.proposal(session, self.number)
            first = next((one.id for one in _of_money(session)), None)
            drafts = len(service.accepted_drafts(session, self.number, actor=self.who.party_id))
        rows = given(_COLUMNS, [_row(move) for move in self.shown.moves])
        listing = Listing(MoveRow, rows, title=_("Transfers, line by line"), roles=PROPOSING)
        proposing = bool(self.who.roles & set(PROPOSING))
        lists = [listing] if self.shown.moves and proposing else []
        forms = [*([self._handing_in(drafts)] if drafts else []), self._form(first)] if proposing else []
        self.panel.turn_to(*told, Told(_summary(self.shown)), *lists, *forms)

    def _form(self, metric_id: int | None) -> Form[Recommendation]:
        plan = self.shown.plan
        return Form(
            Recommendation,
            name="budget/recommend-plan",
            record_id=plan.number,
            initial={"title": plan.name, "metric_id": metric_id, "review_on": service.due(plan), "transfers": True},
            title=_("Recommend it"),
            submit=_("Recommend it"),
            searches={"metric_id": _metrics()},
            ahead=lambda _session, entry: _foretold(self.shown, entry),
            roles=PROPOSING,
            on_submit=self._recommended,
            refused=lambda error: self.open(sentence(str(error), refused=True)),
        )

    def _handing_in(self, count: int) -> Form[Nothing]:
        text = ngettext("Hand in its {count} transfer", "Hand in its {count} transfers", count)
        return Form(
            Nothing,
            name="budget/hand-in-transfers",
            record_id=self.number,
            title=_("It was accepted"),
            submit=text.format(count=count),
            roles=PROPOSING,
            on_submit=self._handed_in,
            refused=lambda error: self.open(sentence(str(error), refused=True)),
        )

    def _handed_in(self, session: Session, _given: Nothing) -> Sent:
        count = service.hand_in(session, self.number, actor=self.who.party_id)
        said = ngettext(
            "{count} transfer of the plan was handed in.", "{count} transfers of the plan were handed in.", count
        ).format(count=count)
        return Sent(said, then=lambda: self.open(sentence(said)))

    def _recommended(self, session: Session, entry: Recommendation) -> Sent:
        wanted = Wanted(entry.title, entry.metric_id, entry.review_on, entry.transfers)
        made, transfers = service.recommend(session, self.shown, wanted, actor=self.who.party_id)
        count = len(transfers)
        told = ngettext(
            "{number} was entered with {count} transfer as a draft.",
            "{number} was entered with {count} transfers as drafts.",
            count,
        )
        said = told.format(number=made.number, count=count)
        return Sent(said, then=lambda: self.panel.turn_to(sentence(said)))


def _row(move: Move) -> Sequence[object]:
    return [_month(move.giver.month), label(move.giver.channel), label(move.taker.channel), move.amount]


def _month(month: str) -> str:
    return format_month(date.fromisoformat(f"{month}-01"))


def _summary(found: Proposal) -> Markup:
    plan = found.plan
    title = _("Scenario {number}: {name}").format(number=plan.number, name=plan.name)
    sentences = [*_effect(plan), *_about(found)]
    return _TOLD.format(title, Markup("").join(_PARAGRAPH.format(one) for one in sentences))


def _effect(plan: KeptPlan) -> list[str]:
    spent = _("It spends {total} from {first} to {last}.").format(
        total=by_name("amount", plan.total / 100, currency=plan.currency), first=plan.first_day, last=plan.last_day
    )
    gained = _(
        "It is expected to bring {gain} more revenue than today's split at the same total (90% interval {low} to "
        "{high}); the chance that it brings more is {chance}."
    ).format(
        **{name: money(fen / 100, plan.currency) for name, fen in asdict(plan.effect).items()},
        chance=format_percent(plan.beats_today),
    )  # fmt: skip
    return [spent, gained]


def _about(found: Proposal) -> list[str]:
    told = []
    if found.moves:
        text = ngettext(
            "{count} transfer of {amount} makes the budget's lines be split as planned; each month keeps its sum.",
            "{count} transfers of {amount} make the budget's lines be split as planned; each month keeps its sum.",
            len(found.moves),
        )
        told.append(
            text.format(
                count=len(found.moves), amount=by_name("amount", found.amount / 100, currency=found.plan.currency)
            )
        )
    else:
        told.append(_("No budget line in force has to change for it."))
    if found.gone:
        told.append(
            _("Months that are over are left as they are: {first} to {last}.").format(
                first=_month(found.gone[0]), last=_month(found.gone[-1])
            )
        )
    if found.without:
        names = _(", ").join(label(name) for name in found.without)
        told.append(_("No line in the budget's months to come: {channels}.").format(channels=names))
    return told


def _foretold(found: Proposal, entry: Recommendation) -> str:
    if not entry.transfers or not found.moves:
        return _("A recommendation is entered, open to be decided.")
    text = ngettext(
        "A recommendation is entered, open to be decided, and {count} transfer as a draft, all at once or not at all.",
        "A recommendation is entered, open to be decided, and {count} transfers as drafts, all at once or not at all.",
        len(found.moves),
    )
    return text.format(count=len(found.moves))


def _of_money(session: Session) -> list[metric.Metric]:
    return [one for one in metric.everything(session) if one.unit == "money"]


def _metrics() -> Search:
    """How metrics that are measured in money are found."""

    def find(session: Session, text: str) -> list[Found]:
        wanted = text.strip().lower()
        return [Found(one.id, one.name) for one in _of_money(session) if wanted in one.name.lower()]

    def get(session: Session, number: int) -> Found | None:
        found = session.get(metric.Metric, number)
        return Found(found.id, found.name) if found else None

    return Search(find=find, get=get)
