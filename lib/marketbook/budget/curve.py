"""Response curves: what each channel would bring with less or more spend than today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from marketbook.budget.allocation.plan import last_year_pattern, plan_response, today_amounts
from marketbook.budget.response.model import ResponseModel, forms_of
from marketbook.budget.wording import FORM_NAMES, join
from marketbook.kit.language import gettext as _
from marketbook.kit.language import label, mark
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name

_REACH = 2.0
_POINTS = 21


@dataclass(frozen=True)
class CurveResult(Result):
    """Revenue by channel from no spend to twice today's.

    Attributes:
        curves: One row for each channel and point: `channel`, `spend_share` (1 = today), `revenue` a year.
        summary: One row for each channel: `channel`, `spend_today`, `revenue_half`, `revenue_today`, `revenue_double`
            and `used_share`, how much of the most that it could bring is reached today, with its 90 % interval.
        bounded: Whether the curves have an end; where they have none, the most is what a channel would bring if every
            week were as its highest.
        forms: Share of the draws by form of saturation, where several are averaged.
    """

    curves: pd.DataFrame
    summary: pd.DataFrame
    currency: str = "CNY"
    bounded: bool = True
    forms: Mapping[str, float] = field(default_factory=dict)

    titles: ClassVar[Mapping[str, str]] = {
        "channel": mark("Channel"),
        "spend_today": mark("Spend today"),
        "revenue_half": mark("Revenue at half the spend"),
        "revenue_today": mark("Revenue at today's spend"),
        "revenue_double": mark("Revenue at twice the spend"),
        "used_share": mark("Share of its potential"),
        "least_used_share": mark("Potential used by the least saturated channel"),
        "most_used_share": mark("Potential used by the most saturated channel"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("What more or less spend would bring")

    @property
    def text(self) -> str:
        """The channel with most room and the one with least."""
        least, most = self.ends
        return _(
            "{least} has most room to grow: today it reaches {least_share} (90% interval {low} to {high}) of the most "
            "it could ever bring; {most} is nearest its ceiling at {most_share}."
        ).format(
            least=label(least["channel"]),
            least_share=by_name("share", least["used_share"]),
            low=by_name("share", least["used_share_low"]),
            high=by_name("share", least["used_share_high"]),
            most=label(most["channel"]),
            most_share=by_name("share", most["used_share"]),
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row for each channel."""
        return self.summary.drop(columns=["used_share_low", "used_share_high"])

    @property
    def caveats(self) -> Sequence[str]:
        """How far a curve can be read."""
        found = [_("Well beyond the spend seen so far a curve follows from its assumed form, not from experience.")]
        if self.forms:
            found.append(_averaged_over(self.forms))
        if not self.bounded:
            found.append(
                _(
                    "This form of saturation has no ceiling: the most a channel could bring is here what it would "
                    "bring if every week were as its highest."
                )
            )
        return found

    def chart(self) -> Chart:
        """One line for each channel; today's spend is marked."""
        return Chart(
            kind="line",
            data=self.curves,
            x="spend_share",
            y="revenue",
            color="channel",
            mark_on=1.0,
            title=_("Revenue a year by spend, 100% = today's spend"),
            titles={
                "spend_share": _("Spend, compared with today"),
                "revenue": _("Revenue a year"),
                "channel": _("Channel"),
            },
        )

    def numbers(self) -> Mapping[str, Any]:
        """How much of its potential the least and the most saturated channel use."""
        least, most = self.ends
        return {
            "least_used_share": least["used_share"],
            "least_used_share_ci": (least["used_share_low"], least["used_share_high"]),
            "most_used_share": most["used_share"],
            "most_used_share_ci": (most["used_share_low"], most["used_share_high"]),
        }

    @property
    def ends(self) -> tuple[pd.Series, pd.Series]:
        """The channel that uses least of its potential, and the one that uses most."""
        used = self.summary["used_share"]
        return self.summary.iloc[int(used.argmin())], self.summary.iloc[int(used.argmax())]


def response_curves(model: ResponseModel) -> CurveResult:
    """Draw the response curves of a year with last year's weekly pattern.

    Args:
        model: A fitted response model.

    Returns:
        Curves from no spend to twice today's.
    """
    pattern, today = last_year_pattern(model), today_amounts(model)
    response = plan_response(model, pattern)
    shares = np.linspace(0.0, _REACH, _POINTS)
    heights = np.stack([response.revenue(share * today.to_numpy(float)).mean(axis=0) for share in shares])
    now = response.revenue(today.to_numpy(float))
    used = now / np.maximum(response.effect * len(pattern), 1e-12)
    low, high = np.quantile(used, [0.05, 0.95], axis=0)
    middle = (_POINTS - 1) // 4
    curves = pd.DataFrame(heights, columns=model.history.channels).assign(spend_share=shares)
    return CurveResult(
        curves=curves.melt("spend_share", var_name="channel", value_name="revenue"),
        summary=pd.DataFrame(
            {
                "channel": model.history.channels,
                "spend_today": today.to_numpy(float),
                "revenue_half": heights[middle],
                "revenue_today": heights[2 * middle],
                "revenue_double": heights[-1],
                "used_share": used.mean(axis=0),
                "used_share_low": low,
                "used_share_high": high,
            }
        ),
        currency=model.history.currency,
        bounded=model.settings.saturation.bounded,
        forms=forms_of(model),
    )


def _averaged_over(forms: Mapping[str, float]) -> str:
    """Say how much each form counts."""
    told = [
        _("{form} ({share})").format(form=_(FORM_NAMES[name]), share=by_name("share", share))
        for name, share in sorted(forms.items(), key=lambda one: -one[1])
    ]
    return _(
        "Which form saturation has is not known: the curves, and all that follows from them, are averaged over "
        "{forms}, each as far as the data speak for it."
    ).format(forms=join(told))
