"""What the database refuses of activities, measurements, reports, decisions, scenarios and scorecard templates."""

from sqlalchemy import Connection

from marketbook.kit.records.guards import of_content
from marketbook.kit.store.audit import audited
from marketbook.kit.store.triggers import Trigger, append_only, changed, fixed, never_deleted, never_replaced, refuse

PROMISED = ("plan_id", "starts_on", "due_on", "qty_planned", "qty_unit", "quality_standard")
RESULTS = ("done_on", "qty_done", "quality", "outcome")
MOTION = ("activity_id", "transfer_id")

_STATE = "EXISTS (SELECT 1 FROM record AS r JOIN state AS s ON s.type = r.type AND s.status = r.status WHERE {0})"
_STATUS = "(SELECT r.status FROM record AS r WHERE r.id = OLD.id)"
_KEYS = {
    "metric": ("id",), "measurement": ("id",), "activity": ("id",), "participation": ("activity_id", "party_id"),
    "report": ("id",), "scenario": ("id",), "decision": ("id",), "scorecard_template": ("id",), "criterion": ("id",),
}  # fmt: skip
WORDS: dict[str, tuple[str, ...]] = {"activity": ("outcome",), "participation": ("result",)}
"""What people said, of which the log holds the hash: somebody may have named a number."""


def of_work(connection: Connection) -> list[Trigger]:
    """Return the triggers of what several chapters share beside money."""
    return [
        *_of_metrics(),
        *_of_measurements(),
        *_of_activities(connection),
        *_of_reports(connection),
        *_of_decisions(connection),
        *_of_templates(connection),
        *(one for table, key in _KEYS.items() for one in log_of(connection, table)),
    ]


def log_of(connection: Connection, table: str) -> list[Trigger]:
    """Return the triggers that log the changes of one of these tables."""
    return audited(connection, table, key=_KEYS[table], digested=WORDS.get(table, ()))


def unlike_type(column: str, of_type: str) -> str:
    """Return SQL for: a column names a record of another type."""
    return (
        f"NEW.{column} IS NOT NULL AND NOT EXISTS "
        f"(SELECT 1 FROM record WHERE record.id = NEW.{column} AND record.type = '{of_type}')"
    )


def step(table: str, to: str, when: str, *, alias: str = "own") -> str:
    """Return SQL for: a step to a status of a record of this table's type, of which something is true."""
    return (
        f"NEW.to_status = '{to}' AND EXISTS (SELECT 1 FROM {table} AS {alias} WHERE {alias}.id = NEW.record_id "
        f"AND ({when}))"
    )


def _of_metrics() -> list[Trigger]:
    measured = "EXISTS (SELECT 1 FROM measurement AS m WHERE m.metric_id = OLD.id)"
    return [
        never_replaced("metric", ("id",), ("code",)),
        fixed("metric", "id", "code"),
        refuse(
            "metric", "measured", "UPDATE", when=f"({changed('unit', 'direction', 'definition')}) AND {measured}",
            saying="what was measured stays as it was defined",
        ),
        *never_deleted("metric"),
    ]  # fmt: skip


def _of_measurements() -> list[Trigger]:
    same = (
        "m.metric_id = NEW.metric_id AND coalesce(m.subject_id, 0) = coalesce(NEW.subject_id, 0) "
        "AND m.basis = NEW.basis AND m.period = NEW.period"
    )
    later = "EXISTS (SELECT 1 FROM measurement AS n WHERE n.supersedes_id = m.id)"
    double = (
        f"EXISTS (SELECT 1 FROM measurement AS m WHERE {same} AND NOT {later} "
        "AND m.id <> coalesce(NEW.supersedes_id, 0))"
    )
    other = (
        "NEW.supersedes_id IS NOT NULL AND NOT EXISTS "
        f"(SELECT 1 FROM measurement AS m WHERE m.id = NEW.supersedes_id AND {same} AND NOT {later})"
    )
    handed_in = (
        "NEW.basis = 'target' AND " + _STATE.format("r.id = NEW.subject_id AND r.type = 'plan' AND NOT s.editable")
    )  # fmt: skip
    no_run = "NEW.run_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM notebook_run WHERE notebook_run.id = NEW.run_id)"
    return [
        never_replaced("measurement", ("id",)),
        refuse("measurement", "single", "INSERT", when=double, saying="there is such a figure; supersede it"),
        refuse("measurement", "supersedes", "INSERT", when=other, saying="it supersedes another figure than its own"),
        refuse("measurement", "promised", "INSERT", when=handed_in, saying="its plan was handed in"),
        refuse("measurement", "of_run", "INSERT", when=no_run, saying="there is no such run"),
        *append_only("measurement"),
    ]  # fmt: skip


