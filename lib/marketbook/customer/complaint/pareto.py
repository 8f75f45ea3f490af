"""The causes of a month's complaints: which few make the most of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from marketbook.customer.complaint.causes import ComplaintCauses
from marketbook.customer.complaint.tables import CAUSES, SEVERE
from marketbook.kit.language import format_integer, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Behind, Chart, Result
from marketbook.kit.report.format import by_name
from marketbook.kit.report.intervals import wilson

UNKNOWN = mark("Not explained yet")


@dataclass(frozen=True)
class CausePareto(Result):
    """The causes of a month's complaints, the most frequent first.

    Attributes:
        causes: The complaints.
        level: How often an interval should hold the truth.
        rows: One row per cause: `cause` (empty: not explained yet, which stands last), `count_complaints`, `share` of
            those explained with its interval, `cumulative_share`, `count_severe`, `count_before` in the month before.
    """

    causes: ComplaintCauses = field(repr=False)
    level: float
    rows: pd.DataFrame = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = {
        "cause": mark("Cause"),
        "count_complaints": mark("Complaints"),
        "share": mark("Of those explained"),
        "share_low": mark("Of those explained, low"),
        "share_high": mark("Of those explained, high"),
        "cumulative_share": mark("With those above"),
        "count_severe": mark("Critical or high"),
        "count_before": mark("In the month before"),
        "share_first": mark("The most frequent cause"),
        "count_vital": mark("Causes that make four fifths"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Causes of {month}").format(month=self.causes.name)

    @property
    def text(self) -> str:
        """The most frequent cause, and how few make most."""
        known = self._known
        if known.empty:
            return _("No complaint of {month} is explained yet.").format(month=self.causes.name)
        first = known.iloc[0]
        cause = CAUSES[first["cause"]]
        return _(
            "In {month}, “{cause}” was the most frequent cause: {count} of {n} explained complaints ({share}, interval "
            "{interval}). {vital} of {causes} causes make four fifths of them."
        ).format(
            month=self.causes.name, cause=_(cause), count=format_integer(first["count_complaints"]),
            n=format_integer(known["count_complaints"].sum()), share=by_name("share", first["share"]),
            interval=by_name("share_ci", (first["share_low"], first["share_high"])),
            vital=self.numbers()["count_vital"], causes=len(known),
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """One row per cause, the most frequent first."""
        named = [_(CAUSES[one]) if one else _(UNKNOWN) for one in self.rows["cause"]]
        return self.rows.assign(cause=named)

    @property
    def caveats(self) -> Sequence[str]:
        """How it is counted."""
        return [_("A cause is coded by who solves the complaint; what is not solved yet has none. Counts of a month "
                  "are small: look at the interval before a cause is called the first.")]  # fmt: skip

    def chart(self) -> Chart | None:
        """How many complaints each cause has."""
        if self._known.empty:
            return None
        shown = self.table[self.rows["cause"] != ""][["cause", "count_complaints"]]
        return Chart(
            kind="bar", data=shown, x="count_complaints", y="cause",
            title=_("Complaints of {month} by cause").format(month=self.causes.name),
            titles={name: _(self.titles[name]) for name in ("cause", "count_complaints")},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """How many, the first one's share, and how few make four fifths."""
        known = self._known
        first = known.iloc[0] if len(known) else None
        return {
            "count_complaints": int(self.rows["count_complaints"].sum()),
            "share_first": None if first is None else float(first["share"]),
            "share_first_ci": None if first is None else (float(first["share_low"]), float(first["share_high"])),
            "count_vital": int((known["cumulative_share"].shift(fill_value=0.0) < 0.8).sum()),
        }

    def behind(self) -> Behind:
        """The complaints of each cause."""
        of = [
            self.causes.rows.being(cause=one) if one else self.causes.rows.missing("cause")
            for one in self.rows["cause"]
        ]
        return Behind(whole=self.causes.rows, numbers={"share_first": of[0]} if of else {}, table=of)

    @property
    def _known(self) -> pd.DataFrame:
        return self.rows[self.rows["cause"] != ""]


def pareto(causes: ComplaintCauses, *, level: float = 0.95) -> CausePareto:
    """Count the causes of a month's complaints, the most frequent first.

    References:
        Intervals: Wilson (1927), see `kit.report.intervals`.
    """
    found = causes.of_month.assign(cause=causes.of_month["cause"].fillna(""))
    before = causes.complaints[
        (causes.complaints["day"] < causes.first) & (causes.complaints["day"] >= causes.first - pd.DateOffset(months=1))
    ]["cause"].value_counts()  # fmt: skip
    groups = found.groupby("cause", sort=True)["severity"]
    counts = pd.DataFrame(
        {"count_complaints": groups.size(), "count_severe": groups.agg(lambda one: int(one.isin(SEVERE).sum()))}
    ).reset_index()
    counts = counts.assign(last=counts["cause"] == "").sort_values(
        ["last", "count_complaints", "cause"], ascending=[True, False, True]
    )
    known = counts["count_complaints"].where(~counts["last"])
    n = float(known.sum())
    low, high = wilson(known.to_numpy(float), np.full(len(counts), n), level=level)
    rows = counts.assign(
        share=known / n if n else np.nan, share_low=low, share_high=high,
        cumulative_share=known.cumsum() / n if n else np.nan,
        count_before=[int(before.get(one, 0)) for one in counts["cause"]],
    )  # fmt: skip
    names = [name for name in CausePareto.titles if name in rows]
    return CausePareto(causes, level, rows[names].reset_index(drop=True))
