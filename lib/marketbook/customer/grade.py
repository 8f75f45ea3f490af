"""Customers in three classes by what they bought in twelve months: the few who bring most, the next, and all others.

References:
    H. Ford Dickie, "ABC inventory analysis shoots for dollars, not pennies", Factory Management and Maintenance 109
    (1951), 92-94.
"""

from collections.abc import Mapping
from typing import Literal

Grade = Literal["A", "B", "C"]

GRADES: Mapping[str, str] = {"A": "A", "B": "B", "C": "C"}

BASIS = 10_000
"""Shares are whole basis points, so that no rounding moves a customer into another class."""


def graded(values: Mapping[int, int], *, a_bp: int = 8_000, b_bp: int = 9_500) -> dict[int, Grade]:
    """Put customers into classes.

    Beginning with the one who bought most, customers are in class A until those before them have brought `a_bp` of the
    total, in class B until `b_bp`. Who bought the same is in the same class, and who bought nothing is in class C.

    Args:
        values: Fen bought in twelve months, by customer; what was sent back is taken off, and may leave less than 0.
        a_bp: Basis points of the total that class A brings.
        b_bp: Basis points of the total that classes A and B bring.

    Returns:
        The class of each customer.

    Example:
        >>> graded({1: 800, 2: 150, 3: 50, 4: 0})
        {1: 'A', 2: 'B', 3: 'C', 4: 'C'}
    """
    total = sum(value for value in values.values() if value > 0)
    found: dict[int, Grade] = {}
    before = running = 0
    last: int | None = None
    for customer, value in sorted(values.items(), key=lambda one: -one[1]):
        before = running if value != last else before
        found[customer] = _class(value, before * BASIS, total, a_bp, b_bp)
        running, last = running + max(value, 0), value
    return {customer: found[customer] for customer in values}


def _class(value: int, before: int, total: int, a_bp: int, b_bp: int) -> Grade:
    if value <= 0:
        return "C"
    return "A" if before < a_bp * total else "B" if before < b_bp * total else "C"
