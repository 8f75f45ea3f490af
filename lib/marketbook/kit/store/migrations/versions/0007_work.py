"""Work: plans of ten kinds, activities, measurements, reports, decisions, scenarios, scorecard templates."""

from collections.abc import Callable, Iterable

import sqlalchemy as sa
from alembic import op

from marketbook.kit.store import triggers
from marketbook.kit.store.migrations.building import (
    About,
    Step,
    check,
    forget,
    install_states,
    install_steps,
    key,
    listed,
    other,
)
from marketbook.kit.store.moment import Moment
from marketbook.office.guards import of_office
from marketbook.office.work_guards import of_work
from marketbook.plan.guards import of_plan, of_plan_tree

revision = "0007"
down_revision = "0006"

TABLES = (
    "plan_basis", "plan_objective", "criterion", "scorecard_template", "decision", "scenario", "report",
    "participation", "activity", "measurement", "metric",
)  # fmt: skip

OWN: About = {"role": "owner"}
SUPERIOR: About = {"role": "manager", "in_line": True}
REASON: About = {"needs_reason": True}
BACK: About = {"four_eyes": True, "needs_reason": True}
ANY_MANAGER: About = {"role": "manager"}
MANAGER: About = {"role": "manager", "four_eyes": True, "in_line": True}
DIRECTOR: About = {"role": "director", "four_eyes": True, "in_line": True}
DIRECTOR_FROM = 500_000
"""From which cost the director decides on a recommendation, in fen."""

STATES = {
    "activity": {
        "planned": "editable", "in_progress": "", "blocked": "", "done": "final", "cancelled": "final",
    },
    "report": {"draft": "editable", "submitted": "", "accepted": "final", "returned": "editable"},
    "decision": {"open": "editable", "accepted": "", "declined": "final", "reviewed": "final"},
    "scorecard_template": {"draft": "editable", "submitted": "", "in_force": "", "retired": "final"},
}  # fmt: skip

PERIOD = "length(period) IN (4, 7, 8, 10) AND ltrim(period, '0123456789-QW') = ''"
PLANS = (
    "marketing", "research", "brand_building", "brand_promotion", "product_promotion", "sales_promotion",
    "channel_expansion", "recruitment", "training", "campaign",
)  # fmt: skip
PLAN_RULES = {
    "kind": f"kind IN ({', '.join(repr(kind) for kind in PLANS)})",
    "dates": "starts_on <= ends_on",
    "parent": "kind <> 'marketing' OR parent_id IS NULL",
}
ACTIVITIES = (
    "task", "advertising", "event", "public_relations", "content", "research", "call", "visit", "care",
    "recommendation", "training", "review_meeting", "product_change", "corrective_action", "issue", "inspection",
)  # fmt: skip
REPORTS = (
    "research", "market_note", "campaign_review", "plan_review", "brand_health", "product_review", "channel_review",
    "decision_proposal", "budget_variance", "progress", "inspection",
)  # fmt: skip
DIMENSIONS = ("performance", "ability", "attitude", "cooperation", "compliance")


def upgrade() -> None:
    _without_triggers(_grow)
    _metric()
    _measurement()
    _activity()
    _report()
    _scenario()
    _decision()
    _scorecard_template()
    _what_a_plan_stands_on()
    install_states(STATES)
    for name, steps in _all_steps().items():
        install_steps(name, steps)
    triggers.install(op.get_bind(), _triggers())


def downgrade() -> None:
    triggers.remove(op.get_bind(), _triggers())
    for table in TABLES:
        op.drop_table(table)
    _without_triggers(_shrink)
    forget(STATES, steps={"plan": "closed"})


def _triggers() -> list[triggers.Trigger]:
    connection = op.get_bind()
    return [*of_work(connection), *of_plan_tree(connection)]


def _grow() -> None:
    with op.batch_alter_table("plan") as plan:
        plan.add_column(sa.Column("kind", sa.String(30), nullable=False, server_default="marketing"))
        plan.add_column(sa.Column("parent_id", sa.Integer))
        plan.add_column(sa.Column("starts_on", sa.Date))
        plan.add_column(sa.Column("ends_on", sa.Date))
        for name in ("strategy", "feasibility"):
            plan.add_column(sa.Column(name, sa.Text, nullable=False, server_default=""))
        plan.add_column(sa.Column("scope", sa.JSON, nullable=False, server_default="[]"))
        plan.add_column(sa.Column("unbudgeted", sa.JSON, nullable=False, server_default="{}"))
        plan.create_foreign_key("fk_plan_parent_id_plan", "plan", ["parent_id"], ["id"])
    with op.batch_alter_table("plan") as plan:
        for name in ("kind", "strategy", "feasibility", "scope", "unbudgeted"):
            plan.alter_column(name, server_default=None)
        for name, rule in PLAN_RULES.items():
            plan.create_check_constraint(op.f(f"ck_plan_{name}"), rule)
    op.create_index("ix_plan_parent", "plan", ["parent_id"])


