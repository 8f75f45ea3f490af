"""What a model asks, as fields: the constraint is written once, in the model, and the form is made from it.

Titles, descriptions and choices are translated when the fields are described, so that one model serves every language.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from marketbook.kit import language
from marketbook.kit.language import gettext as _

Kind = Literal[
    "text", "whole", "number", "share", "money", "date", "choice", "choices", "flag", "texts", "numbers",
    "long", "reference", "hidden", "attachment", "lines",
]  # fmt: skip
"""What is typed or chosen; those of the second line only records ask for, not an address."""

LISTS: frozenset[Kind] = frozenset({"choices", "texts", "numbers"})
"""The kinds that hold more than one value."""

_EMPTY = {"text", "long", "lines", *LISTS}
"""The kinds whose emptiness is a value."""

UNSET = object()
"""The default of a field that has none."""

LANGUAGES = {"zh_Hans": "简体中文", "en": "English", "zh_Hant": "繁體中文"}
"""Each language by its own name, whichever is spoken."""


@dataclass(frozen=True)
class Shape:
    """Says in a record's model how a field is asked for, where its type does not."""

    kind: Literal["long", "reference", "hidden"]


@dataclass(frozen=True, eq=False)
class Labels:
    """Says what choices are called: messages, marked for the catalogue, by value."""

    by_value: Mapping[str, str]


@dataclass(frozen=True)
class Sums:
    """Says of a table that its amounts are summed while they are typed, by row and by column; nothing is a dash.

    Attributes:
        pinned: How many of its first columns stay in view.
    """

    pinned: int = 1


LongText = Annotated[str, Shape("long")]
"""Text of several lines."""

Reference = Annotated[int, Shape("reference")]
"""The id of another record, found by searching."""

Hidden = Annotated[str, Shape("hidden")]
"""What travels with the form unseen, such as the version that was shown."""


