"""How good a customer's data are: what is filled in, whether it can be used, and how long ago somebody looked at it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from marketbook.customer import contacts
from marketbook.kit.errors import RecordError
from marketbook.kit.language import mark

STALE_DAYS = 180
"""After how many days data are stale that nobody has looked at."""

GROUPS: Mapping[str, str] = {
    "contact": mark("a number or an address"),
    "needs": mark("needs"),
    "preferences": mark("preferences"),
    "birthday": mark("birthday"),
    "consent": mark("a word on consent"),
}
"""What a card should hold beside a name; a company has no birthday."""


@dataclass(frozen=True)
class Card:
    """What is looked at.

    Attributes:
        company: It is a company.
        contacts: Kind and value of each contact point that is in use.
        filled: Which of `GROUPS` hold something; `contact` is seen from `contacts`.
        looked_on: The day on which somebody last said that all of it is right, or entered it.
    """

    company: bool
    contacts: Sequence[tuple[str, str]]
    filled: Collection[str]
    looked_on: date


@dataclass(frozen=True)
class Quality:
    """What was found.

    Attributes:
        asked: How many groups are asked for.
        missing: Which of them are empty.
        contacts, wrong: How many contact points there are, and how many of them nobody can be reached by.
        stale: Nobody looked at it for too long.
    """

    asked: int
    missing: Sequence[str]
    contacts: int
    wrong: int
    stale: bool

    @property
    def complete_bp(self) -> int:
        """The share of what is asked for that is there, in basis points."""
        return (self.asked - len(self.missing)) * 10_000 // self.asked


def looked_at(card: Card, *, on: date, stale_days: int = STALE_DAYS) -> Quality:
    """Say how good a customer's data are on a day.

    Args:
        card: The data.
        on: The day.
        stale_days: After how many days data are stale.

    Example:
        >>> number = ("mobile", "+8613800138000")
        >>> lone = Card(company=True, contacts=[number], filled={"needs"}, looked_on=date(2026, 1, 1))
        >>> found = looked_at(lone, on=date(2026, 7, 1))
        >>> found.complete_bp, found.missing, found.stale
        (5000, ['preferences', 'consent'], True)
    """
    asked = [name for name in GROUPS if not (card.company and name == "birthday")]
    there = {*card.filled, *(("contact",) if card.contacts else ())}
    return Quality(
        asked=len(asked),
        missing=[name for name in asked if name not in there],
        contacts=len(card.contacts),
        wrong=sum(not usable(kind, value) for kind, value in card.contacts),
        stale=on - card.looked_on > timedelta(days=stale_days),
    )


def usable(kind: str, value: str) -> bool:
    """Tell whether a contact point is one still, by the numbering plans of today.

    Example:
        >>> usable("mobile", "+8613800138000"), usable("mobile", "+8610000000000")
        (True, False)
    """
    try:
        return contacts.normalised(kind, value) == value
    except RecordError:
        return False
