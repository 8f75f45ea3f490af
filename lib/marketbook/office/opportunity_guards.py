"""What the database refuses of opportunities."""

from sqlalchemy import Connection

from marketbook.kit.records.guards import of_content
from marketbook.kit.store.audit import audited
from marketbook.kit.store.triggers import Trigger, changed, fixed, never_replaced, refuse
from marketbook.office.work_guards import step

_SALE = "EXISTS (SELECT 1 FROM record AS r WHERE r.id = NEW.id AND r.category = 'sale')"
_UNDER_WAY = "('planned', 'in_progress', 'blocked')"
_STEPS = (
    "EXISTS (SELECT 1 FROM activity AS s JOIN record AS sr ON sr.id = s.id WHERE s.about_id = {of} "
    f"AND s.id <> {{but}} AND sr.status IN {_UNDER_WAY})"
)
_OPEN = (
    "EXISTS (SELECT 1 FROM record AS o JOIN state AS st ON st.type = o.type AND st.status = o.status "
    "WHERE o.id = {0}.about_id AND o.type = 'opportunity' AND st.editable)"
)


def of_opportunities(connection: Connection) -> list[Trigger]:
    """Return the triggers of opportunities and of the steps about them."""
    return [
        *of_content(connection, "opportunity", of_type="opportunity"),
        never_replaced("opportunity", ("order_no",)),
        fixed("opportunity", "contact_by"),
        *_of_customer(),
        *_of_stages(),
        *_of_next_step(),
        *audited(connection, "opportunity", digested=("needs", "lost_text")),
    ]


def _of_customer() -> list[Trigger]:
    stranger = f"{_SALE} AND NOT EXISTS (SELECT 1 FROM party AS p WHERE p.id = NEW.party_id AND p.kind = 'customer')"
    taken = (
        "NEW.order_no IS NOT NULL AND EXISTS "
        "(SELECT 1 FROM opportunity AS o WHERE o.order_no = NEW.order_no AND o.id <> NEW.id)"
    )
    kinds = "NEW.type = 'opportunity' AND ({0})"
    return [
        refuse("opportunity", "of_customer", "INSERT", when=stranger, saying="it is no customer's"),
        refuse("opportunity", "to_customer", "UPDATE", when=stranger, saying="it is no customer's"),
        refuse("opportunity", "one_order", "UPDATE", when=taken, saying="the order is another one's"),
        refuse(
            "record", "opportunity_kind", "INSERT", when=kinds.format("NEW.category <> 'sale'"),
            saying="there are no opportunities of this kind",
        ),
        refuse(
            "record", "opportunity_turned", "UPDATE", when=kinds.format(changed("category")),
            saying="an opportunity stays of its kind",
        ),
    ]  # fmt: skip


def _of_stages() -> list[Trigger]:
    vague = (
        "own.expected_on IS NULL OR EXISTS (SELECT 1 FROM record AS r WHERE r.id = own.id AND r.amount_minor IS NULL)"
    )
    stepless = f"NOT {_STEPS.format(of='own.id', but='0')}"
    rules = {
        "opportunity_qualified": ("qualified", f"{vague} OR {stepless}", "its amount, day or next step is missing"),
        "opportunity_proposal": ("proposal", f"{vague} OR {stepless}", "its amount, day or next step is missing"),
        "opportunity_won": (
            "won", "own.order_no IS NULL OR own.lost_reason IS NOT NULL OR own.closed_on IS NULL",
            "the opportunity's order is missing",
        ),
        "opportunity_lost": (
            "lost", "own.lost_reason IS NULL OR own.order_no IS NOT NULL OR own.closed_on IS NULL",
            "why the opportunity was lost is missing",
        ),
    }  # fmt: skip
    return [
        refuse("status_change", name, "INSERT", when=step("opportunity", to, when), saying=say)
        for name, (to, when, say) in rules.items()
    ]


def _of_next_step() -> list[Trigger]:
    last = (
        "NEW.to_status IN ('done', 'cancelled') AND EXISTS (SELECT 1 FROM activity AS a WHERE a.id = NEW.record_id "
        f"AND {_OPEN.format('a')} AND NOT {_STEPS.format(of='a.about_id', but='a.id')})"
    )
    away = f"({changed('about_id')}) AND {_OPEN.format('OLD')}"
    return [
        refuse("status_change", "next_step", "INSERT", when=last, saying="an open opportunity has a next step"),
        refuse("activity", "of_opportunity", "UPDATE", when=away, saying="a step stays with its opportunity"),
    ]
