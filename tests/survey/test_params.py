from typing import Any

import pytest

from marketbook.kit.errors import ParamsError
from marketbook.survey.params import AnalyseSurvey


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"wave_before": "2026Q1"}, "wave_before must be earlier than wave"),
        ({"weight_bounds": [1.5, 3]}, r"weight_bounds: .*the lowest weight must be in 0 to 1"),
        ({"weight_bounds": [0.5]}, "weight_bounds"),
        ({"confidence": 1}, "confidence"),
        ({"banner": "income"}, "banner: .*age_band"),
        ({"margins": []}, "margins"),
        ({"minimum_seconds": -1}, "minimum_seconds"),
    ],
)
def test_it_refuses_values_that_make_no_sense(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ParamsError, match=message):
        AnalyseSurvey.check(given)


def test_its_defaults_are_allowed() -> None:
    assert AnalyseSurvey.check({}).wave == "2025Q4"
