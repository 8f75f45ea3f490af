"""How well competitors are watched: when each was last looked at, and how many looks have a screenshot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar

import pandas as pd

from marketbook.competitor.log import Log
from marketbook.kit.language import format_percent, label, mark, ngettext
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Behind, Result

LATELY = timedelta(days=91)
"""Over so many days looks are counted."""


@dataclass(frozen=True)
class Watching(Result):
    """How well competitors are watched.

    Attributes:
        log: The competitor log.
        rows: One row per competitor, the longest ago first: `competitor`, `last_on`, `days`, `old`, and of the last 13
            weeks `count_looks`, `pictured_share`.
    """

    log: Log = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = {
        "competitor": mark("Competitor"),
        "last_on": mark("Last looked at on"),
        "days": mark("Days since"),
        "old": mark("Age"),
        "count_looks": mark("Looks in 13 weeks"),
        "pictured_share": mark("With a screenshot"),
        "count_old": mark("Competitors not looked at"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("How well competitors are watched")

    @property
    def text(self) -> str:
        """Who was not looked at, and the share with a screenshot."""
        old = self.rows[self.rows["old"]]
        share = self.numbers()["pictured_share"]
        told = _("no look") if pd.isna(share) else format_percent(share, decimals=0)
        said = _("Of the looks of the last 13 weeks {share} have a screenshot.").format(share=told)
        if old.empty:
            return said + _(" Every competitor was looked at within {days} days.").format(days=self.log.stale_days)
        named = [f"{label(row['competitor'])} ({row['days']})" for row in old.to_dict("records")]
        return said + ngettext(
            " {count} competitor was not looked at for more than {days} days: {named}.",
            " {count} competitors were not looked at for more than {days} days: {named}.", len(old),
        ).format(count=len(old), days=self.log.stale_days, named=_(", ").join(named))  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """One row per competitor."""
        named = self.rows.assign(old=[_("old") if one else _("fresh") for one in self.rows["old"]])
        return named[[name for name in self.titles if name in named]]

    @property
    def caveats(self) -> Sequence[str]:
        """What nobody notes."""
        return [_("A competitor whom nobody has entered is not missing here.")]

    def chart(self) -> None:
        """Nothing: the table says it."""

    def numbers(self) -> Mapping[str, Any]:
        """How many are not looked at first."""
        looks = self.rows["count_looks"]
        pictured = (
            float((self.rows["pictured_share"].fillna(0) * looks).sum() / looks.sum()) if looks.sum() else float("nan")
        )
        return {"count_old": int(self.rows["old"].sum()), "pictured_share": pictured}

    def behind(self) -> Behind:
        """The looks at each competitor."""
        lately = self.log.rows.between("seen_on", self.log.as_of - LATELY + timedelta(days=1))
        table = [self.log.rows.being(competitor=one) for one in self.rows["competitor"]]
        return Behind(whole=lately, table=table, numbers={"count_old": self.log.rows})


def watching(log: Log) -> Watching:
    """Tell how well competitors are watched.

    Args:
        log: The competitor log.

    Returns:
        One row per competitor, who was not looked at for longest first.
    """
    day = pd.Timestamp(log.as_of)
    each = log.looks.groupby("competitor", as_index=False).agg(last_on=("seen_on", "max"))
    lately = log.looks[log.looks["seen_on"] > day - LATELY].groupby("competitor")["screenshot"]
    each = each.merge(lately.size().rename("count_looks"), how="left", left_on="competitor", right_index=True)
    each = each.merge(lately.mean().rename("pictured_share"), how="left", left_on="competitor", right_index=True)
    days = (day - each["last_on"]).dt.days
    each = each.assign(days=days, old=days > log.stale_days).fillna({"count_looks": 0}).astype({"count_looks": int})
    return Watching(log, each.sort_values(["days", "competitor"], ascending=[False, True]).reset_index(drop=True))
