import numpy as np
import pytest
from tests.budget.conftest import brought

from marketbook.budget.allocation.plan import last_year_pattern, plan_response, today_amounts
from marketbook.budget.contribution import contributions
from marketbook.budget.response.model import ResponseModel
from marketbook.budget.returns import returns


def test_the_rows_add_up_to_the_revenue_booked(model: ResponseModel) -> None:
    parts = contributions(model, weeks=52).parts.set_index("source")["revenue"]
    assert parts[list(model.history.channels)].sum() == pytest.approx(parts["All media"], rel=1e-9)
    assert parts[["All media", "Base sales", "Not explained"]].sum() == pytest.approx(parts["Revenue"], rel=1e-9)
    assert parts["Revenue"] == pytest.approx(model.history.revenue.iloc[-52:].sum())


def test_what_media_truly_brought_is_inside_its_interval(model: ResponseModel) -> None:
    media = contributions(model).parts.iloc[3]
    truth = brought(model.history.spend).iloc[-52:].to_numpy().sum()
    assert media["revenue_low"] < truth < media["revenue_high"]


def test_roas_is_revenue_by_spend(model: ResponseModel) -> None:
    parts = contributions(model).parts.head(3)
    assert parts["roas"].to_numpy() == pytest.approx((parts["revenue"] / parts["spend"]).to_numpy())


def test_its_sentence_names_amount_interval_best_and_worst(model: ResponseModel) -> None:
    text = contributions(model).text
    assert text.startswith("Media brought CN¥")
    assert "90% interval CN¥" in text
    assert "most in 搜索" in text or "most in 社交" in text or "most in 电视" in text


def test_the_next_yuan_brings_less_than_the_average_one_where_channels_saturate(model: ResponseModel) -> None:
    found = returns(model).channels
    assert (found["marginal_roas"] < 1.05 * found["roas"]).all()
    assert found["marginal_roas"].mean() < 0.95 * found["roas"].mean()
    assert (found["marginal_roas_low"] < found["marginal_roas"]).all()


def test_the_next_yuan_is_the_derivative_of_revenue(model: ResponseModel) -> None:
    response, today = plan_response(model, last_year_pattern(model)), today_amounts(model).to_numpy(float)
    rise = (response.revenue(today * 1.0001) - response.revenue(today * 0.9999)) / (0.0002 * today)
    assert response.marginal(today) == pytest.approx(rise, rel=1e-5)


def test_channels_that_pay_for_themselves_are_counted(model: ResponseModel) -> None:
    found = returns(model, gross_margin=0.5)
    paying = int((found.channels["marginal_roas"] >= 2.0).sum())
    assert f"the next one does so in {paying} of 3 channels" in found.caveats[0]
    assert np.isclose(found.numbers()["break_even_roas"], 2.0)
