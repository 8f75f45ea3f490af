"""Sample ratio: were users divided as planned? If not, what divided them may also explain the result."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd
from scipy import stats

from marketbook.campaign.moments import Moments
from marketbook.campaign.wording import variant_said
from marketbook.kit.errors import DataError
from marketbook.kit.language import format_integer, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name

LIMIT = 0.001


@dataclass(frozen=True)
class SampleRatio(Result):
    """Counts by variant against the plan, and how alike the variants were before.

    Attributes:
        rows: One row per variant: users, planned and actual share, orders and revenue per user before.
        p_value: Of the chi-square test against the planned shares.
        before_p_value: Of the least alike figure from before (largest difference, Bonferroni); NaN if there is none.
    """

    rows: pd.DataFrame
    p_value: float
    before_p_value: float

    titles: ClassVar[Mapping[str, str]] = {
        "variant": mark("Variant"),
        "n": mark("Users"),
        "share_planned": mark("Planned share"),
        "share_actual": mark("Actual share"),
        "orders_before": mark("Orders per user before"),
        "revenue_before": mark("Revenue per user before"),
        "split_p_value": mark("p-value of the split"),
        "before_p_value": mark("p-value of likeness before"),
    }

    @property
    def sound(self) -> bool:
        """Whether the split can be chance: p of .001 or more."""
        return self.p_value >= LIMIT

    @property
    def users(self) -> int:
        """Count of users in all variants."""
        return int(self.rows["n"].sum())

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Were the groups comparable?")

    @property
    def text(self) -> str:
        """Whether the split is the planned one."""
        template = (
            _("Users were divided as planned ({counts}; {p}).")
            if self.sound
            else _("Users were not divided as planned ({counts}; {p}), so no verdict is given.")
        )
        return template.format(counts=self.counts, p=self.p_said)

    @property
    def counts(self) -> str:
        """The users of each variant, inside a sentence."""
        return _(", ").join(
            _("{n} in {variant}").format(n=format_integer(n), variant=variant_said(variant))
            for n, variant in zip(self.rows["n"], self.rows["variant"], strict=True)
        )

    @property
    def p_said(self) -> str:
        """The p-value of the split, inside a sentence."""
        return _p(self.p_value)

    @property
    def table(self) -> pd.DataFrame:
        """One row per variant."""
        return self.rows.assign(variant=[variant_said(variant) for variant in self.rows["variant"]])

    @property
    def caveats(self) -> Sequence[str]:
        """What is thought of a difference before the start."""
        if math.isnan(self.before_p_value) or self.before_p_value >= LIMIT:
            return ()
        return (
            _("Already before the campaign the groups bought differently ({p}); treat every figure with care.").format(
                p=_p(self.before_p_value)
            ),
        )

    def chart(self) -> Chart | None:
        """No picture: the table says it better."""
        return None

    def numbers(self) -> Mapping[str, Any]:
        """The p-values."""
        return {"split_p_value": self.p_value, "before_p_value": self.before_p_value}


def check_sample_ratio(
    moments: Mapping[str, Moments], *, planned: Mapping[str, float] | None = None, before: Sequence[str] = ()
) -> SampleRatio:
    """Test the counts of users against the planned shares, and the variants against each other before the start.

    Args:
        moments: Moments of each variant.
        planned: Share of each variant; equal shares where not given.
        before: Measures from before the campaign, in which chance alone may make variants differ.

    Raises:
        DataError: Fewer than two variants, or planned shares for others than these.

    References:
        Fabijan et al. (2019), Diagnosing sample ratio mismatch in online controlled experiments, KDD.
    """
    if len(moments) < 2 or (planned is not None and set(planned) != set(moments)):
        raise DataError(
            _("variant: found {found}; planned are {planned}; at least two that agree are needed.").format(
                found=", ".join(moments) or "–", planned=", ".join(planned or moments) or "–"
            )
        )
    counts = pd.Series({name: group.n for name, group in moments.items()})
    shares = pd.Series(planned)[counts.index] if planned else counts * 0 + 1
    shares = shares / shares.sum()
    rows = pd.DataFrame({"variant": counts.index, "n": counts.to_numpy(), "share_planned": shares.to_numpy()}).assign(
        share_actual=(counts / counts.sum()).to_numpy()
    )
    for name in before:
        rows[name] = [group.mean_of(name) for group in moments.values()]
    test = stats.chisquare(counts, shares * counts.sum())
    return SampleRatio(rows=rows, p_value=float(test.pvalue), before_p_value=_likeness(moments, before))


def _likeness(moments: Mapping[str, Moments], before: Sequence[str]) -> float:
    """Compare every variant with the first in every measure; the smallest p-value times their number."""
    first, *others = moments.values()
    found = [_welch(first, other, name) for other in others for name in before]
    return min(1.0, min(found) * len(found)) if found else math.nan


def _welch(one: Moments, two: Moments, name: str) -> float:
    place = one.position(name)
    apart = [math.sqrt(group.cov[place, place]) for group in (one, two)]
    if not any(apart):
        return 1.0
    return float(
        stats.ttest_ind_from_stats(
            one.mean_of(name), apart[0], one.n, two.mean_of(name), apart[1], two.n, equal_var=False
        ).pvalue
    )


def _p(value: float) -> str:
    written = by_name("p_value", value)
    return f"p {written}" if written.startswith("<") else f"p = {written}"
