"""The audit pack as a report tells it: the findings, the sample, and whether the audit log is whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pandas as pd

from marketbook.expense.budget_year import called
from marketbook.expense.inspection import TESTS, Inspection, results_of
from marketbook.expense.position import short
from marketbook.expense.tables import KINDS
from marketbook.kit.facts import Rows
from marketbook.kit.language import format_integer, mark
from marketbook.kit.language import gettext as _
from marketbook.kit.report import Behind, Chart, Result

MOST_DRAWN = 20
"""So many payments of a sample are drawn in its picture."""

WHY = {"above": mark("Above the director's threshold"), "drawn": mark("Drawn")}


@dataclass(frozen=True)
class AuditFindings(Result):
    """What the tests found, and what became of it.

    Attributes:
        inspection: What the pack is made of.
        rows: One row per finding: `test`, `said`, `amount_minor`, `decision` (empty where it is open), `by`, `date`.
    """

    inspection: Inspection = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    currency: str = "CNY"
    titles: ClassVar[Mapping[str, str]] = {
        "test": mark("Test"),
        "said": mark("What was found"),
        "amount_minor": mark("Amount"),
        "decision": mark("Decision"),
        "by": mark("Closed by"),
        "date": mark("Date"),
        "count_findings": mark("Findings"),
        "count_open": mark("Open"),
        "count_paid": mark("Payments"),
        "paid_minor": mark("Paid"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Findings of {month}").format(month=called(self.inspection.month))

    @property
    def text(self) -> str:
        """How many findings, how many open, and whether the log is whole."""
        found = self.numbers()
        named = {
            "month": called(self.inspection.month), "paid": format_integer(found["count_paid"]),
            "total": short(found["paid_minor"], self.currency), "count": len(self.rows), "open": found["count_open"],
        }  # fmt: skip
        if self.rows.empty:
            said = _("{paid} claims of {total} were paid in {month}; the tests found nothing.").format(**named)
        else:
            said = _(
                "{paid} claims of {total} were paid in {month}; findings to look at: {count}, still open: {open}."
            ).format(**named)
        return _("{said} {log}").format(said=said, log=self.inspection.verified.text)

    @property
    def table(self) -> pd.DataFrame:
        """One row per finding, the open ones first."""
        shown = self.rows.assign(
            test=[_(TESTS[test]) for test in self.rows["test"]],
            decision=[decision or _("pending") for decision in self.rows["decision"]],
        )
        return shown[["test", "said", "amount_minor", "decision", "by", "date"]]

    @property
    def caveats(self) -> Sequence[str]:
        """What a finding is."""
        return [_("A finding is something to look at, not a fault; an auditor closes it with a decision that stays.")]

    def chart(self) -> Chart | None:
        """How many findings of each test."""
        if self.rows["test"].nunique() < 2:
            return None
        counts = self.rows["test"].map(lambda test: _(TESTS[test])).value_counts().rename_axis("test").reset_index()
        return Chart(
            kind="bar", data=counts, x="count", y="test", title=_("Findings by test"),
            titles={"count": _("Findings"), "test": _("Test")},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """The findings first."""
        paid = self.inspection.paid["amount_minor"]
        open_ = int((self.rows["decision"] == "").sum())
        counts = {"count_findings": len(self.rows), "count_open": open_, "count_paid": len(paid)}
        return {**counts, "paid_minor": int(paid.sum())}

    def behind(self) -> Behind:
        """The claims that each finding is about."""
        numbers = self.inspection.numbers
        paid = _paid(self.inspection)
        every = sorted({number for claims in self.rows["claims"] for number in claims})
        about = Rows("claims").among("claim", [numbers[number] for number in every]) if every else paid
        return Behind(
            whole=paid,
            numbers={"count_findings": about, "count_open": about},
            table=[
                Rows("claims").among("claim", [numbers[number] for number in claims]) for claims in self.rows["claims"]
            ],
        )


@dataclass(frozen=True)
class AuditSample(Result):
    """Which payments are to be looked at.

    Attributes:
        inspection: What the pack is made of.
        rows: One row per payment of the sample: `claim`, `kind`, `claimant`, `vendor`, `amount_minor`,
            `paid_on`, `why`.
    """

    inspection: Inspection = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    currency: str = "CNY"
    titles: ClassVar[Mapping[str, str]] = {
        "claim": mark("Claim"),
        "kind": mark("Kind"),
        "claimant": mark("Claimant"),
        "vendor": mark("Vendor"),
        "amount_minor": mark("Amount"),
        "paid_on": mark("Paid on"),
        "why": mark("Why"),
        "count_sample": mark("Payments to look at"),
        "sample_minor": mark("Their amount"),
        "n_seed": mark("Seed"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("The sample of {month}").format(month=called(self.inspection.month))

    @property
    def text(self) -> str:
        """How many, and how they were chosen."""
        counts = self.rows["why"].value_counts()
        if self.rows.empty:
            return _("Nothing was paid in {month}, so there is nothing to draw from.").format(
                month=called(self.inspection.month)
            )
        return _(
            "{count} of {all} payments are to be looked at: {above} above the director's threshold, and {drawn} drawn "
            "from the others by seed {seed}."
        ).format(
            count=len(self.rows), all=len(self.inspection.paid), above=int(counts.get("above", 0)),
            drawn=int(counts.get("drawn", 0)), seed=self.inspection.seed,
        )  # fmt: skip

    @property
    def table(self) -> pd.DataFrame:
        """One row per payment of the sample, the highest first."""
        return self.rows.assign(
            kind=[_(KINDS[kind]) for kind in self.rows["kind"]],
            vendor=[vendor or "–" for vendor in self.rows["vendor"]],
            why=[_(WHY[why]) for why in self.rows["why"]],
        )

    @property
    def caveats(self) -> Sequence[str]:
        """How the sample is drawn."""
        return [_("Every payment from the threshold on, and a tenth of the others, at least five: the same seed and "
                  "month draw the same ones.")]  # fmt: skip

    def chart(self) -> Chart | None:
        """The amount of each payment of the sample."""
        if self.rows.empty:
            return None
        shown = self.table.head(MOST_DRAWN)
        return Chart(
            kind="bar", data=pd.DataFrame({"claim": shown["claim"], "amount": shown["amount_minor"] / 100}), x="amount",
            y="claim", title=_("The highest payments to look at"),
            titles={"claim": _("Claim"), "amount": _("Amount")},
        )  # fmt: skip

    def numbers(self) -> Mapping[str, Any]:
        """How many."""
        return {"count_sample": len(self.rows), "sample_minor": int(self.rows["amount_minor"].sum())}

    def behind(self) -> Behind:
        """The claims themselves."""
        claims = list(self.rows["claim"])
        sample = Rows("claims").among("claim", claims) if claims else _paid(self.inspection)
        return Behind(whole=sample, table=[Rows("claims").being(claim=claim) for claim in claims])


@dataclass(frozen=True)
class LogCheck(Result):
    """Whether the audit log is whole.

    Attributes:
        inspection: What the pack is made of.
    """

    inspection: Inspection = field(repr=False)
    currency: str = "CNY"
    titles: ClassVar[Mapping[str, str]] = {
        "what": mark("What"),
        "found": mark("Found"),
        "count_rows": mark("Rows of the log"),
        "count_witnesses": mark("Heads noted by earlier reports"),
    }

    @property
    def heading(self) -> str:
        """What was asked."""
        return _("Is the audit log whole?")

    @property
    def text(self) -> str:
        """What was found, with the log's head."""
        head = self.inspection.head
        return self.inspection.verified.text + _(" Its head is row {seq}, {hash}.").format(
            seq=format_integer(head.seq), hash=head.hash[:16] or "–"
        )

    @property
    def table(self) -> pd.DataFrame:
        """The head in full: who keeps this report can prove later what was in the log."""
        head = self.inspection.head
        rows = [
            (_("Rows found whole"), format_integer(self.inspection.verified.rows)),
            (_("Row at its head"), format_integer(head.seq)),
            (_("Hash at its head"), head.hash or "–"),
            (_("Heads noted by earlier reports"), format_integer(self.inspection.witnesses)),
        ]
        return pd.DataFrame(rows, columns=["what", "found"])

    @property
    def caveats(self) -> Sequence[str]:
        """What the check can see."""
        return [
            _("Each row's hash covers the row before it: a row that is altered, removed or put in breaks the chain. "
              "Rows that were cut off at the end show against the heads that earlier reports noted.")
        ]  # fmt: skip

    def chart(self) -> None:
        """Nothing: the table says it."""

    def numbers(self) -> Mapping[str, Any]:
        """The rows of the log."""
        return {"count_rows": self.inspection.verified.rows, "count_witnesses": self.inspection.witnesses}

    def behind(self) -> Behind:
        """The rows of the log."""
        return Behind(whole=Rows("audit_log").between("seq", None, max(self.inspection.head.seq, 1)))


