"""The week's review: its figures are those counted by hand, and the three of them stay apart."""

from collections.abc import Iterator
from datetime import date

import pandas as pd
import pytest
from tests.office.company import House
from tests.office.planning import AWARENESS, YEAR
from tests.plan.week import DAY, LEADS, ORDERS, week_of

from marketbook.app import catalogue
from marketbook.kit.config import settings
from marketbook.kit.errors import DataError, ParamsError
from marketbook.kit.facts import Facts, Rows
from marketbook.kit.facts.behind import behind
from marketbook.kit.language import speaking
from marketbook.plan import due, pace, progress, week
from marketbook.plan.params import ReviewWeek
from marketbook.plan.week import PlanWeek


@pytest.fixture(scope="module")
def number(house: House) -> str:
    return week_of(house)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.fixture
def read(house: House, number: str) -> PlanWeek:
    return week.read_week(house.store, as_of=DAY, plan=number)


def opened(house: House, rows: Rows) -> int:
    """Return how many rows a number opens."""
    declared = catalogue.with_views()
    return behind(Facts(settings().facts), declared, Rows.decode(rows.encode(), declared), store=house.store).count


def test_on_time_in_full_and_quality_are_three_figures(read: PlanWeek) -> None:
    found = progress.progress(read)
    assert found.numbers() == {"on_time_share": 0.25, "full_share": 0.5, "quality": 4.0, "count_due": 4}
    assert found.text == (
        f"By 10 Jun {YEAR}, 1 of 4 tasks due (25.0%) were done on time; 1 of 2 done (50.0%) reached their quantity; "
        "their quality was judged 4.0 of 5."
    )


def test_owners_add_up_to_all(read: PlanWeek) -> None:
    table = progress.progress(read, by="owner").table
    assert table["owner"].tolist() == ["manager", "sales", "All together"]
    assert table["count_due"].tolist() == [1, 3, 4]
    assert table["on_time_share"].tolist() == [0.0, pytest.approx(1 / 3), 0.25]


def test_each_count_opens_as_many_tasks(house: House, read: PlanWeek) -> None:
    found = progress.progress(read, by="owner")
    for name in ("count_due", "count_on_time", "count_done", "count_full", "n_judged"):
        rows = found.behind().cells[name]
        assert [opened(house, one) for one in rows] == found.rows[name].tolist()


def test_late_tasks_stand_by_owner_with_their_days(house: House, read: PlanWeek) -> None:
    found = due.late(read)
    assert found.rows[["owner", "title", "count_days_late"]].to_numpy().tolist() == [
        ["manager", "新品体验日", 5],
        ["sales", "拜访客户", 9],
    ]
    assert found.numbers() == {"count_late": 2, "count_blocked": 1, "count_most_days": 9}
    assert opened(house, found.behind().numbers["count_blocked"]) == 1


def test_what_comes_due_is_told_ahead(read: PlanWeek, house: House, number: str) -> None:
    found = due.coming(read)
    assert found.rows["title"].tolist() == ["发布会"]
    assert found.text.endswith(
        f"until 17 Jun {YEAR}: 1, of which 1 are not begun. The next is 发布会, sales's, on 12 Jun {YEAR}."
    )
    wider = week.read_week(house.store, as_of=DAY, plan=number, days=30)
    assert due.coming(wider).numbers()["count_coming"] == 2


def test_what_was_done_later_was_late_on_the_day(house: House, number: str) -> None:
    before = week.read_week(house.store, as_of=date(YEAR, 5, 30), plan=number)
    found = due.late(before)
    assert found.table[["title", "status", "count_days_late"]].to_numpy().tolist() == [["新品体验日", "done since", 5]]
    assert progress.progress(before).numbers()["count_due"] == 2


def test_targets_are_held_against_today_s_pace(read: PlanWeek) -> None:
    rows = pace.pace(read).rows.set_index("metric")
    assert rows.loc[ORDERS, ["actual", "passed_share", "expected"]].tolist() == [2_200, 0.2, pytest.approx(11_000)]
    assert rows.loc[ORDERS, "met"] is False
    assert rows.loc[AWARENESS, "expected"] == pytest.approx(0.37)
    assert rows.loc[AWARENESS, "met"] is True
    assert rows.loc[LEADS, "met"] is None
    assert pace.pace(read).text.endswith("1 of 3 targets are reached and 1 are missed; of 1 nothing is measured yet.")


def test_without_a_season_the_days_count(read: PlanWeek) -> None:
    no_season = read.figures[(read.figures["basis"] != "target") | read.figures["subject"].notna()]
    rows = pace.pace(PlanWeek(read.as_of, read.ahead, read.plans, read.tasks, no_season)).rows.set_index("metric")
    days = (date(YEAR, 12, 31) - date(YEAR - 1, 12, 31)).days
    passed = (date(YEAR, 5, 31) - date(YEAR - 1, 12, 31)).days / days
    assert rows.loc[ORDERS, "expected"] == pytest.approx(2_200 / passed)


def test_before_anything_is_due_it_says_so(house: House, number: str) -> None:
    early = week.read_week(house.store, as_of=date(YEAR, 1, 2), plan=number)
    assert progress.progress(early).text == f"No task was due by 2 Jan {YEAR}."
    assert due.late(early).text == f"No task is late on 2 Jan {YEAR}."
    assert due.coming(early).text == f"No task comes due until 9 Jan {YEAR}."
    assert (progress.progress(early).chart(), due.late(early).chart(), pace.pace(early).chart()) == (None, None, None)
    none = PlanWeek(early.as_of, early.ahead, early.plans, early.tasks[:0], early.figures[:0])
    assert pace.pace(none).text == "The plans have no numeric targets."
    assert pd.isna(progress.progress(none).numbers()["quality"])


@pytest.mark.parametrize(
    ("day", "plan", "said"),
    [
        (date(1999, 1, 1), "", f"There is no plan in force for 1999; years with plans in force: {YEAR}"),
        (DAY, "PL-1999-000001", f"plan: PL-1999-000001 is no plan in force for {YEAR}; .*: {YEAR}"),
    ],
)
def test_a_year_without_a_plan_is_said(house: House, number: str, day: date, plan: str, said: str) -> None:
    assert number
    with pytest.raises(DataError, match=said):
        week.read_week(house.store, as_of=day, plan=plan)


@pytest.mark.parametrize(
    ("given", "said"),
    [({"days": 0}, "days: found 0"), ({"as_of": "soon"}, "as_of: found 'soon'"), ({"week": 3}, "week: unknown")],
)
def test_wrong_parameters_are_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(ParamsError, match=said):
        ReviewWeek.check(given)


@pytest.mark.parametrize(("language", "said"), [("zh_Hans", "按时完成"), ("zh_Hant", "按時完成")])
def test_it_speaks_chinese(read: PlanWeek, language: str, said: str) -> None:
    with speaking(language):
        assert said in progress.progress(read).text
