"""One schema per notebook: the pydantic model that checks parameters before a kernel starts.

The model stands in `marketbook.<domain>.params` under the notebook's name in capitals (`analyse-survey.ipynb` has
`AnalyseSurvey`). A notebook opens with `run = AnalyseSurvey.open(globals())`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Generic, Self, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from marketbook.kit import language
from marketbook.kit.config import LanguageName, settings
from marketbook.kit.errors import ParamsError
from marketbook.kit.faults import allowed
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.suggestion import instead

if TYPE_CHECKING:
    from marketbook.kit.facts import Facts
    from marketbook.kit.store import Store

P = TypeVar("P", bound="Params")

Confidence = Annotated[
    float,
    Field(
        gt=0.5,
        lt=1,
        title=mark("Confidence level"),
        description=mark("How often an interval should hold the truth, between 0.5 and 1."),
    ),
]
"""The level of a report's intervals."""


class Params(BaseModel):
    """The parameters of one notebook; subclass it and declare a field for each.

    Give every field a default (the demo company's), a `title` and a `description`, both through `mark`; constrain it
    with pydantic (`Field(ge=..)`, `Literal[..]`, `date`, lists). Dates may come as ISO text: YAML and papermill do so.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, allow_inf_nan=False)

    needs: ClassVar[tuple[str, ...]] = ()
    """Names of the datasets that the notebook reads; checked before a kernel starts."""

    views: ClassVar[tuple[str, ...]] = ()
    """Names of the views of the records that its numbers open: who may see the report may see their rows."""

    language: LanguageName | None = Field(
        default=None, title=mark("Language"), description=mark("Language of the report; empty: the workspace's own.")
    )

    @field_validator("*", mode="before")
    @classmethod
    def _take_as_meant(cls, value: object, info: ValidationInfo) -> object:
        """Refuse what pydantic would read between the lines: a number as a day, a truth as a number."""
        kinds = _kinds(cls.model_fields[str(info.field_name)].annotation)
        if isinstance(value, bool) and kinds & {int, float} and bool not in kinds:
            raise PydanticCustomError("float_type", "not a number")
        if isinstance(value, int | float) and kinds & {date, datetime} and not kinds & {int, float}:
            raise PydanticCustomError("date_type", "not a day")
        return value

    @classmethod
    def open(cls, namespace: Mapping[str, Any]) -> "Run[Self]":
        """Check the notebook's parameters and open what it needs; the first line after the parameters cell.

        Args:
            namespace: The notebook's `globals()`; names that are not parameters are left alone.

        Raises:
            ParamsError: A value is missing or not allowed; the message names the parameter, the value and the rule.
        """
        from marketbook.kit.facts import Facts  # slow to import, and who checks parameters does without
        from marketbook.kit.store import Store

        params = cls.check({name: namespace[name] for name in cls.model_fields if name in namespace})
        spoken = params.language or settings().language
        language.use(spoken)
        facts = Facts(settings().facts)
        facts.use_labels()
        return Run(params=params, facts=facts, store=Store(settings().store), language=spoken)

    @classmethod
    def check(cls, given: Mapping[str, Any], *, where: str = "") -> Self:
        """Check parameters from a file, the command line or a form.

        Args:
            given: Values by parameter name.
            where: Where they were found (a file's name), for the message.

        Raises:
            ParamsError: Naming the place, the key, the value and what is allowed; all faults at once.
        """
        try:
            return cls.model_validate(dict(given))
        except ValidationError as error:
            raise ParamsError(explain(error, cls, where=where)) from None


@dataclass(frozen=True)
class Run(Generic[P]):
    """What a notebook works with: its checked parameters, the facts, the store (read-only) and the language."""

    params: P
    facts: "Facts"
    store: "Store"
    language: LanguageName


def _kinds(annotation: Any) -> set[Any]:  # noqa: ANN401  # an annotation is any object
    inner = get_args(annotation)
    return {annotation}.union(*(_kinds(kind) for kind in inner)) if inner else {annotation}


def explain(error: ValidationError, model: type[BaseModel], *, where: str = "") -> str:
    """Write pydantic's faults as lines of place, key, value and what is allowed."""
    return "\n".join(f"{where}: {_line(fault, model)}" if where else _line(fault, model) for fault in error.errors())


def _line(fault: Mapping[str, Any], model: type[BaseModel]) -> str:
    key = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        known = [name for name in model.model_fields if name != "language"]
        return _("{key}: unknown parameter.").format(key=key) + f" {instead(key, known)}"
    if fault["type"] == "missing":
        return _("{key}: is missing.").format(key=key)
    return _("{key}: found {found}; {allowed}.").format(key=key, found=repr(fault["input"]), allowed=allowed(fault))
