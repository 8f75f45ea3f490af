"""Shares and means as tidy tables with their intervals, and how text writes them."""

from collections.abc import Mapping, Sequence

import pandas as pd

from marketbook.kit import language
from marketbook.kit.language import gettext as _
from marketbook.kit.report.format import by_name
from marketbook.survey.estimates import Estimate, Estimates
from marketbook.survey.groups import Floats

INDICATIVE = 30
"""Fewer respondents than this make a figure indicative only (the company's policy, 3.2.2)."""


def share_table(estimates: Estimates, names: Sequence[str], *, item: str, confidence: float) -> pd.DataFrame:
    """Lay shares out as one row per item: item, share, share_low, share_high, n, n_effective.

    Args:
        estimates: The shares.
        names: What each is a share of.
        item: The first column's name.
        confidence: Confidence level of the intervals.
    """
    ends = estimates.share_intervals(confidence)
    return _table(
        estimates, names, item, {"share": estimates.values, "share_low": ends[:, 0], "share_high": ends[:, 1]}
    )


def mean_table(estimates: Estimates, names: Sequence[str], *, item: str, value: str, confidence: float) -> pd.DataFrame:
    """Lay means out as one row per item: item, value, value_low, value_high, n, n_effective.

    Args:
        estimates: The means.
        names: What each is a mean of.
        item: The first column's name.
        value: The mean's column name.
        confidence: Confidence level of the intervals.
    """
    ends = estimates.intervals(confidence)
    return _table(
        estimates, names, item, {value: estimates.values, f"{value}_low": ends[:, 0], f"{value}_high": ends[:, 1]}
    )


def chance_alone(difference: Estimate, confidence: float) -> bool:
    """Tell whether a difference's interval holds zero, so that chance alone could explain it."""
    low, high = difference.interval(confidence)
    return low <= 0 <= high


def in_points(difference: Estimate, confidence: float, *, size: bool = False) -> dict[str, str]:
    """Write a difference of two shares and its interval in percentage points, for a message's {points} and {interval}.

    Args:
        difference: As a share.
        confidence: Confidence level.
        size: Leave the sign out, where the words say which way it goes.

    Example:
        >>> in_points(Estimate(-0.03, 0.01, 1000), 0.95, size=True)
        {'points': '3.0', 'interval': '[1.0, 5.0]'}
    """
    return _written(difference, confidence, scale=100.0, turned=size and difference.value < 0)


def in_units(estimate: Estimate, confidence: float) -> dict[str, str]:
    """Write an estimate that is in points already (a net promoter score), as {points} and {interval}."""
    return _written(estimate, confidence, scale=1.0, turned=False)


def share_ci(row: pd.Series) -> str:
    """Write the share and its interval in a row of a share table."""
    return f"{by_name('share', row['share'])} {by_name('share_ci', (row['share_low'], row['share_high']))}"


def small_bases(table: pd.DataFrame, item: str) -> list[str]:
    """Name the items that few respondents stand behind, as a caveat; none where there are enough."""
    few = table.loc[table["n"] < INDICATIVE, item]
    if few.empty:
        return []
    names = _(", ").join(language.label(name) for name in few)
    return [_("Indicative only, with fewer than {n} respondents: {names}.").format(n=INDICATIVE, names=names)]


def _written(estimate: Estimate, confidence: float, *, scale: float, turned: bool) -> dict[str, str]:
    factor = -scale if turned else scale
    low, high = sorted(factor * end for end in estimate.interval(confidence))
    value, low_end, high_end = (language.format_number(x, decimals=1) for x in (factor * estimate.value, low, high))
    return {"points": value, "interval": f"[{low_end}, {high_end}]"}


def _table(estimates: Estimates, names: Sequence[str], item: str, columns: Mapping[str, Floats]) -> pd.DataFrame:
    return pd.DataFrame({item: list(names), **columns, "n": estimates.n, "n_effective": estimates.n_effective})
