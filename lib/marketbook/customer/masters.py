"""By what other systems know a customer, and of which fields one of them is the master: those are changed there."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from pydantic import Field
from sqlalchemy.orm import Session

from marketbook.customer import access
from marketbook.customer.card import Customer
from marketbook.kit.errors import RecordError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.records import external, parameters, roles
from marketbook.kit.store import acting

_Field = Annotated[
    str, Field(pattern=r"^[a-z0-9_-]{1,30}\.(name|company|birthday|contacts|needs|preferences|met_on|owner_id)$")
]

MASTERS = parameters.declare(
    parameters.Declared(
        name="customer.masters",
        title=mark("Fields of customers that another system is the master of, as crm.name"),
        kind=Annotated[list[_Field], Field(max_length=50)],
        default=[],
        source=mark("the house's default: none"),
    )
)


def link(session: Session, customer: Customer, *, system: str, known_as: str, actor: int) -> None:
    """Note by what another system knows a customer.

    Raises:
        AccessError: The actor may not.
        RecordError: The system or the id cannot be, or the id is another's.
    """
    access.check_writer(session, actor)
    with acting(session, actor):
        external.link(session, system=system, id=known_as, party_id=customer.id)


def check(session: Session, customer: Customer, names: Iterable[str], *, on: date | None = None) -> None:
    """Refuse a change of a field whose master is another system that knows the customer.

    Args:
        session: A session of either kind.
        customer: Whose card.
        names: The fields that would be changed.
        on: The day whose parameter holds; today if none is given.

    Raises:
        RecordError: It is so; the message says which field, and where it is changed.
    """
    kept = set(parameters.value(session, MASTERS.name, on=on or roles.today()))
    if not kept:
        return
    for one in external.listed(session, party_id=customer.id):
        for name in names:
            if f"{one.system}.{name}" in kept:
                raise _mastered(name, one.system, one.id)


def _mastered(name: str, system: str, known_as: str) -> RecordError:
    from marketbook.customer.cards import FIELDS  # which imports this module

    text = _("{field} comes from {system}, where this customer is {number}; please change it there.")
    return RecordError(text.format(field=_(FIELDS[name]), system=system, number=known_as))
