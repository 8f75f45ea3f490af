"""A kept plan on the screen: what it says, and the recommendation that it becomes, shown line by line before."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from ipywidgets import Widget
from pydantic import BaseModel, Field
from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Session

from marketbook.budget.planner import lines, proposal_words, service
from marketbook.budget.planner.kept import KeptPlan
from marketbook.budget.planner.lines import Proposal
from marketbook.budget.planner.moves import Held, Move
from marketbook.budget.planner.service import Wanted
from marketbook.kit.forms import served
from marketbook.kit.forms.fields import Reference
from marketbook.kit.forms.given import given
from marketbook.kit.forms.listing import Listing, Opening
from marketbook.kit.forms.record_form import Form, Sent
from marketbook.kit.forms.screen import Panel
from marketbook.kit.forms.search import Found, Search
from marketbook.kit.forms.told import Told, sentence
from marketbook.kit.language import gettext as _
from marketbook.kit.language import label, mark, ngettext
from marketbook.kit.visitor import Visitor
from marketbook.office import metric

PROPOSING = ("manager", "director", "executive", "specialist")

_COLUMNS = {"month": String, "giver": String, "taker": String, "amount_minor": BigInteger}
_FEW = 3
_KEPT = {"month": String, "channel": String, "amount_minor": BigInteger, "reason": String}


class Recommendation(BaseModel):
    """How a plan is recommended."""

    title: str = Field(min_length=1, max_length=200, title=mark("Recommendation"))
    metric_id: Reference = Field(title=mark("What it is to move"))
    review_on: date = Field(title=mark("Look at its effect on"))
    transfers: bool = Field(
        default=True,
        title=mark("With its changes of the budget"),
        description=mark("Each is entered as a draft of yours; hand it in once the recommendation is accepted."),
    )


class Nothing(BaseModel):
    """A form that asks nothing but to be sent."""


class MoveRow(BaseModel):
    """A transfer, an increase or a cut that a plan asks for, in the list."""

    month: str = Field(title=mark("Month"))
    giver: str = Field(title=mark("From channel"))
    taker: str = Field(title=mark("To channel"))
    amount_minor: int = Field(title=mark("Amount"))


class StayingRow(BaseModel):
    """What a plan asks for and the budget's lines do not allow, in the list."""

    month: str = Field(title=mark("Month"))
    channel: str = Field(title=mark("Channel"))
    amount_minor: int = Field(title=mark("Amount"))
    reason: str = Field(title=mark("Reason"))


class Proposing:
    """A kept plan, and the form that recommends it."""

    def __init__(self, number: int, who: Visitor, panel: Panel, *, again: Callable[[KeptPlan], None]) -> None:
        """Make it.

        Args:
            number: The scenario's.
            who: The reader.
            panel: Where it is shown.
            again: Puts the sliders where they stood when it was kept.
        """
        self.number, self.who, self.panel, self._again = number, who, panel, again
        self.exact: bool | None = None
        self.shown: Proposal

    def open(self, *told: Widget, exact: bool | None = None) -> None:
        """Show the plan, what would be done line by line, and the form.

        Args:
            told: What is said above it.
            exact: Whether the budget is raised or cut to the plan; None: as it was shown, or as its total asks.
        """
        with served.store().reading() as session:
            self.shown = lines.proposal(session, self.number, exact=self.exact if exact is None else exact)
            self.exact = self.shown.exact
            actor = self.who.party_id
            deciders = service.deciders(session, self.shown, actor=actor) if self.shown.moves else None
            first = next((one.id for one in _of_money(session)), None)
            drafts = len(service.accepted_drafts(session, self.number, actor=actor))
        proposing = bool(self.who.roles & set(PROPOSING))
        forms = [*([self._handing_in(drafts)] if drafts else []), self._form(first)] if proposing else []
        summary = Told(proposal_words.summary(self.shown, deciders))
        self.panel.turn_to(*told, summary, *(self._lists() if proposing else []), *forms)

    def _lists(self) -> list[Widget]:
        """Return what would be done line by line, and what stays as it is."""
        found = self.shown
        other = _("Keep each month's sum") if found.exact else _("Raise or cut it to the plan")
        back = (_("Put the sliders there again"), lambda: self._again(found.plan))
        opening = Opening(more=[(other, lambda: self.open(exact=not found.exact)), back])
        rows = given(_COLUMNS, [_row(move) for move in found.moves])
        made: list[Widget] = [
            Listing(MoveRow, rows, title=_("The budget, line by line"), opening=opening, roles=PROPOSING)
        ]
        if staying := [*map(_held, found.held), *_missing(found.missing)]:
            title = _("What the budget does not allow")
            made.append(Listing(StayingRow, given(_KEPT, staying), title=title, roles=PROPOSING))
        return made

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
            ahead=lambda _session, entry: proposal_words.foretold(self.shown, transfers=entry.transfers),
            roles=PROPOSING,
            on_submit=self._recommended,
            refused=lambda error: self.open(sentence(str(error), refused=True)),
        )

    def _handing_in(self, count: int) -> Form[Nothing]:
        text = ngettext("Hand in its {count} change of the budget", "Hand in its {count} changes of the budget", count)
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
            "{count} change of the budget was handed in.", "{count} changes of the budget were handed in.", count
        ).format(count=count)
        return Sent(said, then=lambda: self.open(sentence(said)))

    def _recommended(self, session: Session, entry: Recommendation) -> Sent:
        wanted = Wanted(entry.title, entry.metric_id, entry.review_on, entry.transfers)
        made, entered = service.recommend(session, self.shown, wanted, actor=self.who.party_id)
        said = proposal_words.entered(made.number, len(entered))
        return Sent(said, then=lambda: self.panel.turn_to(sentence(said)))


def _row(move: Move) -> Sequence[object]:
    giver = label(move.giver.channel) if move.giver else _("increase of the budget")
    taker = label(move.taker.channel) if move.taker else _("cut of the budget")
    return [proposal_words.month(move.month), giver, taker, move.amount]


def _held(one: Held) -> Sequence[object]:
    reason = _("not cut: it is promised or spent already")
    return [proposal_words.month(one.line.month), label(one.line.channel), one.amount, reason]


def _missing(missing: Mapping[tuple[str, str], int]) -> Iterator[Sequence[object]]:
    """Say what has no line: channel by channel, or the month where hardly any channel has one."""
    for month in dict.fromkeys(month for month, _channel in missing):
        found = {channel: fen for (of, channel), fen in missing.items() if of == month}
        if len(found) > _FEW:
            named = _("{count} channels").format(count=len(found))
            yield [proposal_words.month(month), named, sum(found.values()), _("no budget in force has lines for them")]
            continue
        reason = _("no line in a budget in force: open one there first")
        yield from ([proposal_words.month(month), label(channel), fen, reason] for channel, fen in found.items())


def _of_money(session: Session) -> list[metric.Metric]:
    """Return metrics that are measured in money, revenue first."""
    found = [one for one in metric.everything(session) if one.unit == "money"]
    return sorted(found, key=lambda one: "revenue" not in one.code)


def _metrics() -> Search:
    """How metrics that are measured in money are found."""

    def find(session: Session, text: str) -> list[Found]:
        wanted = text.strip().lower()
        return [Found(one.id, one.name) for one in _of_money(session) if wanted in one.name.lower()]

    def get(session: Session, number: int) -> Found | None:
        found = session.get(metric.Metric, number)
        return Found(found.id, found.name) if found else None

    return Search(find=find, get=get)
