"""What was typed, checked against its model: a record, or what is refused of it, at the field or the cell."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from marketbook.kit.faults import allowed
from marketbook.kit.forms import typed as reading
from marketbook.kit.forms.fields import FormField
from marketbook.kit.forms.refusal import WHOLE_FORM, rule
from marketbook.kit.forms.typed import Finder, Read, Typed
from marketbook.kit.language import gettext as _

Model = TypeVar("Model", bound=BaseModel)
Known = Callable[[int], bool]


@dataclass(frozen=True)
class Checked(Generic[Model]):
    """What came of it.

    Attributes:
        record: The record; None where something is refused.
        refusals: By path: a field, `FIELD/ROW/COLUMN` in a table, `FIELD/ROW/` for a line, `""` for the whole.
    """

    record: Model | None
    refusals: dict[str, str]


def check(
    model: type[Model],
    described: Sequence[FormField],
    typed: Typed,
    *,
    known: Mapping[str, Known] | None = None,
    finders: Mapping[str, Finder] | None = None,
) -> Checked[Model]:
    """Read what was typed and check it.

    Args:
        model: What is asked.
        described: Its fields, as `fields(model, record=True)` gives them.
        typed: Texts by field.
        known: For references, by field: whether there is a record with an id.
        finders: For references in tables, by `FIELD.COLUMN`: the id that a label names.

    Example:
        >>> from marketbook.kit.forms.fields import fields
        >>> class Expense(BaseModel):
        ...     amount_minor: int
        >>> asked = fields(Expense, record=True)
        >>> check(Expense, asked, {"amount_minor": "￥1,234.50"}).record
        Expense(amount_minor=123450)
        >>> check(Expense, asked, {"amount_minor": "many"}).refusals
        {'amount_minor': 'must be an amount in yuan, with two decimals at most'}
    """
    found = reading.read(described, typed, finders)
    refusals = dict(found.refusals)
    for name, exists in (known or {}).items():
        value = found.values.get(name)
        if isinstance(value, int) and not exists(value):
            refusals[name] = _("is not there any more")
    try:
        record = model.model_validate(found.values)
    except ValidationError as error:
        for path, told in _told(described, found, error).items():
            refusals.setdefault(path, told)
        return Checked(None, refusals)
    return Checked(None if refusals else record, refusals)


def _told(described: Sequence[FormField], found: Read, error: ValidationError) -> dict[str, str]:
    by_name = {one.name: one for one in described}
    told: dict[str, list[str]] = {}
    for fault in error.errors():
        path, message = _placed(by_name, found, fault)
        told.setdefault(path, []).append(message)
    return {path: _("; ").join(dict.fromkeys(messages)) for path, messages in told.items()}


def _placed(by_name: Mapping[str, FormField], found: Read, fault: Mapping[str, Any]) -> tuple[str, str]:
    """Return where a fault stands and what is said of it."""
    name, *inner = fault["loc"] or (WHOLE_FORM,)
    one = by_name.get(str(name))
    if one is None:
        return WHOLE_FORM, allowed(fault)
    if one.kind == "lines" and inner:
        row = found.rows[one.name][int(inner[0])]
        column = next((c for c in one.columns if inner[1:] and c.name == inner[1]), None)
        return f"{one.name}/{row}/{column.name if column else ''}", _said(column, fault)
    message = _said(one, fault)
    if inner and one.kind != "attachment":
        return one.name, _("'{item}' {allowed}").format(item=fault["input"], allowed=message)
    return one.name, message


def _said(one: FormField | None, fault: Mapping[str, Any]) -> str:
    if one is None:
        return allowed(fault)
    if one.kind == "attachment":
        return _("must be a file")
    empty = fault["type"] == "missing" or fault["input"] is None
    return _("must not be empty") if empty else rule(one, fault)
