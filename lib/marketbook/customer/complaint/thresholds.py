"""Causes that came up too often lately, and whether something is done about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar

import pandas as pd

from marketbook.customer.complaint.causes import ComplaintCauses
from marketbook.customer.complaint.tables import CAUSES
from marketbook.kit.facts import Rows
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark
from marketbook.kit.report import Behind, Chart, Result


@dataclass(frozen=True)
class CauseThresholds(Result):
    """Causes that came up too often lately, and whether something is done about them.

    Attributes:
        causes: The complaints.
        rows: One row per cause that came up at least half as often as asks for an action: `cause`, `count_lately`,
            `over` (it asks for one), `activity` (the latest corrective action; empty where there is none), `due_on`,
            `done`.
    """

    causes: ComplaintCauses = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = {
        "cause": mark("Cause"),
        "count_lately": mark("Complaints lately"),
        "verdict": mark("What follows"),
        "activity": mark("Corrective action"),
        "due_on": mark("Due on"),
        "count_over": mark("Causes over the threshold"),
        "count_unacted": mark("Of them without an action"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Causes that came up too often")

    @property
    def text(self) -> str:
        """How many are over the threshold, and about how many nothing is done."""
        found = self.numbers()
        return _(
            "In {days} days, {over} causes came up {most} times or more, of which {unacted} have no corrective action."
        ).format(
            days=self.causes.cause_days, most=self.causes.cause_count, over=found["count_over"],
            unacted=found["count_unacted"],
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """One row per cause."""
        verdicts = [self._verdict(row) for row in self.rows.to_dict("records")]
        named = self.rows.assign(cause=[_(CAUSES[one]) for one in self.rows["cause"]], verdict=verdicts)
        return named[["cause", "count_lately", "verdict", "activity", "due_on"]]

    def chart(self) -> Chart | None:
        """How often each came up, beside the threshold."""
        if self.rows.empty:
            return None
        return Chart(
            kind="bar", data=self.table[["cause", "count_lately"]], x="count_lately", y="cause",
            rule=float(self.causes.cause_count),
            title=_("Complaints in {days} days; the line asks for an action").format(days=self.causes.cause_days),
            titles={name: _(self.titles[name]) for name in ("cause", "count_lately")},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """How many."""
        over = self.rows[self.rows["over"].astype(bool)]
        return {"count_over": len(over), "count_unacted": int((over["activity"] == "").sum())}

    def behind(self) -> Behind:
        """The complaints of each cause lately."""
        since = self.causes.as_of - timedelta(days=self.causes.cause_days - 1)
        lately = Rows("complaints").between("received_at", since, self.causes.as_of)
        return Behind(whole=lately, table=[lately.being(cause=one) for one in self.rows["cause"]])

    def _verdict(self, row: Mapping[Any, Any]) -> str:
        if not row["over"]:
            return _("close to it")
        if not row["activity"]:
            return _("needs a corrective action")
        return _("was acted on") if row["done"] else _("is being acted on")


def thresholds(causes: ComplaintCauses) -> CauseThresholds:
    """Find the causes that came up too often lately, and what is done about them."""
    since = pd.Timestamp(causes.as_of) - pd.Timedelta(days=causes.cause_days - 1)
    lately = causes.complaints[causes.complaints["day"] >= since]
    corrective = causes.actions[causes.actions["kind"] == "corrective_action"]
    rows = []
    for cause, count in lately["cause"].value_counts().items():
        if 2 * count < causes.cause_count:
            continue
        of = corrective[(corrective["cause"] == cause) & (corrective["received"] >= since)].sort_values("entered")
        last = of.iloc[-1] if len(of) else None
        rows.append(
            {
                "cause": cause, "count_lately": int(count), "over": int(count) >= causes.cause_count,
                "activity": "" if last is None else last["activity"],
                "due_on": pd.NaT if last is None else last["due_on"],
                "done": last is not None and pd.notna(last["done_on"]),
            }
        )  # fmt: skip
    columns = ["cause", "count_lately", "over", "activity", "due_on", "done"]
    made = pd.DataFrame(rows, columns=columns).astype({"due_on": "datetime64[ns]"})
    return CauseThresholds(
        causes, made.sort_values(["count_lately", "cause"], ascending=[False, True], ignore_index=True)
    )
