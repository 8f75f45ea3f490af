"""Every number of every published report opens the rows that it was computed from, and adds up from them again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.notebooks.conftest import REPORTS, Ran, made_in
from tests.notebooks.opening import Kept, findings, numbers, opened

from marketbook.kit.facts import Facts
from marketbook.kit.facts.behind import Page
from marketbook.kit.report.finding import Cell, Column, Number
from marketbook.kit.store import Store

every_report = pytest.mark.parametrize("report", REPORTS)
SURVEY = "survey/analyse-survey"
SEGMENTS = "segmentation/segment-market"
BUDGET = "budget/allocate-budget"
MODEL = "budget/model-response"
CAMPAIGN = "campaign/evaluate-campaign"
REVIEW = "expense/review-budget"
RECONCILE = "expense/reconcile-month"
AUDIT = "expense/audit-month"
WEEK = "plan/review-week"
BUILD = "plan/build-year"
DUTIES = "team/prove-duties"
CUSTOMERS = "customer/review-customers"
PIPELINE = "customer/review-pipeline"
ZERO = {"0", "0.0%", "¥0", "0.00"}
MISSING = "–"
MANY = 50
"""Of so many addresses, which are alike but for a segment or a question, every second is opened; of more, fewer."""


def counted(page: Page, _figure: Column | Number) -> float:
    """As many rows."""
    return page.count


def added(page: Page, figure: Column | Number) -> float:
    """The sum of the dataset's first amounts."""
    total = next(iter(page.sums.values()))
    return total if figure.kind == "minor" else total / 100


def same(page: Page, figure: Column | Number) -> float:
    """The sum of the amounts of the same name."""
    return page.sums[figure.name]


def original(page: Page, _figure: Column | Number) -> float:
    """What was approved of budget lines."""
    return page.sums["original_minor"]


def left(page: Page, _figure: Column | Number) -> float:
    """What is available of budget lines."""
    return page.sums["available_minor"]


Again = Callable[[Page, Column | Number], float]

