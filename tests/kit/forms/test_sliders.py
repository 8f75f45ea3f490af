"""Sliders as a kernel holds them: what a browser may ask of them, and what it is told."""

from collections.abc import Mapping
from typing import Any

import pytest

from marketbook.kit.errors import ParamsError, RecordError
from marketbook.kit.forms.sliders import Answer, Bar, Face, Sheet, Slider, Sliders

TOTAL = Slider("total", "Total", 50, 200, 1, 100, "{value}%")
OWN = Slider("least", "At least", 0, 100, 5, 70, group="own", follows="total")


def answer(values: Mapping[str, float]) -> Answer:
    if values["total"] > 150:
        raise ParamsError("too much")
    if values["total"] == 150:
        raise ZeroDivisionError("secret")
    return Answer(f"{values['total']:.0f}", [("a", "b")], [Bar("x", [1, 2], 0, 3)], [Sheet("t", ["c"], [["d"]])], ["n"])


def made() -> Sliders:
    return Sliders([TOTAL, OWN], Face("T", "about", "bars", ["now", "then"]), answer=answer)


def said(sliders: Sliders, values: Any) -> dict[str, Any]:
    sent: list[dict[str, Any]] = []
    sliders.send = sent.append  # type: ignore[method-assign]
    sliders._heard(sliders, {"id": "q1", "values": values}, [])
    return sent[0]


def test_the_first_answer_is_there_at_once_and_followers_ask_for_nothing() -> None:
    sliders = made()
    assert sliders.described["first"]["told"] == "100"
    assert sliders.values == {"total": 100.0}
    assert [one["name"] for one in sliders.described["sliders"]] == ["total", "least"]


@pytest.mark.usefixtures("visited")
def test_a_move_is_answered_under_its_number() -> None:
    found = said(made(), {"total": 120, "least": 50})
    assert (found["id"], found["told"], found["bars"][0]["values"]) == ("q1", "120", [1, 2])


@pytest.mark.usefixtures("visited")
def test_what_is_refused_is_told_and_what_fails_gets_a_number() -> None:
    assert said(made(), {"total": 160})["refused"] == "too much"
    told = said(made(), {"total": 150})["refused"]
    assert "secret" not in told
    assert "Please tell the administrator this number" in told


@pytest.mark.parametrize("values", [{"total": 201}, {"total": "120"}, {"total": True}, {"other": 1}, {"total": None}])
@pytest.mark.usefixtures("visited")
def test_no_slider_stands_where_it_cannot(values: dict[str, Any]) -> None:
    sliders = made()
    with pytest.raises(RecordError):
        sliders.move(values)
    assert said(sliders, values)["refused"]
    assert sliders.values == {"total": 100.0}


def test_nobody_is_answered_who_is_not_served() -> None:
    assert "browser pages" in said(made(), {"total": 100})["refused"]