def findings(inspection: Inspection) -> AuditFindings:
    """Tell what the tests found, with the decision that closed it; the open findings first, then by amount."""
    rows = [
        (one.test, one.text, one.amount, one.claims, *((decided["decision"], decided["by"], decided["date"])
         if decided is not None else ("", "–", pd.NaT)))
        for one, decided in results_of(inspection.findings, inspection.closed)
    ]  # fmt: skip
    found = pd.DataFrame(rows, columns=["test", "said", "amount_minor", "claims", "decision", "by", "date"])
    found["date"] = pd.to_datetime(found["date"])
    order = found.assign(done=found["decision"] != "").sort_values(["done", "amount_minor"], ascending=[True, False])
    return AuditFindings(inspection, order.drop(columns="done").reset_index(drop=True), inspection.currency)


def sample(inspection: Inspection) -> AuditSample:
    """Tell which payments are to be looked at, the highest first."""
    chosen = inspection.paid[inspection.paid["why"] != ""].sort_values(
        ["amount_minor", "claim"], ascending=[False, True]
    )
    names = ["claim", "kind", "claimant", "vendor", "amount_minor", "paid_on", "why"]
    shown = chosen[names].assign(paid_on=pd.to_datetime(chosen["paid_on"]))
    return AuditSample(inspection, shown.reset_index(drop=True), inspection.currency)


def log_check(inspection: Inspection) -> LogCheck:
    """Tell whether the audit log is whole, and what its head is."""
    return LogCheck(inspection, inspection.currency)


def _paid(inspection: Inspection) -> Rows:
    return Rows("claims").being(status="paid").between("paid_on", *inspection.days)
