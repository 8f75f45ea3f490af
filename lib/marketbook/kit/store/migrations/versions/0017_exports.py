"""Lists of people that left as a workbook are noted."""

import sqlalchemy as sa
from alembic import op

from marketbook.kit.records.exports import of_exports
from marketbook.kit.store import triggers
from marketbook.kit.store.migrations.building import check, other
from marketbook.kit.store.moment import Moment

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "list_export",
        sa.Column("id", sa.Integer, primary_key=True),
        other("party_id", "party", nullable=False),
        sa.Column("list", sa.String(50), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("at", Moment, nullable=False),
        check("list_export", "count", "count >= 0"),
    )
    op.create_index("ix_list_export_party", "list_export", ["party_id", "id"])
    triggers.install(op.get_bind(), of_exports(op.get_bind()))


def downgrade() -> None:
    triggers.remove(op.get_bind(), of_exports(op.get_bind()))
    op.drop_table("list_export")
