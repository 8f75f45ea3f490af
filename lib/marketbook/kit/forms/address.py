"""Values in an address: every state of a form is a link that can be sent.

An address carries only what differs from the default. Lists repeat their key (`margins=gender&margins=age_band`); an
empty list, and a value left empty, is `key=`. Blanks around a text and blank lines of a list do not count. Money is
written in yuan, yes and no as `yes` and `no`, days as 2026-11-23.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any
from urllib.parse import unquote, urlencode

from pydantic import BaseModel

from marketbook.kit.errors import ParamsError
from marketbook.kit.forms.fields import LISTS, UNSET, FormField, fields, plain
from marketbook.kit.language import gettext as _
from marketbook.kit.suggestion import instead

_BROKEN = re.compile(r"%(?![0-9A-Fa-f]{2})")
_YUAN = re.compile(r"([+-]?)(?=\.?\d)(\d{0,17})(?:\.(\d{0,2}))?", re.ASCII)
_FLAGS = {"yes": True, "no": False}


def encode(values: Mapping[str, Any], model: type[BaseModel]) -> str:
    """Write values as the query of an address.

    Args:
        values: By field name, as the model or its JSON holds them; `dict(params)` gives a model's.
        model: What they belong to.

    Raises:
        ParamsError: A name is unknown, or a value would come back changed (blanks around a text, line breaks in a
            list's text).

    Example:
        >>> class Plan(BaseModel):
        ...     weeks: int = 52
        ...     channels: list[str] = []
        >>> encode({"weeks": 52, "channels": ["抖音", "b"]}, Plan)
        'channels=%E6%8A%96%E9%9F%B3&channels=b'
    """
    described = fields(model)
    _must_know(values, described)
    carried = [(field.name, _carried(field, values[field.name])) for field in described if field.name in values]
    return urlencode([(name, text) for name, written in carried for text in written])


def decode(query: str, model: type[BaseModel]) -> dict[str, Any]:
    """Read values from the query of an address, for the model to check.

    Args:
        query: What stands after the `?`.
        model: What is asked.

    Returns:
        The values given, by field name. What cannot be read (a number with letters in it) stays text, which the model
        refuses.

    Raises:
        ParamsError: A key is unknown, or is given more than once and is no list, or the address is not well written.
    """
    described = {field.name: field for field in fields(model)}
    given: dict[str, list[str]] = {}
    for key, text in _pairs(query):
        given.setdefault(key, []).append(text)
    _must_know(given, described.values())
    return {name: read(field, given[name]) for name, field in described.items() if name in given}


def canonical(query: str, model: type[BaseModel]) -> str:
    """Write an address as it should be: without defaults, in the model's order, each value in one form.

    A server sends a browser there, because a form without a script sends every field.

    Raises:
        ParamsError: As `decode`.
    """
    return encode(decode(query, model), model)


def write(field: FormField, value: object) -> list[str]:
    """Return a value as the texts that an address repeats for its key."""
    if value is None:
        return [""]
    if field.kind not in LISTS or isinstance(value, str):
        return [_written(field, value)]
    items: Iterable[Any] = value  # type: ignore[assignment]  # a list of some kind
    texts = [_written(field, item) for item in items]
    if isinstance(value, set | frozenset):
        texts.sort()
    return texts or [""]


def read(field: FormField, texts: list[str]) -> Any:  # noqa: ANN401  # a value of any kind
    """Return what the texts of one key say.

    Raises:
        ParamsError: There are several, and the field is no list.
    """
    if field.kind in LISTS:
        lines = [line.strip() for text in texts for line in _lines(field, text)]
        return [_value(field, line) for line in lines if line] or (None if field.optional else [])
    if len(texts) > 1:
        told = _("{key}: stands {count} times in the address; may stand once.")
        raise ParamsError(told.format(key=field.name, count=len(texts)))
    text = texts[0].strip()
    return None if not text and field.optional else _value(field, text)


def _carried(field: FormField, value: object) -> list[str]:
    """Return what an address says of a field: nothing where the value is the default."""
    if field.default is not UNSET and value == field.default:
        return []
    texts = write(field, value)
    if not _is_kept(field, value, texts):
        told = _("{key}: {value} cannot be carried in an address: blanks at the ends and line breaks get lost.")
        raise ParamsError(told.format(key=field.name, value=repr(value)))
    if field.default is not UNSET and texts == write(field, field.default) and _is_kept(field, field.default, texts):
        return []
    return texts


def _is_kept(field: FormField, value: Any, texts: list[str]) -> bool:  # noqa: ANN401  # a value of any kind
    again = read(field, texts)
    if write(field, again) != texts or (again is None) != (value is None):
        return False
    return not isinstance(again, list) or isinstance(value, str) or len(again) == len(value)


def _written(field: FormField, value: object) -> str:
    value = plain(value)
    if isinstance(value, str) and field.kind not in ("text", "texts"):
        value = _value(field, value.strip())
    if isinstance(value, bool) and field.kind == "flag":
        return "yes" if value else "no"
    if isinstance(value, int) and field.kind == "money":
        return yuan(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _value(field: FormField, text: str) -> Any:  # noqa: ANN401  # a value of any kind
    """Return the value that a text says; the text itself where it says none."""
    match field.kind:
        case "choice" | "choices":
            return next((choice.value for choice in field.choices if choice.text == text), text)
        case "flag":
            return _FLAGS.get(text, text)
        case "money":
            return _fen(text)
    kinds: dict[str, Any] = {"whole": int, "number": float, "share": float, "date": date.fromisoformat}
    with suppress(ValueError):
        if field.kind == "numbers":
            return int(text) if field.whole else float(text)
        return kinds.get(field.kind, str)(text)
    return text


def yuan(fen: int) -> str:
    """Write fen as yuan.

    Example:
        >>> yuan(123450), yuan(-5)
        ('1234.50', '-0.05')
    """
    whole, cents = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{cents:02d}"


def _fen(text: str) -> int | str:
    found = _YUAN.fullmatch(text)
    if not found:
        return text
    sign, whole, cents = found.groups()
    return (-1 if sign == "-" else 1) * (int(whole or 0) * 100 + int((cents or "").ljust(2, "0")))


def _lines(field: FormField, text: str) -> list[str]:
    return text.split() if field.kind == "numbers" else text.splitlines()


def _pairs(query: str) -> Iterator[tuple[str, str]]:
    for part in query.removeprefix("?").split("&"):
        if part:
            key, _equals, text = part.partition("=")
            yield _plain_text(key), _plain_text(text)


def _plain_text(coded: str) -> str:
    try:
        if _BROKEN.search(coded):
            raise ValueError(coded)
        return unquote(coded.replace("+", " "), errors="strict")
    except ValueError:
        told = _("The address is broken at {part}: a percent sign is followed by two hexadecimal digits, in UTF-8.")
        raise ParamsError(told.format(part=repr(coded[:60]))) from None


def _must_know(names: Iterable[str], described: Iterable[FormField]) -> None:
    known = [field.name for field in described]
    for name in names:
        if name not in known:
            raise ParamsError(_("{key}: unknown parameter.").format(key=name[:60]) + f" {instead(name[:60], known)}")
