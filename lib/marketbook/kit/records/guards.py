"""What the database refuses whatever is sent to it, as triggers; migrations install them.

A chapter's migration installs `of_content` for each table of a record's content, and `audited` for each that is kept.
"""

from collections.abc import Iterable

from sqlalchemy import Connection

from marketbook.kit.store.actor import SETUP
from marketbook.kit.store.audit import audited, of_log
from marketbook.kit.store.triggers import (
    Trigger,
    append_only,
    changed,
    columns,
    fixed,
    follow,
    never_deleted,
    never_replaced,
    refuse,
)

CONTENT = ("title", "category", "subject_id", "amount_minor")
"""The supertype's own content, which nobody changes once a record is handed in."""

AUDITED: dict[str, tuple[str, ...]] = {
    "party": ("id",),
    "role_grant": ("id",),
    "account": ("id",),
    "state": ("type", "status"),
    "transition": ("type", "from_status", "to_status", "role", "category", "amount_from"),
    "record": ("id",),
    "status_change": ("id",),
    "attachment": ("id",),
    "comment": ("id",),
    "rule_change": ("id",),
    "parameter": ("name", "valid_from"),
    "calendar": ("day", "opens"),
}
"""The kept tables and their keys."""

PERSONAL = {"party": ("name", "birthday", "segment", "profile"), "account": ("password_hash", "login", "login_key")}
"""What the log never holds: a person may have it erased, or it is a secret."""

_EDITABLE = "EXISTS (SELECT 1 FROM state WHERE state.type = {0}.type AND state.status = {0}.status AND state.editable)"
_APPROVED = (
    "EXISTS (SELECT 1 FROM record WHERE record.id = NEW.change_id AND record.type = 'rule_change' "
    "AND record.status = 'approved')"
)


def of_kit(connection: Connection) -> list[Trigger]:
    """Return the triggers of every table of this package."""
    return [
        *of_log(),
        *_of_record(),
        *_of_status_change(),
        *_of_people(),
        *_of_rules(),
        *_of_what_hangs_on_a_record(),
        *of_content(connection, "rule_change", of_type="rule_change"),
        *_audits(connection),
    ]


def of_external_id(connection: Connection) -> list[Trigger]:
    """Return the triggers of `external_id`: a link is made and taken away, never turned to another; both are logged."""
    return [
        never_replaced("external_id", ("system", "id")),
        refuse("external_id", "never_changed", "UPDATE", when="1 = 1", saying="a row is never changed"),
        *audited(connection, "external_id", key=("system", "id")),
    ]


def of_content(
    connection: Connection, table: str, *, of_type: str = "", record_id: str = "id", free: Iterable[str] = ()
) -> list[Trigger]:
    """Return the triggers of a table of a record's content: it changes only while the record may be edited.

    Args:
        connection: Where the table is, with the columns that it has by now.
        table: Its name.
        of_type: Of the records, where the table shares their primary key; empty for a table of their lines.
        record_id: The column that names the record.
        free: Columns that may change later too, such as the day something was paid.
    """
    kept = [name for name in columns(connection, table) if name not in {*free, record_id}]
    saying = "a record that was handed in is not edited"
    made = [
        refuse(table, "of_editable", "INSERT", when=f"NOT {_open('NEW', record_id)}", saying=saying),
        refuse(table, "edited", "UPDATE", when=f"({changed(*kept)}) AND NOT {_open('OLD', record_id)}", saying=saying),
        fixed(table, record_id),
    ]
    if not of_type:
        return [*made, refuse(table, "kept", "DELETE", when=f"NOT {_open('OLD', record_id)}", saying=saying)]
    other = f"NOT EXISTS (SELECT 1 FROM record WHERE record.id = NEW.{record_id} AND record.type = '{of_type}')"
    named = refuse(table, "of_type", "INSERT", when=other, saying=f"its record is no {of_type}")
    return [*made, named, never_replaced(table, (record_id,)), *never_deleted(table)]


def _open(row: str, record_id: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM record JOIN state ON state.type = record.type AND state.status = record.status "
        f"WHERE record.id = {row}.{record_id} AND state.editable)"
    )


