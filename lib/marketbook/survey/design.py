"""The design of a sample: weights, strata, clusters, calibration, and the standard errors that follow from them.

Standard errors are by linearisation (Taylor series): an estimate is replaced by a sum of scores, one per respondent,
whose variance between sampling units is known for any design.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from marketbook.kit.errors import DataError
from marketbook.kit.language import gettext as _
from marketbook.survey.calibration import Calibration
from marketbook.survey.estimates import Estimates
from marketbook.survey.groups import Booleans, Codes, Floats, first_rows, numbered, sums


@dataclass(frozen=True, eq=False)
class Stage:
    """One stage of sampling.

    Attributes:
        units: Number of the unit that each respondent lies in, 0 and up; None where each respondent is a unit.
        population: For each respondent, how many units there are in the population of its stratum (at the second
            stage: in its unit of the first); None where there are very many.
    """

    units: Codes | None
    population: Floats | None


@dataclass(frozen=True, eq=False)
class SurveyDesign:
    """How respondents were sampled and weighted; estimates made from it carry the design's standard errors.

    Attributes:
        weights: One per respondent, >= 0; how many people each stands for, up to a factor.
        strata: Number of each respondent's stratum; None where there is one.
        stages: Stages of sampling, the first one first.
        calibration: The margins that the weights were fitted to, if any; standard errors credit them.
    """

    weights: Floats
    strata: Codes | None = None
    stages: tuple[Stage, ...] = (Stage(None, None),)
    calibration: Calibration | None = None

    @classmethod
    def of(
        cls,
        frame: pd.DataFrame,
        *,
        weights: str | None = None,
        strata: str | None = None,
        clusters: Sequence[str] = (),
        populations: Sequence[str] = (),
    ) -> Self:
        """Describe a sample by the columns of its frame.

        Args:
            frame: One row per respondent.
            weights: Column of design weights, >= 0; None: all equal to 1.
            strata: Column of strata, sampled each on its own; None: one stratum.
            clusters: Column of sampling units of each stage, the first stage first; empty: each respondent is a unit.
                The same name in two strata means two units.
            populations: Column of the number of units in the population for each stage, for the finite population
                correction; empty: none.

        Raises:
            DataError: A column is missing, holds gaps, or weights are negative.

        Example:
            >>> schools = pd.DataFrame({"stype": ["E", "E", "H", "H"], "pw": [2.0, 2, 1, 1], "api": [5.0, 7, 6, 8]})
            >>> SurveyDesign.of(schools, weights="pw", strata="stype").mean(schools["api"]).value
            6.333333333333333
        """
        if not len(frame):
            raise DataError(_("The sample has no respondents."))
        used = [name for name in (weights, strata, *clusters, *populations) if name is not None]
        _check_columns(frame, used)
        found = np.ones(len(frame)) if weights is None else frame[weights].to_numpy(float)
        if (found < 0).any():
            raise DataError(
                _("{column}: {found} of {n} values are negative; weights must be >= 0.").format(
                    column=weights, found=int((found < 0).sum()), n=len(found)
                )
            )
        groups = None if strata is None else numbered(frame[strata])
        return cls(found, groups, _stages(frame, clusters, populations, groups))

    def calibrated(self, weights: Floats, calibration: Calibration) -> Self:
        """Return the same design with weights fitted to margins, which standard errors then credit."""
        return replace(self, weights=weights, calibration=calibration)

    @property
    def n(self) -> int:
        """How many respondents there are."""
        return len(self.weights)

    def total(self, values: ArrayLike) -> Estimates:
        """Estimate population totals.

        Args:
            values: One row per respondent, one column per total; no gaps.
        """
        columns = _columns(values)
        if np.isnan(columns).any():
            raise DataError(_("A total needs a value from every respondent; found gaps."))
        count = np.full(columns.shape[1], self.n)
        return self._estimates(columns, self.weights @ columns, count, self._degrees(None))

    def mean(self, values: ArrayLike) -> Estimates:
        """Estimate means over those who answered; of a column of 0 and 1 the mean is a share.

        Args:
            values: One row per respondent, one column per mean; missing where not answered.
        """
        columns = _columns(values)
        answered = ~np.isnan(columns)
        if answered.all():
            return self.ratio(columns, np.ones((self.n, 1)))
        return self.ratio(np.where(answered, columns, 0.0), answered)

    def mean_by(self, values: ArrayLike, groups: pd.Series, *, among: Sequence[str]) -> Estimates:
        """Estimate the mean of one column within each of several groups, with their covariances.

        Args:
            values: One per respondent; missing where not answered.
            groups: The group of each respondent.
            among: The groups, in the order wanted.
        """
        column = _columns(values)[:, 0]
        group = pd.Index(list(among)).get_indexer(pd.Index(groups))
        group[np.isnan(column)] = -1
        member = group[:, None] == np.arange(len(among))
        return self.ratio(np.where(member, np.nan_to_num(column)[:, None], 0.0), member)

    def ratio(self, numerators: ArrayLike, denominators: ArrayLike) -> Estimates:
        """Estimate ratios of two totals; every mean, share and group mean is one.

        Args:
            numerators: One row per respondent, one column per ratio.
            denominators: Likewise, or one column for all; 0 for respondents outside the ratio's group.

        Raises:
            DataError: A denominator's total is zero.

        References:
            Särndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, section 5.6.
        """
        top, base = _columns(numerators), _columns(denominators)
        total = self.weights @ base
        if (total == 0).any():
            raise DataError(_("Nobody of any weight answered in {found} groups.").format(found=int((total == 0).sum())))
        value = (self.weights @ top) / total
        scores = (top - value * base) / total
        inside = base != 0
        count = np.broadcast_to(inside.sum(axis=0), value.shape)
        return self._estimates(scores, value, count, self._degrees(inside), inside)

    def covariance(self, scores: Floats) -> Floats:
        """Return the covariance of weighted sums of scores.

        Args:
            scores: One row per respondent, one column per sum.

        References:
            Särndal, Swensson and Wretman (1992), sections 3.7, 4.3.2 and 6.6. With calibration, scores are first
            replaced by their residuals on the margins: Deville and Särndal (1992), JASA 87, equation 3.4.
        """
        residuals = scores if self.calibration is None else self.calibration.residuals(scores)
        totals: Floats = residuals * self.weights[:, None]
        above = np.zeros(self.n, dtype=np.int64) if self.strata is None else self.strata
        carried = np.ones(int(above.max()) + 1)
        result = np.zeros((scores.shape[1], scores.shape[1]))
        for stage in self.stages:
            sampled = _sampled_share(stage, above)
            result += _between(totals, stage, above, sampled, carried)
            if stage.units is None or not sampled.any():
                break
            carried = (carried * sampled)[above[first_rows(stage.units)]]
            above = stage.units
        return result

    def _estimates(
        self, scores: Floats, value: Floats, count: Codes, df: Floats, inside: Booleans | None = None
    ) -> Estimates:
        members = np.ones((self.n, 1), dtype=bool) if inside is None else inside
        effective = (self.weights @ members) ** 2 / (self.weights**2 @ members)
        shape = value.shape
        return Estimates(
            value,
            self.covariance(scores),
            np.broadcast_to(df, shape),
            np.broadcast_to(count, shape),
            np.broadcast_to(effective, shape),
            float(self._degrees(np.asarray(members.any(axis=1)).reshape(-1, 1)).item()),
        )

    def _degrees(self, inside: Booleans | None) -> Floats:
        """Sampling units less strata, of those that a group has respondents in."""
        columns = np.ones((self.n, 1), dtype=bool) if inside is None else inside
        units = self.stages[0].units
        found = [_distinct(units, kept) - _distinct_strata(self.strata, kept) for kept in columns.T]
        return np.asarray(found, dtype=float)


def _stages(
    frame: pd.DataFrame, clusters: Sequence[str], populations: Sequence[str], strata: Codes | None
) -> tuple[Stage, ...]:
    if len(populations) > max(len(clusters), 1):
        raise DataError(_("There are more population columns than stages of clusters."))
    sizes = [frame[name].to_numpy(float) for name in populations]
    above, stages = strata, []
    for position in range(max(len(clusters), 1)):
        units = numbered(frame[clusters[position]], above) if clusters else None
        stages.append(Stage(units, sizes[position] if position < len(sizes) else None))
        above = units
    return tuple(stages)


def _sampled_share(stage: Stage, above: Codes) -> Floats:
    """Which share of its population's units each stratum has in the sample."""
    size = int(above.max()) + 1
    if stage.population is None:
        return np.zeros(size)
    population = stage.population[first_rows(above)]
    share = np.bincount(_stratum_of_units(stage, above), minlength=size) / population
    if (share > 1 + 1e-9).any():
        raise DataError(
            _("{found} strata have more units in the sample than in the population.").format(
                found=int((share > 1).sum())
            )
        )
    return np.minimum(share, 1.0)


