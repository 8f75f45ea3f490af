"""Money: plans, budget lines and transfers; claims, their lines and invoices; their states, steps and triggers."""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

from marketbook.expense.guards import of_expense
from marketbook.kit.store import triggers
from marketbook.kit.store.migrations.building import (
    About,
    Step,
    check,
    forget,
    install_states,
    install_steps,
    key,
    listed,
    other,
)
from marketbook.kit.store.moment import Moment
from marketbook.kit.store.money import Minor, whole
from marketbook.office.guards import of_office
from marketbook.plan.guards import of_plan

revision = "0005"
down_revision = "0004"

TABLES = ("expense_line", "invoice", "expense_claim", "budget_transfer", "budget_line", "plan")
CATEGORIES = ("research", "advertising", "promotion", "channel", "staff", "other")
DIRECTOR_FROM = {"": 500_000, ".unplanned": 200_000}
"""From which amount the director decides too, in fen: on what the plan had, and on what it had not."""

DIGITS = "'0123456789'"
OWN: About = {"role": "owner"}
BACK: About = {"four_eyes": True, "needs_reason": True}
ANY_MANAGER: About = {"role": "manager"}
MANAGER: About = {"role": "manager", "four_eyes": True, "in_line": True}
DIRECTOR: About = {"role": "director", "four_eyes": True, "in_line": True}
ANY_FINANCE: About = {"role": "finance"}
FINANCE: About = {"role": "finance", "four_eyes": True}

STATES = {
    "plan": {"draft": "editable", "submitted": "", "approved": "", "active": "", "closed": "final"},
    "budget_transfer": {"draft": "editable", "submitted": "", "approved": "final", "rejected": "final"},
    "expense_claim": {
        "draft": "editable", "submitted": "", "manager_approved": "", "director_approved": "", "finance_reviewed": "",
        "paid": "final", "open": "", "closed": "final", "rejected": "final", "withdrawn": "final",
    },
}  # fmt: skip


def upgrade() -> None:
    _plan()
    _budget_line()
    _budget_transfer()
    _expense_claim()
    _invoice()
    _expense_line()
    install_states(STATES)
    install_steps("plan", _plan_steps())
    install_steps("budget_transfer", _transfer_steps())
    install_steps("expense_claim", [*_claim_steps(), *_thresholds()])
    triggers.install(op.get_bind(), _triggers())


def downgrade() -> None:
    triggers.remove(op.get_bind(), _triggers())
    for table in TABLES:
        op.drop_table(table)
    forget(STATES)


def _triggers() -> list[triggers.Trigger]:
    connection = op.get_bind()
    return [*of_plan(connection), *of_office(connection), *of_expense(connection)]


def _plan() -> None:
    op.create_table(
        "plan",
        key("record"),
        sa.Column("fiscal_year", sa.Integer, nullable=False),
        sa.Column("theme", sa.Text, nullable=False),
        check("plan", "fiscal_year", "fiscal_year BETWEEN 2000 AND 2999"),
    )
    op.create_index("ix_plan_fiscal_year", "plan", ["fiscal_year"])


