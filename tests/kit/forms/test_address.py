"""Addresses: only what differs is carried, everything comes back, and what is broken is named."""

from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from tests.kit.forms.asked import Channel, Everything

from marketbook.kit.errors import ParamsError
from marketbook.kit.forms import canonical, decode, encode

_LINES = st.text(max_size=15).map(str.strip).filter(lambda text: text and len(text.splitlines()) == 1)
_CODES = _LINES.map(lambda text: ("A" + text).strip())
_FEN = st.integers(0, 100_000_000)
_FLOATS = st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "language": st.sampled_from([None, "en", "zh_Hans", "zh_Hant"]),
        "name": _LINES,
        "note": st.none() | _LINES,
        "weeks": st.integers(1, 104),
        "factor": st.floats(min_value=0, exclude_min=True, allow_infinity=False),
        "gross_margin": st.floats(0, 1, exclude_min=True),
        "budget_minor": _FEN,
        "ceiling_minor": st.none() | st.integers(-(10**15), 10**15),
        "as_of": st.dates(date(2020, 1, 1), date(2030, 12, 31)),
        "since": st.none() | st.dates(),
        "form": st.sampled_from(["hill", "logistic"]),
        "channel": st.sampled_from(Channel),
        "rank": st.sampled_from([None, 1, 2, 3]),
        "margins": st.lists(st.sampled_from(["age_band", "gender", "province"]), min_size=1),
        "channels": st.lists(st.sampled_from(Channel)).map(tuple),
        "fast": st.booleans(),
        "known": st.sampled_from([None, True, False]),
        "codes": st.lists(_CODES, max_size=4),
        "bounds": st.lists(_FLOATS, min_size=2, max_size=2),
        "days": st.none() | st.lists(st.integers(0, 6), min_size=1, max_size=7),
    },
)


@given(VALUES)
def test_what_is_carried_comes_back(values: dict[str, Any]) -> None:
    params = Everything(**values)
    assert Everything.check(decode(encode(dict(params), Everything), Everything)) == params


@given(VALUES)
def test_json_values_are_carried_like_the_models(values: dict[str, Any]) -> None:
    params = Everything(**values)
    assert encode(params.model_dump(mode="json"), Everything) == encode(dict(params), Everything)


@given(VALUES)
def test_a_canonical_address_is_its_own(values: dict[str, Any]) -> None:
    query = encode(dict(Everything(**values)), Everything)
    assert canonical(query, Everything) == query


@given(st.lists(st.tuples(st.sampled_from(sorted(Everything.model_fields)), st.text()), unique_by=lambda pair: pair[0]))
def test_refused_values_are_kept_in_a_canonical_address(pairs: list[tuple[str, str]]) -> None:
    query = canonical(urlencode(pairs), Everything)
    assert canonical(query, Everything) == query


def test_defaults_are_left_out() -> None:
    assert encode(dict(Everything()), Everything) == ""


def test_lists_repeat_the_key_and_money_is_in_yuan() -> None:
    values = {"codes": ["B", "C d"], "budget_minor": 5, "note": "春节"}
    assert encode(values, Everything) == "note=%E6%98%A5%E8%8A%82&budget_minor=0.05&codes=B&codes=C+d"


def test_empty_lists_and_empty_values_are_told_from_defaults() -> None:
    class Asked(BaseModel):
        codes: list[str] = ["a"]
        total: float | None = 1.0

    query = encode({"codes": [], "total": None}, Asked)
    assert (query, decode(query, Asked)) == ("codes=&total=", {"codes": [], "total": None})


def test_what_a_browser_sends_becomes_canonical() -> None:
    sent = "weeks=52&factor=1.50&codes=A1%0D%0AB2%0D%0A&margins=&margins=gender&margins=age_band&fast=yes&note="
    assert canonical(f"{sent}&bounds=0.5&bounds=3", Everything) == "codes=A1&codes=B2&bounds=0.5&bounds=3"


def test_decoded_values_have_their_kinds() -> None:
    assert decode("?weeks=3&factor=2&as_of=2026-01-02&rank=2&fast=no&days=1+2&budget_minor=.5&since=", Everything) == {
        "weeks": 3, "factor": 2.0, "as_of": date(2026, 1, 2), "rank": 2, "fast": False, "days": [1, 2],
        "budget_minor": 50, "since": None,
    }  # fmt: skip


@pytest.mark.parametrize("text", ["1.234", "1e5", "1,5", "-", ".", "٣", "9" * 30])
def test_money_that_cannot_be_read_stays_text(text: str) -> None:
    assert decode(f"budget_minor={text}", Everything) == {"budget_minor": text}


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("week=3", r"week: unknown parameter\. Did you mean 'weeks'\? Allowed are as_of, bounds,"),
        ("weeks=3&weeks=4", r"weeks: stands 2 times in the address; may stand once\."),
        ("name=%zz", r"The address is broken at '%zz': a percent sign is followed by two hexadecimal digits"),
        ("name=%E6%98", "The address is broken at '%E6%98'"),
        ("name=50%", "The address is broken at '50%'"),
        ("%FF=1", "The address is broken at '%FF'"),
    ],
)
def test_a_broken_address_is_named(query: str, told: str) -> None:
    for read in (decode, canonical):
        with pytest.raises(ParamsError, match=told):
            read(query, Everything)


@pytest.mark.parametrize("values", [{"name": " a"}, {"note": ""}, {"codes": ["A\nB"]}, {"codes": [""]}, {"days": []}])
def test_it_refuses_to_carry_what_would_come_back_changed(values: dict[str, Any]) -> None:
    with pytest.raises(ParamsError, match="cannot be carried in an address"):
        encode(values, Everything)


def test_it_refuses_to_carry_what_it_does_not_know() -> None:
    with pytest.raises(ParamsError, match="colour: unknown parameter"):
        encode({"colour": 1}, Everything)


def test_the_language_is_carried_like_any_value() -> None:
    assert decode(encode({"language": "zh_Hant"}, Everything), Everything) == {"language": "zh_Hant"}
    assert canonical("language=", Everything) == ""
    assert parse_qsl(encode({"language": "en"}, Everything)) == [("language", "en")]
