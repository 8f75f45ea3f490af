"""Impact of an event on a series, against a counterfactual from control series: a local level with regression."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from marketbook.campaign.local_level import Prediction, predict
from marketbook.kit.errors import DataError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name

MOST_CONTROLS = 8
LEAST_BEFORE = 8
NAMED = 3


@dataclass(frozen=True)
class Effect:
    """The effect over one window.

    Attributes:
        actual: Mean of the series in the window.
        expected: Mean it would have had.
        average: Actual less expected.
        average_ci: Its interval.
        deviation: Posterior standard deviation of `average`.
        tail_probability: Posterior probability of an expected mean as far out as the actual one, on its side.
        points: Number of points in the window.
    """

    actual: float
    expected: float
    average: float
    average_ci: tuple[float, float]
    deviation: float
    tail_probability: float
    points: int

    @property
    def total(self) -> float:
        """The effect summed over the window."""
        return self.average * self.points

    @property
    def total_ci(self) -> tuple[float, float]:
        """Its interval."""
        return self.average_ci[0] * self.points, self.average_ci[1] * self.points

    @property
    def lift(self) -> float:
        """The effect as a share of what was expected."""
        return self.average / self.expected

    @property
    def lift_ci(self) -> tuple[float, float]:
        """Its interval: the actual mean is known, the expected one is not."""
        low, high = self.average_ci
        return low / (self.actual - low), high / (self.actual - high)


@dataclass(frozen=True)
class Impact(Result):
    """What an event changed in a series, and what the same model finds just before it.

    Attributes:
        effect: Over the window of the event.
        placebo: Over as many points before it, the model knowing only what came earlier; None if too few are left.
        points: One row per point: actual, expected, interval.
        inclusion: Posterior probability that each control belongs in the model.
        start: First point of the event.
    """

    effect: Effect
    placebo: Effect | None
    points: pd.DataFrame
    inclusion: pd.Series
    start: date
    level: float

    titles: ClassVar[Mapping[str, str]] = {
        "window": mark("Window"),
        "revenue_actual": mark("Actual"),
        "revenue_expected": mark("Expected"),
        "revenue": mark("Revenue"),
        "series": mark("Series"),
        "week": mark("Week from"),
        "revenue_low": mark("Low end"),
        "revenue_high": mark("High end"),
        "lift": mark("Lift"),
        "lift_low": mark("Low end of the lift"),
        "lift_high": mark("High end of the lift"),
        "tail_p_value": mark("Tail probability"),
        "revenue_total": mark("Difference in all"),
        "placebo_lift": mark("Lift found before the campaign"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Does a second method agree?")

    @property
    def text(self) -> str:
        """The effect, and what the model finds where nothing happened."""
        found = _("A model of the series over time, built on other assumptions, finds {lift} {interval}").format(
            lift=by_name("lift", self.effect.lift), interval=by_name("lift_ci", self.effect.lift_ci)
        )
        if self.placebo is None:
            return _("{found}; too little came before to try it where nothing happened.").format(found=found)
        low, high = self.placebo.lift_ci
        template = (
            _("{found}; in the weeks just before, where nothing happened, it rightly finds nothing: {lift} {interval}.")
            if low <= 0 <= high
            else _("{found}; but it also finds {lift} {interval} in the weeks just before, where nothing happened.")
        )
        return template.format(
            found=found, lift=by_name("lift", self.placebo.lift), interval=by_name("lift_ci", self.placebo.lift_ci)
        )

    @property
    def table(self) -> pd.DataFrame:
        """The window of the event and the one before."""
        rows = [_row(_("During the campaign"), self.effect)]
        if self.placebo:
            rows.append(_row(_("Just before, nothing happened"), self.placebo))
        return pd.DataFrame(rows)

    @property
    def caveats(self) -> Sequence[str]:
        """What the model assumes."""
        return (
            _(
                "The model assumes that the campaign left the control series alone, and that they go on moving with "
                "this one as they did before."
            ),
        )

    def chart(self) -> Chart:
        """Actual and expected."""
        actual = self.points[["week", "revenue_actual"]].rename(columns={"revenue_actual": "revenue"})
        names = {"revenue_expected": "revenue"}
        expected = self.points[["week", "revenue_expected", "revenue_low", "revenue_high"]].rename(columns=names)
        return Chart(
            kind="line",
            data=pd.concat(
                [actual.assign(series=_("Actual")), expected.dropna().assign(series=_("Expected"))], ignore_index=True
            ),
            x="week",
            y="revenue",
            color="series",
            low="revenue_low",
            high="revenue_high",
            mark_on=self.start,
            title=_("Actual and expected by the model over time"),
            titles={name: _(title) for name, title in self.titles.items()},
        )

    def numbers(self) -> Mapping[str, Any]:
        """Lift, total, tail probability, and the placebo's lift."""
        found: dict[str, Any] = {
            "lift": self.effect.lift,
            "lift_ci": self.effect.lift_ci,
            "revenue_total": self.effect.total,
            "revenue_total_ci": self.effect.total_ci,
            "tail_p_value": self.effect.tail_probability,
        }
        if self.placebo:
            found |= {"placebo_lift": self.placebo.lift, "placebo_lift_ci": self.placebo.lift_ci}
        return found


