"""Recommendation: the net promoter score, overall and by group, with its standard error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from marketbook.kit.errors import DataError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import label, mark
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name
from marketbook.survey.answers import Scores
from marketbook.survey.design import SurveyDesign
from marketbook.survey.estimates import Estimate
from marketbook.survey.tables import in_units, mean_table, small_bases


@dataclass(frozen=True, eq=False)
class Recommendation(Result):
    """The net promoter score.

    Attributes:
        overall: Of all who answered, in points (-100 to 100).
        share_promoters: Share of answers 9 and 10.
        share_detractors: Share of answers 0 to 6.
        groups: One row per group: group, nps, nps_low, nps_high, n, n_effective.
        p_value: Of the groups' being all alike (Wald).
        confidence: Confidence level.
    """

    overall: Estimate
    share_promoters: float
    share_detractors: float
    groups: pd.DataFrame
    p_value: float
    confidence: float

    titles: ClassVar[Mapping[str, str]] = {
        "group": mark("Group"),
        "nps": mark("Net promoter score"),
        "nps_low": mark("Low end"),
        "nps_high": mark("High end"),
        "n": mark("Respondents"),
        "n_effective": mark("Effective sample size"),
        "share_promoters": mark("Promoters"),
        "share_detractors": mark("Detractors"),
        "p_value": mark("p-value of no difference"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Net promoter score")

    @property
    def text(self) -> str:
        """The finding."""
        message = _(
            "Our net promoter score is {points} {interval}: {promoters} would recommend us, {detractors} would not; "
            "{groups}."
        )
        return message.format(
            promoters=by_name("share", self.share_promoters),
            detractors=by_name("share", self.share_detractors),
            groups=self._groups,
            **in_units(self.overall, self.confidence),
        )

    @property
    def table(self) -> pd.DataFrame:
        """The score of each group."""
        return self.groups

    @property
    def caveats(self) -> list[str]:
        """What the reader must know."""
        asked = _(
            "Of those who answered the question: promoters gave 9 or 10, detractors 0 to 6, on a scale of 0 to 10."
        )
        return [asked, *small_bases(self.groups, "group")]

    def chart(self) -> Chart:
        """Draw each group's score with its interval."""
        return Chart(
            kind="point",
            data=self.groups,
            x="nps",
            y="group",
            low="nps_low",
            high="nps_high",
            rule=self.overall.value,
            title=_("Net promoter score by group; the line marks all together"),
            titles={name: _(self.titles[name]) for name in ("group", "nps", "nps_low", "nps_high")},
        )

    def numbers(self) -> Mapping[str, Any]:
        """The score, its parts and whether groups differ."""
        return {
            "nps": self.overall.value,
            "nps_ci": self.overall.interval(self.confidence),
            "share_promoters": self.share_promoters,
            "share_detractors": self.share_detractors,
            "p_value": self.p_value,
        }

    @property
    def _groups(self) -> str:
        if self.p_value >= 1 - self.confidence:
            return _("the groups do not differ beyond chance")
        best, worst = (self.groups.iloc[place(self.groups["nps"])] for place in (np.argmax, np.argmin))
        message = _("highest in {best} ({best_nps}), lowest in {worst} ({worst_nps})")
        return message.format(
            best=label(best["group"]),
            best_nps=by_name("nps", best["nps"]),
            worst=label(worst["group"]),
            worst_nps=by_name("nps", worst["nps"]),
        )


def recommend(
    design: SurveyDesign, scores: Scores, groups: pd.Series, *, among: Sequence[str], confidence: float = 0.95
) -> Recommendation:
    """Estimate the net promoter score, overall and in each group.

    Args:
        design: Of the respondents.
        scores: Their answers from 0 to 10, in the same order; missing where not asked.
        groups: The group of each respondent.
        among: The groups, in the order wanted.
        confidence: Confidence level of the intervals.

    Raises:
        DataError: Nobody answered, or an answer is not in 0 to 10.

    References:
        Reichheld (2003), Harvard Business Review 81(12), 46-54; the score is a mean of +100, 0 and -100, its
        standard error that of the design.
    """
    values = scores.recommendation()
    if values.isna().all():
        raise DataError(_("{question}: nobody answered.").format(question=scores.question))
    extremes = np.column_stack([(values == 100).where(values.notna()), (values == -100).where(values.notna())])
    shares = design.mean(extremes.astype(float)).values
    by_group = design.mean_by(values, groups, among=among)
    return Recommendation(
        overall=design.mean(values)[0],
        share_promoters=float(shares[0]),
        share_detractors=float(shares[1]),
        groups=mean_table(by_group, among, item="group", value="nps", confidence=confidence),
        p_value=by_group.same(),
        confidence=confidence,
    )
