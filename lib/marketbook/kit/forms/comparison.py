"""A list that comes back, held against what is kept: what is new, what has changed from what, what is refused and why.

Nothing is written while it is compared. The rows that seem right are written once for trial, in a transaction that is
undone, so that what the services refuse is known as well; then, when it is confirmed, for good: all of them or none.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from pydantic import BaseModel
from sqlalchemy.orm import Session

from marketbook.kit.errors import MarketbookError, RecordError
from marketbook.kit.forms import guard, typed
from marketbook.kit.forms.checking import check
from marketbook.kit.forms.fields import FormField
from marketbook.kit.forms.returned import Line
from marketbook.kit.forms.rows import Row, Rows, version
from marketbook.kit.forms.sheet import separator
from marketbook.kit.language import gettext as _
from marketbook.kit.store import Store

Model = TypeVar("Model", bound=BaseModel)
Change = Callable[[Session, int, Model], None]
Add = Callable[[Session, Model], None]


@dataclass(frozen=True)
class Wanted(Generic[Model]):
    """A row to be written.

    Attributes:
        line: Where it comes from.
        record: How it should be.
        cells: What changes: the column's title, what stood there, what should.
    """

    line: Line
    record: Model
    cells: tuple[tuple[str, str, str], ...] = ()


Together = Callable[[Session, Sequence[Wanted[Model]]], Mapping[int, str]]


@dataclass(frozen=True)
class Services(Generic[Model]):
    """How rows are written.

    Attributes:
        change: Takes a record's id and how it should be; None where rows cannot be changed.
        add: Takes a new record; None where none can be added.
        fixed: Fields that may not be changed in this way.
        together: Writes all rows, new and changed, at once, in place of the two others: it returns why some of them
            cannot be, by their row, and writes nothing if there are any.
    """

    change: Change[Model] | None = None
    add: Add[Model] | None = None
    fixed: Collection[str] = ()
    together: Together[Model] | None = None


@dataclass(frozen=True)
class Refused:
    """Something that will not be written: row, column (may be empty), value, and why."""

    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Comparison(Generic[Model]):
    """What a file would do. Rows that are kept and do not stand in the file stay as they are."""

    new: list[Wanted[Model]] = field(default_factory=list)
    changed: list[Wanted[Model]] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    unchanged: int = 0


def compare(
    session: Session,
    model: type[Model],
    asked: Sequence[FormField],
    lines: Sequence[Line],
    *,
    rows: Rows,
    services: Services[Model],
) -> Comparison[Model]:
    """Compare a file's rows with what is kept.

    Args:
        session: A reading session.
        model: The list's model.
        asked: Its fields, in the reader's language.
        lines: The file's rows.
        rows: What is kept.
        services: What may be written.
    """
    kept = rows.some(session, [line.id for line in lines if line.id and line.id > 0])
    found: Comparison[Model] = Comparison()
    unchanged, seen = 0, set[int]()
    for line in lines:
        if line.id is not None and line.id in seen:
            found.refused.append(Refused(line.row, "", str(line.id), _("stands in the file before already")))
            continue
        seen |= {line.id} if line.id is not None else set()
        wanted = _wanted(model, asked, line, kept, services)
        if isinstance(wanted, list):
            found.refused.extend(wanted)
        elif line.id is None:
            found.new.append(wanted)
        elif wanted.cells:
            found.changed.append(wanted)
        else:
            unchanged += 1
    return replace(found, unchanged=unchanged)


def rehearse(store: Store, found: Comparison[Model], services: Services[Model]) -> Comparison[Model]:
    """Write the rows for trial and undo it; those that the services refuse become refused."""
    if services.together is not None:
        return _rehearse_together(store, found, services.together)
    refused: dict[int, Refused] = {}
    try:
        with store.writing() as session:
            for wanted in [*found.changed, *found.new]:
                try:
                    with session.begin_nested():
                        _write(session, wanted, services)
                except Exception as error:  # noqa: BLE001  # the reader is told a number
                    refused[wanted.line.row] = Refused(wanted.line.row, "", "", guard.told(error))
            raise _UndoError
    except _UndoError:
        pass
    return _without(found, refused)


def _rehearse_together(store: Store, found: Comparison[Model], together: Together[Model]) -> Comparison[Model]:
    told: Mapping[int, str] = {}
    try:
        with store.writing() as session:
            told = together(session, [*found.changed, *found.new])
            session.flush()
            raise _UndoError
    except _UndoError:
        refused = {row: Refused(row, "", "", reason) for row, reason in told.items()}
    except Exception as error:  # noqa: BLE001  # the reader is told a number
        reason = guard.told(error)
        refused = {one.line.row: Refused(one.line.row, "", "", reason) for one in [*found.changed, *found.new]}
    return _without(found, refused)


def _without(found: Comparison[Model], refused: Mapping[int, Refused]) -> Comparison[Model]:
    return Comparison(
        new=[one for one in found.new if one.line.row not in refused],
        changed=[one for one in found.changed if one.line.row not in refused],
        refused=sorted([*found.refused, *refused.values()], key=lambda one: one.row),
        unchanged=found.unchanged,
    )


def apply(
    session: Session, asked: Sequence[FormField], found: Comparison[Model], *, rows: Rows, services: Services[Model]
) -> int:
    """Write the rows, in the caller's transaction; return how many.

    Raises:
        RecordError: A row has changed since it was compared, or is refused after all; nothing may be kept then.
    """
    kept = rows.some(session, [one.line.id for one in found.changed if one.line.id])
    for one in found.changed:
        row = kept.get(one.line.id or 0)
        if row is None or version(asked, row) != one.line.version:
            raise RecordError(_("Row {row}: somebody has just changed this record; nothing was written. "
                                "Please take the list out again.").format(row=one.line.row))  # fmt: skip
    if services.together is not None:
        for place, reason in services.together(session, [*found.changed, *found.new]).items():
            raise RecordError(_("Row {row}: {reason} Nothing was written.").format(row=place, reason=reason))
        return len(found.changed) + len(found.new)
    for one in [*found.changed, *found.new]:
        try:
            _write(session, one, services)
        except MarketbookError as error:
            raise RecordError(
                _("Row {row}: {reason} Nothing was written.").format(row=one.line.row, reason=error)
            ) from error
    return len(found.changed) + len(found.new)


class _UndoError(Exception):
    """Ends a trial."""


def _write(session: Session, wanted: Wanted[Model], services: Services[Model]) -> None:
    if wanted.line.id is None and services.add is not None:
        services.add(session, wanted.record)
    elif wanted.line.id is not None and services.change is not None:
        services.change(session, wanted.line.id, wanted.record)
    session.flush()


def _wanted(
    model: type[Model], asked: Sequence[FormField], line: Line, kept: Mapping[int, Row], services: Services[Model]
) -> Wanted[Model] | list[Refused]:
    """Return what should be written of a row, or all that is wrong with it."""
    row = kept.get(line.id) if line.id is not None else {}
    if row is None:
        return [Refused(line.row, _("Record number"), str(line.id), _("There is no such record (any more)."))]
    if not (services.together or (services.add if line.id is None else services.change)):
        reason = _("No rows can be added here.") if line.id is None else _("Rows cannot be changed here.")
        return [Refused(line.row, "", "", reason)]
    before = typed.write(asked, row)
    filled = {name: text for name, text in line.cells.items() if line.id is not None or text}
    checked = check(model, asked, before | filled)
    if checked.record is None:
        return [_refusal(asked, line, path, told) for path, told in checked.refusals.items()]
    after = typed.write(asked, checked.record)
    cells = [one for one in asked if before[one.name] != after[one.name]] if line.id is not None else []
    if cells and line.version != version(asked, row):
        return [_stale(one, line, before, after) for one in cells]
    refused = [_fixed(one, line) for one in cells if one.name in services.fixed]
    told = tuple((one.title, _shown(one, before[one.name]), _shown(one, after[one.name])) for one in cells)
    return refused or Wanted(line, checked.record, told)


def _stale(one: FormField, line: Line, before: Mapping[str, Any], after: Mapping[str, Any]) -> Refused:
    reason = _("The record was changed after this list was taken out; it is now: {now}").format(
        now=_shown(one, before[one.name]) or _("empty")
    )
    return Refused(line.row, one.title, _shown(one, after[one.name]), reason)


def _fixed(one: FormField, line: Line) -> Refused:
    return Refused(line.row, one.title, _shown(one, line.cells.get(one.name, "")), _("cannot be changed in this way"))


def _refusal(asked: Sequence[FormField], line: Line, path: str, told: str) -> Refused:
    one = next((one for one in asked if one.name == path), None)
    value = _shown(one, line.cells.get(one.name, "")) if one else ""
    return Refused(line.row, one.title if one else "", value, told)


def _shown(one: FormField, text: Any) -> str:  # noqa: ANN401  # typed text
    labels: dict[str, str] = {choice.text: choice.label for choice in one.choices}
    labels |= {"yes": _("yes"), "no": _("no")} if one.kind == "flag" else {}
    if isinstance(text, list):
        return separator().join(labels.get(str(each), str(each)) for each in text)
    return labels.get(str(text), str(text))
