"""What lists need to answer from an index: what records are found by, and an index for each heading they sort by."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from marketbook.kit.records import search

revision = "0009"
down_revision = "0008"

AT_ONCE = 5_000
INDEXES = {
    "ix_record_type_title": ("record", ["type", "title", "id"]),
    "ix_record_type_amount": ("record", ["type", "amount_minor", "id"]),
    "ix_expense_claim_kind": ("expense_claim", ["kind", "id"]),
    "ix_activity_kind": ("activity", ["kind", "id"]),
    "ix_activity_start": ("activity", ["starts_on", "id"]),
    "ix_activity_due": ("activity", ["due_on", "id"]),
    "ix_audit_log_actor": ("audit_log", ["actor", "seq"]),
    "ix_audit_log_table": ("audit_log", ["table_name", "seq"]),
}
DELETED = sa.text("op = 'DELETE'")


def upgrade() -> None:
    op.drop_index("ix_activity_due", "activity")
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)
    op.create_index("ix_audit_log_deleted", "audit_log", ["table_name"], sqlite_where=DELETED, postgresql_where=DELETED)
    connection = op.get_bind()
    search.RECORDS.create(connection)
    for entries in _entries(connection):
        search.RECORDS.write(connection, entries)


def downgrade() -> None:
    search.RECORDS.drop(op.get_bind())
    op.drop_index("ix_audit_log_deleted", "audit_log")
    for name, (table, _columns) in INDEXES.items():
        op.drop_index(name, table)
    op.create_index("ix_activity_due", "activity", ["due_on"])


def _entries(connection: sa.Connection) -> Iterator[list[search.Entry]]:
    """Return what the records that are there already are found by, some at a time."""
    record = sa.table("record", *map(sa.column, ("id", "number", "title", "owner_id")))
    claim = sa.table("expense_claim", *map(sa.column, ("id", "vendor_id")))
    columns = (record.c.id, record.c.number, record.c.title, record.c.owner_id, claim.c.vendor_id)
    query = sa.select(*columns).select_from(record.outerjoin(claim, claim.c.id == record.c.id)).order_by(record.c.id)
    last = 0
    while found := connection.execute(query.where(record.c.id > last).limit(AT_ONCE)).all():
        yield [search.entry(one.id, one.number, one.title, (one.owner_id, one.vendor_id)) for one in found]
        last = found[-1].id
