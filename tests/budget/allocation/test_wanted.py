"""What people write is read as limits, risk and a target; what cannot be read is said."""

import pandas as pd
import pytest

from marketbook.budget.allocation.objective import Objective
from marketbook.budget.allocation.target import Target
from marketbook.budget.allocation.wanted import wanted
from marketbook.kit.errors import ParamsError

TODAY = pd.Series({"抖音": 600.0, "小红书": 300.0, "户外": 0.0})


def test_a_channels_own_limits_take_the_place_of_all_channels() -> None:
    found = wanted(TODAY, [70, 130], ["抖音=50%-200%", "小红书=100-250.5"]).bounds
    assert found.lower.tolist() == pytest.approx([300, 100, 0])
    assert found.upper.tolist() == pytest.approx([1200, 250.5, 0])
    assert found.groups == ()


def test_a_channel_without_spend_today_may_get_an_amount() -> None:
    found = wanted(TODAY, [70, 130], ["户外=50-80"]).bounds
    assert (found.lower["户外"], found.upper["户外"]) == (50, 80)


def test_channels_together_are_limited_in_percent_or_in_yuan() -> None:
    percent, yuan = wanted(TODAY, [70, 130], ["抖音+小红书=90%-110%", "抖音 + 户外=0-500"]).bounds.groups
    assert (percent.channels, percent.lower, percent.upper) == (
        ("抖音", "小红书"),
        pytest.approx(810),
        pytest.approx(990),
    )
    assert (yuan.name, yuan.channels, yuan.upper) == ("抖音 + 户外", ("抖音", "户外"), 500)


def test_risk_and_targets_are_read() -> None:
    assert wanted(TODAY, [70, 130], []).objective == Objective()
    assert wanted(TODAY, [70, 130], [], worst_share=0.1).objective == Objective("cvar", 0.1)
    assert wanted(TODAY, [70, 130], [], target="roas=2.5").target == Target("roas", 2.5)
    assert wanted(TODAY, [70, 130], [], target="last_yuan = 1").target == Target("marginal_roas", 1)
    assert wanted(TODAY, [70, 130], [], target="order_cost=40", order_value=120.0).target == Target("roas", 3)


@pytest.mark.parametrize(
    ("limits", "target", "message"),
    [
        (["报纸=1%-2%"], "", "limits: 报纸 unknown; the channels are 抖音, 小红书 and 户外"),
        (["抖音=1%-2"], "", "limits: '抖音=1%-2'; write a channel"),
        ([], "profit=3", "target: 'profit=3'; write roas=2"),
        ([], "order_cost=40", "orders were not counted"),
    ],
)
def test_what_cannot_be_read_is_said(limits: list[str], target: str, message: str) -> None:
    with pytest.raises(ParamsError, match=message):
        wanted(TODAY, [70, 130], limits, target=target)
