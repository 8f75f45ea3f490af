"""The headline of an A/B test: verdicts, money, and silence where the split failed."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from tests.campaign.conftest import shoppers
from tests.reference.campaign import BENJAMINI_P_VALUES, BENJAMINI_REJECTED

from marketbook.campaign import compare_metrics, evaluate_experiment
from marketbook.campaign.comparison import METRICS
from marketbook.campaign.verdict import Verdict
from marketbook.kit.errors import DataError, ParamsError
from marketbook.kit.report.finding import Finding


def test_it_recovers_a_simulated_lift_and_its_money() -> None:
    moments = shoppers(np.random.default_rng(21), 40_000, lift=0.15)
    found = evaluate_experiment(moments, campaign="Coupon", cost=100_000, gross_margin=0.4)
    assert found.verdict is Verdict.WORKED
    assert found.comparison.lift_ci[0] < 0.15 < found.comparison.lift_ci[1]
    assert found.money.revenue == pytest.approx(found.comparison.difference * moments["coupon"].n)
    assert found.money.rate_return == pytest.approx(0.4 * found.money.revenue / 100_000 - 1)
    assert found.text.startswith("“Coupon” raised revenue per user by")


def test_a_campaign_without_effect_is_no_evidence() -> None:
    found = evaluate_experiment(shoppers(np.random.default_rng(22), 4000), campaign="Coupon", cost=10)
    assert found.verdict is Verdict.UNPROVEN
    assert "No evidence that “Coupon” changed revenue per user" in found.text


def test_a_harmful_campaign_is_called_so() -> None:
    found = evaluate_experiment(shoppers(np.random.default_rng(23), 20_000, lift=-0.3), campaign="Pop-up")
    assert found.verdict is Verdict.HARMED
    assert "lowered" in found.text
    assert "at no cost" in found.text


def test_a_failed_split_withholds_the_verdict_and_every_figure() -> None:
    found = evaluate_experiment(shoppers(np.random.default_rng(24), 20_000, lift=0.5, share=0.45), campaign="Coupon")
    assert found.verdict is Verdict.UNJUDGED
    assert "cannot be judged" in found.text
    assert "lift" not in found.numbers()
    assert found.chart() is None
    assert found.table["amount"].dropna().tolist() == [0.0]


def test_it_judges_by_another_metric_and_prices_by_revenue() -> None:
    moments = shoppers(np.random.default_rng(25), 20_000, lift=0.2)
    by_orders, by_revenue = (evaluate_experiment(moments, name) for name in ("orders", "revenue"))
    assert by_orders.comparison != by_revenue.comparison
    assert by_orders.money == by_revenue.money


def test_p_values_of_several_metrics_are_adjusted_as_published() -> None:
    adjusted = stats.false_discovery_control(BENJAMINI_P_VALUES)
    assert (adjusted < 0.05).sum() == BENJAMINI_REJECTED
    found = compare_metrics(shoppers(np.random.default_rng(26)))
    wanted = stats.false_discovery_control(found.rows["p_value"])
    assert found.rows["adjusted_p_value"].tolist() == pytest.approx(wanted)


def test_the_metrics_say_what_the_adjustment_bought() -> None:
    found = compare_metrics(shoppers(np.random.default_rng(27), 20_000, lift=0.2))
    assert found.table["metric"].tolist() == [metric.title for metric in METRICS]
    assert 0.1 < found.numbers()["share_saved"] < 0.9
    assert "revenue per user, orders per user" in found.text


def test_the_metrics_too_are_withheld_where_the_split_failed() -> None:
    found = compare_metrics(shoppers(np.random.default_rng(28), 20_000, share=0.45))
    assert found.numbers() == {}
    assert found.table["lift"].isna().all()
    assert found.chart() is None


@pytest.mark.parametrize("share", [0.5, 0.45], ids=["sound", "failed split"])
def test_both_results_leave_the_notebook_as_findings(share: float) -> None:
    moments = shoppers(np.random.default_rng(29), 20_000, share=share)
    assert Finding.of(evaluate_experiment(moments, campaign="Coupon", cost=5.0)).text
    assert Finding.of(compare_metrics(moments)).table.rows


def test_it_refuses_an_experiment_without_control() -> None:
    moments = shoppers(np.random.default_rng(1), 50)
    with pytest.raises(DataError, match="variant: found coupon; an experiment has 'control' and one treatment"):
        evaluate_experiment({"coupon": moments["coupon"]})


def test_it_refuses_a_group_of_one() -> None:
    moments = shoppers(np.random.default_rng(1), 50)
    with pytest.raises(DataError, match="variant coupon: fewer than 2 users"):
        evaluate_experiment(moments | {"coupon": replace(moments["coupon"], n=1)})


def test_it_refuses_an_unknown_metric() -> None:
    with pytest.raises(ParamsError, match="metric: clicks is not known; allowed are revenue, orders"):
        evaluate_experiment(shoppers(np.random.default_rng(1), 50), "clicks")
