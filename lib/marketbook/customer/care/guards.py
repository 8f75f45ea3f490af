"""What the database refuses of follow-ups and care, whatever is sent to it."""

from sqlalchemy import Connection

from marketbook.customer.card_guards import LIVE
from marketbook.kit.store.audit import audited
from marketbook.kit.store.triggers import Trigger, append_only, fixed, never_deleted, never_replaced, refuse

_OF_CARE = "EXISTS (SELECT 1 FROM activity AS a WHERE a.id = NEW.activity_id AND a.kind IN ({0}))"
_UNSENT = "EXISTS (SELECT 1 FROM care_occasion AS o WHERE o.activity_id = NEW.record_id AND o.sent_at IS NULL)"
_OVER = (
    "EXISTS (SELECT 1 FROM record AS r JOIN state AS s ON s.type = r.type AND s.status = r.status "
    "WHERE r.id = NEW.activity_id AND s.final)"
)


def of_care(connection: Connection) -> list[Trigger]:
    """Return the triggers of every table of `tables`."""
    signed = "acting() IS NULL OR acting() <> CAST(NEW.{0} AS TEXT)"
    return [
        never_replaced("contact_clock", ("customer_id",), ("activity_id",)),
        refuse(
            "contact_clock", "of_contact", "UPDATE",
            when=f"NEW.activity_id IS NOT NULL AND NOT {_OF_CARE.format(_CONTACTS)}", saying="it is no follow-up",
        ),
        never_replaced("care_occasion", ("id",), ("customer_id", "occasion", "period"), ("activity_id",)),
        fixed("care_occasion", "id", "customer_id", "occasion", "period", "purpose", "falls_on", "activity_id"),
        refuse("care_occasion", "of_care", "INSERT", when=f"NOT {_OF_CARE.format(_CARE)}", saying="it is no care"),
        refuse("care_occasion", "fresh", "INSERT", when="NEW.sent_at IS NOT NULL", saying="it begins unsent"),
        refuse("care_occasion", "of_merged", "INSERT", when=LIVE.format("NEW.customer_id"),
               saying="its customer is merged into another"),
        refuse("care_occasion", "once", "UPDATE", when="OLD.sent_at IS NOT NULL", saying="what was sent stays so"),
        refuse(
            "care_occasion", "signed", "UPDATE", when=signed.format("sent_by_id"), saying="only who acts can send it",
        ),
        refuse("care_occasion", "over", "UPDATE", when=_OVER, saying="it is over"),
        *never_deleted("care_occasion"),
        refuse(
            "status_change", "care_sent", "INSERT", when=f"NEW.to_status = 'done' AND {_UNSENT}",
            saying="it was not sent",
        ),
        refuse(
            "contact_reveal", "signed", "INSERT", when=signed.format("party_id"), saying="only who acts is shown it",
        ),
        never_replaced("contact_reveal", ("id",)),
        *append_only("contact_reveal"),
        *audited(connection, "care_occasion"),
        *audited(connection, "contact_reveal"),
    ]  # fmt: skip


def of_recommendations(connection: Connection) -> list[Trigger]:
    """Return the triggers of recommendations: what is held out stays so, and what was said stays said."""
    made = (
        "id", "customer_id", "wave", "made_on", "category", "because", "buyers", "share_bp", "base_bp", "held_out",
        "activity_id",
    )  # fmt: skip
    other = f"NEW.activity_id IS NOT NULL AND NOT {_OF_CARE.format(_RECOMMENDED)}"
    unsaid = "EXISTS (SELECT 1 FROM recommendation AS o WHERE o.activity_id = NEW.record_id AND o.response IS NULL)"
    return [
        never_replaced("recommendation", ("id",), ("customer_id", "wave"), ("activity_id",)),
        fixed("recommendation", *made),
        refuse("recommendation", "of_kind", "INSERT", when=other, saying="it is no recommendation"),
        refuse("recommendation", "fresh", "INSERT", when="NEW.response IS NOT NULL", saying="it begins unanswered"),
        refuse("recommendation", "of_merged", "INSERT", when=LIVE.format("NEW.customer_id"),
               saying="its customer is merged into another"),
        refuse("recommendation", "untold", "UPDATE", when="OLD.held_out", saying="nothing was recommended"),
        refuse("recommendation", "once", "UPDATE", when="OLD.response IS NOT NULL", saying="what was said stays so"),
        refuse("recommendation", "over", "UPDATE", when=_OVER, saying="it is over"),
        *never_deleted("recommendation"),
        refuse(
            "status_change", "recommendation_said", "INSERT", when=f"NEW.to_status = 'done' AND {unsaid}",
            saying="what the customer said is missing",
        ),
        *audited(connection, "recommendation"),
    ]  # fmt: skip


_RECOMMENDED = "'recommendation'"
_CONTACTS = "'call', 'visit'"
_CARE = "'care'"
