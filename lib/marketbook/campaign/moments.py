"""Moments: counts, means and covariances by group, the only figures that an A/B statistic needs from its users."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Any

import ibis
import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True)
class Moments:
    """What is kept of a group of users.

    Attributes:
        n: Count of users.
        names: The measures, in the order of `mean` and `cov`.
        mean: Mean of each measure.
        cov: Sample covariances (divisor n - 1).
    """

    n: int
    names: tuple[str, ...]
    mean: NDArray[np.float64]
    cov: NDArray[np.float64]

    def __add__(self, other: "Moments") -> "Moments":
        """Return the moments of both groups taken together."""
        n = self.n + other.n
        apart = other.mean - self.mean
        scatter = (self.n - 1) * self.cov + (other.n - 1) * other.cov
        scatter = scatter + np.outer(apart, apart) * (self.n * other.n / n)
        return Moments(n, self.names, self.mean + apart * (other.n / n), scatter / (n - 1))

    def position(self, name: str) -> int:
        """Return where a measure stands in `mean` and `cov`."""
        return self.names.index(name)

    def mean_of(self, name: str) -> float:
        """Return the mean of one measure."""
        return float(self.mean[self.position(name)])


def aggregate(table: ibis.Table, by: Sequence[str], measures: Mapping[str, Any]) -> pd.DataFrame:
    """Count, average and cross-multiply users by group in one pass of the database.

    Args:
        table: One row per user.
        by: Columns that tell groups apart.
        measures: Ibis expressions of numbers, by name.

    Returns:
        One row per group: the columns of `by`, `n`, `mean:<name>` and `cov:<name>:<name>`.
    """
    numbers = {name: column.cast("float64") for name, column in measures.items()}
    sums: dict[str, Any] = {"n": table.count()}
    sums |= {f"mean:{name}": column.mean() for name, column in numbers.items()}
    for one, two in combinations_with_replacement(numbers, 2):
        sums[f"cov:{one}:{two}"] = numbers[one].cov(numbers[two], how="sample")
    frame: pd.DataFrame = table.group_by(*by).aggregate(**sums).order_by(*by).to_pyarrow().to_pandas()
    return frame


def unpack(row: pd.Series, names: Sequence[str]) -> Moments:
    """Turn a row of `aggregate` into moments."""
    cov = np.zeros((len(names), len(names)))
    for (i, one), (j, two) in combinations_with_replacement(list(enumerate(names)), 2):
        cov[i, j] = cov[j, i] = float(row[f"cov:{one}:{two}"])
    return Moments(int(row["n"]), tuple(names), np.array([float(row[f"mean:{name}"]) for name in names]), cov)


def measure(frame: pd.DataFrame) -> Moments:
    """Take the moments of a frame with one row per user and one column per measure.

    Example:
        >>> measure(pd.DataFrame({"orders": [0, 1, 2]})).mean_of("orders")
        1.0
    """
    values = frame.to_numpy(dtype=float)
    cov = np.atleast_2d(np.cov(values, rowvar=False))
    return Moments(len(frame), tuple(str(name) for name in frame.columns), values.mean(axis=0), cov)
