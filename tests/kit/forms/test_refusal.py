"""Refusals stand at their field, in the reader's words and units."""

import pytest
from tests.kit.forms.asked import Everything

from marketbook.kit.errors import ParamsError
from marketbook.kit.forms import refused
from marketbook.kit.language import speaking
from marketbook.survey.params import AnalyseSurvey


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", {}),
        ("weeks=4&budget_minor=12.50&since=2025-01-01&fast=no", {}),
        ("weeks=many", {"weeks": "must be a whole number"}),
        ("weeks=", {"weeks": "must not be empty"}),
        ("name=+", {"name": "must not be empty"}),
        ("weeks=0&factor=0", {"weeks": "must be at least 1", "factor": "must be greater than 0"}),
        ("factor=nan", {"factor": "must be a finite number"}),
        ("as_of=31.12.2025", {"as_of": "must be a day like 2026-11-23"}),
        ("fast=maybe", {"fast": "must be yes or no"}),
        ("margins=", {"margins": "must hold at least 1; has 0"}),
        ("margins=x", {"margins": "'x' must be one of gender, age band, province"}),
        ("form=tanh", {"form": "must be one of hill, logistic"}),
        ("channel=radio", {"channel": "must be one of search, video"}),
        ("bounds=1&bounds=b", {"bounds": "'b' must be a number"}),
        ("days=7&days=x", {"days": "'7' must be at most 6; 'x' must be a whole number"}),
        ("language=fr", {"language": "must be one of 简体中文, English, 繁體中文"}),
    ],
)
def test_a_value_is_refused_with_what_is_allowed(query: str, told: dict[str, str]) -> None:
    assert refused(Everything, query) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1.005", "must be an amount in yuan, with two decimals at most"),
        ("-0.01", "must be at least 0.00"),
        ("1000000.01", "must be at most 1000000.00"),
    ],
)
def test_money_is_refused_in_yuan(text: str, told: str) -> None:
    assert refused(Everything, f"budget_minor={text}") == {"budget_minor": told}


def test_what_fields_break_together_belongs_to_the_whole_form() -> None:
    assert refused(AnalyseSurvey, "wave_before=2026Q1") == {"": "wave_before must be earlier than wave"}


def test_refusals_speak_the_readers_language() -> None:
    with speaking("zh_Hans"):
        assert refused(AnalyseSurvey, "margins=x&confidence=a") == {
            "margins": "“x”须为以下之一：性别、年龄段、城市等级、省份",
            "confidence": "须为数字",
        }


def test_an_address_that_cannot_be_read_is_no_refusal() -> None:
    with pytest.raises(ParamsError, match="colour: unknown parameter"):
        refused(Everything, "colour=red")
