"""What pydantic found wrong, as a person is told: what is allowed, in the reader's language.

Parameters, forms and imported rows all speak through here, so that one fault has one wording.
"""

from collections.abc import Mapping
from typing import Any

from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark

_WHOLE = mark("must be a whole number")
_NUMBER = mark("must be a number")
_TRUTH = mark("must be yes or no")
_DAY = mark("must be a day like 2026-11-23")
_MOMENT = mark("must be a day and time like 2026-11-23 09:30")
_TEXT = mark("must be text")
_LIST = mark("must be a list")

ALLOWED: Mapping[str, str] = {
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": mark("is too large a whole number"),
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": mark("must be a finite number"),
    "bool_type": _TRUTH,
    "bool_parsing": _TRUTH,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": mark("must be a day without a time"),
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
    "string_type": _TEXT,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "string_too_short": mark("must not be shorter than {min_length} characters"),
    "string_too_long": mark("must not be longer than {max_length} characters"),
    "string_pattern_mismatch": mark("must match {pattern}"),
    "too_short": mark("must hold at least {min_length}; has {actual_length}"),
    "too_long": mark("must hold at most {max_length}; has {actual_length}"),
    "greater_than": mark("must be greater than {gt}"),
    "greater_than_equal": mark("must be at least {ge}"),
    "less_than": mark("must be less than {lt}"),
    "less_than_equal": mark("must be at most {le}"),
    "multiple_of": mark("must be a multiple of {multiple_of}"),
    "literal_error": mark("must be one of {expected}"),
    "enum": mark("must be one of {expected}"),
    "missing": mark("is missing"),
    "none_required": mark("must be empty"),
}


def allowed(fault: Mapping[str, Any]) -> str:
    """Return what a value must be, for one entry of `ValidationError.errors()`.

    Args:
        fault: With pydantic's `type`, `ctx` and `msg`. A type without a wording of ours keeps pydantic's English one.

    Example:
        >>> from marketbook.kit.language import speaking
        >>> with speaking("en"):
        ...     allowed({"type": "greater_than_equal", "ctx": {"ge": 0}, "msg": ""})
        'must be at least 0'
    """
    kind, context = fault["type"], dict(fault.get("ctx") or {})
    if kind == "string_too_short" and context.get("min_length") == 1:
        return _("must not be empty")
    if kind == "value_error":
        return str(context.get("error", fault["msg"]))
    if kind not in ALLOWED:
        return str(fault["msg"])
    context = {name: _list(value) if name == "expected" else value for name, value in context.items()}
    return _(ALLOWED[kind]).format(**context)


def _list(expected: str) -> str:
    """Pydantic joins the choices with 'or', which is English."""
    return expected.replace(" or ", ", ")
