"""The planner answers as the allocation does, and its plans are kept to the fen."""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from marketbook.budget.allocation import Objective, allocate, percent_bounds
from marketbook.budget.allocation.bounds import amount_group, percent_group
from marketbook.budget.allocation.plan import today_amounts
from marketbook.budget.planner import face as planner_face
from marketbook.budget.planner import kept
from marketbook.budget.planner.planner import Planner, Wish
from marketbook.budget.response.model import ResponseModel
from marketbook.kit.errors import ParamsError, RecordError
from marketbook.kit.forms.limits import Together


@pytest.fixture(scope="module")
def planner(model: ResponseModel) -> Planner:
    return Planner(model)


@pytest.mark.parametrize(
    "wish", [Wish(), Wish(80, 20, 250, worst=0.2), Wish(150, own={"搜索": (100, 105)}, worst=0.05)]
)
def test_it_answers_as_the_allocation_does(planner: Planner, wish: Wish) -> None:
    now = today_amounts(planner.model) * wish.total / 100
    objective = Objective() if wish.worst == 1 else Objective("cvar", wish.worst)
    bounds = percent_bounds(now, wish.lower, wish.upper, own=wish.own)
    exact = allocate(planner.model, total=float(now.sum()), bounds=bounds, objective=objective)
    for start in (None, now.to_numpy() * [1.2, 0.8, 1.0]):
        found = planner.plan(wish, start=start)
        planned = found.channels["planned"].to_numpy()
        assert planned == pytest.approx(exact.plan["spend_recommended"].to_numpy(), rel=0.02)
        assert found.gain == pytest.approx(exact.gain, rel=0.01)
        assert found.total == pytest.approx(float(now.sum()), rel=1e-6)


def test_months_add_up_and_weeks_between_two_are_split_by_days(planner: Planner) -> None:
    found = planner.plan(Wish())
    assert found.months.sum().to_numpy() == pytest.approx(found.channels["planned"].to_numpy())
    assert found.months.index[0] == f"{planner.pattern.index[0]:%Y-%m}"
    first = planner.pattern.iloc[0]["搜索"] * found.channels["planned"][1]
    days = (date(2026, 1, 1) - date(2025, 12, 29)).days
    assert found.months.iloc[0]["搜索"] == pytest.approx(first * days / 7)


def test_limits_that_clash_are_said(planner: Planner) -> None:
    with pytest.raises(ParamsError, match="The most of all channels adds up to"):
        planner.plan(Wish(upper=100, own={"电视": (0, 50)}))


def test_a_kept_plan_is_read_again_to_the_fen(planner: Planner) -> None:
    found = planner.plan(Wish(110, own={"社交": (50, 180)}, worst=0.1))
    asked, answered = (json.loads(json.dumps(of(planner, found))) for of in (kept.asked_of, kept.answered_of))
    again = kept.read(7, "稳健", asked, answered)
    assert again.own == {"社交": (50, 180)}
    assert again.months.sum().tolist() == again.channels["planned_minor"].tolist()
    assert again.total == pytest.approx(100 * found.total, abs=3)
    assert again.effect.gain == round(100 * found.gain)
    assert (again.first_day, again.last_day) == (date(2025, 12, 29), date(2026, 12, 27))


def test_what_is_no_plan_of_the_planner_is_refused() -> None:
    with pytest.raises(RecordError, match="Scenario 3 holds no plan of the planner"):
        kept.read(3, "x", {}, {"first_day": "2026-01-01"})


def test_sliders_stand_for_wishes(planner: Planner) -> None:
    asked = {one.name: one.value for one in planner_face.sliders(planner, Wish()) if not one.follows}
    assert planner_face.wish_of(planner, asked) == Wish()
    own = planner_face.wish_of(planner, asked | {"upper:1": 200.0, "worst": 4})
    assert own == Wish(own={"搜索": (70, 200)}, worst=0.1)


def test_an_answer_has_a_picture_a_table_and_the_months(planner: Planner) -> None:
    found = planner_face.answer(planner, planner.plan(Wish(own={"搜索": (100, 100)})))
    assert [bar.title for bar in found.bars] == ["电视", "搜索", "社交"]
    by_channel, by_month = found.sheets
    assert by_channel.rows[1][3:] == ["", "fixed"]
    assert [len(row) for row in by_channel.rows] == [5, 5, 5]
    assert len(by_month.rows) == 13
    assert found.told.startswith("The plan brings CN¥")
    assert np.isclose(sum(bar.values[1] for bar in found.bars), sum(bar.values[0] for bar in found.bars))


