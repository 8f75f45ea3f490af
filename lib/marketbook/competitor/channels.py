"""Channels: where competitors were seen in this quarter and the one before, and where that is known from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pandas as pd

from marketbook.competitor.log import Log, quarter_called
from marketbook.competitor.tables import CHANNELS, SOURCES
from marketbook.kit.language import gettext as _
from marketbook.kit.language import mark, ngettext
from marketbook.kit.report import Behind, Result


@dataclass(frozen=True)
class CompetitorChannels(Result):
    """Where competitors were seen.

    Attributes:
        log: The competitor log.
        rows: One row per competitor and channel seen in one of the last two quarters: `competitor`, `channel`,
            `count_before`, `count_now` looks, `count_products`, `promotion_share` of the prices, `first_on`, `last_on`,
            `sources` as codes, `change`: `new`, `gone` or empty.
    """

    log: Log = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = {
        "competitor": mark("Competitor"),
        "channel": mark("Channel"),
        "change": mark("Since the quarter before"),
        "count_before": mark("Looks in the quarter before"),
        "count_now": mark("Looks in this quarter"),
        "count_products": mark("Products seen"),
        "promotion_share": mark("Promotion prices"),
        "sources": mark("Known from"),
        "first_on": mark("First seen on"),
        "last_on": mark("Last seen on"),
        "count_channels": mark("Competitors by channel"),
        "count_new": mark("New channels"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Channels of competitors")

    @property
    def text(self) -> str:
        """How many channels, and which are new."""
        now = self.rows[self.rows["count_now"] > 0]
        said = ngettext(
            "{competitors} competitors were seen in {count} channel in {quarter}.",
            "{competitors} competitors were seen in {count} channels in {quarter}.", now["channel"].nunique(),
        ).format(
            competitors=now["competitor"].nunique(), count=now["channel"].nunique(),
            quarter=quarter_called(self.log.quarters[-1]),
        )  # fmt: skip
        new = self.rows[self.rows["change"] == "new"]
        if new.empty:
            return said + _(" None of them is new.")
        named = [f"{row['competitor']} ({_(CHANNELS[row['channel']])})" for row in new.to_dict("records")]
        return said + _(" New: {named}.").format(named=_(", ").join(named))

    @property
    def table(self) -> pd.DataFrame:
        """One row per competitor and channel."""
        change = {"new": _("new"), "gone": _("not seen"), "": ""}
        named = self.rows.assign(
            channel=[_(CHANNELS[one]) for one in self.rows["channel"]],
            change=self.rows["change"].map(change),
            sources=[_(", ").join(_(SOURCES[code]) for code in one) for one in self.rows["sources"]],
        )
        return named[[name for name in self.titles if name in named]]

    @property
    def caveats(self) -> Sequence[str]:
        """What a count is not."""
        return [
            _("Looks say where we have looked, not how much a competitor sells there; not seen means that nobody noted "
              "it in this quarter.")
        ]  # fmt: skip

    def chart(self) -> None:
        """Nothing: the table says it."""

    def numbers(self) -> Mapping[str, Any]:
        """How many first."""
        return {
            "count_channels": int((self.rows["count_now"] > 0).sum()),
            "count_new": int((self.rows["change"] == "new").sum()),
        }

    def behind(self) -> Behind:
        """The looks in each channel."""
        first = pd.Period(self.log.quarters[-2], "Q").start_time.date()
        both = self.log.rows.between("seen_on", first)
        keys = zip(self.rows["competitor"], self.rows["channel"], strict=True)
        now = self.log.rows.between("seen_on", pd.Period(self.log.quarters[-1], "Q").start_time.date())
        new = self.rows[self.rows["change"] == "new"]["channel"].unique()
        numbers = {"count_new": now.among("channel", sorted(new))} if len(new) else {}
        return Behind(
            whole=now, table=[both.being(competitor=one, channel=channel) for one, channel in keys], numbers=numbers
        )


def by_channel(log: Log) -> CompetitorChannels:
    """Tell where competitors were seen.

    Args:
        log: The competitor log.

    Returns:
        One row per competitor and channel of the last two quarters.
    """
    looks = log.looks.assign(quarter=log.looks["seen_on"].dt.to_period("Q").astype(str))
    keys = ["competitor", "channel"]
    each = looks.groupby(keys, as_index=False).agg(first_on=("seen_on", "min"), last_on=("seen_on", "max"))
    for name, quarter in {"count_before": log.quarters[-2], "count_now": log.quarters[-1]}.items():
        count = looks[looks["quarter"] == quarter].groupby(keys).size().rename(name)
        each = each.merge(count, how="left", left_on=keys, right_index=True)
    each = each.fillna({"count_before": 0, "count_now": 0}).astype({"count_before": int, "count_now": int})
    each = each[(each["count_before"] > 0) | (each["count_now"] > 0)]
    recent = looks[looks["quarter"].isin(log.quarters[-2:])]
    priced = recent[recent["per_unit"].notna()].assign(promoted=lambda one: one["price_kind"] == "promotion")
    more = {
        "count_products": recent[recent["product"] != ""].groupby(keys)["product"].nunique(),
        "promotion_share": priced.groupby(keys)["promoted"].mean(),
        "sources": recent.groupby(keys)["source"].agg(lambda codes: sorted(set(codes))),
    }
    for name, column in more.items():
        each = each.merge(column.rename(name), how="left", left_on=keys, right_index=True)
    start = pd.Period(log.quarters[-1], "Q").start_time
    first = looks.groupby("competitor")["seen_on"].min()
    new = (each["first_on"] >= start) & (each["competitor"].map(first) < start)
    change = ["new" if one else "gone" if not now else "" for one, now in zip(new, each["count_now"], strict=True)]
    each = each.assign(change=change).fillna({"count_products": 0}).astype({"count_products": int})
    return CompetitorChannels(log, each.sort_values(keys).reset_index(drop=True))
