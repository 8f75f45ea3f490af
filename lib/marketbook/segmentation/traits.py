"""Traits: what tells customers apart, transformed so that distances mean something, and names for groups of them."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark

TRAITS: Mapping[str, tuple[str, str]] = {
    "frequency": (mark("buys often"), mark("buys seldom")),
    "order_value": (mark("large baskets"), mark("small baskets")),
    "freshness": (mark("bought lately"), mark("not seen lately")),
    "breadth": (mark("many categories"), mark("few categories")),
    "sale_season": (mark("waits for the great sales"), mark("buys outside the great sales")),
}
"""Each trait with words for its upper and its lower end."""

_ARCHETYPES: tuple[tuple[str, Mapping[str, float]], ...] = (
    (mark("Core shoppers"), {"frequency": 1, "freshness": 0.6, "breadth": 0.8}),
    (mark("Core shoppers with large baskets"), {"frequency": 1, "freshness": 0.5, "breadth": 0.6, "order_value": 1}),
    (mark("Frequent small-basket shoppers"), {"frequency": 1, "breadth": 0.6, "order_value": -1, "freshness": 0.5}),
    (mark("Sale hunters"), {"sale_season": 1}),
    (mark("Frequent sale hunters"), {"sale_season": 1, "frequency": 0.8, "breadth": 0.6}),
    (mark("Occasional big spenders"), {"frequency": -0.7, "breadth": -0.6, "order_value": 1}),
    (mark("Big-basket shoppers"), {"order_value": 1}),
    (mark("Occasional light buyers"), {"frequency": -0.7, "breadth": -0.6, "order_value": -1}),
    (mark("Fresh but occasional"), {"frequency": -0.7, "breadth": -0.6, "freshness": 1}),
    (mark("Lapsing customers"), {"freshness": -1, "frequency": -0.6, "breadth": -0.5}),
    (mark("Lapsing big spenders"), {"freshness": -1, "order_value": 1, "frequency": -0.6, "breadth": -0.5}),
    (mark("Fading regulars"), {"freshness": -1, "frequency": 0.6, "breadth": 0.5}),
    (mark("Year-round regulars"), {"breadth": 1, "frequency": 0.7, "sale_season": -0.7}),
    (mark("Specialists"), {"breadth": -1, "frequency": 0.5}),
    (mark("Light regulars"), {"order_value": -1, "freshness": 0.5}),
)
_LEAST_LIKENESS = 0.6
_LEAST_TRAIT = 0.5
"""Standard deviations that a group must show of each trait with weight 1 or -1 in a name."""


def traits(profiles: pd.DataFrame) -> pd.DataFrame:
    """Transform profiles to traits: more is more, logarithms where values are skewed.

    Args:
        profiles: One row per customer: `n_purchases`, `spend_minor`, `recency_days`, `n_categories`,
            `share_sale_season`.

    Returns:
        One row per customer with the columns of `TRAITS`, not yet standardised.
    """
    return pd.DataFrame(
        {
            "frequency": np.log(profiles.n_purchases),
            "order_value": np.log1p(profiles.spend_minor / profiles.n_purchases),
            "freshness": -np.log1p(profiles.recency_days),
            "breadth": np.log(profiles.n_categories),
            "sale_season": np.sqrt(profiles.share_sale_season),
        },
        index=profiles.index,
    )


def standardise(values: pd.DataFrame) -> pd.DataFrame:
    """Centre each column and scale it to standard deviation 1; a constant column becomes 0."""
    spread = values.std(ddof=0)
    return (values - values.mean()) / spread.where(spread > 1e-12, 1.0)


def name_groups(centres: pd.DataFrame) -> list[str]:
    """Name groups by their traits: each gets the ready name that is most like it, no name twice.

    Likeness is the cosine between a group's standardised profile and the name's; all names are given out at once so
    that total likeness is greatest. A name's leading traits must really stand out in the group. A group that no free
    name is like is described by its two strongest traits.

    Args:
        centres: One row per group, standardised traits (0: the average customer).

    Returns:
        A message id for each group, or a translated description; all different.

    Example:
        >>> name_groups(pd.DataFrame({"frequency": [0.1], "order_value": 0.0, "freshness": 0, "breadth": 0,
        ...                           "sale_season": 2.0}))
        ['Sale hunters']
    """
    ideal = pd.DataFrame([profile for _name, profile in _ARCHETYPES]).reindex(columns=list(centres)).fillna(0.0)
    likeness = _unit(centres.to_numpy(float)) @ _unit(ideal.to_numpy(float)).T
    shown = centres.to_numpy(float)[:, None, :] * ideal.to_numpy(float) >= _LEAST_TRAIT
    likeness[(~shown & (ideal.abs() == 1).to_numpy()).any(axis=2)] = 0.0
    rows, columns = linear_sum_assignment(likeness, maximize=True)
    ready = {row: column for row, column in zip(rows, columns, strict=True) if likeness[row, column] >= _LEAST_LIKENESS}
    names: list[str] = []
    for row in range(len(centres)):
        name = _ARCHETYPES[ready[row]][0] if row in ready else describe(centres.iloc[row])
        names.append(name if name not in names else f"{name} ({row + 1})")
    return names


def describe(centre: pd.Series, *, count: int = 2) -> str:
    """Say in words which traits of a group stand out most, translated.

    Example:
        >>> from marketbook.kit.language import speaking
        >>> with speaking("en"):
        ...     describe(pd.Series({"frequency": 1.2, "breadth": -0.1, "freshness": -0.8}))
        'buys often, not seen lately'
    """
    strongest = centre.loc[centre.abs().sort_values(ascending=False, kind="stable").index[:count]]
    words = [_(TRAITS[str(trait)][0 if value > 0 else 1]) for trait, value in strongest.items()]
    return _(", ").join(words)


def _unit(rows: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: np.ndarray = rows / np.where(length > 0, length, 1.0)
    return unit
