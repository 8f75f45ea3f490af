"""What the database refuses of customers' cards, contact points, consents and merges, whatever is sent to it."""

from sqlalchemy import Connection

from marketbook.kit.store.audit import audited
from marketbook.kit.store.triggers import Trigger, append_only, changed, fixed, never_deleted, never_replaced, refuse

PERSONAL = {
    "customer": ("needs", "preferences", "reading"),
    "contact_point": ("value",),
    "customer_merge": ("former", "taken", "reason"),
}
"""What the log never holds."""

LIVE = "EXISTS (SELECT 1 FROM customer_merge AS m WHERE m.merged_id = {0} AND m.undone_at IS NULL)"


def of_cards(connection: Connection) -> list[Trigger]:
    """Return the triggers of every table of `card`."""
    return [
        *_of_customer(),
        *_of_contact_point(),
        *_of_consent(),
        *_of_merge(),
        never_replaced("distinct_pair", ("first_id", "second_id")),
        *append_only("distinct_pair"),
        *(one for table in ("customer", "contact_point", "consent", "customer_merge")
          for one in audited(connection, table, without=PERSONAL.get(table, ()))),
        *audited(connection, "distinct_pair", key=("first_id", "second_id")),
    ]  # fmt: skip


def _of_customer() -> list[Trigger]:
    other = "NOT EXISTS (SELECT 1 FROM party WHERE party.id = NEW.id AND party.kind = 'customer')"
    return [
        never_replaced("customer", ("id",)),
        refuse("customer", "of_kind", "INSERT", when=other, saying="its party is no customer"),
        fixed("customer", "id", "entered_by_id", "entered_at"),
        refuse("customer", "counted", "UPDATE", when="NEW.version <> OLD.version + 1", saying="each change counts one"),
        *never_deleted("customer"),
    ]


def _of_contact_point() -> list[Trigger]:
    other = (
        "NEW.removed_at IS NULL AND EXISTS (SELECT 1 FROM contact_point AS o WHERE o.kind = NEW.kind "
        "AND o.value = NEW.value AND o.id <> NEW.id AND o.removed_at IS NULL AND NOT (o.shared AND NEW.shared))"
    )
    saying = "it is another customer's, or it is marked as shared at both"
    return [
        never_replaced("contact_point", ("id",)),
        fixed("contact_point", "id", "customer_id", "kind", "value", "added_by_id", "added_at"),
        refuse("contact_point", "alone", "INSERT", when=other, saying=saying),
        refuse("contact_point", "still_alone", "UPDATE", when=other, saying=saying),
        refuse(
            "contact_point", "of_merged", "INSERT", when=LIVE.format("NEW.customer_id"),
            saying="its customer is merged into another",
        ),
        refuse(
            "contact_point", "only_removed", "UPDATE", when="OLD.removed_at IS NOT NULL",
            saying="what was removed stays so",
        ),
        *never_deleted("contact_point"),
    ]  # fmt: skip


def _of_consent() -> list[Trigger]:
    other = "acting() IS NULL OR acting() <> CAST(NEW.recorded_by_id AS TEXT)"
    return [
        never_replaced("consent", ("id",)),
        refuse("consent", "signed", "INSERT", when=other, saying="only who acts can record it"),
        refuse(
            "consent", "of_merged", "INSERT", when=LIVE.format("NEW.customer_id"),
            saying="its customer is merged into another",
        ),
        *append_only("consent"),
    ]  # fmt: skip


def _of_merge() -> list[Trigger]:
    either = f"{LIVE.format('NEW.kept_id')} OR {LIVE.format('NEW.merged_id')}"
    content = ("id", "kept_id", "merged_id", "former", "taken", "reason", "merged_by_id", "merged_at")
    held = "EXISTS (SELECT 1 FROM customer_merge AS m WHERE m.merged_id = NEW.id AND m.undone_at IS NULL{0})"
    by_merge = (
        f"({changed('merged_into_id', 'kind')}) AND (OLD.kind = 'customer' OR NEW.kind = 'customer') AND NOT ("
        f"(NEW.merged_into_id IS NULL AND NOT {held.format('')}) OR "
        f"(NEW.merged_into_id IS NOT NULL AND {held.format(' AND m.kept_id = NEW.merged_into_id')}))"
    )
    return [
        never_replaced("customer_merge", ("id",)),
        fixed("customer_merge", *content),
        refuse("customer_merge", "of_two", "INSERT", when=either, saying="one of the two is merged already"),
        refuse("customer_merge", "once", "UPDATE", when="OLD.undone_at IS NOT NULL", saying="what was undone stays so"),
        *never_deleted("customer_merge"),
        refuse("party", "by_merge", "UPDATE", when=by_merge, saying="only a merge puts a customer into another"),
    ]
