"""Follow-ups and care: when customers are due, what is celebrated, who was shown a number; lunar birthdays."""

import sqlalchemy as sa
from alembic import op

from marketbook.customer.card_guards import PERSONAL
from marketbook.customer.care.guards import of_care
from marketbook.kit.store import audit, triggers
from marketbook.kit.store.migrations.building import check, listed, other
from marketbook.kit.store.moment import Moment

revision = "0013"
down_revision = "0012"

TABLES = ("contact_reveal", "care_occasion", "contact_clock")
OCCASIONS = (
    "birthday", "return_visit", "new_year", "spring", "lantern", "dragon_boat", "mid_autumn", "double_ninth",
    "national",
)  # fmt: skip


def upgrade() -> None:
    op.add_column("customer", sa.Column("lunar_birthday", sa.Boolean))
    _contact_clock()
    _care_occasion()
    _contact_reveal()
    triggers.install(op.get_bind(), [*of_care(op.get_bind()), *_log_of_customer()])


def downgrade() -> None:
    triggers.remove(op.get_bind(), [*of_care(op.get_bind()), *_log_of_customer()])
    for table in TABLES:
        op.drop_table(table)
    op.drop_column("customer", "lunar_birthday")
    triggers.install(op.get_bind(), _log_of_customer())


def _log_of_customer() -> list[triggers.Trigger]:
    return audit.audited(op.get_bind(), "customer", without=PERSONAL["customer"])


def _contact_clock() -> None:
    op.create_table(
        "contact_clock",
        other("customer_id", "customer", primary_key=True),
        sa.Column("last_on", sa.Date, nullable=False),
        sa.Column("days", sa.Integer, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        other("activity_id", "activity"),
        check("contact_clock", "days", "days >= 1"),
        check("contact_clock", "due_on", "due_on >= last_on"),
    )
    op.create_index("ix_contact_clock_due", "contact_clock", ["due_on", "customer_id"])
    op.create_index("uq_contact_clock_activity_id", "contact_clock", ["activity_id"], unique=True)


def _care_occasion() -> None:
    op.create_table(
        "care_occasion",
        sa.Column("id", sa.Integer, primary_key=True),
        other("customer_id", "customer", nullable=False),
        sa.Column("occasion", sa.String(20), nullable=False),
        sa.Column("period", sa.String(30), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("falls_on", sa.Date, nullable=False),
        other("activity_id", "activity", nullable=False),
        other("sent_by_id", "party"),
        sa.Column("sent_at", Moment),
        check("care_occasion", "occasion", f"occasion IN ({listed(OCCASIONS)})"),
        check("care_occasion", "purpose", "purpose IN ('care', 'survey')"),
        check("care_occasion", "sent", "(sent_by_id IS NULL) = (sent_at IS NULL)"),
    )
    own = ["customer_id", "occasion", "period"]
    op.create_index("uq_care_occasion_customer_id_occasion_period", "care_occasion", own, unique=True)
    op.create_index("uq_care_occasion_activity_id", "care_occasion", ["activity_id"], unique=True)


def _contact_reveal() -> None:
    op.create_table(
        "contact_reveal",
        sa.Column("id", sa.Integer, primary_key=True),
        other("customer_id", "customer", nullable=False),
        other("activity_id", "activity", nullable=False),
        other("party_id", "party", nullable=False),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_index("ix_contact_reveal_customer", "contact_reveal", ["customer_id", "id"])
