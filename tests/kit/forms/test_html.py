"""The form as HTML: the right widget, described, escaped, with what was refused kept where it was typed."""

from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field
from tests.kit.forms.asked import Everything
from tests.kit.forms.showing import ACTION, Tags, page

from marketbook.kit.errors import ParamsError
from marketbook.kit.forms import form

EVIL = "\"'><script>alert('x')</script><img src=x onerror=alert(1)>"


def _one(name: str, query: str = "") -> tuple[str, dict[str, Any]]:
    return Tags(page(Everything, query)).named(name)[0]


@pytest.mark.parametrize(
    ("name", "tag", "wanted"),
    [
        ("name", "input", {"type": "text", "value": "spring", "required": ""}),
        ("weeks", "input", {"type": "number", "min": "1", "max": "104", "step": "1", "value": "52"}),
        ("factor", "input", {"type": "number", "min": "0", "step": "any", "value": "1.5"}),
        ("gross_margin", "input", {"type": "number", "min": "0", "max": "1", "step": "any"}),
        ("budget_minor", "input", {"type": "number", "max": "1000000.00", "step": "0.01", "value": "1234.50"}),
        ("as_of", "input", {"type": "date", "min": "2020-01-01", "max": "2030-12-31", "value": "2025-12-31"}),
        ("form", "select", {"required": ""}),
        ("fast", "input", {"type": "radio", "value": "yes", "checked": None}),
        ("codes", "textarea", {}),
        ("bounds", "input", {"type": "number", "step": "any", "value": "0.5", "aria-label": "bounds 1"}),
        ("margins", "input", {"type": "hidden", "value": ""}),
    ],
)
def test_each_kind_has_its_widget(name: str, tag: str, wanted: dict[str, Any]) -> None:
    found, attributes = _one(name)
    assert found == tag
    assert attributes.items() >= wanted.items()


def test_many_choices_are_boxes_in_the_order_of_the_default() -> None:
    boxes = [a for _tag, a in Tags(page(Everything)).named("margins") if a["type"] == "checkbox"]
    assert [(box["value"], "checked" in box) for box in boxes] == [
        ("gender", True), ("age_band", True), ("province", False),
    ]  # fmt: skip


def test_every_label_description_and_link_points_to_something_and_ids_are_unique() -> None:
    tags = Tags(page(Everything, "weeks=x&margins=y&fast=z&bounds=1&codes=a&as_of=b&form=c"))
    assert len(tags.ids) == len(set(tags.ids))
    assert tags.pointed <= set(tags.ids)
    assert {"mb-weeks-error", "mb-margins", "mb-fast-error", "mb-name-help"} <= tags.pointed


@pytest.mark.parametrize(
    ("name", "text"), [("weeks", "many"), ("as_of", "31.12.2025"), ("budget_minor", "1.005"), ("name", "x" * 30)]
)
def test_a_refused_value_stays_in_an_input_that_can_hold_it(name: str, text: str) -> None:
    _tag, attributes = _one(name, f"{name}={text}")
    assert (attributes["type"], attributes["value"], attributes["aria-invalid"]) == ("text", text, "true")


@pytest.mark.parametrize("name", ["form", "fast", "margins"])
def test_a_refused_choice_stays_among_the_choices(name: str) -> None:
    html = page(Everything, f"{name}=stranger")
    chosen = [a for _tag, a in Tags(html).all if a.get("value") == "stranger"]
    assert len(chosen) == 1
    assert {"selected", "checked"} & set(chosen[0])


def test_refused_lists_stay_whole() -> None:
    assert "\na\nB</textarea>" in page(Everything, "codes=a&codes=B")
    values = [a["value"] for _tag, a in Tags(page(Everything, "bounds=1&bounds=b")).named("bounds")]
    assert values == ["1", "b"]
    assert "\n1\n2\n3</textarea>" in page(Everything, "bounds=1&bounds=2&bounds=3")


def test_refusals_stand_at_the_field_and_are_linked_from_the_top() -> None:
    html = page(Everything, "weeks=0")
    assert '<a href="#mb-weeks">weeks</a>: must be at least 1' in html
    assert '<p class="mb-error" id="mb-weeks-error">must be at least 1</p>' in html
    assert html.index('role="alert"') < html.index('name="weeks"')
    assert 'role="alert"' not in page(Everything)


def test_a_changed_value_tells_its_default_and_the_way_back() -> None:
    html = page(Everything, "weeks=4&fast=no&as_of=2026-01-01")
    assert all(f"Default: {value}<" in html for value in ("52", "yes", "31 Dec 2025"))
    assert f'<a href="{ACTION}">Back to the defaults</a>' in html
    assert "Default:" not in page(Everything)


@pytest.mark.parametrize(
    "told",
    ["At least 1; less than 105", "More than 0; at most 1; 0.25 is 25%", "From ¥0 to ¥1,000,000",
     "At most 20 characters", "More than 31 Dec 2019; at most 31 Dec 2030", "Written as ^[A-Z]; one on each line"],
)  # fmt: skip
def test_limits_are_told_in_words(told: str) -> None:
    assert told.lower() in page(Everything).lower()


def test_every_text_is_escaped() -> None:
    class Asked(BaseModel):
        text: str = Field(default=EVIL, title=EVIL, description=EVIL, pattern=".*" + EVIL[:3])
        pick: Literal["a", EVIL] = Field(default="a", title=EVIL)  # type: ignore[valid-type]
        many: list[Literal["a", EVIL]] = Field(default=[], title=EVIL)  # type: ignore[valid-type]
        lines: list[str] = Field(default=[EVIL], title=EVIL)
        pair: list[float] = Field(default=[1, 2], min_length=2, max_length=2, title=EVIL)

    query = "text=x&" + "&".join(f"{name}=%22%3E%3Cscript%3E%3C%2Ftextarea%3E" for name in ("pick", "many", "lines"))
    html = form(Asked, query + "&pair=%3Cscript%3E", action=EVIL, refusals={"": EVIL, "text": EVIL}, submit=EVIL)
    tags = Tags(html)
    assert not {"script", "img"} & {tag for tag, _attributes in tags.all}
    assert not [name for _tag, attributes in tags.all for name in attributes if name.startswith("on")]
    assert html.count("</textarea>") == 1


def test_the_form_needs_no_script_and_no_other_host() -> None:
    html = page(Everything)
    assert "<script" not in html
    assert "://" not in html


def test_it_refuses_an_address_it_cannot_read() -> None:
    with pytest.raises(ParamsError, match="colour: unknown parameter"):
        form(Everything, "colour=red", action=ACTION)
