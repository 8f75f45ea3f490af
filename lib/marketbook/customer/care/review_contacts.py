"""Whether customers are contacted as often as their class asks for, and who was greeted when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from marketbook.customer.care import doing
from marketbook.customer.care.reviewing import Customers
from marketbook.customer.care.tables import OCCASIONS
from marketbook.customer.grade import GRADES
from marketbook.kit.facts import Rows
from marketbook.kit.language import format_date, format_integer, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Behind, Chart, Result
from marketbook.kit.report.format import by_name
from marketbook.kit.report.intervals import wilson

TOTAL = mark("All customers")
NONE = mark("no class")
CLOCKS, CARE = Rows("contact_clocks"), Rows("care_occasions")


@dataclass(frozen=True)
class Coverage(Result):
    """How many customers were contacted within the days of their class.

    Attributes:
        customers: What was read.
        level: How often an interval should hold the truth.
        rows: One row per class and one for all, the last: `n` customers, `covered_share` of them not overdue with its
            interval, `count_overdue`, `count_listed` of these on somebody's list.
    """

    customers: Customers = field(repr=False)
    level: float
    rows: pd.DataFrame = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = {
        "grade": mark("Class"),
        "n": mark("Customers"),
        "covered_share": mark("Contacted in time"),
        "covered_share_low": mark("Contacted in time, low"),
        "covered_share_high": mark("Contacted in time, high"),
        "count_overdue": mark("Overdue"),
        "count_listed": mark("Of them on a list"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Are customers contacted regularly?")

    @property
    def text(self) -> str:
        """The share of all, and how many are overdue."""
        all_ = self.rows.iloc[-1]
        if not all_["n"]:
            return _("Nobody is to be contacted yet.")
        return _(
            "On {day}, {share} of {n} customers had been contacted within the days of their class {ci}; {overdue} are "
            "overdue, of them {listed} on somebody's list."
        ).format(
            day=format_date(self.customers.as_of), share=by_name("share", all_["covered_share"]),
            n=format_integer(all_["n"]), overdue=format_integer(all_["count_overdue"]),
            listed=format_integer(all_["count_listed"]),
            ci=by_name("share_ci", (all_["covered_share_low"], all_["covered_share_high"])),
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """One row per class, and all together."""
        names = [_(NONE) if one == "" else one for one in self.rows["grade"].iloc[:-1]]
        return self.rows.assign(grade=[*names, _(TOTAL)])

    @property
    def caveats(self) -> Sequence[str]:
        """What counts as a contact."""
        return [_("A contact counts where its result was written down. Whose first contact is longer ago than the days "
                  "of the class, and whom nobody has called yet, is overdue.")]  # fmt: skip

    def chart(self) -> Chart | None:
        """The share by class with its interval."""
        if not self.rows["n"].iloc[-1]:
            return None
        names = ["grade", "covered_share", "covered_share_low", "covered_share_high"]
        return Chart(
            kind="point", data=self.table[names], x="covered_share", y="grade", low=names[2], high=names[3],
            title=_("Contacted within the days of the class"), titles={name: _(self.titles[name]) for name in names},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """Those of all."""
        all_ = self.rows.iloc[-1]
        ends = (all_["covered_share_low"], all_["covered_share_high"])
        return {
            "covered_share": all_["covered_share"], "covered_share_ci": ends,
            "count_overdue": int(all_["count_overdue"]),
        }  # fmt: skip

    def behind(self) -> Behind:
        """The clocks of each class."""
        own = [CLOCKS.being(grade=one) if one else CLOCKS.missing("grade") for one in self.rows["grade"].iloc[:-1]]
        each = [*own, CLOCKS]
        late = [one.between("due_on", None, self.customers.as_of - timedelta(days=1)) for one in each]
        listed = [one.present("activity_id") for one in late]
        return Behind(
            whole=CLOCKS, table=each, cells={"count_overdue": late, "count_listed": listed},
            numbers={"count_overdue": late[-1]},
        )  # fmt: skip


@dataclass(frozen=True)
class CareReview(Result):
    """Greetings and return visits by occasion.

    Attributes:
        customers: What was read.
        rows: One row per occasion: `count_care`, of them `count_open` on a list, `count_sent`, `count_cancelled`;
            `punctual_share` of what was sent was sent by its day.
    """

    customers: Customers = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    titles: ClassVar[Mapping[str, str]] = {
        "occasion": mark("Occasion"),
        "count_care": mark("Put on a list"),
        "count_open": mark("Still on a list"),
        "count_sent": mark("Sent"),
        "count_cancelled": mark("Cancelled"),
        "punctual_share": mark("Sent by its day"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Who is greeted?")

    @property
    def text(self) -> str:
        """How many are due, sent and cancelled."""
        if self.rows.empty:
            return _("Nobody was to be greeted since {day}.").format(day=format_date(self.customers.since))
        return _(
            "Since {day}, {count} greetings and return visits were put on lists: {sent} were sent, {cancelled} were "
            "cancelled, and {open} are still to be sent."
        ).format(
            day=format_date(self.customers.since),
            **{name: format_integer(self.rows[f"count_{column}"].sum()) for name, column in _SUMS.items()},
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row per occasion."""
        return self.rows.assign(occasion=[_(OCCASIONS[one]) for one in self.rows["occasion"]])

    @property
    def caveats(self) -> Sequence[str]:
        """Why something is cancelled."""
        return [_("A greeting is cancelled where the customer withdrew the consent, where its day has passed, or where "
                  "who was to send it says why not. Who never allowed it is on no list.")]  # fmt: skip

    def chart(self) -> None:
        """Nothing: the table says it."""

    def numbers(self) -> Mapping[str, Any]:
        """How many are due and sent."""
        return {f"count_{name}": int(self.rows[f"count_{name}"].sum()) for name in ("sent", "open", "cancelled")}

    def behind(self) -> Behind:
        """The greetings of each occasion."""
        rows = CARE.between("falls_on", self.customers.since)
        each = [rows.being(occasion=one) for one in self.rows["occasion"]]
        counted = {f"count_{name}": [_being(one, name) for one in each] for name in ("open", "sent", "cancelled")}
        numbers = {f"count_{name}": _being(rows, name) for name in ("open", "sent", "cancelled")}
        return Behind(whole=rows, table=each, cells=counted, numbers=numbers)


