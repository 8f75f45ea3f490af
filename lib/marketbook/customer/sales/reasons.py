"""Won and lost: why sales were lost, how many and how much of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from marketbook.customer.sales.cases import SalesCases
from marketbook.kit.facts import Rows
from marketbook.kit.language import format_date, format_integer, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Behind, Chart, Result
from marketbook.kit.report.format import by_name
from marketbook.kit.report.intervals import wilson
from marketbook.office.opportunity import LOST


@dataclass(frozen=True)
class Reasons(Result):
    """Why the sales of the months were lost.

    Attributes:
        cases: The sales; counted are those that were closed in the months.
        rows: One row per reason, the most frequent first: `code`, `count_lost`, `lost_share` of all that were lost,
            with its interval, `amount_minor` as it was estimated.
    """

    cases: SalesCases = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = {
        "reason": mark("Why it was lost"),
        "count_lost": mark("Lost"),
        "lost_share": mark("Of all that were lost"),
        "lost_share_low": mark("Of all that were lost, low"),
        "lost_share_high": mark("Of all that were lost, high"),
        "amount_minor": mark("Estimated amount"),
        "count_won": mark("Won"),
        "order_minor": mark("Order amount"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Won and lost")

    @property
    def text(self) -> str:
        """How much was won, and the reason why most were lost."""
        found, day = self.numbers(), format_date(self.cases.since)
        told = _("Since {day}, {won} opportunities were won for {amount} and {lost} lost.").format(
            day=day, won=format_integer(found["count_won"]), lost=format_integer(found["count_lost"]),
            amount=by_name("cost_minor", found["order_minor"]),
        )  # fmt: skip
        if self.rows.empty:
            return told
        first = self.table.iloc[0]
        why = _("Most were lost for: {reason} ({count}).").format(
            reason=first["reason"], count=format_integer(first["count_lost"])
        )
        return _("{first} {second}").format(first=told, second=why)

    @property
    def table(self) -> pd.DataFrame:
        """One row per reason."""
        names = pd.Series([_(LOST[one]) for one in self.rows["code"]], self.rows.index, object)
        return self.rows.assign(reason=names)[list(self.titles)[:6]]

    @property
    def caveats(self) -> Sequence[str]:
        """Who says so."""
        return [_("The reason is what the salesperson entered, not what the customer was asked.")]

    def chart(self) -> Chart | None:
        """How many were lost for which reason."""
        if self.rows.empty:
            return None
        return Chart(
            kind="bar", data=self.table[["reason", "count_lost"]], x="count_lost", y="reason",
            title=_("Lost opportunities by reason"),
            titles={name: _(self.titles[name]) for name in ("reason", "count_lost")},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """How many were won and lost, and for how much."""
        closed = self.cases.closed
        won = closed[closed["status"].eq("won")]
        lost = int(closed["status"].eq("lost").sum())
        return {"count_won": len(won), "count_lost": lost, "order_minor": int(won["order_minor"].sum())}

    def behind(self) -> Behind:
        """The sales that were closed, by reason."""
        closed = Rows("opportunities").between("closed_on", self.cases.since, self.cases.day)
        won = closed.being(status="won")
        lost = closed.being(status="lost")
        return Behind(
            whole=closed, table=[lost.being(lost_reason=one) for one in self.rows["code"]],
            numbers={"count_won": won, "order_minor": won, "count_lost": lost},
        )  # fmt: skip


def reasons(cases: SalesCases, *, level: float = 0.95) -> Reasons:
    """Count why sales were lost.

    Args:
        cases: The sales.
        level: How often an interval should hold the truth.
    """
    lost = cases.closed[cases.closed["status"].eq("lost")]
    grouped = lost.groupby("lost_reason")["amount_minor"]
    found = (
        pd.DataFrame({"count_lost": grouped.size(), "amount_minor": grouped.sum()}).rename_axis("code").reset_index()
    )
    counts = found["count_lost"].to_numpy(np.float64)
    low, high = wilson(counts, np.full(len(counts), float(len(lost))), level=level)
    found = found.assign(lost_share=counts / max(len(lost), 1), lost_share_low=low, lost_share_high=high)
    return Reasons(cases, found.sort_values(["count_lost", "code"], ascending=[False, True]).reset_index(drop=True))
