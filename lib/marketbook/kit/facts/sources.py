"""Sources: how an ad platform, a shop or a CRM writes its export, saved as YAML once and used by name.

Ready ones stand beside the datasets they fill (`budget/sources/oceanengine.yml`); a company's own in
`.marketbook/sources/`, where a file of the same name takes the place of a ready one.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from marketbook.kit.config import settings
from marketbook.kit.errors import DataError
from marketbook.kit.facts.schema import Dataset
from marketbook.kit.faults import allowed
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark

LIBRARY = Path(__file__).resolve().parents[2]
TOTALS = ("合计", "总计", "汇总", "总合计", "小计", "全部", "Total", "Grand total")
_NAME_RULE = mark("use lower-case letters, digits, - and _")


class SourceColumn(BaseModel):
    """Where one column comes from; in YAML also just its heading or a list of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    heading: tuple[str, ...] = ()
    """Headings it may have, the preferred first."""
    value: str | int | float | bool | None = None
    """What it is where the file has none of the headings."""
    required: bool = False
    """Whether the file must have one of the headings, even if the column has a default."""
    unit: Literal["", "yuan", "day"] = ""
    """`yuan`: amounts are in yuan and kept in fen. `day`: moments, of which the day is kept."""
    format: str = ""
    """How days are written where that is not evident, as `strptime` says it: `%d/%m/%Y`."""

    @model_validator(mode="before")
    @classmethod
    def _take_short(cls, given: object) -> object:
        return {"heading": given} if isinstance(given, str | list | tuple) else given

    @field_validator("heading", mode="before")
    @classmethod
    def _take_one(cls, given: object) -> object:
        return (given,) if isinstance(given, str) else given


class Source(BaseModel):
    """How one kind of file names and writes the columns of a dataset."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset: str
    title: str = ""
    documentation: str = ""
    columns: dict[str, SourceColumn] = Field(min_length=1)
    totals: tuple[str, ...] = TOTALS
    """Words in a row's first filled cell that make it a total, not a row of data."""
    missing: tuple[str, ...] = ("-", "--", "—", "N/A", "null", "NULL")
    """What is written where there is no value."""

    @classmethod
    def from_pairs(cls, dataset: Dataset, pairs: Sequence[str], *, base: "Source | None" = None) -> "Source":
        """Make a source from `column=heading` pairs as the command line takes them.

        Args:
            dataset: What is imported; columns without a pair keep their own name and titles.
            pairs: Like `campaign=计划名称`; `spend_minor=消耗:yuan` and `day=日期:day` add a unit.
            base: A source to change.

        Raises:
            DataError: A pair has no '=' or names no column of the dataset.
        """
        own = {name: SourceColumn(heading=dataset.headings(name)) for name in dataset.columns}
        columns = dict(base.columns) if base else own
        for pair in pairs:
            name, sign, heading = (part.strip() for part in pair.partition("="))
            if not sign or not heading or name not in dataset.columns:
                raise DataError(
                    _("--map {pair}: must be 'column=heading' with one of the columns {columns}.").format(
                        pair=repr(pair), columns=", ".join(dataset.columns)
                    )
                )
            text, colon, unit = heading.rpartition(":")
            known = bool(colon) and unit in ("yuan", "day")
            columns[name] = SourceColumn(
                heading=(text,) if known else (heading,), unit=unit if known else "", required=True
            )
        source = cls(dataset=dataset.name, columns=columns)
        return base.model_copy(update={"columns": columns}) if base else source


def find_source(name: str, dataset: Dataset) -> Source:
    """Read a source by its name.

    Raises:
        DataError: There is none of this name (the message lists those for the dataset), it is for another dataset, or
            its file breaks the rules.
    """
    files = _files()
    if name not in files:
        fitting = sorted(other for other in files if _read(files[other]).dataset == dataset.name)
        raise DataError(
            _("source {name}: there is none; those for {dataset} are: {names}.").format(
                name=name, dataset=dataset.name, names=", ".join(fitting) or "–"
            )
        )
    return checked(_read(files[name]), dataset, where=name)


def checked(source: Source, dataset: Dataset, *, where: str = "") -> Source:
    """Return a source that fits a dataset.

    Raises:
        DataError: It is for another dataset, or names columns that the dataset does not have.
    """
    place = where or source.title or "--map"
    if source.dataset != dataset.name:
        raise DataError(
            _("source {name}: is for dataset {found}, not {dataset}.").format(
                name=place, found=source.dataset, dataset=dataset.name
            )
        )
    unknown = sorted(set(source.columns) - set(dataset.columns))
    if unknown:
        raise DataError(
            _("source {name}: unknown columns {unknown}; {dataset} has {columns}.").format(
                name=place, unknown=", ".join(unknown), dataset=dataset.name, columns=", ".join(dataset.columns)
            )
        )
    return source


def save_source(name: str, source: Source) -> Path:
    """Keep a source under a name of the company's own; one of this name is replaced.

    Raises:
        DataError: The name cannot be a file's.
    """
    if not name or not all(c.isascii() and (c.isalnum() or c in "-_") for c in name) or name != name.lower():
        raise DataError(_("source {name}: {rule}.").format(name=repr(name), rule=_(_NAME_RULE)))
    file = settings().state / "sources" / f"{name}.yml"
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(f".{os.getpid()}")
    content = source.model_dump(mode="json", exclude_defaults=True)
    fresh.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")
    fresh.replace(file)
    return file


def source_names(dataset: str = "") -> list[str]:
    """Return the names of all sources, or of those for one dataset."""
    return sorted(name for name, file in _files().items() if not dataset or _read(file).dataset == dataset)


def _files() -> dict[str, Path]:
    ready = sorted(LIBRARY.glob("*/sources/*.yml"))
    own = sorted((settings().state / "sources").glob("*.yml"))
    return {file.stem: file for file in [*ready, *own]}


def _read(file: Path) -> Source:
    try:
        content: Any = yaml.safe_load(file.read_text("utf-8"))
        return Source.model_validate(content)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DataError(_("{file}: not YAML: {reason}").format(file=file, reason=error)) from None
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, fault['loc']))}: {allowed(fault)}" for fault in error.errors()]
        raise DataError(_("{file}: not a source: {faults}.").format(file=file, faults="; ".join(lines))) from None
