"""What was asked of the scenarios: their totals, the limits of channels, and the cases that counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from marketbook.budget.planner.kept import KeptPlan
from marketbook.budget.planner.wish_words import own, together
from marketbook.budget.scenarios import Compared
from marketbook.budget.wording import join
from marketbook.kit.language import format_number, format_percent, label, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Behind, Result
from marketbook.kit.report.format import by_name


@dataclass(frozen=True)
class AskedResult(Result):
    """What was asked of each scenario.

    Attributes:
        compared: The plans.
        rows: One row for each: `scenario`, `total_share` (of last year's spend), `bounds` (of every channel), `cases`
            (which counted) and `limits` (of single channels, and of channels together).
    """

    compared: Compared
    rows: pd.DataFrame

    titles: ClassVar[Mapping[str, str]] = {
        "scenario": mark("Scenario"),
        "total_share": mark("Total, of last year's spend"),
        "bounds": mark("Each channel, of today's split"),
        "cases": mark("Cases that counted"),
        "limits": mark("Other limits"),
        "count_limited": mark("Scenarios with other limits"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("What was asked of them")

    @property
    def text(self) -> str:
        """The totals, and which have limits besides those of every channel."""
        shares = self.rows["total_share"]
        least, most = (by_name("share", share) for share in (shares.min(), shares.max()))
        told = (
            _("All spend {share} of last year's total.").format(share=least)
            if least == most
            else _("They spend {least} to {most} of last year's total.").format(least=least, most=most)
        )
        return f"{told} {self._limited}"

    @property
    def table(self) -> pd.DataFrame:
        """One row for each scenario."""
        return self.rows

    def chart(self) -> None:
        """A table says it better."""
        return

    def numbers(self) -> Mapping[str, Any]:
        """How many have other limits."""
        return {"count_limited": int((self.rows["limits"] != "").sum())}

    def behind(self) -> Behind:
        """The scenarios themselves."""
        return Behind(whole=self.compared.rows, table=[self.compared.row(plan) for plan in self.compared.plans])

    @property
    def _limited(self) -> str:
        names: Sequence[str] = self.rows["scenario"][self.rows["limits"] != ""].tolist()
        if not names:
            return _("None has limits besides those of every channel.")
        return _("Limits besides those of every channel: {scenarios}.").format(scenarios=join(names))


def asked(compared: Compared) -> AskedResult:
    """Tell what was asked of each scenario."""
    return AskedResult(compared, pd.DataFrame([_row(plan) for plan in compared.plans]))


def _row(plan: KeptPlan) -> Mapping[str, Any]:
    low, high = (format_number(plan.asked[f"{end}_percent"], decimals=0) for end in ("lower", "upper"))
    worst = plan.asked["worst_share"]
    return {
        "scenario": label(plan.name),
        "total_share": plan.asked["total_percent"] / 100,
        "bounds": _("{least}% to {most}%").format(least=low, most=high),
        "cases": _("all cases")
        if worst >= 1
        else _("the worst {share}").format(share=format_percent(worst, decimals=0)),
        "limits": " ".join([*own(plan), *together(plan)]),
    }
