"""Thresholds as rules, ids of other systems, what is done once a day, and the audit log's head at each run."""

import sqlalchemy as sa
from alembic import op

from marketbook.kit.records import guards
from marketbook.kit.store import triggers
from marketbook.kit.store.moment import Moment

revision = "0006"
down_revision = "0005"

RULES = "rule IN ('parameter', 'state', 'transition', 'threshold')"
FORMER_RULES = "rule IN ('parameter', 'state', 'transition')"


def upgrade() -> None:
    _external_id()
    op.create_table(
        "daily_task",
        sa.Column("name", sa.String(50), primary_key=True),
        sa.Column("day", sa.Date, nullable=False),
    )
    op.add_column("notebook_run", sa.Column("audit_seq", sa.BigInteger))
    op.add_column("notebook_run", sa.Column("audit_hash", sa.String(64)))
    _allow(RULES)


def downgrade() -> None:
    _allow(FORMER_RULES)
    op.drop_column("notebook_run", "audit_hash")
    op.drop_column("notebook_run", "audit_seq")
    op.drop_table("daily_task")
    triggers.remove(op.get_bind(), guards.of_external_id(op.get_bind()))
    op.drop_table("external_id")


def _external_id() -> None:
    op.create_table(
        "external_id",
        sa.Column("system", sa.String(30), primary_key=True),
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("record_id", sa.Integer, sa.ForeignKey("record.id")),
        sa.Column("party_id", sa.Integer, sa.ForeignKey("party.id")),
        sa.Column("linked_at", Moment, nullable=False),
        sa.CheckConstraint("system <> '' AND id <> ''", name=op.f("ck_external_id_named")),
        sa.CheckConstraint("(record_id IS NULL) <> (party_id IS NULL)", name=op.f("ck_external_id_of_one")),
    )
    op.create_index("ix_external_id_record", "external_id", ["record_id"])
    op.create_index("ix_external_id_party", "external_id", ["party_id"])
    triggers.install(op.get_bind(), guards.of_external_id(op.get_bind()))


def _allow(rules: str) -> None:
    """Say which kinds of rules a change may be of; SQLite copies the table, whose triggers are made anew."""
    name, connection = op.f("ck_rule_change_rule"), op.get_bind()
    with op.batch_alter_table("rule_change") as table:
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, rules)
    triggers.install(connection, [one for one in guards.of_kit(connection) if one.table == "rule_change"])
