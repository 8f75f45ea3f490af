"""What is open: sales by stage, how long they have been there, which have stalled and whose next step is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from marketbook.customer.sales.cases import SalesCases, age
from marketbook.kit.facts import Rows
from marketbook.kit.language import format_date, format_integer, label, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Behind, Chart, Result
from marketbook.office.opportunity import OPEN
from marketbook.office.opportunity_rules import OPPORTUNITY

SHOWN = 50
"""How many sales are listed."""


@dataclass(frozen=True)
class OpenSales(Result):
    """The sales that are open, by stage.

    Attributes:
        cases: The sales.
        stalled_days: After how many days at its stage a sale has stalled.
        rows: One row per stage: `stage`, `count_open`, `amount_minor`, `median_days` at the stage, `count_stalled`,
            `count_overdue` (its next step is overdue), `count_without` (it has none).
    """

    cases: SalesCases = field(repr=False)
    stalled_days: int
    rows: pd.DataFrame = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = {
        "stage": mark("Stage"),
        "count_open": mark("Open opportunities"),
        "amount_minor": mark("Estimated amount"),
        "median_days": mark("Days at the stage, median"),
        "count_stalled": mark("Stalled"),
        "count_overdue": mark("Next step overdue"),
        "count_without": mark("Without a next step"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Open opportunities by stage")

    @property
    def text(self) -> str:
        """How many, and of how many somebody should take care."""
        found, day = self.numbers(), format_date(self.cases.day)
        if not found["count_open"]:
            return _("No opportunity is open on {day}.").format(day=day)
        return _(
            "On {day}, {open} opportunities are open: {stalled} have been at their stage for more than {days} days, "
            "of {overdue} the next step is overdue, {without} have none."
        ).format(
            day=day, days=self.stalled_days,
            **{name: format_integer(found[f"count_{name}"]) for name in ("open", "stalled", "overdue", "without")},
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """One row per stage."""
        names = [OPPORTUNITY.called(one).capitalize() for one in OPEN]
        return self.rows.assign(stage=names)[list(self.titles)]

    def chart(self) -> Chart | None:
        """The sums by stage."""
        if self.cases.open.empty:
            return None
        return Chart(
            kind="bar", data=self.table[["stage", "amount_minor"]], x="amount_minor", y="stage",
            title=_("Estimated amounts of open opportunities"),
            titles={name: _(self.titles[name]) for name in ("stage", "amount_minor")},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """The sums."""
        names = [name for name in self.titles if name.startswith("count_")]
        return {name: int(self.rows[name].sum()) for name in names}

    def behind(self) -> Behind:
        """The sales of each stage."""
        every = Rows("opportunities")
        return Behind(whole=every.among("status", OPEN), table=[every.being(status=one) for one in OPEN])


@dataclass(frozen=True)
class CareList(Result):
    """The open sales of which somebody should take care, what is overdue longest first.

    Attributes:
        cases: The sales.
        rows: One row per sale: `opportunity`, `stage`, `owner`, `amount_minor`, `days` at its stage, `next_on`,
            `why`, a tuple of codes.
    """

    cases: SalesCases = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = {
        "opportunity": mark("Opportunity"),
        "owner": mark("Owner"),
        "stage": mark("Stage"),
        "amount_minor": mark("Estimated amount"),
        "days": mark("Days at the stage"),
        "next_on": mark("Next step on"),
        "reason": mark("What is wrong"),
        "count_care": mark("To be taken care of"),
    }
    reasons: ClassVar[Mapping[str, str]] = {
        "overdue": mark("next step overdue"),
        "without": mark("no next step"),
        "stalled": mark("stalled"),
        "expected": mark("expected day has passed"),
        "contact": mark("first contact overdue"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Opportunities to be taken care of")

    @property
    def text(self) -> str:
        """How many, and whose most are."""
        if self.rows.empty:
            return _("Every open opportunity has a next step to come, and none has stalled.")
        owner = self.rows["owner"].value_counts()
        return _("{count} open opportunities want care; {most} of them are {owner}'s.").format(
            count=format_integer(len(self.rows)), most=format_integer(int(owner.iloc[0])), owner=label(owner.index[0])
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row per sale; the first ones, where there are many."""
        rows = self.rows.head(SHOWN)
        told = [_(", ").join(_(self.reasons[one]) for one in why) for why in rows["why"]]
        stages = [OPPORTUNITY.called(one).capitalize() for one in rows["stage"]]
        return rows.assign(stage=pd.Series(stages, rows.index, object), reason=pd.Series(told, rows.index, object))[
            [name for name in self.titles if name != "count_care"]
        ]

    @property
    def caveats(self) -> Sequence[str]:
        """What is left out."""
        if len(self.rows) <= SHOWN:
            return ()
        return [_("Only the first {shown} are listed.").format(shown=SHOWN)]

    def chart(self) -> None:
        """Nothing: the table says it."""

    def numbers(self) -> Mapping[str, Any]:
        """How many."""
        return {"count_care": len(self.rows)}

    def behind(self) -> Behind:
        """The sales themselves."""
        each = [Rows("opportunities").being(opportunity=number) for number in self.rows["opportunity"].head(SHOWN)]
        return Behind(whole=Rows("opportunities").among("status", OPEN), table=each)


def standing(cases: SalesCases, *, stalled_days: int = 30) -> OpenSales:
    """Count the open sales by stage.

    Args:
        cases: The sales.
        stalled_days: After how many days at its stage a sale has stalled.
    """
    found = _judged(cases, stalled_days)
    rows = [
        {
            "stage": stage, "count_open": len(own), "amount_minor": int(own["amount_minor"].fillna(0).sum()),
            "median_days": float(own["days"].median()) if len(own) else np.nan,
            **{f"count_{name}": sum(name in why for why in own["why"]) for name in ("stalled", "overdue", "without")},
        }
        for stage in OPEN
        for own in [found[found["status"] == stage]]
    ]  # fmt: skip
    return OpenSales(cases, stalled_days, pd.DataFrame(rows))


def care_list(cases: SalesCases, *, stalled_days: int = 30) -> CareList:
    """List the open sales of which somebody should take care.

    Args:
        cases: The sales.
        stalled_days: After how many days at its stage a sale has stalled.
    """
    found = _judged(cases, stalled_days)
    found = found[[bool(why) for why in found["why"]]].rename(columns={"status": "stage"})
    ordered = found.sort_values(["next_on", "opportunity"], na_position="first")
    names = ["opportunity", "stage", "owner", "amount_minor", "days", "next_on", "why"]
    return CareList(cases, ordered[names].reset_index(drop=True))


def _judged(cases: SalesCases, stalled_days: int) -> pd.DataFrame:
    """Say of each open sale how long it has been at its stage and what is wrong."""
    found, today = cases.open, pd.Timestamp(cases.day)
    days = age(found, cases.day)
    wrong = {
        "overdue": found["next_on"] < today,
        "without": found["next_on"].isna(),
        "stalled": days > stalled_days,
        "expected": found["expected_on"] < today,
        "contact": found["contacted_on"].isna() & (found["contact_by"] < today),
    }
    why = [tuple(name for name, of in wrong.items() if of.loc[place]) for place in found.index]
    return found.assign(days=days, why=pd.Series(why, found.index, object))
