from typing import Any

import pytest

from marketbook.budget.params import AllocateBudget
from marketbook.kit.errors import ParamsError


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
        ({"saturation": "tanh"}, "saturation: found 'tanh'"),
        ({"holdout_weeks": "many"}, "holdout_weeks: found 'many'"),
        ({"budget": 5}, "budget: unknown"),
    ],
)
def test_it_refuses_what_makes_no_sense(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ParamsError, match=message.replace("[", r"\[")):
        AllocateBudget.check(given)
