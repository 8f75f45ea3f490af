"""Every file that was imported into a dataset: which, by whom, and what it did."""

import sqlalchemy as sa
from alembic import op

from marketbook.kit.store.moment import Moment

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "dataset_import",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("dataset", sa.String(100), nullable=False),
        sa.Column("account_id", sa.Integer, sa.ForeignKey("account.id")),
        sa.Column("file", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("added", sa.Integer, nullable=False),
        sa.Column("unchanged", sa.Integer, nullable=False),
        sa.Column("updated", sa.Integer, nullable=False),
        sa.Column("rejected", sa.Integer, nullable=False),
        sa.Column("fingerprint", sa.String(16), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_dataset_import_sha256")),
        sa.CheckConstraint(
            "added >= 0 AND unchanged >= 0 AND updated >= 0 AND rejected >= 0", name=op.f("ck_dataset_import_counts")
        ),
    )
    op.create_index("ix_dataset_import_dataset", "dataset_import", ["dataset", "at"])
    op.create_index("ix_dataset_import_account", "dataset_import", ["account_id"])


def downgrade() -> None:
    op.drop_table("dataset_import")
