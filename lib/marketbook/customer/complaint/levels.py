"""Service levels: how many complaints were answered and solved in time, by severity, department and week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd

from marketbook.customer.complaint.cases import ComplaintCases
from marketbook.customer.complaint.tables import DEPARTMENTS, SEVERITIES
from marketbook.kit.facts import Rows
from marketbook.kit.language import format_date, format_integer, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Behind, Chart, Result
from marketbook.kit.report.format import by_name
from marketbook.kit.report.intervals import wilson

By = Literal["severity", "department", "week"]
NAMES = {"severity": SEVERITIES, "department": DEPARTMENTS}
TOTAL = mark("All together")
GOALS = {"answered": "answer", "solved": "solve"}


@dataclass(frozen=True)
class ServiceLevels(Result):
    """How many complaints were answered and solved in time.

    Attributes:
        cases: The complaints.
        by: What the rows are.
        level: How often an interval should hold the truth.
        rows: One row each and one for all, the last: `count_received`; `n_answer` (answered, or late by now), of
            them `answer_share` in time with its interval; the same of `solve`; `count_reopened`.
    """

    cases: ComplaintCases = field(repr=False)
    by: By
    level: float
    rows: pd.DataFrame = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = {
        "severity": mark("Severity"),
        "department": mark("Department"),
        "week": mark("Week from"),
        "count_received": mark("Complaints"),
        "n_answer": mark("Answered or late"),
        "answer_share": mark("Answered in time"),
        "answer_share_low": mark("Answered in time, low"),
        "answer_share_high": mark("Answered in time, high"),
        "n_solve": mark("Solved or late"),
        "solve_share": mark("Solved in time"),
        "solve_share_low": mark("Solved in time, low"),
        "solve_share_high": mark("Solved in time, high"),
        "count_reopened": mark("Opened again"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return {
            "severity": _("In time by severity"),
            "department": _("In time by department"),
            "week": _("In time by week"),
        }[self.by]

    @property
    def text(self) -> str:
        """The two shares of all, or which row is worst."""
        all_ = self.rows.iloc[-1]
        if not all_["count_received"]:
            return _("No complaint came in since {day}.").format(day=format_date(self.cases.since))
        return self._of_all(all_) if self.by == "severity" else self._of_worst()

    @property
    def table(self) -> pd.DataFrame:
        """One row each; weeks stand for themselves, the others with all together."""
        each = self.rows.iloc[:-1] if self.by == "week" else self.rows
        return each.assign(**{self.by: self._keys(each)})[[name for name in self.titles if name in (self.by, *each)]]

    @property
    def caveats(self) -> Sequence[str]:
        """How it is counted."""
        if self.by != "severity":
            return ()
        return [
            _("The clock runs in working time, and stands while the customer is asked. What is neither done nor late "
              "does not count yet. With few complaints a share says little: its interval holds the truth {level} of "
              "the time.").format(level=by_name("share", self.level))
        ]  # fmt: skip

    def chart(self) -> Chart | None:
        """What was solved in time, with intervals where there is room for them."""
        shown = self.table
        shown = shown[shown["solve_share"].notna()]
        if shown.empty:
            return None
        names = [self.by, "solve_share", "solve_share_low", "solve_share_high"]
        x, y = (self.by, "solve_share") if self.by == "week" else ("solve_share", self.by)
        return Chart(
            kind="point", data=shown[names], x=x, y=y, low="solve_share_low", high="solve_share_high",
            title=_("Solved in time, of those solved or late"), titles={name: _(self.titles[name]) for name in names},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """The shares of all with their intervals."""
        all_ = self.rows.iloc[-1]
        shares = {name: all_[name] for name in ("answer_share", "solve_share")}
        ends = {f"{name}_ci": (all_[f"{name}_low"], all_[f"{name}_high"]) for name in shares}
        return {**shares, **ends, "count_received": int(all_["count_received"])}

    def behind(self) -> Behind:
        """The complaints of each row."""
        each = [self._rows_of(key) for key in self.rows["key"].iloc[:-1]]
        return Behind(whole=self.cases.rows, table=each if self.by == "week" else [*each, self.cases.rows])

    def _of_all(self, all_: pd.Series) -> str:
        return _(
            "Of {received} complaints since {day}, {answered} of {n_answer} ({answer_share}) were answered in time and "
            "{solved} of {n_solve} ({solve_share}) solved in time."
        ).format(
            received=format_integer(all_["count_received"]), day=format_date(self.cases.since),
            **{name: format_integer(all_[f"count_{name}"]) for name in GOALS},
            **{name: format_integer(all_[name]) for name in ("n_answer", "n_solve")},
            **{name: by_name("share", all_[name]) for name in ("answer_share", "solve_share")},
        )  # fmt: skip

    def _of_worst(self) -> str:
        known = self.table[self.table["solve_share"].notna()]
        if self.by == "department":
            known = known.iloc[:-1]
        if known.empty:
            return _("No complaint was solved or late yet.")
        worst = known.nsmallest(1, "solve_share").iloc[0]
        named = format_date(worst["week"]) if self.by == "week" else worst[self.by]
        text = (
            _("In the week from {name} the fewest were solved in time: {share} of {n}.")
            if self.by == "week"
            else _("{name} solved the fewest in time: {share} of {n}.")
        )
        return text.format(name=named, share=by_name("share", worst["solve_share"]), n=format_integer(worst["n_solve"]))

    def _keys(self, rows: pd.DataFrame) -> list[Any]:
        if self.by == "week":
            return list(rows["key"])
        return [*(_(NAMES[self.by][key]) for key in rows["key"].iloc[:-1]), _(TOTAL)]

    def _rows_of(self, key: Any) -> Rows:  # noqa: ANN401  # a code or a week
        if self.by != "week":
            return self.cases.rows.being(**{self.by: key})
        return Rows("complaints").between("received_at", key.date(), (key + pd.Timedelta(days=6)).date())


def levels(cases: ComplaintCases, *, by: By = "severity", level: float = 0.95) -> ServiceLevels:
    """Count what was answered and solved in time.

    Args:
        cases: The complaints.
        by: What the rows are.
        level: How often an interval should hold the truth.

    Returns:
        One row for each that has complaints, in their order, and one for all.

    References:
        Intervals: Wilson (1927), see `kit.report.intervals`.
    """
    found = cases.cases
    keys = sorted(set(found["week"])) if by == "week" else [one for one in NAMES[by] if one in set(found[by])]
    rows = [_row(key, found[found[by] == key], level) for key in keys]
    return ServiceLevels(cases, by, level, pd.DataFrame([*rows, _row(None, found, level)]))


def _row(key: Any, cases: pd.DataFrame, level: float) -> dict[str, Any]:  # noqa: ANN401  # a code or a week
    row = {"key": key, "count_received": len(cases), "count_reopened": int((cases["count_reopened"] > 0).sum())}
    for name, stem in GOALS.items():
        known = cases[name].dropna()
        hits, n = int(known.eq(other=True).sum()), len(known)
        low, high = wilson(np.array([float(hits)]), np.array([float(n)]), level=level)
        row |= {
            f"count_{name}": hits, f"n_{stem}": n, f"{stem}_share": hits / n if n else np.nan,
            f"{stem}_share_low": float(low[0]), f"{stem}_share_high": float(high[0]),
        }  # fmt: skip
    return row
