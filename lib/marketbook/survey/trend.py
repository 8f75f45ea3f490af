"""Trend: an answer's share wave by wave, and whether it changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

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
class Trend(Result):
    """An answer's share in each wave, and its change.

    Attributes:
        waves: One row per wave: wave, share, share_low, share_high, n, n_effective.
        change: Share of the last wave less that of the wave compared with; None where there is none.
        before: The wave compared with.
        option: The option's wording.
        reading: What choosing it means.
        confidence: Confidence level.
    """

    waves: pd.DataFrame
    change: Estimate | None
    before: str | None
    option: str
    reading: Reading
    confidence: float

    _titles: ClassVar[Mapping[str, str]] = {
        "wave": mark("Wave"),
        "share_low": mark("Low end"),
        "share_high": mark("High end"),
        "points_change": mark("Change (points)"),
        "n": mark("Respondents"),
        "n_effective": mark("Effective sample size"),
    }

    @property
    def titles(self) -> Mapping[str, str]:  # type: ignore[override]
        """Headings; the share is named after what it is a share of."""
        return {"share": noun(self.reading), **self._titles}

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("{subject}, wave by wave").format(subject=of(self.reading, option=label(self.option)))

    @property
    def text(self) -> str:
        """The finding."""
        last = self.waves.iloc[-1]
        share = of_the_market(self.reading, share=share_ci(last), option=label(self.option))
        if self.change is None or self.before is None:
            return _("In {wave} {finding}.").format(wave=last["wave"], finding=share)
        return _("In {wave} {finding}, {change}.").format(wave=last["wave"], finding=share, change=self._change)

    @property
    def table(self) -> pd.DataFrame:
        """The share in each wave."""
        return self.waves

    @property
    def caveats(self) -> list[str]:
        """What the reader must know."""
        return [
            _(
                "An interval in brackets holds the truth in {level} of samples like these; it allows for the weighting."
            ).format(level=f"{self.confidence:.0%}"),
            *small_bases(self.waves, "wave"),
        ]

    def chart(self) -> Chart:
        """Draw the share over the waves."""
        return Chart(
            kind="line",
            data=self.waves,
            x="wave",
            y="share",
            low="share_low",
            high="share_high",
            title=self.heading,
            titles={name: _(self.titles[name]) for name in ("wave", "share", "share_low", "share_high")},
        )

    def numbers(self) -> Mapping[str, Any]:
        """The last wave's share, its change, and the number of respondents."""
        last = self.waves.iloc[-1]
        found: dict[str, Any] = {"share": last["share"], "share_ci": (last["share_low"], last["share_high"])}
        if self.change is not None:
            low, high = self.change.interval(self.confidence)
            found |= {"points_change": self.change.value * 100, "points_change_ci": (low * 100, high * 100)}
        return {**found, "n": last["n"]}

    @property
    def _change(self) -> str:
        change = self.change or Estimate(0.0, 0.0, 1.0)
        if chance_alone(change, self.confidence):
            message = _("no clear change from {before} ({points} points {interval})")
            return message.format(before=self.before, **in_points(change, self.confidence))
        message = _("{points} points {interval} more than in {before}")
        if change.value < 0:
            message = _("{points} points {interval} less than in {before}")
        return message.format(before=self.before, **in_points(change, self.confidence, size=True))


def follow(
    design: SurveyDesign,
    waves: pd.Series,
    choices: Choices,
    option: str,
    *,
    before: str | None = None,
    reading: Reading = "know",
    confidence: float = 0.95,
) -> Trend:
    """Follow an answer's share over the waves; the last wave is the one reported on.

    Waves of different respondents are independent; where the same people answered twice and the design's sampling
    unit is the person, the change's interval takes that into account.

    Args:
        design: Of the respondents of all waves.
        waves: The wave of each respondent; sorts by time.
        choices: The answers, in the same order.
        option: The option's code.
        before: The wave to compare the last one with; None: the one before it.
        reading: What choosing the option means.
        confidence: Confidence level of the intervals.

    Raises:
        DataError: The question was not asked in the last wave, or not in the wave to compare with.
    """
    column = choices[option]
    asked = sorted(waves[column.notna()].unique())
    last = waves.max()
    compared = before or (asked[-2] if len(asked) > 1 else None)
    for wave in (last, compared):
        if wave is not None and wave not in asked:
            raise DataError(
                _("{question} was not asked in {wave}; it was in {waves}.").format(
                    question=choices.question, wave=wave, waves=", ".join(asked)
                )
            )
    estimates = design.mean_by(column, waves, among=asked)
    return Trend(
        waves=share_table(estimates, asked, item="wave", confidence=confidence),
        change=None if compared is None else estimates.difference(-1, asked.index(compared)),
        before=compared,
        option=choices.wordings[option],
        reading=reading,
        confidence=confidence,
    )
