"""Playing the rest of the office: plans and their components, activities, figures, reports and decisions."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from marketbook.demo.year import days, planning, reporting
from marketbook.demo.year.deciding import Decision
from marketbook.demo.year.figures import METRICS, Figures
from marketbook.demo.year.play import Event, Stage, decide, step
from marketbook.demo.year.reporting import Report
from marketbook.demo.year.story import Cell, Turn
from marketbook.demo.year.work import Task
from marketbook.kit.records import person
from marketbook.kit.store import now
from marketbook.office import activity, budget_line, decision, measurement, metric, period, report
from marketbook.office.activity import Activity
from marketbook.office.params import MeasurementEntry, ResultEntry, TransferEntry
from marketbook.plan import service as plans
from marketbook.plan.tables import Plan

SUBMITTED, APPROVED = (12, 5), (12, 12)
"""Month and day of the year before."""


def metrics(stage: Stage) -> Event:
    """Return the definition of the metrics, before anything is planned."""
    return days.moment(date(2024, 11, 1), 60), lambda: _define(stage)


def plan(
    stage: Stage, year: int, original: Mapping[Cell, int], figures: Figures, tasks: Iterable[Task]
) -> Iterator[Event]:
    """Return how a year's plan comes about: entered with its components and activities, approved, in force."""
    entered = days.working(date(year - 1, 11, 18))
    yield days.moment(entered, 60), lambda: _enter(stage, year, original, figures, list(tasks))
    every = [planning.title(year), *(planning.part(year, row[0]) for row in planning.COMPONENTS)]
    for number, title in enumerate(every):
        for to, who, (month, day), of in (
            ("submitted", "manager", SUBMITTED, year - 1),
            ("approved", "director", APPROVED, year - 1),
            ("active", "manager", (1, 1), year),
        ):
            yield days.moment(days.working(date(of, month, day)), 90 + number), _stepping(stage, title, to, who)


def campaign(stage: Stage, year: int, figures: Figures) -> Iterator[Event]:
    """Return a campaign from its entry to its closing, once its review is accepted."""
    yield days.moment(date(year, 4, 21), 100), lambda: _campaign(stage, year, figures)
    for to, who, day in (
        ("submitted", "manager2", date(year, 4, 24)),
        ("approved", "director", date(year, 4, 28)),
        ("active", "manager2", date(year, 5, 26)),
        ("closed", "manager2", date(year, 7, 31)),
    ):
        yield days.moment(day, 240), _stepping(stage, planning.CAMPAIGN, to, who)
    yield days.moment(date(year, 6, 1), 300), _stepping(stage, planning.BROADCAST, "in_progress", "manager2")
    yield days.moment(date(year, 6, 18), 400), lambda: _broadcast_done(stage)


def figures(stage: Stage, found: Figures, *, year: int) -> Iterator[Event]:
    """Return targets recorded before the year, and each month's actual figures in the next one."""
    yield days.moment(days.working(date(year - 1, 12, 20)), 30), lambda: _record(stage, found.targets, "manager")
    for month in sorted({one.period for one in found.actuals}):
        entries = [one for one in found.actuals if one.period == month]
        after = days.working(period.days(month)[1], 5)
        yield days.moment(after, 45), lambda entries=entries: _record(stage, entries, "specialist2")  # type: ignore[misc]
    yield days.moment(days.working(date(year + 1, 1, 9)), 45), lambda: _reached(stage, year, found)


def task(stage: Stage, story: Task, year: int) -> Iterator[Event]:
    """Return how an activity goes on, once it is begun."""
    key = _key(story, year)
    if story.ends == "planned":
        return
    yield story.begun, lambda: step(stage, stage.records[key], "in_progress", stage.parties[story.owner])
    if story.ends == "done":
        yield story.ended, lambda: _finish(stage, key, story)
    elif story.ends != "in_progress":
        yield (
            story.ended,
            lambda: step(stage, stage.records[key], story.ends, stage.parties[story.owner], story.reason),
        )


def written(stage: Stage, story: Report) -> Iterator[Event]:
    """Return a report with the steps that are taken with it."""
    yield story.at, lambda: _write(stage, story)
    for turn in story.turns:
        yield turn.at, lambda turn=turn: _report_turn(stage, story, turn)  # type: ignore[misc]


def decided(stage: Stage, story: Decision, transfer: tuple[int, Cell, Cell] | None) -> Iterator[Event]:
    """Return a recommendation, its decision and its review."""
    title = story.entry.title
    yield story.at, lambda: _propose(stage, story, transfer)
    if story.decided is not None:
        to = "declined" if story.reason else "accepted"
        turn = Turn(to, story.decided, story.reason)
        yield turn.at, lambda: decide(stage, stage.records[title], turn)
    if story.reviewed is not None:
        yield story.reviewed, lambda: _review(stage, story)


def _define(stage: Stage) -> None:
    for entry in METRICS:
        metric.define(stage.session, entry, actor=stage.parties["manager"])
    stage.session.flush()


