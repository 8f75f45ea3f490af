"""Records: states and transitions, history, what hangs on a record, the company's rules, and the audit log."""

import sqlalchemy as sa
from alembic import op

from marketbook.kit.records import guards
from marketbook.kit.store import audit, triggers
from marketbook.kit.store.migrations.building import check
from marketbook.kit.store.moment import Moment
from marketbook.kit.store.money import Minor, whole

revision = "0004"
down_revision = "0003"

TABLES = (
    "calendar", "calendar_year", "parameter", "rule_change", "notification", "comment_mention", "comment",
    "attachment", "waiting", "status_change", "numbering", "record", "transition", "state", "audit_log",
)  # fmt: skip
ROLES = "'executive', 'director', 'manager', 'specialist', 'sales', 'service', 'finance', 'auditor', 'admin', 'owner'"
CLOCK = "{0} LIKE '__:__' AND {0} >= '00:00' AND {0} <= '24:00'"


def upgrade() -> None:
    _audit_log()
    _states()
    _records()
    _history()
    _waiting()
    _attachments()
    _comments()
    _notifications()
    _rules()
    _calendar()
    audit.functions(op.get_bind())
    triggers.install(op.get_bind(), guards.of_kit(op.get_bind()))
    _rule_changes_are_made_by_two()


def downgrade() -> None:
    connection = op.get_bind()
    triggers.remove(connection, guards.of_kit(connection))
    for table in TABLES:
        op.drop_table(table)


