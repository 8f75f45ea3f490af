"""What of the records the lab may read. A text that is not named here is not there, nor is a table that is not named.

Contact points, birthdays, needs, what was said in words, passwords, drafts, scorecards and the log's contents are in no
column; numbers, days and moments of the tables below are, and the texts that are codes.
"""

from collections.abc import Mapping

TEXTS: Mapping[str, tuple[str, ...]] = {
    "activity": ("kind", "channel", "method", "qty_unit"),
    "attachment": ("kind", "media_type", "sha256"),
    "budget_line": ("category", "month", "item"),
    "budget_transfer": (),
    "calendar": ("opens", "closes"),
    "calendar_year": (),
    "care_occasion": ("occasion", "purpose"),
    "competitor_entry": ("product", "own_product", "channel", "action", "currency", "unit", "price_kind", "source"),
    "complaint": ("source", "severity", "department", "cause"),
    "complaint_clock": (),
    "complaint_warning": ("goal", "level"),
    "consent": ("purpose", "method"),
    "contact_clock": (),
    "contact_point": ("kind",),
    "customer": ("grade",),
    "customer_merge": (),
    "decision": (),
    "expense_claim": ("kind",),
    "expense_line": ("currency",),
    "invoice": ("kind", "code", "number", "currency"),
    "measurement": ("basis", "period"),
    "metric": ("code", "name", "unit", "definition", "source"),
    "notebook_run": ("notebook", "variant", "language", "status"),
    "opportunity": ("source", "lost_reason"),
    "parameter": ("name", "value", "source"),
    "participation": ("role",),
    "party": ("kind", "status", "segment"),
    "plan": ("kind", "theme", "strategy", "feasibility", "scope", "unbudgeted"),
    "plan_basis": (),
    "plan_objective": ("text",),
    "recommendation": ("wave", "category", "because", "response"),
    "record": ("type", "number", "status", "category"),
    "report": ("kind", "period"),
    "role_grant": ("role",),
    "state": ("type", "status"),
    "status_change": ("from_status", "to_status", "role", "acted_as"),
    "transition": ("type", "from_status", "to_status", "role", "category"),
    "waiting": ("role",),
}
"""The tables, and their texts that are kept as they are."""

TITLED = ("plan", "report")
"""The types of records whose titles are kept, without what somebody can be reached by; others go by their number."""

NAMED = ("vendor", "partner", "competitor")
"""The kinds of parties that are companies and keep their names; people go by a number."""

TOLD: Mapping[tuple[str, str], str] = {
    ("complaint", "resolution"): "CASE WHEN t.resolution = '' THEN '' ELSE '-' END",
    ("customer", "needs"): "CASE WHEN t.needs = '' THEN '' ELSE '-' END",
    ("customer", "preferences"): "CASE WHEN t.preferences = '' THEN '' ELSE '-' END",
    ("party", "birthday"): "CASE WHEN t.birthday IS NULL THEN NULL ELSE '-' END",
    ("status_change", "reason"): "CASE WHEN t.reason = '' THEN '' ELSE '-' END",
    ("activity", "outcome"): "CASE WHEN t.outcome = '' THEN '' ELSE '-' END",
}
"""Texts of which the lab reads whether they are there."""
