"""Customers who may be the same one, with the reasons, found without comparing everybody with everybody.

Whoever shares a key is compared: a contact point; a name and a birthday; a name and a number from which one character
was left out. Two texts that differ by one character, or by two neighbours that changed places, share such a key, so
that nobody else need be looked at.

References:
    F. J. Damerau, "A technique for computer detection and correction of spelling errors", Communications of the ACM 7
    (1964), 171-176, for the mistakes that are meant; T. Bocek, E. Hunt, B. Stiller, "Fast similarity search in large
    dictionaries", University of Zurich, ifi-2007.02 (2007), for the keys with one character left out.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from marketbook.kit.language import mark

REASONS: Mapping[str, str] = {
    "contact": mark("the same number or address"),
    "birthday": mark("the same name and birthday"),
    "near": mark("the same name, and numbers or addresses that differ in one place"),
}
"""Why two customers may be the same one, the strongest reason first."""

MOST = 40
"""How many customers of one key are compared with each other; beyond, each only with the first."""


@dataclass(frozen=True)
class Known:
    """What of a customer is compared.

    Attributes:
        id: Of the customer.
        name: As it is written.
        contacts: Kind and value of each contact point in use.
        birthday: As mm-dd; empty where it is not known.
    """

    id: int
    name: str
    contacts: Sequence[tuple[str, str]] = ()
    birthday: str = ""


@dataclass(frozen=True)
class Pair:
    """Two customers who may be the same one.

    Attributes:
        first, second: Their ids, the lower one first.
        reasons: Of `REASONS`, the strongest first.
    """

    first: int
    second: int
    reasons: Sequence[str]


def pairs(customers: Iterable[Known]) -> list[Pair]:
    """Find who may be the same.

    Args:
        customers: Everybody; the time it takes grows with their number, not with its square.

    Returns:
        Each pair once, by ids.

    Example:
        >>> pairs([Known(1, "王芳", [("mobile", "+8613800138000")]), Known(2, "王 芳", [("mobile", "+8613800138001")])])
        [Pair(first=1, second=2, reasons=['near'])]
    """
    known = {one.id: one for one in customers}
    found: dict[tuple[int, int], set[str]] = defaultdict(set)
    for reason, keys in _KEYS.items():
        for first, second in _sharing(known.values(), keys):
            if reason != "near" or _near(known[first], known[second]):
                found[first, second].add(reason)
    return [Pair(*pair, [one for one in REASONS if one in found[pair]]) for pair in sorted(found)]


def plain(name: str) -> str:
    """Return a name as it is compared: without spaces, signs, and the width and case of its letters.

    Example:
        >>> plain(" Ａnna-Li 王"), plain("王（芳）")
        ('annali王', '王芳')
    """
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())


def differs_in_one(one: str, other: str) -> bool:
    """Tell whether two texts differ by one character put in, left out or mistaken, or by two that changed places.

    Example:
        >>> differs_in_one("8000", "8001"), differs_in_one("8010", "8100"), differs_in_one("8000", "8011")
        (True, True, False)
    """
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    left, right = one[start:], other[start:]
    if len(left) != len(right):
        longer, shorter = sorted((left, right), key=len, reverse=True)
        return longer[1:] == shorter
    return left[1:] == right[1:] or (left[:2] == right[1::-1] and left[2:] == right[2:])


def _by_contact(one: Known) -> Iterator[Hashable]:
    yield from one.contacts


def _by_birthday(one: Known) -> Iterator[Hashable]:
    if one.birthday:
        yield plain(one.name), one.birthday


def _by_near(one: Known) -> Iterator[Hashable]:
    name = plain(one.name)
    for _kind, value in one.contacts:
        yield name, value
        yield from {(name, value[:at] + value[at + 1 :]) for at in range(len(value))}


_KEYS: Mapping[str, Callable[[Known], Iterator[Hashable]]] = {
    "contact": _by_contact, "birthday": _by_birthday, "near": _by_near,
}  # fmt: skip


def _sharing(customers: Iterable[Known], keys: Callable[[Known], Iterator[Hashable]]) -> Iterator[tuple[int, int]]:
    """Return the pairs who share a key; a switchboard's number is not a thousand customers compared with each other."""
    sharers: dict[Hashable, set[int]] = defaultdict(set)
    for one in customers:
        for key in keys(one):
            sharers[key].add(one.id)
    for ids in sharers.values():
        first, *others = sorted(ids)
        yield from combinations((first, *others), 2) if len(ids) <= MOST else ((first, other) for other in others)


def _near(one: Known, other: Known) -> bool:
    return any(differs_in_one(mine, theirs) for _k, mine in one.contacts for _l, theirs in other.contacts)
