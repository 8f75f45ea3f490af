"""The margins that weights were fitted to, and what they leave of a score's variance."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from marketbook.survey.groups import Codes, Floats, sums


@dataclass(frozen=True, eq=False)
class Calibration:
    """Margins that weights were fitted to.

    Attributes:
        margins: For each margin, the number of each respondent's category, 0 and up.
        base: The weights before fitting, one per respondent.
    """

    margins: tuple[Codes, ...]
    base: Floats

    def residuals(self, scores: Floats) -> Floats:
        """Return what the margins do not explain of scores, by regression with the base weights.

        Args:
            scores: One row per respondent, one column per estimate.

        References:
            Deville and Särndal (1992), JASA 87, 376-382, equation 3.4.
        """
        weighted = scores * self.base[:, None]
        coefficients = self._inverse @ np.vstack([sums(margin, weighted) for margin in self.margins])
        residuals, start = scores.copy(), 0
        for margin in self.margins:
            size = int(margin.max()) + 1
            residuals -= coefficients[start : start + size][margin]
            start += size
        return residuals

    @cached_property
    def _inverse(self) -> Floats:
        """Generalised inverse of the margins' weighted cross-products; margins repeat each other's totals."""
        crossed = np.block([[self._crossed(rows, columns) for columns in self.margins] for rows in self.margins])
        inverse: Floats = np.linalg.pinv(crossed, hermitian=True)
        return inverse

    def _crossed(self, rows: Codes, columns: Codes) -> Floats:
        shape = int(rows.max()) + 1, int(columns.max()) + 1
        return sums(rows * shape[1] + columns, self.base, shape[0] * shape[1]).reshape(shape)
