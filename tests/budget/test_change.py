from dataclasses import replace

import pytest

from marketbook.budget.change import ChangeResult, changes
from marketbook.budget.history import History
from marketbook.budget.response.model import ResponseModel, fit_response
from marketbook.kit.errors import DataError


@pytest.fixture(scope="module")
def found(model: ResponseModel) -> ChangeResult:
    return changes(model, weeks=4)


def test_then_is_the_model_without_the_weeks_since(found: ChangeResult, model: ResponseModel) -> None:
    again = changes(model, weeks=4, earlier=fit_response(model.history.until(152), draws=1000))
    assert again.channels.equals(found.channels)
    assert found.week == model.history.weeks[151]


def test_a_few_more_weeks_of_the_same_world_change_little(found: ChangeResult) -> None:
    assert found.outside == ()
    assert found.channels["change_share"].abs().max() < 0.5
    assert found.caveats[0].startswith("All channels stay inside")


def test_the_largest_change_comes_first_and_is_told(found: ChangeResult) -> None:
    shares = found.channels["change_share"].abs()
    assert shares.is_monotonic_decreasing
    assert found.text.startswith(f"With the 4 weeks since 24 Nov 2025, {found.channels['channel'][0]} changed most")


def test_nothing_changes_where_nothing_is_new(model: ResponseModel) -> None:
    same = changes(model, earlier=model)
    assert same.channels["change_share"].tolist() == [0.0] * 3
    assert same.channels["roas_again"].tolist() == same.channels["roas_then"].tolist()
    assert same.weeks == 0


def test_a_channel_that_stopped_working_is_named(history: History) -> None:
    revenue = history.revenue.copy()
    revenue.iloc[130:] -= 4.0 * history.spend["社交"].iloc[130:]
    found = changes(fit_response(replace(history, revenue=revenue), draws=400), weeks=26)
    fallen = found.channels.set_index("channel").loc["社交"]
    assert "社交" in found.outside
    assert fallen["roas_now"] < fallen["roas_then_low"]
    assert found.caveats[0].startswith("Outside the 90% interval that was told then: ")


def test_it_refuses_other_channels(model: ResponseModel, history: History) -> None:
    fewer = fit_response(replace(history, spend=history.spend[["搜索", "社交"]]), draws=100)
    with pytest.raises(DataError, match="Channels then: 搜索 and 社交; now: 电视, 搜索 and 社交"):
        changes(model, earlier=fewer)
