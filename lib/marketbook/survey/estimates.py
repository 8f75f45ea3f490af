"""Estimates with their covariance: standard errors, intervals, and the difference of two."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from marketbook.survey.groups import Codes, Floats


@dataclass(frozen=True)
class Estimate:
    """One number with its standard error.

    Attributes:
        value: The estimate.
        se: Its standard error.
        df: Degrees of freedom of t.
    """

    value: float
    se: float
    df: float

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Return the t interval that covers the truth in a share `confidence` of samples."""
        half = float(stats.t.ppf((1 + confidence) / 2, max(self.df, 1))) * self.se
        return self.value - half, self.value + half

    @property
    def p_value(self) -> float:
        """How often chance alone would put an estimate as far from zero as this one."""
        if not self.se:
            return float(self.value == 0)
        return float(2 * stats.t.sf(abs(self.value / self.se), max(self.df, 1)))


@dataclass(frozen=True, eq=False)
class Estimates:
    """Several estimates from one sample.

    Attributes:
        values: The estimates.
        covariance: Of each with each.
        df: Degrees of freedom of each.
        n: Respondents behind each.
        n_effective: As many equally weighted respondents would say as much (Kish).
        df_all: Degrees of freedom of all together: groups may share sampling units.
    """

    values: Floats
    covariance: Floats
    df: Floats
    n: Codes
    n_effective: Floats
    df_all: float

    @property
    def se(self) -> Floats:
        """Standard errors."""
        return np.sqrt(np.maximum(np.diag(self.covariance), 0.0))

    @property
    def value(self) -> float:
        """The estimate, where there is one."""
        return float(self.values.item())

    def __getitem__(self, position: int) -> Estimate:
        """Return one of the estimates."""
        return Estimate(float(self.values[position]), float(self.se[position]), float(self.df[position]))

    def difference(self, position: int, other: int) -> Estimate:
        """Return how much one estimate exceeds another, with their covariance taken into account."""
        contrast = np.zeros(len(self.values))
        contrast[position] += 1
        contrast[other] -= 1
        variance = float(contrast @ self.covariance @ contrast)
        df = float(min(self.df[position], self.df[other]))
        return Estimate(float(contrast @ self.values), max(variance, 0.0) ** 0.5, df)

    def intervals(self, confidence: float = 0.95) -> Floats:
        """Return the t intervals: one row per estimate, low and high."""
        half = stats.t.ppf((1 + confidence) / 2, np.maximum(self.df, 1)) * self.se
        return np.column_stack([self.values - half, self.values + half])

    def share_intervals(self, confidence: float = 0.95) -> Floats:
        """Return intervals of shares, which stay within 0 and 1: one row per estimate, low and high.

        The t interval of the logit; where nobody or everybody said yes, the exact binomial interval of the effective
        number of respondents.

        References:
            Korn and Graubard (1998), Survey Methodology 24, 193-201; Clopper and Pearson (1934), Biometrika 26.
        """
        inside = (self.values > 0) & (self.values < 1)
        share = np.where(inside, self.values, 0.5)
        half = stats.t.ppf((1 + confidence) / 2, np.maximum(self.df, 1)) * self.se / (share * (1 - share))
        logit = np.log(share / (1 - share))
        ends = 1 / (1 + np.exp(-np.column_stack([logit - half, logit + half])))
        result: Floats = np.where(inside[:, None], ends, self._exact(confidence))
        return result

    def _exact(self, confidence: float) -> Floats:
        far = ((1 - confidence) / 2) ** (1 / np.maximum(self.n_effective, 1.0))
        nobody = self.values <= 0
        return np.column_stack([np.where(nobody, 0.0, far), np.where(nobody, 1 - far, 1.0)])

    def same(self) -> float:
        """Return the p-value of Wald's test that all estimates are equal.

        Groups that differ while all within each agree are taken to differ.

        References:
            Korn and Graubard (1990), The American Statistician 44, 270-276 (the F form with few sampling units).
        """
        k = len(self.values) - 1
        contrast = np.hstack([np.eye(k), -np.ones((k, 1))])
        gaps = contrast @ self.values
        spread = contrast @ self.covariance @ contrast.T
        inverse = np.linalg.pinv(spread, hermitian=True)
        if not np.allclose(spread @ inverse @ gaps, gaps):
            return 0.0
        statistic = float(gaps @ inverse @ gaps)
        df = max(self.df_all - k + 1, 1.0)
        return float(stats.f.sf(statistic / k, k, df))
