"""The home of service: its own complaints and nobody's, what is due first in front; its manager sees everybody's."""

import pytest
from tests.customer.complaint.desk import Desk, entered, read, solve, take
from tests.customer.complaint.test_service import at

from marketbook.customer.complaint import today
from marketbook.kit.store import at as moment_is
from marketbook.office.agenda import SHOWN, Piece


@pytest.fixture(scope="module")
def numbers(desk: Desk) -> list[int]:
    """Six complaints from ten o'clock on: the first is Lin's, the second Chen's, the last is solved."""
    with moment_is(at("03-02 10:00")):
        made = [entered(desk, severity=one) for one in ("normal", "critical", "high", "high", "low", "low", "low")]
        take(desk, made[0], "lin")
        take(desk, made[1], "chen")
        take(desk, made[-1], "lin")
        solve(desk, made[-1], "lin")
    return made


def told(desk: Desk, who: str) -> Piece:
    with moment_is(at("03-02 11:00")), desk.store.reading() as session:
        piece = today.everybodys(session, 0) if who == "manager" else today.own(session, desk.people[who])
    assert piece is not None
    return piece


def test_what_is_due_first_stands_first(desk: Desk, numbers: list[int]) -> None:
    normal, critical, high, other, low, *_ = numbers
    assert [line.record_id for line in told(desk, "chen").lines] == [critical, high, other, low, numbers[5]]
    assert [line.record_id for line in told(desk, "lin").lines] == [high, other, normal, low, numbers[5]]


def test_it_says_how_much_time_is_left_and_what_is_late(desk: Desk, numbers: list[int]) -> None:
    first, second, *_ = told(desk, "chen").lines
    assert (first.when, first.late) == ("answer: 30 min late", True)
    assert (second.when, second.late) == ("answer: 1 h", False)
    assert first.about == f"{read(desk, numbers[1]).number} · Critical · 王芳"
    assert told(desk, "chen").figures == [("late", "1")]
    assert told(desk, "lin").figures == []


def test_a_manager_sees_everybodys(desk: Desk, numbers: list[int]) -> None:
    piece = told(desk, "manager")
    assert piece.count == len(numbers) - 1
    assert len(piece.lines) == SHOWN
    assert told(desk, "lin").count == piece.count - 1
