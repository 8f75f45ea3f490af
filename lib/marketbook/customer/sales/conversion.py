"""Conversion: how many of the sales that came to a stage went on from it, and how long that took."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from marketbook.customer.sales.cases import SalesCases
from marketbook.kit.language import format_date, format_integer, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Behind, Chart, Result
from marketbook.kit.report.format import by_name
from marketbook.kit.report.intervals import wilson
from marketbook.office.opportunity import OPEN
from marketbook.office.opportunity_rules import OPPORTUNITY

NEXT = {"prospect": "qualified", "qualified": "proposal", "proposal": "won"}


@dataclass(frozen=True)
class Conversion(Result):
    """How sales went on from stage to stage.

    Attributes:
        cases: The sales; counted are those that were entered in the months.
        level: How often an interval should hold the truth.
        rows: One row per stage, and one, the last, from entry to order: `stage`, `count_reached`, `count_went` (on),
            `count_lost` (lost there), `count_there` (still there), `on_share` of those that left it, with its interval,
            `median_days` until it went on.
    """

    cases: SalesCases = field(repr=False)
    level: float
    rows: pd.DataFrame = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = {
        "stage": mark("Stage"),
        "count_reached": mark("Came to it"),
        "count_went": mark("Went on"),
        "count_lost": mark("Lost there"),
        "count_there": mark("Still there"),
        "on_share": mark("Went on, of those that left it"),
        "on_share_low": mark("Went on, low"),
        "on_share_high": mark("Went on, high"),
        "median_days": mark("Days until it went on, median"),
        "won_share": mark("Won, of those won or lost"),
        "count_entered": mark("Opportunities entered"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Conversion by stage")

    @property
    def text(self) -> str:
        """How many were won, and where most are lost."""
        found, day = self.numbers(), format_date(self.cases.since)
        if not found["count_entered"]:
            return _("No opportunity was entered since {day}.").format(day=day)
        whole = self.rows.iloc[-1]
        if not np.isfinite(whole["on_share"]):
            return _("Of {count} opportunities since {day} none was won or lost yet.").format(
                count=format_integer(found["count_entered"]), day=day
            )
        return _(
            "Of {count} opportunities since {day}, {closed} are won or lost: {won} ({share}, interval {interval}) won."
        ).format(
            count=format_integer(found["count_entered"]), day=day,
            closed=format_integer(whole["count_went"] + whole["count_lost"]), won=format_integer(whole["count_went"]),
            share=by_name("share", whole["on_share"]), interval=by_name("share_ci", found["won_share_ci"]),
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """One row per stage, and one from entry to order."""
        names = [*(OPPORTUNITY.called(one).capitalize() for one in OPEN), _("From entry to order")]
        return self.rows.assign(stage=names)[[name for name in self.titles if name in self.rows]]

    @property
    def caveats(self) -> Sequence[str]:
        """What is not counted."""
        return [
            _("A share counts what has left the stage. What is still there is left out: where good ones take longer "
              "than lost ones, the share is too low, and the other way round."),
            _("An interval holds the truth {level} of the time, if coming months are like these.").format(
                level=by_name("share", self.level)
            ),
        ]  # fmt: skip

    def chart(self) -> Chart | None:
        """The shares with their intervals."""
        shown = self.table[self.table["on_share"].notna()]
        if shown.empty:
            return None
        names = ["stage", "on_share", "on_share_low", "on_share_high"]
        return Chart(
            kind="point", data=shown[names], x="on_share", y="stage", low="on_share_low", high="on_share_high",
            title=_("Went on, of those that left the stage"), titles={name: _(self.titles[name]) for name in names},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """The share that was won, with its interval."""
        whole = self.rows.iloc[-1]
        return {
            "won_share": float(whole["on_share"]),
            "won_share_ci": (float(whole["on_share_low"]), float(whole["on_share_high"])),
            "count_entered": int(whole["count_reached"]),
        }

    def behind(self) -> Behind:
        """The sales that came to each stage."""
        rows = self.cases.rows
        reached = [rows, *(rows.present(f"{stage}_at") for stage in OPEN[1:]), rows]
        return Behind(whole=rows, table=reached)


def convert(cases: SalesCases, *, level: float = 0.95) -> Conversion:
    """Count how sales went on.

    Args:
        cases: The sales.
        level: How often an interval should hold the truth.

    References:
        Intervals: Wilson (1927), see `kit.report.intervals`.
    """
    found = cases.entered
    rows = [_stage(found, stage) for stage in OPEN]
    won, lost = found["status"].eq("won"), found["status"].eq("lost")
    days = (found["closed_on"] - found["entered_on"]).dt.days[won]
    rows.append(_counted("whole", len(found), won.sum(), lost.sum(), days))
    frame = pd.DataFrame(rows)
    left = (frame["count_went"] + frame["count_lost"]).to_numpy(np.float64)
    low, high = wilson(frame["count_went"].to_numpy(np.float64), left, level=level)
    with np.errstate(invalid="ignore"):
        share = frame["count_went"].to_numpy(np.float64) / left
    return Conversion(cases, level, frame.assign(on_share=share, on_share_low=low, on_share_high=high))


def went_on(sales: pd.DataFrame, stage: str) -> tuple["pd.Series[bool]", "pd.Series[bool]"]:
    """Return which sales went on from a stage, and which were lost there."""
    reached, following = sales[f"{stage}_on"].notna(), NEXT[stage]
    on = sales["status"].eq("won") if following == "won" else sales[f"{following}_on"].notna()
    return reached & on, reached & ~on & sales["status"].eq("lost")


def _stage(sales: pd.DataFrame, stage: str) -> dict[str, Any]:
    on, lost = went_on(sales, stage)
    end = sales["closed_on"] if NEXT[stage] == "won" else sales[f"{NEXT[stage]}_on"]
    days = (end - sales[f"{stage}_on"]).dt.days[on]
    return _counted(stage, sales[f"{stage}_on"].notna().sum(), on.sum(), lost.sum(), days)


def _counted(stage: str, reached: Any, on: Any, lost: Any, days: "pd.Series[Any]") -> dict[str, Any]:  # noqa: ANN401  # counts of numpy
    return {
        "stage": stage, "count_reached": int(reached), "count_went": int(on), "count_lost": int(lost),
        "count_there": int(reached) - int(on) - int(lost),
        "median_days": float(days.median()) if len(days) else np.nan,
    }  # fmt: skip
