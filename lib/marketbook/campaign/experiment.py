"""An A/B test: what it changed, what that is in money, and whether it can be believed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from marketbook.campaign.comparison import METRICS, Comparison, Metric, compare
from marketbook.campaign.moments import Moments
from marketbook.campaign.money import MONEY_TITLES, Money
from marketbook.campaign.sample_ratio import SampleRatio, check_sample_ratio
from marketbook.campaign.verdict import Verdict
from marketbook.campaign.wording import CONTROL, round_percent
from marketbook.kit.errors import DataError, ParamsError
from marketbook.kit.language import gettext as _
from marketbook.kit.language import label, mark
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name

COVARIATES = ("revenue_before", "orders_before")

_SENTENCES = {
    Verdict.WORKED: mark("“{campaign}” raised {metric} by {lift} {interval}: {money}"),
    Verdict.HARMED: mark("“{campaign}” lowered {metric} ({lift} {interval}): {money}"),
    Verdict.UNPROVEN: mark("No evidence that “{campaign}” changed {metric} ({lift} {interval}): {money}"),
}


@dataclass(frozen=True)
class ExperimentLift(Result):
    """The headline of an A/B test: one metric's lift, and what the campaign brought in.

    Attributes:
        campaign: Its name.
        metric: What was compared.
        comparison: Treatment against control.
        money: Revenue that the treatment group spent more, against the cost.
        ratio: Whether users were divided as planned; where not, no verdict is given.
    """

    campaign: str
    metric: Metric
    comparison: Comparison
    money: Money
    ratio: SampleRatio
    level: float

    titles: ClassVar[Mapping[str, str]] = MONEY_TITLES | {
        "lift": mark("Lift"),
        "p_value": mark("p-value"),
        "sample_ratio_p_value": mark("p-value of the split"),
        "n": mark("Users"),
    }

    @property
    def verdict(self) -> Verdict:
        """Worked, harmed, no evidence; cannot be judged where the split failed."""
        return Verdict.of(self.comparison.direction, sound=self.ratio.sound)

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Did “{campaign}” work?").format(campaign=label(self.campaign))

    @property
    def text(self) -> str:
        """The lift and the money in one sentence."""
        if self.verdict is Verdict.UNJUDGED:
            return _(
                "“{campaign}” cannot be judged: users were not divided as planned ({counts}; {p}), and whatever went "
                "wrong there may also have changed what they buy."
            ).format(campaign=label(self.campaign), counts=self.ratio.counts, p=self.ratio.p_said)
        return _(_SENTENCES[self.verdict]).format(
            campaign=label(self.campaign),
            metric=_(self.metric.said),
            lift=by_name("lift", self.comparison.lift),
            interval=by_name("lift_ci", self.comparison.lift_ci),
            money=self.money.said,
        )

    @property
    def table(self) -> pd.DataFrame:
        """Revenue, margin, cost and profit, with intervals; empty amounts where there is no verdict."""
        return self.money.table(known=self.ratio.sound)

    @property
    def caveats(self) -> Sequence[str]:
        """What the money counts and what it leaves out."""
        if not self.ratio.sound:
            return (_("Find out why the split is off and run the test again; the figures below stay withheld."),)
        return (
            _("The money counts the users in the treatment group during the test, not what comes after it."),
            _("The interval holds the true value in {level} of tests like this one.").format(
                level=round_percent(self.level)
            ),
        )

    def chart(self) -> Chart | None:
        """Revenue and gross profit against the cost."""
        return self.money.chart() if self.ratio.sound else None

    def numbers(self) -> Mapping[str, Any]:
        """Lift, money and return; only the split's p-value where there is no verdict."""
        split = {"sample_ratio_p_value": self.ratio.p_value, "n": self.ratio.users}
        if not self.ratio.sound:
            return split
        lift = {"lift": self.comparison.lift, "lift_ci": self.comparison.lift_ci, "p_value": self.comparison.p_value}
        return lift | self.money.numbers() | split


def evaluate_experiment(
    moments: Mapping[str, Moments],
    metric: str = "revenue",
    *,
    campaign: str = "",
    cost: float = 0.0,
    gross_margin: float = 1.0,
    level: float = 0.95,
    cuped: bool = True,
) -> ExperimentLift:
    """Judge an A/B test by one metric and price it by its revenue.

    Args:
        moments: Moments of each variant; one is called `control`, one other is the treatment.
        metric: Name of a metric in `METRICS`.
        campaign: Its name, for the sentences.
        cost: What the campaign cost, in yuan.
        gross_margin: Share of revenue left after the cost of goods.
        level: Confidence level, 0 to 1.
        cuped: Adjust for what users did in the weeks before.

    Raises:
        DataError: Not exactly one treatment and a control, or a group of fewer than two users.
        ParamsError: The metric is unknown.
    """
    control, treatment = pair(moments)
    covariates = COVARIATES if cuped else ()
    revenue = compare(control, treatment, METRICS[0], level=level, covariates=covariates)
    return ExperimentLift(
        campaign=campaign,
        metric=find_metric(metric),
        comparison=compare(control, treatment, find_metric(metric), level=level, covariates=covariates),
        money=Money(
            revenue=revenue.difference * treatment.n,
            revenue_ci=(revenue.difference_ci[0] * treatment.n, revenue.difference_ci[1] * treatment.n),
            cost=cost,
            gross_margin=gross_margin,
        ),
        ratio=check_sample_ratio(moments),
        level=level,
    )


def pair(moments: Mapping[str, Moments]) -> tuple[Moments, Moments]:
    """Return control and treatment.

    Raises:
        DataError: There is no control, not exactly one treatment, or a group of fewer than two users.
    """
    others = [name for name in moments if name != CONTROL]
    if CONTROL not in moments or len(others) != 1:
        raise DataError(
            _("variant: found {found}; an experiment has '{control}' and one treatment.").format(
                found=", ".join(sorted(moments)) or "–", control=CONTROL
            )
        )
    few = [name for name, group in moments.items() if group.n < 2]
    if few:
        raise DataError(_("variant {name}: fewer than 2 users; nothing can be compared.").format(name=few[0]))
    return moments[CONTROL], moments[others[0]]


def find_metric(name: str) -> Metric:
    """Return the metric of a name.

    Raises:
        ParamsError: There is none; the message lists those there are.
    """
    for metric in METRICS:
        if metric.name == name:
            return metric
    raise ParamsError(
        _("metric: {name} is not known; allowed are {known}.").format(
            name=name, known=", ".join(metric.name for metric in METRICS)
        )
    )
