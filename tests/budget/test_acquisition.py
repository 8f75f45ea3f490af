import pytest

from marketbook.budget.acquisition import acquisition
from marketbook.budget.response.model import ResponseModel
from marketbook.budget.returns import returns
from marketbook.kit.errors import ParamsError


def test_an_order_costs_its_value_over_what_a_yuan_brings(model: ResponseModel) -> None:
    found = acquisition(model, order_value=200.0).channels.set_index("channel")
    roas = returns(model).channels.set_index("channel").loc[found.index]
    assert found["cost_order"].to_numpy() == pytest.approx(200 / roas["roas"].to_numpy())
    assert found["cost_next"].to_numpy() == pytest.approx(200 / roas["marginal_roas"].to_numpy())
    assert found["cost_next_low"].to_numpy() == pytest.approx(200 / roas["marginal_roas_high"].to_numpy())


def test_orders_times_their_cost_are_what_was_spent(model: ResponseModel) -> None:
    found = acquisition(model, order_value=200.0).channels.set_index("channel")
    spent = model.history.media.iloc[-52:].sum()[found.index]
    assert (found["n_orders"] * found["cost_order"]).to_numpy() == pytest.approx(spent.to_numpy())


def test_the_cheapest_next_order_comes_first_and_each_has_its_interval(model: ResponseModel) -> None:
    found = acquisition(model, order_value=200.0)
    costs = found.channels
    assert costs["cost_next"].is_monotonic_increasing
    assert (costs["cost_next_low"] < costs["cost_next"]).all()
    assert (costs["cost_next"] < costs["cost_next_high"]).all()
    assert found.text.startswith(f"The next order costs least in {costs['channel'][0]}, CN¥")


def test_it_refuses_an_order_without_value(model: ResponseModel) -> None:
    with pytest.raises(ParamsError, match=r"order_value: found 0.0; must be > 0"):
        acquisition(model, order_value=0.0)


def test_without_orders_it_says_that_nothing_can_be_told(model: ResponseModel) -> None:
    found = acquisition(model, order_value=None)
    assert found.text.startswith("No orders were counted in the last year")
    assert found.table.empty
    assert (found.chart(), found.numbers(), found.caveats) == (None, {}, [])
