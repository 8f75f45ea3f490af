"""Customers: their cards, contact points, consents, merges, and who may be the same one."""

import sqlalchemy as sa
from alembic import op

from marketbook.customer.card_guards import of_cards
from marketbook.customer.index import CUSTOMERS
from marketbook.kit.store import triggers
from marketbook.kit.store.migrations.building import check, key, listed, other
from marketbook.kit.store.moment import Moment
from marketbook.kit.store.money import Minor, whole

revision = "0011"
down_revision = "0010"

TABLES = ("distinct_pair", "duplicate_pair", "customer_merge", "consent", "contact_point", "customer")
USED = sa.text("removed_at IS NULL")
ALONE = sa.text("NOT shared AND removed_at IS NULL")
MERGED = sa.text("merged_into_id IS NOT NULL")
STANDING = sa.text("undone_at IS NULL")


def upgrade() -> None:
    op.create_index("ix_party_merged_into", "party", ["merged_into_id"], sqlite_where=MERGED, postgresql_where=MERGED)
    _customer()
    _contact_point()
    _consent()
    _merge()
    _pairs()
    CUSTOMERS.create(op.get_bind())
    triggers.install(op.get_bind(), of_cards(op.get_bind()))


def downgrade() -> None:
    triggers.remove(op.get_bind(), of_cards(op.get_bind()))
    CUSTOMERS.drop(op.get_bind())
    for table in TABLES:
        op.drop_table(table)
    op.drop_index("ix_party_merged_into", "party")


def _customer() -> None:
    op.create_table(
        "customer",
        key("party"),
        sa.Column("company", sa.Boolean, nullable=False),
        other("owner_id", "party", nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("needs", "preferences", "reading")),
        sa.Column("value_minor", Minor),
        sa.Column("valued_on", sa.Date),
        sa.Column("grade", sa.String(1)),
        sa.Column("met_on", sa.Date, nullable=False),
        sa.Column("changed", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        other("entered_by_id", "party", nullable=False),
        sa.Column("entered_at", Moment, nullable=False),
        check("customer", "grade", "grade IN ('A', 'B', 'C')"),
        check("customer", "value_minor", whole("value_minor")),
        check("customer", "valued_on", "(value_minor IS NULL) = (valued_on IS NULL)"),
        check("customer", "version", "version >= 1"),
    )
    op.create_index("ix_customer_owner", "customer", ["owner_id", "id"])
    op.create_index("ix_customer_grade", "customer", ["grade", "id"])


def _contact_point() -> None:
    op.create_table(
        "contact_point",
        sa.Column("id", sa.Integer, primary_key=True),
        other("customer_id", "customer", nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("value", sa.String(254), nullable=False),
        sa.Column("shared", sa.Boolean, nullable=False),
        other("added_by_id", "party", nullable=False),
        sa.Column("added_at", Moment, nullable=False),
        other("removed_by_id", "party"),
        sa.Column("removed_at", Moment),
        check("contact_point", "kind", f"kind IN ({listed(('mobile', 'phone', 'email', 'wechat'))})"),
        check("contact_point", "value", "value <> ''"),
        check("contact_point", "removed", "(removed_by_id IS NULL) = (removed_at IS NULL)"),
    )
    _only_one("uq_contact_point_kind_value", "contact_point", ["kind", "value"], ALONE)
    own = ["customer_id", "kind", "value"]
    _only_one("uq_contact_point_customer_id_kind_value", "contact_point", own, USED)
    op.create_index("ix_contact_point_value", "contact_point", ["value"])
    op.create_index("ix_contact_point_customer", "contact_point", ["customer_id", "id"])


def _consent() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer, primary_key=True),
        other("customer_id", "customer", nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("given", sa.Boolean, nullable=False),
        sa.Column("method", sa.String(20), nullable=False),
        sa.Column("said_on", sa.Date, nullable=False),
        other("recorded_by_id", "party", nullable=False),
        sa.Column("recorded_at", Moment, nullable=False),
        check("consent", "purpose", f"purpose IN ({listed(('care', 'promotion', 'personal', 'survey'))})"),
        check("consent", "method", f"method IN ({listed(('form', 'phone', 'message', 'contract', 'in_person'))})"),
    )
    op.create_index("ix_consent_customer", "consent", ["customer_id", "purpose", "id"])


def _merge() -> None:
    op.create_table(
        "customer_merge",
        sa.Column("id", sa.Integer, primary_key=True),
        other("kept_id", "customer", nullable=False),
        other("merged_id", "customer", nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("former", sa.JSON, nullable=False),
        sa.Column("taken", sa.JSON, nullable=False),
        other("merged_by_id", "party", nullable=False),
        sa.Column("merged_at", Moment, nullable=False),
        other("undone_by_id", "party"),
        sa.Column("undone_at", Moment),
        check("customer_merge", "two", "kept_id <> merged_id"),
        check("customer_merge", "reason", "reason <> ''"),
        check("customer_merge", "undone", "(undone_by_id IS NULL) = (undone_at IS NULL)"),
    )
    _only_one("uq_customer_merge_merged_id", "customer_merge", ["merged_id"], STANDING)
    op.create_index("ix_customer_merge_kept", "customer_merge", ["kept_id"])
    op.create_index("ix_customer_merge_merged", "customer_merge", ["merged_id"])


def _pairs() -> None:
    op.create_table(
        "duplicate_pair",
        sa.Column("id", sa.Integer, primary_key=True),
        other("first_id", "customer", nullable=False),
        other("second_id", "customer", nullable=False),
        sa.Column("reasons", sa.JSON, nullable=False),
        check("duplicate_pair", "ordered", "first_id < second_id"),
    )
    op.create_index("uq_duplicate_pair_first_id_second_id", "duplicate_pair", ["first_id", "second_id"], unique=True)
    op.create_table(
        "distinct_pair",
        other("first_id", "customer", primary_key=True),
        other("second_id", "customer", primary_key=True),
        other("said_by_id", "party", nullable=False),
        sa.Column("said_at", Moment, nullable=False),
        check("distinct_pair", "ordered", "first_id < second_id"),
    )


def _only_one(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)
