"""A form's fields as its script reads them: everything already in the reader's words."""

from collections.abc import Sequence
from typing import Any

from marketbook.kit.forms import wording
from marketbook.kit.forms.fields import UNSET, FormField
from marketbook.kit.forms.words import TAGS
from marketbook.kit.language import gettext as _

MOST_LINES = 2000
"""How many lines a table takes where its model does not say."""

_MODES = {"whole": "numeric", "number": "decimal", "share": "decimal", "money": "decimal"}
_WIDTHS = {"whole": 90, "number": 110, "share": 100, "money": 130, "date": 130, "flag": 90, "choice": 140,
           "reference": 190, "long": 260}  # fmt: skip

_LETTER = 8
"""Pixels of a letter; a Chinese one is twice as wide."""


def described(asked: Sequence[FormField]) -> list[dict[str, Any]]:
    """Describe fields to the script."""
    return [_field(one) for one in asked]


def _field(one: FormField) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "help": one.help,
        "kind": one.kind,
        "free": not one.required and one.kind not in ("flag", "choices", "lines", "choice"),
        "required": one.required,
        "limits": _limits(one),
        "mode": _MODES.get(one.kind, ""),
        "choices": _choices(one),
        "columns": [_column(c, summed=one.sums is not None) for c in one.columns],
        "pinned": one.sums.pinned if one.sums else 0,
        "most": one.limits.max_length or MOST_LINES,
    }


def _limits(one: FormField) -> str:
    if one.kind in ("reference", "attachment", "hidden"):
        return ""
    if one.kind == "lines":
        return _("At most {count} rows").format(count=one.limits.max_length) if one.limits.max_length else ""
    text = wording.limits(one)
    return _("In yuan. {limits}").format(limits=text).rstrip() if one.kind == "money" else text


def _column(one: FormField, *, summed: bool) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "help": one.help,
        "kind": one.kind,
        "required": one.required and one.default is UNSET,
        "mode": _MODES.get(one.kind, ""),
        "width": _summed_width(one) if summed else _WIDTHS.get(one.kind, 180),
        "summed": summed and one.kind == "money",
        "choices": [choice["label"] for choice in _choices(one) if choice["text"]],
    }


def _summed_width(one: FormField) -> int:
    """A column of choices is as wide as the longest of them; the script makes room for amounts."""
    longest = max((len(label) + sum(letter > "\u2e80" for letter in label) for label in _labels(one)), default=0)
    return max(84, _LETTER * longest + 24) if longest else _WIDTHS.get(one.kind, 180)


def _labels(one: FormField) -> list[str]:
    return [choice.label for choice in one.choices]


def _choices(one: FormField) -> list[dict[str, str]]:
    if one.kind == "flag":
        known = [{"text": "yes", "label": _("yes")}, {"text": "no", "label": _("no")}]
        return [*known, {"text": "", "label": wording.nothing()}] if one.optional else known
    tagged = TAGS if one.name == "language" else {}
    known = [
        {"text": choice.text, "label": choice.label, **({"lang": tagged[choice.text]} if choice.text in tagged else {})}
        for choice in one.choices
    ]
    empty = one.kind == "choice" and (one.optional or one.default is UNSET)
    return [{"text": "", "label": wording.nothing()}, *known] if empty else known
