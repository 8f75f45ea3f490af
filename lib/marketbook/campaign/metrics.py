"""All metrics of an A/B test side by side, and what adjusting for earlier purchases bought."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd
from scipy import stats

from marketbook.campaign.comparison import METRICS, Metric, compare
from marketbook.campaign.experiment import COVARIATES, pair
from marketbook.campaign.moments import Moments
from marketbook.campaign.sample_ratio import check_sample_ratio
from marketbook.kit.language import format_number, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name


@dataclass(frozen=True)
class ExperimentMetrics(Result):
    """Every metric of an A/B test, and what the adjustment by earlier behaviour bought."""

    rows: pd.DataFrame
    level: float
    sound: bool

    titles: ClassVar[Mapping[str, str]] = {
        "metric": mark("Metric"),
        "control": mark("Control"),
        "treatment": mark("Treatment"),
        "lift": mark("Lift"),
        "lift_low": mark("Low end"),
        "lift_high": mark("High end"),
        "p_value": mark("p-value"),
        "adjusted_p_value": mark("p-value, adjusted for several metrics"),
        "share_saved": mark("Variance removed"),
        "count_significant": mark("Metrics that changed"),
        "estimate": mark("Estimate"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Which figures moved, and how exactly do we know?")

    @property
    def text(self) -> str:
        """How many metrics changed and what the adjustment bought."""
        if not self.sound:
            return _("The split of users is off, so no metric is compared.")
        first, moved = self.rows.iloc[0], self.rows[self._moved]
        names = _(", ").join(_(said) for said in moved["said"])
        changed = (
            _("Changed beyond chance: {names}.").format(names=names)
            if len(moved)
            else _("No metric changed beyond chance.")
        )
        saved = _(
            "Knowing what users bought before removes {saved} of the variance of revenue per user: "
            "the interval is {before} points wide without it, {after} with it."
        ).format(
            saved=by_name("share", first["share_saved"]),
            before=format_number(100 * (first["plain_high"] - first["plain_low"]), decimals=1),
            after=format_number(100 * (first["lift_high"] - first["lift_low"]), decimals=1),
        )
        return _("{first} {second}").format(first=changed, second=saved)

    @property
    def _moved(self) -> pd.Series:
        return self.rows["adjusted_p_value"] < 1 - self.level

    @property
    def table(self) -> pd.DataFrame:
        """One row per metric."""
        columns = [name for name in self.titles if name in self.rows]
        shown = self.rows[columns].copy()
        shown["metric"] = [_(title) for title in shown["metric"]]
        if not self.sound:
            shown.loc[:, columns[1:]] = float("nan")
        return shown

    @property
    def caveats(self) -> Sequence[str]:
        """How several metrics are allowed for."""
        return (
            _(
                "With several metrics one may look changed by chance; the adjusted p-value allows for that "
                "(Benjamini and Hochberg)."
            ),
        )

    def chart(self) -> Chart | None:
        """Lift with and without the adjustment."""
        if not self.sound:
            return None
        return Chart(
            kind="point",
            data=pd.concat(
                [self._drawn("plain", _("As measured")), self._drawn("lift", _("Allowing for earlier purchases"))]
            ),
            x="lift",
            y="metric",
            color="estimate",
            low="lift_low",
            high="lift_high",
            rule=0.0,
            title=_("Lift by metric"),
            titles={name: _(title) for name, title in self.titles.items()},
        )

    def _drawn(self, stem: str, estimate: str) -> pd.DataFrame:
        columns = {stem: "lift", f"{stem}_low": "lift_low", f"{stem}_high": "lift_high"}
        drawn = self.rows[["metric", *columns]].rename(columns=columns)
        return drawn.assign(metric=[_(title) for title in drawn["metric"]], estimate=estimate)

    def numbers(self) -> Mapping[str, Any]:
        """How many metrics changed, and the variance removed from the first."""
        if not self.sound:
            return {}
        return {"count_significant": int(self._moved.sum()), "share_saved": float(self.rows["share_saved"].iloc[0])}


def compare_metrics(
    moments: Mapping[str, Moments], metrics: Sequence[Metric] = METRICS, *, level: float = 0.95
) -> ExperimentMetrics:
    """Compare every metric, with and without the adjustment; p-values are adjusted for their number.

    Args:
        moments: As in `evaluate_experiment`.
        metrics: What is compared; the first is the one whose intervals the text speaks of.
        level: Confidence level, 0 to 1.

    References:
        Benjamini and Hochberg (1995), Controlling the false discovery rate, JRSS B 57(1).
    """
    control, treatment = pair(moments)
    rows = pd.DataFrame([_row(control, treatment, metric, level) for metric in metrics])
    rows["adjusted_p_value"] = stats.false_discovery_control(rows["p_value"].fillna(1.0))
    return ExperimentMetrics(rows=rows, level=level, sound=check_sample_ratio(moments).sound)


def _row(control: Moments, treatment: Moments, metric: Metric, level: float) -> dict[str, Any]:
    plain = compare(control, treatment, metric, level=level)
    adjusted = compare(control, treatment, metric, level=level, covariates=COVARIATES)
    return {
        "metric": metric.title,
        "said": metric.said,
        "control": adjusted.control,
        "treatment": adjusted.treatment,
        "lift": adjusted.lift,
        "lift_low": adjusted.lift_ci[0],
        "lift_high": adjusted.lift_ci[1],
        "p_value": adjusted.p_value,
        "share_saved": 1 - adjusted.variance / plain.variance if plain.variance else 0.0,
        "plain": plain.lift,
        "plain_low": plain.lift_ci[0],
        "plain_high": plain.lift_ci[1],
    }
