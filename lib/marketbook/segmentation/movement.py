"""Movement: where the champions of a year before are now, and what that means in money."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from marketbook.kit.errors import DataError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name
from marketbook.kit.report.intervals import wilson
from marketbook.segmentation.rfm import house_rules, score_customers
from marketbook.segmentation.shares import LEVEL, RESAMPLES

CHAMPIONS = house_rules(5)[0].name
STAYED = mark("Still champions")
LOWER = mark("Still buying, no longer champions")
SLIPPING = mark("Slipping: no purchase lately")
GONE = mark("Gone: no purchase since")
LEAVING = (SLIPPING, GONE)
_STATES = (STAYED, LOWER, *LEAVING)


@dataclass(frozen=True)
class MovementResult(Result):
    """What became of the champions of the date before.

    Attributes:
        states: One row per state: `state`, `n`, `share_champions` with ends, revenue before, now and its change.
        n: Champions then.
        share_slipping: Those of them who are slipping (recency in its lower two fifths) or gone.
        revenue_change_minor: What these spent now less what they spent then.
        revenue_risen_minor: Revenue now less then of those who became champions since.
    """

    states: pd.DataFrame = field(repr=False)
    n: int
    share_slipping: float
    share_slipping_ci: tuple[float, float]
    revenue_change_minor: float
    revenue_change_minor_ci: tuple[float, float]
    revenue_risen_minor: float
    n_risen: int

    titles: ClassVar[Mapping[str, str]] = {
        "state": mark("Now"),
        "n": mark("Customers"),
        "share_champions": mark("Share of the former champions"),
        "share_champions_low": mark("Share, low end"),
        "share_champions_high": mark("Share, high end"),
        "revenue_before_minor": mark("Revenue in the period before"),
        "revenue_now_minor": mark("Revenue in this period"),
        "revenue_change_minor": mark("Change in revenue"),
        "share_slipping": mark("Former champions slipping or gone"),
        "revenue_lost_minor": mark("Revenue lost with them"),
        "revenue_risen_minor": mark("Revenue gained with new champions"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Which good customers are slipping away?")

    @property
    def text(self) -> str:
        """The finding."""
        said = (
            _(
                "Of {n} former champions, {share} {ci} are slipping away or gone: they now spend {lost} {lost_ci} less "
                "than in the period before."
            )
            if self.revenue_change_minor < 0
            else _(
                "Of {n} former champions, {share} {ci} are slipping away or gone, but no revenue was lost with them "
                "yet."
            )
        )
        return said.format(
            n=by_name("n", self.n),
            share=by_name("share", self.share_slipping),
            ci=by_name("share_ci", self.share_slipping_ci),
            lost=by_name("revenue_minor", -self.revenue_change_minor, short=True),
            lost_ci=by_name("revenue_minor_ci", self._lost_ci, short=True),
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row per state."""
        return self.states.assign(state=self.states.state.map(_))

    @property
    def caveats(self) -> Sequence[str]:
        """What to know first."""
        return (
            _("Both dates are judged by the scores of the earlier one: only a customer's own buying moves them."),
            _(
                "Part of the fall is chance: champions were picked in a good period. In the same time {n} others "
                "rose to champions and spend {gained} more."
            ).format(
                n=by_name("n", self.n_risen), gained=by_name("revenue_minor", self.revenue_risen_minor, short=True)
            ),
        )

    def chart(self) -> Chart:
        """Former champions by what they are now."""
        return Chart(
            kind="bar",
            data=self.table,
            x="share_champions",
            y="state",
            low="share_champions_low",
            high="share_champions_high",
            titles={name: _(title) for name, title in self.titles.items()},
            title=_("What became of the former champions"),
        )

    def numbers(self) -> Mapping[str, Any]:
        """The share slipping and the money."""
        return {
            "share_slipping": self.share_slipping,
            "share_slipping_ci": self.share_slipping_ci,
            "revenue_lost_minor": -self.revenue_change_minor,
            "revenue_lost_minor_ci": self._lost_ci,
            "n": self.n,
            "revenue_risen_minor": self.revenue_risen_minor,
        }

    @property
    def _lost_ci(self) -> tuple[float, float]:
        low, high = self.revenue_change_minor_ci
        return -high, -low


