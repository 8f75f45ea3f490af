"""What an allocation says: the recommended split beside today's, what it gains, and how sure that is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pandas as pd

from marketbook.budget.allocation.bounds import largest
from marketbook.budget.allocation.objective import Objective
from marketbook.budget.allocation.target import Target
from marketbook.budget.wording import money, ratio
from marketbook.kit.language import format_percent, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Chart, Result
from marketbook.kit.report.format import by_name

_WORTH_MOVING = 0.005
"""Plans that move less than this share of the total are called unchanged."""


@dataclass(frozen=True)
class AllocationResult(Result):
    """The recommended split beside today's.

    Attributes:
        plan: One row for each channel: `channel`, `spend_today`, `spend_recommended`, `change_share`, marginal ROAS of
            the recommended amount with its interval, `note`. Today's is today's split at the new total.
        weeks: Weeks of the horizon.
        total: What is spent in the whole horizon.
        gain: Expected revenue above today's split, over the horizon.
        gain_ci: Its 90 % interval.
        beats_today: Chance that the plan brings more than today's split, by the rule of succession: draws that all
            agree do not make it certain.
        gross_margin: Share of revenue left before marketing.
        price: What one more yuan brings in the recommended plan, in terms of the objective.
        residual: How much better, as a share of revenue, any plan within the limits could be by the slopes.
        revenue: Expected revenue that the plan brings.
        revenue_ci: Its 90 % interval.
        regret: What is lost on average over the draws in which today's split would have been better.
        regret_best: What is lost on average against the best split of each draw, had it been known; None where groups
            have limits.
        groups: One row for each group with limits: `group`, `spend_recommended`, `note`.
        objective: What was made highest.
        target: What the total had to meet, where it was asked for.
        target_holds: Whether the target sets the total, or else the limits.
    """

    plan: pd.DataFrame
    weeks: int
    total: float
    gain: float
    gain_ci: tuple[float, float]
    beats_today: float
    gross_margin: float
    price: float
    residual: float
    revenue: float = 0.0
    revenue_ci: tuple[float, float] = (0.0, 0.0)
    regret: float = 0.0
    regret_best: float | None = None
    groups: pd.DataFrame = field(default_factory=pd.DataFrame)
    objective: Objective = field(default_factory=Objective)
    target: Target | None = None
    target_holds: bool = False
    currency: str = "CNY"

    titles: ClassVar[Mapping[str, str]] = {
        "channel": mark("Channel"),
        "spend_today": mark("Today's split"),
        "spend_recommended": mark("Recommended"),
        "change_share": mark("Change"),
        "marginal_roas": mark("The next yuan brings"),
        "note": mark("Note"),
        "revenue_gain": mark("Expected revenue gained"),
        "profit_gain": mark("Expected profit gained"),
        "beats_today_share": mark("Chance to beat today's split"),
        "spend_total": mark("Total for the horizon"),
        "spend_week": mark("A week on average"),
        "revenue_plan": mark("Revenue that the plan brings"),
        "roas_plan": mark("Revenue for each yuan of the plan"),
        "revenue_regret": mark("Expected loss where today's split is better"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("How to split the budget")

    @property
    def text(self) -> str:
        """What to move, what it brings and how sure that is."""
        moved = (self.plan["spend_recommended"] - self.plan["spend_today"]).set_axis(self.plan["channel"])
        amount = float(moved.clip(lower=0).sum())
        if amount < _WORTH_MOVING * self.total:
            return _("Leave the split as it is: within these limits no other brings noticeably more revenue.")
        values = {
            "amount": self._money(amount),
            "givers": largest(-moved),
            "takers": largest(moved),
            "gain": self._money(self.gain),
            "low": self._money(self.gain_ci[0]),
            "high": self._money(self.gain_ci[1]),
            "weeks": self.weeks,
            "chance": by_name("share", self.beats_today),
        }
        return _(
            "Moving {amount} from {givers} to {takers} raises expected revenue by {gain} over {weeks} weeks at the "
            "same total (90% interval {low} to {high}); the chance that it beats today's split is {chance}."
        ).format(**values)

    @property
    def table(self) -> pd.DataFrame:
        """One row for each channel."""
        return self.plan.drop(columns=["marginal_roas_low", "marginal_roas_high"])

    @property
    def caveats(self) -> Sequence[str]:
        """Total, objective, target, bounds that hold, and what a yuan must bring."""
        spent = _(
            "The plan spends {total} in {weeks} weeks, {weekly} a week on average, spread as last year's spend was."
        ).format(total=self._money(self.total), weeks=self.weeks, weekly=self._money(self.total / self.weeks))
        told = [spent, self._risk, self._met, self._lost, *self._grouped, self._worth]
        return [sentence for sentence in told if sentence]

    def chart(self) -> Chart:
        """Today's split and the recommended one, channel by channel."""
        names = {"spend_today": _("Today's split"), "spend_recommended": _("Recommended")}
        data = self.plan.rename(columns=names).melt("channel", list(names.values()), "plan", "spend")
        return Chart(
            kind="bar",
            data=data,
            x="spend",
            y="channel",
            color="plan",
            title=_("Spend in {weeks} weeks by channel").format(weeks=self.weeks),
            titles={"spend": _("Spend"), "channel": _("Channel"), "plan": _("Split")},
        )

    def numbers(self) -> Mapping[str, Any]:
        """The gain first."""
        low, high = self.gain_ci
        return {
            "revenue_gain": self.gain,
            "revenue_gain_ci": self.gain_ci,
            "profit_gain": self.gain * self.gross_margin,
            "profit_gain_ci": (low * self.gross_margin, high * self.gross_margin),
            "beats_today_share": self.beats_today,
            "spend_total": self.total,
            "spend_week": self.total / self.weeks,
            "revenue_plan": self.revenue,
            "revenue_plan_ci": self.revenue_ci,
            "roas_plan": self.revenue / self.total,
            "revenue_regret": self.regret,
        }

    @property
    def _risk(self) -> str:
        """What was made highest, where it is not what is expected."""
        if self.objective.plain:
            return ""
        share = format_percent(self.objective.share, decimals=0)
        if self.objective.kind == "cvar":
            told = _("The plan is careful: it makes the mean of the worst {share} of what the data allow highest.")
        else:
            told = _("The plan is careful: it makes highest what all but the worst {share} of cases bring.")
        return told.format(share=share)

    @property
    def _met(self) -> str:
        """Which target set the total, or what did instead."""
        if self.target is None:
            return ""
        told = {"wanted": ratio(self.target.at_least), "total": self._money(self.total)}
        if not self.target_holds:
            return _("The target of {wanted} yuan for each yuan is met by all that the limits allow, {total}.").format(
                **told
            )
        if self.target.kind == "marginal_roas":
            return _("{total} is the most of which the last yuan still brings {wanted} yuan.").format(**told)
        return _("{total} is the most that still brings {wanted} yuan for each yuan spent.").format(**told)

    @property
    def _lost(self) -> str:
        """What is lost where the plan turns out worse."""
        told = _("Where today's split would have been better the plan loses: {regret} on average over all cases.")
        sentence = told.format(regret=self._money(self.regret))
        if self.regret_best is None:
            return sentence
        known = _("Against the best split, had it been known, it loses {best} on average.")
        return f"{sentence} {known.format(best=self._money(self.regret_best))}"

    @property
    def _grouped(self) -> Sequence[str]:
        """Groups whose limits hold."""
        return [f"{row['group']}: {row['note']}" for row in self.groups.to_dict("records") if row["note"]]

    @property
    def _worth(self) -> str:
        """What the last yuan must bring to pay for itself, and what it brings."""
        pays = self.price * self.gross_margin >= 1
        verdict = _("so a larger total would pay, too") if pays else _("so a smaller total would leave more profit")
        return _(
            "At a gross margin of {margin} a yuan must bring {needed} yuan of revenue to pay for itself; the last one "
            "of this plan brings {price}, {verdict}, as far as sales within the carry-over tell."
        ).format(
            margin=by_name("share", self.gross_margin),
            needed=ratio(1 / self.gross_margin),
            price=ratio(self.price),
            verdict=verdict,
        )

    def _money(self, amount: float) -> str:
        return money(amount, self.currency)