COLUMNS: list[tuple[str, str, str, Again]] = [
    ("template", "year_over_year", "amount", added),
    ("template", "year_over_year", "amount_before", added),
    (SURVEY, "trend", "n", counted),
    (SURVEY, "comparison", "n", counted),
    (SURVEY, "recommendation", "n", counted),
    (SURVEY, "raked_weights", "n", counted),
    (SURVEY, "quality", "count", counted),
    (SEGMENTS, "segments_result", "n", counted),
    (SEGMENTS, "rfm_result", "n", counted),
    (SEGMENTS, "rfm_result", "revenue_minor", added),
    (SEGMENTS, "movement_result", "n", counted),
    (SEGMENTS, "movement_result", "revenue_before_minor", added),
    (SEGMENTS, "movement_result", "revenue_now_minor", added),
    (SEGMENTS, "reach_result", "n", counted),
    (SEGMENTS, "reach_result", "n_segment", counted),
    (SEGMENTS, "reach_result_2", "n_segment", counted),
    (BUDGET, "allocation_result", "spend_today", added),
    (BUDGET, "contribution_result", "spend", added),
    (BUDGET, "curve_result", "spend_today", added),
    (MODEL, "geo_contribution_result", "spend", added),
    (CAMPAIGN, "sample_ratio", "n", counted),
    (CAMPAIGN, "geo_effect", "revenue_actual", added),
    (CAMPAIGN, "campaign_overview", "cost", added),
    (REVIEW, "budget_position", "original_minor", same),
    (REVIEW, "budget_position", "transferred_minor", same),
    (REVIEW, "budget_position", "allocated_minor", same),
    (REVIEW, "budget_position", "available_minor", same),
    (REVIEW, "budget_position", "spent_minor", added),
    (REVIEW, "budget_position", "committed_minor", added),
    (REVIEW, "budget_forecast", "allocated_minor", same),
    (REVIEW, "budget_variance", "spent_minor", added),
    (REVIEW, "budget_variance_2", "original_minor", same),
    (REVIEW, "budget_variance_3", "original_minor", same),
    (RECONCILE, "reconciliation", "platform_minor", added),
    (RECONCILE, "reconciliation", "invoiced_minor", added),
    (RECONCILE, "reconciliation", "paid_minor", added),
    (AUDIT, "audit_findings", "amount_minor", added),
    (AUDIT, "audit_sample", "amount_minor", added),
    (WEEK, "task_progress", "count_due", counted),
    (WEEK, "task_progress", "count_on_time", counted),
    (WEEK, "task_progress", "count_full", counted),
    (WEEK, "task_progress_2", "n_judged", counted),
    (BUILD, "budget_build", "planned_minor", original),
    (BUILD, "budget_build", "before_minor", original),
    (BUILD, "budget_build", "spent_minor", same),
    (BUILD, "budget_categories", "planned_minor", original),
    (PIPELINE, "conversion", "count_reached", counted),
    (PIPELINE, "open_sales", "count_open", counted),
    (PIPELINE, "open_sales", "amount_minor", same),
    (PIPELINE, "reasons", "count_lost", counted),
    (PIPELINE, "first_contacts", "count_entered", counted),
    (PIPELINE, "orders_alone", "order_minor", same),
    (CUSTOMERS, "data_quality", "count_customers", counted),
    (CUSTOMERS, "coverage", "n", counted),
    (CUSTOMERS, "coverage", "count_overdue", counted),
    (CUSTOMERS, "coverage", "count_listed", counted),
    (CUSTOMERS, "care_review", "count_care", counted),
    (CUSTOMERS, "care_review", "count_sent", counted),
    (CUSTOMERS, "care_review", "count_open", counted),
    (CUSTOMERS, "offer_effect", "count_offers", counted),
    (CUSTOMERS, "offer_effect", "count_accepted", counted),
    (DUTIES, "duty_evidence", "count_rows", counted),
    (DUTIES, "duty_evidence_3", "count_rows", counted),
]
NUMBERS: list[tuple[str, str, str, Again]] = [
    ("template", "year_over_year", "amount", added),
    (SURVEY, "trend", "n", counted),
    (SURVEY, "raked_weights", "n", counted),
    (SURVEY, "quality", "n", counted),
    (SURVEY, "quality", "count_excluded", counted),
    (SEGMENTS, "segments_result", "n", counted),
    (SEGMENTS, "rfm_result", "n", counted),
    (SEGMENTS, "movement_result", "n", counted),
    (SEGMENTS, "reach_result", "n", counted),
    (BUDGET, "allocation_result", "spend_total", added),
    (CAMPAIGN, "experiment_lift", "n", counted),
    (CAMPAIGN, "experiment_lift", "cost", added),
    (CAMPAIGN, "campaign_overview", "n", counted),
    (CAMPAIGN, "campaign_overview", "count_worked", counted),
    (CAMPAIGN, "campaign_overview", "count_paid", counted),
    (REVIEW, "budget_position", "spent_minor", added),
    (REVIEW, "budget_position", "allocated_minor", same),
    (REVIEW, "refusals", "count_rejected", counted),
    (REVIEW, "refusals", "count_returned", counted),
    (REVIEW, "carry_over", "left_minor", left),
    (RECONCILE, "reconciliation", "platform_minor", added),
    (RECONCILE, "reconciliation", "paid_minor", added),
    (AUDIT, "audit_findings", "count_paid", counted),
    (AUDIT, "audit_findings", "paid_minor", added),
    (AUDIT, "audit_sample", "count_sample", counted),
    (AUDIT, "log_check", "count_rows", counted),
    (WEEK, "task_progress", "count_due", counted),
    (WEEK, "late_tasks", "count_late", counted),
    (WEEK, "coming_tasks", "count_coming", counted),
    (WEEK, "target_pace", "count_targets", counted),
    (BUILD, "budget_build", "planned_minor", original),
    (BUILD, "budget_build", "spent_minor", same),
    (PIPELINE, "forecast", "amount_minor", same),
    (PIPELINE, "reasons", "order_minor", same),
]


