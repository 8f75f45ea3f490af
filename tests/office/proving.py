"""A company that keeps what the clauses ask for, as far as its chapters are kept here."""

from datetime import date
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session
from tests.office import planning
from tests.office.company import House, paid, step, submitted, walk
from tests.office.planning import AWARENESS, YEAR

from marketbook.app.history import Identity, start, succeed
from marketbook.competitor import service as log
from marketbook.competitor.params import LogEntry
from marketbook.customer import cards, consents
from marketbook.customer.care import greetings, recommending
from marketbook.customer.care.tables import CareOccasion, Recommendation
from marketbook.customer.complaint import service
from marketbook.customer.complaint.params import ClosingEntry, ComplaintEntry, ResolutionEntry
from marketbook.customer.entries import CustomerEntry
from marketbook.kit.records import person, roles, types
from marketbook.office import activity, budget_line, decision, measurement, opportunity, report
from marketbook.office.activity import Activity
from marketbook.office.opportunity_params import DoneEntry, OpportunityEntry, StepEntry, WonEntry
from marketbook.office.params import ActivityEntry, DecisionEntry, MeasurementEntry, ReportEntry, ResultEntry
from marketbook.office.report import PARTS
from marketbook.plan.rules import CATEGORIES
from marketbook.plan.tables import Plan

KINDS = ("advertising", "visit", "content", "research", "review_meeting", "issue", "call", "product_change", "care")
RUNS = (
    "plan/review-week", "plan/build-year", "expense/review-budget", "expense/audit-month", "customer/review-complaints",
    "customer/find-causes", "competitor/digest-competitors", "customer/review-customers", "segmentation/segment-market",
)  # fmt: skip
BASES = {
    "activities": "activity", "audit_log": "audit_log", "budget_lines": "budget_line", "claim_lines": "expense_line",
    "care_occasions": "care_occasion", "complaints": "complaint", "complaint_actions": "complaint",
    "customer_cards": "customer", "recommendations": "recommendation",
    "opportunities": "opportunity",
    "documents": "record", "figures": "measurement", "files": "attachment", "plans": "plan", "posts": "role_grant",
    "report_records": "report", "runs": "notebook_run", "steps": "status_change",
}  # fmt: skip
"""The table in which each view's rows are kept."""


def keep(house: House) -> None:
    """Let the company do what the clauses ask for, today."""
    types.load()
    with house.store.writing() as session:
        basis = _reported(session, house, "research")
        made = _plan(session, house, basis)
        line = budget_line.of_plan(session, plan_id=made.id)[0].id
        for kind in KINDS:
            _done(session, house, made.id, kind)
        for kind in ("market_note", "decision_proposal"):
            _reported(session, house, kind)
        _decide(session, house)
        _campaign(session, house, made.id)
        _complained(session, house)
        _watched(session, house)
        _sold(session, house)
    _looked_after(house)
    with house.store.writing() as session:
        for name in RUNS:
            succeed(session, start(session, Identity(name, "", "en", {}), versions={}).id)
    paid(house, line, 1_000)
    walk(house, submitted(house, line, 500), ("rejected", house.people.manager))


def _sold(session: Session, house: House) -> None:
    """A prospect who is called, offered something, buys, and is looked after."""
    seller, today = house.people.sales, roles.today()
    customer = person.add(session, kind="customer", name="苏州拾光酒店").id
    follow_up = StepEntry(title="致电", due_on=today)
    entry = OpportunityEntry(
        party_id=customer, product="礼盒", next_step=follow_up, amount_minor=100, expected_on=today, said="来电询价"
    )
    one = opportunity.enter(session, entry, actor=seller)
    for stage in ("qualified", "proposal"):
        step(session, one, stage, seller)
    opportunity.win(session, one, WonEntry(order_no="SO-1", order_minor=100), actor=seller, version=one.version)
    due = opportunity.steps(session, one)[0]
    opportunity.finish_step(session, one, due, DoneEntry(outcome="已到货"), actor=seller, version=due.version)


def _watched(session: Session, house: House) -> None:
    """A look at a competitor."""
    about = log.competitor(session, "云栖生活", actor=house.people.manager)
    look = LogEntry(competitor_id=about.id, product="枕", channel="tmall", price_minor=100, seen_on=roles.today())
    log.enter(session, look, actor=house.people.manager)


def _complained(session: Session, house: House) -> None:
    agent, customer = house.people.manager, person.add(session, kind="customer", name="王芳").id
    entry = ComplaintEntry(party_id=customer, content="收到的杯子有裂纹，要求换货", severity="high")
    one = service.enter(session, entry, actor=agent)
    service.take(session, one, actor=agent, version=one.version)
    solved = ResolutionEntry(resolution="已补寄新品", cause="product.defect")
    service.resolve(session, one, solved, actor=agent, version=one.version)
    action = ActivityEntry(kind="corrective_action", title="加强出库检查", due_on=roles.today())
    service.follow_up(session, one, action, actor=agent)
    service.close(session, one, ClosingEntry(satisfaction=5), actor=agent, version=one.version)


