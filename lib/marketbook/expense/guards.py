"""What the database refuses of claims and invoices, and how a budget line's figures follow from claims."""

from sqlalchemy import Connection

from marketbook.kit.records.guards import of_content
from marketbook.kit.store.audit import audited
from marketbook.kit.store.triggers import Trigger, changed, fixed, follow, never_deleted, never_replaced, refuse

RESERVED = ("submitted", "manager_approved", "director_approved", "finance_reviewed", "open")
"""The statuses in which a claim's money is promised."""

LIVE = (*RESERVED, "paid")
"""The statuses in which a claim counts."""

CONTENT = ("kind", "vendor_id", "currency", "total", "issued_on", "red_of_id")


def _in(statuses: tuple[str, ...]) -> str:
    return f"({', '.join(repr(status) for status in statuses)})"


_SUM = "(SELECT coalesce(sum(l.amount), 0) FROM expense_line AS l JOIN record AS r ON r.id = l.claim_id"
_OWN = f"{_SUM} WHERE l.budget_line_id = {{row}}.id AND r.status IN {{statuses}})"
_CONSUMED = (
    f"{_SUM} JOIN expense_claim AS c ON c.id = l.claim_id JOIN record AS q ON q.id = c.request_id "
    f"WHERE l.budget_line_id = {{row}}.id AND r.status IN {_in(LIVE)} AND q.status = 'open')"
)


def committed(row: str) -> str:
    """Return SQL for what is promised of a line: a payment takes the place of its request's reservation."""
    own = _OWN.format(row=row, statuses=_in(RESERVED))
    return f"CAST({own} - {_CONSUMED.format(row=row)} AS BIGINT)"


def spent(row: str) -> str:
    """Return SQL for what is paid of a line."""
    return f"CAST({_OWN.format(row=row, statuses=_in(('paid',)))} AS BIGINT)"


def of_expense(connection: Connection) -> list[Trigger]:
    """Return the triggers of claims, their lines, invoices, and of the figures that follow from them."""
    return [
        *_of_figures(),
        *of_content(connection, "expense_claim", of_type="expense_claim", free=("paid_on",)),
        *of_content(connection, "expense_line", record_id="claim_id", free=("invoice_id",)),
        *_of_payment(),
        *_of_steps(),
        *_of_invoices(),
        *(one for table in ("expense_claim", "expense_line", "invoice") for one in audited(connection, table)),
    ]


def _of_figures() -> list[Trigger]:
    touched = "id IN (SELECT budget_line_id FROM expense_line WHERE claim_id = NEW.id)"
    unlike = f"committed <> {committed('budget_line')} OR spent <> {spent('budget_line')}"
    return [
        follow(
            "record", "claimed", "UPDATE",
            do=f"UPDATE budget_line SET committed = {committed('budget_line')}, spent = {spent('budget_line')} "
            f"WHERE NEW.type = 'expense_claim' AND NEW.status <> OLD.status AND {touched} AND ({unlike})",
        ),
        refuse(
            "budget_line", "claimed", "UPDATE",
            when=f"NEW.committed <> {committed('NEW')} OR NEW.spent <> {spent('NEW')}",
            saying="what is promised and spent follows from claims, nothing else",
        ),
    ]  # fmt: skip


def _of_payment() -> list[Trigger]:
    status = "(SELECT r.status FROM record AS r WHERE r.id = OLD.{0})"
    within = _overdrawn("i.id = NEW.invoice_id", f"r.status IN {_in(LIVE)}", "coalesce(NEW.foreign_amount, NEW.amount)")
    later = (
        "OLD.invoice_id IS NULL AND NEW.invoice_id IS NOT NULL AND EXISTS (SELECT 1 FROM expense_claim AS c "
        f"WHERE c.id = OLD.claim_id AND c.prepaid) AND {status.format('claim_id')} IN {_in(LIVE)} "
        f"AND NOT {within}"
    )
    open_ = (
        "EXISTS (SELECT 1 FROM record AS r JOIN state AS s ON s.type = r.type AND s.status = r.status "
        "WHERE r.id = OLD.claim_id AND s.editable)"
    )
    return [
        refuse(
            "expense_claim", "paid_once", "UPDATE",
            when=f"({changed('paid_on')}) AND (OLD.paid_on IS NOT NULL OR {status.format('id')} <> 'paid')",
            saying="the day is written when it is paid",
        ),
        refuse(
            "expense_line", "invoiced_later", "UPDATE",
            when=f"({changed('invoice_id')}) AND NOT ({open_}) AND NOT ({later})",
            saying="only a prepayment gets an invoice later, once, and within its total",
        ),
    ]  # fmt: skip


def _overdrawn(invoice: str, claims: str, more: str = "0") -> str:
    """Return SQL for: the lines of some claims that name an invoice, and more, are above what is left of it."""
    used = (
        "(SELECT coalesce(sum(coalesce(l.foreign_amount, l.amount)), 0) FROM expense_line AS l "
        f"JOIN record AS r ON r.id = l.claim_id WHERE l.invoice_id = i.id AND ({claims}))"
    )
    red = "(SELECT coalesce(sum(red.total), 0) FROM invoice AS red WHERE red.red_of_id = i.id)"
    return (
        f"EXISTS (SELECT 1 FROM invoice AS i WHERE {invoice} "
        f"AND (i.red_of_id IS NOT NULL OR {used} + {more} > i.total + {red}))"
    )


