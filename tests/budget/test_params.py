from typing import Any, get_args

import pytest

from marketbook.budget.params import AllocateBudget, ModelResponse
from marketbook.budget.response import adstock, saturation
from marketbook.kit.errors import ParamsError


def test_all_forms_are_known_by_name() -> None:
    fields, modelled = AllocateBudget.model_fields, ModelResponse.model_fields
    assert get_args(modelled["saturation"].annotation) == tuple(saturation.FORMS)
    assert get_args(fields["saturation"].annotation) == ("averaged", *saturation.FORMS)
    assert get_args(fields["adstock"].annotation) == tuple(adstock.FORMS)


def test_the_defaults_are_allowed() -> None:
    assert AllocateBudget.check({}).total is None


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"horizon_weeks": 0}, "horizon_weeks: found 0"),
        ({"total": -1}, "total: found -1"),
        ({"bounds_percent": [130, 70]}, "the least must be >= 0 and not above the most"),
        ({"bounds_percent": [70]}, "bounds_percent"),
        ({"gross_margin": 40}, "gross_margin: found 40"),
        ({"saturation": "cubic"}, "saturation: found 'cubic'"),
        ({"adstock": "none"}, "adstock: found 'none'"),
        ({"worst_share": 0}, "worst_share: found 0"),
        ({"limits": ["抖音 50 to 200"]}, "limits"),
        ({"limits": ["抖音=50%-200"]}, "limits"),
        ({"target": "roi=2"}, "target: found 'roi=2'"),
        ({"budget": 5}, "budget: unknown"),
    ],
)
def test_it_refuses_what_makes_no_sense(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ParamsError, match=message.replace("[", r"\[")):
        AllocateBudget.check(given)


def test_ranges_of_return_are_read() -> None:
    found = ModelResponse.check({"roas": ["抖音=1.5-6", " B站 = 0.2 - 3 "]})
    assert found.roas_ranges == {"抖音": (1.5, 6.0), "B站": (0.2, 3.0)}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"roas": ["抖音"]}, "'抖音' must be a channel and a range"),
        ({"roas": ["抖音=-1-3"]}, "must be a channel and a range"),
        ({"media_share": 1.5}, "media_share: found 1.5"),
        ({"holidays_of": "China"}, "holidays_of: found 'China'"),
    ],
)
def test_beliefs_that_make_no_sense_are_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ParamsError, match=message):
        ModelResponse.check(given)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, ("week", 8, 104)),
        ({"history_weeks": 80}, ("week", 8, 80)),
        ({"detail": "by_week"}, ("week", 8, 0)),
        ({"detail": "by_day", "adstock_weeks": 2}, ("day", 14, 0)),
    ],
)
def test_the_level_of_detail_says_what_is_learned_from(given: dict[str, Any], found: tuple[str, int, int]) -> None:
    chosen = ModelResponse.check(given)
    assert (chosen.period, chosen.adstock_periods, chosen.geo_weeks) == found
