"""How findings of the monthly audit were closed."""

import sqlalchemy as sa
from alembic import op

from marketbook.expense.inspection import of_findings
from marketbook.kit.store import triggers
from marketbook.kit.store.moment import Moment

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "finding_closed",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("test", sa.String(30), nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("closed_by_id", sa.Integer, sa.ForeignKey("party.id"), nullable=False),
        sa.Column("closed_at", Moment, nullable=False),
        sa.CheckConstraint("decision <> ''", name=op.f("ck_finding_closed_decision")),
    )
    op.create_index("uq_finding_closed_key", "finding_closed", ["key"], unique=True)
    triggers.install(op.get_bind(), of_findings(op.get_bind()))


def downgrade() -> None:
    triggers.remove(op.get_bind(), of_findings(op.get_bind()))
    op.drop_table("finding_closed")