def _of_steps() -> list[Trigger]:
    """What a claim must be for a step, whoever writes the step."""
    claim = "EXISTS (SELECT 1 FROM expense_claim AS c WHERE c.id = NEW.record_id AND {0})"
    request, payment = claim.format("c.kind = 'request'"), claim.format("c.kind <> 'request'")
    invoiced = claim.format("c.kind <> 'request' AND NOT c.prepaid")
    mine = "expense_line AS mine WHERE mine.claim_id = NEW.record_id"
    total = f"(SELECT sum(mine.amount) FROM {mine})"
    entered = "NEW.to_status = 'submitted' AND " + claim.format("1 = 1")
    unlike = (
        f"coalesce({total}, 0) = 0 OR {total} <> (SELECT r.amount_minor FROM record AS r WHERE r.id = NEW.record_id)"
    )
    bare = f"EXISTS (SELECT 1 FROM {mine} AND mine.invoice_id IS NULL)"
    overdrawn = _overdrawn(
        f"i.id IN (SELECT mine.invoice_id FROM {mine})", f"r.id = NEW.record_id OR r.status IN {_in(LIVE)}"
    )
    out_of_force = (
        "EXISTS (SELECT 1 FROM expense_line AS mine JOIN budget_line AS b ON b.id = mine.budget_line_id "
        "JOIN record AS p ON p.id = b.plan_id WHERE mine.claim_id = NEW.record_id "
        "AND p.status NOT IN ('approved', 'active'))"
    )
    forked = (
        f"(NEW.to_status IN ('finance_reviewed', 'paid') AND {request}) OR "
        f"(NEW.to_status IN ('open', 'closed') AND {payment})"
    )
    reviewer = (
        "NEW.to_status = 'paid' AND EXISTS (SELECT 1 FROM status_change AS s WHERE s.record_id = NEW.record_id "
        "AND s.round = NEW.round AND s.to_status = 'finance_reviewed' AND s.actor_id = NEW.actor_id) AND "
        + claim.format("1 = 1")
    )
    rules = {
        "claim_adds_up": (f"{entered} AND ({unlike})", "a claim is what its lines add up to"),
        "claim_categorised": (
            f"{entered} AND {_in_another_category()}",
            "its threshold is the one of its budget lines",
        ),
        "claim_invoiced": (
            f"{entered} AND {invoiced} AND {bare}",
            "every line of a claim needs an invoice",
        ),
        "claim_covered": (f"{entered} AND {overdrawn}", "its invoices do not cover the claim"),
        "claim_budgeted": (f"{entered} AND {out_of_force}", "its plan is not in force"),
        "claim_requested": (f"{entered} AND {_beyond_request()}", "its request does not cover the claim"),
        "claim_forked": (forked, "a request is opened and closed, a payment reviewed and paid"),
        "claim_paid_by_another": (reviewer, "who reviewed the claim does not pay it"),
    }
    return [
        refuse("status_change", name, "INSERT", when=f"({when})", saying=say) for name, (when, say) in rules.items()
    ]


def _in_another_category() -> str:
    """Return SQL for: a claim is not in the category that its budget lines say, as `rules.category` does."""
    return (
        "NOT EXISTS (SELECT 1 FROM record AS r WHERE r.id = NEW.record_id AND r.category = "
        "(SELECT CASE WHEN min(b.category) = max(b.category) THEN min(b.category) || "
        "CASE WHEN min(b.original) = 0 THEN '.unplanned' ELSE '' END END FROM expense_line AS l "
        "JOIN budget_line AS b ON b.id = l.budget_line_id WHERE l.claim_id = r.id))"
    )


def _beyond_request() -> str:
    """Return SQL for: a payment names a request that is not open, or takes more of a line than is left of it."""
    asked = "(SELECT coalesce(sum(l.amount), 0) FROM expense_line AS l WHERE l.claim_id = c.request_id AND {0})"
    taken = (
        "(SELECT coalesce(sum(l.amount), 0) FROM expense_line AS l JOIN expense_claim AS p ON p.id = l.claim_id "
        "JOIN record AS r ON r.id = p.id WHERE p.request_id = c.request_id "
        f"AND (p.id = c.id OR r.status IN {_in(LIVE)}) AND {{0}})"
    )
    same = "l.budget_line_id = mine.budget_line_id"
    return (
        "EXISTS (SELECT 1 FROM expense_claim AS c JOIN record AS q ON q.id = c.request_id "
        "JOIN expense_line AS mine ON mine.claim_id = c.id WHERE c.id = NEW.record_id "
        f"AND (q.status <> 'open' OR {taken.format(same)} > {asked.format(same)}))"
    )


def _of_invoices() -> list[Trigger]:
    used = (
        "EXISTS (SELECT 1 FROM expense_line AS l JOIN record AS r ON r.id = l.claim_id "
        f"WHERE l.invoice_id = OLD.id AND r.status IN {_in(LIVE)})"
    )
    other = (
        "NEW.red_of_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM invoice AS blue WHERE blue.id = NEW.red_of_id "
        "AND blue.red_of_id IS NULL AND blue.vendor_id = NEW.vendor_id AND blue.currency = NEW.currency "
        "AND blue.total + NEW.total + (SELECT coalesce(sum(red.total), 0) FROM invoice AS red "
        "WHERE red.red_of_id = blue.id) >= 0)"
    )
    return [
        never_replaced("invoice", ("id",), ("numbered_by", "code", "number")),
        fixed("invoice", "id", "numbered_by", "code", "number", "entered_by_id", "entered_at"),
        refuse(
            "invoice", "used", "UPDATE", when=f"({changed(*CONTENT)}) AND {used}",
            saying="an invoice that a claim names is not edited",
        ),
        refuse("invoice", "red", "INSERT", when=other, saying="it takes back more than the invoice that it names"),
        *never_deleted("invoice"),
    ]  # fmt: skip
