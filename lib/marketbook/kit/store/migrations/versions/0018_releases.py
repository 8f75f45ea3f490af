"""Lists of customers that leave with their contact data: who asks, who approves, and what left on which approval."""

import sqlalchemy as sa
from alembic import op

from marketbook.customer.release.guards import of_releases
from marketbook.kit.records.exports import of_exports
from marketbook.kit.store import triggers
from marketbook.kit.store.migrations.building import (
    About,
    check,
    forget,
    install_states,
    install_steps,
    key,
    listed,
)

revision = "0018"
down_revision = "0017"

PURPOSES = ("care", "promotion", "personal", "survey")
STATES = {
    "contact_release": {
        "draft": "editable", "submitted": "", "approved": "", "rejected": "final", "withdrawn": "final",
    },
}  # fmt: skip
RULES = {
    "scope": f"scope IN ({listed(('own', 'all'))})",
    "grade": f"grade IN ({listed('ABC')})",
    "purpose": f"purpose IN ({listed(PURPOSES)})",
    "reason": "reason <> ''",
    "most": "most BETWEEN 1 AND 20000",
    "times": "times BETWEEN 1 AND 5",
}
OWN: About = {"role": "owner"}
ABOVE: About = {"role": "manager", "in_line": True, "four_eyes": True}
REASON: About = {"needs_reason": True}


def upgrade() -> None:
    op.create_table(
        "contact_release",
        key("record"),
        sa.Column("scope", sa.String(10), nullable=False),
        sa.Column("grade", sa.String(1)),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("most", sa.Integer, nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        *(check("contact_release", name, rule) for name, rule in RULES.items()),
    )
    install_states(STATES)
    install_steps(
        "contact_release",
        [
            ("draft", "submitted", OWN),
            ("submitted", "approved", ABOVE),
            ("submitted", "rejected", {**ABOVE, **REASON}),
            ("submitted", "withdrawn", OWN),
            ("approved", "withdrawn", OWN),
            ("approved", "withdrawn", {"role": "manager", "in_line": True, **REASON}),
        ],
    )
    triggers.remove(op.get_bind(), of_exports(op.get_bind()))
    with op.batch_alter_table("list_export") as table:
        table.add_column(sa.Column("record_id", sa.Integer))
        table.add_column(sa.Column("purpose", sa.String(20)))
        table.create_foreign_key(op.f("fk_list_export_record_id_record"), "record", ["record_id"], ["id"])
    op.create_index("ix_list_export_record", "list_export", ["record_id", "id"])
    triggers.install(op.get_bind(), [*of_exports(op.get_bind()), *of_releases(op.get_bind())])


def downgrade() -> None:
    triggers.remove(op.get_bind(), [*of_exports(op.get_bind()), *of_releases(op.get_bind())])
    op.drop_index("ix_list_export_record", "list_export")
    with op.batch_alter_table("list_export") as table:
        table.drop_constraint(op.f("fk_list_export_record_id_record"), type_="foreignkey")
        table.drop_column("record_id")
        table.drop_column("purpose")
    triggers.install(op.get_bind(), of_exports(op.get_bind()))
    op.drop_table("contact_release")
    forget(STATES)
