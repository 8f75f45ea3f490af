"""Reconciliation (对账): what the platforms say was spent, what vendors invoiced, and what the ledger paid, by month.

Platform spend comes from the datasets of advertising; invoices and payments are claim lines, which count in the month
of the budget that they take. The three are matched by vendor and month; what differs is told apart by kind, and the
kinds sum to the difference, to the fen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pandas as pd

from marketbook.expense.budget_year import called, last_over
from marketbook.expense.data import CLAIM_LINES, INVOICE_ROWS
from marketbook.expense.position import TOTAL, short
from marketbook.kit.config import settings
from marketbook.kit.errors import DataError
from marketbook.kit.facts import Facts, Rows, view
from marketbook.kit.language import gettext as _
from marketbook.kit.language import label, mark
from marketbook.kit.records import roles
from marketbook.kit.report import Behind, Chart, Result
from marketbook.kit.store import Store

KINDS = {
    "not_claimed": mark("Not claimed"),
    "not_paid": mark("Not paid yet"),
    "timing": mark("Timing"),
    "invoiced_twice": mark("Invoiced twice"),
    "amount": mark("Amount"),
    "not_invoiced": mark("Not invoiced"),
}
"""The kinds of differences; all but the last sum to what was paid less what the platform says."""

SUMMING = tuple(kind for kind in KINDS if kind != "not_invoiced")
_SIDES = ("platform", "invoiced", "paid", "in_process", "bare")


@dataclass(frozen=True)
class Statements:
    """What is matched.

    Attributes:
        month: The month that is reconciled: `2026-06`.
        spend: One row per platform and month: `vendor`, `platform`, `month`, `amount_minor`.
        lines: One row per payment line of a vendor: `vendor`, `month`, `claim`, `amount_minor`, `counts_as`, `invoice`.
        currency: Of the amounts.
    """

    month: str
    spend: pd.DataFrame = field(repr=False)
    lines: pd.DataFrame = field(repr=False)
    currency: str = "CNY"


@dataclass(frozen=True)
class Reconciliation(Result):
    """A month's three-way match.

    Attributes:
        statements: What was matched.
        rows: One row per vendor and one for all: `vendor`, `platform_minor`, `invoiced_minor`, `paid_minor`,
            `difference_minor` = paid less platform.
    """

    statements: Statements = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    currency: str = "CNY"
    titles: ClassVar[Mapping[str, str]] = {
        "vendor": mark("Vendor"),
        "platform_minor": mark("Platform spend"),
        "invoiced_minor": mark("Invoiced"),
        "paid_minor": mark("Paid"),
        "difference_minor": mark("Paid less platform"),
        "count_vendors": mark("Vendors that agree"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Platforms, invoices and payments of {month}").format(month=called(self.statements.month))

    @property
    def text(self) -> str:
        """How much the platforms say, how much was paid, and how many vendors agree."""
        all_, agree = self.rows.iloc[-1], int(self.numbers()["count_vendors"])
        amounts = {
            name: short(all_[f"{name}_minor"], self.currency) for name in ("platform", "invoiced", "paid", "difference")
        }
        return _(
            "For {month} the platforms report {platform}, {invoiced} is invoiced and {paid} is paid: {agree} of "
            "{vendors} vendors agree to the fen, and paid less reported is {difference}."
        ).format(month=called(self.statements.month), agree=agree, vendors=len(self.rows) - 1, **amounts)

    @property
    def table(self) -> pd.DataFrame:
        """One row per vendor, and all together."""
        return self.rows.assign(vendor=[*self.rows["vendor"].iloc[:-1], _(TOTAL)])

    @property
    def caveats(self) -> Sequence[str]:
        """What counts when."""
        return [_("A payment counts in the month of the budget that it takes, not on the day it was paid.")]

    def chart(self) -> Chart:
        """What is reported, invoiced and paid, side by side by vendor."""
        sides = {name: _(self.titles[f"{name}_minor"]) for name in ("platform", "invoiced", "paid")}
        each = self.rows.iloc[:-1].rename(columns={f"{name}_minor": title for name, title in sides.items()})
        long = each.melt("vendor", list(sides.values()), "side", "amount")
        return Chart(
            kind="point", data=long.assign(amount=long["amount"] / 100), x="amount", y="vendor", color="side",
            title=_("Reported, invoiced and paid by vendor"),
            titles={"amount": _("Amount"), "vendor": _("Vendor"), "side": _("Side")},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """What the platforms report first."""
        all_, each = self.rows.iloc[-1], self.rows.iloc[:-1]
        agree = (each["platform_minor"] == each["paid_minor"]) & (each["paid_minor"] == each["invoiced_minor"])
        amounts = {
            f"{name}_minor": int(all_[f"{name}_minor"]) for name in ("platform", "invoiced", "paid", "difference")
        }
        return {**amounts, "count_vendors": int(agree.sum())}

    def behind(self) -> Behind:
        """The platform's days, and the claim lines that paid and invoiced."""
        vendors = list(self.rows["vendor"].iloc[:-1])
        platform = [*(_spend(self.statements, vendor) for vendor in vendors), _spend(self.statements, *vendors)]
        lines = [*(_lines(self.statements, vendor) for vendor in vendors), _lines(self.statements, *vendors)]
        paid = [rows.being(counts_as="spent") for rows in lines]
        invoiced = [rows.present("invoice") for rows in lines]
        return Behind(
            whole=lines[-1],
            numbers={"platform_minor": platform[-1], "invoiced_minor": invoiced[-1], "paid_minor": paid[-1]},
            table=lines,
            cells={"platform_minor": platform, "invoiced_minor": invoiced, "paid_minor": paid},
        )


