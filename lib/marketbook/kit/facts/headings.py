"""Headings of a file matched to a dataset's columns: by name, by title in any language, or by a source's own words."""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic.fields import FieldInfo

from marketbook.kit import language
from marketbook.kit.errors import DataError
from marketbook.kit.facts.schema import Dataset, spellings
from marketbook.kit.facts.sources import Source
from marketbook.kit.facts.spreadsheet import unshield
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark

FOUND_WITHIN = 50
"""Rows at the top of a file among which a source's headings are looked for."""
REJECTS = (mark("Line"), mark("Column"), mark("Value"), mark("Reason"))
"""The headings that a rejects file puts before those of the file."""
_SHOWN = 12


@dataclass(frozen=True)
class Match:
    """Which cell of a row holds which column.

    Attributes:
        row: Place of the headings among the first rows.
        headings: As they stand in the file, without those that a rejects file added.
        positions: Place of each column that the file has.
        skipped: Cells before the file's own (those that a rejects file added).
    """

    row: int
    headings: list[str]
    positions: dict[str, int]
    skipped: int = 0


def plain(heading: object) -> str:
    """Write a heading so that width, spaces and capitals make no difference.

    Example:
        >>> plain("花费（元） ") == plain("花费(元)")
        True
    """
    text = unicodedata.normalize("NFKC", str(heading)).casefold()
    return "".join(letter for letter in text if not letter.isspace() and letter != "\ufeff")


def known_headings(dataset: Dataset, source: Source | None) -> dict[str, str]:
    """Return each plain heading that stands for a column; where a source names one column twice, its first wins."""
    if source:
        return {plain(heading): name for name, column in source.columns.items() for heading in column.heading}
    return {plain(heading): name for name in dataset.columns for heading in dataset.headings(name)}


def match(
    dataset: Dataset, source: Source | None, rows: Sequence[Sequence[Any]], aliases: Mapping[str, str], *, where: str
) -> Match:
    """Find the headings among the first rows and match them to the dataset's columns.

    Args:
        dataset: Whose columns are looked for.
        source: How this kind of file names them; its headings may stand below a preamble, its other columns are left.
        rows: The file's first rows.
        aliases: Other names of a heading.
        where: The file's name, for the message.

    Raises:
        DataError: Headings are missing, unknown or there twice; the message names what was found and what is allowed.
    """
    filled = [(place, row) for place, row in enumerate(rows[:FOUND_WITHIN]) if _speaks(row)]
    if not filled:
        raise DataError(_("{file}: is empty; its first row must hold headings.").format(file=where))
    known = known_headings(dataset, source)

    def score(entry: tuple[int, Sequence[Any]]) -> int:
        return len({known[plain(cell)] for cell in entry[1] if plain(cell) in known})

    place, cells = max(filled, key=score) if source else filled[0]
    skipped = _rejects_width(cells)
    headings = _trimmed([str(unshield(cell) if skipped else cell).strip() for cell in cells[skipped:]])
    if source:
        positions = _by_source(source, headings)
        used = {plain(headings[at]) for at in positions.values()}
        stands_for = [plain(heading) if plain(heading) in used else None for heading in headings]
    else:
        stands_for = [_column(heading, known, aliases) for heading in headings]
        _refuse_unknown(dataset, headings, stands_for, where)
        positions = {column: at for at, column in enumerate(stands_for) if column}
    _refuse_double(headings, stands_for, where)
    _refuse_missing(dataset, source, headings, positions, where)
    return Match(place, headings, positions, skipped)


def _speaks(row: Sequence[Any]) -> bool:
    """Whether a row holds anything but the separator's name, which spreadsheets put first (`sep=;`)."""
    filled = [text for cell in row if cell is not None and (text := str(cell).strip())]
    return bool(filled) and not (len(filled) == 1 and filled[0] in ("sep=", "sep=,", "sep=;", "sep=\t"))


def _trimmed(headings: list[str]) -> list[str]:
    while headings and not headings[-1]:
        headings.pop()
    return headings


def _column(heading: str, known: Mapping[str, str], aliases: Mapping[str, str]) -> str | None:
    return known.get(plain(heading)) or known.get(plain(aliases.get(heading, "")))


def _rejects_width(cells: Sequence[Any]) -> int:
    own = [{plain(spelling) for spelling in spellings(message)} for message in REJECTS]
    fits = len(cells) > len(own) and all(plain(cell) in names for cell, names in zip(cells, own, strict=False))
    return len(own) if fits else 0


def _by_source(source: Source, headings: list[str]) -> dict[str, int]:
    """Each column, in the source's order, takes the first of its headings that is there and not taken yet."""
    places: dict[str, int] = {}
    for at, heading in reversed(list(enumerate(headings))):
        places[plain(heading)] = at
    found: dict[str, int] = {}
    for name, column in source.columns.items():
        there = [places[plain(heading)] for heading in column.heading if plain(heading) in places]
        free = [at for at in there if at not in found.values()]
        if free:
            found[name] = free[0]
    return found


def _refuse_unknown(dataset: Dataset, headings: list[str], columns: list[str | None], where: str) -> None:
    unknown = [
        heading or _("column {n} (empty)").format(n=at)
        for at, (heading, column) in enumerate(zip(headings, columns, strict=True), 1)
        if column is None
    ]
    if unknown:
        raise DataError(
            _("{file}: unknown headings: {unknown}. Dataset {dataset} takes: {allowed}.").format(
                file=where, unknown=_some(unknown), dataset=dataset.name, allowed=_listed(dataset, dataset.columns)
            )
        )


def _refuse_double(headings: list[str], stands_for: list[str | None], where: str) -> None:
    count = Counter(stands_for)
    again = [heading for heading, meant in zip(headings, stands_for, strict=True) if meant and count[meant] > 1]
    if again:
        raise DataError(
            _("{file}: headings that stand for the same column: {headings}. Keep one of them.").format(
                file=where, headings=_some(again)
            )
        )


def _refuse_missing(
    dataset: Dataset, source: Source | None, headings: list[str], positions: Mapping[str, int], where: str
) -> None:
    given = {name for name, column in source.columns.items() if column.value is not None} if source else set()
    fields = dataset.row.model_fields
    wanted = {name for name, column in source.columns.items() if column.required} if source else set()
    needed = {name for name in fields if fields[name].is_required()} - given | wanted
    missing = [name for name in fields if name in needed - positions.keys()]
    if missing:
        raise DataError(
            _("{file}: missing headings: {missing}. Found: {found}.").format(
                file=where, missing=_listed(dataset, missing, source), found=_some(headings)
            )
        )


def _listed(dataset: Dataset, names: list[str], source: Source | None = None) -> str:
    return ", ".join(f"{name} ({_titles(name, dataset.row.model_fields[name], source)})" for name in names)


def _titles(name: str, field: FieldInfo, source: Source | None) -> str:
    if source and name in source.columns:
        return " / ".join(source.columns[name].heading)
    return language.gettext(field.title or name)


def _some(headings: list[str]) -> str:
    shown = ", ".join(headings[:_SHOWN])
    return shown + ", …" if len(headings) > _SHOWN else shown
