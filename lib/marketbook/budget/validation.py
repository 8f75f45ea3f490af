"""Validation: how well the model predicts weeks that it has not seen, beside repeating last year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from marketbook.budget.history import WEEK, History
from marketbook.budget.inference.convergence import R_HAT_LIMIT
from marketbook.budget.inference.importance import K_HAT_LIMIT
from marketbook.budget.response.model import ResponseModel, fit_response
from marketbook.kit.errors import DataError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name

Array = npt.NDArray[np.float64]

_SEASON = 52


@dataclass(frozen=True)
class ValidationResult(Result):
    """How good the model is.

    Attributes:
        scores: One row for each way of predicting: `method`, `error_rate` (MAPE), `revenue_error` (CRPS: mean
            distance of the prediction from what came, in currency a week), `covered_share` of 90 % intervals.
        weeks: One row for each week held out: `week`, `revenue`, and the prediction `expected` with its 90 % interval.
        fit_share: Share of weekly variation explained in the weeks it learned from (R squared).
        k_hat: Pareto k-hat of importance sampling.
        ess: Effective sample size of the draws.
        r_hat: R-hat of the chains; None where importance sampling held.
    """

    scores: pd.DataFrame
    weeks: pd.DataFrame
    fit_share: float
    k_hat: float
    ess: float
    currency: str = "CNY"
    r_hat: float | None = None

    titles: ClassVar[Mapping[str, str]] = {
        "method": mark("Prediction by"),
        "error_rate": mark("Mean error"),
        "revenue_error": mark("Mean error per week (CRPS)"),
        "covered_share": mark("Weeks inside 90% intervals"),
        "fit_share": mark("Variation explained (R²)"),
        "k_hat": mark("Pareto k-hat"),
        "n_effective": mark("Effective sample size"),
        "naive_error_rate": mark("Mean error of repeating last year"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("How far the model can be trusted")

    @property
    def text(self) -> str:
        """The error on unseen weeks beside the simplest rule's."""
        model, naive = self.scores.iloc[0], self.scores.iloc[1]
        count = len(self.weeks)
        return _(
            "Predicting the last {count} weeks without having seen them, the model was off by {error} on average; "
            "repeating last year's weeks would have been off by {naive}. {inside} of {count} weeks fell inside its 90% "
            "intervals."
        ).format(
            count=count,
            error=by_name("rate", model["error_rate"]),
            naive=by_name("rate", naive["error_rate"]),
            inside=round(model["covered_share"] * count),
        )

    @property
    def table(self) -> pd.DataFrame:
        """The model beside repeating last year."""
        return self.scores

    @property
    def caveats(self) -> Sequence[str]:
        """What the diagnostics say."""
        found = [self._drawn]
        if self.scores["error_rate"].iloc[0] >= self.scores["error_rate"].iloc[1]:
            found.append(_("Repeating last year predicts better than the model: do not move money on its word alone."))
        return found

    @property
    def _drawn(self) -> str:
        """How the draws were made, and that they can be relied on: a fit whose draws cannot be is refused."""
        values = {
            "k_hat": by_name("k_hat", self.k_hat),
            "limit": by_name("k_hat", K_HAT_LIMIT),
            "ess": by_name("n", self.ess),
        }
        if self.r_hat is None:
            return _(
                "Draws: Pareto k-hat {k_hat} (allowed up to {limit}), effective sample size {ess}: they can be relied "
                "on."
            ).format(**values)
        return _(
            "Draws by chains, because importance sampling did not hold (Pareto k-hat {k_hat}, allowed up to {limit}): "
            "R-hat {r_hat} (allowed up to {r_limit}), effective sample size {ess}: they can be relied on."
        ).format(**values, r_hat=by_name("r_hat", self.r_hat), r_limit=by_name("r_hat", R_HAT_LIMIT))

    def chart(self) -> Chart:
        """What came and what was predicted, week by week."""
        actual = self.weeks[["week", "revenue"]].assign(series=_("Booked"))
        predicted = self.weeks[["week", "expected", "expected_low", "expected_high"]].assign(series=_("Predicted"))
        predicted.columns = pd.Index(["week", "revenue", "revenue_low", "revenue_high", "series"])
        return Chart(
            kind="line",
            data=pd.concat([actual, predicted], ignore_index=True),
            x="week",
            y="revenue",
            color="series",
            low="revenue_low",
            high="revenue_high",
            title=_("Revenue of the weeks held out, predicted and booked"),
            titles={"week": _("Week"), "revenue": _("Revenue"), "series": _("Series")},
        )

    def numbers(self) -> Mapping[str, Any]:
        """The error on unseen weeks first."""
        return {
            "error_rate": self.scores["error_rate"].iloc[0],
            "naive_error_rate": self.scores["error_rate"].iloc[1],
            "covered_share": self.scores["covered_share"].iloc[0],
            "fit_share": self.fit_share,
            "k_hat": self.k_hat,
            "n_effective": self.ess,
        }


