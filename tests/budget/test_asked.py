"""What was asked of scenarios stands beside what they are worth."""

import pandas as pd
import pytest

from marketbook.budget import asked
from marketbook.budget.planner import kept
from marketbook.budget.planner.planner import Planner, Wish
from marketbook.budget.response.model import ResponseModel
from marketbook.budget.scenarios import Compared
from marketbook.kit.forms.limits import Together

FEW = Together(("电视", "搜索"), 90.0, 110.0)
SOME = Together(("搜索", "社交"), None, 200_000_050, in_percent=False)
LEAST = Together(("搜索", "社交"), 12.5, None)


def compared(planner: Planner, *wishes: Wish) -> Compared:
    found = [planner.plan(wish) for wish in wishes]
    plans = [
        kept.read(number, f"plan {number}", kept.asked_of(planner, one), kept.answered_of(planner, one))
        for number, one in enumerate(found, 1)
    ]
    return Compared(plans, pd.DataFrame())


@pytest.fixture(scope="module")
def planner(model: ResponseModel) -> Planner:
    return Planner(model)


def test_totals_bounds_cases_and_limits_are_told(planner: Planner) -> None:
    wide = Wish(110, 40, 160, {"社交": (50, 180)}, 0.1, (FEW, SOME, LEAST))
    found = asked.asked(compared(planner, Wish(), wide))
    assert found.table.iloc[0].tolist() == ["plan 1", 1.0, "70% to 130%", "all cases", ""]
    assert found.table.iloc[1].tolist()[:4] == ["plan 2", 1.1, "40% to 160%", "the worst 10%"]
    assert found.table["limits"][1] == (
        "社交 from 50% of today to 180% of today. Together 电视 + 搜索 get from 90% of today to 110% of today. "
        "Together 搜索 + 社交 get at most CN¥2,000,000.50. Together 搜索 + 社交 get at least 12.5% of today."
    )
    assert found.text == (
        "They spend 100.0% to 110.0% of last year's total. Limits besides those of every channel: plan 2."
    )
    assert found.numbers() == {"count_limited": 1}
    assert len(found.behind().table) == 2


def test_where_nothing_else_was_asked_that_is_said(planner: Planner) -> None:
    found = asked.asked(compared(planner, Wish()))
    assert found.text == "All spend 100.0% of last year's total. None has limits besides those of every channel."
