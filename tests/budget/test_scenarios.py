"""Scenarios side by side: what they are worth, where they differ, and what was spent since."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from tests.office.company import House

from marketbook.budget import scenarios
from marketbook.budget.data import MEDIA_WEEKS
from marketbook.budget.planner import kept, service
from marketbook.budget.planner.planner import Planner, Wish
from marketbook.budget.response.model import ResponseModel
from marketbook.budget.scenarios import Compared
from marketbook.kit.errors import RecordError
from marketbook.kit.facts import Facts


@pytest.fixture(scope="module")
def planner(model: ResponseModel) -> Planner:
    return Planner(model)


@pytest.fixture(scope="module")
def compared(planner: Planner) -> Compared:
    plans = []
    for number, wish in enumerate((Wish(), Wish(110, 30, 200, worst=0.1)), 1):
        found = planner.plan(wish)
        plans.append(
            kept.read(number, f"plan {number}", kept.asked_of(planner, found), kept.answered_of(planner, found))
        )
    weeks = pd.date_range("2025-12-29", periods=8, freq="7D")
    return Compared(plans, pd.DataFrame(7_000_000, weeks, ["电视", "搜索"]))


def test_each_is_told_with_its_gain_and_its_risk(compared: Compared) -> None:
    found = scenarios.side_by_side(compared)
    assert found.table["scenario"].tolist() == ["plan 1", "plan 2"]
    assert found.numbers()["best_gain_minor"] == max(plan.effect.gain for plan in compared.plans)
    assert found.text.startswith("plan 2 is expected to bring CN¥")
    assert "different totals" in " ".join(found.caveats)


def test_the_channel_in_which_they_differ_most_is_named(compared: Compared) -> None:
    found = scenarios.difference(compared)
    spent = found.rows.pivot_table(index="channel", columns="scenario", values="spend_minor")
    widest = (spent.max(axis=1) - spent.min(axis=1)).idxmax()
    assert found.text.startswith(f"They differ most in {widest}: CN¥")
    assert len(found.table) == 6
    same = scenarios.difference(replace(compared, plans=[compared.plans[0], replace(compared.plans[0], name="b")]))
    assert same.text == "The scenarios spend the same in every channel."


def test_only_months_that_are_over_count_and_weeks_are_split_by_days(compared: Compared) -> None:
    found = scenarios.outcome(compared)
    first = found.rows.iloc[0]
    assert first["months_over"] == 2
    assert first["actual_minor"] == (3 + 31) * 2_000_000
    assert first["planned_minor"] == compared.plans[0].months.iloc[:2].to_numpy().sum()
    assert found.text.startswith("In the 2 months of plan 1 that are over CN¥")


def test_where_nothing_is_over_that_is_said(compared: Compared) -> None:
    early = replace(compared, spent=compared.spent.set_axis(compared.spent.index - pd.Timedelta(weeks=30)))
    assert scenarios.outcome(early).text == "No month of these plans is over: the data end on 27 Jul 2025."


def test_every_figure_stands_on_the_scenarios(compared: Compared) -> None:
    for result in (scenarios.side_by_side(compared), scenarios.difference(compared), scenarios.outcome(compared)):
        behind = result.behind()
        assert behind is not None
        assert len(behind.table) == len(result.table)


def test_the_last_ones_are_read_or_those_that_are_named(house: House, planner: Planner, tmp_path: Path) -> None:
    facts = Facts(tmp_path)
    weeks = pd.DataFrame({"week": [pd.Timestamp("2025-12-29")], "channel": ["电视"], "spend_minor": [1],
                          "impressions": [1], "clicks": [1]})  # fmt: skip
    facts.write(MEDIA_WEEKS, weeks)
    with pytest.raises(RecordError, match="No plan was kept as a scenario yet"):
        scenarios.read_scenarios(house.store, facts, [])
    with house.store.writing() as session:
        actor = house.people.sales
        made = [service.keep(session, f"n{k}", planner, planner.plan(Wish()), actor=actor).id for k in range(4)]
    assert [plan.number for plan in scenarios.read_scenarios(house.store, facts, []).plans] == made[1:]
    assert [plan.number for plan in scenarios.read_scenarios(house.store, facts, made[:1]).plans] == made[:1]
    with pytest.raises(RecordError, match="There is no plan in scenario 999"):
        scenarios.read_scenarios(house.store, facts, [made[0], 999])
