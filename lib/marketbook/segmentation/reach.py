"""Reach: where the customers of a segment come from, so that more like them can be found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pandas as pd

from marketbook.kit import language
from marketbook.kit.errors import DataError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name
from marketbook.kit.report.intervals import wilson

ATTRIBUTES: Mapping[str, str] = {
    "source": mark("acquisition channel"),
    "province": mark("province"),
    "city_tier": mark("city tier"),
    "age_band": mark("age band"),
    "gender": mark("gender"),
}
FEWEST = 30


@dataclass(frozen=True)
class ReachResult(Result):
    """Where a segment is over-represented.

    Attributes:
        places: One row per value of the attribute, the richest in the segment first.
        segment: The segment looked for (a message id).
        attribute: The attribute looked at.
        share_overall: The segment's share of all customers with the attribute known.
    """

    places: pd.DataFrame = field(repr=False)
    segment: str
    attribute: str
    share_overall: float

    titles: ClassVar[Mapping[str, str]] = {
        "place": mark("Where from"),
        "n": mark("Customers"),
        "n_segment": mark("Of them in the segment"),
        "share_in_segment": mark("Share in the segment"),
        "share_in_segment_low": mark("Share in the segment, low end"),
        "share_in_segment_high": mark("Share in the segment, high end"),
        "share_of_segment": mark("Share of the segment's customers"),
        "revenue_per_customer_minor": mark("Revenue per customer"),
        "share_overall": mark("Share in the segment, all customers"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _('Where do we reach "{segment}", by {attribute}?').format(
            segment=_(self.segment), attribute=_(ATTRIBUTES[self.attribute])
        )

    @property
    def text(self) -> str:
        """The finding."""
        best = self.best
        said = (
            _(
                'By {attribute}, "{segment}" are most frequent in {place}: {share} {ci} of these customers belong to '
                "them, against {overall} of all."
            )
            if best.share_in_segment_low > self.share_overall
            else _(
                '"{segment}" are spread evenly by {attribute}: {place} has the highest share, {share} {ci}, against '
                "{overall} of all customers."
            )
        )
        return said.format(
            segment=_(self.segment),
            attribute=_(ATTRIBUTES[self.attribute]),
            place=language.label(best.place),
            share=by_name("share", best.share_in_segment),
            ci=by_name("share_ci", (best.share_in_segment_low, best.share_in_segment_high)),
            overall=by_name("share", self.share_overall),
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row per value of the attribute."""
        return self.places

    @property
    def caveats(self) -> Sequence[str]:
        """What to know first."""
        return (
            _("Only customers who bought in the months looked at are counted, by what is known of them today."),
            _("The intervals hold for all rows together, so that the best of many is not best by chance."),
        )

    def chart(self) -> Chart:
        """Share in the segment by place, with the share of all customers marked."""
        return Chart(
            kind="bar",
            data=self.places,
            x="share_in_segment",
            y="place",
            low="share_in_segment_low",
            high="share_in_segment_high",
            rule=self.share_overall,
            titles={name: _(title) for name, title in self.titles.items()} | {"place": _(ATTRIBUTES[self.attribute])},
            title=_('Share of customers in "{segment}" (line: all customers)').format(segment=_(self.segment)),
        )

    def numbers(self) -> Mapping[str, Any]:
        """The best place."""
        best = self.best
        return {
            "share_in_segment": best.share_in_segment,
            "share_in_segment_ci": (best.share_in_segment_low, best.share_in_segment_high),
            "share_overall": self.share_overall,
            "n": int(best.n),
        }

    @property
    def best(self) -> pd.Series:
        """The first place that is surely above all customers; where none is, the first place."""
        above = (self.places.share_in_segment_low > self.share_overall).to_numpy()
        return self.places.iloc[int(above.argmax())]


def locate(customers: pd.DataFrame, segment: str, *, attribute: str = "source") -> ReachResult:
    """Tell where the customers of a segment are over-represented.

    Args:
        customers: One row per customer: `segment`, `revenue_minor` and the attribute. Customers without a known value
            are left out, and so are values with fewer than 30 customers.
        segment: The segment looked for.
        attribute: One of `ATTRIBUTES`.

    Raises:
        DataError: No value of the attribute has 30 customers, or nobody is in the segment.

    References:
        Intervals: Wilson (1927), widened to hold for all places together (Bonferroni), see `kit.report.intervals`.
    """
    if not (customers.segment == segment).any():
        raise DataError(
            _("reach: no customer is in segment {segment}; there are {known}.").format(
                segment=repr(segment), known=", ".join(sorted(customers.segment.unique()))
            )
        )
    known = customers[customers[attribute].notna()]
    known = known.assign(hit=known.segment == segment)
    places = known.groupby(attribute).agg(
        n=("hit", "size"), n_segment=("hit", "sum"), revenue=("revenue_minor", "mean")
    )
    places = places[places.n >= FEWEST]
    if places.empty:
        raise DataError(
            _("reach: no value of {attribute} has {fewest} customers; found {n} customers with it known.").format(
                attribute=attribute, fewest=FEWEST, n=len(known)
            )
        )
    return ReachResult(_shares(places, int(known.hit.sum())), segment, attribute, float(known.hit.mean()))


def _shares(places: pd.DataFrame, hits: int) -> pd.DataFrame:
    low, high = wilson(places.n_segment.to_numpy(float), places.n.to_numpy(float), comparisons=len(places))
    shares = pd.DataFrame(
        {
            "place": places.index,
            "n": places.n.to_numpy(),
            "n_segment": places.n_segment.to_numpy(),
            "share_in_segment": (places.n_segment / places.n).to_numpy(),
            "share_in_segment_low": low,
            "share_in_segment_high": high,
            "share_of_segment": (places.n_segment / max(hits, 1)).to_numpy(),
            "revenue_per_customer_minor": places.revenue.to_numpy(),
        }
    )
    return shares.sort_values("share_in_segment", ascending=False, ignore_index=True)