@pytest.fixture(scope="module")
def facts(demo_facts: Path, published: Ran) -> Kept:
    return Kept(Facts(demo_facts), Store(f"sqlite:///{published.outputs}/store.db"))


def page_of(published: Ran, report: str, language: str) -> str:
    return (published.folder(report, language) / "report.html").read_text("utf-8")


@every_report
def test_every_number_names_its_rows(published: Ran, report: str) -> None:
    found = numbers(page_of(published, report, "zh_Hans"))
    assert len(found) > 10
    assert [written for written, address in found if not address and written != MISSING] == []


@every_report
def test_every_address_finds_rows(published: Ran, facts: Kept, report: str) -> None:
    found = {address: written for written, address in numbers(page_of(published, report, "zh_Hans")) if address}
    step = 1 + len(found) // MANY
    addresses = dict(list(found.items())[::step])
    empty = {address: written for address, written in addresses.items() if not opened(facts, address).count}
    assert {address: written for address, written in empty.items() if written not in ZERO} == {}


@pytest.mark.parametrize(("report", "language"), made_in("en", "zh_Hant"))
def test_the_rows_are_the_same_in_every_language(published: Ran, report: str, language: str) -> None:
    chinese, other = (numbers(page_of(published, report, spoken)) for spoken in ("zh_Hans", language))
    assert [address for _written, address in other] == [address for _written, address in chinese]


@every_report
def test_offline_a_number_is_no_link(published: Ran, report: str) -> None:
    html = page_of(published, report, "zh_Hans")
    assert html.count('<a class="mb-rows" data-rows="') == html.count("mb-rows") - 1
    assert "href" not in html.partition("<footer")[0].partition("<body")[2]


@pytest.mark.parametrize(("report", "finding", "column", "again"), COLUMNS)
def test_a_column_comes_out_of_its_rows_again(
    published: Ran, facts: Kept, report: str, finding: str, column: str, again: Again
) -> None:
    shown = findings(published.folder(report, "zh_Hans"))[finding]
    cells: list[Cell] = shown.table.values(column)
    known = [place for place, value in enumerate(cells) if value is not None]
    found = [again(opened(facts, shown.behind.cell(column, place)), shown.table.column(column)) for place in known]
    assert found == pytest.approx([cells[place] for place in known])


@pytest.mark.parametrize(("report", "finding", "name", "again"), NUMBERS)
def test_a_headline_number_comes_out_of_its_rows_again(
    published: Ran, facts: Kept, report: str, finding: str, name: str, again: Again
) -> None:
    shown = findings(published.folder(report, "zh_Hans"))[finding]
    number = next(number for number in shown.numbers if number.name == name)
    assert again(opened(facts, shown.behind.number(name)), number) == pytest.approx(number.value)


def test_shares_of_customers_and_revenue_come_out_of_their_rows_again(published: Ran, facts: Kept) -> None:
    shown = findings(published.folder(SEGMENTS, "zh_Hans"))["segments_result"]
    everything = opened(facts, shown.behind.whole).sums["amount_minor"]
    revenue = [opened(facts, shown.behind.cell("share_revenue", place)).sums["amount_minor"] for place in range(3)]
    assert [amount / everything for amount in revenue] == pytest.approx(shown.table.values("share_revenue")[:3])


def test_an_unweighted_share_comes_out_of_its_rows_again(published: Ran, facts: Kept) -> None:
    shown = findings(published.folder(SURVEY, "zh_Hans"))["raked_weights"]
    everyone = opened(facts, shown.behind.number("n")).count
    found = [opened(facts, shown.behind.cell("share_before", place)).count / everyone for place in range(11)]
    assert found == pytest.approx(shown.table.values("share_before"))