class Attached(BaseModel):
    """A file that was attached: its content is in the attachments' folder under its hash."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(min_length=1, max_length=200)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    size: int = Field(ge=0)


_SHARE = re.compile(r"(^|_)(share|rate)(_|$)")
_MANY = (list, tuple, set, frozenset, Sequence, Iterable)


@dataclass(frozen=True)
class Limits:
    """What a value must keep to, as the model says it (money in fen); None where it says nothing."""

    ge: Any = None
    gt: Any = None
    le: Any = None
    lt: Any = None
    multiple_of: Any = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None


@dataclass(frozen=True)
class Choice:
    """One of a few values: as the model takes it, as the address writes it, as the reader sees it."""

    value: Any
    text: str
    label: str


@dataclass(frozen=True)
class FormField:
    """One field of a form.

    Attributes:
        name: The model's name for it.
        title: What stands above it, in the reader's language.
        help: What it means; may be empty.
        kind: What is typed or chosen.
        required: It may not be left empty.
        optional: Left empty it is None.
        whole: The numbers of a list are whole numbers.
        limits: Of the value, or of the list as a whole.
        item: Limits of each value of a list.
        choices: What can be chosen, in the order shown; for `choices` the default ones come first.
        default: The value where nothing is given; `UNSET` where one must be.
        columns: What each line of a table holds.
        sums: How a table's amounts are summed; None where they are not.
    """

    name: str
    title: str
    help: str
    kind: Kind
    required: bool
    optional: bool
    whole: bool
    limits: Limits
    item: Limits
    choices: tuple[Choice, ...]
    default: Any
    columns: "tuple[FormField, ...]" = ()
    sums: Sums | None = None

    @property
    def count(self) -> int | None:
        """How many values a list must hold, where the model fixes it."""
        return self.limits.max_length if self.limits.min_length == self.limits.max_length else None


def fields(model: type[BaseModel], *, record: bool = False) -> list[FormField]:
    """Describe a model's fields in the current language, in the model's order.

    Args:
        model: Its fields go by their names (no aliases) and hold text, whole numbers, numbers, days, yes or no, one
            or many of a few values (`Literal`, `Enum`), lists of text or of numbers. `Optional` admits empty. Whole
            numbers called `.._minor` are money in fen.
        record: The model is a record's: it may also hold `LongText`, `Reference`, `Hidden`, `Attached` and a list of
            models, which is a table of lines.

    Raises:
        TypeError: A field holds something else.

    Example:
        >>> class Plan(BaseModel):
        ...     weeks: int = 52
        ...     spend_minor: int | None = None
        >>> [(field.name, field.kind, field.optional) for field in fields(Plan)]
        [('weeks', 'whole', False), ('spend_minor', 'money', True)]
    """
    return [_field(name, info, record=record) for name, info in model.model_fields.items()]


def _field(name: str, info: FieldInfo, *, record: bool) -> FormField:
    asked = _unwrapped(info.annotation, info.metadata)
    many = _item_of(asked.kind)
    item = _unwrapped(many) if many is not None else None
    default = _default(info)
    limits = _limits(asked.metadata)
    own = _of_record(asked, item) if record else None
    kind = own or _kind(name, (item or asked).kind, limits, many=item is not None)
    return FormField(
        name=name,
        title=_(info.title or name.replace("_", " ")),
        help=_(info.description) if info.description else "",
        kind=kind,
        required=not asked.optional and (kind not in _EMPTY or bool(limits.min_length)),
        optional=asked.optional,
        whole=item is not None and item.kind is int,
        limits=limits,
        item=_limits(item.metadata) if item else Limits(),
        choices=_choices((item or asked).kind, default if item else (), named=_names(name, item or asked)),
        default=default,
        columns=tuple(_columns(item.kind)) if item and kind == "lines" else (),
        sums=next((one for one in asked.metadata if isinstance(one, Sums)), None),
    )


def _of_record(asked: "_Asked", item: "_Asked | None") -> Kind | None:
    """Return the kind of what only records hold."""
    if item is not None:
        return "lines" if isinstance(item.kind, type) and issubclass(item.kind, BaseModel) else None
    if isinstance(asked.kind, type) and issubclass(asked.kind, Attached):
        return "attachment"
    shapes = [one.kind for one in asked.metadata if isinstance(one, Shape)]
    return shapes[-1] if shapes else None


def _columns(line: type[BaseModel]) -> list[FormField]:
    found = fields(line, record=True)
    for one in found:
        if one.kind in {"lines", "attachment", "hidden", *LISTS}:
            raise TypeError(f"{one.name}: a table's cell cannot hold {one.kind}")
    return found


@dataclass(frozen=True)
class _Asked:
    """An annotation without `Optional` and `Annotated` around it."""

    kind: Any
    metadata: tuple[Any, ...]
    optional: bool


def _unwrapped(annotation: Any, metadata: Iterable[Any] = ()) -> _Asked:  # noqa: ANN401  # an annotation is any object
    said, optional = list(metadata), False
    while get_origin(annotation) in (Annotated, Union, UnionType):
        inner = get_args(annotation)
        if get_origin(annotation) is Annotated:
            annotation, *more = inner
            said += [part for one in more for part in (one.metadata if isinstance(one, FieldInfo) else [one])]
        else:
            left = tuple(kind for kind in inner if kind is not NoneType)
            optional = optional or len(left) < len(inner)
            annotation = float if set(left) == {int, float} else left[0]
            if len(left) > 1 and annotation is not float:
                raise TypeError(f"a form cannot ask for one of {left}")
    if get_origin(annotation) is Literal and None in get_args(annotation):
        return _Asked(Literal[tuple(v for v in get_args(annotation) if v is not None)], tuple(said), optional=True)
    return _Asked(annotation, tuple(said), optional)


def _item_of(kind: Any) -> Any:  # noqa: ANN401  # an annotation is any object
    """Return what a list holds; None where the kind is no list."""
    if get_origin(kind) not in _MANY:
        return None
    inner = {one for one in get_args(kind) if one is not Ellipsis}
    if len(inner) != 1:
        raise TypeError(f"a form cannot ask for {kind}")
    return inner.pop()


def _limits(metadata: Iterable[Any]) -> Limits:
    names = Limits.__dataclass_fields__
    found = {name: value for one in metadata for name in names if (value := getattr(one, name, None)) is not None}
    return Limits(**found)


def _kind(name: str, kind: Any, limits: Limits, *, many: bool) -> Kind:  # noqa: ANN401  # an annotation is any object
    if get_origin(kind) is Literal or (isinstance(kind, type) and issubclass(kind, Enum)):
        return "choices" if many else "choice"
    if many and kind in (int, float):
        return "numbers"
    if many and kind is str:
        return "texts"
    plain: dict[Any, Kind] = {str: "text", bool: "flag", date: "date"}
    if not many and kind in plain and kind is not datetime:
        return plain[kind]
    if not many and kind is int:
        return "money" if name.endswith("_minor") else "whole"
    if not many and kind is float:
        return "share" if _is_share(name, limits) else "number"
    raise TypeError(f"{name}: a form cannot ask for {kind}")


def _is_share(name: str, limits: Limits) -> bool:
    low = limits.ge if limits.ge is not None else limits.gt
    high = limits.le if limits.le is not None else limits.lt
    within = low is not None and high is not None and 0 <= low < high <= 1
    return within or _SHARE.search(name) is not None


def _default(info: FieldInfo) -> Any:  # noqa: ANN401  # a default is any object
    if info.is_required():
        return UNSET
    return info.get_default(call_default_factory=True, validated_data={})


def _names(name: str, asked: "_Asked") -> dict[str, str]:
    """Return what the choices are called, where it is not what the catalogue makes of their values."""
    if name == "language":
        return LANGUAGES
    given = [one.by_value for one in asked.metadata if isinstance(one, Labels)]
    return {value: _(message) for value, message in given[-1].items()} if given else {}


def _choices(kind: Any, chosen: Any, *, named: dict[str, str]) -> tuple[Choice, ...]:  # noqa: ANN401  # any annotation
    """List what can be chosen; a form left alone sends its default in the default's own order."""
    if get_origin(kind) is Literal:
        values = list(get_args(kind))
    elif isinstance(kind, type) and issubclass(kind, Enum):
        values = [one.value for one in kind]
    else:
        return ()
    first = [plain(one) for one in chosen] if isinstance(chosen, list | tuple) else []
    ordered = [value for value in first if value in values] + [value for value in values if value not in first]
    return tuple(Choice(value, str(value), named.get(str(value)) or _label(value)) for value in ordered)


def plain(value: object) -> object:
    """Return what an `Enum`'s member stands for; anything else as it is."""
    return value.value if isinstance(value, Enum) else value


def _label(value: object) -> str:
    text = str(value)
    translated = _(text)
    if translated != text:
        return translated
    return language.label(text).replace("_", " ")
