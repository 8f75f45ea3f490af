"""What a model refuses of an address, told at the field, in the reader's words; no kernel is started for it."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from marketbook.kit.faults import allowed
from marketbook.kit.forms.address import decode, yuan
from marketbook.kit.forms.fields import FormField, fields
from marketbook.kit.language import gettext as _

WHOLE_FORM = ""
"""Where a refusal stands that belongs to no single field."""

_BOUNDS = ("ge", "gt", "le", "lt", "multiple_of")


def refused(model: type[BaseModel], query: str) -> dict[str, str]:
    """Check an address against a model.

    Args:
        model: What is asked.
        query: What stands after the `?`.

    Returns:
        What is wrong by field name, and under `""` what is wrong with the fields together; empty when all is well.

    Raises:
        ParamsError: The address cannot be read at all, or has unknown keys.

    Example:
        >>> class Plan(BaseModel):
        ...     weeks: int = 52
        >>> refused(Plan, "weeks=many"), refused(Plan, "weeks=4")
        ({'weeks': 'must be a whole number'}, {})
    """
    try:
        model.model_validate(decode(query, model))
    except ValidationError as error:
        described = {field.name: field for field in fields(model)}
        told: dict[str, list[str]] = {}
        for fault in error.errors():
            name = str(fault["loc"][0]) if fault["loc"] else WHOLE_FORM
            told.setdefault(name, []).append(_told(described.get(name), fault))
        return {name: _("; ").join(dict.fromkeys(messages)) for name, messages in told.items()}
    return {}


def _told(field: FormField | None, fault: Mapping[str, Any]) -> str:
    if field is None:
        return allowed(fault)
    message = rule(field, fault)
    return message if len(fault["loc"]) == 1 else _("'{item}' {allowed}").format(item=fault["input"], allowed=message)


def rule(field: FormField, fault: Mapping[str, Any]) -> str:
    """Say what a value must be: the model speaks of fen and of its own names, the reader of yuan and labels.

    Args:
        field: What was asked.
        fault: One entry of `ValidationError.errors()`.
    """
    if fault["input"] == "" and field.kind not in ("text", "long"):
        return _("must not be empty")
    if fault["type"] in ("literal_error", "enum"):
        return _("must be one of {expected}").format(expected=_(", ").join(choice.label for choice in field.choices))
    if field.kind == "money" and fault["type"].startswith("int_"):
        return _("must be an amount in yuan, with two decimals at most")
    context = {name: _bound(field, name, value) for name, value in (fault.get("ctx") or {}).items()}
    return allowed({**fault, "ctx": context})


def _bound(field: FormField, name: str, value: Any) -> Any:  # noqa: ANN401  # what pydantic tells
    if name not in _BOUNDS:
        return value
    if field.kind == "money":
        return yuan(int(value))
    return int(value) if isinstance(value, float) and value.is_integer() else value
