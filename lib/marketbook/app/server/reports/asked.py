"""What an address asks of a report: its parameters, checked, and its language."""

from collections.abc import Mapping
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

from pydantic import create_model

from marketbook.app.catalogue import Report
from marketbook.app.orders import Order, of_params
from marketbook.kit import forms, language
from marketbook.kit.config import LanguageName, settings
from marketbook.kit.errors import ParamsError
from marketbook.kit.facts import Facts
from marketbook.kit.forms import wording
from marketbook.kit.params import Params


@dataclass(frozen=True)
class Chip:
    """A parameter that is not as usual: what it is called and its value, as the reader would say them."""

    title: str
    value: str


@dataclass(frozen=True)
class Asked:
    """What an address asks.

    Attributes:
        report: Of which report.
        schema: Its parameters, with the params file's values for defaults.
        query: What stands after the `?`, in the one form that it should have.
        refusals: What is wrong with the values, by field; empty when all is well.
        problem: Why the address cannot be read at all; empty when it can.
    """

    report: Report
    schema: type[Params]
    query: str
    refusals: Mapping[str, str]
    problem: str = ""

    @property
    def language(self) -> LanguageName:
        """The language of the report: the address's, else the reader's."""
        return self.values.get("language") or language.current()

    @property
    def values(self) -> Mapping[str, Any]:
        """The values given."""
        return forms.decode(self.query, self.schema)

    @property
    def chips(self) -> list[Chip]:
        """The parameters that differ from the default."""
        return chips(self.schema, self.query)

    @property
    def missing(self) -> list[str]:
        """The datasets that the report needs and that are not there."""
        facts = Facts(settings().facts)
        return [name for name in self.schema.needs if not facts.exists(name)]

    def order(self) -> Order:
        """Return it as an order for the runner, in all formats of the report."""
        params = self.schema.check(self.values)
        return of_params(self.report, params, spoken=self.language)

    def form(self, action: str) -> str:
        """Write the parameter form."""
        return forms.form(self.schema, self.query, action=action, refusals=self.refusals)


def read(report: Report, query: str) -> Asked:
    """Read an address; nothing is started for one that is refused."""
    schema = _with_defaults(report.schema(), report.params.parameters)
    try:
        canonical = forms.canonical(query, schema)
        return Asked(report, schema, canonical, forms.refused(schema, canonical))
    except ParamsError as error:
        return Asked(report, schema, "", {}, problem=str(error))


def chips(schema: type[Params], query: str) -> list[Chip]:
    """Write what an address says as a reader would."""
    given = forms.decode(query, schema)
    told = [replace(field, default=given[field.name]) for field in forms.fields(schema) if field.name in given]
    return [Chip(field.title, wording.default(field)) for field in told]


def query_of(schema: type[Params], parameters: Mapping[str, Any], spoken: str) -> str:
    """Write the parameters of a run as an address, as far as the schema still knows them."""
    known = {name: value for name, value in parameters.items() if name in schema.model_fields}
    with suppress(ParamsError):
        return forms.encode(known if spoken == language.current() else known | {"language": spoken}, schema)
    return ""


def _with_defaults(schema: type[Params], values: Mapping[str, Any]) -> type[Params]:
    """The defaults of a scheduled report are its params file's."""
    if not values:
        return schema
    checked = schema.check(values)
    changed: dict[str, Any] = {}
    for name in values:
        info = copy(schema.model_fields[name])
        info.default, info.default_factory = getattr(checked, name), None
        changed[name] = (info.annotation, info)
    made: type[Params] = create_model(schema.__name__, __base__=schema, **changed)
    return made
