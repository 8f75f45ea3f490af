import numpy as np
import pandas as pd
import pytest

from marketbook.budget.allocation import Bounds, Objective, Target, allocate, amount_group, percent_bounds
from marketbook.budget.allocation.plan import last_year_pattern, plan_response, today_amounts
from marketbook.budget.response.model import ResponseModel
from marketbook.kit.errors import ParamsError


def test_it_spends_the_total_within_bounds_and_is_optimal(model: ResponseModel) -> None:
    found, today = allocate(model, bounds=None), today_amounts(model).to_numpy()
    spend = found.plan["spend_recommended"].to_numpy()
    assert spend.sum() == pytest.approx(today.sum(), rel=1e-6)
    assert ((spend >= 0.5 * today * (1 - 1e-9)) & (spend <= 1.5 * today * (1 + 1e-9))).all()
    assert found.residual < 1e-4


def test_no_split_on_a_grid_is_better(model: ResponseModel) -> None:
    found, today = allocate(model), today_amounts(model).to_numpy()
    response, total = plan_response(model, last_year_pattern(model)), today.sum()
    best = response.revenue(found.plan["spend_recommended"].to_numpy()).mean(axis=0).sum()
    shares = np.linspace(0.5, 1.5, 15)
    grid = [np.array([a * today[0], b * today[1], total - a * today[0] - b * today[1]]) for a in shares for b in shares]
    allowed = [split for split in grid if 0.5 * today[2] <= split[2] <= 1.5 * today[2]]
    assert max(response.revenue(split).mean(axis=0).sum() for split in allowed) <= best * 1.0001


def test_the_gain_has_an_interval_and_the_chance_is_never_certain(model: ResponseModel) -> None:
    found = allocate(model)
    assert found.gain_ci[0] < found.gain < found.gain_ci[1]
    assert found.gain >= 0
    assert 0 < found.beats_today < 1


def test_the_total_is_for_the_whole_horizon_and_both_are_stated(model: ResponseModel) -> None:
    found = allocate(model, weeks=8, total=800_000.0, bounds=percent_bounds(today_amounts(model, 8), 0, 1000))
    assert found.plan["spend_recommended"].sum() == pytest.approx(800_000, rel=1e-6)
    assert found.numbers()["spend_total"] == 800_000
    assert "CN¥800K in 8 weeks, CN¥100K a week" in found.caveats[0]


def test_the_plan_keeps_last_years_weekly_pattern(model: ResponseModel) -> None:
    pattern, spend = last_year_pattern(model), model.history.media.iloc[-52:]
    assert pattern.to_numpy() == pytest.approx((spend / spend.sum()).to_numpy())


def test_an_even_plan_that_repeats_is_worth_the_response_at_its_weekly_spend(model: ResponseModel) -> None:
    pattern = pd.DataFrame(1 / 52, index=range(52), columns=model.history.channels)
    found = plan_response(model, pattern).revenue(np.full(3, 52 * 20_000.0))
    level = np.full((1, 3), 20_000.0) / model.spend_scale
    steady = 52 * model.effect * model.settings.saturation.response(level, model.saturation)
    assert found == pytest.approx(steady, rel=1e-9)


def test_fixed_channels_keep_todays_spend(model: ResponseModel) -> None:
    today = today_amounts(model)
    found = allocate(model, bounds=percent_bounds(today, 50, 150, fixed=["搜索"])).plan.set_index("channel")
    assert found.loc["搜索", "spend_recommended"] == pytest.approx(today["搜索"])
    assert found.loc["搜索", "note"] == "fixed"


def test_limits_that_hold_and_spend_never_seen_are_noted(model: ResponseModel) -> None:
    today = today_amounts(model)
    found = allocate(model, total=3.0 * today.sum(), bounds=percent_bounds(today, 0, 900)).plan
    assert found["note"].str.contains("beyond spend ever seen").any()
    tight = allocate(model, bounds=percent_bounds(today, 98, 102)).plan
    assert (
        tight["note"].str.fullmatch(r"(at its (upper|lower) limit( \(another yuan of room: \d\.\d\d yuan\))?)?").all()
    )
    assert tight["note"].str.contains("another yuan").any()


def test_leaving_everything_as_it_is_is_said_plainly(model: ResponseModel) -> None:
    found = allocate(model, bounds=percent_bounds(today_amounts(model), 100, 100))
    assert found.text.startswith("Leave the split as it is")
    assert found.gain == pytest.approx(0, abs=1)


def test_it_says_which_bounds_clash_with_the_total(model: ResponseModel) -> None:
    today = today_amounts(model)
    with pytest.raises(ParamsError, match=r"least of all channels adds up to .* above the total"):
        allocate(model, total=0.5 * today.sum(), bounds=percent_bounds(today, 70, 130))
    with pytest.raises(ParamsError, match=r"most of all channels adds up to .* below the total"):
        allocate(model, total=2.0 * today.sum(), bounds=percent_bounds(today, 70, 130))