def _of_activities(connection: Connection) -> list[Trigger]:
    bound = "OLD.plan_id IS NOT NULL AND " + _STATE.format("r.id = OLD.plan_id AND NOT s.editable")
    final = _STATE.format("r.id = OLD.id AND s.final")
    not_under_way = f"{_STATUS} NOT IN ('in_progress', 'blocked')"
    unfinished = (
        "own.outcome = '' OR own.done_on IS NULL OR (own.qty_planned IS NOT NULL AND own.qty_done IS NULL) "
        "OR (own.quality_standard <> '' AND own.quality IS NULL)"
    )
    no_plan = unlike_type("plan_id", "plan")
    return [
        *of_content(connection, "activity", of_type="activity", free=RESULTS),
        refuse("activity", "of_plan", "INSERT", when=no_plan, saying="there is no such plan"),
        refuse("activity", "to_plan", "UPDATE", when=no_plan, saying="there is no such plan"),
        refuse(
            "activity", "promised", "UPDATE", when=f"({changed(*PROMISED)}) AND {bound}",
            saying="a plan that was handed in holds to it",
        ),
        refuse(
            "activity", "noted", "UPDATE", when=f"({changed(*RESULTS)}) AND ({final} OR {not_under_way})",
            saying="results are noted while it is under way",
        ),
        refuse(
            "status_change", "activity_done", "INSERT", when=step("activity", "done", unfinished),
            saying="what came of the activity is missing",
        ),
        never_replaced("participation", ("activity_id", "party_id")),
        fixed("participation", "activity_id", "party_id"),
        *never_deleted("participation"),
    ]  # fmt: skip


def _of_reports(connection: Connection) -> list[Trigger]:
    parts = ("overview", "findings", "conclusions", "recommendations")
    empty = " OR ".join(f"trim(own.{part}) = ''" for part in parts)
    no_plan = unlike_type("plan_id", "plan")
    return [
        *of_content(connection, "report", of_type="report"),
        refuse("report", "of_plan", "INSERT", when=no_plan, saying="there is no such plan"),
        refuse("report", "to_plan", "UPDATE", when=no_plan, saying="there is no such plan"),
        refuse(
            "status_change", "report_whole", "INSERT", when=step("report", "submitted", empty),
            saying="a report has four parts",
        ),
        never_replaced("scenario", ("id",)),
        *append_only("scenario"),
    ]  # fmt: skip


def _of_decisions(connection: Connection) -> list[Trigger]:
    moved = " OR ".join(f"(({changed(name)}) AND OLD.{name} IS NOT NULL)" for name in (*MOTION, "measurement_id"))
    written = changed(*MOTION, "measurement_id")
    fits = (
        "NEW.measurement_id IS NULL OR EXISTS (SELECT 1 FROM measurement AS m WHERE m.id = NEW.measurement_id "
        "AND m.metric_id = NEW.metric_id AND m.basis = 'actual')"
    )
    proposed = "NEW.activity_id IS NOT NULL OR NEW.transfer_id IS NOT NULL OR NEW.measurement_id IS NOT NULL"
    return [
        *of_content(connection, "decision", of_type="decision", free=(*MOTION, "measurement_id")),
        refuse("decision", "open", "INSERT", when=proposed, saying="what it set in motion is written when it is"),
        refuse(
            "decision", "in_motion", "UPDATE", when=f"({written}) AND ({moved} OR {_STATUS} <> 'accepted')",
            saying="what was set in motion, and its effect, are written once",
        ),
        refuse("decision", "measured", "UPDATE", when=f"NOT ({fits})", saying="its effect is of its own metric"),
        refuse(
            "status_change", "decision_measured", "INSERT",
            when=step("decision", "reviewed", "own.measurement_id IS NULL"), saying="the decision's effect is missing",
        ),
    ]  # fmt: skip


def _of_templates(connection: Connection) -> list[Trigger]:
    mine = "FROM criterion AS c WHERE c.template_id = own.id"
    weights = f"coalesce((SELECT sum(c.weight_bp) {mine}), 0) <> 10000"
    dimensions = (
        f"own.kind = 'employee' AND ((SELECT count(DISTINCT c.dimension) {mine}) <> 3 OR EXISTS (SELECT 1 {mine} "
        "AND c.dimension NOT IN ('performance', 'ability', 'attitude')))"
    )
    unfit = step("scorecard_template", "in_force", f"{weights} OR ({dimensions})")
    return [
        *of_content(connection, "scorecard_template", of_type="scorecard_template"),
        *of_content(connection, "criterion", record_id="template_id"),
        never_replaced("criterion", ("id",)),
        refuse(
            "status_change", "template_whole", "INSERT", when=unfit,
            saying="weights add up to exactly 10000, and employees are judged in three dimensions",
        ),
    ]  # fmt: skip
