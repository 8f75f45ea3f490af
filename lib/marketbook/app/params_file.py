"""Params files: `params/<domain>/<name>.yml` or `<name>.<variant>.yml`, one for each schedule of a report.

parameters: {wave: 2025Q4}
schedule: {cron: "0 7 * * 1", time_zone: Asia/Shanghai}
formats: [html, xlsx, pptx]
languages: [zh_Hans]
recipients: []
"""

from collections.abc import Hashable, Iterable
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from marketbook.app import cron
from marketbook.kit.config import LanguageName, settings
from marketbook.kit.errors import ParamsError
from marketbook.kit.faults import allowed
from marketbook.kit.language import gettext as _
from marketbook.kit.suggestion import instead

FormatName = Literal["html", "xlsx", "pptx"]
FORMATS: tuple[FormatName, ...] = get_args(FormatName)


def _no_twice(values: tuple[str, ...]) -> tuple[str, ...]:
    twice = sorted({value for value in values if values.count(value) > 1})
    if twice:
        raise ValueError(_("must not name {values} twice").format(values=", ".join(twice)))
    return values


def _company_zone() -> str:
    return settings().time_zone


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Schedule(_Part):
    """When a report is due: five cron fields (minute, hour, day, month, weekday; 0 and 7 are Sunday) and their zone."""

    cron: Annotated[str, AfterValidator(cron.checked)]
    time_zone: Annotated[str, AfterValidator(cron.checked_zone)] = Field(default_factory=_company_zone)


class ParamsFile(_Part):
    """What one params file says; a report without one runs by hand, with its defaults."""

    parameters: dict[str, Any] = Field(default_factory=dict)
    schedule: Schedule | None = None
    formats: Annotated[tuple[FormatName, ...], AfterValidator(_no_twice)] = FORMATS
    languages: Annotated[tuple[LanguageName, ...], AfterValidator(_no_twice)] = ()
    recipients: tuple[str, ...] = ()


def read(file: Path) -> ParamsFile:
    """Read and check a params file.

    Raises:
        ParamsError: Naming the file, the key, the value and what is allowed; all faults at once.
    """
    try:
        found = yaml.load(file.read_text("utf-8"), Loader=Loader)  # noqa: S506  # a safe loader, made stricter
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ParamsError(f"{file}: " + _("not YAML") + f": {_place(error)}") from None
    if found is not None and not isinstance(found, dict):
        raise ParamsError(
            _("{file}: found {value!r}; must be keys and values: {keys}.").format(
                file=file, value=found, keys=", ".join(ParamsFile.model_fields)
            )
        )
    try:
        return ParamsFile.model_validate({key: value for key, value in (found or {}).items() if value is not None})
    except ValidationError as error:
        raise ParamsError("\n".join(_line(file, fault) for fault in error.errors())) from None


class Loader(yaml.SafeLoader):
    """Refuses a key that stands twice, where YAML lets the later win; leaves days as text, for the schema to judge."""

    yaml_implicit_resolvers = {  # noqa: RUF012  # as its base declares it
        first: [(tag, pattern) for tag, pattern in known if tag != "tag:yaml.org,2002:timestamp"]
        for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Read keys and values, each key once."""
        keys = [self.construct_object(key, deep=True) for key, _value in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.MarkedYAMLError(
                    problem=_("key '{key}' stands twice").format(key=key), problem_mark=node.start_mark
                )
        return super().construct_mapping(node, deep=deep)


def _place(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        return _("line {line}: {problem}").format(line=error.problem_mark.line + 1, problem=error.problem)
    return str(error)


def _line(file: Path, fault: Any) -> str:  # noqa: ANN401  # pydantic's ErrorDetails
    key = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        known = Schedule.model_fields if key.startswith("schedule.") else ParamsFile.model_fields
        return _("{file}: {key}: unknown key.").format(file=file, key=key) + f" {_instead(key, known)}"
    if fault["type"] == "missing":
        return _("{file}: {key}: is missing.").format(file=file, key=key)
    return _("{file}: {key}: found {value!r}; {allowed}.").format(
        file=file, key=key, value=fault["input"], allowed=allowed(fault)
    )


def _instead(key: str, known: Iterable[str]) -> str:
    return instead(key.rpartition(".")[2], known)
