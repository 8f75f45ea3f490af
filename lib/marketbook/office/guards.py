"""What the database refuses of budget lines and transfers, and how a line's `allocated` follows from transfers."""

from sqlalchemy import Connection

from marketbook.kit.records.guards import of_content
from marketbook.kit.store.audit import audited
from marketbook.kit.store.triggers import Trigger, changed, fixed, follow, never_replaced, refuse

KEY = ("plan_id", "category", "month", "item")
_TRANSFERS = (
    "(SELECT coalesce(sum(r.amount_minor), 0) FROM budget_transfer AS t JOIN record AS r ON r.id = t.id "
    "WHERE t.{side} = {row}.id AND r.status = 'approved')"
)
_EDITABLE = (
    "EXISTS (SELECT 1 FROM record AS r JOIN state AS s ON s.type = r.type AND s.status = r.status "
    "WHERE r.id = {0}.plan_id AND s.editable)"
)


def allocated(row: str) -> str:
    """Return SQL for what a line has: what its plan gave and approved transfers brought and took."""
    came, went = (_TRANSFERS.format(side=side, row=row) for side in ("to_line_id", "from_line_id"))
    return f"CAST({row}.original + {came} - {went} AS BIGINT)"


def of_office(connection: Connection) -> list[Trigger]:
    """Return the triggers of budget lines and transfers."""
    return [
        *_of_lines(),
        *of_content(connection, "budget_transfer", of_type="budget_transfer"),
        follow("record", "transferred", "UPDATE", do=_FOLLOWED),
        *audited(connection, "budget_line"),
        *audited(connection, "budget_transfer"),
    ]


_FOLLOWED = (
    f"UPDATE budget_line SET allocated = {allocated('budget_line')} "
    "WHERE NEW.type = 'budget_transfer' AND NEW.status = 'approved' AND NEW.status <> OLD.status AND id IN "
    "(SELECT from_line_id FROM budget_transfer WHERE id = NEW.id UNION "
    "SELECT to_line_id FROM budget_transfer WHERE id = NEW.id)"
)


def _of_lines() -> list[Trigger]:
    year = (
        "EXISTS (SELECT 1 FROM plan WHERE plan.id = NEW.plan_id "
        "AND CAST(plan.fiscal_year AS TEXT) = substr(NEW.month, 1, 4))"
    )
    fresh = "NEW.allocated = NEW.original AND NEW.committed = 0 AND NEW.spent = 0"
    return [
        never_replaced("budget_line", ("id",), KEY),
        refuse("budget_line", "in_year", "INSERT", when=f"NOT {year}", saying="its month is not in its year"),
        refuse("budget_line", "fresh", "INSERT", when=f"NOT ({fresh})", saying="it starts with what its plan gives"),
        refuse(
            "budget_line", "planned", "INSERT", when=f"NEW.original <> 0 AND NOT {_EDITABLE.format('NEW')}",
            saying="a plan that was handed in gives no more; only a transfer does",
        ),
        fixed("budget_line", "id", *KEY),
        refuse(
            "budget_line", "edited", "UPDATE",
            when=f"({changed('original')}) AND NOT {_EDITABLE.format('OLD')}",
            saying="a plan that was handed in is not edited",
        ),
        refuse(
            "budget_line", "adds_up", "UPDATE", when=f"NEW.allocated <> {allocated('NEW')}",
            saying="it has what its plan and its transfers give, nothing else",
        ),
        refuse(
            "budget_line", "kept", "DELETE", when=f"NOT {_EDITABLE.format('OLD')}",
            saying="a plan that was handed in is not edited",
        ),
    ]  # fmt: skip