def test_a_daily_history_is_planned_by_its_days(model: ResponseModel) -> None:
    days = pd.date_range("2024-01-01", periods=400, freq="D")
    spend = pd.DataFrame(np.arange(1200.0).reshape(400, 3), days, model.history.channels)
    nothing = pd.DataFrame(index=days)
    daily = replace(model.history, revenue=pd.Series(1.0, days), spend=spend, controls=nothing, events=nothing)
    planner = Planner(replace(model, history=daily), weeks=8)
    assert planner.today.tolist() == spend.iloc[36 : 36 + 56].sum().tolist()
    assert (len(planner.pattern), planner.pattern.index[0]) == (56, pd.Timestamp("2025-02-04"))
    assert planner.spread.sum().tolist() == pytest.approx([1, 1, 1])


FEW = Together(("电视", "搜索"), None, 95.0)
SOME = Together(("搜索", "社交"), None, 155_000_000, in_percent=False)


def test_channels_together_keep_their_limits_as_the_allocation_does(planner: Planner) -> None:
    now = today_amounts(planner.model)
    groups = (percent_group(now, "a", FEW.members, 0, 95), amount_group(now, "b", SOME.members, 0, 1_550_000))
    exact = allocate(planner.model, bounds=percent_bounds(now, 40, 160).grouped(*groups))
    found = planner.plan(Wish(lower=40, upper=160, together=(FEW, SOME)), start=now.to_numpy())
    planned = found.channels["planned"].to_numpy()
    assert planned == pytest.approx(exact.plan["spend_recommended"].to_numpy(), rel=0.02)
    assert found.groups["group"].tolist() == ["电视 + 搜索", "搜索 + 社交"]
    assert found.groups["planned"].tolist() == pytest.approx([planned[0] + planned[1], planned[1] + planned[2]])
    assert (found.groups["planned"] <= found.groups["most"] * (1 + 1e-6)).all()
    assert found.groups["most"][1] == 1_550_000


def test_a_limit_that_holds_is_drawn_and_told_with_what_room_would_bring(planner: Planner) -> None:
    tight = Together(("电视", "搜索"), 101.0, None)
    found = planner.plan(Wish(lower=40, upper=160, together=(tight,)))
    answer = planner_face.answer(planner, found)
    assert [bar.title for bar in answer.bars][3:] == ["电视 + 搜索"]
    assert answer.bars[3].most == pytest.approx(found.total)
    (row,) = answer.sheets[1].rows
    assert (row[0], row[4]) == ("电视 + 搜索", "")
    assert row[5].startswith("at its lower limit (another yuan of room: ")
    assert planner.plan(Wish(lower=40, upper=160)).gain > found.gain


def test_limits_together_that_clash_are_named(planner: Planner) -> None:
    clash = (Together(("电视", "搜索"), 120.0, None), Together(("搜索", "社交"), 120.0, None))
    with pytest.raises(ParamsError, match=r"cannot be met together: .*at least CN¥[\d,]+ for 电视 \+ 搜索"):
        planner.plan(Wish(lower=90, upper=105, together=clash))
    with pytest.raises(ParamsError, match=r"Bounds of 电视 \+ 搜索: the least"):
        planner.plan(Wish(together=(Together(("电视", "搜索"), 90.0, 80.0),)))


def test_limits_together_are_kept(planner: Planner) -> None:
    found = planner.plan(Wish(lower=40, upper=160, together=(FEW, SOME)))
    asked, answered = (json.loads(json.dumps(of(planner, found))) for of in (kept.asked_of, kept.answered_of))
    assert list(kept.read(1, "x", asked, answered).together) == [FEW, SOME]
    del asked["group_limits"]
    assert kept.read(1, "x", asked, answered).together == []
    values = {one.name: one.value for one in planner_face.sliders(planner, Wish()) if not one.follows}
    assert planner_face.wish_of(planner, values, [FEW]) == Wish(together=(FEW,))


def test_a_kept_plan_puts_the_sliders_where_they_stood(planner: Planner) -> None:
    wish = Wish(104, 40, 160, {"搜索": (50.0, 180.0)}, 0.1, (FEW,))
    found = planner.plan(wish)
    plan = kept.read(1, "x", kept.asked_of(planner, found), kept.answered_of(planner, found))
    assert plan.wish(planner.model.history.channels) == wish
    values = planner_face.values_of(planner, wish)
    assert planner_face.wish_of(planner, values, [FEW]) == wish
    assert plan.wish(["电视", "社交"]) == Wish(104, 40, 160, {}, 0.1)
