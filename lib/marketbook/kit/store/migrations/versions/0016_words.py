"""The log holds of what people said, of activities and complaints, the hash: somebody may have named a number."""

from collections.abc import Iterator

from alembic import op

from marketbook.customer.complaint.guards import log_of_complaints
from marketbook.kit.store import audit, triggers
from marketbook.kit.store.triggers import Trigger
from marketbook.office.work_guards import WORDS, log_of

revision = "0016"
down_revision = "0015"

BEFORE = (
    ("activity", ("id",), ()), ("participation", ("activity_id", "party_id"), ()), ("complaint", ("id",), ("content",)),
)  # fmt: skip


def upgrade() -> None:
    triggers.remove(op.get_bind(), list(_before()))
    triggers.install(op.get_bind(), list(_after()))


def downgrade() -> None:
    triggers.remove(op.get_bind(), list(_after()))
    triggers.install(op.get_bind(), list(_before()))


def _after() -> Iterator[Trigger]:
    for table in WORDS:
        yield from log_of(op.get_bind(), table)
    yield from log_of_complaints(op.get_bind())


def _before() -> Iterator[Trigger]:
    for table, key, digested in BEFORE:
        yield from audit.audited(op.get_bind(), table, key=key, digested=digested)
