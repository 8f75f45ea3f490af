"""From how much of a budget on people are warned."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field
from sqlalchemy.orm import Session

from marketbook.kit.language import mark
from marketbook.kit.records import parameters, roles

WARN_AT = parameters.declare(
    parameters.Declared(
        name="budget.warn_at_bp",
        title=mark("From how much of an item's budget on people are warned, in 1/10,000"),
        kind=Annotated[list[Annotated[int, Field(gt=0, le=10_000)]], Field(min_length=1, max_length=5)],
        default=[8_000, 9_500],
        source=mark("80 % and 95 %, until the company decides otherwise"),
    )
)


def shares(session: Session) -> list[int]:
    """Return from which shares on people are warned today, in basis points, the lowest first."""
    return sorted(parameters.value(session, WARN_AT.name, on=roles.today()))


def level(used: int, allocated: int, shares: Sequence[int]) -> int:
    """Return how many of the shares have been reached.

    Args:
        used: Promised and spent, in fen.
        allocated: In fen.
        shares: In basis points, the lowest first.

    Example:
        >>> [level(used, 100, (8_000, 9_500)) for used in (79, 80, 95)], level(0, 0, (8_000, 9_500))
        ([0, 1, 2], 0)
    """
    return sum(used * 10_000 >= share * allocated for share in shares) if used else 0
