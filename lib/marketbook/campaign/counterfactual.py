"""Counterfactual of a treated unit from weighted control units: difference in differences and its synthetic kin."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from marketbook.campaign.simplex import fit_weights
from marketbook.kit.errors import DataError
from marketbook.kit.language import gettext as _

Floats = NDArray[np.float64]
Method = Literal["synthetic_did", "synthetic_control", "did"]


@dataclass(frozen=True)
class Counterfactual:
    """What the treated unit would have shown, by the controls; and what the same finds where nothing happened.

    Attributes:
        effect: Mean of actual less counterfactual over the treated periods.
        expected: The counterfactual, one value per period.
        unit_weights: Weight of each control unit, by name; sums to 1.
        time_weights: Weight of each period before; sums to 1 (to 0 for synthetic control).
        placebo_effects: The effect found for each placebo, by the name of its first unit.
        placebo_gaps: Actual less counterfactual, placebos by periods.
    """

    effect: float
    expected: Floats
    unit_weights: pd.Series
    time_weights: Floats
    placebo_effects: pd.Series
    placebo_gaps: Floats

    @property
    def standard_error(self) -> float:
        """Root mean square of the effects found where nothing happened."""
        return float(np.sqrt((self.placebo_effects**2).mean()))


def fit_counterfactual(
    treated: Sequence[float] | Floats,
    controls: pd.DataFrame,
    before: int,
    *,
    method: Method = "synthetic_did",
    placebo_size: int = 1,
    precision: float = 1e-5,
) -> Counterfactual:
    """Weigh control units (and, for synthetic difference in differences, periods) to follow the treated unit.

    Placebos are exact and seedless: each control unit takes its turn as the treated one with the others as its
    controls; where the treated unit is a sum of several, so many neighbours in column order take their turn together.

    Args:
        treated: The treated unit, one value per period.
        controls: Periods by control units, nothing missing.
        before: Count of periods before the treatment.
        method: How controls and periods are weighted.
        placebo_size: Count of units that the treated unit is made of.
        precision: How closely weights are sought, in units of the noise; the published figures take the default.

    Raises:
        DataError: Too few periods or controls.

    References:
        Arkhangelsky et al. (2021), Synthetic difference-in-differences, AER 111(12); algorithm 4 for the placebos.
        Abadie, Diamond, Hainmueller (2010), Synthetic control methods, JASA 105.
    """
    values = controls.to_numpy(dtype=float)
    _check(values, before, placebo_size)
    count = values.shape[1]
    takes = (np.arange(count)[:, None] + np.arange(placebo_size)) % count
    targets = np.vstack([np.asarray(treated, dtype=float), values[:, takes].mean(axis=2).T])
    allowed = np.ones((count + 1, count), bool)
    np.put_along_axis(allowed[1:], takes, values=False, axis=1)
    units, periods = _weights(values, targets, allowed, before, method, precision)
    gaps = targets - units @ values.T
    gaps -= (periods * gaps[:, :before]).sum(axis=1, keepdims=True)
    effects = gaps[:, before:].mean(axis=1)
    return Counterfactual(
        effect=float(effects[0]),
        expected=targets[0] - gaps[0],
        unit_weights=pd.Series(units[0], index=controls.columns),
        time_weights=periods[0],
        placebo_effects=pd.Series(effects[1:], index=controls.columns),
        placebo_gaps=gaps[1:],
    )


def _weights(
    values: Floats, targets: Floats, allowed: NDArray[np.bool_], before: int, method: Method, precision: float
) -> tuple[Floats, Floats]:
    equal = allowed / allowed.sum(axis=1, keepdims=True)
    flat = np.full((len(targets), before), 1 / before)
    if method == "did":
        return equal, flat
    noise = float(np.diff(values[:before], axis=0).std(ddof=1))
    past, aims = values[:before], targets[:, :before]
    small = (1e-6 * noise) ** 2
    if method == "synthetic_control":
        return fit_weights(past, aims, ridge=small, allowed=allowed, precision=precision * noise), np.zeros_like(flat)
    ridge = np.sqrt(len(values) - before) * noise**2
    past, aims = past - past.mean(axis=0), aims - aims.mean(axis=1, keepdims=True)
    units = fit_weights(past, aims, ridge=ridge, allowed=allowed, precision=precision * noise)
    rows = values[:before].T * allowed[:, :, None] - (equal @ values[:before].T)[:, None, :] * allowed[:, :, None]
    later = values[before:].mean(axis=0)
    ends = allowed * (later - (equal @ later)[:, None])
    periods = fit_weights(rows, ends, ridge=small, precision=precision * noise)
    return units, periods


def _check(values: Floats, before: int, placebo_size: int) -> None:
    periods, units = values.shape
    if before < 2 or periods - before < 1:
        raise DataError(
            _("Periods: {before} before and {after} during the campaign; at least 2 and 1 are needed.").format(
                before=before, after=periods - before
            )
        )
    if units - placebo_size < 2:
        raise DataError(
            _("Control regions: {n} found; at least {least} are needed.").format(n=units, least=placebo_size + 2)
        )
    if not np.isfinite(values).all():
        raise DataError(_("Control regions: some values are missing; every region needs every period."))