def validate(model: ResponseModel, *, weeks: int = 13, seed: int = 1) -> ValidationResult:
    """Fit the model again without its last weeks, predict them and compare.

    Args:
        model: The model fitted to all weeks.
        weeks: Count of weeks to hold out.
        seed: Seed of the random numbers.

    Returns:
        Errors and coverage beside seasonal naive, and the diagnosis of the full model's draws.

    Raises:
        DataError: Without the weeks held out too few are left, or the history is by day.
    """
    history = model.history
    if history.period_days != WEEK:
        raise DataError(_("Holding out the last weeks needs a weekly history; this one is by day."))
    left = len(history.weeks) - weeks
    if left < _SEASON:
        raise DataError(
            _("{weeks} weeks held out leave {left} to learn from; at least {least} are needed.").format(
                weeks=weeks, left=left, least=_SEASON
            )
        )
    earlier = fit_response(history.until(left), model.settings, draws=len(model.noise), seed=seed)
    predicted = earlier.predicted(history, seed=seed)[:, left:]
    booked = history.revenue.to_numpy(float)
    naive = booked[left - _SEASON : len(booked) - _SEASON]
    low, high = np.quantile(predicted, [0.05, 0.95], axis=0)
    return ValidationResult(
        scores=_scores(booked[left:], predicted, naive),
        weeks=pd.DataFrame(
            {
                "week": history.weeks[left:],
                "revenue": booked[left:],
                "expected": predicted.mean(axis=0),
                "expected_low": low,
                "expected_high": high,
            }
        ),
        fit_share=_explained(model, history),
        k_hat=model.k_hat,
        ess=model.ess,
        currency=history.currency,
        r_hat=model.r_hat,
    )


def crps(draws: Array, booked: Array) -> Array:
    """Return the continuous ranked probability score of each week: 0 is perfect, in the unit of revenue.

    Args:
        draws: Draws x weeks.
        booked: What came, one for each week.

    References:
        Gneiting and Raftery (2007), Strictly proper scoring rules, eq. 21.

    Example:
        >>> crps(np.array([[1.0], [3.0]]), np.array([2.0])).tolist()
        [0.5]
    """
    count = len(draws)
    ranked = np.sort(draws, axis=0)
    weight = (2 * np.arange(1, count + 1) - count - 1)[:, None]
    spread = 2 * (weight * ranked).sum(axis=0) / count**2
    found: Array = np.abs(draws - booked).mean(axis=0) - 0.5 * spread
    return found


def _scores(booked: Array, predicted: Array, naive: Array) -> pd.DataFrame:
    low, high = np.quantile(predicted, [0.05, 0.95], axis=0)
    return pd.DataFrame(
        {
            "method": [_("the model"), _("repeating last year's weeks")],
            "error_rate": [mape(predicted.mean(axis=0), booked), mape(naive, booked)],
            "revenue_error": [float(crps(predicted, booked).mean()), float(np.abs(naive - booked).mean())],
            "covered_share": [float(np.mean((booked >= low) & (booked <= high))), np.nan],
        }
    )


def mape(expected: Array, booked: Array) -> float:
    """Return the mean error as a share of what came, over weeks in which something was sold.

    Example:
        >>> mape(np.array([90.0, 120.0, 5.0]), np.array([100.0, 100.0, 0.0])).__round__(2)
        0.15
    """
    sold = booked > 0
    return float(np.mean(np.abs(expected[sold] / booked[sold] - 1.0)))


def _explained(model: ResponseModel, history: History) -> float:
    rest = history.revenue.to_numpy(float) - model.expected(history).mean(axis=0)
    return float(1.0 - rest.var() / history.revenue.to_numpy(float).var())
