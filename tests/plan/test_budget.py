"""A year's budget as its screen has it: saved whole, saved by two, sent back as a workbook, read as figures, moved."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from pydantic import ValidationError
from tests.office import planning
from tests.office.company import House, figures, paid, plan, status, transfer, walk
from tests.office.planning import YEAR

from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.forms import comparison, returned, sheet
from marketbook.kit.forms.comparison import Comparison
from marketbook.kit.forms.fields import FormField, fields
from marketbook.kit.forms.rows import Order
from marketbook.kit.records.stale import StaleError
from marketbook.kit.store import Store
from marketbook.office import budget_line
from marketbook.office.budget_line import BudgetLine, Key
from marketbook.office.budget_transfer import BudgetTransfer
from marketbook.plan import budget_grid, budget_service, budget_transfers
from marketbook.plan.budget_entry import BudgetItem, TransferEntry, YearBudget

FAIR = {"category": "advertising", "item": "展会"}
JUNE, JULY = Key("advertising", f"{YEAR}-06", "展会"), Key("advertising", f"{YEAR}-07", "展会")


@pytest.fixture
def draft(house: House) -> int:
    with house.store.writing() as session:
        return planning.of_year(session, actor=house.people.manager).id


def asked() -> list[FormField]:
    return fields(BudgetItem, record=True)


def save(house: House, number: int, *items: dict[str, Any], version: int = 1, seen: int = 0, actor: int = 0) -> int:
    record = YearBudget.model_validate({"version": str(version), "lines": items})
    with house.store.writing() as session:
        actor = actor or house.people.manager
        return budget_service.save(session, number, record, actor=actor, seen=seen)


def kept(store: Store, number: int) -> dict[Key, int]:
    with store.reading() as session:
        found = budget_line.of_plan(session, plan_id=number)
        return {line.key: line.original for line in found if line.original}


def test_a_row_is_twelve_lines_and_is_shown_as_it_was_entered(house: House, draft: int) -> None:
    assert save(house, draft, {**FAIR, "m06_minor": 500}, {"category": "research", "item": " 调 研 "}) == 24
    with house.store.reading() as session:
        year = budget_service.year(session, draft)
    assert [(row["category"], row["item"], row["m06_minor"]) for row in year["lines"]] == [
        ("research", "调 研", 0), ("advertising", "展会", 500),
    ]  # fmt: skip
    assert (year["version"], sum(kept(house.store, draft).values())) == ("2", 500)


@pytest.mark.parametrize(
    ("items", "match"),
    [
        ([FAIR, {**FAIR, "item": "  展会 "}], "these stand in it more than once: Advertising / 展会"),
        ([{**FAIR, "item": "n" * 101}], "at most 100 characters"),
        ([{**FAIR, "m06_minor": -1}], "greater than or equal to 0"),
        ([{**FAIR, "category": "fun"}], "Input should be 'research'"),
        ([{**FAIR, "item": f"{n}"} for n in range(501)], "at most 500 items"),
    ],
)
def test_what_no_budget_has_is_refused_before_it_is_written(items: list[dict[str, Any]], match: str) -> None:
    with pytest.raises(ValidationError, match=match):
        YearBudget.model_validate({"lines": items})


def test_two_save_one_budget_and_nothing_of_either_is_lost(house: House, draft: int) -> None:
    save(house, draft, {**FAIR, "m06_minor": 500, "m07_minor": 700})
    save(house, draft, {**FAIR, "m06_minor": 900, "m07_minor": 700, "m08_minor": 8}, version=2)
    own = {**FAIR, "m06_minor": 500, "m07_minor": 1}
    with pytest.raises(StaleError, match=r"5\.00 → .*9\.00"):
        save(house, draft, own, version=2)
    save(house, draft, own, version=2, seen=3)
    assert kept(house.store, draft) == {JUNE: 900, JULY: 1, JULY._replace(month=f"{YEAR}-08"): 8}


def test_what_changed_again_after_it_was_shown_is_shown_again(house: House, draft: int) -> None:
    save(house, draft, {**FAIR, "m06_minor": 500})
    save(house, draft, {**FAIR, "m06_minor": 600}, version=2)
    save(house, draft, {**FAIR, "m06_minor": 700}, version=3)
    with pytest.raises(StaleError, match=r"5\.00 → .*7\.00"):
        save(house, draft, FAIR, version=2, seen=3)


def test_only_its_owner_saves_it_and_only_a_draft(house: House, draft: int) -> None:
    with pytest.raises(AccessError, match="nobody else edits it"):
        save(house, draft, FAIR, actor=house.people.director)
    save(house, draft, FAIR)
    walk(house, draft, ("submitted", house.people.manager))
    with pytest.raises(RecordError, match="only before it is handed in"):
        save(house, draft, version=3)


def sent_back(house: House, number: int, cells: dict[tuple[int, str], Any]) -> Comparison[BudgetItem]:
    """Take a budget out, change cells of it, and compare what comes back."""
    rows, services = budget_service.items(number), budget_service.returning(number, actor=house.people.manager)
    with house.store.reading() as session:
        content = sheet.write(asked(), rows.page(session, Order(), size=100).rows, title="x")
    book = openpyxl.load_workbook(BytesIO(content))
    places = {cell.value: cell.column for cell in book.active[1]}
    for (row, heading), value in cells.items():
        book.active.cell(row, places[heading]).value = value
    out = BytesIO()
    book.save(out)
    with house.store.reading() as session:
        lines = returned.read(BudgetItem, "x.xlsx", out.getvalue())
        found = comparison.compare(session, BudgetItem, asked(), lines, rows=rows, services=services)
    return comparison.rehearse(house.store, found, services)


def confirm(house: House, number: int, found: Comparison[BudgetItem]) -> int:
    rows, services = budget_service.items(number), budget_service.returning(number, actor=house.people.manager)
    with house.store.writing() as session:
        return comparison.apply(session, asked(), found, rows=rows, services=services)


def test_a_workbook_that_comes_back_is_one_new_version(house: House, draft: int) -> None:
    save(house, draft, {**FAIR, "m06_minor": 500}, {"category": "other", "item": "杂费", "m01_minor": 5})
    cells = {(2, "Jul"): 12.34, (4, "Category"): "市场调研", (4, "Item"): "调研", (4, "Mar"): "1.5万"}
    found = sent_back(house, draft, cells)
    assert (len(found.changed), len(found.new), found.refused, found.unchanged) == (1, 1, [], 1)
    assert found.changed[0].cells == (("Jul", "0.00", "12.34"),)
    assert confirm(house, draft, found) == 2
    survey = Key("research", f"{YEAR}-03", "调研")
    assert kept(house.store, draft) == {
        JUNE: 500,
        JULY: 1_234,
        Key("other", f"{YEAR}-01", "杂费"): 5,
        survey: 1_500_000,
    }
    with house.store.reading() as session:
        assert budget_service.named(session, draft).version == 3


def test_what_cannot_come_back_is_refused_row_by_row(house: House, draft: int) -> None:
    save(house, draft, FAIR, {**FAIR, "item": "物料"})
    new = {(row, "Category"): "Advertising" for row in (4, 5, 6)}
    names = {(2, "Item"): "别名", (3, "Jan"): "many", (4, "Item"): "展会", (5, "Item"): "新", (6, "Item"): "新"}
    found = sent_back(house, draft, new | names)
    told = {one.row: one.reason for one in found.refused}
    assert told[2] == "cannot be changed in this way"
    assert "must be an amount in yuan" in told[3]
    assert (told[4], told[5], told[6]) == (
        "There is such an item already.", "It stands in the file twice.", "It stands in the file twice.",
    )  # fmt: skip
    assert found.new == found.changed == []


def test_a_workbook_of_a_budget_that_was_handed_in_is_refused_whole(house: House, draft: int) -> None:
    save(house, draft, FAIR)
    walk(house, draft, ("submitted", house.people.manager))
    found = sent_back(house, draft, {(2, "Jan"): 1})
    assert [one.row for one in found.refused] == [2]
    assert "only before it is handed in" in found.refused[0].reason


def test_the_grid_sums_to_the_plan_and_marks_what_runs_short(house: House) -> None:
    lines = plan(house, *({"item": item, "original": 10_000} for item in ("a", "b", "c")))
    for line, amount in zip(lines, (7_999, 8_000, 9_500), strict=True):
        paid(house, line, amount)
    with house.store.reading() as session:
        number = session.get_one(BudgetLine, lines[0]).plan_id
        found = budget_grid.sheet(session, number)
    assert [(row.heads[1], row.level, max(row.levels)) for row in found.rows] == [("a", 0, 0), ("b", 1, 1), ("c", 2, 2)]
    assert [sum(row.cells["available"]) for row in found.rows] == [2_001, 2_000, 500]
    assert found.shares == ["80.0% or more is used", "95.0% or more is used"]
    assert next(iter(found.measures)) == "allocated"


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 3), ("展会 6月", 1), ("adver 2", 3), (f"{YEAR}-07", 1), ("展会 12月", 0), ("展会 / 广告", 0)],
)
def test_a_line_is_found_by_item_category_and_month(house: House, text: str, count: int) -> None:
    months = [{"item": "展会", "original": 100, "month": f"{YEAR}-{month}"} for month in ("06", "07", "08")]
    line = plan(house, *months)[0]
    with house.store.reading() as session:
        search = budget_grid.lines_of(session.get_one(BudgetLine, line).plan_id)
        assert len(search.find(session, text)) == count
        told = search.get(session, line)
        assert told is not None
        assert (told.label, told.about) == (f"{YEAR}-06 Advertising / 展会", "CN¥1.00 available")
        assert search.get(session, plan(house, {"item": "x", "original": 1})[0]) is None


def test_it_is_foretold_who_decides_and_what_is_left(house: House) -> None:
    june, july = plan(house, *({"item": "展会", "original": 100_000, "month": key.month} for key in (JUNE, JULY)))
    with house.store.reading() as session:
        told = [
            budget_transfers.foretold(session, entry, actor=house.people.sales)
            for entry in (
                moving(june, july, 20_000), moving(june, july, 20_001), moving(None, july, 5),
                moving(june, None, 100_001),
            )
        ]  # fmt: skip
    assert told[0].startswith("Marketing manager alone decides (manager): it stays within one item, and within 10.0%")
    assert "CN¥800.00 left then" in told[0]
    assert told[1].startswith("Marketing director decides (director).")
    assert told[2].endswith("The budget as a whole grows by it.")
    assert "has only CN¥1,000.00 left: it would be refused" in told[3]


def moving(from_line: int | None, to_line: int | None, amount: int) -> TransferEntry:
    about = {"from_line_id": from_line, "to_line_id": to_line, "amount_minor": amount, "purpose": "旺季提前"}
    return TransferEntry.model_validate(about)


def test_a_transfer_is_handed_in_at_once_or_not_at_all(house: House) -> None:
    june, july = plan(house, *({"item": "展会", "original": 1_000, "month": key.month} for key in (JUNE, JULY)))
    with house.store.writing() as session:
        number = budget_transfers.hand_in(session, moving(june, july, 100), actor=house.people.sales).id
    assert status(house, number) == "submitted"
    with pytest.raises(RecordError, match=r"10\.00 is left, .*10\.01 is asked"), house.store.writing() as session:
        budget_transfers.hand_in(session, moving(june, july, 1_001), actor=house.people.sales)
    walk(house, number, ("approved", house.people.manager))
    assert figures(house, july) == (1_100, 0, 0)
    with house.store.reading() as session:
        plan_id = session.get_one(BudgetLine, june).plan_id
        rows = budget_service.transfers(plan_id).page(session, Order()).rows
        assert [(row["from_line"], row["amount_minor"], row["status"]) for row in rows] == [
            (JUNE.called, 100, "approved")
        ]
        assert budget_service.plan_of_transfer(session, number) == plan_id
        assert session.get_one(BudgetTransfer, number).title == f"{JUNE.called} → {JULY.called}"


@pytest.mark.parametrize(
    ("ends", "match"), [((None, None), "comes from a line or goes to one"), ((1, 1), "another line")]
)
def test_a_transfer_has_two_ends(ends: tuple[int | None, int | None], match: str) -> None:
    with pytest.raises(ValidationError, match=match):
        moving(*ends, 1)


def test_an_increase_and_a_cut_are_named_in_the_list(house: House) -> None:
    line = plan(house, {"item": "展会", "original": 1_000})[0]
    transfer(house, 5, None, line)
    transfer(house, 5, line, None)
    with house.store.reading() as session:
        found = budget_service.transfers(session.get_one(BudgetLine, line).plan_id).page(session, Order()).rows
        assert [(row["from_line"], row["to_line"]) for row in found] == [
            (f"{YEAR}-06 Advertising / 展会", "cut"), ("increase", f"{YEAR}-06 Advertising / 展会"),
        ]  # fmt: skip


def test_the_list_of_budgets_says_what_is_left_of_each(house: House, draft: int) -> None:
    line = plan(house, {"item": "展会", "original": 1_000})[0]
    with house.store.reading() as session:
        number = session.get_one(BudgetLine, line).plan_id
        found = {row["id"]: row for row in budget_service.plans().page(session, Order(), size=500).rows}
    assert (found[number]["available_minor"], found[number]["status"]) == (1_000, "approved")
    assert (found[draft]["allocated_minor"], found[draft]["status"]) == (None, "draft")