def _looked_after(house: House) -> None:
    """Customers: entered, looked at, greeted, and recommended something or held out."""
    agent, today = house.people.manager, roles.today()
    with house.store.writing() as session:
        number = iter(range(13_800_000_000, 13_800_000_100))
        known = {}
        for place in range(20):
            entry = {"name": f"客户{place}", "contacts": [{"value": str(next(number))}], "needs": "礼盒"}
            made = cards.enter(
                session, CustomerEntry.model_validate({**entry, "birthday": f"{today:%m-%d}"}), actor=agent
            )
            for purpose in ("care", "personal"):
                consents.record(session, made, purpose=purpose, given=True, method="form", actor=agent)
            cards.mark_checked(session, made, actor=agent, version=made.version)
            known[made.id] = "shop"
        cards.set_values(session, dict.fromkeys(known, 100), on=today)
    with house.store.writing() as session:
        greetings.refresh(session, today)
        alike = {f"{n}": {"tea", "cups"} if n % 2 else {"soap"} for n in range(200)}
        recommending.make(session, known, {"shop": {"tea"}, **alike}, on=today)
    with house.store.writing() as session:
        care = session.get_one(Activity, session.scalars(select(CareOccasion.activity_id)).first())
        greetings.send(session, care, result="已发", actor=agent, version=care.version)
        offer = session.get_one(
            Activity, session.scalars(select(Recommendation.activity_id).where(~Recommendation.held_out)).first()
        )
        recommending.answer(session, offer, response="accepted", note="", actor=agent, version=offer.version)


def delete(session: Session, name: str) -> None:
    """Take everything out of a table, past its triggers; the caller rolls back."""
    unguarded(session)
    session.execute(text(f"DELETE FROM {name}"))  # a table of ours


def unguarded(session: Session) -> None:
    """Let raw SQL do what the triggers refuse; the caller rolls back."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL session_replication_role = replica"))
        return
    session.execute(text("PRAGMA defer_foreign_keys = ON"))
    for name in session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        session.execute(text(f"DROP TRIGGER {name}"))


def _plan(session: Session, house: House, basis: int) -> Plan:
    manager = house.people.manager
    made = planning.of_year(session, actor=manager, basis=[basis])
    for category in CATEGORIES:
        about: dict[str, Any] = {"category": category, "month": f"{roles.today():%Y-%m}", "item": "项目"}
        budget_line.add(session, made, **about, original=1_000_000, actor=manager, version=made.version)
    for to, actor in (("submitted", manager), ("approved", house.people.director), ("active", manager)):
        step(session, made, to, actor)
    about_it = {"metric": AWARENESS, "basis": "actual", "period": f"{YEAR}-Q1", "value": 0.3}
    measurement.record(session, MeasurementEntry.model_validate(about_it), actor=manager)
    return made


def _campaign(session: Session, house: House, parent: int) -> None:
    manager = house.people.manager
    made = planning.complete(session, actor=manager, parent_id=parent)
    for to, actor in (("submitted", manager), ("approved", house.people.director), ("active", manager)):
        step(session, made, to, actor)
    _reported(session, house, "campaign_review", plan_id=made.id)
    step(session, made, "closed", manager)


def _done(session: Session, house: House, plan: int, kind: str) -> None:
    owner, today = house.people.sales, roles.today()
    made = planning.work(session, plan, actor=owner, kind=kind, starts_on=date(YEAR, 1, 1), due_on=today)
    session.flush()
    for to in ("in_progress", "blocked", "in_progress"):
        step(session, made, to, owner, "等待场地")
    entry = ResultEntry(done_on=today, qty_done=3, quality=4, outcome="完成")
    activity.finish(session, made, entry, actor=owner, version=made.version)


def _reported(session: Session, house: House, kind: str, **about: Any) -> int:
    parts = dict.fromkeys(PARTS, "如题")
    entry = ReportEntry.model_validate({"kind": kind, "title": kind, "period": f"{YEAR}-Q1", **parts, **about})
    made = report.enter(session, entry, actor=house.people.sales)
    step(session, made, "submitted", house.people.sales)
    step(session, made, "accepted", house.people.manager)
    return made.id


def _decide(session: Session, house: House) -> None:
    entry = DecisionEntry(
        title="增加投放", recommendation="增加内容投放", metric=AWARENESS, predicted=0.02, low=0.01, high=0.03,
        review_on=roles.today(),
    )  # fmt: skip
    made = decision.propose(session, entry, actor=house.people.sales)
    session.flush()
    decision.accept(session, made, actor=house.people.manager, version=made.version)
    effect = {"metric": AWARENESS, "basis": "actual", "period": f"{YEAR}-Q2", "value": 0.02}
    decision.review(
        session, made, MeasurementEntry.model_validate(effect), actor=house.people.manager, version=made.version,
        reason="符合预期",
    )  # fmt: skip
