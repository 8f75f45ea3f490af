"""Segments: every customer assigned to the stable grouping, each segment named, sized and described."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pandas as pd

from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name
from marketbook.segmentation.shares import revenue_shares
from marketbook.segmentation.stability import StabilityResult, nearest
from marketbook.segmentation.traits import describe, name_groups


@dataclass(frozen=True)
class SegmentsResult(Result):
    """The segments with size, share of revenue, traits and stability.

    Attributes:
        customers: One row per customer: the profile and `segment`.
        segments: One row per segment, the one with most revenue first.
        centres: One row per segment in the same order: standardised traits; a customer belongs to the nearest.
        stable: Whether the grouping is stable.
    """

    customers: pd.DataFrame = field(repr=False)
    segments: pd.DataFrame = field(repr=False)
    centres: pd.DataFrame = field(repr=False)
    stable: bool

    titles: ClassVar[Mapping[str, str]] = {
        "segment": mark("Segment"),
        "traits": mark("What stands out"),
        "n": mark("Customers"),
        "share_customers": mark("Share of customers"),
        "share_revenue": mark("Share of revenue"),
        "share_revenue_low": mark("Share of revenue, low end"),
        "share_revenue_high": mark("Share of revenue, high end"),
        "share_overlap": mark("Stability (overlap when resampled)"),
    }

    @property
    def top(self) -> pd.Series:
        """The segment that brings most revenue."""
        return self.segments.iloc[0]

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Who are our customers?")

    @property
    def text(self) -> str:
        """The finding."""
        said = (
            _(
                'Our customers form {k} stable groups; the {share} of customers in "{segment}" bring '
                "{revenue} {ci} of revenue."
            )
            if self.stable
            else _(
                "Our customers form no stable groups; in the best attempt, at {k}, the {share} of customers in "
                '"{segment}" bring {revenue} {ci} of revenue.'
            )
        )
        return said.format(
            k=len(self.segments),
            share=by_name("share", self.top.share_customers),
            segment=_(self.top.segment),
            revenue=by_name("share", self.top.share_revenue),
            ci=by_name("share_ci", (self.top.share_revenue_low, self.top.share_revenue_high)),
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row per segment."""
        words = [describe(centre) for _name, centre in self.centres.iterrows()]
        return self.segments.assign(segment=self.segments.segment.map(_), traits=words)[list(self.titles)]

    @property
    def caveats(self) -> Sequence[str]:
        """What to know first."""
        told = [
            _("Segments describe how customers bought in the months looked at; they do not say why."),
            _("The interval covers which customers happen to be ours; the segments themselves are taken as given."),
        ]
        if not self.stable:
            told.insert(0, _("The groups change when customers are resampled: plan by the RFM segments instead."))
        return told

    def chart(self) -> Chart:
        """Shares of customers and of revenue, side by side."""
        shares = {"share_customers": _("of customers"), "share_revenue": _("of revenue")}
        data = self.table[["segment", *shares]].rename(columns=shares)
        return Chart(
            kind="bar",
            data=data.melt("segment", var_name="kind", value_name="share"),
            x="share",
            y="segment",
            color="kind",
            titles={"segment": _("Segment"), "share": _("Share"), "kind": _("Share of what")},
            title=_("Each segment's share of customers and of revenue"),
        )

    def numbers(self) -> Mapping[str, Any]:
        """The segment that brings most."""
        return {
            "share_revenue": self.top.share_revenue,
            "share_revenue_ci": (self.top.share_revenue_low, self.top.share_revenue_high),
            "share_customers": self.top.share_customers,
            "n": int(self.top.n),
        }


def form_segments(
    profiles: pd.DataFrame, values: pd.DataFrame, stability: StabilityResult, *, seed: int = 0
) -> SegmentsResult:
    """Assign every customer to the grouping chosen, and name, size and order its segments.

    Args:
        profiles: One row per customer, as from `data.profiles`.
        values: The customers' standardised traits in the same order; what `stability` was assessed on.
        stability: The grouping chosen.
        seed: Start of the random numbers of the intervals.

    Raises:
        DataError: The customers' revenue sums to zero or less.
    """
    centres = pd.DataFrame(stability.chosen.centres, columns=values.columns)
    group = pd.Series(nearest(values.to_numpy(float), stability.chosen.centres), index=profiles.index)
    sizes = revenue_shares(group, profiles.revenue_minor, seed=seed)
    order = sizes.sort_values("share_revenue", ascending=False).index
    names = dict(zip(order, name_groups(centres.loc[order]), strict=True))
    described = sizes.assign(
        segment=sizes.index.map(names),
        share_overlap=stability.chosen.overlaps.mean(axis=0)[sizes.index],
    )
    return SegmentsResult(
        customers=profiles.assign(segment=group.map(names)),
        segments=described.loc[order].reset_index(drop=True),
        centres=centres.loc[order].rename(index=names),
        stable=stability.stable,
    )