def _stratum_of_units(stage: Stage, above: Codes) -> Codes:
    return above if stage.units is None else above[first_rows(stage.units)]


def _between(totals: Floats, stage: Stage, above: Codes, sampled: Floats, carried: Floats) -> Floats:
    """The variance between the units of one stage, summed over strata."""
    units = totals if stage.units is None else sums(stage.units, totals)
    stratum = _stratum_of_units(stage, above)
    count = np.bincount(stratum, minlength=len(sampled))
    alone = int(((count == 1) & (sampled < 1) & (carried > 0)).sum())
    if alone:
        message = _("{found} strata have a single sampling unit; merge each with a similar stratum.")
        raise DataError(message.format(found=alone))
    factor = carried * (1 - sampled) * count / np.maximum(count - 1, 1)
    if len(count) == 1:  # spares two passes over a million rows
        centred = units - units.mean(axis=0)
        return np.asarray(factor[0] * (centred.T @ centred))
    centred = units - (sums(stratum, units, len(count)) / np.maximum(count, 1)[:, None])[stratum]
    return np.asarray((centred * factor[stratum][:, None]).T @ centred)


def _distinct(units: Codes | None, kept: Booleans) -> int:
    return int(kept.sum()) if units is None else int((np.bincount(units[kept]) > 0).sum())


def _distinct_strata(strata: Codes | None, kept: Booleans) -> int:
    return 1 if strata is None else _distinct(strata, kept)


def _columns(values: ArrayLike) -> Floats:
    columns = np.asarray(values, dtype=float)
    return columns[:, None] if columns.ndim == 1 else columns


def _check_columns(frame: pd.DataFrame, names: Sequence[str]) -> None:
    for name in names:
        if name not in frame.columns:
            raise DataError(
                _("Column {column} is not in the sample; it has {columns}.").format(
                    column=name, columns=", ".join(map(str, frame.columns))
                )
            )
        gaps = int(frame[name].isna().sum())
        if gaps:
            raise DataError(
                _("{column}: {found} of {n} values are missing; the design needs them all.").format(
                    column=name, found=gaps, n=len(frame)
                )
            )
