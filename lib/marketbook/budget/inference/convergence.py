"""Whether chains agree: rank-normalised split R-hat and the effective sample size that goes with it."""

import numpy as np
import numpy.typing as npt
from scipy import special

Array = npt.NDArray[np.float64]

R_HAT_LIMIT = 1.01
"""Above this R-hat chains do not agree well enough (Vehtari et al. 2021, section 2)."""
ESS_LIMIT = 400.0
"""Fewer effective draws than this are too few to judge chains by (Vehtari et al. 2021, section 2)."""


def r_hat(chains: Array) -> float:
    """Return rank-normalised split R-hat, the larger of that of the values and that of their distance to the median.

    Args:
        chains: Chains x draws of one number; at least 4 draws.

    References:
        Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021), Rank-normalization, folding, and localization.
        Bayesian Analysis 16, eq. 4 and section 4.
    """
    halves = _split(chains)
    return max(_between(_ranked(halves)), _between(_ranked(np.abs(halves - np.median(halves)))))


def bulk_ess(chains: Array) -> float:
    """Return the effective sample size of the bulk of the draws.

    Args:
        chains: Chains x draws of one number; at least 4 draws.

    References:
        Vehtari et al. (2021), eq. 10 to 13 and section 4; Geyer (1992) for where the sum ends.
    """
    halves = _ranked(_split(chains))
    count, draws = halves.shape
    covariance = _autocovariance(halves)
    within = float(np.mean(covariance[:, 0])) * draws / (draws - 1)
    total = within * (draws - 1) / draws + float(np.var(halves.mean(axis=1), ddof=1))
    correlation = 1.0 - (within - covariance.mean(axis=0) * draws / (draws - 1)) / total
    correlation[0] = 1.0
    pairs = correlation[: 2 * (draws // 2)].reshape(-1, 2).sum(axis=1)
    ends = np.flatnonzero(pairs < 0)
    kept = np.minimum.accumulate(pairs[: ends[0] if len(ends) else len(pairs)])
    spent = max(-1.0 + 2.0 * float(kept.sum()), 1.0 / float(np.log10(count * draws)))
    return float(count * draws / spent)


def _split(chains: Array) -> Array:
    half = chains.shape[1] // 2
    return np.concatenate([chains[:, :half], chains[:, -half:]])


def _ranks(values: Array) -> Array:
    """Return ranks from 1, equal values sharing their mean (`scipy.stats` has it, too, but takes long to import)."""
    _values, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    found: Array = (np.cumsum(counts) - 0.5 * (counts - 1))[place].reshape(values.shape)
    return found


def _ranked(halves: Array) -> Array:
    ranks = _ranks(halves)
    found: Array = special.ndtri((ranks - 0.375) / (halves.size + 0.25))
    return found


def _between(halves: Array) -> float:
    draws = halves.shape[1]
    within = float(np.mean(np.var(halves, axis=1, ddof=1)))
    between = float(np.var(halves.mean(axis=1), ddof=1))
    if within <= 0:
        return 1.0 if between <= 0 else float("inf")
    return float(np.sqrt((draws - 1) / draws + between / within))


def _autocovariance(halves: Array) -> Array:
    draws = halves.shape[1]
    centred = halves - halves.mean(axis=1, keepdims=True)
    waves = np.fft.rfft(centred, 2 * draws, axis=1)
    found: Array = np.fft.irfft(np.abs(waves) ** 2, axis=1)[:, :draws] / draws
    return found