def _of_record() -> list[Trigger]:
    stepped = (
        "EXISTS (SELECT 1 FROM status_change AS step WHERE step.record_id = OLD.id AND step.version = OLD.version "
        "AND step.from_status = OLD.status AND step.to_status = NEW.status)"
    )
    at_work = "NOT EXISTS (SELECT 1 FROM party WHERE party.id = OLD.owner_id AND party.status = 'left')"
    return [
        never_replaced("record", ("id",), ("number",)),
        refuse(
            "record", "starts", "INSERT",
            when=f"NEW.version <> 1 OR NOT {_EDITABLE.format('NEW')}", saying="it starts in an editable state",
        ),
        fixed("record", "id", "type", "number", "entered_by_id", "entered_at"),
        refuse("record", "counted", "UPDATE", when="NEW.version <> OLD.version + 1", saying="each change counts one"),
        refuse(
            "record", "stepped", "UPDATE",
            when=f"NEW.status <> OLD.status AND NOT {stepped}", saying="only a status change gives a new status",
        ),
        refuse(
            "record", "edited", "UPDATE",
            when=f"(NEW.status <> OLD.status OR NOT {_EDITABLE.format('OLD')}) AND ({changed(*CONTENT)})",
            saying="a record that was handed in is not edited",
        ),
        refuse(
            "record", "owned", "UPDATE",
            when=f"NEW.owner_id <> OLD.owner_id AND {at_work}", saying="it stays with its owner until he has left",
        ),
        *never_deleted("record"),
    ]  # fmt: skip


def _of_status_change() -> list[Trigger]:
    step = (
        "EXISTS (SELECT 1 FROM record JOIN transition AS t ON t.type = record.type AND t.from_status = record.status "
        "WHERE record.id = NEW.record_id AND record.version = NEW.version AND record.status = NEW.from_status "
        "AND t.to_status = NEW.to_status AND t.role = NEW.role AND t.category IN ('', record.category) AND t.in_force "
        "AND t.amount_from <= coalesce(record.amount_minor, 0) "
        "AND (t.amount_below IS NULL OR coalesce(record.amount_minor, 0) < t.amount_below) "
        "AND (trim(NEW.reason) <> '' OR NOT t.needs_reason) "
        "AND (NOT t.four_eyes OR (NEW.actor_id <> record.owner_id AND NEW.actor_id <> coalesce(record.subject_id, 0))))"
    )
    other = "acting() IS NULL OR acting() <> CAST(NEW.actor_id AS TEXT)"
    return [
        never_replaced("status_change", ("id",), ("record_id", "version")),
        refuse("status_change", "signed", "INSERT", when=other, saying="only who acts can sign"),
        refuse("status_change", "step", "INSERT", when=f"NOT {step}", saying="there is no such step"),
        follow(
            "status_change", "applied", "INSERT",
            do="UPDATE record SET status = NEW.to_status, version = version + 1 WHERE id = NEW.record_id",
        ),
        *append_only("status_change"),
    ]  # fmt: skip


def _of_people() -> list[Trigger]:
    return [
        never_replaced("party", ("id",)),
        fixed("party", "id"),
        *never_deleted("party"),
        never_replaced("role_grant", ("id",)),
        fixed("role_grant", "id", "party_id", "on_behalf_of_id", "granted_at"),
        *never_deleted("role_grant"),
        never_replaced("account", ("id",), ("party_id",), ("login_key",)),
        fixed("account", "id"),
        *never_deleted("account"),
    ]


def _of_rules() -> list[Trigger]:
    set_up = f"acting() = '{SETUP}'"
    saying = "a rule needs a change that two people made"
    when = f"NOT coalesce({set_up}, 1 = 0) AND NOT {_APPROVED}"
    made = [
        refuse(table, "by_two", "INSERT", when=when, saying=saying) for table in ("state", "transition", "parameter")
    ]
    made += [never_replaced("parameter", ("name", "valid_from"), ("change_id",)), *append_only("parameter")]
    when = f"{when} OR (NOT coalesce({set_up}, 1 = 0) AND NEW.change_id = OLD.change_id)"
    for table in ("state", "transition"):
        made.append(refuse(table, "changed_by_two", "UPDATE", when=when, saying=saying))
        made += [never_replaced(table, AUDITED[table]), fixed(table, *AUDITED[table]), *never_deleted(table)]
    return made


def _of_what_hangs_on_a_record() -> list[Trigger]:
    unlike = changed("kind", "name", "media_type", "sha256", "bytes", "attached_by_id", "attached_at")
    return [
        never_replaced("attachment", ("id",)),
        fixed("attachment", "id", "record_id"),
        refuse(
            "attachment", "only_removed", "UPDATE",
            when=f"{unlike} OR OLD.removed_at IS NOT NULL OR NOT {_open('OLD', 'record_id')}",
            saying="it can only be removed, while its record may be edited",
        ),
        *never_deleted("attachment"),
        never_replaced("comment", ("id",)),
        *append_only("comment"),
        never_replaced("comment_mention", ("comment_id", "party_id")),
        *append_only("comment_mention"),
        never_replaced("calendar", ("day", "opens")),
        fixed("calendar", "day", "opens"),
        never_replaced("notification", ("id",), ("record_id", "recipient_id", "kind", "for_day")),
        *never_deleted("notification"),
    ]  # fmt: skip


def _audits(connection: Connection) -> list[Trigger]:
    made: list[Trigger] = []
    for table, key in AUDITED.items():
        digested = ("text",) if table == "comment" else ()
        made += audited(connection, table, key=key, without=PERSONAL.get(table, ()), digested=digested)
    return made
