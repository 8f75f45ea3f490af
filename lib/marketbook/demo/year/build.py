"""Making the year's records: drawn from the seed, played through the services, in one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketbook.demo import people
from marketbook.demo.draws import generators
from marketbook.demo.truth import Truth
from marketbook.demo.year import (
    budget,
    care,
    competitors,
    complaints,
    current,
    customers,
    days,
    deciding,
    figures,
    media,
    odd,
    office,
    others,
    pipeline,
    play,
    reporting,
    scenarios,
    work,
)
from marketbook.demo.year.competitors import Look
from marketbook.demo.year.complaints import Case
from marketbook.demo.year.deciding import Decision
from marketbook.demo.year.figures import Figures
from marketbook.demo.year.pipeline import Sale
from marketbook.demo.year.play import Event, Stage
from marketbook.demo.year.reporting import Report
from marketbook.demo.year.spend import monthly
from marketbook.demo.year.story import Cell, Claim, Move
from marketbook.demo.year.work import Task
from marketbook.expense import checks
from marketbook.kit.config import settings
from marketbook.kit.facts import Facts
from marketbook.kit.records import Notification, Party, Record, Waiting, account, person, roles, rules, types
from marketbook.kit.store import Store, acting, at

YEAR = 2025
"""The year whose records are whole: the last one of the company's data."""

EARLIEST = date(YEAR + 1, 2, 2)
"""Before it, what is going on now would be part of the year."""

ACTOR = "system:demo"
OPENS = date(YEAR - 1, 10, 8)
AWAY = (
    ("manager", "manager2", "manager", date(YEAR, 5, 12), date(YEAR, 5, 24)),
    ("director", "manager2", "director", date(YEAR, 8, 18), date(YEAR, 8, 30)),
)
"""Who was represented by whom, in which role, from and to; today another is."""


@dataclass(frozen=True)
class Year:
    """What is going to be played.

    Attributes:
        original: The budgets by year: the demo's, and the one that is in force now.
        claims, moves: What is spent, and moved between the budget's lines.
        figures: Metrics with their targets and actual figures.
        tasks: The activities by year.
        reports: In four parts.
        decisions: The ledger; one of them starts `started`.
        customers: Whose cards are kept.
        complaints: What customers complain of.
        looks: What was seen of competitors.
        sales: What may become orders.
        bought: What each of the shop's customers bought.
        plans: The planner's plans that were kept.
    """

    original: Mapping[int, Mapping[Cell, int]]
    claims: tuple[Claim, ...]
    moves: tuple[Move, ...]
    figures: Figures
    tasks: Mapping[int, Sequence[Task]]
    reports: Sequence[Report]
    decisions: Sequence[Decision]
    started: tuple[int, Cell, Cell]
    customers: Sequence[customers.Person]
    complaints: Sequence[Case]
    looks: Sequence[Look]
    sales: Sequence[Sale]
    bought: Mapping[str, set[str]]
    plans: Sequence[scenarios.Plan]


def make(store: Store, *, today: date) -> bool:
    """Make the records in one transaction, unless there are some by then.

    Args:
        store: Where the demo's people are.
        today: The day on which things are going on.

    Returns:
        Whether they were made; not where its people are not the demo's, or have not been there all the time.
    """
    types.load()
    facts = Facts(settings().facts)
    with store.writing(actor=ACTOR) as session:
        parties = _parties(session)
        if len(parties) < len(people.COLLEAGUES) or session.scalar(select(Record.id).limit(1)) is not None:
            return False
        year = draw(facts, Truth.read(facts), today=max(today, EARLIEST))
        _play(session, year, parties, max(today, EARLIEST))
    return True


def draw(facts: Facts, truth: Truth, *, today: date) -> Year:
    """Draw everything that is entered and decided.

    Args:
        facts: The company's data, which its records agree with.
        truth: The company's.
        today: The day on which things are going on.
    """
    rng, size = generators(truth.seed)["year"], truth.size
    spend, year = monthly(facts, year=YEAR), current.year_of(today)
    regular = [*media.claims(rng, spend), *others.claims(rng, size=size, year=YEAR), *odd.claims(rng, year=YEAR)]
    past = odd.told(rng, regular)
    made = budget.draw(rng, past, year=YEAR, size=size)
    now = current.claims(rng, today=today)
    following = current.original(made.original, more=now, year=year)
    reports = [
        *(reporting.research(rng, year=one) for one in (YEAR, year)),
        *reporting.of_year(rng, year=YEAR),
        reporting.going_on(rng, year=year, today=today),
    ]
    return Year(
        original={YEAR: made.original, year: following},
        claims=(*past, *now),
        moves=(*made.moves, *current.moves(rng, following, today=today)),
        figures=figures.draw(rng, facts, truth, year=YEAR),
        tasks={YEAR: work.draw(rng, year=YEAR), year: work.going_on(rng, year=year, today=today)},
        reports=reports,
        decisions=deciding.draw(rng, today=today),
        started=deciding.transfer(following, year=year),
        customers=customers.draw(facts, year=YEAR),
        complaints=complaints.draw(rng, year=YEAR, today=today),
        looks=competitors.draw(generators(truth.seed)["competitors"], year=YEAR, today=today),
        sales=pipeline.draw(rng, today=today),
        bought=care.baskets(facts, year=YEAR),
        plans=scenarios.draw(facts),
    )


