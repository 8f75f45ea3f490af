"""Residuals: what the model does not explain, week by week, and how its draws were made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from marketbook.budget.inference.convergence import ESS_LIMIT, R_HAT_LIMIT
from marketbook.budget.inference.importance import K_HAT_LIMIT
from marketbook.budget.response.model import ResponseModel
from marketbook.budget.wording import money
from marketbook.kit.language import format_number, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name

_WORST = 5


@dataclass(frozen=True)
class ResidualResult(Result):
    """What is left when expected revenue is taken from what was booked.

    Attributes:
        weeks: One row for each week: `week`, `revenue`, `revenue_expected`, `revenue_left`, and whether it is `outside`
            the 90 % interval of the prediction.
        fit_share: Share of weekly variation explained (R squared).
        follows: Correlation of what is left with that of the week before.
    """

    weeks: pd.DataFrame
    fit_share: float
    follows: float
    currency: str = "CNY"

    titles: ClassVar[Mapping[str, str]] = {
        "week": mark("Week"),
        "revenue": mark("Revenue"),
        "revenue_expected": mark("Expected"),
        "revenue_left": mark("Not explained"),
        "fit_share": mark("Variation explained (R²)"),
        "outside_share": mark("Weeks outside 90% intervals"),
        "correlation": mark("Correlation with the week before"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("What the model does not explain")

    @property
    def text(self) -> str:
        """How much is explained, and how far off the worst week is."""
        worst = self.table.iloc[0]
        return _(
            "The model explains {share} of the weekly variation; {outside} of {count} weeks are outside their 90% "
            "intervals. Furthest off was the week of {week}, by {amount}."
        ).format(
            share=by_name("share", self.fit_share),
            outside=int(self.weeks["outside"].sum()),
            count=len(self.weeks),
            week=by_name("week", worst["week"]),
            amount=money(float(worst["revenue_left"]), self.currency),
        )

    @property
    def table(self) -> pd.DataFrame:
        """The weeks that are furthest off."""
        order = self.weeks["revenue_left"].abs().sort_values(ascending=False, kind="stable").index[:_WORST]
        return self.weeks.loc[order].drop(columns=["outside"])

    @property
    def caveats(self) -> Sequence[str]:
        """Whether what is left has a pattern."""
        told = {"found": format_number(self.follows, decimals=2)}
        if abs(self.follows) > 2.0 / np.sqrt(len(self.weeks)):
            return [
                _(
                    "What is left follows itself from week to week (correlation {found}): something that moves sales "
                    "for weeks is missing, and intervals are too narrow for it."
                ).format(**told)
            ]
        return [_("What is left shows no pattern from week to week (correlation {found}).").format(**told)]

    def chart(self) -> Chart:
        """What is left, week by week."""
        return Chart(
            kind="point",
            data=self.weeks[["week", "revenue_left"]],
            x="week",
            y="revenue_left",
            rule=0.0,
            title=_("Revenue that is not explained, by week"),
            titles={"week": _("Week"), "revenue_left": _("Not explained")},
        )

    def numbers(self) -> Mapping[str, Any]:
        """The share explained first."""
        return {
            "fit_share": self.fit_share,
            "outside_share": float(self.weeks["outside"].mean()),
            "correlation": self.follows,
        }


@dataclass(frozen=True)
class DiagnosisResult(Result):
    """How the draws were made, and whether they can be relied on: a fit whose draws cannot be is refused.

    Attributes:
        checks: One row for each figure: `check`, `found`, `allowed`, as they are written.
        k_hat: Pareto k-hat of importance sampling.
        ess: Effective sample size.
        r_hat: Of chains; None where importance sampling held.
    """

    checks: pd.DataFrame
    k_hat: float
    ess: float
    r_hat: float | None = None

    titles: ClassVar[Mapping[str, str]] = {
        "check": mark("Check"),
        "found": mark("Found"),
        "allowed": mark("What is allowed"),
        "k_hat": mark("Pareto k-hat"),
        "n_effective": mark("Effective sample size"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("How the model was computed")

    @property
    def text(self) -> str:
        """Which way held."""
        if self.r_hat is None:
            return _(
                "What enters linearly was integrated exactly, the rest drawn by importance sampling, and the draws can "
                "be relied on: they are worth {ess} independent ones."
            ).format(ess=by_name("n", self.ess))
        return _(
            "Importance sampling did not hold, so the model was drawn by four chains, and they agree: their draws are "
            "worth {ess} independent ones."
        ).format(ess=by_name("n", self.ess))

    @property
    def table(self) -> pd.DataFrame:
        """Each figure beside what is allowed."""
        return self.checks

    def chart(self) -> None:
        """A table says it better."""

    def numbers(self) -> Mapping[str, Any]:
        """Pareto k-hat first."""
        return {"k_hat": self.k_hat, "n_effective": self.ess}


def residuals(model: ResponseModel, *, seed: int = 1) -> ResidualResult:
    """Take expected revenue from what was booked.

    Args:
        model: A fitted response model.
        seed: Seed of the noise in the predictions' intervals.

    Returns:
        What is left, week by week; of a daily history, of its whole weeks.
    """
    history = model.history
    booked, expected = history.in_weeks(history.revenue.to_numpy(float)), history.in_weeks(model.expected(history))
    low, high = np.quantile(history.in_weeks(model.predicted(history, seed=seed)), [0.05, 0.95], axis=0)
    expected = expected.mean(axis=0)
    left = booked - expected
    return ResidualResult(
        weeks=pd.DataFrame(
            {
                "week": history.week_starts,
                "revenue": booked,
                "revenue_expected": expected,
                "revenue_left": left,
                "outside": (booked < low) | (booked > high),
            }
        ),
        fit_share=float(1.0 - left.var() / booked.var()),
        follows=float(np.corrcoef(left[1:], left[:-1])[0, 1]),
        currency=history.currency,
    )


def diagnose(model: ResponseModel) -> DiagnosisResult:
    """Tell how the draws were made, and what says that they can be relied on."""
    most, least = _("at most {limit}"), _("at least {limit}")
    importance = (
        _("any: chains took over") if model.r_hat is not None else most.format(limit=by_name("k_hat", K_HAT_LIMIT))
    )
    enough = least.format(limit=by_name("n", ESS_LIMIT)) if model.r_hat is not None else "–"
    rows = [
        [_("Pareto k-hat of importance sampling"), by_name("k_hat", model.k_hat), importance],
        [_("Effective sample size"), by_name("n", model.ess), enough],
    ]
    if model.r_hat is not None:
        limit = most.format(limit=by_name("r_hat", R_HAT_LIMIT))
        rows.append([_("R-hat of the chains"), by_name("r_hat", model.r_hat), limit])
    checks = pd.DataFrame(rows, columns=["check", "found", "allowed"])
    return DiagnosisResult(checks, model.k_hat, model.ess, model.r_hat)
