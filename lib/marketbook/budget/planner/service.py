"""What the planner's screen writes: scenarios, recommendations and the changes of the budget that belong to them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, false, or_, select
from sqlalchemy.orm import Session

from marketbook.budget.planner import kept
from marketbook.budget.planner.kept import KeptPlan
from marketbook.budget.planner.lines import Proposal, proposal
from marketbook.budget.planner.moves import Move
from marketbook.budget.planner.planner import Planned, Planner
from marketbook.kit.config import settings
from marketbook.kit.errors import RecordError
from marketbook.kit.forms.rows import Row, Rows
from marketbook.kit.language import format_datetime, label
from marketbook.kit.language import gettext as _
from marketbook.kit.records.person import Party
from marketbook.kit.report.format import by_name
from marketbook.office import budget_transfer, decision, metric, scenario
from marketbook.office.budget_transfer import BudgetTransfer, Deciders
from marketbook.office.decision import Decision
from marketbook.office.params import DecisionEntry, ScenarioEntry
from marketbook.office.scenario import Scenario


@dataclass(frozen=True)
class Wanted:
    """How a plan is recommended."""

    title: str
    metric_id: int
    review_on: date
    transfers: bool


def keep(session: Session, name: str, planner: Planner, planned: Planned, *, actor: int) -> Scenario:
    """Keep a plan as a scenario.

    Raises:
        AccessError: The actor is no employee at work.
    """
    asked, answered = kept.asked_of(planner, planned), kept.answered_of(planner, planned)
    entry = ScenarioEntry(name=name, notebook=kept.NOTEBOOK, parameters=asked, result=answered)
    made = scenario.keep(session, entry, actor=actor)
    session.flush()
    return made


def plans() -> Rows:
    """Return the plans that were kept, the last one first."""
    return Rows(_plans(), complete=_when, newest_first=True, texts=("name", "made_by"), sorts=("name", "made_by"))


def _plans() -> Select[Any]:
    kept_as, party = Scenario.__table__, Party.__table__
    columns = select(kept_as.c.id, kept_as.c.name, kept_as.c.made_at, party.c.name.label("made_by"))
    return columns.join(party, party.c.id == kept_as.c.made_by_id).where(kept_as.c.notebook == kept.NOTEBOOK)


def _when(_session: Session, rows: list[Row]) -> None:
    for row in rows:
        row["name"] = label(row["name"])
        row["made_at"] = format_datetime(row["made_at"].astimezone(settings().zone))


def recommend(
    session: Session, shown: Proposal, wanted: Wanted, *, actor: int
) -> tuple[Decision, list[BudgetTransfer]]:
    """Recommend a plan, and enter its changes of the budget as drafts; all of it, or nothing.

    Args:
        session: A writing session.
        shown: What the actor was shown that it will do.
        wanted: What it is called, what it moves, when it is looked at, and whether with the budget's changes.
        actor: Who recommends it.

    Raises:
        RecordError: The budget has changed since it was shown, nobody could decide on its changes, or there is no such
            metric.
        AccessError: The actor is no employee at work.
    """
    now = proposal(session, shown.plan.number, exact=shown.exact)
    if wanted.transfers and (list(now.moves), list(now.held)) != (list(shown.moves), list(shown.held)):
        raise RecordError(_("The budget has changed since this was shown. Open the plan again, and look at it anew."))
    made = decision.propose(session, _entry(session, now, wanted), actor=actor)
    session.flush()
    if wanted.transfers and now.moves and not deciders(session, now, actor=actor).names:
        raise RecordError(_("Nobody can decide on changes of the budget today, so none can be entered."))
    if not wanted.transfers:
        return made, []
    return made, [_transfer(session, made, move, actor=actor) for move in now.moves]


def deciders(session: Session, found: Proposal, *, actor: int) -> Deciders:
    """Return who would decide on a proposal's changes of the budget: of several items, or of their sum, they are alike.

    Raises:
        RecordError: It has no changes.
    """
    if not found.moves:
        raise RecordError(_("No budget line in force has to change for it."))
    move = found.moves[0]
    giver, taker = move.ends
    return budget_transfer.deciders(session, from_line=giver, to_line=taker, amount=move.amount, actor=actor)


def accepted_drafts(session: Session, number: int, *, actor: int) -> list[BudgetTransfer]:
    """Return the transfers of a plan that was accepted, which their owner has not handed in yet."""
    of_plan = select(Decision).where(Decision.scenario_id == number, Decision.status == "accepted")
    numbers = [made.number for made in session.scalars(of_plan)]
    own = select(BudgetTransfer).where(BudgetTransfer.owner_id == actor, BudgetTransfer.status == "draft")
    starts = or_(false(), *(BudgetTransfer.purpose.startswith(f"{one}: ") for one in numbers))
    query = own.where(starts).order_by(BudgetTransfer.id)
    return list(session.scalars(query))


def hand_in(session: Session, number: int, *, actor: int) -> int:
    """Hand in the transfers of a plan that was accepted; all of them, or none. Returns how many.

    Raises:
        RecordError: A line has not the money any more.
        AccessError: The actor is no employee at work.
    """
    found = accepted_drafts(session, number, actor=actor)
    for transfer in found:
        budget_transfer.submit(session, transfer, actor=actor, version=transfer.version)
    return len(found)


def _entry(session: Session, found: Proposal, wanted: Wanted) -> DecisionEntry:
    moved = session.get(metric.Metric, wanted.metric_id)
    if moved is None or moved.unit != "money":
        raise RecordError(_("A plan moves revenue; choose a metric that is measured in money."))
    plan, effect = found.plan, found.plan.effect
    return DecisionEntry(
        title=wanted.title,
        recommendation=_recommended(found, wanted),
        metric=moved.code,
        predicted=float(effect.gain),
        low=float(min(effect.low, effect.gain)),
        high=float(max(effect.high, effect.gain)),
        level_bp=9_000,
        cost=_cost(found, wanted),
        review_on=wanted.review_on,
        scenario_id=plan.number,
    )


def _cost(found: Proposal, wanted: Wanted) -> int:
    """What a plan costs more, in fen: than the budget where that is changed for it, else than last year."""
    if found.exact and wanted.transfers:
        return max(found.raised - found.cut, 0)
    plan = found.plan
    last_year = round(int(plan.channels["today_minor"].sum()) * 100 / plan.asked["total_percent"])
    return max(plan.total - last_year, 0)


def _recommended(found: Proposal, wanted: Wanted) -> str:
    text = told(found.plan)
    if not (found.exact and wanted.transfers and found.moves):
        return text
    return f"{text}\n{_budget(found)}"


def _budget(found: Proposal) -> str:
    """Say by how much the budget is raised and cut."""

    def of(fen: int) -> str:
        return by_name("amount", fen / 100, currency=found.plan.currency)

    return _("The budget's lines are raised by {raised} and cut by {cut}; {moved} go from line to line.").format(
        raised=of(found.raised), cut=of(found.cut), moved=of(found.amount)
    )


def _transfer(session: Session, made: Decision, move: Move, *, actor: int) -> BudgetTransfer:
    title = _("{month} {giver} → {taker}").format(
        month=move.month,
        giver=label(move.giver.channel) if move.giver else _("increase"),
        taker=label(move.taker.channel) if move.taker else _("cut"),
    )
    giver, taker = move.ends
    return budget_transfer.enter(
        session, title=title[:200], amount=move.amount, from_line=giver, to_line=taker,
        purpose=f"{made.number}: {made.title}", actor=actor,
    )  # fmt: skip


def told(plan: KeptPlan) -> str:
    """Say what a plan does, for the recommendation: by channel, from today's split to the plan's."""

    def of(fen: int) -> str:
        return by_name("amount", fen / 100, currency=plan.currency)

    rows = [
        _("{channel}: {before} → {after}").format(
            channel=label(row["channel"]), before=of(row["today_minor"]), after=of(row["planned_minor"])
        )
        for row in plan.channels.to_dict("records")
        if row["today_minor"] != row["planned_minor"]
    ]
    head = _("Spend {total} from {first} to {last} as planned in scenario {number} ({name}):").format(
        total=of(plan.total), first=plan.first_day, last=plan.last_day, number=plan.number, name=plan.name
    )
    return "\n".join([head, *rows])


def due(plan: KeptPlan) -> date:
    """Return the day on which a plan's effect can be looked at: four weeks after it ends."""
    return plan.last_day + timedelta(weeks=4)
