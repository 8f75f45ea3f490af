"""Causes hold to counts by hand; what an action did is found again where it did something, and not where it did not."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from tests.customer.complaint.desk import Desk, act, entered, solve, take
from tests.customer.complaint.opened import opened
from tests.customer.complaint.test_service import at

from marketbook.customer.complaint import causes, effects, feedback, pareto, thresholds
from marketbook.customer.complaint.causes import ComplaintCauses
from marketbook.customer.complaint.params import ResolutionEntry
from marketbook.kit.errors import DataError
from marketbook.kit.store import at as moment_is
from marketbook.office import activity
from marketbook.office.activity import Activity
from marketbook.office.params import ResultEntry

CAUSES = ("delivery.late",) * 5 + ("product.defect",) * 2 + ("price.refund",)
ACTION = {
    "activity": "AC-1", "kind": "corrective_action", "title": "加班车", "owner": "lin", "cause": "delivery.late",
    "department": "logistics", "complaint": "CO-1",
}  # fmt: skip


@pytest.fixture(scope="module")
def acted(desk: Desk) -> dict[str, int]:
    """Eight explained complaints of March 2026 and one that is not; of the first, two actions, one of them done."""
    numbers = []
    for place, cause in enumerate((*CAUSES, None)):
        with moment_is(at(f"03-{2 + place:02} 09:00")):
            numbers.append(number := entered(desk, severity="high" if place == 5 else "normal", department="logistics"))
            if cause is not None:
                take(desk, number)
                solve(desk, number, entry=ResolutionEntry.model_validate({"resolution": "已处理", "cause": cause}))
    with moment_is(at("03-06 09:00")):
        made = {"done": act(desk, numbers[4]), "late": act(desk, numbers[0], kind="product_change")}
        made["overdue"] = act(desk, numbers[5])
    with moment_is(at("03-10 10:00")), desk.store.writing() as session:
        one = session.get_one(Activity, made["done"])
        for to in ("in_progress", "done"):
            entry = ResultEntry(outcome="已改")
            (activity.finish if to == "done" else _begin)(
                session, one, entry, actor=desk.people["lin"], version=one.version
            )
    return made


def _begin(session: object, one: Activity, _entry: ResultEntry, *, actor: int, version: int) -> None:
    activity.advance(session, one, "in_progress", actor=actor, version=version)  # type: ignore[arg-type]


def found(desk: Desk, moment: str = "04-02 09:00", month: str | None = "2026-03") -> ComplaintCauses:
    with moment_is(at(moment)):
        return causes.read_causes(desk.store, month=month)


@pytest.mark.usefixtures("acted")
def test_the_most_frequent_cause_stands_first(desk: Desk) -> None:
    result = pareto.pareto(found(desk))
    assert list(result.rows["cause"]) == ["delivery.late", "product.defect", "price.refund", ""]
    assert list(result.rows["count_complaints"]) == [5, 2, 1, 1]
    assert list(result.rows["cumulative_share"].dropna()) == [0.625, 0.875, 1.0]
    assert list(result.rows["count_severe"]) == [0, 1, 0, 0]
    assert result.numbers()["count_vital"] == 2
    assert result.numbers()["share_first_ci"] == (pytest.approx(0.3057, abs=1e-4), pytest.approx(0.8632, abs=1e-4))
    assert "“Delivery: late” was the most frequent cause: 5 of 8 explained complaints (62.5%" in result.text


@pytest.mark.usefixtures("acted")
def test_what_came_up_too_often_asks_for_an_action(desk: Desk) -> None:
    result = thresholds.thresholds(found(desk))
    assert list(result.table["verdict"]) == ["was acted on"]
    assert result.numbers() == {"count_over": 1, "count_unacted": 0}
    early = thresholds.thresholds(found(desk, "03-05 18:00"))
    assert list(early.table["verdict"]) == ["close to it"]


@pytest.mark.usefixtures("acted")
def test_what_is_due_and_not_done_is_overdue(desk: Desk) -> None:
    result = effects.overdue(found(desk))
    assert list(result.rows["count_days_late"]) == [25]
    assert "“加强出库检查”, 25 days" in result.text
    assert effects.overdue(found(desk, "03-06 18:00")).rows.empty


@pytest.mark.usefixtures("acted")
def test_feedback_is_passed_on_in_time_or_late(desk: Desk) -> None:
    result = feedback.feedback(found(desk))
    assert list(result.rows["count_passed"]) == [3, 3]
    assert list(result.rows["count_in_time"]) == [2, 2]
    assert list(result.rows["count_answered"]) == [1, 1]


@pytest.mark.usefixtures("acted")
def test_the_last_month_that_is_over_is_read(desk: Desk) -> None:
    assert found(desk, "05-20 09:00", month=None).month == "2026-03"
    with pytest.raises(DataError, match="no complaint yet that came in a month that is over"):
        found(desk, "03-20 09:00", month=None)
    with pytest.raises(DataError, match=r"month: 2026-05 is still to come\."):
        found(desk, month="2026-05")


def months(before: list[int], after: list[int], *, done: str | None = "2026-06-30") -> ComplaintCauses:
    """Complaints of one cause on days before and after the end of June, and an action done then."""
    end = pd.Timestamp("2026-06-30")
    days = [end - pd.Timedelta(days=one) for one in before] + [end + pd.Timedelta(days=one) for one in after]
    complaints = pd.DataFrame(
        {"complaint": [f"CO-{n}" for n in range(len(days))], "cause": "delivery.late", "severity": "normal",
         "customer_id": 1, "day": days}
    )  # fmt: skip
    dated = {"received": end, "entered": end, "due_on": end, "done_on": pd.Timestamp(done), "passed": end}
    return ComplaintCauses("2026-09", date(2026, 9, 28), complaints, pd.DataFrame([{**ACTION, **dated}]), 30, 5, 3)


def test_what_an_action_did_is_counted_before_and_after() -> None:
    row = effects.effects(months([0, 10, 20, 30, 40, 50, 60, 89], [1])).rows.iloc[0]
    assert (row["count_before"], row["count_after"]) == (8, 1)
    assert row["ratio"] == pytest.approx(1 / 8)
    assert (row["verdict"], row["ratio_high"] < 1) == ("fewer", True)


def test_what_came_earlier_or_later_does_not_count() -> None:
    row = effects.effects(months([90, 120, 5], [91, 100, 4])).rows.iloc[0]
    assert (row["count_before"], row["count_after"], row["verdict"]) == (1, 1, "unclear")


def test_what_was_done_lately_is_not_judged() -> None:
    assert effects.effects(months([1, 2], [], done="2026-09-20")).rows.iloc[0]["verdict"] == "early"
    assert effects.effects(months([1, 2], [], done=None)).rows.iloc[0]["verdict"] == "open"


def test_of_useless_actions_few_seem_to_help() -> None:
    """Where nothing changes, an interval of 95 % calls fewer in at most one of forty."""
    random, verdicts = np.random.default_rng(7), []
    for _each in range(80):
        before, after = (list(random.integers(1, 90, random.poisson(9))) for _side in range(2))
        verdicts.append(effects.effects(months(before or [1], after)).rows.iloc[0]["verdict"])
    assert verdicts.count("fewer") <= 4


def test_a_halved_rate_is_found_where_there_are_enough() -> None:
    random = np.random.default_rng(8)
    rows = [
        effects.effects(
            months(list(random.integers(1, 90, random.poisson(60))), list(random.integers(1, 90, random.poisson(30))))
        ).rows.iloc[0]
        for _each in range(30)
    ]
    assert sum(row["ratio_low"] <= 0.5 <= row["ratio_high"] for row in rows) >= 26
    assert sum(row["verdict"] == "fewer" for row in rows) >= 22


@pytest.mark.usefixtures("acted")
def test_each_count_opens_its_rows(desk: Desk) -> None:
    read_ones = found(desk)
    for result, column in (
        (pareto.pareto(read_ones), "count_complaints"), (thresholds.thresholds(read_ones), "count_lately"),
        (feedback.feedback(read_ones), "count_passed"),
    ):  # fmt: skip
        assert [opened(desk.store, rows) for rows in result.behind().table] == result.rows[column].tolist()
    done = effects.effects(read_ones)
    for column in ("count_before", "count_after"):
        counts = [opened(desk.store, rows) for rows in done.behind().cells[column]]
        assert counts == done.rows[column].fillna(0).astype(int).tolist()
    late = effects.overdue(read_ones)
    assert [opened(desk.store, rows) for rows in late.behind().table] == [1] * len(late.rows)