def test_it_names_channels_whose_bounds_cross_or_are_missing(model: ResponseModel) -> None:
    today = today_amounts(model)
    with pytest.raises(ParamsError, match="Bounds of 搜索"):
        allocate(model, bounds=Bounds(today.drop("搜索") * 0.5, today * 1.5))
    with pytest.raises(ParamsError, match="Bounds of 电视, 搜索 and 社交"):
        allocate(model, bounds=Bounds(today * 1.5, today * 0.5))


def test_it_refuses_to_fix_unknown_channels(model: ResponseModel) -> None:
    with pytest.raises(ParamsError, match="fixed_channels: 报纸 unknown; the channels are 电视, 搜索 and 社交"):
        percent_bounds(today_amounts(model), 50, 150, fixed=["报纸"])


def test_its_sentence_says_what_to_move_and_how_sure_it_is(model: ResponseModel) -> None:
    found = allocate(model, bounds=percent_bounds(today_amounts(model), 50, 150))
    assert found.text.startswith("Moving CN¥")
    assert "at the same total (90% interval CN¥" in found.text
    assert found.text.endswith("%.")


def wide(model: ResponseModel) -> Bounds:
    return percent_bounds(today_amounts(model), 20, 250)


def test_groups_are_kept_and_said(model: ResponseModel) -> None:
    today = today_amounts(model)
    free = allocate(model, bounds=wide(model)).plan.set_index("channel")["spend_recommended"]
    most = 0.9 * float(free[["电视", "社交"]].sum())
    found = allocate(model, bounds=wide(model).grouped(amount_group(today, "品牌", ["电视", "社交"], 0, most)))
    assert found.plan.set_index("channel").loc[["电视", "社交"], "spend_recommended"].sum() == pytest.approx(most)
    assert any(told.startswith("品牌: at its upper limit (another yuan of room:") for told in found.caveats)
    assert found.regret_best is None
    assert found.residual < 1e-5


def test_a_careful_plan_is_better_in_the_worst_cases_and_says_so(model: ResponseModel) -> None:
    plain, careful = (allocate(model, bounds=wide(model), objective=one) for one in (None, Objective("cvar", 0.05)))
    response = plan_response(model, last_year_pattern(model))
    worst = [
        Objective("cvar", 0.05).value(response.revenue(found.plan["spend_recommended"].to_numpy()).sum(axis=1))
        for found in (plain, careful)
    ]
    assert worst[1] >= worst[0]
    assert careful.revenue <= plain.revenue
    assert "makes the mean of the worst 5% of what the data allow highest" in careful.caveats[1]


def test_the_target_sets_the_largest_total_that_meets_it(model: ResponseModel) -> None:
    asked = allocate(model, bounds=wide(model))
    wanted = 1.05 * asked.revenue / asked.total
    found = allocate(model, bounds=wide(model), target=Target("roas", wanted))
    assert found.revenue / found.total == pytest.approx(wanted, rel=1e-3)
    assert found.total < asked.total
    assert "is the most that still brings" in " ".join(found.caveats)
    more = allocate(model, bounds=wide(model), total=1.01 * found.total)
    assert more.revenue / more.total < wanted


def test_the_last_yuan_and_the_cost_of_an_order_may_be_targets(model: ResponseModel) -> None:
    last = allocate(model, bounds=wide(model), target=Target("marginal_roas", 1.0))
    assert last.price == pytest.approx(1.0, rel=1e-2)
    orders = allocate(model, bounds=wide(model), target=Target.of_cost(40.0, revenue_each=60.0))
    assert orders.total / (orders.revenue / 60.0) <= 40.0 * (1 + 1e-3)


def test_a_target_within_reach_of_all_limits_and_one_out_of_reach_are_told_apart(model: ResponseModel) -> None:
    today = today_amounts(model)
    found = allocate(model, bounds=percent_bounds(today, 90, 110), target=Target("roas", 0.01))
    assert found.total == pytest.approx(1.1 * today.sum())
    assert "is met by all that the limits allow" in " ".join(found.caveats)
    with pytest.raises(ParamsError, match=r"No plan within the limits brings 99\.00 yuan for each yuan spent"):
        allocate(model, bounds=wide(model), target=Target("roas", 99.0))


def test_regret_is_small_beside_the_gain_and_less_than_against_the_best_split(model: ResponseModel) -> None:
    found = allocate(model, bounds=wide(model))
    assert 0 <= found.regret < found.gain
    assert found.regret_best is not None
    assert found.regret <= found.regret_best + 1


def test_the_same_numbers_come_again(model: ResponseModel) -> None:
    asked = [allocate(model, bounds=wide(model), objective=Objective("quantile", 0.1)).numbers() for _turn in range(2)]
    assert asked[0] == asked[1]
