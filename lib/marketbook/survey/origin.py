"""Origin: which respondents and answers stand behind the figures of a survey report."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import singledispatchmethod
from typing import Any

import pandas as pd

from marketbook.kit.facts import Rows
from marketbook.kit.report import Behind
from marketbook.survey.answers import Choices, Scores
from marketbook.survey.comparison import Comparison
from marketbook.survey.crosstabs import Crosstab
from marketbook.survey.quality import Quality
from marketbook.survey.recommendation import Recommendation
from marketbook.survey.trend import Trend
from marketbook.survey.weights import RakedWeights

_SHARES = ("share", "share_low", "share_high")


@dataclass(frozen=True, eq=False)
class Origin:
    """Where a report's figures come from.

    A share stands on the answers that name the option, its base on the respondents who were asked.

    Attributes:
        wave: The wave reported on.
        banner: What respondents are grouped by.
        everyone: One row per interview received: `wave`, `respondent_id`; in the order of the checks.
        quality: What the checks found; the interviews that are not kept stand behind no other figure.
        known: The answers to the question about brands.
        scores: The answers to the question of recommendation.
    """

    wave: str
    banner: str
    everyone: pd.DataFrame = field(repr=False)
    quality: Quality
    known: Choices
    scores: Scores

    @singledispatchmethod
    def behind(self, result: Any) -> Behind:  # noqa: ANN401  # one method for each kind of result
        """Return the rows behind a result's figures."""
        raise NotImplementedError(type(result).__name__)

    @behind.register
    def _trend(self, result: Trend) -> Behind:
        waves = list(result.waves["wave"])
        compared = [wave for wave in (result.before, waves[-1]) if wave is not None]
        code = self._code(result.option)
        shares = [self._answers([code], wave) for wave in waves]
        return Behind(
            whole=self._answers([code], *waves),
            numbers={
                "share": shares[-1],
                "points_change": self._answers([code], *compared),
                "n": self._base(waves[-1]),
            },
            table=[self._base(wave) for wave in waves],
            cells=dict.fromkeys(_SHARES, shares),
        )

    @behind.register
    def _comparison(self, result: Comparison) -> Behind:
        codes = [self._code(wording) for wording in result.options["option"]]
        shares = [self._answers([code], self.wave) for code in codes]
        own, rival = self._code(result.own), self._code(result.rival)
        return Behind(
            whole=self._answers(codes, self.wave),
            numbers={"share": self._answers([own], self.wave), "points_gap": self._answers([own, rival], self.wave)},
            table=[self._base(self.wave)] * len(codes),
            cells=dict.fromkeys(_SHARES, shares),
        )

    @behind.register
    def _crosstab(self, result: Crosstab) -> Behind:
        codes = [self._code(wording) for wording in result.total["option"]]
        low, high = ({self.banner: end["banner"]} for end in result.ends)
        focus = self._code(result.focus)
        return Behind(
            whole=self._answers(codes, self.wave),
            numbers={
                "share_highest": self._answers([focus], self.wave, **high),
                "share_lowest": self._answers([focus], self.wave, **low),
                "p_value": self._answers([focus], self.wave),
            },
            table=[self._answers([code], self.wave) for code in codes],
            cells={
                f"share_{place}": [self._answers([code], self.wave, **{self.banner: group}) for code in codes]
                for place, group in enumerate(result.banners)
            },
        )

    @behind.register
    def _recommendation(self, result: Recommendation) -> Behind:
        def given(**group: str) -> Rows:
            asked = Rows("survey_answers").being(wave=self.wave, question=self.scores.question).present("number")
            return asked.linked(self._people(self.wave, **group))

        return Behind(
            whole=given(),
            numbers={
                "share_promoters": given().between("number", 9),
                "share_detractors": given().between("number", None, 6),
            },
            table=[given(**{self.banner: group}) for group in result.groups["group"]],
        )

    @behind.register
    def _weights(self, result: RakedWeights) -> Behind:
        shown = result.margins[result.margins["part"] == self.wave]
        groups = list(zip(shown["variable"], shown["category"], strict=True))
        everyone = self._people(self.wave).being(wave=self.wave)
        return Behind(
            whole=everyone,
            table=[everyone.being(**{variable: category}) for variable, category in groups],
            cells={
                "share_population": [Rows("population_targets").being(variable=v, category=c) for v, c in groups],
            },
        )

    @behind.register
    def _quality(self, result: Quality) -> Behind:
        received = Rows("survey_respondents").being(wave=self.wave)
        speeders = received.between("seconds", None, result.minimum_seconds - 1)
        found = {name: self._failing(result.flags[name]) for name in result.flags.columns}
        left_out = [name for name in result.excluded if result.flags[name].any()]
        return Behind(
            whole=received,
            numbers=dict.fromkeys(
                ("count_excluded", "share_excluded"),
                speeders if left_out == ["speeder"] else received.among("respondent_id", self._failing(~result.kept)),
            ),
            table=[
                speeders if name == "speeder" else received.among("respondent_id", ids) for name, ids in found.items()
            ],
        )

    def _code(self, wording: str) -> str:
        return next(code for code, said in self.known.wordings.items() if said == wording)

    def _answers(self, options: Sequence[str], *waves: str, **group: str) -> Rows:
        """The answers with some of the options, by the respondents who count, of a group."""
        found = Rows("survey_answers").among("wave", waves).being(question=self.known.question)
        return found.among("option", options).linked(self._people(*waves, **group))

    def _base(self, wave: str) -> Rows:
        """Who was asked: all of a wave, or those who answered where only some were."""
        now = self.everyone.loc[self.quality.kept, "wave"].to_numpy() == wave
        if self.known.table[now].notna().any(axis=1).all():
            return self._people(wave).being(wave=wave)
        return self._answers(list(self.known.wordings), wave)

    def _people(self, *waves: str, **group: str) -> Rows:
        """Respondents of some waves whose interviews were kept; of a group."""
        found = Rows("survey_respondents").being(**group)
        if "speeder" in self.quality.excluded:
            found = found.between("seconds", self.quality.minimum_seconds)
        others = [name for name in self.quality.excluded if name != "speeder"]
        failing = self.quality.flags[others].any(axis=1) & self.everyone["wave"].isin(waves)
        return found.but("respondent_id", self._failing(failing))

    def _failing(self, flags: pd.Series) -> list[str]:
        return list(self.everyone.loc[flags.index[flags], "respondent_id"])
