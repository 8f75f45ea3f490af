"""Groups as numbers: respondents numbered by group, and sums by number."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Booleans = NDArray[np.bool_]


def numbered(column: pd.Series, above: Codes | None = None) -> Codes:
    """Number the values of a column, 0 and up; with `above`, the same value in two groups has two numbers."""
    codes = pd.factorize(column)[0].astype(np.int64)
    return codes if above is None else joined([above, codes])


def joined(codes: "list[Codes]") -> Codes:
    """Number the combinations that occur, 0 and up."""
    result = np.zeros(len(codes[0]), dtype=np.int64)
    for code in codes:
        result = pd.factorize(result * (int(code.max()) + 1) + code)[0].astype(np.int64)
    return result


def sums(codes: Codes, values: Floats, size: int | None = None) -> Floats:
    """Sum values by number.

    Args:
        codes: The number of each row, 0 and up.
        values: One per row, or several columns.
        size: How many numbers there are; None: up to the largest met.
    """
    size = int(codes.max()) + 1 if size is None else size
    if values.ndim == 1:
        return np.bincount(codes, weights=values, minlength=size).astype(np.float64)
    return np.column_stack([sums(codes, column, size) for column in values.T])


def first_rows(codes: Codes) -> Codes:
    """Return the row in which each number is first met."""
    first = np.empty(int(codes.max()) + 1, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    return first
