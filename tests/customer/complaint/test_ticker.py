"""The ticker over a simulated fortnight with a Sunday of work and Mid-Autumn: nothing missed, doubled or at night."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from tests.customer.complaint.desk import Desk, answer, ask, entered, furnish, read, reopen, solve, take
from tests.engines import Tables

from marketbook.customer.complaint import ticker
from marketbook.customer.complaint.tables import ComplaintWarning
from marketbook.kit.records import Notification, calendar
from marketbook.kit.store import Store
from marketbook.kit.store import at as moment_is

SHANGHAI, MINUTE, LATER = ZoneInfo("Asia/Shanghai"), timedelta(minutes=1), timedelta(seconds=7)
ALLOWED = {"critical": (30, 240), "high": (120, 480), "normal": (240, 1_440), "low": (480, 2_880)}
SHARES = {"soon": 80, "late": 100, "very_late": 150}
DO = {"take": take, "answer": answer, "ask": ask, "solve": solve, "reopen": reopen}


def at(text: str) -> datetime:
    """A moment of September 2026 in Shanghai: `14 09:00`."""
    return datetime.strptime(f"2026-09-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI).astimezone(UTC)


FIRST, END = at("14 00:00"), at("28 00:00")
PLAYED = {
    "critical": ["14 09:10 take", "14 09:40 answer", "14 15:00 solve"],
    "critical, and late": ["14 11:50 take", "15 10:00 answer", "16 10:00 solve"],
    "critical at the end of a day": ["14 17:30 take", "16 09:00 answer"],
    "high": ["16 16:30 take", "17 09:00 answer", "17 10:00 ask", "19 12:00 take", "24 12:00 solve"],
    "high over a week-end": ["18 17:30 take", "18 17:40 ask", "21 09:00 take", "22 17:00 solve"],
    "normal on a Sunday of work": ["20 09:00 take", "20 10:00 answer", "24 16:00 ask"],
    "normal and opened again": ["15 09:00 take", "15 10:00 answer", "16 10:00 solve", "21 10:00 reopen"],
    "low and taken by nobody": ["14 09:00 enter"],
    "low over Mid-Autumn": ["23 11:00 take", "23 11:30 answer"],
    "high at night": ["22 23:59 enter", "24 00:00 take"],
}  # fmt: skip
"""What is done with each complaint, which comes in at its first moment; its first word is its severity."""


@dataclass
class Seen:
    """A complaint as somebody sees it who looks at the clock every minute.

    Attributes:
        number, severity: Of the complaint.
        ran: How many working minutes are over.
        answered, runs: How it stands.
        owed: When each warning came to be owed.
    """

    number: int
    severity: str
    ran: int = 0
    answered: bool = False
    runs: bool = True
    owed: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def turn(self, step: str) -> None:
        """Note what is done."""
        self.runs = step not in ("ask", "solve")
        self.answered = self.answered or step in ("answer", "ask", "solve")

    def count(self, minute: datetime) -> None:
        """Count a working minute that begins; who counts so needs no intervals."""
        for goal, allowed in zip(("respond", "resolve"), ALLOWED[self.severity], strict=True):
            for level, share in SHARES.items():
                if self.ran * 100 == allowed * share and not (goal == "respond" and self.answered):
                    self.owed.setdefault((goal, level), minute)
        self.ran += 1


Lived = tuple[Desk, dict[str, Seen]]


@pytest.fixture(scope="module")
def fortnight(tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    store = tables("sqlite", tmp_path_factory.mktemp("fortnight"), "fortnight")
    yield played(store)
    store.close()


def played(store: Store) -> Lived:
    """Live through two weeks: each minute what is to be done is done, and the ticker ticks, at night less often."""
    with moment_is(FIRST):
        desk = furnish(store)
    script = {
        (name, at(step[:8])): step[9:] for name, steps in PLAYED.items() for step in steps
    }  # fmt: skip
    by_minute = {
        minute: [(name, step) for (name, when), step in script.items() if when == minute] for _, minute in script
    }
    working, seen = working_minutes(store), dict[str, Seen]()
    for minute in minutes(FIRST, END):
        with moment_is(minute):
            for name, step in by_minute.get(minute, ()):
                perform(desk, seen, name, step)
        for one in seen.values() if minute in working else ():
            if one.runs:
                one.count(minute)
        if 8 <= minute.astimezone(SHANGHAI).hour < 19 or minute.minute % 10 == 0:
            with moment_is(minute + LATER):
                ticker.tick(store)
    return desk, seen


def minutes(first: datetime, end: datetime) -> Iterator[datetime]:
    while first < end:
        yield first
        first += MINUTE


def working_minutes(store: Store) -> set[datetime]:
    with store.reading() as session:
        clock = calendar.read(session)
        return {minute for minute in minutes(FIRST, END) if clock.is_open(minute)}


def perform(desk: Desk, seen: dict[str, Seen], name: str, step: str) -> None:
    if name not in seen:
        severity = name.partition(" ")[0].strip(",")
        seen[name] = Seen(entered(desk, severity=severity), severity)
    if step in DO:
        DO[step](desk, seen[name].number)
    seen[name].turn(step)


def given(store: Store) -> list[ComplaintWarning]:
    with store.reading() as session:
        return list(session.scalars(select(ComplaintWarning).order_by(ComplaintWarning.at)))


def test_no_warning_is_missed_and_none_is_given_twice(fortnight: Lived) -> None:
    desk, seen = fortnight
    owed = {(one.number, *what): when for one in seen.values() for what, when in one.owed.items()}
    found = [(one.complaint_id, one.goal, one.level) for one in given(desk.store)]
    assert len(found) == len(set(found))
    assert {(one.complaint_id, one.goal, one.level): one.due_at for one in given(desk.store)} == owed
    assert len(owed) > 30


def test_each_comes_within_a_minute_and_in_working_time(fortnight: Lived) -> None:
    desk, _seen = fortnight
    with desk.store.reading() as session:
        clock = calendar.read(session)
        for one in given(desk.store):
            assert timedelta() <= one.at - one.due_at <= MINUTE
            assert clock.is_open(one.at)
            assert 9 <= one.at.astimezone(SHANGHAI).hour < 18


def test_who_works_on_it_is_told_first_then_the_manager_and_the_director(fortnight: Lived) -> None:
    desk, seen = fortnight
    late = seen["critical, and late"].number
    with desk.store.reading() as session:
        rows = session.execute(
            select(Notification.kind, Notification.recipient_id).where(Notification.record_id == late)
        ).all()
    told = {(kind, recipient) for kind, recipient in rows}
    people = desk.people
    assert told == {
        (f"{goal}_{level}", people[who])
        for goal in ("respond", "resolve")
        for level, who in (("soon", "lin"), ("late", "manager"), ("very_late", "director"))
    }


def test_what_was_answered_in_time_is_not_warned_of(fortnight: Lived) -> None:
    desk, seen = fortnight
    assert {one.goal for one in given(desk.store) if one.complaint_id == seen["high"].number} <= {"resolve"}
    assert read(desk, seen["high"].number).responded_at == at("17 09:00")
