"""RFM: customers scored by how recently, how often and for how much they bought, and named by their scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from marketbook.kit.errors import DataError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name
from marketbook.segmentation.shares import revenue_shares

SCORES = ("recency_score", "frequency_score", "monetary_score")
OTHERS = mark("Others")

_HOUSE: tuple[tuple[bool, bool, bool, str, str], ...] = (
    (True, True, True, mark("Champions"), mark("bought lately, buy often, spend much")),
    (True, False, True, mark("Big spenders to develop"), mark("bought lately, seldom, but for much")),
    (False, True, True, mark("Champions to keep"), mark("bought often and for much, but not lately")),
    (False, False, True, mark("Big spenders to win back"), mark("bought for much, seldom and not lately")),
    (True, True, False, mark("Loyal small spenders"), mark("bought lately and often, for little")),
    (True, False, False, mark("New and occasional"), mark("bought lately, seldom and for little")),
    (False, True, False, mark("Regulars cooling off"), mark("bought often for little, but not lately")),
    (False, False, False, mark("Dormant"), mark("bought seldom, for little and not lately")),
)


@dataclass(frozen=True)
class Rule:
    """A segment's name and the scores, first and last, that belong to it."""

    name: str
    recency: tuple[int, int]
    frequency: tuple[int, int]
    monetary: tuple[int, int]


def house_rules(groups: int) -> tuple[Rule, ...]:
    """Return our eight segments: each score is high (its upper two fifths) or not; complete and without overlap.

    Example:
        >>> house_rules(5)[0]
        Rule(name='Champions', recency=(4, 5), frequency=(4, 5), monetary=(4, 5))
    """
    first_high = groups * 3 // 5 + 1
    span = {True: (first_high, groups), False: (1, first_high - 1)}
    return tuple(Rule(name, span[r], span[f], span[m]) for r, f, m, name, _meaning in _HOUSE)


