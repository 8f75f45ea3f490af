"""What the lists of the company's rules hold, and what a proposal asks."""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, create_model

from marketbook.kit.errors import RecordError
from marketbook.kit.forms.fields import LongText
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records.parameters import Declared

Why = Annotated[
    LongText,
    Field(
        min_length=1,
        max_length=2_000,
        title=mark("Why it should change"),
        description=mark("What the director should know."),
    ),
]
_PAIR = re.compile(r"\s*(\S+?)\s*[-–—~至]\s*(\S+?)\s*")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ParameterRow(_Strict):
    """A parameter: what holds today and what is coming."""

    title: str = Field(title=mark("Parameter"))
    value: str = Field(title=mark("Holds today"))
    since: str = Field(title=mark("Holds since"))
    coming: str = Field(title=mark("Coming"))
    source: str = Field(title=mark("Source"))
    approved_by: str = Field(title=mark("Approved by"))


class ThresholdRow(_Strict):
    """From which amount another decides."""

    record: str = Field(title=mark("Records"))
    category: str = Field(title=mark("Category"))
    after: str = Field(title=mark("When it is"))
    above: str = Field(title=mark("Decides from the amount on"))
    amount_minor: int = Field(title=mark("From the amount"))
    below: str = Field(title=mark("Goes on below it"))


class StepRow(_Strict):
    """A step that somebody may take with records."""

    record: str = Field(title=mark("Records"))
    step: str = Field(title=mark("Step"))
    who: str = Field(title=mark("Who may take it"))
    four_eyes: bool = Field(title=mark("Second pair of eyes"))
    needs_reason: bool = Field(title=mark("With a reason"))


class ChangeRow(_Strict):
    """A change of a rule."""

    number: str = Field(title=mark("Number of the change"))
    title: str = Field(title=mark("What changes"))
    status: str = Field(title=mark("State"))
    owner: str = Field(title=mark("Proposed by"))
    entered: str = Field(title=mark("Proposed on"))


class NewThreshold(_Strict):
    """Another amount."""

    amount_minor: int = Field(gt=0, le=10**13, title=mark("New amount"))
    source: Why


class NewStep(_Strict):
    """Another rule for a step."""

    four_eyes: bool = Field(title=mark("Second pair of eyes"))
    needs_reason: bool = Field(title=mark("With a reason"))
    source: Why


def proposal(made: Declared) -> type[BaseModel]:
    """Return what is asked to propose another value of a parameter."""
    asked: dict[str, Any] = {
        _name(made): (_kind(made), Field(title=mark("New value"))),
        "valid_from": (date, Field(title=mark("Holds from"))),
        "source": (Why, ...),
    }
    return create_model("Proposal", __config__=ConfigDict(extra="forbid"), **asked)


def proposed(made: Declared, given: BaseModel) -> object:
    """Return the value that was typed, as the parameter takes it.

    Raises:
        RecordError: It cannot be read.
    """
    value = getattr(given, _name(made))
    if _is_plain(made.kind):
        return value
    if not _is_pairs(made.kind):
        return _read(value)
    found = [_PAIR.fullmatch(line) for line in value]
    if not all(found):
        raise RecordError(_("Each line must say from and to, like 09:00-12:00."))
    return [[one[1], one[2]] for one in found if one]


def first(made: Declared, value: Any) -> Mapping[str, Any]:  # noqa: ANN401  # a parameter is of any kind
    """Return what stands in the form of a proposal to begin with: what holds today."""
    if _is_plain(made.kind):
        return {_name(made): value}
    if _is_pairs(made.kind):
        return {_name(made): [f"{begin}-{end}" for begin, end in value]}
    return {_name(made): json.dumps(value, ensure_ascii=False)}


def _name(made: Declared) -> str:
    return "value_minor" if made.name.endswith("_minor") else "value"


def _kind(made: Declared) -> Any:  # noqa: ANN401  # an annotation
    if _is_plain(made.kind):
        return made.kind
    return list[str] if _is_pairs(made.kind) else LongText


def _bare(kind: Any) -> Any:  # noqa: ANN401  # an annotation
    return _bare(get_args(kind)[0]) if get_origin(kind) is Annotated else kind


def _is_plain(kind: Any) -> bool:  # noqa: ANN401  # an annotation
    return _bare(kind) in (int, float, str, bool, date)


def _is_pairs(kind: Any) -> bool:  # noqa: ANN401  # an annotation
    inner = get_args(_bare(kind))
    return get_origin(_bare(kind)) is list and bool(inner) and get_origin(_bare(inner[0])) is tuple


def _read(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        raise RecordError(_("The value cannot be read: it must be written as it stands here.")) from None
