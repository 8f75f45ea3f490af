"""How many segments are stable: k-means fitted again to resampled customers, for each number of segments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from marketbook.kit.errors import DataError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name

Matrix = NDArray[np.float64]
Labels = NDArray[np.int64]

STARTS = 10
RESAMPLE_STARTS = 3
SILHOUETTE_SAMPLE = 1000


@dataclass(frozen=True)
class Grouping:
    """One number of segments tried.

    Attributes:
        centres: One row per segment, in the units of the data.
        overlaps: Jaccard index of each segment (columns) with its nearest in each resample (rows).
        rand: Adjusted Rand index of each resample's grouping with this one.
        silhouette: Mean silhouette width.
    """

    centres: Matrix
    overlaps: Matrix
    rand: Matrix
    silhouette: float

    @property
    def weakest(self) -> int:
        """The segment with the smallest mean overlap."""
        return int(self.overlaps.mean(axis=0).argmin())

    @property
    def share_overlap(self) -> float:
        """Mean overlap of the weakest segment."""
        return float(self.overlaps.mean(axis=0).min())

    @property
    def share_overlap_ci(self) -> tuple[float, float]:
        """Where 95 % of the resamples put the weakest segment's overlap."""
        low, high = np.quantile(self.overlaps[:, self.weakest], (0.025, 0.975))
        return float(low), float(high)


