"""What a field says beside its title: its limits and its default, as a reader would."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from marketbook.kit import language
from marketbook.kit.forms.address import write, yuan
from marketbook.kit.forms.fields import LISTS, UNSET, FormField, Limits
from marketbook.kit.language import gettext as _

SIDE_BY_SIDE = 4
"""Lists of a fixed length up to this have an input for each value."""

GROUPED_FROM = 10_000
"""Smaller numbers are written without separators, as years are."""


def limits(field: FormField) -> str:
    """Say what a value must keep to; empty where everything goes."""
    own = field.item if field.kind in LISTS else field.limits
    said = [*_range(field, own), *_lengths(field)]
    if field.kind == "share":
        said.append(_("0.25 is 25%"))
    if field.kind in ("texts", "numbers") and field.count is None:
        said.append(_("one on each line"))
    text = _("; ").join(said)
    return text[:1].upper() + text[1:]


def side_by_side(field: FormField) -> bool:
    """Tell whether a list has an input for each value, which shows how many there are."""
    return field.kind in ("texts", "numbers") and 0 < (field.count or 0) <= SIDE_BY_SIDE


def nothing() -> str:
    """Say that nothing is chosen."""
    return _("not set")


def default(field: FormField) -> str:
    """Write a field's default as a reader would; empty where there is none."""
    if field.default is UNSET:
        return ""
    texts = write(field, field.default)
    labels = {choice.text: choice.label for choice in field.choices} | {"yes": _("yes"), "no": _("no"), "": nothing()}
    if field.kind == "date" and isinstance(field.default, date):
        return language.format_date(field.default)
    chosen = field.kind in ("choice", "choices", "flag")
    return _(", ").join(labels[text] if text in labels and (chosen or not text) else text for text in texts)


def _range(field: FormField, own: Limits) -> Iterator[str]:
    if own.ge is not None and own.le is not None:
        yield _("from {low} to {high}").format(low=_bound(field, own.ge), high=_bound(field, own.le))
        own = replace(own, ge=None, le=None)
    said = (
        (own.ge, _("at least {limit}")),
        (own.gt, _("more than {limit}")),
        (own.le, _("at most {limit}")),
        (own.lt, _("less than {limit}")),
        (own.multiple_of, _("a multiple of {limit}")),
    )
    yield from (words.format(limit=_bound(field, limit)) for limit, words in said if limit is not None)


def _lengths(field: FormField) -> Iterator[str]:
    low, high = field.limits.min_length or 0, field.limits.max_length
    many = field.kind in LISTS
    if high is not None and field.count is not None:
        if not side_by_side(field):
            yield (_("{count} values") if many else _("{count} characters")).format(count=high)
        return
    if low > 1:
        yield (_("at least {count} values") if many else _("at least {count} characters")).format(count=low)
    if high is not None:
        yield (_("at most {count} values") if many else _("at most {count} characters")).format(count=high)
    if field.limits.pattern or field.item.pattern:
        yield _("written as {pattern}").format(pattern=field.limits.pattern or field.item.pattern)


def _bound(field: FormField, value: Any) -> str:  # noqa: ANN401  # a number or a day
    if isinstance(value, date):
        return language.format_date(value)
    if field.kind == "money":
        return _("¥{amount}").format(amount=f"{Decimal(yuan(int(value))):,}".removesuffix(".00"))
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return f"{value:,}" if abs(value) >= GROUPED_FROM else str(value)
