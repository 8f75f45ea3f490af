import numpy as np

from marketbook.budget.curve import response_curves
from marketbook.budget.history import History
from marketbook.budget.response.model import ModelSettings, ResponseModel, fit_response


def test_curves_rise_from_nothing_and_flatten(model: ResponseModel) -> None:
    wide = response_curves(model).curves.pivot(index="spend_share", columns="channel", values="revenue")
    steps = np.diff(wide.to_numpy(), axis=0)
    assert (wide.iloc[0] == 0).all()
    assert (steps > 0).all()
    assert (np.diff(steps, axis=0) < 0).all()


def test_the_summary_reads_off_the_curves(model: ResponseModel) -> None:
    found = response_curves(model)
    today = found.curves.query("spend_share == 1.0").set_index("channel")["revenue"]
    assert np.allclose(found.summary.set_index("channel")["revenue_today"], today[found.summary["channel"]])
    assert found.summary["used_share"].between(0, 1).all()


def test_the_sentence_names_most_and_least_room(model: ResponseModel) -> None:
    found = response_curves(model)
    order = found.summary.sort_values("used_share")["channel"]
    assert found.text.startswith(f"{order.iloc[0]} has most room to grow")
    assert f"{order.iloc[-1]} is nearest its ceiling" in found.text


def test_a_form_without_a_ceiling_says_so(model: ResponseModel, history: History) -> None:
    endless = fit_response(history, ModelSettings.of(saturation="root", adstock_weeks=8), draws=100)
    assert any("no ceiling" in caveat for caveat in response_curves(endless).caveats)
    assert not any("no ceiling" in caveat for caveat in response_curves(model).caveats)
