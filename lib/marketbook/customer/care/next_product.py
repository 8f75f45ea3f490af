"""What a customer may want next: what those bought, too, who bought the same. Counted, so that everybody can follow.

A recommendation must rest on enough customers, and what is recommended must be bought more often by them than by all.

References:
    R. Agrawal, R. Srikant, "Fast algorithms for mining association rules", Proceedings of the 20th VLDB Conference
    (1994), 487-499: confidence of a rule, here of one product each.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import permutations

LEAST = 50
"""On so many customers a recommendation rests at least."""

BASIS = 10_000


@dataclass(frozen=True)
class Advice:
    """What is recommended, and why.

    Attributes:
        category: What.
        because: What the customer bought.
        buyers: How many customers bought that.
        share_bp: How many of them bought what is recommended, too.
        base_bp: How many of all customers bought it.
    """

    category: str
    because: str
    buyers: int
    share_bp: int
    base_bp: int


@dataclass(frozen=True)
class Purchases:
    """Who bought what, counted.

    Attributes:
        customers: How many customers there are.
        buyers: How many of them bought a category.
        both: How many bought two, by both in either order.
    """

    customers: int
    buyers: Counter[str]
    both: Counter[tuple[str, str]]


def count(baskets: Iterable[Collection[str]]) -> Purchases:
    """Count what customers bought.

    Args:
        baskets: What each customer bought, each category once.
    """
    buyers: Counter[str] = Counter()
    both: Counter[tuple[str, str]] = Counter()
    customers = 0
    for basket in baskets:
        customers += 1
        buyers.update(set(basket))
        both.update(permutations(sorted(set(basket)), 2))
    return Purchases(customers, buyers, both)


def advise(purchases: Purchases, own: Collection[str], *, least: int = LEAST) -> Advice | None:
    """Return what is recommended to a customer; None where nothing is.

    Args:
        purchases: Of all customers.
        own: What the customer bought.
        least: On how many customers it rests at least.

    Example:
        >>> alike = count([{"tea", "cups"}] * 30 + [{"tea"}] * 30 + [{"soap"}] * 40)
        >>> advise(alike, {"tea"})
        Advice(category='cups', because='tea', buyers=60, share_bp=5000, base_bp=3000)
        >>> advise(alike, {"soap"}) is None
        True
    """
    found = [
        Advice(category, because, n, purchases.both[because, category] * BASIS // n, bought * BASIS // all_of_them)
        for because in sorted(set(own))
        if (n := purchases.buyers[because]) >= least
        for category, bought in purchases.buyers.items()
        if category not in own and (all_of_them := purchases.customers)
    ]
    better = [one for one in found if one.share_bp > one.base_bp]
    return max(better, key=lambda one: (one.share_bp, one.buyers, one.category), default=None)
