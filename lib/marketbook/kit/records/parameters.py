"""Parameters: what the company may set for itself, dated, each change made by two people.

A chapter declares what it has; until the company decides otherwise, the default holds.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.kit import faults
from marketbook.kit.errors import RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.records.tables import Parameter
from marketbook.kit.suggestion import instead


@dataclass(frozen=True)
class Declared:
    """A parameter.

    Attributes:
        name: With its chapter: `complaint.first_response_minutes`.
        title: What people call it; marked.
        kind: Its type, as pydantic reads it, with its bounds.
        default: Until the company sets it.
        source: Where the default comes from; marked, or the policy's clause.
    """

    name: str
    title: str
    kind: Any
    default: Any
    source: str

    def check(self, value: object) -> Any:  # noqa: ANN401  # a parameter is of any kind
        """Return a value as it is kept.

        Raises:
            RecordError: It is of another kind or out of its bounds.
        """
        adapter: TypeAdapter[Any] = TypeAdapter(self.kind)
        try:
            return adapter.dump_python(adapter.validate_python(value), mode="json")
        except ValidationError as error:
            told = "; ".join(faults.allowed(fault) for fault in error.errors())
            raise RecordError(f"{self.name}: {value!r}: {told}") from None


_declared: dict[str, Declared] = {}


def declare(made: Declared) -> Declared:
    """Make a parameter known; called where the chapter is imported."""
    _declared[made.name] = made
    return made


def declared(name: str) -> Declared:
    """Return a parameter.

    Raises:
        RecordError: There is none of this name; the message names one that is like it.
    """
    if name not in _declared:
        raise RecordError(
            _("There is no parameter {name!r}. {instead}").format(name=name, instead=instead(name, _declared))
        )
    return _declared[name]


def everything() -> list[Declared]:
    """Return every parameter that is known here, by name."""
    return [_declared[name] for name in sorted(_declared)]


def value(session: Session, name: str, *, on: date) -> Any:  # noqa: ANN401  # a parameter is of any kind
    """Return what a parameter is on a day.

    Args:
        session: A session of either kind.
        name: Of the parameter.
        on: The day that counts: of the record's intake, not of today, where the two differ.

    Raises:
        RecordError: There is none of this name.
    """
    default = declared(name).default
    found = session.scalars(
        select(Parameter)
        .where(Parameter.name == name, Parameter.valid_from <= on)
        .order_by(Parameter.valid_from.desc())
        .limit(1)
    ).first()
    return default if found is None else found.value


def dated(session: Session, name: str) -> list[Parameter]:
    """Return everything that a parameter was, is and is going to be, by its first day."""
    return list(session.scalars(select(Parameter).where(Parameter.name == name).order_by(Parameter.valid_from)))
