"""Opportunities: what may become a sale; partnerships and hires have kinds of their own later."""

from collections.abc import Iterable
from typing import Any

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
from marketbook.kit.store.money import Minor, whole
from marketbook.office.opportunity_guards import of_opportunities

revision = "0012"
down_revision = "0011"

SOURCES = ("visit", "inbound", "referral", "event", "website", "social", "shop", "repeat", "partner")
REASONS = (
    "price", "competitor", "product", "delivery", "budget", "postponed", "no_answer", "no_need", "other",
)  # fmt: skip
STATES = {
    "opportunity": {
        "prospect": "editable", "qualified": "editable", "proposal": "editable", "won": "final", "lost": "final",
    },
}  # fmt: skip
SALE: About = {"category": "sale"}


def upgrade() -> None:
    op.create_table("opportunity", key("record"), *_content(), *_checks())
    op.create_index("uq_opportunity_order_no", "opportunity", ["order_no"], unique=True)
    columns = {"party": "party_id", "contact": "contact_by", "expected": "expected_on", "closed": "closed_on"}
    for name, column in columns.items():
        op.create_index(f"ix_opportunity_{name}", "opportunity", [column, "id"])
    install_states(STATES)
    install_steps("opportunity", _steps())
    triggers.install(op.get_bind(), of_opportunities(op.get_bind()))


def downgrade() -> None:
    triggers.remove(op.get_bind(), of_opportunities(op.get_bind()))
    op.drop_table("opportunity")
    forget(STATES)


def _content() -> list[sa.Column[Any]]:
    return [
        other("party_id", "party", nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("needs", sa.Text, nullable=False),
        sa.Column("expected_on", sa.Date),
        sa.Column("contact_by", sa.Date, nullable=False),
        sa.Column("order_no", sa.String(50)),
        sa.Column("order_minor", Minor),
        sa.Column("lost_reason", sa.String(20)),
        sa.Column("lost_text", sa.Text, nullable=False),
        sa.Column("closed_on", sa.Date),
    ]


def _checks() -> list[sa.CheckConstraint]:
    rules = {
        "source": f"source IN ({listed(SOURCES)})",
        "lost_reason": f"lost_reason IN ({listed(REASONS)})",
        "order_no": "order_no <> ''",
        "order_minor": f"order_minor > 0 AND {whole('order_minor')}",
        "ordered": "(order_no IS NULL) = (order_minor IS NULL)",
    }
    return [check("opportunity", name, rule) for name, rule in rules.items()]


def _steps() -> Iterable[Step]:
    """Return what a sale's owner and his superior may do with it."""
    for role in ({"role": "owner"}, {"role": "manager", "in_line": True}):
        who: About = {**SALE, **role}
        yield "prospect", "qualified", who
        yield "qualified", "proposal", who
        yield "proposal", "won", who
        yield from ((before, "lost", {**who, "needs_reason": True}) for before in ("prospect", "qualified", "proposal"))
