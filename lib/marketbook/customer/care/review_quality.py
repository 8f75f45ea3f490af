"""How good the data of customers are: complete, valid, looked at lately, there once; by who answers for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pandas as pd

from marketbook.customer.care.reviewing import Customers
from marketbook.customer.quality import GROUPS
from marketbook.kit.facts import Rows
from marketbook.kit.language import format_date, format_integer, label, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Behind, Chart, Result
from marketbook.kit.report.format import by_name

TOTAL = mark("All customers")
CARDS = Rows("customer_cards")


@dataclass(frozen=True)
class DataQuality(Result):
    """How good the cards are, by owner.

    Attributes:
        customers: What was read.
        rows: One row per owner and one for all, the last: `count_customers`, `complete_share` (of what a card should
            hold), `valid_share` (of the contact points), `stale_share` and `twin_share` (of the customers).
    """

    customers: Customers = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = {
        "owner": mark("Owner"),
        "count_customers": mark("Customers"),
        "complete_share": mark("Complete"),
        "valid_share": mark("Numbers and addresses that are valid"),
        "stale_share": mark("Not looked at for too long"),
        "count_stale": mark("To be looked at"),
        "twin_share": mark("May be there twice"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("How good are the data?")

    @property
    def text(self) -> str:
        """All of them, and whose are least complete."""
        all_ = self.rows.iloc[-1]
        if not all_["count_customers"]:
            return _("There is no customer yet.")
        said = _(
            "On {day}, the cards of {count} customers were {complete} complete; of the numbers and addresses {valid} "
            "were valid, {stale} of the customers had not been looked at for too long, and {twin} may be there twice."
        ).format(
            day=format_date(self.customers.as_of), count=format_integer(all_["count_customers"]),
            complete=by_name("share", all_["complete_share"]), valid=by_name("share", all_["valid_share"]),
            stale=by_name("share", all_["stale_share"]), twin=by_name("share", all_["twin_share"]),
        )  # fmt: skip
        worst = self.rows.iloc[:-1].nsmallest(1, "complete_share").iloc[0]
        return said + _(" Least complete are those of {owner}: {share}.").format(
            owner=label(worst["owner"]), share=by_name("share", worst["complete_share"])
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row per owner, and all together."""
        return self.rows.assign(owner=[*self.rows["owner"].iloc[:-1], _(TOTAL)])[list(self.titles)]

    @property
    def caveats(self) -> Sequence[str]:
        """What valid means."""
        return [_("A number is valid where the country's numbering plan has it; whether somebody answers is not known. "
                  "A company has no birthday, and is not asked for one.")]  # fmt: skip

    def chart(self) -> Chart | None:
        """How complete, by owner."""
        if len(self.rows) < 2:
            return None
        return Chart(
            kind="bar", data=self.table[["owner", "complete_share"]], x="complete_share", y="owner",
            title=_("How much of what a card should hold is there"),
            titles={name: _(self.titles[name]) for name in ("owner", "complete_share")},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """Those of all."""
        all_ = self.rows.iloc[-1]
        names = ("complete_share", "valid_share", "stale_share", "twin_share")
        return {**{name: all_[name] for name in names}, "count_customers": int(all_["count_customers"])}

    def behind(self) -> Behind:
        """The cards of each owner."""
        return Behind(whole=CARDS, table=[*(CARDS.being(owner=one) for one in self.rows["owner"].iloc[:-1]), CARDS])


@dataclass(frozen=True)
class MissingData(Result):
    """What the cards lack.

    Attributes:
        customers: What was read.
        rows: One row per group of data, what is missing most often first: `group`, `count_missing`, `missing_share`.
    """

    customers: Customers = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = {
        "group": mark("Missing data"),
        "count_missing": mark("Customers"),
        "missing_share": mark("Share of customers"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("What is missing?")

    @property
    def text(self) -> str:
        """What is missing most often."""
        if self.rows.empty or not self.rows["count_missing"].iloc[0]:
            return _("Nothing is missing.")
        first = self.rows.iloc[0]
        name = GROUPS[first["group"]]
        return _("Missing most often is {group}: on {count} cards ({share}).").format(
            group=_(name), count=format_integer(first["count_missing"]),
            share=by_name("share", first["missing_share"]),
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """One row per group."""
        return self.rows.assign(group=[_(GROUPS[one]) for one in self.rows["group"]])

    def chart(self) -> Chart | None:
        """How often each is missing."""
        if self.rows.empty:
            return None
        names = ["group", "missing_share"]
        return Chart(
            kind="bar", data=self.table[names], x="missing_share", y="group", title=_("How many cards lack it"),
            titles={name: _(self.titles[name]) for name in names},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """The largest share."""
        return {"missing_share": 0.0 if self.rows.empty else float(self.rows["missing_share"].max())}

    def behind(self) -> Behind:
        """All cards."""
        return Behind(whole=CARDS)


def data_quality(customers: Customers) -> DataQuality:
    """Say how good the cards are."""
    cards = customers.cards
    groups = [(name, own) for name, own in cards.groupby("owner", sort=True)] if len(cards) else []
    rows = [_measured(str(name), own) for name, own in groups]
    return DataQuality(customers, pd.DataFrame([*rows, _measured("", cards)]))


def missing_data(customers: Customers) -> MissingData:
    """Say what the cards lack."""
    found, count = customers.cards["missing"].explode().value_counts(), len(customers.cards)
    rows = [(group, int(found.get(group, 0)), found.get(group, 0) / count) for group in GROUPS if count]
    frame = pd.DataFrame(rows, columns=["group", "count_missing", "missing_share"])
    return MissingData(customers, frame.sort_values("count_missing", ascending=False, kind="stable", ignore_index=True))


def _measured(owner: str, cards: pd.DataFrame) -> dict[str, Any]:
    contacts = cards["count_contacts"].sum()
    return {
        "owner": owner,
        "count_customers": len(cards),
        "complete_share": cards["complete_share"].mean(),
        "valid_share": 1 - cards["count_wrong"].sum() / contacts if contacts else float("nan"),
        "stale_share": cards["stale"].mean(),
        "count_stale": int(cards["stale"].sum()),
        "twin_share": cards["twin"].mean(),
    }