@dataclass(frozen=True)
class StabilityResult(Result):
    """Which numbers of segments are stable, and the one chosen.

    Attributes:
        groupings: Each number of segments tried, with what came of it.
        bound: The overlap that the weakest segment must reach.
        k: The number chosen: the largest within the bound; where none is, the one with the largest overlap.
    """

    groupings: Mapping[int, Grouping] = field(repr=False)
    bound: float
    k: int

    titles: ClassVar[Mapping[str, str]] = {
        "n_segments": mark("Number of segments"),
        "share_overlap": mark("Overlap of the weakest segment"),
        "share_overlap_low": mark("Overlap, low end"),
        "share_overlap_high": mark("Overlap, high end"),
        "rand": mark("Adjusted Rand index"),
        "silhouette": mark("Silhouette"),
        "holds": mark("Stable"),
    }

    @property
    def chosen(self) -> Grouping:
        """The grouping chosen."""
        return self.groupings[self.k]

    @property
    def stable(self) -> bool:
        """Whether the grouping chosen is within the bound."""
        return self.chosen.share_overlap >= self.bound

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("How many segments are stable?")

    @property
    def text(self) -> str:
        """The finding."""
        said = (
            _(
                "{k} segments are the most that stay stable: when customers are resampled, even the weakest keeps an "
                "overlap of {overlap} {ci} (bound {bound})."
            )
            if self.stable
            else _(
                "No number of segments is stable: even at {k}, the best, the weakest keeps an overlap of only "
                "{overlap} {ci} when customers are resampled (bound {bound})."
            )
        )
        return said.format(
            k=self.k,
            overlap=by_name("share", self.chosen.share_overlap),
            ci=by_name("share_ci", self.chosen.share_overlap_ci),
            bound=by_name("share", self.bound),
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row per number of segments tried."""
        rows = [
            (k, g.share_overlap, *g.share_overlap_ci, g.rand.mean(), g.silhouette, g.share_overlap >= self.bound)
            for k, g in self.groupings.items()
        ]
        return pd.DataFrame(rows, columns=list(self.titles))

    @property
    def caveats(self) -> Sequence[str]:
        """What to know first."""
        return (
            _(
                "Overlap is the Jaccard index: customers in both, over customers in either. Below 60% a segment should "
                "not be trusted, above 85% it is very stable (Hennig 2007)."
            ),
            _("The silhouette (1: far apart, 0: touching) is shown for information; it does not decide."),
        )

    def chart(self) -> Chart:
        """The weakest segment's overlap by number of segments, with the bound."""
        return Chart(
            kind="bar",
            data=self.table.assign(n_segments=[str(k) for k in self.groupings]),
            x="share_overlap",
            y="n_segments",
            low="share_overlap_low",
            high="share_overlap_high",
            rule=self.bound,
            titles={name: _(title) for name, title in self.titles.items()},
            title=_("Overlap of the weakest segment by number of segments"),
        )

    def numbers(self) -> Mapping[str, Any]:
        """The number chosen and how still it holds."""
        return {
            "n_segments": self.k,
            "share_overlap": self.chosen.share_overlap,
            "share_overlap_ci": self.chosen.share_overlap_ci,
            "rand": float(self.chosen.rand.mean()),
            "silhouette": self.chosen.silhouette,
        }


def assess_stability(
    values: pd.DataFrame,
    *,
    numbers: Sequence[int] = tuple(range(3, 9)),
    bound: float = 0.85,
    resamples: int = 20,
    sample_size: int = 8000,
    seed: int = 0,
) -> StabilityResult:
    """Fit k-means for several numbers of segments, each again to resamples, and choose the number that stays stable.

    The rule: the largest number of segments whose weakest segment overlaps, in the mean of the resamples, with its
    nearest by at least `bound`. Each resample's centres classify the same sample, so that groupings can be compared.
    The same seed gives the same result on any number of processors.

    Args:
        values: One row per customer, standardised columns.
        numbers: Numbers of segments to try.
        bound: Smallest mean Jaccard index of the weakest segment; Hennig takes 0.75 as stable, 0.85 as highly so; with
            0.75 and this rule, iris would be split into four.
        resamples: Bootstrap samples for each number.
        sample_size: Customers looked at, drawn without replacement where there are more.
        seed: Start of the random numbers.

    Raises:
        DataError: There are fewer different customers than segments to try, or a value is missing.

    References:
        Hennig, C. (2007), Cluster-wise assessment of cluster stability, Computational Statistics & Data Analysis 52,
        258-271. Dolnicar, S., Leisch, F. (2010), Evaluation of structure and reproducibility of cluster solutions using
        the bootstrap, Marketing Letters 21, 83-101. Hubert, L., Arabie, P. (1985), Comparing partitions.
    """
    _check(values, max(numbers))
    random = np.random.default_rng(seed)
    data = values.to_numpy(float)
    if len(data) > sample_size:
        data = data[np.sort(random.choice(len(data), sample_size, replace=False))]
    draws = [random.integers(0, len(data), len(data)) for _draw in range(resamples)]
    with threadpool_limits(limits=1):  # threads add in different orders: the last digits would depend on their number
        groupings = {k: _group(data, k, draws, seed) for k in numbers}
    within = [k for k, grouping in groupings.items() if grouping.share_overlap >= bound]
    k = max(within) if within else max(groupings, key=lambda k: groupings[k].share_overlap)
    return StabilityResult(groupings, bound, k)


def nearest(data: Matrix, centres: Matrix) -> Labels:
    """Return for each row the nearest centre: the typing rule of a grouping.

    Example:
        >>> nearest(np.array([[0.0], [9.0]]), np.array([[1.0], [8.0]])).tolist()
        [0, 1]
    """
    labels: Labels = ((centres**2).sum(axis=1) - 2 * data @ centres.T).argmin(axis=1)
    return labels


def _check(values: pd.DataFrame, most: int) -> None:
    missing = int(values.isna().any(axis=1).sum())
    if missing:
        raise DataError(
            _("stability: {missing} of {n} customers have a missing trait; fill or drop them.").format(
                missing=missing, n=len(values)
            )
        )
    different = len(values.drop_duplicates())
    if different < most:
        raise DataError(
            _("stability: {different} different customers; at least {most} are needed for {most} segments.").format(
                different=different, most=most
            )
        )


def _group(data: Matrix, k: int, draws: Sequence[Labels], seed: int) -> Grouping:
    centres = _centres(data, k, STARTS, seed)
    labels = nearest(data, centres)
    again = [nearest(data, _centres(data[draw], k, RESAMPLE_STARTS, seed + i)) for i, draw in enumerate(draws, 1)]
    tables = [_crossed(labels, other, k) for other in again]
    sample = min(SILHOUETTE_SAMPLE, len(data))
    return Grouping(
        centres=centres,
        overlaps=np.array([_overlaps(table) for table in tables]),
        rand=np.array([adjusted_rand(table) for table in tables]),
        silhouette=_silhouette(data, labels, sample, seed),
    )


def _silhouette(data: Matrix, labels: Labels, sample: int, seed: int) -> float:
    picked = np.random.default_rng(seed).choice(len(data), sample, replace=False)
    found = len(np.unique(labels[picked]))
    return float(silhouette_score(data[picked], labels[picked])) if 1 < found < sample else float("nan")


def _centres(data: Matrix, k: int, starts: int, seed: int) -> Matrix:
    fitted = KMeans(k, n_init=starts, random_state=seed, algorithm="lloyd").fit(data)
    centres: Matrix = fitted.cluster_centers_
    return centres


def _crossed(one: Labels, other: Labels, k: int) -> Matrix:
    return np.bincount(one * k + other, minlength=k * k).reshape(k, k).astype(float)


def _overlaps(table: Matrix) -> Matrix:
    union = table.sum(axis=1, keepdims=True) + table.sum(axis=0) - table
    best: Matrix = (table / np.where(union > 0, union, 1)).max(axis=1)
    return best


def adjusted_rand(table: Matrix) -> float:
    """Return the adjusted Rand index of two groupings from their cross table of counts.

    References:
        Hubert, L., Arabie, P. (1985), Comparing partitions, Journal of Classification 2, 193-218, eq. 5.

    Example:
        >>> adjusted_rand(np.array([[5.0, 0.0], [0.0, 5.0]]))
        1.0
    """
    pairs = (table * (table - 1)).sum() / 2
    rows = (table.sum(axis=1) * (table.sum(axis=1) - 1)).sum() / 2
    columns = (table.sum(axis=0) * (table.sum(axis=0) - 1)).sum() / 2
    expected = rows * columns / (table.sum() * (table.sum() - 1) / 2)
    most = (rows + columns) / 2
    return 1.0 if most == expected else float((pairs - expected) / (most - expected))