def estimate_impact(series: pd.Series, controls: pd.DataFrame, start: date, *, level: float = 0.95) -> Impact:
    """Estimate what an event changed in a series from control series that it left alone.

    Args:
        series: One value per day or week, on dates at even steps, up to the end of the event's window.
        controls: The control series on the same dates; at most 8.
        start: First date of the event.
        level: Probability that the intervals hold.

    Raises:
        DataError: Dates are missing or uneven, values are missing, a control does not vary, or too few points.

    References:
        Brodersen et al. (2015), Inferring causal impact using Bayesian structural time-series models.
    """
    _check(series, controls, start)
    values, others = series.to_numpy(dtype=float), controls.to_numpy(dtype=float)
    before = int((series.index < pd.Timestamp(start)).sum())
    after = len(values) - before
    effect, prediction, scale = _effect(values, others, before, level)
    earlier = before - after
    placebo = _effect(values[:before], others[:before], earlier, level)[0] if earlier >= LEAST_BEFORE else None
    return Impact(
        effect=effect,
        placebo=placebo,
        points=_points(series, before, prediction, scale, level),
        inclusion=pd.Series(prediction.inclusion[1:], index=controls.columns),
        start=start,
        level=level,
    )


def _effect(
    values: NDArray[np.float64], others: NDArray[np.float64], before: int, level: float
) -> tuple[Effect, Prediction, tuple[float, float]]:
    """Predict every point after `before` and their mean, in units of the part before."""
    middle, spread = float(values[:before].mean()), float(values[:before].std(ddof=1))
    others = others[:, np.ptp(others[:before], axis=0) > 0]
    past = others[:before]
    scaled = (others - past.mean(axis=0)) / past.std(axis=0, ddof=1)
    regressors = np.column_stack([np.ones(len(scaled)), scaled])
    after = len(values) - before
    wanted = np.vstack([np.eye(after), np.full((1, after), 1 / after)])
    prediction = predict((values[:before] - middle) / spread, regressors[:before], regressors[before:], wanted)
    actual = float(values[before:].mean())
    expected = float(prediction.mean()[-1]) * spread + middle
    low, high = (
        float(prediction.quantile(share)[-1]) * spread + middle for share in ((1 + level) / 2, (1 - level) / 2)
    )
    under = float(prediction.below(np.full(after + 1, (actual - middle) / spread))[-1])
    effect = Effect(
        actual=actual,
        expected=expected,
        average=actual - expected,
        average_ci=(actual - low, actual - high),
        deviation=float(prediction.deviation()[-1]) * spread,
        tail_probability=min(under, 1 - under),
        points=after,
    )
    return effect, prediction, (middle, spread)


def _points(
    series: pd.Series, before: int, prediction: Prediction, scale: tuple[float, float], level: float
) -> pd.DataFrame:
    middle, spread = scale
    found = {
        "revenue_expected": prediction.mean(),
        "revenue_low": prediction.quantile((1 - level) / 2),
        "revenue_high": prediction.quantile((1 + level) / 2),
    }
    points = pd.DataFrame({"week": series.index, "revenue_actual": series.to_numpy(dtype=float)})
    for name, values in found.items():
        points[name] = np.concatenate([np.full(before, np.nan), values[:-1] * spread + middle])
    return points


def _row(window: str, effect: Effect) -> dict[str, Any]:
    return {
        "window": window,
        "revenue_actual": effect.actual,
        "revenue_expected": effect.expected,
        "lift": effect.lift,
        "lift_low": effect.lift_ci[0],
        "lift_high": effect.lift_ci[1],
        "revenue_total": effect.total,
        "tail_p_value": effect.tail_probability,
    }


def _check(series: pd.Series, controls: pd.DataFrame, start: date) -> None:
    if not series.index.equals(controls.index) or not isinstance(series.index, pd.DatetimeIndex):
        raise DataError(_("Series and controls: their dates differ; both need the same dates."))
    _check_dates(series.index)
    whole = controls.assign(**{"\0series": series})
    gaps = pd.DatetimeIndex(whole.index[whole.isna().any(axis=1)])
    if len(gaps):
        raise DataError(
            _("Series and controls: values are missing on {days}; gaps are not filled.").format(days=_named(gaps))
        )
    before = whole[whole.index < pd.Timestamp(start)]
    if len(before) < LEAST_BEFORE or len(before) == len(whole):
        raise DataError(
            _(
                "Series: {before} points before {start} and {after} from it on; at least {least} and 1 are needed."
            ).format(before=len(before), start=start, after=len(whole) - len(before), least=LEAST_BEFORE)
        )
    flat = [str(name).removeprefix("\0") for name in before if before[name].max() == before[name].min()]
    if flat:
        raise DataError(
            _("{name}: one and the same value at all points before {start}.").format(name=flat[0], start=start)
        )
    if controls.shape[1] > MOST_CONTROLS:
        raise DataError(
            _("Controls: {n} series given; at most {most}. Add up series that move together.").format(
                n=controls.shape[1], most=MOST_CONTROLS
            )
        )


def _check_dates(dates: pd.DatetimeIndex) -> None:
    steps = dates[1:] - dates[:-1]
    if not len(steps):
        return
    step = steps.min()
    if step <= pd.Timedelta(0):
        raise DataError(_("Series: dates must rise, none twice."))
    missing = pd.date_range(dates[0], dates[-1], freq=step).difference(dates)
    if len(missing):
        raise DataError(
            _("Series: {n} dates are missing: {days}; gaps are not filled.").format(
                n=len(missing), days=_named(missing)
            )
        )


def _named(days: pd.DatetimeIndex) -> str:
    return ", ".join(f"{day:%Y-%m-%d}" for day in days[:NAMED]) + (", …" if len(days) > NAMED else "")
