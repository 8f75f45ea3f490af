"""What moved, as a report tells it: prices that changed, and what else competitors did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from marketbook.competitor import moves
from marketbook.competitor.brief import signed
from marketbook.competitor.log import Log
from marketbook.competitor.tables import ACTIONS, CHANNELS, PRICES
from marketbook.kit.facts import Rows
from marketbook.kit.language import format_date, label, mark, ngettext
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Behind, Chart, Result
from marketbook.kit.report.format import by_name


@dataclass(frozen=True)
class PriceMoves(Result):
    """Prices that are not what they were before.

    Attributes:
        log: The competitor log.
        rows: One row per price that moved, as `moves.price_moves` gives them, in the company's currency.
    """

    log: Log = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    currency: str = "CNY"
    titles: ClassVar[Mapping[str, str]] = {
        "competitor": mark("Competitor"),
        "product": mark("Product"),
        "channel": mark("Channel"),
        "before_minor": mark("Before"),
        "now_minor": mark("Price now"),
        "change_share": mark("Change"),
        "price_kind": mark("Kind of price"),
        "before_on": mark("Seen before on"),
        "now_on": mark("Seen on"),
        "count_moves": mark("Prices that moved"),
        "count_falls": mark("Falls"),
        "deepest_share": mark("Deepest fall"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("What moved since {day}").format(day=format_date(self.log.since))

    @property
    def text(self) -> str:
        """How many prices moved, and the deepest fall."""
        day = format_date(self.log.since)
        if self.rows.empty:
            return _("No price that is watched has moved since {day}.").format(day=day)
        said = ngettext(
            "{count} price has moved since {day}, {fell} of them down.",
            "{count} prices have moved since {day}, {fell} of them down.", len(self.rows),
        ).format(count=len(self.rows), day=day, fell=self.numbers()["count_falls"])  # fmt: skip
        first = self.rows.iloc[0]
        if first["change_share"] >= 0:
            return said
        return said + _(" Deepest: {competitor}'s {product} ({channel}), {change}, from {before} to {now}.").format(
            competitor=label(first["competitor"]), product=label(first["product"]),
            channel=_(CHANNELS[first["channel"]]), change=signed(first["change_share"]),
            before=self._money(first["per_unit_before"]), now=self._money(first["per_unit_after"]),
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """One row per price, the deepest fall first."""
        rows = self.rows
        return pd.DataFrame(
            {
                "competitor": rows["competitor"],
                "product": rows["product"],
                "channel": [_(CHANNELS[one]) for one in rows["channel"]],
                "before_minor": rows["per_unit_before"],
                "now_minor": rows["per_unit_after"],
                "change_share": rows["change_share"],
                "price_kind": [_(PRICES[one]) for one in rows["price_kind_after"]],
                "before_on": rows["seen_on_before"],
                "now_on": rows["seen_on_after"],
            }
        )

    @property
    def caveats(self) -> Sequence[str]:
        """What is compared."""
        return self.log.caveats()

    def chart(self) -> Chart | None:
        """By how much each price moved."""
        if self.rows.empty:
            return None
        table = self.table
        named = table["product"].map(label) + " · " + table["channel"]
        return Chart(
            kind="bar", data=pd.DataFrame({"name": named, "change_share": table["change_share"]}), x="change_share",
            y="name", rule=0.0, title=_("Change of each price that moved"),
            titles={"name": _("Product"), "change_share": _("Change")},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """How many moved first."""
        falls = self.rows[self.rows["change_share"] < 0]
        deepest = float(falls["change_share"].min()) if len(falls) else np.nan
        return {"count_moves": len(self.rows), "count_falls": len(falls), "deepest_share": deepest}

    def behind(self) -> Behind:
        """The looks before and after."""
        pairs = [
            Rows("competitor_entries").among("entry", pair)
            for pair in zip(self.rows["entry_before"], self.rows["entry_after"], strict=True)
        ]
        since = self.log.rows.between("seen_on", self.log.since)
        return Behind(whole=since, table=pairs, numbers={"deepest_share": pairs[0]} if pairs else {})

    def _money(self, amount: float) -> str:
        return by_name("amount_minor", amount, currency=self.currency, short=True)


@dataclass(frozen=True)
class News(Result):
    """What else competitors did.

    Attributes:
        log: The competitor log.
        rows: One row each, as `moves.news` gives them.
    """

    log: Log = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = {
        "action": mark("What it was"),
        "competitor": mark("Competitor"),
        "product": mark("Product"),
        "channel": mark("Channel"),
        "seen_on": mark("Seen on"),
        "seen": mark("What was seen"),
        "count_news": mark("What else they did"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("What else competitors did")

    @property
    def text(self) -> str:
        """How much of each kind."""
        if self.rows.empty:
            return _("Nothing else was noted since {day}.").format(day=format_date(self.log.since))
        counts = self.rows["action"].value_counts()
        told = [f"{_(ACTIONS[one])} {counts[one]}" for one in ACTIONS if one in counts]
        return _("Since {day}: {told}.").format(day=format_date(self.log.since), told=_(", ").join(told))

    @property
    def table(self) -> pd.DataFrame:
        """One row each."""
        rows = self.rows
        return rows.assign(
            action=[_(ACTIONS[one]) for one in rows["action"]], channel=[_(CHANNELS[one]) for one in rows["channel"]]
        )[list(self.titles)[:-1]]

    @property
    def caveats(self) -> Sequence[str]:
        """What counts as new."""
        return [
            _("A product or a channel is new where it was never noted of that competitor before, said so or not.")
        ]  # fmt: skip

    def chart(self) -> None:
        """Nothing: the table says it."""

    def numbers(self) -> Mapping[str, Any]:
        """How many."""
        return {"count_news": len(self.rows)}

    def behind(self) -> Behind:
        """The entries themselves."""
        since = self.log.rows.between("seen_on", self.log.since)
        return Behind(whole=since, table=[Rows("competitor_entries").being(entry=one) for one in self.rows["entry"]])


def prices(log: Log) -> PriceMoves:
    """Tell which prices moved.

    Args:
        log: The competitor log.

    Returns:
        One row per price in the company's currency, the deepest fall first.
    """
    found = moves.price_moves(log)
    return PriceMoves(log, found[found["currency"] == log.currency].reset_index(drop=True), currency=log.currency)


def news(log: Log) -> News:
    """Tell what else competitors did.

    Args:
        log: The competitor log.

    Returns:
        One row each, by kind and day.
    """
    return News(log, moves.news(log))
