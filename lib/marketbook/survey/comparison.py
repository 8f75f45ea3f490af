"""Comparison: each option of a question beside the others, and where ours stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from marketbook.kit.errors import DataError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import label, mark
from marketbook.kit.report import Chart, Result
from marketbook.survey.answers import Choices
from marketbook.survey.design import SurveyDesign
from marketbook.survey.estimates import Estimate
from marketbook.survey.reading import Reading, noun, of, of_the_market
from marketbook.survey.tables import chance_alone, in_points, share_ci, share_table, small_bases


@dataclass(frozen=True, eq=False)
class Comparison(Result):
    """Options of one question by share.

    Attributes:
        options: One row per option, the largest share first: option (wording), share, share_low, share_high, n,
            n_effective.
        own: Wording of the option that is ours.
        rank: Its place, 1 the largest.
        gap: Our share less that of the option before us; where we lead, less that of the second.
        rival: Wording of that option.
        reading: What choosing an option means.
        confidence: Confidence level.
    """

    options: pd.DataFrame
    own: str
    rank: int
    gap: Estimate
    rival: str
    reading: Reading
    confidence: float

    _titles: ClassVar[Mapping[str, str]] = {
        "option": mark("Answer"),
        "share_low": mark("Low end"),
        "share_high": mark("High end"),
        "n": mark("Respondents"),
        "n_effective": mark("Effective sample size"),
        "rank": mark("Our place"),
        "points_gap": mark("Distance to the next (points)"),
    }

    @property
    def titles(self) -> Mapping[str, str]:  # type: ignore[override]
        """Headings; the share is named after what it is a share of."""
        return {"share": noun(self.reading), **self._titles}

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("{subject} beside the others").format(subject=of(self.reading, option=label(self.own)))

    @property
    def text(self) -> str:
        """The finding."""
        own = self._own
        share = of_the_market(self.reading, share=share_ci(own), option=label(self.own))
        place = _("place {rank} of {count}").format(rank=self.rank, count=len(self.options))
        return _("{finding}: {place}, {gap}.").format(finding=share, place=place, gap=self._gap)

    @property
    def table(self) -> pd.DataFrame:
        """Each option's share."""
        return self.options

    @property
    def caveats(self) -> list[str]:
        """What the reader must know."""
        return small_bases(self.options, "option")

    def chart(self) -> Chart:
        """Draw the options, the largest share first."""
        return Chart(
            kind="bar",
            data=self.options,
            x="share",
            y="option",
            low="share_low",
            high="share_high",
            title=self.heading,
            titles={name: _(self.titles[name]) for name in ("option", "share", "share_low", "share_high")},
        )

    def numbers(self) -> Mapping[str, Any]:
        """Our share, place and distance to the next."""
        own = self._own
        low, high = self.gap.interval(self.confidence)
        return {
            "share": own["share"],
            "share_ci": (own["share_low"], own["share_high"]),
            "rank": self.rank,
            "points_gap": self.gap.value * 100,
            "points_gap_ci": (low * 100, high * 100),
        }

    @property
    def _own(self) -> pd.Series:
        return self.options[self.options["option"] == self.own].iloc[0]

    @property
    def _gap(self) -> str:
        if chance_alone(self.gap, self.confidence):
            message = _("level with {rival} within the margin of error")
        elif self.gap.value < 0:
            message = _("{points} points {interval} behind {rival}")
        else:
            message = _("{points} points {interval} ahead of {rival}")
        return message.format(rival=label(self.rival), **in_points(self.gap, self.confidence, size=True))


def compare(
    design: SurveyDesign,
    choices: Choices,
    own: str,
    *,
    reading: Reading = "know",
    confidence: float = 0.95,
) -> Comparison:
    """Compare the options of a question; the distance between two allows for the same people naming both.

    Args:
        design: Of the respondents.
        choices: Their answers, in the same order.
        own: Code of the option that is ours.
        reading: What choosing an option means.
        confidence: Confidence level of the intervals.

    Raises:
        DataError: The question has no such option, or no other.
    """
    ours = choices.wordings[str(choices[own].name)]
    if len(choices.wordings) < 2:
        message = _("{question} has a single option; there is nothing to compare.")
        raise DataError(message.format(question=choices.question))
    estimates = design.mean(choices.table)
    order = np.argsort(-estimates.values, kind="stable")
    ranked = [choices.table.columns[place] for place in order]
    place = ranked.index(own)
    rival = place - 1 if place else 1
    names = list(choices.wordings.values())
    table = share_table(estimates, names, item="option", confidence=confidence)
    return Comparison(
        options=table.iloc[order].reset_index(drop=True),
        own=ours,
        rank=place + 1,
        gap=estimates.difference(int(order[place]), int(order[rival])),
        rival=choices.wordings[ranked[rival]],
        reading=reading,
        confidence=confidence,
    )
