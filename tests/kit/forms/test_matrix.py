"""Amounts in rows and columns: read by who may, switched, searched and summed in a browser, marked, opened."""

from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session
from tests.kit.forms.mounting import Shelf, mount

from marketbook.kit.errors import AccessError
from marketbook.kit.forms.matrix import Matrix, Row, Sheet
from marketbook.kit.store import Store


def sheet(_session: Session) -> Sheet:
    rows = [
        Row(("ads", "<b>feed</b>"), (1, None), {"has": (100_050, 0), "left": (50, 0)}, (2, 0), 1),
        Row(("fair", "stand"), (3, 4), {"has": (200, 300), "left": (200, 300)}, (0, 0)),
    ]
    return Sheet("Budget", ("Kind", "Item"), ("Jan", "Feb"), {"has": "Has", "left": "Left"}, rows, ("80 %", "95 %"))


@pytest.mark.usefixtures("visited")
def test_only_who_holds_a_role_reads_it() -> None:
    assert Matrix(sheet, roles={"manager"}).described["measures"] == [
        {"name": "has", "title": "Has"}, {"name": "left", "title": "Left"},
    ]  # fmt: skip
    with pytest.raises(AccessError, match="You may not do this"):
        Matrix(sheet, roles={"auditor"})


@pytest.mark.usefixtures("visited")
def test_a_cell_opens_what_it_stands_for() -> None:
    opened: list[int] = []
    made = Matrix(sheet, opens=opened.append)
    told: list[Any] = []
    made.send = told.append  # type: ignore[method-assign]
    made._heard(made, {"id": "1", "cell": 3}, [])
    made._heard(made, {"id": "2", "cell": "3"}, [])
    assert (opened, told) == ([3], [{"id": "1"}, {"id": "2"}])


@pytest.fixture
def page(browser: Any, kept: Shelf, visited: Store) -> Any:  # noqa: ARG001  # who reads it
    mount(kept, "matrix", {"described": Matrix(sheet, opens=lambda _number: None).described})
    opened = browser.new_page(viewport={"width": 1000, "height": 700})
    opened.goto(kept.address)
    yield opened
    opened.close()


def cells(page: Any, part: str) -> list[list[str]]:
    found: list[list[str]] = page.evaluate(
        "(part) => [...document.querySelectorAll(`${part} tr`)]"
        ".map((row) => [...row.cells].map((one) => one.innerText))",
        part,
    )
    return found


def test_it_is_summed_switched_searched_and_marked(page: Any) -> None:
    assert [row[-1] for row in cells(page, "tbody")] == ["1,000.50", "5"]
    assert cells(page, "tfoot") == [["Sum", "", "1,002.50", "3", "1,005.50"]]
    expect(page.locator("tbody th").nth(1)).to_contain_text("<b>feed</b>")
    page.get_by_role("button", name="Left").click()
    assert cells(page, "tfoot") == [["Sum", "", "2.50", "3", "5.50"]]
    page.get_by_role("button", name="95 %: 1").click()
    assert page.locator("tbody tr").count() == 1
    page.get_by_role("button", name="95 %: 1").click()
    page.get_by_role("searchbox").fill("STAND")
    assert cells(page, "tfoot") == [["Sum", "", "2", "3", "5"]]
    page.locator("[data-cell='4']").click()
    assert page.evaluate("window.sent.at(-1).cell") == 4