def follow_champions(before: pd.DataFrame, now: pd.DataFrame, *, groups: int = 5, seed: int = 0) -> MovementResult:
    """Follow the champions of an earlier date to a later one.

    Args:
        before: Purchase histories at the earlier date, one row per customer with a purchase in its window.
        now: The same at the later date, over a window of the same length that does not overlap.
        groups: The highest score.
        seed: Start of the random numbers of the intervals.

    Raises:
        DataError: There were no champions at the earlier date.
    """
    followed, risen = follow(before, now, groups)
    leaving = followed.state.isin(LEAVING)
    low, high = wilson(np.array([leaving.sum()], float), np.array([len(followed)], float))
    return MovementResult(
        states=_by_state(followed),
        n=len(followed),
        share_slipping=float(leaving.mean()),
        share_slipping_ci=(float(low[0]), float(high[0])),
        revenue_change_minor=float(followed.change[leaving].sum()),
        revenue_change_minor_ci=_sum_interval((followed.change * leaving).to_numpy(float), seed),
        revenue_risen_minor=float(risen.change.sum()),
        n_risen=len(risen),
    )


def follow(before: pd.DataFrame, now: pd.DataFrame, groups: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tell what became of each champion of an earlier date, and who became one since.

    Args:
        before: As in `follow_champions`.
        now: As in `follow_champions`.
        groups: The highest score.

    Returns:
        The former and the new champions, by `customer_id`: `state` (a message id), revenue `before`, `now` and its
        `change`.

    Raises:
        DataError: There were no champions at the earlier date.
    """
    then = score_customers(before, groups).set_index("customer_id")
    champions = then[then.segment == CHAMPIONS]
    if champions.empty:
        raise DataError(_("movement: none of {n} customers was a champion at the earlier date.").format(n=len(before)))
    later = score_customers(now, groups, among=before).set_index("customer_id")
    risen = later.drop(index=champions.index, errors="ignore").query("segment == @CHAMPIONS").index
    return _states(then, later, champions.index, groups), _states(then, later, risen, groups)


def _states(then: pd.DataFrame, later: pd.DataFrame, customers: pd.Index, groups: int) -> pd.DataFrame:
    now = later.reindex(customers)
    lately = now.recency_score > max(1, groups * 2 // 5)
    state = np.select([now.segment == CHAMPIONS, lately, now.recency_score.notna()], [STAYED, LOWER, SLIPPING], GONE)
    frame = pd.DataFrame(
        {
            "state": state,
            "before": then.revenue_minor.reindex(customers).fillna(0.0),
            "now": now.revenue_minor.fillna(0.0),
        }
    )
    return frame.assign(change=frame.now - frame.before)


def _by_state(followed: pd.DataFrame) -> pd.DataFrame:
    by_state = followed.groupby("state")
    sums = by_state[["before", "now", "change"]].sum().reindex(list(_STATES), fill_value=0.0)
    n = by_state.size().reindex(list(_STATES), fill_value=0).to_numpy()
    low, high = wilson(n.astype(float), np.full(len(n), float(len(followed))))
    return pd.DataFrame(
        {
            "state": list(_STATES),
            "n": n,
            "share_champions": n / len(followed),
            "share_champions_low": low,
            "share_champions_high": high,
            "revenue_before_minor": sums.before.to_numpy(),
            "revenue_now_minor": sums.now.to_numpy(),
            "revenue_change_minor": sums.change.to_numpy(),
        }
    )


def _sum_interval(changes: "np.ndarray", seed: int) -> tuple[float, float]:
    random = np.random.default_rng(seed)
    n = len(changes)
    sums = [changes[random.integers(0, n, n)].sum() for _draw in range(RESAMPLES)]
    low, high = np.quantile(sums, ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return float(low), float(high)