def _audit_log() -> None:
    op.create_table(
        "audit_log",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("actor", sa.String(50), nullable=False),
        sa.Column("table_name", sa.String(50), nullable=False),
        sa.Column("row_key", sa.String(200), nullable=False),
        sa.Column("op", sa.String(6), nullable=False),
        sa.Column("old", sa.Text),
        sa.Column("new", sa.Text),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("ix_audit_log_row", "audit_log", ["table_name", "row_key", "seq"])


def _states() -> None:
    op.create_table(
        "state",
        sa.Column("type", sa.String(30), primary_key=True),
        sa.Column("status", sa.String(30), primary_key=True),
        sa.Column("editable", sa.Boolean, nullable=False),
        sa.Column("final", sa.Boolean, nullable=False),
        sa.Column("change_id", sa.Integer),
        check("state", "named", "type <> '' AND status <> ''"),
        check("state", "final", "NOT (editable AND final)"),
    )
    op.create_table(
        "transition",
        sa.Column("type", sa.String(30), primary_key=True),
        sa.Column("from_status", sa.String(30), primary_key=True),
        sa.Column("to_status", sa.String(30), primary_key=True),
        sa.Column("role", sa.String(20), primary_key=True),
        sa.Column("category", sa.String(50), primary_key=True),
        sa.Column("amount_from", Minor, primary_key=True, autoincrement=False),
        sa.Column("amount_below", Minor),
        sa.Column("four_eyes", sa.Boolean, nullable=False),
        sa.Column("in_line", sa.Boolean, nullable=False),
        sa.Column("needs_reason", sa.Boolean, nullable=False),
        sa.Column("in_force", sa.Boolean, nullable=False),
        sa.Column("change_id", sa.Integer),
        _state_key("from_status", "fk_transition_from_state"),
        _state_key("to_status", "fk_transition_to_state"),
        check("transition", "moves", "from_status <> to_status"),
        check("transition", "role", f"role IN ({ROLES})"),
        check("transition", "amount_from", f"amount_from >= 0 AND {whole('amount_from')}"),
        check("transition", "amount_below", f"amount_below > amount_from AND {whole('amount_below')}"),
        check("transition", "four_eyes", "NOT (four_eyes AND role = 'owner')"),
    )


def _records() -> None:
    op.create_table(
        "record",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("type", sa.String(30), nullable=False),
        sa.Column("number", sa.String(30), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("status", sa.String(30), nullable=False),
        sa.Column("category", sa.String(50), nullable=False),
        _party("owner_id"),
        _party("subject_id", nullable=True),
        sa.Column("amount_minor", Minor),
        sa.Column("version", sa.Integer, nullable=False),
        _party("entered_by_id"),
        sa.Column("entered_at", Moment, nullable=False),
        _state_key("status", "fk_record_state"),
        check("record", "number", "number <> ''"),
        check("record", "title", "title <> ''"),
        check("record", "amount_minor", f"amount_minor >= 0 AND {whole('amount_minor')}"),
        check("record", "version", "version >= 1"),
    )
    op.create_index("uq_record_number", "record", ["number"], unique=True)
    op.create_index("ix_record_type", "record", ["type", "id"])
    op.create_index("ix_record_status", "record", ["type", "status", "id"])
    op.create_index("ix_record_owner", "record", ["owner_id", "id"])
    op.create_table(
        "numbering",
        sa.Column("series", sa.String(30), primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
    )


def _history() -> None:
    op.create_table(
        "status_change",
        sa.Column("id", sa.Integer, primary_key=True),
        _record("record_id"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("from_status", sa.String(30), nullable=False),
        sa.Column("to_status", sa.String(30), nullable=False),
        _party("actor_id"),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("acted_as", sa.String(20), nullable=False),
        _party("on_behalf_of_id", nullable=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("at", Moment, nullable=False),
        check("status_change", "moves", "from_status <> to_status"),
        check("status_change", "on_behalf_of", "on_behalf_of_id <> actor_id"),
        check("status_change", "round", "round >= 1"),
    )
    op.create_index("uq_status_change_record_id_version", "status_change", ["record_id", "version"], unique=True)
    op.create_index("ix_status_change_actor", "status_change", ["actor_id", "id"])


def _waiting() -> None:
    op.create_table(
        "waiting",
        _record("record_id", primary_key=True),
        _party("party_id", primary_key=True),
        sa.Column("role", sa.String(20), primary_key=True),
        sa.Column("since", Moment, nullable=False),
    )
    op.create_index("ix_waiting_party", "waiting", ["party_id", "role", "since", "record_id"])


def _attachments() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer, primary_key=True),
        _record("record_id"),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("bytes", sa.Integer, nullable=False),
        _party("attached_by_id"),
        sa.Column("attached_at", Moment, nullable=False),
        _party("removed_by_id", nullable=True),
        sa.Column("removed_at", Moment),
        check("attachment", "named", "name <> '' AND kind <> ''"),
        check("attachment", "sha256", "length(sha256) = 64"),
        check("attachment", "bytes", "bytes > 0"),
        check("attachment", "removed", "(removed_by_id IS NULL) = (removed_at IS NULL)"),
    )
    op.create_index("ix_attachment_record", "attachment", ["record_id", "id"])
    op.create_index("ix_attachment_sha256", "attachment", ["sha256"])


def _comments() -> None:
    op.create_table(
        "comment",
        sa.Column("id", sa.Integer, primary_key=True),
        _record("record_id"),
        _party("author_id"),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        check("comment", "text", "text <> ''"),
    )
    op.create_index("ix_comment_record", "comment", ["record_id", "id"])
    op.create_table(
        "comment_mention",
        sa.Column("comment_id", sa.Integer, sa.ForeignKey("comment.id"), primary_key=True),
        _party("party_id", primary_key=True),
    )


def _notifications() -> None:
    key = ("record_id", "recipient_id", "kind", "for_day")
    op.create_table(
        "notification",
        sa.Column("id", sa.Integer, primary_key=True),
        _record("record_id"),
        _party("recipient_id"),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("for_day", sa.Date, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("sent_at", Moment),
        sa.Column("seen_at", Moment),
        check("notification", "kind", "kind IN ('waiting', 'decided', 'returned', 'mentioned')"),
    )
    op.create_index(f"uq_notification_{'_'.join(key)}", "notification", list(key), unique=True)
    op.create_index("ix_notification_recipient", "notification", ["recipient_id", "id"])


def _rules() -> None:
    op.create_table(
        "rule_change",
        _record("id", primary_key=True),
        sa.Column("rule", sa.String(20), nullable=False),
        sa.Column("key", sa.JSON, nullable=False),
        sa.Column("value", sa.JSON, nullable=False),
        sa.Column("valid_from", sa.Date),
        sa.Column("source", sa.Text, nullable=False),
        check("rule_change", "rule", "rule IN ('parameter', 'state', 'transition')"),
        check("rule_change", "valid_from", "(rule = 'parameter') = (valid_from IS NOT NULL)"),
    )
    op.create_table(
        "parameter",
        sa.Column("name", sa.String(100), primary_key=True),
        sa.Column("valid_from", sa.Date, primary_key=True),
        sa.Column("value", sa.JSON, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        _party("approved_by_id", nullable=True),
        _record("change_id", nullable=True),
    )
    op.create_index("uq_parameter_change_id", "parameter", ["change_id"], unique=True)


def _calendar() -> None:
    op.create_table(
        "calendar_year",
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("provisional", sa.Boolean, nullable=False),
        sa.Column("loaded_at", Moment, nullable=False),
    )
    op.create_table(
        "calendar",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("opens", sa.String(5), primary_key=True),
        sa.Column("closes", sa.String(5), nullable=False),
        check("calendar", "opens", CLOCK.format("opens")),
        check("calendar", "closes", CLOCK.format("closes")),
        check("calendar", "order", "closes > opens"),
    )


def _rule_changes_are_made_by_two() -> None:
    """The admin proposes; the director decides, and may send it back."""
    states = sa.table("state", *map(sa.column, ("type", "status", "editable", "final")))
    op.bulk_insert(
        states,
        [
            {"type": "rule_change", "status": status, "editable": editable, "final": final}
            for status, editable, final in (
                ("draft", True, False), ("proposed", False, False), ("approved", False, True), ("rejected", False, True)
            )
        ],
    )  # fmt: skip
    names = (
        "type", "from_status", "to_status", "role", "category", "amount_from",
        "four_eyes", "in_line", "needs_reason", "in_force",
    )  # fmt: skip
    steps = (
        ("draft", "proposed", "admin", False, False),
        ("proposed", "approved", "director", True, False),
        ("proposed", "draft", "director", True, True),
        ("proposed", "rejected", "director", True, True),
    )
    op.bulk_insert(
        sa.table("transition", *map(sa.column, names)),
        [
            dict(zip(names, ("rule_change", *step[:3], "", 0, step[3], False, step[4], True), strict=True))
            for step in steps
        ],
    )


def _state_key(status: str, name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["type", status], ["state.type", "state.status"], name=op.f(name))


def _party(name: str, *, nullable: bool = False, primary_key: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, sa.ForeignKey("party.id"), nullable=nullable, primary_key=primary_key)


def _record(name: str, *, nullable: bool = False, primary_key: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, sa.ForeignKey("record.id"), nullable=nullable, primary_key=primary_key)
