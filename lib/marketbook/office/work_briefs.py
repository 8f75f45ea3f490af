"""What a decision needs to know of an activity, a report, a recommendation, a transfer, a scorecard's template."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from marketbook.kit.language import format_date, format_integer, format_percent
from marketbook.kit.language import gettext as _
from marketbook.kit.records import Party, Record
from marketbook.office import activity, briefs, budget_line, report, scorecard
from marketbook.office.activity import Activity
from marketbook.office.briefs import Brief, Table
from marketbook.office.budget_line import BudgetLine, money
from marketbook.office.budget_transfer import BudgetTransfer
from marketbook.office.decision import Decision
from marketbook.office.metric import Metric
from marketbook.office.params import ActivityEntry
from marketbook.office.report import Report
from marketbook.office.scenario import Scenario
from marketbook.office.scorecard import ScorecardTemplate

Rows = Iterator[tuple[str, str]]


def of_activity(session: Session, record: Record) -> Brief:
    """Return what there is to know of an activity, in the current language."""
    if not isinstance(record, Activity):
        return Brief()
    return Brief(rows=[(label, text) for label, text in _activity(session, record) if text])


def of_report(session: Session, record: Record) -> Brief:
    """Return a report's four parts, in the current language."""
    if not isinstance(record, Report):
        return Brief()
    rows = [(_("Kind"), _(report.KINDS[record.kind])), (_("Period"), record.period)]
    rows += [(_("Plan"), called(session, record.plan_id))] if record.plan_id else []
    rows += [(_(title).capitalize(), getattr(record, part)) for part, title in report.PARTS.items()]
    return Brief(rows=rows)


def of_decision(session: Session, record: Record) -> Brief:
    """Return what is recommended, what it should bring and cost, and what it did, in the current language."""
    if not isinstance(record, Decision):
        return Brief()
    return Brief(rows=[(label, text) for label, text in _decision(session, record) if text])


def of_transfer(session: Session, record: Record) -> Brief:
    """Return both lines of a transfer with their money before and after, in the current language."""
    if not isinstance(record, BudgetTransfer):
        return Brief()
    amount = record.amount_minor or 0
    found = [
        (budget_line.named(session, number), change)
        for number, change in ((record.from_line_id, -amount), (record.to_line_id, amount))
        if number is not None
    ]
    heads = [_("Budget line"), _("Before"), _("Change"), _("After"), _("Available after")]
    applied = record.status == "approved"
    rows = [_moved(line, change, applied=applied) for line, change in found]
    short = [line.called for line, change in found if not applied and line.available + change < 0]
    return Brief(
        rows=[(_("What for"), record.purpose)],
        tables=[Table(_("Money before and after"), heads, rows, right=(1, 2, 3, 4))],
        warnings=[_("{line} has not so much left.").format(line=line) for line in short],
    )


def of_template(session: Session, record: Record) -> Brief:
    """Return the criteria of a scorecard's template, in the current language."""
    if not isinstance(record, ScorecardTemplate):
        return Brief()
    heads = [_("Dimension"), _("Criterion"), _("Standard"), _("Weight"), _("Metric")]
    rows = [
        [
            _(scorecard.DIMENSIONS[one.dimension]), one.name, one.standard,
            format_percent(one.weight_bp / 10_000, decimals=2), _metric(session, one.metric_id),
        ]
        for one in scorecard.criteria(session, template_id=record.id)
    ]  # fmt: skip
    return Brief(tables=[Table(_("Criteria"), heads, rows, right=(3,))])


def called(session: Session, number: int | None) -> str:
    """Return what people call a record; empty where there is none."""
    found = session.get(Record, number) if number is not None else None
    return f"{found.number} {found.title}" if found else ""


def days(first: date | None, last: date) -> str:
    """Write from when to when something goes."""
    end = format_date(last)
    return end if first is None or first == last else _("{first} to {last}").format(first=format_date(first), last=end)


def _activity(session: Session, one: Activity) -> Rows:
    yield _("Kind"), _(activity.KINDS[one.kind])
    yield _("Plan"), called(session, one.plan_id)
    yield _("About"), called(session, one.about_id)
    yield _("Channel"), one.channel
    yield _("Method"), one.method
    yield _("When"), days(one.starts_on, one.due_on)
    yield _("Planned quantity"), _counted(one.qty_planned, one.qty_unit)
    yield _("Quality standard"), one.quality_standard
    yield _("Done on"), format_date(one.done_on) if one.done_on else ""
    yield _("Quantity done"), _counted(one.qty_done, one.qty_unit)
    yield _("Quality (1 to 5)"), str(one.quality or "")
    yield _("Outcome"), one.outcome


def _counted(count: int | None, unit: str) -> str:
    return "" if count is None else f"{format_integer(count)} {unit}".strip()


def _decision(session: Session, one: Decision) -> Rows:
    yield _("Recommendation"), one.recommendation
    yield _("Comes from"), called(session, one.report_id) or _scenario(session, one.scenario_id)
    yield _("Expected effect"), _expected(one)
    yield _("Cost"), money(one.amount_minor or 0)
    yield _("Review on"), format_date(one.review_on)
    yield _("Starts the activity"), called(session, one.activity_id) or _task(session, one)
    yield _("Starts the transfer"), called(session, one.transfer_id) or _transfer(session, one)
    if one.measurement is not None:
        inside = _("inside the interval") if one.held else _("outside the interval")
        yield _("Measured effect"), f"{one.metric.shown(one.measurement.value)} ({inside})"


def _expected(one: Decision) -> str:
    show = one.metric.shown
    return _("{metric}: {value} ({low} to {high}, {level} of such intervals hold)").format(
        metric=one.metric.name, value=show(one.predicted), low=show(one.low), high=show(one.high),
        level=format_percent(one.level_bp / 10_000, decimals=0),
    )  # fmt: skip


def _task(session: Session, one: Decision) -> str:
    if not one.starts_activity:
        return ""
    entry = ActivityEntry.model_validate(one.starts_activity)
    owner = session.get_one(Party, entry.owner_id or one.owner_id).name
    return _("{title}, {owner}, by {day}").format(title=entry.title, owner=owner, day=format_date(entry.due_on))


def _transfer(session: Session, one: Decision) -> str:
    about = one.starts_transfer
    if not about:
        return ""
    lines = [
        budget_line.named(session, about[side]).called if about[side] is not None else _("none")
        for side in ("from_line", "to_line")
    ]
    return _("{amount} from {source} to {target}").format(
        amount=money(about["amount"]), source=lines[0], target=lines[1]
    )


def _scenario(session: Session, number: int | None) -> str:
    found = session.get(Scenario, number) if number is not None else None
    return found.name if found else ""


def _metric(session: Session, number: int | None) -> str:
    return "" if number is None else session.get_one(Metric, number).name


def _moved(line: BudgetLine, change: int, *, applied: bool) -> list[str]:
    before, left = (line.allocated - change, line.available) if applied else (line.allocated, line.available + change)
    sign = "+" if change > 0 else "−"
    return [line.called, money(before), sign + money(abs(change)), money(before + change), money(left)]


briefs.register("activity", of_activity)
briefs.register("report", of_report)
briefs.register("decision", of_decision)
briefs.register("budget_transfer", of_transfer)
briefs.register("scorecard_template", of_template)