def _budget_line() -> None:
    figures = ("original", "allocated", "committed", "spent")
    op.create_table(
        "budget_line",
        sa.Column("id", sa.Integer, primary_key=True),
        other("plan_id", "record", nullable=False),
        sa.Column("category", sa.String(30), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("item", sa.String(100), nullable=False),
        *(sa.Column(name, Minor, nullable=False) for name in figures),
        check("budget_line", "category", f"category IN ({listed(CATEGORIES)})"),
        check(
            "budget_line", "month",
            "month LIKE '____-__' AND ltrim(month, '0123456789-') = '' AND substr(month, 6, 2) BETWEEN '01' AND '12'",
        ),
        check("budget_line", "item", "item <> ''"),
        check("budget_line", "figures", " AND ".join(f"{name} >= 0 AND {whole(name)}" for name in figures)),
        check("budget_line", "within", "committed + spent <= allocated"),
    )  # fmt: skip
    key = ["plan_id", "category", "month", "item"]
    op.create_index(f"uq_budget_line_{'_'.join(key)}", "budget_line", key, unique=True)


def _budget_transfer() -> None:
    op.create_table(
        "budget_transfer",
        key("record"),
        other("from_line_id", "budget_line"),
        other("to_line_id", "budget_line"),
        sa.Column("purpose", sa.Text, nullable=False),
        check("budget_transfer", "somewhere", "from_line_id IS NOT NULL OR to_line_id IS NOT NULL"),
        check("budget_transfer", "elsewhere", "from_line_id <> to_line_id"),
    )
    op.create_index("ix_budget_transfer_from_line", "budget_transfer", ["from_line_id"])
    op.create_index("ix_budget_transfer_to_line", "budget_transfer", ["to_line_id"])


def _expense_claim() -> None:
    op.create_table(
        "expense_claim",
        key("record"),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        other("vendor_id", "party"),
        other("request_id", "expense_claim"),
        sa.Column("prepaid", sa.Boolean, nullable=False),
        sa.Column("invoice_due_on", sa.Date),
        sa.Column("paid_on", sa.Date),
        check("expense_claim", "kind", "kind IN ('request', 'vendor_payment', 'reimbursement')"),
        check("expense_claim", "vendor", "kind <> 'vendor_payment' OR vendor_id IS NOT NULL"),
        check("expense_claim", "request", "kind <> 'request' OR request_id IS NULL"),
        check("expense_claim", "prepaid", "NOT prepaid OR kind = 'vendor_payment'"),
        check("expense_claim", "invoice_due_on", "prepaid = (invoice_due_on IS NOT NULL)"),
    )
    op.create_index("ix_expense_claim_request", "expense_claim", ["request_id"])
    op.create_index("ix_expense_claim_vendor", "expense_claim", ["vendor_id"])


def _invoice() -> None:
    op.create_table(
        "invoice",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        other("vendor_id", "party", nullable=False),
        sa.Column("numbered_by", sa.Integer, nullable=False),
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("number", sa.String(50), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("total", Minor, nullable=False),
        sa.Column("issued_on", sa.Date, nullable=False),
        other("red_of_id", "invoice"),
        other("attachment_id", "attachment"),
        other("entered_by_id", "party", nullable=False),
        sa.Column("entered_at", Moment, nullable=False),
        check("invoice", "kind", "kind IN ('paper', 'digital', 'foreign')"),
        check("invoice", "numbered_by", "numbered_by = CASE WHEN kind = 'foreign' THEN vendor_id ELSE 0 END"),
        check(
            "invoice", "paper",
            "kind <> 'paper' OR (length(code) IN (10, 12) AND length(number) = 8 "
            f"AND ltrim(code || number, {DIGITS}) = '')",
        ),
        check(
            "invoice", "digital",
            f"kind <> 'digital' OR (code = '' AND length(number) = 20 AND ltrim(number, {DIGITS}) = '')",
        ),
        check("invoice", "number", "number <> '' AND (kind <> 'foreign' OR code = '')"),
        check("invoice", "total", f"total <> 0 AND (total < 0) = (red_of_id IS NOT NULL) AND {whole('total')}"),
        check("invoice", "currency", "length(currency) = 3"),
    )  # fmt: skip
    key = ["numbered_by", "code", "number"]
    op.create_index(f"uq_invoice_{'_'.join(key)}", "invoice", key, unique=True)
    op.create_index("ix_invoice_red_of", "invoice", ["red_of_id"])
    op.create_index("ix_invoice_vendor", "invoice", ["vendor_id"])


def _expense_line() -> None:
    op.create_table(
        "expense_line",
        sa.Column("id", sa.Integer, primary_key=True),
        other("claim_id", "expense_claim", nullable=False),
        other("budget_line_id", "budget_line", nullable=False),
        other("invoice_id", "invoice"),
        sa.Column("description", sa.String(200), nullable=False),
        sa.Column("amount", Minor, nullable=False),
        sa.Column("currency", sa.String(3)),
        sa.Column("foreign_amount", Minor),
        sa.Column("rate_ppm", Minor),
        check("expense_line", "description", "description <> ''"),
        check("expense_line", "amount", f"amount > 0 AND {whole('amount')}"),
        check("expense_line", "foreign_amount", f"foreign_amount > 0 AND {whole('foreign_amount')}"),
        check("expense_line", "rate_ppm", "rate_ppm > 0"),
        check(
            "expense_line", "foreign",
            "(currency IS NULL) = (foreign_amount IS NULL) AND (rate_ppm IS NULL) = (foreign_amount IS NULL)",
        ),
    )  # fmt: skip
    op.create_index("ix_expense_line_claim", "expense_line", ["claim_id", "id"])
    op.create_index("ix_expense_line_budget_line", "expense_line", ["budget_line_id", "claim_id"])
    op.create_index("ix_expense_line_invoice", "expense_line", ["invoice_id"])


def _plan_steps() -> Iterable[Step]:
    """Closing one waits for reviews, which come with the reports."""
    yield "draft", "submitted", ANY_MANAGER
    yield "submitted", "approved", DIRECTOR
    yield "submitted", "draft", {**DIRECTOR, **BACK}
    yield "approved", "active", ANY_MANAGER


def _transfer_steps() -> Iterable[Step]:
    yield "draft", "submitted", OWN
    for decider in (DIRECTOR, {**MANAGER, "category": "within_item"}):
        yield "submitted", "approved", decider
        yield "submitted", "rejected", {**decider, **BACK}
        yield "submitted", "draft", {**decider, **BACK}


def _claim_steps() -> Iterable[Step]:
    yield "draft", "submitted", OWN
    yield "draft", "withdrawn", OWN
    yield "submitted", "withdrawn", OWN
    yield "submitted", "manager_approved", MANAGER
    yield from (("submitted", to, {**MANAGER, **BACK}) for to in ("draft", "rejected"))
    yield from (("director_approved", to, FINANCE) for to in ("finance_reviewed", "open"))
    yield from (("director_approved", to, {**FINANCE, **BACK}) for to in ("draft", "rejected"))
    yield "finance_reviewed", "paid", FINANCE
    yield from (("finance_reviewed", to, {**FINANCE, **BACK}) for to in ("draft", "rejected"))
    yield "open", "closed", OWN
    yield "open", "closed", ANY_FINANCE


def _thresholds() -> Iterable[Step]:
    """Return who decides after the manager, by category: finance below the threshold, the director from it on."""
    for name in CATEGORIES:
        for ending, amount in DIRECTOR_FROM.items():
            director = {**DIRECTOR, "category": name + ending, "amount_from": amount}
            finance = {**FINANCE, "category": name + ending, "amount_below": amount}
            yield "manager_approved", "director_approved", director
            yield from (("manager_approved", to, finance) for to in ("finance_reviewed", "open"))
            for to in ("draft", "rejected"):
                yield "manager_approved", to, {**director, **BACK}
                yield "manager_approved", to, {**finance, **BACK}
