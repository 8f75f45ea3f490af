"""A table of amounts in a browser: its sums while it is typed and pasted, to the fen; zero is a dash; amounts in 万."""

from typing import Any

import pytest
from tests.kit.forms.mounting import Shelf, mount, state_of
from tests.kit.forms.record import Year
from tests.kit.forms.test_grid_browser import COPY, PASTE, keys

from marketbook.kit.forms.record_form import Form


@pytest.fixture
def page(browser: Any, kept: Shelf) -> Any:
    mount(kept, "form", state_of(Form(Year, name="test/year", on_submit=lambda _session, _year: "Kept.")))
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.goto(kept.address)
    opened.locator("textarea.mb-cell").focus()
    yield opened
    opened.close()


def sums(page: Any) -> list[list[str]]:
    """Return what stands in each row, its sum last, and at the end in the row below."""
    shown: list[list[str]] = page.evaluate(
        "[...document.querySelectorAll('.mb-grid tbody tr, .mb-grid tfoot tr')].map((row) => "
        "[...row.cells].slice(1).map((cell) => cell.querySelector('textarea')?.value ?? cell.textContent))"
    )
    return shown


def test_what_is_pasted_is_summed_by_row_and_by_column(page: Any) -> None:
    page.evaluate(PASTE, "展会\t1.25万\t￥1,234.50\n物料\t１２\t-\n礼品\t\tmany")
    assert sums(page) == [
        ["展会", "12,500", "1,234.50", "13,734.50"], ["物料", "12", "–", "12"], ["礼品", "", "many", "–"],
        ["", "12,512", "1,234.50", "13,746.50"],
    ]  # fmt: skip


def test_sums_follow_every_letter_and_what_is_taken_back(page: Any) -> None:
    keys(page, "a", "Tab", "7")
    assert sums(page) == [["a", "7", "", "7"], ["", "7", "–", "7"]]
    keys(page, "5", "Escape")
    assert [row[-1] for row in sums(page)] == ["–", "–"]
    page.evaluate(PASTE, "1\t2")
    keys(page, "Delete")
    assert sums(page)[1] == ["", "–", "2", "2"]
    keys(page, "Control+z")
    assert sums(page)[1] == ["", "1", "2", "3"]


def test_a_hundred_thousand_million_yuan_is_summed_to_the_fen(page: Any) -> None:
    page.evaluate(PASTE, "a\t99,999,999,999.99\t0.02\nb\t1000亿\t0.00")
    assert [row[-1] for row in sums(page)] == ["100,000,000,000.01", "100,000,000,000", "200,000,000,000.01"]


def test_cells_are_copied_as_they_were_typed(page: Any) -> None:
    page.evaluate(PASTE, "a\t1.5万\t0")
    keys(page, "Control+a")
    assert page.evaluate(COPY, "copy") == "a\t1.5万\t0"


def test_a_click_on_a_sum_changes_nothing(page: Any) -> None:
    page.evaluate(PASTE, "a\t1\t2\nb\t3\t4")
    page.locator("tbody .mb-sum").nth(1).click()
    assert page.locator("textarea.mb-cell").get_attribute("aria-label") == "Item, row 1"
