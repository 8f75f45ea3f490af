"""Rolling validation: the model fitted anew at several points of the past, and what it then predicted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from marketbook.budget.history import WEEK, History
from marketbook.budget.response.model import ModelSettings, ResponseModel, fit_response
from marketbook.budget.validation import crps, mape
from marketbook.kit.errors import DataError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name

Array = npt.NDArray[np.float64]

YEAR = 52
LEVELS = (50, 80, 95)
"""Percent that the intervals should hold."""


@dataclass(frozen=True)
class Held:
    """What was predicted of the weeks after a cut, without having seen them.

    Attributes:
        first: Position of the first week predicted.
        booked: What came, one for each week.
        predicted: Draws x weeks.
        repeated: The same weeks a year before.
        naive: The same with each error that repeating had made until then: draws x weeks.
    """

    first: int
    booked: Array
    predicted: Array
    repeated: Array
    naive: Array


@dataclass(frozen=True)
class RollingResult(Result):
    """Errors and coverage at several cuts.

    Attributes:
        cuts: One row for each cut: `week` (the first predicted), `n_learned` (weeks before it), `error_rate` and
            `naive_error_rate` (MAPE), `revenue_error` and `revenue_naive_error` (CRPS, in currency a week).
        coverage: One row for each interval: `level_share`, which it should hold, and `covered_share`, which it did.
        weeks: One row for each week predicted: `week`, `revenue`, `expected` with its 80 % interval.
        better: By how much the model's CRPS is below that of repeating last year, as a share, over all weeks.
        better_se: Its standard error; cuts are taken to be independent.
        refused: Cuts that the history before them could not carry, with the reason.
    """

    cuts: pd.DataFrame
    coverage: pd.DataFrame
    weeks: pd.DataFrame
    better: float
    better_se: float
    refused: Mapping[str, str]
    currency: str = "CNY"

    titles: ClassVar[Mapping[str, str]] = {
        "week": mark("First week predicted"),
        "n_learned": mark("Weeks learned from"),
        "error_rate": mark("Mean error"),
        "naive_error_rate": mark("Mean error of repeating last year"),
        "revenue_error": mark("Mean error per week (CRPS)"),
        "revenue_naive_error": mark("The same of repeating last year"),
        "better_share": mark("CRPS below that of repeating last year by"),
        "covered_50_share": mark("Weeks inside 50% intervals"),
        "covered_80_share": mark("Weeks inside 80% intervals"),
        "covered_95_share": mark("Weeks inside 95% intervals"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("How the model would have predicted before")

    @property
    def text(self) -> str:
        """Errors beside the simplest rule's, and what the intervals held."""
        covered = self.coverage.set_index("level_share")["covered_share"]
        return _(
            "Fitted anew at {cuts} points of the past, the model was off by {error} on average over the {weeks} weeks "
            "that followed; repeating last year would have been off by {naive}. Its 50%, 80% and 95% intervals held "
            "{half}, {most} and {nearly} of the weeks."
        ).format(
            cuts=len(self.cuts),
            weeks=len(self.weeks),
            error=by_name("rate", self._mean("error_rate")),
            naive=by_name("rate", self._mean("naive_error_rate")),
            half=by_name("share", covered[0.5]),
            most=by_name("share", covered[0.8]),
            nearly=by_name("share", covered[0.95]),
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row for each cut."""
        return self.cuts

    @property
    def caveats(self) -> Sequence[str]:
        """How sure the comparison is, and what was left out."""
        left_out = [
            _("Left out: the cut at {week}. {reason}").format(week=week, reason=reason)
            for week, reason in self.refused.items()
        ]
        return [
            self._verdict,
            _("What was spent in the weeks predicted is taken as known, and so are prices, holidays and lift tests."),
            *left_out,
        ]

    @property
    def _verdict(self) -> str:
        if self.better <= 0:
            return _("Repeating last year predicts better than the model: do not move money on its word alone.")
        return _(
            "By CRPS, which counts how sure a prediction was, too, the model is {better} better than repeating last "
            "year with the errors that this had made before (standard error over the cuts: {error})."
        ).format(better=by_name("share", self.better), error=by_name("share", self.better_se))

    def chart(self) -> Chart:
        """What came and what was predicted, week by week."""
        actual = self.weeks[["week", "revenue"]].assign(series=_("Booked"))
        predicted = self.weeks.drop(columns="revenue").rename(columns=lambda name: name.replace("expected", "revenue"))
        return Chart(
            kind="line",
            data=pd.concat([actual, predicted.assign(series=_("Predicted"))], ignore_index=True),
            x="week",
            y="revenue",
            color="series",
            low="revenue_low",
            high="revenue_high",
            title=_("Revenue predicted before it came, with 80% intervals, and booked"),
            titles={"week": _("Week"), "revenue": _("Revenue"), "series": _("Series")},
        )

    def numbers(self) -> Mapping[str, Any]:
        """The error on unseen weeks first."""
        covered = {
            f"covered_{level}_share": share
            for level, share in zip(LEVELS, self.coverage["covered_share"].tolist(), strict=True)
        }
        errors = {name: self._mean(name) for name in ("error_rate", "naive_error_rate", "revenue_error")}
        return {**errors, "better_share": self.better, **covered}

    def _mean(self, name: str) -> float:
        return float(self.cuts[name].mean())


def roll(model: ResponseModel, *, cuts: int = 4, weeks: int = 13, seed: int = 1) -> RollingResult:
    """Fit the model anew at several points of the past, predict the weeks that followed and compare.

    Args:
        model: The model fitted to all weeks.
        cuts: Points of the past; the last leaves `weeks` to predict, each one before as many more.
        weeks: Weeks to predict after each.
        seed: Seed of the random numbers.

    Returns:
        Errors beside seasonal naive, and the coverage of 50, 80 and 95 % intervals.

    Raises:
        DataError: No cut leaves enough weeks to learn from; the reason is that of the last one.
    """
    held, refused = held_out(model.history, model.settings, cuts=cuts, weeks=weeks, draws=len(model.noise), seed=seed)
    dates = model.history.week_starts
    scores = [_scored(one) for one in held]
    better, error = _skill(held)
    return RollingResult(
        cuts=pd.DataFrame(
            {
                "week": [dates[one.first] for one in held],
                "n_learned": [one.first for one in held],
                **{name: [score[name] for score in scores] for name in scores[0]},
            }
        ),
        coverage=_coverage(held),
        weeks=pd.concat([_weeks(one, dates) for one in held], ignore_index=True),
        better=better,
        better_se=error,
        refused=refused,
        currency=model.history.currency,
    )


def held_out(
    history: History, settings: ModelSettings, *, cuts: int, weeks: int, draws: int, seed: int
) -> tuple[list[Held], dict[str, str]]:
    """Fit at each cut and predict what followed.

    Args:
        history: Sales and media.
        settings: What the model is made of.
        cuts: Points of the past.
        weeks: Weeks to predict after each.
        draws: Draws of each fit.
        seed: Seed of the random numbers.

    Returns:
        What was predicted at each cut, earliest first, and why other cuts were left out, by their first week.

    Raises:
        DataError: No cut can be fitted.
    """
    held, refused = [], {}
    dates = history.week_starts
    for first in range(len(dates) - cuts * weeks, len(dates), weeks):
        try:
            held.append(_held(history, settings, first, weeks, draws=draws, seed=seed))
        except DataError as error:
            refused[f"{dates[max(first, 0)]:%Y-%m-%d}"] = str(error)
    if not held:
        raise DataError(list(refused.values())[-1])
    return held, refused


def _held(history: History, settings: ModelSettings, first: int, weeks: int, *, draws: int, seed: int) -> Held:
    """Hide what follows the first weeks, and predict it; what is by day is added up to weeks first."""
    if first < YEAR:
        raise DataError(
            _("{weeks} weeks held out leave {left} to learn from; at least {least} are needed.").format(
                weeks=len(history.week_starts) - first, left=max(first, 0), least=YEAR
            )
        )
    periods = WEEK // history.period_days
    learned = len(history.weeks) - (len(history.week_starts) - first) * periods
    model = fit_response(history.until(learned), settings, draws=draws, seed=seed)
    until = history.until(learned + weeks * periods)
    booked = history.in_weeks(until.revenue.to_numpy(float))
    errors = booked[YEAR:first] - booked[: first - YEAR]
    repeated = booked[first - YEAR : len(booked) - YEAR]
    return Held(
        first=first,
        booked=booked[first:],
        predicted=history.in_weeks(model.predicted(until, seed=seed)[:, learned:]),
        repeated=repeated,
        naive=repeated + (errors[:, None] if len(errors) >= YEAR // 4 else np.zeros((1, 1))),
    )


def _scored(one: Held) -> dict[str, float]:
    return {
        "error_rate": mape(one.predicted.mean(axis=0), one.booked),
        "naive_error_rate": mape(one.repeated, one.booked),
        "revenue_error": float(crps(one.predicted, one.booked).mean()),
        "revenue_naive_error": float(crps(one.naive, one.booked).mean()),
    }


def _skill(held: Sequence[Held]) -> tuple[float, float]:
    """Return by how much the model's CRPS is below the naive one's, with its standard error over the cuts."""
    mine = np.array([crps(one.predicted, one.booked).mean() for one in held])
    naive = np.array([crps(one.naive, one.booked).mean() for one in held])
    share = float(mine.mean() / naive.mean())
    rest = mine - share * naive
    spread = rest.std(ddof=1) if len(held) > 1 else np.nan
    return 1.0 - share, float(spread / np.sqrt(len(held)) / naive.mean())


def _coverage(held: Sequence[Held]) -> pd.DataFrame:
    inside = []
    for level in LEVELS:
        half = level / 200
        ends = [np.quantile(one.predicted, [0.5 - half, 0.5 + half], axis=0) for one in held]
        hits = [(low <= one.booked) & (one.booked <= high) for one, (low, high) in zip(held, ends, strict=True)]
        inside.append(float(np.concatenate(hits).mean()))
    return pd.DataFrame({"level_share": [level / 100 for level in LEVELS], "covered_share": inside})


def _weeks(one: Held, dates: pd.DatetimeIndex) -> pd.DataFrame:
    low, high = np.quantile(one.predicted, [0.1, 0.9], axis=0)
    return pd.DataFrame(
        {
            "week": dates[one.first : one.first + len(one.booked)],
            "revenue": one.booked,
            "expected": one.predicted.mean(axis=0),
            "expected_low": low,
            "expected_high": high,
        }
    )
