"""Orders: what is to be run, checked whole before any kernel starts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

import yaml

from marketbook.app.catalogue import Report
from marketbook.app.history import Identity
from marketbook.app.params_file import FormatName, Loader
from marketbook.kit import language
from marketbook.kit.config import LanguageName, settings
from marketbook.kit.errors import MarketbookError, ParamsError
from marketbook.kit.language import gettext as _

if TYPE_CHECKING:
    from marketbook.kit.params import Params


@dataclass(frozen=True)
class Order:
    """One report in one language, with parameters that have been checked.

    Attributes:
        report: What is run.
        language: Its language.
        parameters: Every parameter but the language, as plain JSON values.
        shown: The same as a reader should see them: name, title, value.
        formats: Which exports are written.
        scheduled_for: When it was due, or None for a run by hand.
    """

    report: Report
    language: LanguageName
    parameters: Mapping[str, Any] = field(hash=False)
    shown: tuple[tuple[str, str, str], ...] = field(repr=False)
    formats: tuple[FormatName, ...]
    scheduled_for: datetime | None = None

    @property
    def identity(self) -> Identity:
        """What makes its run this run and no other."""
        return Identity(self.report.notebook, self.report.variant, self.language, self.parameters, self.scheduled_for)


def prepare(
    reports: Iterable[Report],
    *,
    given: Sequence[str] = (),
    languages: Sequence[LanguageName] = (),
    formats: Sequence[FormatName] = (),
    scheduled_for: datetime | None = None,
) -> list[Order]:
    """Check everything that is asked of all reports, and that their datasets are there.

    Args:
        reports: What is to be run.
        given: Parameters from the command line, `name=value`; they win over the params file.
        languages: In place of the params file's.
        formats: In place of the params file's.
        scheduled_for: When the reports were due.

    Raises:
        ParamsError: All faults of all reports, a line each.
    """
    orders: list[Order] = []
    faults: list[str] = []
    for report in reports:
        try:
            params = _checked(report, given)
            _must_have_data(report, params)
        except MarketbookError as error:
            faults.append(str(error))
            continue
        written = tuple(formats) or report.params.formats
        spoken = languages or report.params.languages or (settings().language,)
        orders.extend(_order(report, params, name, written, scheduled_for) for name in spoken)
    if faults:
        raise ParamsError("\n".join(dict.fromkeys(faults)))
    return orders


def of_params(report: Report, params: "Params", *, spoken: LanguageName) -> Order:
    """Make an order of checked parameters, in all the report's formats.

    Raises:
        ParamsError: A dataset that it needs is missing.
    """
    _must_have_data(report, params)
    return _order(report, params, spoken, report.params.formats, None)


def _order(
    report: Report,
    params: "Params",
    spoken: LanguageName,
    formats: tuple[FormatName, ...],
    scheduled_for: datetime | None,
) -> Order:
    with language.speaking(spoken):
        shown = tuple(
            (name, _(info.title or name), _written(getattr(params, name)))
            for name, info in type(params).model_fields.items()
            if name != "language"
        )
    parameters = params.model_dump(mode="json", exclude={"language"})
    return Order(report, spoken, parameters, shown, formats, scheduled_for)


def _checked(report: Report, given: Sequence[str]) -> "Params":
    """Check the params file first, so that a fault is told where it stands."""
    schema = report.schema()
    _refuse_language(report.params.parameters, str(report.params_path))
    in_file = schema.check(report.params.parameters, where=str(report.params_path or ""))
    if not given:
        return in_file
    asked = _from_command_line(given, schema)
    where = _("command line, {report}").format(report=report.name)
    _refuse_language(asked, where)
    return schema.check(dict(report.params.parameters) | asked, where=where)


def _refuse_language(parameters: Mapping[str, Any], where: str) -> None:
    if "language" in parameters:
        raise ParamsError(
            _("{where}: language: is no parameter here; say it as 'languages: [..]' in the file or -l.").format(
                where=where
            )
        )


def _must_have_data(report: Report, params: "Params") -> None:
    from marketbook.kit.facts import Facts  # slow to import

    facts = Facts(settings().facts)
    missing = [name for name in params.needs if not facts.exists(name)]
    if missing:
        raise ParamsError(
            _(
                "{report}: dataset {names} is not there ({folder}). 'marketbook demo' makes the demo company's; "
                "'marketbook import {first} FILE' brings in yours."
            ).format(report=report.name, names=", ".join(missing), first=missing[0], folder=facts.path)
        )


def _from_command_line(given: Sequence[str], schema: type["Params"]) -> dict[str, Any]:
    """Read `name=value` pairs; a name that is given again makes a list."""
    found: dict[str, list[str]] = {}
    for pair in given:
        name, sign, value = pair.partition("=")
        if not sign or not name.strip():
            raise ParamsError(_("-p {pair!r}: must be name=value.").format(pair=pair))
        found.setdefault(name.strip(), []).append(value)
    return {name: _meant(name, values, schema) for name, values in found.items()}


def _meant(name: str, values: list[str], schema: type["Params"]) -> Any:  # noqa: ANN401  # checked by the schema next
    info = schema.model_fields.get(name)
    kinds = _kinds(info.annotation) if info else set()
    read = [value if _is_text(kinds) and not value.startswith("[") else _yaml(value) for value in values]
    if len(read) > 1:
        return read
    if kinds & {list, tuple, set, frozenset} and not isinstance(read[0], list):
        return read
    return read[0]


def _yaml(value: str) -> Any:  # noqa: ANN401  # checked by the schema next
    try:
        return yaml.load(value, Loader=Loader)  # noqa: S506  # a safe loader, made stricter
    except yaml.YAMLError:
        return value


def _is_text(kinds: set[Any]) -> bool:
    return str in kinds or any(isinstance(kind, str) for kind in kinds)


def _kinds(annotation: Any) -> set[Any]:  # noqa: ANN401  # an annotation is any object
    """Return everything that an annotation is made of: types, origins and the values of literals."""
    origin = get_origin(annotation)
    if origin is Literal:
        return set(get_args(annotation))
    return {origin or annotation}.union(*(_kinds(inner) for inner in get_args(annotation)))


def _written(value: Any) -> str:  # noqa: ANN401  # any parameter
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(_written(item) for item in value) or "–"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_written(item)}" for key, item in value.items()) or "–"
    return language.label(_(str(value))) if isinstance(value, str | Path) else str(value)  # choices are message ids
