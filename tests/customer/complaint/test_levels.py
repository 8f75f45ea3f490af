"""Service levels hold to counts by hand: in time by the working clock, pauses counted, as it stood on the day."""

from datetime import date

import pandas as pd
import pytest
from tests.customer.complaint.desk import Desk, answer, ask, close, entered, read, reopen, solve, take
from tests.customer.complaint.opened import opened
from tests.customer.complaint.test_service import at

from marketbook.customer.complaint import cases, levels, standing, ticker
from marketbook.customer.complaint.cases import ComplaintCases
from marketbook.customer.complaint.params import ResolutionEntry
from marketbook.kit.errors import DataError
from marketbook.kit.store import at as moment_is

SOLVED = ResolutionEntry(resolution="已退款", cause="price.refund")


@pytest.fixture(scope="module")
def numbers(desk: Desk) -> dict[str, str]:
    """Five complaints of Monday, 2 March 2026: in time, late, late but for a pause, open in time, and open late."""
    with moment_is(at("03-02 09:00")):
        made = {
            name: entered(desk, severity=severity, department=department)
            for name, severity, department in (
                ("good", "normal", "service"), ("late", "high", "finance"), ("paused", "high", "finance"),
                ("open", "low", "product"), ("forgotten", "critical", "product"),
            )
        }  # fmt: skip
    with moment_is(at("03-02 09:40")):
        for name in ("good", "late", "paused"):
            take(desk, made[name])
            answer(desk, made[name])
        ask(desk, made["paused"])
        solve(desk, made["good"], entry=SOLVED)
    with moment_is(at("03-03 16:00")):
        take(desk, made["paused"])
        solve(desk, made["paused"], entry=SOLVED)
        solve(desk, made["late"], entry=SOLVED)
        close(desk, made["good"])
    with moment_is(at("03-04 10:00")):
        reopen(desk, made["good"])
    return {name: read(desk, number).number for name, number in made.items()}


def found(desk: Desk, moment: str, as_of: date | None = None) -> ComplaintCases:
    with moment_is(at(moment)):
        return cases.read_cases(desk.store, as_of=as_of)


def of(frame: pd.DataFrame, numbers: dict[str, str], column: str) -> dict[str, object]:
    names = {number: name for name, number in numbers.items()}
    return {names[row["complaint"]]: row[column] for row in frame.to_dict("records")}


def test_each_is_in_time_or_not(desk: Desk, numbers: dict[str, str]) -> None:
    read_ones = found(desk, "03-03 17:00")
    assert of(read_ones.cases, numbers, "answered") == {
        "good": True, "late": True, "paused": True, "open": False, "forgotten": False,
    }  # fmt: skip
    assert of(read_ones.cases, numbers, "solved") == {
        "good": True, "late": False, "paused": True, "open": None, "forgotten": False,
    }  # fmt: skip


def test_it_is_told_as_it_stood_on_the_day(desk: Desk, numbers: dict[str, str]) -> None:
    then = found(desk, "03-05 09:00", as_of=date(2026, 3, 2))
    assert of(then.cases, numbers, "solved")["forgotten"] is False
    assert of(then.cases, numbers, "solved")["late"] is None
    assert of(then.cases, numbers, "status")["paused"] == "waiting_customer"
    assert set(of(then.open, numbers, "left")) == {"late", "paused", "open", "forgotten"}
    now = found(desk, "03-05 09:00")
    assert of(now.cases, numbers, "count_reopened")["good"] == 1
    assert of(now.cases, numbers, "status")["good"] == "in_progress"


def test_open_ones_stand_by_the_working_time_that_is_left(desk: Desk, numbers: dict[str, str]) -> None:
    result = standing.standing(found(desk, "03-02 11:00"))
    left = of(result.cases.open, numbers, "left")
    assert list(left) == ["forgotten", "late", "open", "paused"]
    assert (left["forgotten"], left["open"], left["late"]) == (-90.0, 360.0, 360.0)
    assert pd.isna(left["paused"])
    assert result.numbers() == {"count_open": 4, "count_late": 1, "count_waiting": 1}
    assert list(result.table["time_left"]) == ["1 h 30 min late", "6 h", "6 h", "waiting for the customer"]


@pytest.mark.usefixtures("numbers")
def test_shares_carry_their_intervals(desk: Desk) -> None:
    result = levels.levels(found(desk, "03-03 17:00"))
    all_ = result.rows.iloc[-1]
    assert (all_["n_answer"], all_["count_answered"], all_["n_solve"], all_["count_solved"]) == (5, 3, 4, 2)
    assert result.numbers()["solve_share_ci"] == (pytest.approx(0.1500, abs=1e-4), pytest.approx(0.8500, abs=1e-4))
    assert "3 of 5 (60.0%) were answered in time and 2 of 4 (50.0%) solved in time" in result.text


@pytest.mark.usefixtures("numbers")
def test_the_worst_department_is_named(desk: Desk) -> None:
    result = levels.levels(found(desk, "03-03 17:00"), by="department")
    assert result.text == "Product solved the fewest in time: 0.0% of 1."
    assert list(result.table["department"]) == ["Customer service", "Product", "Finance", "All together"]
    assert len(result.behind().table) == len(result.table)


@pytest.mark.usefixtures("numbers")
def test_weeks_stand_for_themselves(desk: Desk) -> None:
    result = levels.levels(found(desk, "03-03 17:00"), by="week")
    assert list(result.table["week"]) == [pd.Timestamp("2026-03-02")]


@pytest.mark.usefixtures("numbers")
def test_before_anything_came_there_is_nothing_to_tell(desk: Desk) -> None:
    early = found(desk, "02-25 10:00")
    assert "No complaint came in" in levels.levels(early).text
    assert levels.levels(early, by="week").text == levels.levels(early).text
    assert levels.levels(early).chart() is None
    assert "No complaint is open" in standing.standing(early).text
    assert standing.standing(early).chart() is None


@pytest.mark.usefixtures("numbers")
def test_warnings_are_counted_by_goal_and_level(desk: Desk) -> None:
    with moment_is(at("03-02 11:10")):
        ticker.tick(desk.store)
    result = standing.warnings(found(desk, "03-02 12:00"))
    rows = result.rows.set_index(["goal", "level"])["count_warnings"]
    assert rows["respond", "late"] == 1
    assert result.numbers()["count_over"] == 1


def test_a_day_to_come_is_refused(desk: Desk) -> None:
    with pytest.raises(DataError, match=r"as_of: 10 Mar 2026 is still to come\."):
        found(desk, "03-02 12:00", as_of=date(2026, 3, 10))


@pytest.mark.usefixtures("numbers")
def test_each_count_opens_its_rows(desk: Desk) -> None:
    read_ones = found(desk, "03-05 09:00")
    for by in ("severity", "department", "week"):
        result = levels.levels(read_ones, by=by)
        assert [opened(desk.store, rows) for rows in result.behind().table] == result.table["count_received"].tolist()
    given = standing.warnings(read_ones)
    assert [opened(desk.store, rows) for rows in given.behind().table] == given.rows["count_warnings"].tolist()
    assert [opened(desk.store, rows) for rows in standing.standing(read_ones).behind().table] == [1, 1, 1]