@dataclass(frozen=True)
class Differences(Result):
    """What differs, by vendor, month and kind.

    Attributes:
        statements: What was matched.
        rows: One row per difference: `vendor`, `kind`, `amount_minor`, `claims` (the claims it is about).
    """

    statements: Statements = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    currency: str = "CNY"
    titles: ClassVar[Mapping[str, str]] = {
        "vendor": mark("Vendor"),
        "kind": mark("Kind"),
        "amount_minor": mark("Difference"),
        "said": mark("What it is"),
        "count_differences": mark("Differences"),
        "not_invoiced_minor": mark("Paid without an invoice"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("What differs in {month}").format(month=called(self.statements.month))

    @property
    def text(self) -> str:
        """How many differences, and the largest."""
        if self.rows.empty:
            return _("Nothing differs in {month}: platforms, invoices and payments agree to the fen.").format(
                month=called(self.statements.month)
            )
        most = self.rows.sort_values("amount_minor", key=abs).iloc[-1]
        called_kind = _(KINDS[str(most.kind)])
        return _("Differences to be settled: {count}; the largest is {vendor}'s, {amount}: {kind}.").format(
            count=len(self.rows), vendor=label(most["vendor"]), amount=short(most["amount_minor"], self.currency),
            kind=called_kind,
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """One row per difference."""
        shown = self.rows.assign(
            said=[_said(kind, claims) for kind, claims in zip(self.rows["kind"], self.rows["claims"], strict=True)],
            kind=[_(KINDS[kind]) for kind in self.rows["kind"]],
        )
        return shown[["vendor", "kind", "amount_minor", "said"]]

    @property
    def caveats(self) -> Sequence[str]:
        """What sums to what."""
        return [_("All kinds but what is not invoiced sum to what was paid less what the platforms report.")]

    def chart(self) -> None:
        """Nothing: the table says it."""

    def numbers(self) -> Mapping[str, Any]:
        """How many, and how much is paid without an invoice."""
        bare = self.rows.loc[self.rows["kind"] == "not_invoiced", "amount_minor"]
        return {"count_differences": len(self.rows), "not_invoiced_minor": int(bare.sum())}

    def behind(self) -> Behind:
        """The claims that a difference is about, or the vendor's lines."""
        vendors = sorted({*self.statements.spend["vendor"]})
        everything = _lines(self.statements, *vendors)
        bare = everything.being(counts_as="spent").missing("invoice")
        return Behind(
            whole=everything,
            numbers={"not_invoiced_minor": bare},
            table=[
                Rows("claim_lines").among("claim", claims) if claims else _spend(self.statements, vendor)
                for vendor, claims in zip(self.rows["vendor"], self.rows["claims"], strict=True)
            ],
        )


def read_statements(store: Store, facts: Facts, *, month: str | None = None, vendors: Sequence[str] = ()) -> Statements:
    """Read what the platforms report, and what was invoiced and paid.

    Args:
        store: The records.
        facts: Where `ad_days` is kept.
        month: Which month: `2026-06`. None: the last that is over in which a platform reports.
        vendors: Which vendor bills for a platform, like `抖音=巨量引擎`; else it is who is paid most from the budget
            item of the platform's name, or a vendor of that name.

    Raises:
        DataError: No platform reports for the month.
    """
    spend = _monthly(facts.read("ad_days"))
    over = sorted(found for found in set(spend["month"]) if found <= last_over(roles.today()))
    chosen = month or (over[-1] if over else last_over(roles.today()))
    if chosen not in set(spend["month"]):
        raise DataError(
            _("month: no platform reports for {month}; the data go from {first} to {last}.").format(
                month=chosen, first=spend["month"].min(), last=spend["month"].max()
            )
        )
    with store.reading() as session:
        view.note(session, INVOICE_ROWS)
        lines = view.read(session, CLAIM_LINES, Rows("claim_lines").present("vendor").being(takes_off=False))
    paying = lines[lines["kind"] != "request"].rename(columns={"budget_month": "month"})
    billing = _billing(paying) | dict(pair.split("=") for pair in vendors)
    spend["vendor"] = [billing.get(platform, platform) for platform in spend["platform"]]
    known = paying[paying["vendor"].isin(set(spend["vendor"]))]
    names = ["vendor", "month", "claim", "amount_minor", "counts_as", "invoice"]
    return Statements(chosen, spend, known[names].reset_index(drop=True), settings().currency)


def reconcile(statements: Statements) -> Reconciliation:
    """Match a month's platform spend, invoices and payments by vendor.

    Returns:
        One row per vendor that has any; the last row is their sum.
    """
    sides = _sides(statements)
    sides = sides[sides["month"] == statements.month].drop(columns="month")
    made = sides.assign(difference=sides["paid"] - sides["platform"])
    names = ["platform", "invoiced", "paid", "difference"]
    made = pd.concat([made[["vendor", *names]], made[names].sum().to_frame().T.assign(vendor="")], ignore_index=True)
    made = made.astype(dict.fromkeys(names, "int64")).rename(columns={name: f"{name}_minor" for name in names})
    return Reconciliation(statements, made[["vendor", *(f"{name}_minor" for name in names)]], statements.currency)


def differences(statements: Statements) -> Differences:
    """Tell a month's differences apart by kind.

    What is in process is not paid yet. Of what is claimed less what the platform reports, a part that the months
    before or after have with the other sign is timing; a surplus of the size of a claim of which there are two is
    invoiced twice; a platform without any claim is not claimed; the rest is a difference of amount.

    Returns:
        One row per vendor and kind; by vendor the kinds but `not_invoiced` sum to paid less platform, to the fen.
    """
    sides = _sides(statements).set_index(["vendor", "month"]).sort_index()
    rows = [
        (vendor, kind, amount, claims)
        for vendor in sorted(set(sides.index.get_level_values("vendor")))
        for kind, amount, claims in _of_vendor(sides.loc[vendor], statements, str(vendor))
        if amount
    ]
    return Differences(statements, pd.DataFrame(rows, columns=["vendor", "kind", "amount_minor", "claims"]))


def _of_vendor(sides: pd.DataFrame, statements: Statements, vendor: str) -> list[tuple[str, int, tuple[str, ...]]]:
    month = statements.month
    if month not in sides.index:
        return []
    gaps = {str(name): int(row["paid"] + row["in_process"] - row["platform"]) for name, row in sides.iterrows()}
    lines = statements.lines
    own = lines[(lines["vendor"] == vendor) & (lines["month"] == month)]
    waiting, bare = own[own["counts_as"] == "committed"], own[(own["counts_as"] == "spent") & own["invoice"].isna()]
    gap, claims = gaps[month], tuple(sorted(set(own["claim"])))
    timing = _shifted(gaps, month)
    twice, again = _twice(own, gap - timing)
    rest = gap - timing - twice
    return [
        ("not_paid", -int(waiting["amount_minor"].sum()), tuple(sorted(set(waiting["claim"])))),
        ("timing", timing, claims),
        ("invoiced_twice", twice, again),
        ("amount" if claims else "not_claimed", rest, claims),
        ("not_invoiced", int(bare["amount_minor"].sum()), tuple(sorted(set(bare["claim"])))),
    ]


def _shifted(gaps: Mapping[str, int], month: str) -> int:
    """Return how much of a month's gap the month before and the month after make up for, with the gap's sign."""
    gap, period = gaps[month], pd.Period(month, "M")
    left = abs(gap)
    for other in (str(period - 1), str(period + 1)):
        opposite = gaps.get(other, 0)
        if opposite * gap < 0:
            left -= min(left, abs(opposite))
    return (abs(gap) - left) * (1 if gap > 0 else -1)


def _twice(own: pd.DataFrame, surplus: int) -> tuple[int, tuple[str, ...]]:
    """Return the amount of a claim of which there are two, where the surplus holds it."""
    if surplus <= 0:
        return 0, ()
    totals = own.groupby("claim")["amount_minor"].sum()
    again = totals[totals.duplicated(keep=False) & (totals <= surplus)]
    if again.empty:
        return 0, ()
    amount = int(again.max())
    return amount, tuple(str(claim) for claim in again.index[again == amount])


def _sides(statements: Statements) -> pd.DataFrame:
    """Return platform, invoiced, paid, in process and paid without invoice by vendor and month, in fen."""
    lines, amount = statements.lines, statements.lines["amount_minor"]
    parts = lines[["vendor", "month"]].assign(
        platform=0,
        invoiced=amount.where(lines["invoice"].notna(), 0),
        paid=amount.where(lines["counts_as"] == "spent", 0),
        in_process=amount.where(lines["counts_as"] == "committed", 0),
        bare=amount.where((lines["counts_as"] == "spent") & lines["invoice"].isna(), 0),
    )
    spend = statements.spend[["vendor", "month"]].assign(
        platform=statements.spend["amount_minor"], invoiced=0, paid=0, in_process=0, bare=0
    )
    both = pd.concat([spend, parts], ignore_index=True).astype(dict.fromkeys(_SIDES, "int64"))
    return both.groupby(["vendor", "month"], as_index=False)[list(_SIDES)].sum()


def _billing(paying: pd.DataFrame) -> dict[str, str]:
    """Return who is paid most from each budget item: where it is called as a platform is, that vendor bills for it."""
    totals = paying.groupby(["item", "vendor"])["amount_minor"].sum().reset_index().sort_values("amount_minor")
    return dict(zip(totals["item"], totals["vendor"], strict=True))


def _monthly(days: pd.DataFrame) -> pd.DataFrame:
    months = pd.to_datetime(days["day"]).dt.strftime("%Y-%m").rename("month")
    found = days.groupby(["platform", months])["spend_minor"].sum().reset_index()
    return found.rename(columns={"spend_minor": "amount_minor"})


def _spend(statements: Statements, *vendors: str) -> Rows:
    platforms = statements.spend.loc[statements.spend["vendor"].isin(vendors), "platform"]
    period = pd.Period(statements.month, "M")
    return (
        Rows("ad_days")
        .among("platform", sorted(set(platforms)))
        .between("day", period.start_time.date(), period.end_time.date())
    )


def _lines(statements: Statements, *vendors: str) -> Rows:
    month = Rows("claim_lines").being(budget_month=statements.month, takes_off=False)
    return month.among("kind", ["vendor_payment", "reimbursement"]).among("vendor", vendors)


def _said(kind: str, claims: tuple[str, ...]) -> str:
    if not claims:
        return _("The platform reports it; no claim is there.")
    numbers = _(", ").join(claims[:5]) + (
        _(" and {count} more").format(count=len(claims) - 5) if len(claims) > 5 else ""
    )
    said = {
        "not_paid": _("Handed in and not paid yet: {claims}."),
        "timing": _("The month before or after has it with the other sign: {claims}."),
        "invoiced_twice": _("Claimed twice for the same amount: {claims}."),
        "not_invoiced": _("Paid before the invoice, which has not come: {claims}."),
        "amount": _("Claimed otherwise than the platform reports: {claims}."),
    }
    return said[kind].format(claims=numbers)
