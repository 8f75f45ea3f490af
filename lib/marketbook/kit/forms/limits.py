"""Limits of several things together, as a reader writes them beside sliders: of what, at least and at most how much."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marketbook.kit.errors import RecordError
from marketbook.kit.facts.cells import Column, read_cell
from marketbook.kit.forms.address import yuan
from marketbook.kit.forms.typed import in_full
from marketbook.kit.language import gettext as _

MOST = 8
"""How many limits can be written."""
LARGEST = 1e15
"""No limit is above it, in percent or fen."""

_FEWEST = 2
_UNITS = ("percent", "amount")
_MONEY = Column("most", int, unit="yuan")
_NUMBER = Column("most", float)


@dataclass(frozen=True)
class Joint:
    """What can have limits together.

    Attributes:
        title, about: What stands above the limits, and a sentence about them.
        members: What there is: its title by its name.
        percent, amount: What the two units are called; an amount is money.
    """

    title: str
    about: str
    members: Mapping[str, str]
    percent: str
    amount: str


@dataclass(frozen=True)
class Together:
    """A limit of several things together.

    Attributes:
        members: Of which, by name.
        least, most: In percent, or in fen; None where that end is open.
        in_percent: Which of the two.
    """

    members: tuple[str, ...]
    least: float | None
    most: float | None
    in_percent: bool = True


def read_together(joint: Joint | None, said: object) -> tuple[Together, ...]:
    """Read limits as a browser writes them: `members`, `least` and `most` as they were typed, and `unit`.

    Args:
        joint: What can have limits.
        said: What a browser wrote.

    Raises:
        RecordError: One cannot be read; the message says which, and why.

    Example:
        >>> joint = Joint("", "", {"a": "A", "b": "B"}, "%", "yuan")
        >>> read_together(joint, [{"members": ["a", "b"], "least": "", "most": "1.5万", "unit": "amount"}])
        (Together(members=('a', 'b'), least=None, most=1500000, in_percent=False),)
    """
    if not said:
        return ()
    if joint is None or not isinstance(said, list | tuple) or len(said) > MOST:
        raise RecordError(_("There can be {most} limits of several together at most.").format(most=MOST))
    return tuple(_read(joint, place, one) for place, one in enumerate(said, 1))


def typed(one: Together) -> dict[str, Any]:
    """Write a limit as a browser does.

    Example:
        >>> typed(Together(("a", "b"), None, 1_500_050, in_percent=False))
        {'members': ['a', 'b'], 'least': '', 'most': '15000.50', 'unit': 'amount'}
    """
    ends = {"least": one.least, "most": one.most}
    return {
        "members": list(one.members),
        **{name: "" if end is None else f"{end:g}" if one.in_percent else yuan(int(end)) for name, end in ends.items()},
        "unit": "percent" if one.in_percent else "amount",
    }


def _read(joint: Joint, place: int, said: object) -> Together:
    given: Mapping[str, Any] = said if isinstance(said, Mapping) else {}
    members = [name for name in joint.members if name in _listed(given.get("members"))]
    if len(members) < _FEWEST or len(members) < len(_listed(given.get("members"))):
        raise RecordError(_("Limit {place}: choose at least two of what there is.").format(place=place))
    unit = given.get("unit")
    if unit not in _UNITS:
        raise RecordError(_("Limit {place}: there is no such unit.").format(place=place))
    least, most = (_end(given.get(name, ""), place, in_percent=unit == "percent") for name in ("least", "most"))
    if least is most is None:
        raise RecordError(_("Limit {place}: give at least one end.").format(place=place))
    return Together(tuple(members), least, most, in_percent=unit == "percent")


def _listed(members: object) -> frozenset[object]:
    return frozenset(map(str, members)) if isinstance(members, list | tuple) else frozenset()


def _end(typed: object, place: int, *, in_percent: bool) -> float | None:
    text = typed.strip() if isinstance(typed, str) else repr(typed)
    found = read_cell(_NUMBER, text.removesuffix("%").strip()) if in_percent else read_cell(_MONEY, in_full(text))
    if found is None:
        return None
    if not isinstance(found, int | float) or not 0 <= found <= LARGEST:
        told = _("Limit {place}: found {found!r}; write a percentage from 0 on, such as 120.") if in_percent else _(
            "Limit {place}: found {found!r}; write an amount in yuan, such as 5,000,000 or 500万."
        )  # fmt: skip
        raise RecordError(told.format(place=place, found=text[:40]))
    return found