def score(values: ArrayLike, groups: int, *, among: ArrayLike | None = None) -> NDArray[np.int64]:
    """Score values from 1 to `groups` by the share of customers who are strictly below.

    The tie rule: a score of s says that at least (s - 1) / groups of the customers have a strictly smaller value. Equal
    values always get the same score, and a value that everybody shares gets 1: nobody rises by a tie. Groups are of
    equal size only where there are no ties.

    Args:
        values: What is scored; more is better.
        groups: The highest score.
        among: The customers compared with; None: those scored. Give last year's values to judge by the same yardstick.

    Example:
        >>> score([1, 1, 1, 1, 2, 3, 4, 5, 9, 9], 5).tolist()
        [1, 1, 1, 1, 3, 3, 4, 4, 5, 5]
    """
    values = np.asarray(values)
    yardstick = np.sort(values if among is None else np.asarray(among))
    below = np.searchsorted(yardstick, values, side="left")
    return np.minimum(1 + groups * below // len(yardstick), groups)


def score_by_cuts(values: ArrayLike, cuts: Sequence[float]) -> NDArray[np.int64]:
    """Score values by cuts that are given: 1 plus the number of cuts at or below the value.

    The R package rfm scores so, with the quantiles (type 7) plus one as cuts; see `tests/reference`.

    Example:
        >>> score_by_cuts([3, 4, 7, 8], [4, 5, 6, 8]).tolist()
        [1, 2, 4, 5]
    """
    return 1 + np.searchsorted(np.asarray(cuts), np.asarray(values), side="right")


def name_segments(scores: pd.DataFrame, rules: Sequence[Rule]) -> pd.Series:
    """Name each customer's segment by the first rule that holds; where none does, "Others".

    Args:
        scores: `recency_score`, `frequency_score`, `monetary_score`, one row per customer.
        rules: In the order of precedence.
    """
    r, f, m = (scores[name] for name in SCORES)
    holds = [r.between(*rule.recency) & f.between(*rule.frequency) & m.between(*rule.monetary) for rule in rules]
    return pd.Series(np.select(holds, [rule.name for rule in rules], OTHERS), index=scores.index)


def score_customers(histories: pd.DataFrame, groups: int, *, among: pd.DataFrame | None = None) -> pd.DataFrame:
    """Add the three scores and the segment's name to purchase histories.

    Args:
        histories: One row per customer: `recency_days`, `n_purchases`, `revenue_minor`.
        groups: The highest score.
        among: The histories compared with; None: the same.

    Returns:
        The histories with `recency_score`, `frequency_score`, `monetary_score` and `segment` (a message id).
    """
    yardstick = histories if among is None else among
    scored = histories.assign(
        recency_score=score(-histories.recency_days, groups, among=-yardstick.recency_days),
        frequency_score=score(histories.n_purchases, groups, among=yardstick.n_purchases),
        monetary_score=score(histories.revenue_minor, groups, among=yardstick.revenue_minor),
    )
    return scored.assign(segment=name_segments(scored, house_rules(groups)))


@dataclass(frozen=True)
class RfmResult(Result):
    """The RFM segments with their size and their share of revenue.

    Attributes:
        customers: One row per customer with scores and segment.
        segments: One row per segment that has customers, the one with most revenue first.
    """

    customers: pd.DataFrame = field(repr=False)
    segments: pd.DataFrame = field(repr=False)

    titles: ClassVar[Mapping[str, str]] = {
        "segment": mark("Segment"),
        "meaning": mark("What they do"),
        "n": mark("Customers"),
        "share_customers": mark("Share of customers"),
        "share_revenue": mark("Share of revenue"),
        "share_revenue_low": mark("Share of revenue, low end"),
        "share_revenue_high": mark("Share of revenue, high end"),
        "revenue_minor": mark("Revenue"),
        "revenue_per_customer_minor": mark("Revenue per customer"),
        "purchases_per_customer": mark("Purchases per customer"),
        "n_days_since": mark("Days since last purchase (median)"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Which customers bring the money?")

    @property
    def text(self) -> str:
        """The finding."""
        top = self.segments.iloc[0]
        return _('The {share} of customers in "{segment}" bring {revenue} {ci} of revenue: they {meaning}.').format(
            share=by_name("share", top.share_customers),
            segment=_(top.segment),
            revenue=by_name("share", top.share_revenue),
            ci=by_name("share_ci", (top.share_revenue_low, top.share_revenue_high)),
            meaning=_(top.meaning),
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row per segment."""
        shown = self.segments[list(self.titles)]
        return shown.assign(segment=shown.segment.map(_), meaning=shown.meaning.map(_))

    @property
    def caveats(self) -> Sequence[str]:
        """What to know first."""
        ties = [name for name in SCORES if self.customers[name].min() == self.customers[name].max()]
        told = [_("Scores compare customers with one another; a segment's name is a rank, not a forecast.")]
        if ties:
            told.append(_("All customers are alike in one of the three scores, so that it tells nobody apart."))
        return told

    def chart(self) -> Chart:
        """Shares of revenue with intervals."""
        return Chart(
            kind="bar",
            data=self.table,
            x="share_revenue",
            y="segment",
            low="share_revenue_low",
            high="share_revenue_high",
            titles={name: _(title) for name, title in self.titles.items()},
            title=_("Share of revenue by RFM segment"),
        )

    def numbers(self) -> Mapping[str, Any]:
        """The segment that brings most."""
        top = self.segments.iloc[0]
        return {
            "share_revenue": top.share_revenue,
            "share_revenue_ci": (top.share_revenue_low, top.share_revenue_high),
            "share_customers": top.share_customers,
            "n": int(top.n),
        }


def rfm(histories: pd.DataFrame, *, groups: int = 5, seed: int = 0) -> RfmResult:
    """Score customers by recency, frequency and monetary value and size the eight named segments.

    Args:
        histories: One row per customer: `recency_days`, `n_purchases`, `revenue_minor` (net of refunds).
        groups: The highest score; each is high in its upper two fifths.
        seed: Start of the random numbers of the intervals.

    Raises:
        DataError: There are fewer customers than score groups, or their revenue sums to zero or less.

    References:
        Hughes, A. M. (1994), Strategic Database Marketing, ch. 8. Score ties: see `score`.
    """
    if len(histories) < groups:
        raise DataError(
            _("rfm: {n} customers; at least {groups} are needed for {groups} score groups.").format(
                n=len(histories), groups=groups
            )
        )
    customers = score_customers(histories, groups)
    sizes = revenue_shares(customers.segment, customers.revenue_minor, seed=seed)
    by_segment = customers.groupby("segment")
    meanings = {name: meaning for *_flags, name, meaning in _HOUSE}
    segments = sizes.assign(
        segment=sizes.index,
        meaning=sizes.index.map(meanings),
        revenue_per_customer_minor=sizes.revenue_minor / sizes.n,
        purchases_per_customer=by_segment.n_purchases.mean(),
        n_days_since=by_segment.recency_days.median(),
    )
    return RfmResult(customers, segments.sort_values("share_revenue", ascending=False, ignore_index=True))