def _parties(session: Session) -> dict[str, int]:
    """Return the demo's people who hold their roles since they were hired, by login name."""
    found = {one.role: account.find(session, login=one.role) for one in people.COLLEAGUES}
    return {
        role: one.party_id for role, one in found.items()
        if one and role in roles.held(session, party_id=one.party_id, on=people.HIRED)
    }  # fmt: skip


def _play(session: Session, year: Year, parties: dict[str, int], today: date) -> None:
    stage = Stage(session, parties, {}, checks.director_from(session), [])
    with at(days.moment(OPENS, 30)):
        people.hire(session, people.MORE, parties=parties)
        for name in sorted({claim.vendor for claim in year.claims}):
            parties[name] = person.add(session, kind="vendor", name=name).id
    stage.kept.extend(session.scalars(select(Party)))
    events = [*_office(stage, year), *_representing(stage, today), *_ruling(stage, today)]
    events += [event for claim in year.claims for event in play.claim(stage, claim)]
    events += [event for move in year.moves for event in play.transfer(stage, move)]
    events += customers.events(stage, year.customers, opens=OPENS, year=YEAR)
    events += complaints.events(stage, year.complaints)
    events += competitors.events(stage, year.looks, year=YEAR)
    events += pipeline.events(stage, year.sales, today=today)
    events += care.events(stage, year.bought, year=YEAR, today=today)
    events += scenarios.events(stage, year.plans, today=today)
    play.play(events)
    _told(session)


def _told(session: Session) -> None:
    """Nobody is to be sent what was long ago; what does not wait for its reader any more was seen."""
    waits = select(Waiting.record_id).where(
        Waiting.record_id == Notification.record_id, Waiting.party_id == Notification.recipient_id
    )
    sent = update(Notification).values(sent_at=Notification.made_at)
    seen = update(Notification).values(seen_at=Notification.made_at).where(~waits.exists())
    for statement in (sent, seen):
        session.execute(statement, execution_options={"synchronize_session": False})


def _office(stage: Stage, year: Year) -> Iterator[Event]:
    yield office.metrics(stage)
    for number, original in year.original.items():
        yield from office.plan(stage, number, original, year.figures, year.tasks[number])
        for task in year.tasks[number]:
            yield from office.task(stage, task, number)
    yield from office.campaign(stage, YEAR, year.figures)
    yield from office.figures(stage, year.figures, year=YEAR)
    for report in year.reports:
        yield from office.written(stage, report)
    for decision in year.decisions:
        started = year.started if decision.entry.title == deciding.STARTED else None
        yield from office.decided(stage, decision, started)


def _representing(stage: Stage, today: date) -> Iterator[Event]:
    now = ("manager", "manager2", "manager", days.before(today, 1), days.working(today, 10))
    for of, deputy, role, first, end in (*AWAY, now):
        yield (
            days.moment(days.before(first, 1), 540),
            lambda about=(of, deputy, role, first, end): _represent(stage, *about),  # type: ignore[misc]
        )


def _represent(stage: Stage, of: str, deputy: str, role: str, first: date, end: date) -> None:
    party, represented = stage.parties[deputy], stage.parties[of]
    with acting(stage.session, stage.parties["admin"]):
        roles.grant(stage.session, party_id=party, role=role, valid_from=first, valid_to=end, on_behalf_of=represented)
    stage.away.append((represented, party, first, end))


def _ruling(stage: Stage, today: date) -> Iterator[Event]:
    """The administrator proposes a rule, which the director approves; another one is waiting."""
    yield (
        days.moment(date(YEAR, 2, 18), 120),
        lambda: _propose(stage, 1_200, date(YEAR, 4, 1), "旺季前后月份间调剂较多，放宽到百分之十二"),
    )
    yield (
        days.moment(date(YEAR, 2, 20), 75),
        lambda: play.step(
            stage, stage.records["旺季前后月份间调剂较多，放宽到百分之十二"], "approved", stage.parties["director"]
        ),
    )
    first = date(today.year + 1, 1, 1)
    yield (
        days.moment(days.before(today, 2), 200),
        lambda: _propose(stage, 1_000, first, "预算执行已平稳，恢复为百分之十"),
    )


def _propose(stage: Stage, value: int, valid_from: date, source: str) -> None:
    stage.records[source] = rules.propose_parameter(
        stage.session, name="budget.manager_moves_bp", value=value, valid_from=valid_from, source=source,
        actor=stage.parties["admin"],
    )  # fmt: skip
