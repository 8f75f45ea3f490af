"""Every run of a report: what was asked, how it went, what came of it."""

import sqlalchemy as sa
from alembic import op

from marketbook.kit.store.moment import Moment

revision = "0001"
down_revision = None

IDENTITY = ("notebook", "variant", "language", "parameters_hash")


def upgrade() -> None:
    op.create_table(
        "notebook_run",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("notebook", sa.String(200), nullable=False),
        sa.Column("variant", sa.String(100), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("parameters_hash", sa.String(64), nullable=False),
        sa.Column("scheduled_for", Moment),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("started_at", Moment, nullable=False),
        sa.Column("ended_at", Moment),
        sa.Column("process", sa.String(200), nullable=False),
        sa.Column("parameters", sa.JSON, nullable=False),
        sa.Column("versions", sa.JSON, nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("numbers", sa.JSON, nullable=False),
        sa.Column("headline", sa.Text, nullable=False),
        sa.Column("folder", sa.String(500), nullable=False),
        sa.Column("error_cell", sa.Integer),
        sa.Column("error", sa.Text, nullable=False),
        sa.CheckConstraint("status IN ('running', 'succeeded', 'failed')", name=op.f("ck_notebook_run_status")),
        sa.CheckConstraint("(status = 'running') = (ended_at IS NULL)", name=op.f("ck_notebook_run_ended")),
    )
    op.create_index("ix_notebook_run_notebook", "notebook_run", ["notebook", "started_at"])
    _only_one("uq_notebook_run_running", IDENTITY, "status = 'running' AND scheduled_for IS NULL")
    _only_one(
        "uq_notebook_run_running_scheduled",
        (*IDENTITY, "scheduled_for"),
        "status = 'running' AND scheduled_for IS NOT NULL",
    )
    _only_one(
        "uq_notebook_run_success",
        ("notebook", "variant", "language", "scheduled_for"),
        "status = 'succeeded' AND scheduled_for IS NOT NULL",
    )


def downgrade() -> None:
    op.drop_table("notebook_run")


def _only_one(name: str, columns: tuple[str, ...], where: str) -> None:
    condition = sa.text(where)
    op.create_index(
        name, "notebook_run", list(columns), unique=True, sqlite_where=condition, postgresql_where=condition
    )
