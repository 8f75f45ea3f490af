"""Recommendations: what customers were to be recommended, why, who was held out, and what was said."""

import sqlalchemy as sa
from alembic import op

from marketbook.customer.care.guards import of_recommendations
from marketbook.kit.store import triggers
from marketbook.kit.store.migrations.building import check, listed, other

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "recommendation",
        sa.Column("id", sa.Integer, primary_key=True),
        other("customer_id", "customer", nullable=False),
        sa.Column("wave", sa.String(8), nullable=False),
        sa.Column("made_on", sa.Date, nullable=False),
        sa.Column("category", sa.String(100), nullable=False),
        sa.Column("because", sa.String(100), nullable=False),
        sa.Column("buyers", sa.Integer, nullable=False),
        sa.Column("share_bp", sa.Integer, nullable=False),
        sa.Column("base_bp", sa.Integer, nullable=False),
        sa.Column("held_out", sa.Boolean, nullable=False),
        other("activity_id", "activity"),
        sa.Column("response", sa.String(10)),
        sa.Column("answered_on", sa.Date),
        check("recommendation", "named", "category <> '' AND because <> ''"),
        check("recommendation", "buyers", "buyers >= 1"),
        check("recommendation", "shares", "share_bp BETWEEN 0 AND 10000 AND base_bp BETWEEN 0 AND 10000"),
        check("recommendation", "held_out", "held_out = (activity_id IS NULL)"),
        check("recommendation", "response", f"response IN ({listed(('accepted', 'thinking', 'declined'))})"),
        check("recommendation", "answered", "(response IS NULL) = (answered_on IS NULL)"),
    )
    op.create_index("uq_recommendation_customer_id_wave", "recommendation", ["customer_id", "wave"], unique=True)
    op.create_index("uq_recommendation_activity_id", "recommendation", ["activity_id"], unique=True)
    op.create_index("ix_recommendation_wave", "recommendation", ["wave", "id"])
    triggers.install(op.get_bind(), of_recommendations(op.get_bind()))


def downgrade() -> None:
    triggers.remove(op.get_bind(), of_recommendations(op.get_bind()))
    op.drop_table("recommendation")
