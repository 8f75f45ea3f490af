"""Fields: what a model asks is described once, in the language spoken when it is shown."""

from datetime import datetime
from typing import Annotated

import pytest
from pydantic import BaseModel, Field
from tests.kit.forms.asked import Everything

from marketbook.kit.forms import UNSET, Limits, fields
from marketbook.kit.language import speaking
from marketbook.survey.params import AnalyseSurvey

FIELDS = {field.name: field for field in fields(Everything)}


def test_every_field_has_the_kind_its_annotation_asks_for() -> None:
    assert {name: field.kind for name, field in FIELDS.items()} == {
        "language": "choice", "name": "text", "note": "text", "weeks": "whole", "factor": "number",
        "gross_margin": "share", "budget_minor": "money", "ceiling_minor": "money", "as_of": "date", "since": "date",
        "form": "choice", "channel": "choice", "rank": "choice", "margins": "choices", "channels": "choices",
        "fast": "flag", "known": "flag", "codes": "texts", "bounds": "numbers", "days": "numbers",
    }  # fmt: skip


def test_optional_admits_empty_and_a_least_length_does_not() -> None:
    assert {name for name, field in FIELDS.items() if field.optional} == {
        "language", "note", "ceiling_minor", "since", "rank", "known", "days",
    }  # fmt: skip
    assert not FIELDS["codes"].required
    assert FIELDS["margins"].required
    assert FIELDS["name"].required


def test_limits_are_the_models_own_for_the_list_and_for_its_items() -> None:
    assert FIELDS["weeks"].limits == Limits(ge=1, lt=105)
    assert FIELDS["name"].limits == Limits(min_length=1, max_length=20)
    assert FIELDS["codes"].item == Limits(pattern="^[A-Z]")
    assert (FIELDS["days"].limits, FIELDS["days"].item) == (Limits(max_length=7), Limits(ge=0, le=6))
    assert (FIELDS["days"].whole, FIELDS["bounds"].whole, FIELDS["bounds"].count) == (True, False, 2)


def test_limits_inside_optional_are_found() -> None:
    class Asked(BaseModel):
        share_lost: Annotated[float, Field(ge=0.1)] | None = None

    (field,) = fields(Asked)
    assert (field.kind, field.optional, field.limits) == ("share", True, Limits(ge=0.1))


def test_choices_keep_their_values_and_the_defaults_come_first() -> None:
    assert [choice.value for choice in FIELDS["margins"].choices] == ["gender", "age_band", "province"]
    assert [(choice.value, choice.text) for choice in FIELDS["rank"].choices] == [(1, "1"), (2, "2"), (3, "3")]
    assert [choice.value for choice in FIELDS["channel"].choices] == ["search", "video"]


def test_a_field_without_default_says_so() -> None:
    class Asked(BaseModel):
        weeks: int
        codes: list[str] = Field(default_factory=lambda: ["a"])

    assert [field.default for field in fields(Asked)] == [UNSET, ["a"]]


@pytest.mark.parametrize(
    ("spoken", "title", "label"),
    [("en", "By group", "city tier"), ("zh_Hans", "分组方式", "城市等级"), ("zh_Hant", "分組方式", "城市等級")],
)
def test_titles_and_choices_are_in_the_language_of_the_moment(spoken: str, title: str, label: str) -> None:
    with speaking(spoken):
        (field,) = [field for field in fields(AnalyseSurvey) if field.name == "banner"]
    assert (field.title, field.choices[1].label) == (title, label)


def test_languages_are_called_by_their_own_names() -> None:
    with speaking("zh_Hant"):
        assert [c.label for c in fields(Everything)[0].choices] == ["简体中文", "English", "繁體中文"]


@pytest.mark.parametrize("kind", [dict[str, int], datetime, int | str, list[bool], list[list[int]], tuple[int, str]])
def test_it_refuses_what_no_field_can_ask(kind: type) -> None:
    class Asked(BaseModel):
        field: kind  # type: ignore[valid-type]

    with pytest.raises(TypeError, match="a form cannot ask for"):
        fields(Asked)
