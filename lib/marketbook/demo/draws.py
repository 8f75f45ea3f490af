"""Drawing and dividing in whole numbers, so that the same seed gives the same rows on every machine.

Sums of floats and the last bit of exp and log differ between processors; sums of integers do not.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from marketbook.demo.company import Floats, IntArray

CHAPTERS = (
    "media", "sales", "customers", "campaigns", "journeys", "survey", "ad_days", "year", "competitors", "regions",
)  # fmt: skip


def generators(seed: int) -> dict[str, np.random.Generator]:
    """Return a generator for each chapter; a chapter added at the end leaves the others as they were.

    Args:
        seed: Any non-negative integer.
    """
    children = np.random.SeedSequence(seed).spawn(len(CHAPTERS))
    return {name: np.random.Generator(np.random.PCG64(child)) for name, child in zip(CHAPTERS, children, strict=True)}


def pick(rng: np.random.Generator, weights: Sequence[int] | IntArray, size: int) -> IntArray:
    """Draw indices with chances in proportion to whole-number weights.

    Example:
        >>> pick(np.random.default_rng(1), [0, 5, 0], 3).tolist()
        [1, 1, 1]
    """
    cumulated = np.cumsum(np.asarray(weights, dtype=np.int64))
    return np.searchsorted(cumulated, rng.integers(0, cumulated[-1], size), side="right").astype(np.int64)


def apportion(total: int, weights: Sequence[int] | IntArray) -> IntArray:
    """Divide a whole number in proportion to weights, the largest remainders rounded up.

    Example:
        >>> apportion(10, [1, 1, 1]).tolist()
        [4, 3, 3]
    """
    weight = np.asarray(weights, dtype=np.int64)
    shares, rests = np.divmod(total * weight, weight.sum())
    short = total - int(shares.sum())
    shares[np.argsort(-rests, kind="stable")[:short]] += 1
    return shares


def split_rows(totals: IntArray, weights: IntArray) -> IntArray:
    """Divide each row's total among its columns in proportion to weights; rows sum exactly.

    Args:
        totals: One whole number per row.
        weights: Rows by columns, whole numbers; a row without weight is divided evenly.
    """
    weight = np.where(weights.sum(axis=1, keepdims=True) > 0, weights, 1)
    cumulated = np.cumsum(weight, axis=1)
    upto = totals[:, None] * cumulated // cumulated[:, -1:]
    parts: IntArray = np.diff(upto, axis=1, prepend=0)
    return parts


def rounded(values: npt.NDArray[np.number[Any]], digits: int) -> Floats:
    """Round away the last bits, in which processors differ, before values are compared or counted."""
    return np.asarray(np.round(values, digits), dtype=np.float64)


def whole(values: npt.NDArray[np.floating[Any]] | float) -> IntArray:
    """Round to whole numbers, halves to even."""
    return np.rint(values).astype(np.int64)
