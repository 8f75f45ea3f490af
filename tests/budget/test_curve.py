import numpy as np

from marketbook.budget.curve import response_curves
from marketbook.budget.response import ResponseModel


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