_SUMS = {"count": "care", "sent": "sent", "cancelled": "cancelled", "open": "open"}


def _being(rows: Rows, name: str) -> Rows:
    if name == "sent":
        return rows.present("sent_at")
    return rows.being(status="cancelled") if name == "cancelled" else rows.among("status", doing.OPEN)


def coverage(customers: Customers, *, level: float = 0.95) -> Coverage:
    """Say how many customers were contacted within the days of their class.

    Args:
        customers: What was read.
        level: How often an interval should hold the truth.
    """
    clocks = customers.clocks.assign(grade=customers.clocks["grade"].fillna(""))
    groups = [(one, clocks[clocks["grade"] == one]) for one in (*GRADES, "")]
    shown = [(grade, own) for grade, own in groups if len(own)]
    rows = pd.DataFrame([_covered(grade, own, customers) for grade, own in [*shown, ("", clocks)]])
    low, high = wilson((rows["n"] - rows["count_overdue"]).to_numpy(float), rows["n"].to_numpy(float), level=level)
    share = np.where(rows["n"] > 0, 1 - rows["count_overdue"] / rows["n"].where(rows["n"] > 0), np.nan)
    made = rows.assign(covered_share=share, covered_share_low=low, covered_share_high=high)
    return Coverage(customers, level, made[list(Coverage.titles)])


def care_review(customers: Customers) -> CareReview:
    """Say who was greeted, by occasion."""
    care = customers.care
    rows = [_greeted(one, care[care["occasion"] == one]) for one in OCCASIONS if (care["occasion"] == one).any()]
    return CareReview(customers, pd.DataFrame(rows, columns=list(CareReview.titles)))


def _covered(grade: str, clocks: pd.DataFrame, customers: Customers) -> dict[str, Any]:
    overdue = clocks[clocks["due_on"] < customers.as_of]
    listed = int(overdue["activity_id"].notna().sum())
    return {"grade": grade, "n": len(clocks), "count_overdue": len(overdue), "count_listed": listed}


def _greeted(occasion: str, care: pd.DataFrame) -> dict[str, Any]:
    sent = care[care["sent_at"].notna()]
    on_day = [
        at.date() <= day for at, day in zip(pd.to_datetime(sent["sent_at"], utc=True), sent["falls_on"], strict=True)
    ]
    cancelled = int((care["status"] == "cancelled").sum())
    return {
        "occasion": occasion,
        "count_care": len(care),
        "count_open": len(care) - len(sent) - cancelled,
        "count_sent": len(sent),
        "count_cancelled": cancelled,
        "punctual_share": float(np.mean(on_day)) if on_day else float("nan"),
    }
