"""Complaints: what is complained of, the hands of its clock, its warnings; and the notices of them."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op

from marketbook.customer.complaint.guards import of_complaints
from marketbook.kit.records import guards
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

revision = "0010"
down_revision = "0009"

FORMER_NOTICES = ("waiting", "decided", "returned", "mentioned")
NOTICES = (
    *FORMER_NOTICES, "assigned", "respond_soon", "respond_late", "respond_very_late", "resolve_soon", "resolve_late",
    "resolve_very_late",
)  # fmt: skip
SOURCES = ("phone", "message", "email", "platform", "social", "visit")
SEVERITIES = ("critical", "high", "normal", "low")
DEPARTMENTS = ("service", "sales", "marketing", "product", "logistics", "finance", "technology")
CAUSES = (
    "product.defect", "product.unlike", "product.missing", "delivery.late", "delivery.damaged", "delivery.wrong",
    "service.slow", "service.wrong", "service.manner", "price.difference", "price.promotion", "price.refund",
    "advertising.misleading", "system.payment", "system.account", "customer.use", "unfounded",
)  # fmt: skip
STATES = {
    "complaint": {
        "open": "editable", "in_progress": "", "waiting_customer": "", "resolved": "", "closed": "final",
    },
}  # fmt: skip
REASON: About = {"needs_reason": True}


def upgrade() -> None:
    op.create_table("complaint", key("record"), *_content(), *_checks())
    for name, columns in {
        "party": ["party_id", "id"], "cause": ["cause", "received_at"], "received": ["received_at"],
        "handler": ["handler_id", "id"], "provisional": ["provisional", "id"],
    }.items():  # fmt: skip
        op.create_index(f"ix_complaint_{name}", "complaint", columns)
    _clock()
    install_states(STATES)
    install_steps("complaint", _steps())
    triggers.install(op.get_bind(), of_complaints(op.get_bind()))
    _tell(NOTICES)


def downgrade() -> None:
    _tell(FORMER_NOTICES)
    triggers.remove(op.get_bind(), of_complaints(op.get_bind()))
    for table in ("complaint_warning", "complaint_clock", "complaint"):
        op.drop_table(table)
    forget(STATES)


def _content() -> list[sa.Column[Any]]:
    return [
        other("party_id", "party", nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("severity", sa.String(10), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("received_at", Moment, nullable=False),
        sa.Column("department", sa.String(20), nullable=False),
        other("handler_id", "party"),
        sa.Column("respond_by", Moment, nullable=False),
        sa.Column("resolve_by", Moment, nullable=False),
        sa.Column("provisional", sa.Boolean, nullable=False),
        sa.Column("responded_at", Moment),
        sa.Column("resolved_at", Moment),
        sa.Column("resolution", sa.Text, nullable=False),
        sa.Column("cause", sa.String(30)),
        sa.Column("cause_text", sa.Text, nullable=False),
        sa.Column("satisfaction", sa.Integer),
    ]


def _checks() -> list[sa.CheckConstraint]:
    closed = {"source": SOURCES, "severity": SEVERITIES, "department": DEPARTMENTS, "cause": CAUSES}
    rules = {name: f"{name} IN ({listed(names)})" for name, names in closed.items()} | {
        "content": "length(trim(content)) >= 10",
        "due": "received_at <= respond_by AND respond_by <= resolve_by",
        "responded_at": "responded_at >= received_at",
        "resolved_at": "resolved_at IS NULL OR resolved_at >= coalesce(responded_at, received_at)",
        "satisfaction": "satisfaction BETWEEN 1 AND 5",
    }
    return [check("complaint", name, rule) for name, rule in rules.items()]


def _clock() -> None:
    op.create_table(
        "complaint_clock",
        other("complaint_id", "complaint", primary_key=True),
        sa.Column("due_at", Moment, nullable=False),
        sa.Column("warn_at", Moment),
    )
    op.create_index("ix_complaint_clock_due", "complaint_clock", ["due_at", "complaint_id"])
    op.create_index("ix_complaint_clock_warn", "complaint_clock", ["warn_at"])
    op.create_table(
        "complaint_warning",
        other("complaint_id", "complaint", primary_key=True),
        sa.Column("goal", sa.String(10), primary_key=True),
        sa.Column("level", sa.String(10), primary_key=True),
        sa.Column("due_at", Moment, nullable=False),
        sa.Column("at", Moment, nullable=False),
        check("complaint_warning", "goal", "goal IN ('respond', 'resolve')"),
        check("complaint_warning", "level", "level IN ('soon', 'late', 'very_late')"),
    )


def _steps() -> Iterable[Step]:
    for role in ("service", "manager"):
        who: About = {"role": role}
        yield "open", "in_progress", who
        yield "in_progress", "waiting_customer", {**who, **REASON}
        yield "waiting_customer", "in_progress", who
        yield "in_progress", "resolved", who
        yield "resolved", "closed", who
        yield from ((before, "in_progress", {**who, **REASON}) for before in ("resolved", "closed"))


def _tell(kinds: Iterable[str]) -> None:
    """Say which kinds of notices there are; SQLite copies the table, whose triggers are made anew."""
    name, connection = op.f("ck_notification_kind"), op.get_bind()
    with op.batch_alter_table("notification") as table:
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, f"kind IN ({listed(kinds)})")
    triggers.install(connection, [one for one in guards.of_kit(connection) if one.table == "notification"])
