"""The form as HTML: a widget for each kind, sent by GET, usable by keyboard and without a script.

What was refused stays in its field as it was typed, with what is allowed beside it and a list of links at the top.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib import resources
from typing import Any

import jinja2
from pydantic import BaseModel

from marketbook.kit import language
from marketbook.kit.forms import wording
from marketbook.kit.forms.address import decode, encode, write, yuan
from marketbook.kit.forms.fields import LISTS, UNSET, FormField, Limits, fields
from marketbook.kit.forms.refusal import WHOLE_FORM
from marketbook.kit.language import gettext as _

TAGS = {"zh_Hans": "zh-CN", "zh_Hant": "zh-TW", "en": "en"}
"""How a page tags the name of each language."""


@dataclass(frozen=True)
class Option:
    """Something to choose: as the address writes it, as the reader sees it, tagged where it is in another language."""

    text: str
    label: str
    chosen: bool
    attributes: Mapping[str, str]


@dataclass(frozen=True)
class Widget:
    """A field as the template writes it.

    Attributes:
        field: What is asked.
        shape: Which widget: `input`, `inputs`, `lines`, `select`, `radios` or `checks`.
        texts: What stands in it.
        options: What can be chosen; a refused choice stands among them.
        attributes: Of its inputs: type, min, max, step, inputmode.
        limits: What a value must keep to, in words.
        default: What stands there untouched, in words; empty while it does.
        refusal: What is wrong; empty when all is well.
    """

    field: FormField
    shape: str
    texts: Sequence[str]
    options: Sequence[Option]
    attributes: Mapping[str, str]
    limits: str
    default: str
    refusal: str

    @property
    def id(self) -> str:
        """The id of its first input."""
        return f"mb-{self.field.name}"

    @property
    def described(self) -> dict[str, str]:
        """Where it is described: what is wrong first."""
        parts = {"error": self.refusal, "help": self.field.help, "limits": self.limits, "default": self.default}
        ids = " ".join(f"{self.id}-{name}" for name, said in parts.items() if said)
        return {"aria-describedby": ids} if ids else {}

    @property
    def state(self) -> dict[str, str]:
        """Whether it must be filled in, and whether it was refused."""
        required = {"required": ""} if self.field.required and self.shape != "checks" else {}
        return required | ({"aria-invalid": "true"} if self.refusal else {})


def form(
    model: type[BaseModel],
    query: str = "",
    *,
    action: str,
    refusals: Mapping[str, str] | None = None,
    submit: str = "",
) -> str:
    """Write a model's form with the values of an address, in the current language; `style()` belongs to it.

    Args:
        model: What is asked.
        query: The values: what stands after the `?` of the address; defaults where it says nothing.
        action: The address that the form is sent to, without its query.
        refusals: What `refused` found.
        submit: What the button says.

    Raises:
        ParamsError: The address cannot be read, or has unknown keys.
    """
    given = decode(query, model)
    told = refusals or {}
    described = sorted(fields(model), key=lambda field: field.name == "language")
    widgets = [_widget(field, given, told.get(field.name, "")) for field in described]
    return _template().render(
        action=action,
        widgets=widgets,
        refused=[widget for widget in widgets if widget.refusal],
        together=told.get(WHOLE_FORM, ""),
        changed=bool(encode(given, model)),
        submit=submit or _("Show with these values"),
    )


@lru_cache(maxsize=1)
def style() -> str:
    """Return the style of forms; it touches nothing but them."""
    return (resources.files(__package__) / "form.css").read_text("utf-8")


@lru_cache(maxsize=1)
def _template() -> jinja2.Template:
    text = (resources.files(__package__) / "form.html.j2").read_text("utf-8")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["_"] = language.gettext
    return environment.from_string(text)


def _widget(field: FormField, given: Mapping[str, Any], refusal: str) -> Widget:
    value = given.get(field.name, field.default)
    texts = [] if value is UNSET else write(field, value)
    changed = field.default is not UNSET and texts != write(field, field.default)
    return Widget(
        field=field,
        shape=_shape(field, texts),
        texts=texts,
        options=_options(field, texts),
        attributes=_attributes(field, value),
        limits=wording.limits(field),
        default=wording.default(field) if changed else "",
        refusal=refusal,
    )


def _shape(field: FormField, texts: Sequence[str]) -> str:
    shapes = {"choice": "select", "choices": "checks", "flag": "radios"}
    if field.kind in shapes:
        return shapes[field.kind]
    if field.kind in LISTS:
        fits = wording.side_by_side(field) and len(texts) <= (field.count or 0)
        return "inputs" if fits else "lines"
    return "input"


def _options(field: FormField, texts: Sequence[str]) -> list[Option]:
    known = {choice.text: choice.label for choice in field.choices}
    if field.kind == "flag":
        known = {"yes": _("yes"), "no": _("no")}
    if not known:
        return []
    if field.optional or (field.default is UNSET and field.kind == "choice"):
        known = {"": wording.nothing(), **known} if field.kind != "choices" else known
    strangers = {text: text for text in texts if text and text not in known}
    tags = TAGS if field.name == "language" else {}
    return [
        Option(text, label, text in texts, {"lang": tags[text], "translate": "no"} if text in tags else {})
        for text, label in {**known, **strangers}.items()
    ]


def _attributes(field: FormField, value: object) -> dict[str, str]:
    """Return what narrows an input down.

    A browser empties a number's or a day's input that holds something else, so what was refused stands in one for
    text. It also cuts pasted text at `maxlength` without a word and reads patterns otherwise than pydantic: lengths and
    patterns are left to the model.
    """
    if field.kind in ("text", "texts"):
        return {"type": "text"}
    modes = {"whole": "numeric", "numbers": "numeric" if field.whole else "decimal", "date": ""}
    mode = modes.get(field.kind, "decimal")
    items = value if isinstance(value, list | tuple) else [value]
    if any(isinstance(item, str) and item for item in items):
        return {"type": "text", **({"inputmode": mode} if mode else {})}
    if field.kind == "date":
        return {"type": "date", **_days(field.limits)}
    own = field.item if field.kind in LISTS else field.limits
    steps = {"money": "0.01", "whole": "1", "numbers": "1" if field.whole else "any"}
    return {"type": "number", "inputmode": mode, "step": steps.get(field.kind, "any"), **_ends(field, own)}


def _days(own: Limits) -> dict[str, str]:
    day = timedelta(days=1)
    low = own.ge if own.ge is not None else own.gt + day if own.gt is not None else None
    high = own.le if own.le is not None else own.lt - day if own.lt is not None else None
    return {name: end.isoformat() for name, end in (("min", low), ("max", high)) if isinstance(end, date)}


def _ends(field: FormField, own: Limits) -> dict[str, str]:
    """Inputs know no 'more than': whole numbers begin one above, others at the limit, which the model then refuses."""
    low, high = (own.ge if own.ge is not None else own.gt), (own.le if own.le is not None else own.lt)
    if field.kind in ("whole", "money") or field.whole:
        low = math.ceil(own.ge) if own.ge is not None else math.floor(own.gt) + 1 if own.gt is not None else None
        high = math.floor(own.le) if own.le is not None else math.ceil(own.lt) - 1 if own.lt is not None else None
    said = {name: end for name, end in (("min", low), ("max", high)) if end is not None}
    return {name: yuan(end) if field.kind == "money" else str(end) for name, end in said.items()}