def _stepping(stage: Stage, title: str, to: str, who: str) -> Callable[[], None]:
    return lambda: step(stage, stage.records[title], to, stage.parties[who])


def _enter(stage: Stage, year: int, original: Mapping[Cell, int], found: Figures, tasks: list[Task]) -> None:
    basis, manager = stage.records[reporting.basis(year)].id, stage.parties["manager"]
    entry = planning.of_year(year, values=found.whole_year, report=basis)
    made = plans.enter(stage.session, entry, actor=manager)
    stage.records[entry.title], stage.plans[year] = made, made.id
    for row in planning.COMPONENTS:
        of_part = planning.component(year, row, values=found.whole_year, parent=made.id)
        stage.records[of_part.title] = plans.enter(stage.session, of_part, actor=stage.parties[row[2]])
    for one in tasks:
        _plan_task(stage, one, year, manager)
    _budget(stage, made, original, manager)


def _budget(stage: Stage, made: Plan, original: Mapping[Cell, int], manager: int) -> None:
    wanted = {budget_line.Key(category, month, item): amount for (category, item, month), amount in original.items()}
    budget_line.set_lines(stage.session, made, wanted, actor=manager, version=made.version)
    for line in budget_line.of_plan(stage.session, plan_id=made.id):
        stage.lines[line.category, line.item, line.month] = line.id


def _plan_task(stage: Stage, story: Task, year: int, manager: int) -> None:
    of_plan = stage.records[planning.part(year, story.component)].id
    entry = story.entry.model_copy(update={"plan_id": of_plan, "owner_id": stage.parties[story.owner]})
    stage.records[_key(story, year)] = activity.enter(stage.session, entry, actor=manager)


def _key(story: Task, year: int) -> str:
    return f"{year} {story.entry.title}"


def _campaign(stage: Stage, year: int, found: Figures) -> None:
    parent = stage.records[planning.part(year, "sales_promotion")].id
    target = float(round(found.monthly["sales.revenue"][f"{year}-06"] * 0.97))
    entry = planning.campaign(year, target=target, parent=parent)
    stage.records[entry.title] = made = plans.enter(stage.session, entry, actor=stage.parties["manager2"])
    stage.session.flush()
    about = planning.broadcast(year, made.id)
    stage.records[about.title] = activity.enter(stage.session, about, actor=stage.parties["manager2"])


def _broadcast_done(stage: Stage) -> None:
    made = stage.records[planning.BROADCAST]
    assert isinstance(made, Activity)
    result = ResultEntry(qty_done=6, quality=4, outcome="六场全部完成，场均观看两万三千。")
    activity.finish(stage.session, made, result, actor=made.owner_id, version=made.version)


def _record(stage: Stage, entries: Iterable[MeasurementEntry], who: str) -> None:
    for entry in entries:
        measurement.record(stage.session, entry, actor=stage.parties[who])
    stage.session.flush()


def _reached(stage: Stage, year: int, found: Figures) -> None:
    values = {code: found.whole_year[code] for code in ("sales.revenue", "sales.orders", "media.cost_share")}
    _record(stage, planning.reached(year, values, stage.plans[year]), "manager")


def _finish(stage: Stage, key: str, story: Task) -> None:
    made = stage.records[key]
    assert isinstance(made, Activity)
    assert story.result is not None
    activity.finish(stage.session, made, story.result, actor=made.owner_id, version=made.version)


def _write(stage: Stage, story: Report) -> None:
    of_plan = stage.records[story.plan].id if story.plan else None
    entry = story.entry.model_copy(update={"plan_id": of_plan})
    stage.records[entry.title] = report.enter(stage.session, entry, actor=stage.parties[story.owner])


def _report_turn(stage: Stage, story: Report, turn: Turn) -> None:
    made = stage.records[story.entry.title]
    if turn.to == "submitted":
        step(stage, made, turn.to, made.owner_id)
    else:
        decide(stage, made, turn)


def _propose(stage: Stage, story: Decision, transfer: tuple[int, Cell, Cell] | None) -> None:
    moved = None
    if transfer is not None:
        amount, giver, taker = transfer
        moved = TransferEntry(amount=amount, from_line=stage.lines[giver], to_line=stage.lines[taker])
    entry = story.entry.model_copy(update={"transfer": moved})
    stage.records[entry.title] = decision.propose(stage.session, entry, actor=stage.parties[story.who])


def _review(stage: Stage, story: Decision) -> None:
    made = stage.records[story.entry.title]
    assert isinstance(made, decision.Decision)
    assert story.measured is not None
    effect = MeasurementEntry(metric=story.entry.metric, basis="actual", period=f"{now():%Y-%m}", value=story.measured)
    superior = _superior(stage, made.owner_id)
    decision.review(stage.session, made, effect, actor=superior, version=made.version, reason=story.lesson)


def _superior(stage: Stage, party: int) -> int:
    return person.superiors(stage.session, party_id=party)[0].id
