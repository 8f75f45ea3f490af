"""A geo campaign's effect: a known lift recovered, error rates, and the placebos beside it."""

import numpy as np
import pytest
from tests.campaign.conftest import days_of_regions, panel_of

from marketbook.campaign import GeoPlacebo, evaluate_geo
from marketbook.campaign.verdict import Verdict
from marketbook.kit.report.finding import Finding


def test_it_recovers_a_simulated_lift_and_its_money() -> None:
    panel = panel_of(days_of_regions(np.random.default_rng(41), lift=0.1))
    found = evaluate_geo(panel, campaign="Metro", cost=20_000, gross_margin=0.5)
    assert found.verdict is Verdict.WORKED
    assert found.lift_ci[0] < 0.1 < found.lift_ci[1]
    during = found.weeks[found.weeks["during"]]
    assert found.money.revenue == pytest.approx((during["revenue_actual"] - during["revenue_expected"]).sum())
    assert found.money.roas == pytest.approx(found.money.revenue / 20_000)
    assert found.text.startswith("“Metro” raised revenue in r01, r03 by")


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(42)
    panels = (panel_of(days_of_regions(rng, weeks=26), weeks_before=20) for _ in range(60))
    found = [evaluate_geo(panel, level=0.9) for panel in panels]
    assert np.mean([one.verdict is Verdict.UNPROVEN for one in found]) == pytest.approx(0.9, abs=0.1)
    assert np.mean([one.lift for one in found]) == pytest.approx(0, abs=0.006)


def test_the_interval_never_contradicts_the_p_value() -> None:
    panel = panel_of(days_of_regions(np.random.default_rng(43), lift=0.02))
    p_value = evaluate_geo(panel).p_value
    assert evaluate_geo(panel, level=1 - p_value - 1e-6).verdict is Verdict.WORKED
    assert evaluate_geo(panel, level=1 - p_value + 1e-6).verdict is Verdict.UNPROVEN


@pytest.mark.parametrize("method", ["synthetic_control", "did"])
def test_the_other_methods_agree_where_all_are_right(method: str) -> None:
    panel = panel_of(days_of_regions(np.random.default_rng(44), lift=0.1))
    assert evaluate_geo(panel, method=method).lift == pytest.approx(0.1, abs=0.03)  # type: ignore[arg-type]


def test_the_placebos_show_a_real_campaign_as_the_largest_change() -> None:
    effect = evaluate_geo(panel_of(days_of_regions(np.random.default_rng(45), lift=0.2)), campaign="Metro")
    found = GeoPlacebo(effect)
    assert found.rank_p_value == pytest.approx(1 / (len(effect.placebos) + 1))
    assert "in none of them" in found.text
    assert found.typical_lift < 0.05
    assert found.table["weight_share"].sum() == pytest.approx(1)


def test_the_placebos_do_not_single_out_a_campaign_that_did_nothing() -> None:
    found = GeoPlacebo(evaluate_geo(panel_of(days_of_regions(np.random.default_rng(46)))))
    assert found.rank_p_value > 0.05


def test_one_region_alone_has_placebos_of_one_region() -> None:
    found = GeoPlacebo(evaluate_geo(panel_of(days_of_regions(np.random.default_rng(47)), treated=("r02",))))
    assert len(found.table) == 23
    assert found.caveats == ()


def test_effect_and_placebos_leave_the_notebook_as_findings() -> None:
    effect = evaluate_geo(panel_of(days_of_regions(np.random.default_rng(48))), campaign="Metro", cost=1.0)
    assert Finding.of(effect).picture
    assert len(Finding.of(effect).table.rows) == 6
    assert Finding.of(GeoPlacebo(effect)).picture
