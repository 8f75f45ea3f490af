"""Comparison of models: which forms of carry-over and saturation predict best what they have not seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from marketbook.budget.history import History
from marketbook.budget.response.model import ModelSettings
from marketbook.budget.rolling import Held, held_out
from marketbook.budget.validation import crps
from marketbook.budget.wording import FORM_NAMES, money
from marketbook.kit.errors import DataError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.report import Chart, Result

Array = npt.NDArray[np.float64]

_BLOCK = 4
"""Weeks that stand together when errors are compared: neighbours are off alike."""
_APART = 2.0
"""Standard errors by which a model must be worse to be called so."""


@dataclass(frozen=True)
class ComparisonResult(Result):
    """Models by how well they predict, best first.

    Attributes:
        models: One row for each: `carry_over`, `saturation`, `revenue_error` (CRPS of the weeks held out, in currency a
            week), `revenue_behind` (how much more that is than the best one's) and its standard error.
        n_weeks: Weeks held out.
        n_cuts: Cuts that all models were fitted at.
        refused: Models left out, with the reason.
    """

    models: pd.DataFrame
    n_weeks: int
    n_cuts: int
    refused: Mapping[str, str]
    currency: str = "CNY"

    titles: ClassVar[Mapping[str, str]] = {
        "carry_over": mark("Carry-over"),
        "saturation": mark("Saturation"),
        "revenue_error": mark("Mean error per week (CRPS)"),
        "revenue_behind": mark("Behind the best"),
        "revenue_behind_se": mark("Standard error"),
        "count_level": mark("Models that cannot be told from the best"),
        "revenue_best_error": mark("Mean error per week of the best (CRPS)"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Which form of the model predicts best")

    @property
    def text(self) -> str:
        """The best, and how many cannot be told from it."""
        best, level = self.models.iloc[0], self._level
        return _(
            "Over {weeks} weeks predicted unseen, {best} was off least, by {error} a week (CRPS); {count} of {all} "
            "models are within two standard errors of it and cannot be told from it."
        ).format(
            weeks=self.n_weeks,
            best=_named(best),
            error=money(best["revenue_error"], self.currency),
            count=len(level),
            all=len(self.models),
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row for each model."""
        return self.models

    @property
    def caveats(self) -> Sequence[str]:
        """What the comparison says and what it does not, and what was left out."""
        return [
            _(
                "Standard errors are of the difference to the best, over blocks of four weeks. A form that predicts "
                "best is not thereby the true one: where several cannot be told apart, look whether they advise alike."
            ),
            *(_("Left out: {model}. {reason}").format(model=name, reason=why) for name, why in self.refused.items()),
        ]

    def chart(self) -> Chart:
        """How far each is behind the best, with two standard errors."""
        behind, error = self.models["revenue_behind"], _APART * self.models["revenue_behind_se"]
        data = pd.DataFrame(
            {
                "model": [_named(model) for _place, model in self.models.iterrows()],
                "revenue_behind": behind,
                "revenue_behind_low": behind - error,
                "revenue_behind_high": behind + error,
            }
        )
        return Chart(
            kind="point",
            data=data,
            x="revenue_behind",
            y="model",
            low="revenue_behind_low",
            high="revenue_behind_high",
            rule=0.0,
            title=_("Mean error per week (CRPS) above the best model's, with two standard errors"),
            titles={"revenue_behind": _("Behind the best"), "model": _("Model")},
        )

    def numbers(self) -> Mapping[str, Any]:
        """How many cannot be told from the best."""
        return {
            "count_level": len(self._level),
            "revenue_best_error": float(self.models["revenue_error"].iloc[0]),
        }

    @property
    def _level(self) -> pd.DataFrame:
        return self.models[self.models["revenue_behind"] <= _APART * self.models["revenue_behind_se"]]


def forms(
    adstocks: Sequence[str] = ("geometric",),
    saturations: Sequence[str] = ("logistic", "hill", "michaelis_menten", "root"),
    weeks: int = 8,
) -> dict[tuple[str, str], ModelSettings]:
    """Return settings of all pairs of forms, by (adstock, saturation).

    The forms that are compared where nothing else is asked are drawn in under a second; those of carry-over with two
    parameters may need chains, which take minutes.

    Args:
        adstocks: Names of forms of carry-over.
        saturations: Names of forms of saturation.
        weeks: Weeks of carry-over.
    """
    return {
        (adstock, saturation): ModelSettings.of(saturation=saturation, adstock=adstock, adstock_weeks=weeks)
        for adstock in adstocks
        for saturation in saturations
    }


def compare(
    history: History,
    candidates: Mapping[tuple[str, str], ModelSettings],
    *,
    cuts: int = 2,
    weeks: int = 13,
    draws: int = 300,
    seed: int = 1,
) -> ComparisonResult:
    """Fit each model at several points of the past, and compare what they predicted of the weeks that followed.

    Args:
        history: Sales and media.
        candidates: Settings by (adstock, saturation), as `forms` gives them.
        cuts: Points of the past, of the same weeks for all models.
        weeks: Weeks to predict after each.
        draws: Draws of each fit.
        seed: Seed of the random numbers.

    Returns:
        Models by held-out CRPS, with the standard error of the difference to the best.

    Raises:
        DataError: No model can be fitted at any cut.
    """
    scores: dict[tuple[str, str], pd.Series] = {}
    refused: dict[str, str] = {}
    for name, settings in candidates.items():
        try:
            held, _left = held_out(history, settings, cuts=cuts, weeks=weeks, draws=draws, seed=seed)
        except DataError as error:
            refused[_named({"carry_over": _(FORM_NAMES[name[0]]), "saturation": _(FORM_NAMES[name[1]])})] = str(error)
        else:
            scores[name] = _by_week(held)
    if not scores:
        raise DataError(next(iter(refused.values())))
    shared = pd.DataFrame(scores).dropna()
    return ComparisonResult(
        models=_models(shared),
        n_weeks=len(shared),
        n_cuts=len(shared) // weeks,
        refused=refused,
        currency=history.currency,
    )


def _by_week(held: Sequence[Held]) -> pd.Series:
    """CRPS by the week's position."""
    return pd.concat(
        [pd.Series(crps(one.predicted, one.booked), one.first + np.arange(len(one.booked))) for one in held]
    )


def _models(scores: pd.DataFrame) -> pd.DataFrame:
    """Order models (columns) by their mean score over weeks (rows)."""
    ranked = scores[scores.mean().sort_values(kind="stable").index]
    behind = ranked.sub(ranked.iloc[:, 0], axis=0)
    blocks = behind.groupby(np.arange(len(behind)) // _BLOCK).mean()
    return pd.DataFrame(
        {
            "carry_over": [_(FORM_NAMES[name[0]]) for name in ranked.columns],
            "saturation": [_(FORM_NAMES[name[1]]) for name in ranked.columns],
            "revenue_error": ranked.mean().to_numpy(float),
            "revenue_behind": behind.mean().to_numpy(float),
            "revenue_behind_se": (blocks.std(ddof=1) / np.sqrt(len(blocks))).to_numpy(float),
        }
    )


def _named(model: Mapping[str, str] | pd.Series) -> str:
    return _("{carry_over} with {saturation}").format(carry_over=model["carry_over"], saturation=model["saturation"])
