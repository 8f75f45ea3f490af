"""Sliders as a kernel holds them: what a browser may ask of them, and what it is told."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from marketbook.kit.errors import ParamsError, RecordError
from marketbook.kit.forms.limits import Joint, Together
from marketbook.kit.forms.sliders import Answer, Bar, Face, Sheet, Slider, Sliders

TOTAL = Slider("total", "Total", 50, 200, 1, 100, "{value}%")
OWN = Slider("least", "At least", 0, 100, 5, 70, group="own", follows="total")


JOINT = Joint("Together", "about", {"a": "A", "b": "B", "c": "C"}, "%", "yuan")


def answer(values: Mapping[str, float], together: Sequence[Together]) -> Answer:
    if together:
        return Answer(repr(together))
    if values["total"] > 150:
        raise ParamsError("too much")
    if values["total"] == 150:
        raise ZeroDivisionError("secret")
    return Answer(f"{values['total']:.0f}", [("a", "b")], [Bar("x", [1, 2], 0, 3)], [Sheet("t", ["c"], [["d"]])], ["n"])


def made(joint: Joint | None = JOINT) -> Sliders:
    return Sliders([TOTAL, OWN], Face("T", "about", "bars", ["now", "then"], joint=joint), answer=answer)


def said(sliders: Sliders, values: Any, *together: Any) -> dict[str, Any]:
    sent: list[dict[str, Any]] = []
    sliders.send = sent.append  # type: ignore[method-assign]
    sliders._heard(sliders, {"id": "q1", "values": values, "together": list(together)}, [])
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


def limit(members: Any = ("b", "a"), least: Any = "", most: Any = "120", unit: Any = "percent") -> dict[str, Any]:
    return {"members": list(members), "least": least, "most": most, "unit": unit}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (limit(), Together(("a", "b"), None, 120.0)),
        (limit(least="80%", most="１２０"), Together(("a", "b"), 80.0, 120.0)),
        (limit(least="¥1,234.56", most="500万", unit="amount"), Together(("a", "b"), 123_456, 500_000_000, False)),
    ],
)
@pytest.mark.usefixtures("visited")
def test_limits_of_several_are_read_as_people_write_them(written: dict[str, Any], read: Together) -> None:
    sliders = made()
    assert said(sliders, {"total": 100}, written)["told"] == repr((read,))
    assert sliders.together == (read,)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (limit(members="a"), "Limit 1: choose at least two"),
        (limit(members=["a", "x"]), "Limit 1: choose at least two"),
        (limit(most=" "), "Limit 1: give at least one end"),
        (limit(most="much"), "Limit 1: found 'much'; write a percentage from 0 on"),
        (limit(most="-3"), "Limit 1: found '-3'"),
        (limit(most="nan"), "Limit 1: found 'nan'"),
        (limit(least=[5]), "Limit 1: found"),
        (limit(least="1.234", unit="amount"), "Limit 1: found '1.234'; write an amount in yuan"),
        (limit(unit="kg"), "Limit 1: there is no such unit"),
        ("nonsense", "Limit 1"),
    ],
)
@pytest.mark.usefixtures("visited")
def test_a_limit_that_cannot_be_read_is_refused_and_nothing_is_changed(written: Any, told: str) -> None:
    sliders = made()
    assert told in said(sliders, {"total": 120}, written)["refused"]
    assert (sliders.values, sliders.together) == ({"total": 100.0}, ())


@pytest.mark.usefixtures("visited")
def test_there_are_no_more_limits_than_are_offered() -> None:
    assert "8 limits" in said(made(), {"total": 100}, *[limit()] * 9)["refused"]
    assert "8 limits" in said(made(joint=None), {"total": 100}, limit())["refused"]


@pytest.mark.usefixtures("visited")
def test_the_kernel_puts_sliders_and_limits_somewhere_and_tells_the_answer() -> None:
    sliders, sent = made(), []
    sliders.send = sent.append  # type: ignore[method-assign]
    limit_there = Together(("a", "b"), 80.5, None)
    sliders.turn({"total": 120}, [limit_there])
    written = {"members": ["a", "b"], "least": "80.5", "most": "", "unit": "percent"}
    assert sent[0]["turned"] == {"values": {"total": 120.0}, "together": [written]}
    assert sent[0]["told"] == repr((limit_there,))
    sliders.turn({"total": 160})
    assert sent[1]["refused"] == "too much"
