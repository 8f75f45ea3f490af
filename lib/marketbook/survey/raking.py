"""Iterative proportional fitting on cells: a million respondents in three margins are a few dozen cells."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from marketbook.survey.groups import Codes, Floats, first_rows, joined, sums

ROUNDS = 500


@dataclass(frozen=True, eq=False)
class Margin:
    """What the weights of each category shall sum to.

    Attributes:
        codes: Number of each respondent's category, 0 and up; categories of different parts have different numbers.
        goals: The sum wanted, by number.
        shares: The same as a share of the part's sum, by number.
    """

    codes: Codes
    goals: Floats
    shares: Floats

    def gap(self, found: Floats) -> float:
        """Return the largest difference between a share and its goal.

        Args:
            found: Sums of weights, by number.
        """
        whole = ratio(self.goals, self.shares)
        return float(np.abs(ratio(found, whole) - self.shares).max())


@dataclass(frozen=True, eq=False)
class Fit:
    """Fitted weights, how many passes they took, and the largest gap left between a share and its target."""

    weights: Floats
    rounds: int
    gap: float


def fit(weights: Floats, margins: Sequence[Margin], limits: tuple[Floats, Floats] | None, tolerance: float) -> Fit:
    """Scale weights to one margin after the other until all hold.

    Args:
        weights: The start, one per respondent.
        margins: What to fit to.
        limits: Lowest and highest weight of each respondent, to which weights are cut after each pass.
        tolerance: The gap at which all margins are taken to hold.

    References:
        Deming and Stephan (1940), Annals of Mathematical Statistics 11, 427-444.
    """
    cells = _cells(weights, margins, bounded=limits is not None)
    first = first_rows(cells)
    by_cell = [margin.codes[first] for margin in margins]
    start = sums(cells, weights)
    ends = None if limits is None else [limit[first] * np.bincount(cells) for limit in limits]
    found, before, gap, rounds = start.copy(), np.inf, np.inf, 0
    while rounds < ROUNDS and gap > tolerance:
        found = _pass(found, by_cell, margins)
        if ends is not None:
            found = np.clip(found, ends[0], ends[1])
        gap = max(
            margin.gap(sums(code, found, len(margin.goals))) for code, margin in zip(by_cell, margins, strict=True)
        )
        rounds += 1
        if abs(before - gap) < tolerance / 100:
            break
        before = gap
    return Fit(weights * ratio(found, start)[cells], rounds, gap)


def ratio(top: Floats, base: Floats) -> Floats:
    """Divide; nothing by nothing is nothing."""
    return np.divide(top, base, out=np.zeros(len(base)), where=base != 0)


def _cells(weights: Floats, margins: Sequence[Margin], *, bounded: bool) -> Codes:
    """Respondents alike in all margins are one cell; where weights are cut, their start must be alike too."""
    codes = [margin.codes for margin in margins]
    return joined([*codes, pd.factorize(weights)[0].astype(np.int64)] if bounded else codes)


def _pass(found: Floats, by_cell: Sequence[Codes], margins: Sequence[Margin]) -> Floats:
    for code, margin in zip(by_cell, margins, strict=True):
        found = found * ratio(margin.goals, sums(code, found, len(margin.goals)))[code]
    return found
