"""What the database refuses of plans."""

from sqlalchemy import Connection

from marketbook.kit.records.guards import of_content
from marketbook.kit.store.audit import audited
from marketbook.kit.store.triggers import Trigger, never_replaced, refuse


def of_plan(connection: Connection) -> list[Trigger]:
    """Return the triggers of the plans' own table."""
    return [*of_content(connection, "plan", of_type="plan"), *audited(connection, "plan")]


def of_plan_tree(connection: Connection) -> list[Trigger]:
    """Return the triggers of the tree of plans, their objectives, what they stand on, and their end."""
    rank = "CASE {0}.kind WHEN 'marketing' THEN 0 WHEN 'campaign' THEN 2 ELSE 1 END"
    misplaced = (
        "NEW.parent_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM plan AS above WHERE above.id = NEW.parent_id "
        f"AND above.fiscal_year = NEW.fiscal_year AND {rank.format('above')} < {rank.format('NEW')})"
    )
    unaccepted = (
        "NOT EXISTS (SELECT 1 FROM record WHERE record.id = NEW.report_id AND record.type = 'report' "
        "AND record.status = 'accepted')"
    )
    unreviewed = (
        "NEW.to_status = 'closed' AND EXISTS (SELECT 1 FROM plan WHERE plan.id = NEW.record_id) AND NOT EXISTS "
        "(SELECT 1 FROM report AS own JOIN record AS r ON r.id = own.id WHERE own.plan_id = NEW.record_id "
        "AND r.status = 'accepted' AND own.kind IN ('campaign_review', 'plan_review'))"
    )
    saying = "it is part of a plan of its year that stands above it"
    return [
        refuse("plan", "placed", "INSERT", when=misplaced, saying=saying),
        refuse("plan", "moved", "UPDATE", when=misplaced, saying=saying),
        *of_content(connection, "plan_objective", record_id="plan_id"),
        never_replaced("plan_objective", ("plan_id", "metric_id")),
        *audited(connection, "plan_objective", key=("plan_id", "metric_id")),
        *of_content(connection, "plan_basis", record_id="plan_id"),
        never_replaced("plan_basis", ("plan_id", "report_id")),
        refuse("plan_basis", "accepted", "INSERT", when=unaccepted, saying="a plan stands on accepted reports"),
        *audited(connection, "plan_basis", key=("plan_id", "report_id")),
        refuse("status_change", "plan_reviewed", "INSERT", when=unreviewed, saying="the plan's review is missing"),
    ]