def _shrink() -> None:
    op.drop_index("ix_plan_parent", "plan")
    with op.batch_alter_table("plan") as plan:
        plan.drop_constraint("fk_plan_parent_id_plan", type_="foreignkey")
        for name in PLAN_RULES:
            plan.drop_constraint(op.f(f"ck_plan_{name}"), type_="check")
        for name in ("kind", "parent_id", "starts_on", "ends_on", "strategy", "feasibility", "scope", "unbudgeted"):
            plan.drop_column(name)


def _without_triggers(do: Callable[[], None]) -> None:
    """Change the table of plans; SQLite copies it, which the triggers that read it must not see half-way."""
    connection = op.get_bind()
    triggers.remove(connection, [*of_plan(connection), *of_office(connection)])
    do()
    triggers.install(connection, [*of_plan(connection), *of_office(connection)])


def _metric() -> None:
    op.create_table(
        "metric",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.String(50), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("unit", sa.String(10), nullable=False),
        sa.Column("direction", sa.Integer, nullable=False),
        sa.Column("definition", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        check("metric", "named", "code <> '' AND name <> '' AND definition <> ''"),
        check("metric", "unit", "unit IN ('count', 'share', 'money', 'score', 'days')"),
        check("metric", "direction", "direction IN (-1, 1)"),
    )
    op.create_index("uq_metric_code", "metric", ["code"], unique=True)


def _measurement() -> None:
    op.create_table(
        "measurement",
        sa.Column("id", sa.Integer, primary_key=True),
        other("metric_id", "metric", nullable=False),
        other("subject_id", "record"),
        sa.Column("basis", sa.String(10), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("value", sa.Double, nullable=False),
        sa.Column("n", sa.Integer),
        sa.Column("standard_error", sa.Double),
        sa.Column("run_id", sa.Integer),
        other("supersedes_id", "measurement"),
        other("recorded_by_id", "party"),
        sa.Column("at", Moment, nullable=False),
        check("measurement", "basis", "basis IN ('target', 'actual', 'forecast')"),
        check("measurement", "period", PERIOD),
        check("measurement", "n", "n >= 1"),
        check("measurement", "standard_error", "standard_error >= 0"),
        check("measurement", "source", "recorded_by_id IS NOT NULL OR run_id IS NOT NULL"),
    )
    op.create_index("ix_measurement_metric", "measurement", ["metric_id", "basis", "period"])
    op.create_index("ix_measurement_subject", "measurement", ["subject_id", "metric_id"])
    op.create_index("uq_measurement_supersedes_id", "measurement", ["supersedes_id"], unique=True)


def _activity() -> None:
    op.create_table(
        "activity",
        key("record"),
        sa.Column("kind", sa.String(30), nullable=False),
        other("plan_id", "record"),
        other("about_id", "record"),
        sa.Column("channel", sa.String(100), nullable=False),
        sa.Column("method", sa.String(50), nullable=False),
        sa.Column("starts_on", sa.Date),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("qty_planned", sa.Integer),
        sa.Column("qty_unit", sa.String(20), nullable=False),
        sa.Column("quality_standard", sa.Text, nullable=False),
        sa.Column("done_on", sa.Date),
        sa.Column("qty_done", sa.Integer),
        sa.Column("quality", sa.Integer),
        sa.Column("outcome", sa.Text, nullable=False),
        check("activity", "kind", f"kind IN ({listed(ACTIVITIES)})"),
        check("activity", "dates", "starts_on <= due_on"),
        check("activity", "qty_planned", "qty_planned >= 1"),
        check("activity", "qty_done", "qty_done >= 0"),
        check("activity", "quality", "quality BETWEEN 1 AND 5"),
    )
    op.create_index("ix_activity_plan", "activity", ["plan_id", "due_on"])
    op.create_index("ix_activity_about", "activity", ["about_id"])
    op.create_index("ix_activity_due", "activity", ["due_on"])
    op.create_table(
        "participation",
        other("activity_id", "activity", primary_key=True),
        other("party_id", "party", primary_key=True),
        sa.Column("role", sa.String(50), nullable=False),
        sa.Column("attended", sa.Boolean),
        sa.Column("minutes", sa.Integer),
        sa.Column("result", sa.Text, nullable=False),
        check("participation", "minutes", "minutes >= 0"),
    )
    op.create_index("ix_participation_party", "participation", ["party_id"])


def _report() -> None:
    op.create_table(
        "report",
        key("record"),
        sa.Column("kind", sa.String(30), nullable=False),
        other("plan_id", "record"),
        sa.Column("period", sa.String(10), nullable=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("overview", "findings", "conclusions", "recommendations")
        ),
        sa.Column("run_id", sa.Integer),
        check("report", "kind", f"kind IN ({listed(REPORTS)})"),
        check("report", "period", PERIOD),
    )
    op.create_index("ix_report_plan", "report", ["plan_id"])
    op.create_index("ix_report_kind", "report", ["kind", "period"])


def _scenario() -> None:
    op.create_table(
        "scenario",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("notebook", sa.String(100), nullable=False),
        sa.Column("parameters", sa.JSON, nullable=False),
        sa.Column("result", sa.JSON, nullable=False),
        sa.Column("run_id", sa.Integer),
        other("made_by_id", "party", nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        check("scenario", "named", "name <> '' AND notebook <> ''"),
    )
    op.create_index("ix_scenario_notebook", "scenario", ["notebook", "id"])


def _decision() -> None:
    op.create_table(
        "decision",
        key("record"),
        other("report_id", "report"),
        other("scenario_id", "scenario"),
        sa.Column("recommendation", sa.Text, nullable=False),
        other("metric_id", "metric", nullable=False),
        *(sa.Column(name, sa.Double, nullable=False) for name in ("predicted", "low", "high")),
        sa.Column("level_bp", sa.Integer, nullable=False),
        sa.Column("review_on", sa.Date, nullable=False),
        sa.Column("starts_activity", sa.JSON),
        sa.Column("starts_transfer", sa.JSON),
        other("activity_id", "activity"),
        other("transfer_id", "budget_transfer"),
        other("measurement_id", "measurement"),
        check("decision", "recommendation", "recommendation <> ''"),
        check("decision", "interval", "low <= predicted AND predicted <= high"),
        check("decision", "level_bp", "level_bp BETWEEN 1 AND 9999"),
        check("decision", "source", "report_id IS NULL OR scenario_id IS NULL"),
    )
    op.create_index("ix_decision_report", "decision", ["report_id"])
    op.create_index("ix_decision_scenario", "decision", ["scenario_id"])
    op.create_index("ix_decision_review", "decision", ["review_on"])


def _scorecard_template() -> None:
    op.create_table(
        "scorecard_template",
        key("record"),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("cadence", sa.String(10), nullable=False),
        check("scorecard_template", "kind", "kind IN ('employee', 'partner')"),
        check("scorecard_template", "cadence", "cadence IN ('quarter', 'year')"),
    )
    op.create_table(
        "criterion",
        sa.Column("id", sa.Integer, primary_key=True),
        other("template_id", "scorecard_template", nullable=False),
        sa.Column("dimension", sa.String(20), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("standard", sa.Text, nullable=False),
        sa.Column("weight_bp", sa.Integer, nullable=False),
        other("metric_id", "metric"),
        check("criterion", "dimension", f"dimension IN ({listed(DIMENSIONS)})"),
        check("criterion", "named", "name <> '' AND standard <> ''"),
        check("criterion", "weight_bp", "weight_bp BETWEEN 1 AND 10000"),
    )
    op.create_index("ix_criterion_template", "criterion", ["template_id", "id"])


def _what_a_plan_stands_on() -> None:
    op.create_table(
        "plan_objective",
        other("plan_id", "plan", primary_key=True),
        other("metric_id", "metric", primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        check("plan_objective", "text", "text <> ''"),
    )
    op.create_table(
        "plan_basis", other("plan_id", "plan", primary_key=True), other("report_id", "report", primary_key=True)
    )


def _all_steps() -> dict[str, Iterable[Step]]:
    return {
        "plan": [("active", "closed", ANY_MANAGER)],
        "activity": _activity_steps(),
        "report": [
            ("draft", "submitted", OWN),
            ("returned", "submitted", OWN),
            ("submitted", "accepted", MANAGER),
            ("submitted", "returned", {**MANAGER, **BACK}),
        ],
        "decision": _decision_steps(),
        "scorecard_template": [
            ("draft", "submitted", OWN),
            ("submitted", "in_force", DIRECTOR),
            ("submitted", "draft", {**DIRECTOR, **BACK}),
            ("in_force", "retired", {"role": "director"}),
        ],
    }


def _activity_steps() -> Iterable[Step]:
    """Return what its owner and his superior may do with an activity."""
    for who in (OWN, SUPERIOR):
        yield "planned", "in_progress", who
        yield "in_progress", "blocked", {**who, **REASON}
        yield "blocked", "in_progress", who
        yield "in_progress", "done", who
        yield from ((before, "cancelled", {**who, **REASON}) for before in ("planned", "in_progress", "blocked"))


def _decision_steps() -> Iterable[Step]:
    for who in ({**MANAGER, "amount_below": DIRECTOR_FROM}, {**DIRECTOR, "amount_from": DIRECTOR_FROM}):
        yield "open", "accepted", who
        yield "open", "declined", {**who, **BACK}
    yield "accepted", "reviewed", SUPERIOR
